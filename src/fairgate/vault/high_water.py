"""A clock that never goes back: the latest hour that was ever seen, kept on disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fairgate.errors import VaultFault
from fairgate.ledger.commitment import whole_hour
from fairgate.vault.private_files import one_at_a_time, read_private, write_private

_FORM = "%Y-%m-%dT%H:00:00Z"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class HighWaterClock:
    """The latest hour seen by any process that shares the file.

    Deadlines lie on whole hours, so hours are all that must survive a restart: once an hour has been seen, nothing
    whose deadline it was can be read, whatever the clock says later.

    Args:
        path: of the file, with mode 600 in a folder that exists.
        lock_file: shared by everything in the folder.
    """

    def __init__(self, path: Path, lock_file: Path) -> None:
        self._path = path
        self._lock_file = lock_file
        self._seen: tuple[tuple[int, int] | None, datetime] = (None, BEGINNING)

    @property
    def exists(self) -> bool:
        """Whether an hour was ever written."""
        return self._path.exists()

    def begin(self) -> None:
        """Write the beginning of time where nothing was written yet."""
        with one_at_a_time(self._lock_file):
            if not self.exists:
                write_private(self._path, BEGINNING.strftime(_FORM).encode())

    def hour(self) -> datetime:
        """Return the latest hour seen.

        Raises:
            VaultFault: the file is missing or damaged: without it, nothing says what has expired.
        """
        try:
            state = self._path.stat()
            stamp = (state.st_ino, state.st_mtime_ns)
        except OSError:
            stamp = None
        if stamp is None or stamp != self._seen[0]:
            self._seen = (stamp, self._read())
        return self._seen[1]

    def _read(self) -> datetime:
        content = read_private(self._path)
        try:
            return datetime.strptime((content or b"").decode("ascii"), _FORM).replace(tzinfo=UTC)
        except ValueError as fault:
            raise VaultFault(
                "The vault's record of time is missing or damaged.",
                way_out="Put the file high-water back beside the keys, with an hour no earlier than the last use.",
            ) from fault

    def observe(self, now: datetime) -> datetime:
        """Take note of the present moment and return it, or the latest hour seen where that is later.

        Raises:
            VaultFault: the time has no zone, or the file cannot be read or written.
        """
        if now.tzinfo is None:
            raise VaultFault("A time without a zone names no moment.")
        seen = self.hour()
        if now < seen + timedelta(hours=1):
            return max(now.astimezone(UTC), seen)
        with one_at_a_time(self._lock_file):
            latest = max(whole_hour(now), self.hour())
            write_private(self._path, latest.strftime(_FORM).encode())
        return max(now.astimezone(UTC), latest)
