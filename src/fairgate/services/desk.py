"""What an officer's desk needs: the store, the ledger and the rulebook. No engine, no camera, no vault, no centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fairgate.errors import ManualResultRefused
from fairgate.ledger.commitment import Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.services.append_entry import Registrar
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Store
from fairgate.services.records import LedgerRow
from fairgate.vocabulary import Actor, ActorKind, RecordClass, Status


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the services of the manual path share.

    Args:
        store: keeps queue, results and ledger.
        registrar: appends to the ledger.
        rules: name the purpose, the port's day, and how long a record lives.
        clock: the present.
        entropy: identifiers and salts.
    """

    store: Store
    registrar: Registrar
    rules: LaneRules
    clock: Clock
    entropy: Entropy

    def entry(
        self,
        kind: EntryKind,
        actor: Actor,
        at: datetime,
        *,
        reason: str | None,
        refers_to: int | None = None,
        counts: tuple[tuple[str, int], ...] = (),
        record: tuple[bytes, bytes] | None = None,
    ) -> Entry:
        """Return a ledger entry of the manual path.

        Args:
            kind: what happened.
            actor: who is answerable.
            at: when.
            reason: stable code.
            refers_to: the entry that it is about.
            counts: numbers by code.
            record: salt and canonical bytes of the record behind it.
        """
        commitments: tuple[Commitment, ...] = ()
        if record is not None:
            # Whose record it is, is not known here: the protective reading of an unknown status decides the deadline.
            erase_by = self.rules.erase_by(RecordClass.CROSSING, Status.UNKNOWN, at)
            commitments = (Commitment(RecordClass.CROSSING, commit(RecordClass.CROSSING, *record), erase_by),)
        return Entry(
            kind=kind,
            at=at,
            actor=actor,
            purpose=self.rules.purpose,
            rulebook_sha256=self.rules.rulebook_sha256,
            reason=reason,
            counts=counts,
            commitments=commitments,
            refers_to=refers_to,
        )

    def committed(self, rows: Sequence[LedgerRow]) -> None:
        """Keep the newest checkpoint of a transaction that ended well."""
        if rows:
            self.registrar.committed(rows[-1])


def require_officer(actor: Actor) -> None:
    """Refuse an act of the manual path by anybody but an officer.

    Raises:
        ManualResultRefused: the actor is no officer.
    """
    if actor.kind is not ActorKind.OFFICER:
        raise ManualResultRefused("Only an officer states a result.", way_out="Name one: --actor officer:ID.")
