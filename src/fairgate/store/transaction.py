"""What every part of an SQL transaction stands on: the connection, the guard, and rows made into records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select

from fairgate.store.faults import SqlGuard

T = TypeVar("T")


class SqlTransaction:
    """One consistent snapshot of the database.

    Args:
        connection: with a transaction begun.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._guard = SqlGuard()

    def _rows(self, asked: Select[*tuple[Any, ...]], made: Callable[[Row[Any]], T]) -> list[T]:
        with self._guard.operation():
            return [made(row) for row in self._connection.execute(asked)]
