"""What became of everybody who walked up: one count, which every report and every command prints.

A capture ends in exactly one way, so the ways add up to the captures; whoever came to an officer without a capture is
counted apart, in the same ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from fairgate.errors import ScoresRefused

BANDS = ("child", "adult", "older", "unknown")


class Ending(StrEnum):
    """The ways in which a capture ends; each ends in one."""

    MATCHED = "matched"
    CONFIRMED = "confirmed"
    SENT_ON = "sent_on"
    LEFT = "left"
    WAITING = "waiting"
    NOT_QUEUED = "not_queued"


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """Somebody who walked up, as the records of today tell it.

    Args:
        ending: one of :class:`Ending`.
        captured: a capture stands behind it; else an officer let them wait without one.
        passenger_ref: whom it boarded, where it boarded somebody; counted once however often they are named.
        opted_out: they declined.
        minutes: what the officer's path took them, as the officer stated it; ``None`` unless there is a result.
        waited_minutes: from joining the queue to the call, or to the decision where nobody called, or to now; ``None``
            for whoever never joined.
        undone: a match or a confirmation behind it was taken back.
        in_doubt: an officer confirmed a passenger whom something else had boarded already, and both stand.
    """

    ending: str
    captured: bool = True
    passenger_ref: str | None = None
    opted_out: bool = False
    minutes: int | None = None
    waited_minutes: float | None = None
    undone: bool = False
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes over several people: how many, the median and the longest; 0 where there are none."""

    people: int
    median: float
    longest: float


@dataclass(frozen=True, slots=True)
class BandRow:
    """One band of age, counted over the list: nobody is counted who was not recognised or confirmed.

    Args:
        band: ``child``, ``adult``, ``older`` or ``unknown``.
        listed: passengers on the list.
        enrolled: of them, with a reference in the gallery.
        matched: of them, aboard by a match that stands.
        confirmed: of them, aboard by an officer.
    """

    band: str
    listed: int
    enrolled: int
    matched: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class Endings:
    """What became of everybody.

    Args:
        captures: captures; the sum of ``of_captures``.
        of_captures: captures by ending.
        without_capture: people who came to an officer without one; the sum of ``of_others``.
        of_others: those by ending.
        boarded: passengers aboard, each counted once.
        opted_out: of all, those who declined; they are in the endings too.
        undone: matches and confirmations taken back.
        in_doubt: confirmations of somebody who was aboard already, not settled yet.
        served: minutes that the officer's path took, as officers stated them.
        waited: minutes of whoever was called or served, from joining to that.
        still_waiting: minutes of whoever waits still.
    """

    captures: int
    of_captures: Mapping[Ending, int]
    without_capture: int
    of_others: Mapping[Ending, int]
    boarded: int
    opted_out: int
    undone: int
    in_doubt: int
    served: Minutes
    waited: Minutes
    still_waiting: Minutes

    def for_scripts(self) -> dict[str, object]:
        """Return the object that every command prints."""
        return {
            "captures": self.captures,
            **{ending.value: number for ending, number in self.of_captures.items()},
            "without_capture": {
                "people": self.without_capture,
                **{ending.value: number for ending, number in self.of_others.items()},
            },
            "boarded": self.boarded,
            "opted_out": self.opted_out,
            "undone": self.undone,
            "in_doubt": self.in_doubt,
            "minutes_served": _plain(self.served),
            "minutes_waited": _plain(self.waited),
            "minutes_still_waiting": _plain(self.still_waiting),
        }


def count_endings(cases: Sequence[CaseSeen]) -> Endings:
    """Count what became of everybody.

    Raises:
        ScoresRefused: an ending is none of :class:`Ending`.
    """
    unknown = sorted({case.ending for case in cases} - set(Ending))
    if unknown:
        raise ScoresRefused(f"The ending {unknown[0]!r} is not one of {', '.join(Ending)}.")
    captured = [case for case in cases if case.captured]
    others = [case for case in cases if not case.captured]
    waits = [case for case in cases if case.waited_minutes is not None]
    return Endings(
        captures=len(captured),
        of_captures=_by_ending(captured),
        without_capture=len(others),
        of_others=_by_ending(others),
        boarded=len({case.passenger_ref for case in cases if case.passenger_ref is not None}),
        opted_out=_count(cases, lambda case: case.opted_out),
        undone=_count(cases, lambda case: case.undone),
        in_doubt=_count(cases, lambda case: case.in_doubt),
        served=_minutes([case.minutes for case in cases if case.minutes is not None]),
        waited=_minutes([case.waited_minutes or 0.0 for case in waits if case.ending != Ending.WAITING]),
        still_waiting=_minutes([case.waited_minutes or 0.0 for case in waits if case.ending == Ending.WAITING]),
    )


def count_bands(cases: Sequence[CaseSeen], band_of: Mapping[str, str], enrolled: frozenset[str]) -> tuple[BandRow, ...]:
    """Count the passengers of a list by band of age; who was not recognised is in no band.

    Args:
        cases: everybody who walked up.
        band_of: passenger reference to band, for everybody listed.
        enrolled: passengers with a reference in the gallery.
    """
    aboard = {
        ending: {case.passenger_ref for case in cases if case.ending == ending and case.passenger_ref is not None}
        for ending in (Ending.MATCHED, Ending.CONFIRMED)
    }
    matched, confirmed = aboard[Ending.MATCHED], aboard[Ending.CONFIRMED] - aboard[Ending.MATCHED]
    rows = []
    for band in BANDS:
        people = {ref for ref, of in band_of.items() if of == band}
        if people:
            rows.append(
                BandRow(band, len(people), len(people & enrolled), len(people & matched), len(people & confirmed))
            )
    return tuple(rows)


def _by_ending(cases: Sequence[CaseSeen]) -> Mapping[Ending, int]:
    found = Counter(case.ending for case in cases)
    return MappingProxyType({ending: found[ending.value] for ending in Ending})


def _count(cases: Sequence[CaseSeen], test: Callable[[CaseSeen], bool]) -> int:
    return sum(1 for case in cases if test(case))


def _minutes(values: Sequence[float]) -> Minutes:
    if not values:
        return Minutes(0, 0.0, 0.0)
    return Minutes(len(values), float(np.median(values)), float(max(values)))


def _plain(minutes: Minutes) -> dict[str, float]:
    return {"people": minutes.people, "median": round(minutes.median, 1), "longest": round(minutes.longest, 1)}
