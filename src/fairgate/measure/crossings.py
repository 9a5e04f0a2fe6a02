"""Crossings as they were recorded, and where each of them is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

OUTCOMES = ("match", "see_officer", "not_attempted")
MANUAL_CHECK = "manual_check"
"""Of a child or an older person whom the machine did not match: no record says why, not even whether there was a photo.

Counted as a usable photo that was missed, it lowers the matched share and never raises it.
"""
MATCH_UNDONE = "match_undone"
"""A match that an officer took back; it is counted as sent to an officer, like in every other report."""


@dataclass(frozen=True, slots=True)
class CrossingTruth:
    """Who really walked up; known in a demonstration or a test, never at a gate.

    Args:
        passenger_ref: the passenger they are; ``None`` for a stranger, who is not on the list.
        same_photo: the capture is the very photo that was enrolled, so that matching it proves nothing.
        nobody: nobody stands before the camera alone, so that there is neither passenger nor stranger.
    """

    passenger_ref: str | None
    same_photo: bool = False
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class CrossingSeen:
    """One crossing as it was recorded, with the truth where there is one.

    Args:
        outcome: ``match``, ``see_officer`` or ``not_attempted``.
        reason: stable reason code, e.g. ``no_match``.
        component: the quality component or decoder reason behind it, where there is one.
        passenger_ref: the passenger matched, or whose earlier match is reopened, or whose match was taken back.
        had_photo: a photo was obtained and decoded.
        was_usable: exactly one face of sufficient quality was found.
        truth: ``None`` where it is not known.
    """

    outcome: str
    reason: str
    component: str | None
    passenger_ref: str | None
    had_photo: bool
    was_usable: bool
    truth: CrossingTruth | None = None


class CountedAs(StrEnum):
    """Where a crossing is counted; each is counted once."""

    RATED = "rated"
    SAME_PHOTO = "same_photo"
    REPEAT = "repeat"
    NOT_ATTEMPTED = "not_attempted"


class Tally:
    """Crossings dealt to the places where they are counted, ready to be counted there.

    Args:
        crossings: in the order in which they were recorded.
        enrolled: passengers whose reference is in the gallery.
    """

    def __init__(self, crossings: Sequence[CrossingSeen], enrolled: frozenset[str]) -> None:
        self._enrolled = enrolled
        self._placed: list[tuple[CountedAs, CrossingSeen]] = []
        met: set[str] = set()
        for crossing in crossings:
            self._placed.append((_place(crossing, met), crossing))
            if crossing.truth and crossing.truth.passenger_ref and crossing.outcome != "not_attempted":
                met.add(crossing.truth.passenger_ref)

    def count(self, test: Callable[[CrossingSeen], bool], place: CountedAs | None = CountedAs.RATED) -> int:
        """Count the crossings in one place, or with ``None`` in all, that pass a test."""
        return sum(1 for where, crossing in self._placed if place in {None, where} and test(crossing))

    def has_reference(self, crossing: CrossingSeen) -> bool:
        """Say whether the person had a reference; where nobody can know, that they had."""
        if crossing.truth is not None:
            return crossing.truth.passenger_ref in self._enrolled
        return crossing.reason != "no_reference"

    def comparable(self, crossing: CrossingSeen) -> bool:
        """Say whether a usable photo met a gallery that held the person."""
        return usable(crossing) and self.has_reference(crossing)


def captured(crossing: CrossingSeen) -> bool:
    """Say whether a photo was obtained and decoded; of a manual check, that it was."""
    return crossing.had_photo or crossing.reason == MANUAL_CHECK


def usable(crossing: CrossingSeen) -> bool:
    """Say whether the photo showed exactly one face of sufficient quality; of a manual check, that it did."""
    return (crossing.had_photo and crossing.was_usable) or crossing.reason == MANUAL_CHECK


def is_stranger(crossing: CrossingSeen) -> bool:
    """Say whether the person is known not to be on the list."""
    truth = crossing.truth
    return truth is not None and truth.passenger_ref is None and not truth.nobody


def named_somebody(crossing: CrossingSeen) -> bool:
    """Say whether the machine recognised a passenger, rightly or not; a match that was taken back is one too."""
    return crossing.outcome == "match" or crossing.reason in {"already_boarded", "shared_face", MATCH_UNDONE}


def matched_rightly(crossing: CrossingSeen) -> bool:
    """Say whether the answer was *match*, and to the right passenger as far as anyone knows."""
    right = crossing.truth is None or crossing.truth.passenger_ref == crossing.passenger_ref
    return crossing.outcome == "match" and right


def _place(crossing: CrossingSeen, met: set[str]) -> CountedAs:
    """Say where a crossing is counted, given the passengers already met.

    A second presentation is left out of the chain, since the answer *already boarded* is right. It is one where the
    truth says so; without the truth, the answer itself is all there is to go by.
    """
    if crossing.outcome == "not_attempted":
        return CountedAs.NOT_ATTEMPTED
    if crossing.truth is not None and crossing.truth.same_photo:
        return CountedAs.SAME_PHOTO
    again = crossing.truth is None or crossing.truth.passenger_ref in met
    if crossing.reason == "already_boarded" and again:
        return CountedAs.REPEAT
    return CountedAs.RATED
