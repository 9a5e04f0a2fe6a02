"""Epochs: what one key is for, and when it is destroyed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from fairgate.errors import VaultFault
from fairgate.ledger.commitment import whole_hour
from fairgate.vocabulary import RecordClass

_HOUR_FORM = "%Y-%m-%dT%HZ"
_KEY_ID = re.compile(r"(?P<of>[a-z_]+)/(?P<hour>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z)/(?P<check>[0-9a-f]{16})\Z")


@dataclass(frozen=True, slots=True)
class Epoch:
    """Every record of one class that must be gone by one hour.

    Args:
        of: class of the records.
        hour: the deadline, rounded down to the hour, in UTC: a key never outlives the earliest deadline it serves.
    """

    of: RecordClass
    hour: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "hour", whole_hour(self.hour))

    def __str__(self) -> str:
        """Return ``class/hour``, e.g. ``photo/2026-11-22T22Z``."""
        hour = self.hour.isoformat(timespec="hours").replace("+00:00", "Z")
        return f"{self.of}/{hour}"

    @staticmethod
    def of_key(key_id: str) -> Epoch:
        """Return the epoch in a key's identifier, ``class/hour/check``.

        Raises:
            VaultFault: it is no key's identifier.
        """
        return _epoch_of(key_id)


@lru_cache(maxsize=1024)
def _epoch_of(key_id: str) -> Epoch:
    match = _KEY_ID.match(key_id)
    try:
        if match is None:
            raise ValueError(key_id)
        return Epoch(RecordClass(match["of"]), datetime.fromisoformat(match["hour"]))
    except ValueError as fault:
        raise VaultFault("A key's identifier is not of the form class/hour/check.") from fault
