"""How long a transaction may be used, and what an error does to it: the same for every store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fairgate.errors import AlreadyRecorded, StagingConflict, StoreFault


class TransactionGuard:
    """Refuses a transaction that is over or spoilt.

    :class:`AlreadyRecorded` and :class:`StagingConflict` are answers: nothing was written and the transaction goes on.
    Any other error spoils it: a caller that swallows the error can write no more, and cannot commit half of its work.

    Args:
        foreign: exceptions from below that must not leave the store.
    """

    def __init__(self, foreign: tuple[type[Exception], ...] = ()) -> None:
        self._foreign = foreign
        self._over = False
        self._spoilt = False

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Wrap one operation of the transaction.

        Raises:
            StoreFault: the transaction is over or spoilt, or what lies below refused.
        """
        if self._over:
            raise StoreFault("The transaction is over.", way_out="Use what was read inside its block.")
        self.require_whole()
        try:
            yield
        except (AlreadyRecorded, StagingConflict):
            raise
        except self._foreign as error:
            self._spoilt = True
            raise self.fault(error) from error
        except Exception:
            self._spoilt = True
            raise

    def fault(self, error: Exception) -> StoreFault:
        """Return our error for one from below; the text holds no value that was being stored."""
        return StoreFault("The database refused an operation.")

    def require_whole(self) -> None:
        """Refuse to go on, or to commit, after an error.

        Raises:
            StoreFault: an earlier operation failed.
        """
        if self._spoilt:
            raise StoreFault("An earlier operation of this transaction failed; nothing of it is kept.")

    def end(self) -> None:
        """Note that the transaction's block was left."""
        self._over = True
