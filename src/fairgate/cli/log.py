"""The log file in the data folder: what ran, how it ended, and the traceback of what should not have happened."""

from __future__ import annotations

import logging
import sys
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from fairgate.outside.private_folder import make_private_folder

LOG_NAME = "fairgate.log"

_LARGEST_BYTES = 1_000_000
_KEPT_FILES = 3

log = logging.getLogger("fairgate")
log.addHandler(logging.NullHandler())  # else Python prints warnings to the terminal while no file is open


class LogFile(RotatingFileHandler):
    """A log file that only its owner reads. Nothing is made before the first record is written.

    Args:
        folder: made with mode 700 if absent.
        level: ``debug``, ``info``, ``warning`` or ``error``.
    """

    def __init__(self, folder: Path, level: str) -> None:
        super().__init__(
            self.path_in(folder), maxBytes=_LARGEST_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True
        )
        self.path = self.path_in(folder)
        formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(process)d %(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        self.setFormatter(formatter)
        log.addHandler(self)
        log.setLevel(level.upper())

    @staticmethod
    def path_in(folder: Path) -> Path:
        """Return the file's path in a data folder."""
        return folder / LOG_NAME

    def _open(self) -> TextIOWrapper:
        make_private_folder(self.path.parent)
        self.path.touch(mode=0o600)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Let a log that cannot be written not hide the error that it is for."""

    def close(self) -> None:
        """Stop writing."""
        log.removeHandler(self)
        super().close()


class TerminalLog(logging.StreamHandler[TextIO]):
    """The log on standard error, for ``--debug``."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        log.addHandler(self)
        log.setLevel(logging.DEBUG)

    def close(self) -> None:
        """Stop writing."""
        log.removeHandler(self)
        super().close()
