"""Which rulebook answers on which day, and the proof that it was adopted in this data folder.

The adoptions of one rulebook's identifier form a line: each departs from the one before it, and none begins before that
one. On a day the newest whose first day has come is in force, at the port. Before the first day of the first one that
one answers: what is compared is compared now, and its own dated rules say what held then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Protocol

from fairgate.errors import LedgerFault, RulebookNotAdopted
from fairgate.ledger.entry import EntryKind
from fairgate.rules.rulebook import Rulebook, read_rulebook
from fairgate.services.ports import Clock, ReadTransaction, Store, Timer
from fairgate.services.records import FlightRecord
from fairgate.services.rulebook_proof import is_committed, signed_by
from fairgate.services.rulebook_records import RulebookAdoption, adoption_message

RECHECK_S = 1.0
"""How old what is known of adoptions may be, in seconds: a rulebook adopted meanwhile answers after that."""
_WAY_OUT = "Propose it with `fairgate rules propose` and adopt it with `fairgate rules adopt`, by two people."


class RulebookLine(Protocol):
    """Answers which rulebook holds."""

    def on(self, day: date) -> Rulebook:
        """Return the rulebook in force on a day at the port."""
        ...

    def today(self) -> Rulebook:
        """Return the rulebook in force now."""
        ...

    def holds(self, sha256: str) -> bool:
        """Return whether that digest is of a rulebook of this line, in force or not."""
        ...


class OneRulebook:
    """One rulebook for every day: a demonstration, a test.

    Args:
        rulebook: as loaded.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def on(self, day: date) -> Rulebook:
        """Return the rulebook."""
        return self._rulebook

    def today(self) -> Rulebook:
        """Return the rulebook."""
        return self._rulebook

    def holds(self, sha256: str) -> bool:
        """Return whether that digest is this rulebook's."""
        return sha256 == self._rulebook.sha256


