"""Looks, at every deadline that the text sets, whether what was sealed still opens: an hour early, and then late.

It keeps a copy of every envelope, as somebody with a backup would, so what it finds of deadlines is true of backups
too. What must be gone from the store earlier, because somebody declined or was corrected, is looked for there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from fairgate.bootstrap.parts import Parts
from fairgate.errors import RecordExpired
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.simulate.boardings_expected import Life, whole_hour
from fairgate.simulate.rules_by_the_text import Kept
from fairgate.vocabulary import Actor, ActorKind

EXAMINER = Actor(ActorKind.OVERSEER, "simulation")
_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """An envelope that is watched.

    Args:
        voyage_key: of which gallery.
        passenger_ref: about whom; of a photo, who walked up.
        of: which class of record.
        envelope: a copy.
        life: how long it may live, by the text.
        capture_key: of a photo, its capture.
    """

    voyage_key: str
    passenger_ref: str
    of: Kept
    envelope: bytes
    life: Life
    capture_key: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An envelope that was not as the text says.

    Args:
        sealed: which.
        at: when.
        found: what was found, in words.
    """

    sealed: Sealed
    at: datetime
    found: str


class Watch:
    """Follows envelopes to their deadlines.

    Args:
        parts: of the house whose vault it is.
        purpose: one that the rulebook names.
    """

    def __init__(self, parts: Parts, purpose: str) -> None:
        self._parts = parts
        self._purpose = purpose
        self._due: dict[datetime, list[tuple[Sealed, bool]]] = defaultdict(list)
        self._leaving: dict[datetime, list[Sealed]] = defaultdict(list)
        self.wrong: list[Wrong] = []
        self.looks = 0
        self.copies_of_withdrawn = 0
        """Copies, as in a backup, that still opened when their record had left the store by choice or correction."""

    def follow(self, sealed: Sealed, now: datetime) -> list[datetime]:
        """Watch an envelope, and return the moments at which :meth:`look` is to be called.

        The vault rounds deadlines down to the hour: just before that hour the envelope must open, and at the end of it
        it must not, so a deadline an hour too late is seen.
        """
        hour, now = whole_hour(sealed.life.until), now + _INSTANT
        moments = [max(hour + timedelta(hours=1) - _INSTANT, now)]
        self._due[moments[0]].append((sealed, False))
        last = hour - _INSTANT
        if last > now:
            moments.append(last)
            self._due[last].append((sealed, True))
        gone_at = sealed.life.gone_at
        if gone_at is not None and gone_at < hour:
            # One second later, so that whatever happens at that moment has happened.
            moments.append(max(gone_at, now) + _INSTANT)
            self._leaving[moments[-1]].append(sealed)
        return moments

    def look(self, now: datetime) -> None:
        """Try everything that is due at this moment."""
        leaving, due = self._leaving.pop(now, []), self._due.pop(now, [])
        if not leaving and not due:
            return
        index = self._enter(len(due) + len(leaving))
        self.looks += len(due) + len(leaving)
        self.wrong.extend(Wrong(one, now, "still in the store") for one in self._in_store(leaving))
        self.copies_of_withdrawn += sum(self._opens(one.envelope, index, now) for one in leaving)
        for sealed, may_open in due:
            opened = self._opens(sealed.envelope, index, now)
            if opened is not may_open:
                self.wrong.append(Wrong(sealed, now, "still opens" if opened else "does not open any more"))

    def _in_store(self, sealed: Iterable[Sealed]) -> Iterator[Sealed]:
        """Yield what the store still has."""
        rows: dict[str, set[bytes]] = {}
        with self._parts.store.reading() as transaction:
            for one in sealed:
                if one.of is Kept.PHOTO:
                    crossing = transaction.crossing_for(one.voyage_key, one.capture_key)
                    held = {crossing.sealed_photo} if crossing is not None else set()
                else:
                    if one.voyage_key not in rows:
                        rows[one.voyage_key] = {
                            envelope
                            for row in transaction.passengers(one.voyage_key)
                            for envelope in (row.sealed_traveller, *row.sealed_templates)
                            if envelope is not None
                        }
                    held = set(rows[one.voyage_key])
                if one.envelope in held:
                    yield one

    def _opens(self, envelope: bytes, index: int, now: datetime) -> bool:
        try:
            self._parts.vault.open(envelope, actor=EXAMINER, purpose=self._purpose, ledger_index=index, now=now)
        except RecordExpired:
            return False
        return True

    def _enter(self, count: int) -> int:
        """Enter the reads in the ledger, without which the vault opens nothing, and return the entry's index."""
        entry = Entry(
            kind=EntryKind.READ,
            at=self._parts.clock(),
            actor=EXAMINER,
            purpose=self._purpose,
            counts=(("records", count),),
        )
        with self._parts.store.writing() as transaction:
            row = self._parts.registrar.append(transaction, entry)
        self._parts.registrar.committed(row)
        return row.index
