"""SQLAlchemy's engine over one SQLite file: its safety settings, and transactions that begin when they are said to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from fairgate.errors import StoreRefused
from fairgate.store.faults import FOREIGN, commit_fault, store_fault

SAFETY_SETTINGS: tuple[tuple[str, str, int | str], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("temp_store", "MEMORY", 2),
)
"""Each setting, what is asked for, and what must then be in force on every connection."""

_BEGIN = "fairgate_begin"
READING = {_BEGIN: "BEGIN"}
"""Execution options of an engine whose transactions read."""
WRITING = {_BEGIN: "BEGIN IMMEDIATE"}
"""Execution options of an engine whose transactions take the write lock at once."""


def sqlite_engine(path: Path, wait_for_writer_s: float) -> Engine:
    """Return an engine whose every connection has the safety settings in force.

    The driver is told to begin nothing by itself: left alone, it begins only before the first change, so reads before
    it would stand outside the transaction. Source: Python 3.11, sqlite3, "Transaction control".
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": wait_for_writer_s, "isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _settler(int(wait_for_writer_s * 1000)))
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def begun(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction as the engine's options say; what is not committed within the block is rolled back.

    Raises:
        StoreFault: the database refused, or another writer did not finish in time.
        StoreRefused: a safety setting is not in force.
    """
    try:
        connection = engine.connect()
    except FOREIGN as error:
        raise store_fault(error) from error
    try:
        try:
            connection.begin()
        except FOREIGN as error:
            raise store_fault(error) from error
        yield connection
    finally:
        _give_back(connection)


def commit(connection: Connection) -> None:
    """Commit.

    Raises:
        LedgerFault: a crossing's ledger entry is not there.
        StoreFault: the database refused.
    """
    try:
        connection.commit()
    except FOREIGN as error:
        # SQLite keeps a transaction open whose commit it refused, and SQLAlchemy takes it to be over: without this the
        # connection would go back into the pool with the write lock held.
        _roll_back(connection)
        raise commit_fault(error) from error


def empty_write_ahead_log(engine: Engine) -> bool:
    """Move everything into the database file and cut the log to nothing, unless somebody is using it.

    Returns:
        Whether the log is now empty.

    Raises:
        StoreFault: the database refused.
    """
    try:
        with engine.connect() as connection:
            patience_ms = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            try:
                blocked = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience_ms)}")
    except FOREIGN as error:
        raise store_fault(error) from error
    return not blocked


def version_of(path: Path, wait_s: float) -> str | None:
    """Return the schema version of a database file, or ``None`` where it is empty; nothing is changed.

    Raises:
        StoreRefused: it is not a database, holds what is not ours, or is of no single version.
        StoreFault: the database refused.
    """
    try:
        with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            ours = "alembic_version" in tables and "ledger_entry" in tables
            versions = connection.execute("SELECT version_num FROM alembic_version").fetchall() if ours else []
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            raise StoreRefused(f"{path} is not a database.", way_out="Choose another data directory.") from error
        raise store_fault(error) from error
    if not tables:
        return None
    if len(versions) != 1:
        raise StoreRefused(
            f"{path} holds something that Fairgate did not write.", way_out="Choose another data directory."
        )
    return str(versions[0][0])


def _settler(patience_ms: int) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    """Return what sets and asserts the settings of each new connection; one that falls short is closed and refused."""
    settings = (*SAFETY_SETTINGS, ("busy_timeout", str(patience_ms), patience_ms))

    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        try:
            with closing(connection.cursor()) as cursor:
                for name, asked, due in settings:
                    cursor.execute(f"PRAGMA {name} = {asked}")
                    cursor.execute(f"PRAGMA {name}")
                    if (found := cursor.fetchone()) is None or found[0] != due:
                        raise StoreRefused(
                            f"SQLite does not keep {name} at {asked}.",
                            way_out="Use a local disk and a complete SQLite library.",
                        )
        except BaseException:
            connection.close()
            raise

    return settle


def _begin(connection: Connection) -> None:
    if (how := connection.get_execution_options().get(_BEGIN)) is not None:
        connection.exec_driver_sql(how)


def _roll_back(connection: Connection) -> None:
    try:
        connection.connection.rollback()
    except FOREIGN:
        connection.invalidate()


def _give_back(connection: Connection) -> None:
    try:
        connection.close()
    except FOREIGN as error:
        connection.invalidate()
        raise store_fault(error) from error
