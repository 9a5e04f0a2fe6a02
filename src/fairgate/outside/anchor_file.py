"""The newest checkpoint in a file of its own, so that a ledger cut short together with its database is seen.

The file is the signed note itself (C2SP signed-note), which any reader of such notes can check.
"""

from __future__ import annotations

from pathlib import Path

from fairgate.errors import LedgerFault
from fairgate.outside.private_folder import one_at_a_time, write_whole


class AnchorFile:
    """Keeps the note of the largest log seen; processes that share the file never move it backwards.

    Args:
        path: of the file, which is made with mode 600 in a folder of mode 700; a lock file lies beside it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock_path = path.with_name(f"{path.name}.lock")

    def newest(self) -> bytes | None:
        """Return the newest signed note as it lies there, or ``None`` before the first entry.

        Raises:
            LedgerFault: the file cannot be read.
        """
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._fault("read") from error

    def advance(self, note: bytes, size: int) -> None:
        """Keep a note if it is of a larger log than the one kept; it is on disk when this returns.

        Args:
            note: a signed checkpoint.
            size: how many entries its log has.

        Raises:
            LedgerFault: the note is of another size than said, the note kept has been damaged and would be hidden by
                this one, or the file cannot be written.
        """
        if _size_of(note) != size:
            raise LedgerFault(f"The checkpoint handed in is not one of {size} entries.")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with one_at_a_time(self._lock_path):
                kept = self.newest()
                kept_size = 0 if kept is None else _size_of(kept)
                if kept_size is None:
                    raise LedgerFault(
                        f"The checkpoint kept in {self._path} is damaged.", way_out="Run `fairgate ledger verify`."
                    )
                if kept is None or kept_size < size:
                    write_whole(self._path, note)
        except OSError as error:
            raise self._fault("written") from error

    def _fault(self, done: str) -> LedgerFault:
        return LedgerFault(
            f"The newest checkpoint cannot be {done} at {self._path}.",
            way_out="Check the data directory's permissions and free space.",
        )


def _size_of(note: bytes) -> int | None:
    """Return the second line of a checkpoint, its log's size. Source: C2SP tlog-checkpoint, section Note text."""
    lines = note.split(b"\n", 3)
    digits = lines[1] if len(lines) > 3 else b""
    # At most 18 digits: a longer number is no size, and nothing that is read here may take long.
    return int(digits) if digits.isdigit() and len(digits) <= 18 else None
