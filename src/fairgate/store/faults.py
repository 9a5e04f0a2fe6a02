"""Converts what SQLAlchemy and the driver raise; nothing of theirs leaves the store."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from fairgate.errors import LedgerFault, StoreFault
from fairgate.store.guard import TransactionGuard

FOREIGN: tuple[type[Exception], ...] = (SQLAlchemyError, sqlite3.Error, OverflowError, ValueError, TypeError)
"""What statements may raise: the database's errors, and those of values that it cannot hold or that were altered."""


class SqlGuard(TransactionGuard):
    """Names the database's errors as far as a person can act on them."""

    def __init__(self) -> None:
        super().__init__(FOREIGN)

    def fault(self, error: Exception) -> StoreFault:
        """Return our error; the cause, chained, is for the log and has its parameters hidden."""
        return store_fault(error)


def store_fault(error: Exception) -> StoreFault:
    """Return the store fault that says what a person can do about an error from below."""
    name = _sqlite_name(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreFault(
            "Another process kept writing to the database for too long.",
            way_out="Try again once it is done, or raise the time to wait for a writer.",
        )
    if name.startswith("SQLITE_FULL"):
        return StoreFault("The disk that holds the database is full.", way_out="Free some space and run it again.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreFault("The database file is damaged.", way_out="Restore it from a backup, then verify the ledger.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return StoreFault(
            "The database cannot be opened or written.", way_out="Check the data directory's permissions."
        )
    if isinstance(error, IntegrityError):
        return StoreFault("The record contradicts what the database already holds.")
    return StoreFault("The database refused an operation.")


def commit_fault(error: Exception) -> StoreFault | LedgerFault:
    """Return our error for a commit that was refused; only the tie of records to their entries is checked so late."""
    if isinstance(error, IntegrityError):
        return LedgerFault("A record was about to be kept without its ledger entry.")
    return store_fault(error)


def _sqlite_name(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlite_errorname", ""))
