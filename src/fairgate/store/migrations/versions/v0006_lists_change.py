"""Lists that change, and galleries of several flights: what a gallery is for, made of, and who is known by what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("flight", sa.Column("lane", sa.Text, nullable=False, server_default="boarding"))
    op.add_column("flight", sa.Column("list_files_json", sa.Text, nullable=False, server_default="[]"))
    op.add_column("flight", sa.Column("flights_json", sa.Text, nullable=False, server_default="[]"))
    op.add_column("passenger", sa.Column("mention", sa.Text))
