"""What every change of a rulebook shares: store, ledger, the moment, who is enrolled, and what is in force."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from fairgate.errors import RulebookChangeRefused
from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.rules.rulebook import Rulebook, read_rulebook
from fairgate.services.append_entry import Registrar
from fairgate.services.ports import Clock, Entropy, ReadTransaction, Store, WriteTransaction
from fairgate.services.records import LedgerRow
from fairgate.services.rulebook_proof import CommittedRecord, is_committed
from fairgate.services.rulebook_records import EnrolledActor, RulebookAdoption, RulebookProposal
from fairgate.vocabulary import Actor, ActorKind, RecordClass

PURPOSE = "rulebook_change"
"""What entries about rulebooks name; no record of a traveller is used for it."""
MAY_CHANGE_RULES = frozenset({ActorKind.OFFICER, ActorKind.OPERATOR, ActorKind.OVERSEER})
STEP_BACK = timedelta(minutes=5)
"""How far a clock may lie behind the newest entry, as when a time server corrects it."""
_ACTOR_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")

Sign = Callable[[bytes], bytes]
"""Signs a message with an actor's Ed25519 key, which stays where it is; returns 64 bytes."""


@dataclass(frozen=True, slots=True)
class RulebookDesk:
    """What the services that change rulebooks are handed.

    Args:
        store: holds proposals, comments, signatures and adoptions.
        registrar: appends ledger entries.
        clock: the present.
        entropy: salts.
        port_zone: the time zone in which the port's day begins.
        operator: who is answerable for enrolments and for taking down comments.
        read: makes a rulebook of its text, wholly checked.
    """

    store: Store
    registrar: Registrar
    clock: Clock
    entropy: Entropy
    port_zone: tzinfo
    operator: Actor
    read: Callable[[str], Rulebook] = read_rulebook

    def salt(self) -> bytes:
        """Return a fresh salt."""
        return self.entropy(SALT_BYTES)

    def day(self, moment: datetime) -> date:
        """Return the day at the port."""
        return moment.astimezone(self.port_zone).date()

    def moment(self, transaction: ReadTransaction) -> datetime:
        """Return now, to the millisecond and never before the ledger's newest entry.

        Raises:
            RulebookChangeRefused: the clock lies well behind that entry, so that a period could seem to have ended.
        """
        now = self.clock().astimezone(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        newest = transaction.ledger_row(transaction.ledger_size() - 1) if transaction.ledger_size() else None
        if newest is None or (last := parse_leaf(newest.leaf).at) <= now:
            return now
        if last - now > STEP_BACK:
            raise RulebookChangeRefused(
                "The clock lies behind the ledger's newest entry.", reason="clock", way_out="Set the machine's clock."
            )
        return last

    def enter(
        self,
        transaction: WriteTransaction,
        kind: EntryKind,
        record: CommittedRecord,
        *,
        at: datetime,
        actor: Actor,
        rulebook_sha256: str | None = None,
        refers_to: int | None = None,
        counts: Sequence[tuple[str, int]] = (),
        erase_by: datetime | None = None,
    ) -> LedgerRow:
        """Append the entry that commits to a record whose index is the ledger's size."""
        committed = commit(RecordClass.CASE, record.salt, record.canonical())
        return self.registrar.append(
            transaction,
            Entry(
                kind=kind,
                at=at,
                actor=actor,
                purpose=PURPOSE,
                rulebook_sha256=rulebook_sha256,
                refers_to=refers_to,
                counts=tuple(counts),
                commitments=(Commitment(of=RecordClass.CASE, sha256=committed, erase_by=erase_by),),
            ),
        )

    def enrolled(self, transaction: ReadTransaction, actor: Actor) -> EnrolledActor:
        """Return an actor's key that counts.

        Raises:
            RulebookChangeRefused: there is none, or the enrolment is not as it was entered.
        """
        found = [one for one in transaction.rulebook_actors() if one.actor == actor and one.withdrawn_at is None]
        if not found or not is_committed(transaction, found[0], EntryKind.ACTOR_ENROLLED):
            raise RulebookChangeRefused(
                f"{actor} has no enrolled key.", reason="not_enrolled", way_out="Run `fairgate actors list`."
            )
        return found[0]

    def proposal(self, transaction: ReadTransaction, proposal_id: str) -> RulebookProposal:
        """Return a proposal by its identifier or the beginning of it.

        Raises:
            RulebookChangeRefused: nothing of that identifier was proposed, or several begin so.
        """
        found = [one for one in transaction.rulebook_proposals() if one.proposal_id.startswith(proposal_id)]
        if len(found) != 1 or not proposal_id:
            raise RulebookChangeRefused(
                f"No proposal is named {proposal_id!r}." if not found else f"Several proposals begin {proposal_id!r}.",
                reason="not_proposed",
                way_out="Run `fairgate rules history`.",
            )
        return found[0]

    def governing(self, transaction: ReadTransaction, proposed: Rulebook) -> Rulebook:
        """Return the rulebook whose terms a change must keep: the newest adopted, or the proposed one before any."""
        newest = head_of(transaction, proposed.id) or head_of(transaction, None)
        kept = transaction.rulebook_proposal(newest.proposal_id) if newest is not None else None
        return proposed if kept is None else self.read(kept.text)


def head_of(transaction: ReadTransaction, rulebook_id: str | None) -> RulebookAdoption | None:
    """Return the newest adoption of a rulebook's identifier, or of any; ``None`` before the first."""
    found = [one for one in transaction.rulebook_adoptions() if rulebook_id in {None, one.rulebook_id}]
    return found[-1] if found else None


def actor_named(text: str) -> Actor:
    """Return the actor that ``kind:id`` names.

    Raises:
        RulebookChangeRefused: it is no such name, or that kind changes no rules.
    """
    kind, _, identifier = text.partition(":")
    if kind not in set(MAY_CHANGE_RULES) or not _ACTOR_ID.match(identifier):
        kinds = ", ".join(sorted(MAY_CHANGE_RULES))
        raise RulebookChangeRefused(
            f"{text!r} names nobody who may change rules.",
            reason="not_enrolled",
            way_out=f"Write KIND:ID with a kind of {kinds} and an identifier of letters, digits, dots and dashes.",
        )
    return Actor(ActorKind(kind), identifier)
