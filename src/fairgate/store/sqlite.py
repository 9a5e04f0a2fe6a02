"""A store in one SQLite file: every commit is on disk before it is acknowledged, and what is erased is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from fairgate.errors import StoreFault
from fairgate.store.engine import READING, WRITING, begun, commit, empty_write_ahead_log, sqlite_engine, version_of
from fairgate.store.faults import FOREIGN, store_fault
from fairgate.store.place import prepare_place, preparing_alone
from fairgate.store.reads import SqlReadTransaction
from fairgate.store.schema import SCHEMA_VERSION
from fairgate.store.writes import SqlWriteTransaction

WAIT_FOR_WRITER_S = 30.0
"""How long to wait for another writer by default; a crossing's own transaction takes milliseconds."""


class SqliteStore:
    """The store in a file. Threads may share it; every process opens its own.

    Args:
        engine: as :meth:`open` makes it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(**READING)
        self._writers = engine.execution_options(**WRITING)
        self._log_may_hold_erased = True

    @classmethod
    def open(cls, path: Path, *, wait_for_writer_s: float = WAIT_FOR_WRITER_S) -> Self:
        """Open the database, which is created or moved forward to the newest schema where need be.

        Args:
            path: of the database file; its folder is created with mode 700, the file with mode 600.
            wait_for_writer_s: how long a write transaction waits for another writer, in seconds.

        Raises:
            StoreRefused: the database is not ours, is of an unknown version, lies open to others, or a safety setting
                is not in force.
            StoreFault: another process kept the database for too long, or it is damaged.
        """
        prepare_place(path)
        with preparing_alone(path, wait_for_writer_s):
            found = version_of(path, wait_for_writer_s)
            if found not in {None, SCHEMA_VERSION}:
                _require_known(str(found))
            store = cls(sqlite_engine(path, wait_for_writer_s))
            try:
                if found != SCHEMA_VERSION:
                    store._move_forward()
                store.purge_log()
            except BaseException:
                store.close()
                raise
        return store

    @contextmanager
    def reading(self) -> Iterator[SqlReadTransaction]:
        """Open a snapshot: nothing that is committed later is seen within the block.

        Raises:
            StoreFault: the database refused.
            StoreRefused: another process moved the database to another schema version.
        """
        with begun(self._readers) as connection:
            transaction = SqlReadTransaction(connection)
            try:
                transaction.require_schema(SCHEMA_VERSION)
                yield transaction
            finally:
                transaction.end()

    @contextmanager
    def writing(self) -> Iterator[SqlWriteTransaction]:
        """Open the single write transaction; commits on leaving, rolls back on an exception.

        Raises:
            StoreFault: another writer did not finish in time, or the database refused.
            LedgerFault: on leaving, a crossing's ledger entry is not there.
            StoreRefused: another process moved the database to another schema version.
        """
        with begun(self._writers) as connection:
            transaction = SqlWriteTransaction(connection)
            try:
                transaction.require_schema(SCHEMA_VERSION)
                yield transaction
                transaction.require_whole()
                commit(connection)
            finally:
                transaction.end()
        if transaction.erased:
            self._log_may_hold_erased = True
        if self._log_may_hold_erased:
            # What was committed stays committed: a log that cannot be emptied now is emptied by a later writer.
            with suppress(StoreFault):
                self.purge_log()

    def purge_log(self) -> bool:
        """Empty the write-ahead log, which may still hold what was erased, and say whether that was possible now.

        A snapshot that somebody still holds prevents it, and is not waited for; the end of the next write transaction
        tries again.

        Raises:
            StoreFault: the database refused.
        """
        emptied = False
        # Cleared before, not after: another thread may erase something while this one empties the log.
        self._log_may_hold_erased = False
        try:
            emptied = empty_write_ahead_log(self._engine)
        finally:
            if not emptied:
                self._log_may_hold_erased = True
        return emptied

    def close(self) -> None:
        """Let go of the file; the last to do so empties the write-ahead log."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Return this store, to be closed on leaving."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def _move_forward(self) -> None:
        from fairgate.store.migrate import move_forward

        with begun(self._writers) as connection:
            try:
                move_forward(connection)
            except FOREIGN as error:
                raise store_fault(error) from error
            commit(connection)


def _require_known(version: str) -> None:
    from fairgate.store.migrate import require_known

    require_known(version)
