"""Erase what has outlived its deadline: keys first, which erases every copy at once, then the envelopes left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from fairgate.ledger.entry import MAX_ERASED, Entry, EntryKind, ErasureReason
from fairgate.services.append_entry import Registrar
from fairgate.services.issue_receipt import CAPTURE_CLASS_HOURS
from fairgate.services.ports import Clock, Store, Vault
from fairgate.vocabulary import Actor


class ErasesUnder(Protocol):
    """What an entry about an erasure names; keys go at their deadline, whatever rulebook is in force."""

    @property
    def purpose(self) -> str:
        """Return a purpose."""
        ...

    @property
    def rulebook_sha256(self) -> str | None:
        """Return the digest of the rulebook in force, or ``None`` where none was adopted."""
        ...


def erase_expired(
    *, store: Store, vault: Vault, rules: ErasesUnder, registrar: Registrar, clock: Clock, actor: Actor
) -> int:
    """Destroy the keys whose deadline has passed, enter that in the ledger, and drop the photos they sealed.

    Deadlines hold at every read without this; it is the second line.

    Returns:
        How many keys were destroyed.
    """
    now = clock()
    destroyed = vault.destroy_expired(now)
    for start in range(0, len(destroyed), MAX_ERASED):
        some = tuple(destroyed[start : start + MAX_ERASED])
        with store.writing() as transaction:
            row = registrar.append(
                transaction,
                Entry(
                    kind=EntryKind.ERASURE,
                    at=now,
                    actor=actor,
                    purpose=rules.purpose,
                    rulebook_sha256=rules.rulebook_sha256,
                    reason=ErasureReason.DEADLINE,
                    counts=(("keys", len(some)),),
                    destroyed_keys=some,
                ),
            )
            transaction.erase_photos(now - timedelta(hours=CAPTURE_CLASS_HOURS))
        registrar.committed(row)
    return len(destroyed)
