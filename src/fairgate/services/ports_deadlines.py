"""What a lane needs of a vault beyond opening: until when what it opened may stay in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from fairgate.services.ports import Vault


class DeadlineVault(Vault, Protocol):
    """A vault that tells deadlines."""

    def deadline(self, envelope: bytes) -> datetime:
        """Return the aware time from which an envelope opens no more."""
        ...