class AdoptedLine:
    """The adopted rulebooks of one identifier, read again while a boarding runs.

    Args:
        rulebook_id: e.g. ``"us-cbp"``.
        store: holds the adoptions.
        clock: the present.
        timer: seconds since an arbitrary start.
        port_zone: the time zone in which the port's day begins.
        read: makes a rulebook of its text.

    Raises:
        RulebookNotAdopted: none was adopted, none is in force yet, or what says so is not as it was signed.
    """

    def __init__(
        self,
        rulebook_id: str,
        *,
        store: Store,
        clock: Clock,
        timer: Timer,
        port_zone: tzinfo,
        read: Callable[[str], Rulebook] = read_rulebook,
    ) -> None:
        self._id = rulebook_id
        self._store = store
        self._clock = clock
        self._timer = timer
        self._zone = port_zone
        self._read = read
        self._books: dict[str, Rulebook] = {}
        self._adopted: tuple[RulebookAdoption, ...] = ()
        self._looked_at: tuple[float, datetime] | None = None
        first_day = self._line()[0].effective_from
        if first_day > self._day():
            raise RulebookNotAdopted(
                f"Rulebook {rulebook_id!r} is adopted, but not in force before {first_day}.",
                way_out="Wait for that day.",
            )

    def on(self, day: date) -> Rulebook:
        """Return the rulebook in force on a day at the port."""
        line = self._line()
        held = [one for one in line if one.effective_from <= day]
        return self._book(held[-1] if held else line[0])

    def today(self) -> Rulebook:
        """Return the rulebook in force now."""
        return self.on(self._day())

    def holds(self, sha256: str) -> bool:
        """Return whether a rulebook with that digest was ever adopted in this line."""
        return any(one.sha256 == sha256 for one in self._line())

    def _day(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _book(self, adoption: RulebookAdoption) -> Rulebook:
        book = self._books.get(adoption.sha256)
        if book is None:
            with self._store.reading() as transaction:
                proposal = transaction.rulebook_proposal(adoption.proposal_id)
            if proposal is None or hashlib.sha256(proposal.text.encode("utf-8")).hexdigest() != adoption.sha256:
                raise _altered(self._id)
            book = self._books[adoption.sha256] = self._read(proposal.text)
        return book

    def _line(self) -> tuple[RulebookAdoption, ...]:
        """Return every adoption, looked up anew unless that was done a moment ago; there is one at least."""
        now = self._timer(), self._clock()
        if self._looked_at is not None:
            passed_s = max(now[0] - self._looked_at[0], abs((now[1] - self._looked_at[1]).total_seconds()))
            if passed_s < RECHECK_S:
                return self._adopted
        with self._store.reading() as transaction:
            found = tuple(one for one in transaction.rulebook_adoptions() if one.rulebook_id == self._id)
            if found != self._adopted:
                require_proven(transaction, found)
        if not found:
            raise RulebookNotAdopted(f"Rulebook {self._id!r} was not adopted in this data folder.", way_out=_WAY_OUT)
        self._adopted, self._looked_at = found, now
        return found


def staged_under(store: Store, line: RulebookLine, flight: FlightRecord) -> FlightRecord:
    """Return a flight that is to be staged, under the rulebook that it was staged under before where that is one's own.

    A rulebook adopted since does not make it another flight: it applies to permission at once, and a gallery that is
    being staged, or that a later message changes, goes on. One staged under another line of rulebooks is a conflict.
    """
    with store.reading() as transaction:
        staged = transaction.flight(flight.flight_key)
    if staged is None or not line.holds(staged.rulebook_sha256):
        return flight
    return replace(flight, rulebook_sha256=staged.rulebook_sha256)


def adopted(store: Store) -> frozenset[str]:
    """Return the digests of every rulebook ever adopted in this data folder."""
    with store.reading() as transaction:
        return frozenset(one.sha256 for one in transaction.rulebook_adoptions())


def require_proven(transaction: ReadTransaction, line: Sequence[RulebookAdoption]) -> None:
    """Refuse adoptions that are not as they were signed and entered.

    Args:
        transaction: of the store that holds them.
        line: the adoptions of one rulebook's identifier, in the ledger's order.

    Raises:
        RulebookNotAdopted: a text has another digest, a signature is wrong, two are of one actor or key, a key was not
            enrolled then, the ledger does not commit to what is kept, or one does not depart from the one before.
    """
    keys = {one.public_key: one for one in transaction.rulebook_actors()}
    before: RulebookAdoption | None = None
    for adoption in line:
        proposal = transaction.rulebook_proposal(adoption.proposal_id)
        message = adoption_message(adoption.proposal_id, adoption.sha256, adoption.previous_sha256)
        enrolled = [keys.get(one.public_key) for one in adoption.signed]
        try:
            sound = (
                proposal is not None
                and proposal.proposal_id == adoption.proposal_id
                and proposal.terms.sha256 == adoption.sha256
                and hashlib.sha256(proposal.text.encode("utf-8")).hexdigest() == adoption.sha256
                and proposal.terms.comments_until <= adoption.adopted_at
                and is_committed(transaction, proposal, EntryKind.RULEBOOK_PROPOSED)
                and is_committed(transaction, adoption, EntryKind.RULEBOOK, adoption.sha256)
                and adoption.previous_sha256 == (before.sha256 if before else None)
                and (before is None or before.effective_from <= adoption.effective_from)
                and len({one.actor for one in adoption.signed}) >= 2
                and len({one.public_key for one in adoption.signed}) == len(adoption.signed)
                and all(signed_by(one.public_key, message, one.signature) for one in adoption.signed)
                and all(
                    key is not None
                    and key.actor == one.actor
                    and _counted(key.enrolled_at, key.withdrawn_at, adoption.adopted_at)
                    and is_committed(transaction, key, EntryKind.ACTOR_ENROLLED)
                    for key, one in zip(enrolled, adoption.signed, strict=True)
                )
            )
        except LedgerFault as fault:
            raise _altered(adoption.rulebook_id) from fault
        if not sound:
            raise _altered(adoption.rulebook_id)
        before = adoption


def _counted(enrolled_at: datetime, withdrawn_at: datetime | None, at: datetime) -> bool:
    return enrolled_at <= at and (withdrawn_at is None or at <= withdrawn_at)


def _altered(rulebook_id: str) -> RulebookNotAdopted:
    return RulebookNotAdopted(
        f"What says that rulebook {rulebook_id!r} was adopted is not as it was signed.",
        way_out="Run `fairgate ledger verify`, and restore the database from a backup.",
    )
