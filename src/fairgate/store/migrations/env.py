"""What Alembic runs to migrate: on the connection and in the transaction that it is handed, and nowhere else."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
