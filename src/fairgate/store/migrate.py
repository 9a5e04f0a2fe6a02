"""Moves a database forward to the schema that this code knows. Imported only when there is something to move."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from fairgate.errors import StoreRefused
from fairgate.store.schema import SCHEMA_VERSION


def require_known(version: str) -> None:
    """Refuse a schema version that no migration of ours leads to.

    Raises:
        StoreRefused: as said.
    """
    with _configured() as config:
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version not in known:
        raise StoreRefused(
            f"The database is of schema version {version}; this Fairgate knows {SCHEMA_VERSION}.",
            way_out="Use the newer Fairgate that wrote it, or another data directory.",
        )


def move_forward(connection: Connection) -> None:
    """Bring a database to :data:`SCHEMA_VERSION` within the connection's transaction; nothing is printed."""
    with _configured() as config:
        config.attributes["connection"] = connection
        command.upgrade(config, SCHEMA_VERSION)


@contextmanager
def _configured() -> Iterator[Config]:
    with as_file(files("fairgate.store") / "migrations") as folder:
        config = Config(stdout=io.StringIO(), output_buffer=io.StringIO())
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        yield config
