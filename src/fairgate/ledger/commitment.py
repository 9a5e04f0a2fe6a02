"""Salted commitments: what an entry says of a record without saying anything about a person.

SHA-256 over a name for this use, 32 random bytes and the record's bytes. The salt lies with the record, so whoever
holds both can open the commitment, and once both are erased nobody can: not even by guessing the record.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from fairgate.errors import LedgerFault
from fairgate.vocabulary import RecordClass

SALT_BYTES = 32
DOMAIN = "fairgate/commitment/v1"
"""First line of what is hashed; the class of the record is the second, so that no hash serves two uses."""

_SHA256_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Commitment:
    """An entry's promise about one record.

    Args:
        of: class of the record; an entry holds at most one commitment of each class.
        sha256: lower-case hexadecimal, from :func:`commit`.
        erase_by: aware time when the record must be gone; rounded down to the hour, in UTC. ``None`` where the rulebook
            sets no deadline.

    Raises:
        LedgerFault: a value is not of its form.
    """

    of: RecordClass
    sha256: str
    erase_by: datetime | None = None

    def __post_init__(self) -> None:
        check_sha256(self.sha256)
        if self.erase_by is not None:
            object.__setattr__(self, "erase_by", whole_hour(self.erase_by))


def commit(of: RecordClass, salt: bytes, record: bytes) -> str:
    """Return the commitment to a record, in lower-case hexadecimal.

    Args:
        of: class of the record.
        salt: 32 random bytes, used for this record alone.
        record: the record's canonical bytes.

    Raises:
        LedgerFault: the salt is not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise LedgerFault("A commitment's salt has 32 bytes.")
    return hashlib.sha256(f"{DOMAIN}\n{of}\n".encode() + salt + record).hexdigest()


def check_sha256(text: str) -> None:
    """Refuse what is not a SHA-256 in lower-case hexadecimal.

    Raises:
        LedgerFault: it is not.
    """
    if not _SHA256_HEX.match(text):
        raise LedgerFault("A digest in a ledger entry is not SHA-256 in lower-case hexadecimal.")


def whole_hour(moment: datetime) -> datetime:
    """Return the UTC hour in which an aware time lies: deadlines are kept to the hour, and never late.

    Raises:
        LedgerFault: the time names no zone.
    """
    if moment.tzinfo is None:
        raise LedgerFault("A time without a zone names no moment.")
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
