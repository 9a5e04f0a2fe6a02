"""The figures of one boarding: who is counted where, the chain from offered to matched, stage times, false matches.

The page and ``--json`` both print what is computed here, so they cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from fairgate.errors import ScoresRefused
from fairgate.measure.floor import ACCURACY_FLOOR, FloorCheck, check_floor
from fairgate.measure.intervals import Proportion, clopper_pearson, wilson

OUTCOMES = ("match", "see_officer", "not_attempted")


@dataclass(frozen=True, slots=True)
class CrossingTruth:
    """Who really walked up; known in a demonstration or a test, never at a gate.

    Args:
        passenger_ref: the passenger they are; ``None`` for a stranger, who is not on the list.
        same_photo: the capture is the very photo that was enrolled, so that matching it proves nothing.
    """

    passenger_ref: str | None
    same_photo: bool = False


@dataclass(frozen=True, slots=True)
class CrossingSeen:
    """One crossing as it was recorded, with the truth where there is one.

    Args:
        outcome: ``match``, ``see_officer`` or ``not_attempted``.
        reason: stable reason code, e.g. ``no_match``.
        component: the quality component or decoder reason behind it, where there is one.
        passenger_ref: the passenger matched, or whose earlier match is reopened.
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


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """The crossings counted in one place; ``counted_as`` is ``None`` for the sum of all.

    ``offered`` is how many crossings there were, ``captured`` to ``with_reference`` how far they got, each a part of
    the one before; ``matched`` (right or wrong), ``see_officer`` and ``not_attempted`` add up to ``offered``.
    """

    counted_as: CountedAs | None
    offered: int
    captured: int
    usable: int
    with_reference: int
    matched: int
    see_officer: int
    not_attempted: int


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of the chain, with how many of the step before and of all offered reached it (Wilson intervals).

    Args:
        name: ``offered``, ``captured``, ``usable``, ``with_reference`` or ``matched``.
        count: how many reached it.
        of_previous: their share of the step before.
        of_offered: their share of all offered.
    """

    name: str
    count: int
    of_previous: Proportion
    of_offered: Proportion


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many crossings ended in one outcome for one reason, as a share of all who walked up."""

    outcome: str
    reason: str
    component: str | None
    share: Proportion


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long one stage took over its runs; each percentile is a time that was really observed (nearest rank)."""

    stage: str
    runs: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class TruthFigures:
    """What only the truth can show.

    Args:
        strangers_offered: strangers who walked up and were not left unasked.
        strangers_matched: strangers answered *match*.
        false_positives: searches that named a passenger (*match* or *already boarded*), of all usable searches of
            people without a reference; Clopper-Pearson.
        wrong_passenger: passengers with a reference who were matched as somebody else, of all usable ones.
        missed: usable passengers with a reference whom the machine did not match to themselves.
        same_photo: matched, of the crossings whose capture is the enrolled photo itself; in no rate.
    """

    strangers_offered: int
    strangers_matched: int
    false_positives: Proportion
    wrong_passenger: Proportion
    missed: Proportion
    same_photo: Proportion


@dataclass(frozen=True, slots=True)
class BoardingFigures:
    """Every figure of one boarding.

    Args:
        everyone: sum over all crossings; these are the counts that scripts get.
        populations: the same, by where a crossing is counted.
        chain: offered → captured → usable → had a reference → matched, over the rated crossings alone.
        reference_assumed: usable crossings counted as having a reference although nobody can know without the truth:
            a stranger among them lowers the matched share, never raises it.
        reasons: outcomes by reason, largest first.
        stages: times by stage, in the order given.
        floors: the comparison step, and the whole chain, against the floor.
        truth: ``None`` unless the truth is known.
    """

    everyone: PopulationRow
    populations: tuple[PopulationRow, ...]
    chain: tuple[ChainStep, ...]
    reference_assumed: int
    reasons: tuple[ReasonCount, ...]
    stages: tuple[StageTime, ...]
    floors: tuple[FloorCheck, ...]
    truth: TruthFigures | None

    def for_scripts(self) -> dict[str, int]:
        """Return the flat counts that ``fairgate demo --json`` prints."""
        row = self.everyone
        return {
            "offered": row.offered,
            "captured": row.captured,
            "usable": row.usable,
            "with_reference": row.with_reference,
            "matched": row.matched,
            "see_officer": row.see_officer,
            "not_attempted": row.not_attempted,
            "strangers_offered": self.truth.strangers_offered if self.truth else 0,
            "strangers_matched": self.truth.strangers_matched if self.truth else 0,
        }


def boarding_figures(
    crossings: Sequence[CrossingSeen],
    enrolled: Collection[str],
    stage_ms: Mapping[str, Sequence[float]],
    *,
    floor: float = ACCURACY_FLOOR,
) -> BoardingFigures:
    """Compute a boarding's figures.

    Args:
        crossings: in the order in which they were recorded.
        enrolled: passengers whose reference is in the gallery; synthetic distractors left out.
        stage_ms: milliseconds by stage, in the order in which stages run.
        floor: the share that must be matched, in (0, 1).

    Raises:
        ScoresRefused: an outcome is none of the three.
    """
    unknown = sorted({crossing.outcome for crossing in crossings} - set(OUTCOMES))
    if unknown:
        raise ScoresRefused(f"The outcome {unknown[0]!r} is not one of {', '.join(OUTCOMES)}.")
    tally = _Tally(crossings, frozenset(enrolled))
    chain = tally.chain()
    return BoardingFigures(
        everyone=tally.row(None),
        populations=tuple(tally.row(place) for place in CountedAs),
        chain=chain,
        reference_assumed=tally.reference_assumed(),
        reasons=_reasons(crossings),
        stages=tuple(_stage(name, times) for name, times in stage_ms.items() if len(times)),
        floors=(
            check_floor("comparison", wilson(chain[4].count, chain[3].count), floor),
            check_floor("chain", wilson(chain[4].count, tally.count(tally.has_reference)), floor),
        ),
        truth=tally.truth_figures() if any(crossing.truth for crossing in crossings) else None,
    )


class _Tally:
    """Counts crossings by where they belong."""

    def __init__(self, crossings: Sequence[CrossingSeen], enrolled: frozenset[str]) -> None:
        self._enrolled = enrolled
        self._placed: list[tuple[CountedAs, CrossingSeen]] = []
        met: set[str] = set()
        for crossing in crossings:
            self._placed.append((_place(crossing, met), crossing))
            if crossing.truth and crossing.truth.passenger_ref and crossing.outcome != "not_attempted":
                met.add(crossing.truth.passenger_ref)

    def count(self, test: Callable[[CrossingSeen], bool], place: CountedAs | None = CountedAs.RATED) -> int:
        return sum(1 for where, crossing in self._placed if place in {None, where} and test(crossing))

    def has_reference(self, crossing: CrossingSeen) -> bool:
        if crossing.truth is not None:
            return crossing.truth.passenger_ref in self._enrolled
        return crossing.reason != "no_reference"

    def reference_assumed(self) -> int:
        return self.count(
            lambda one: (
                one.was_usable and one.truth is None and one.outcome == "see_officer" and one.reason != "no_reference"
            )
        )

    def row(self, place: CountedAs | None) -> PopulationRow:
        return PopulationRow(
            counted_as=place,
            offered=self.count(lambda _: True, place),
            captured=self.count(_captured, place),
            usable=self.count(_usable, place),
            with_reference=self.count(self._comparable, place),
            matched=self.count(lambda one: one.outcome == "match", place),
            see_officer=self.count(lambda one: one.outcome == "see_officer", place),
            not_attempted=self.count(lambda one: one.outcome == "not_attempted", place),
        )

    def chain(self) -> tuple[ChainStep, ...]:
        counts = {
            "offered": self.count(lambda _: True),
            "captured": self.count(_captured),
            "usable": self.count(_usable),
            "with_reference": self.count(self._comparable),
            "matched": self.count(lambda one: self._comparable(one) and _matched_rightly(one)),
        }
        offered, steps = counts["offered"], []
        previous = offered
        for name, count in counts.items():
            steps.append(ChainStep(name, count, wilson(count, previous), wilson(count, offered)))
            previous = count
        return tuple(steps)

    def truth_figures(self) -> TruthFigures:
        strangers = [
            one
            for where, one in self._placed
            if one.truth and one.truth.passenger_ref is None and where is not CountedAs.NOT_ATTEMPTED
        ]
        mated = self.count(self._comparable)
        rightly = self.count(lambda one: self._comparable(one) and _matched_rightly(one))
        wrongly = self.count(lambda one: self._comparable(one) and one.outcome == "match" and not _matched_rightly(one))
        unmated = self.count(lambda one: _usable(one) and one.truth is not None and not self.has_reference(one))
        named = self.count(
            lambda one: (
                _usable(one)
                and one.truth is not None
                and not self.has_reference(one)
                and (one.outcome == "match" or one.reason == "already_boarded")
            )
        )
        return TruthFigures(
            strangers_offered=len(strangers),
            strangers_matched=sum(one.outcome == "match" for one in strangers),
            false_positives=clopper_pearson(named, unmated),
            wrong_passenger=clopper_pearson(wrongly, mated),
            missed=clopper_pearson(mated - rightly, mated),
            same_photo=wilson(
                self.count(_matched_rightly, CountedAs.SAME_PHOTO), self.count(lambda _: True, CountedAs.SAME_PHOTO)
            ),
        )

    def _comparable(self, crossing: CrossingSeen) -> bool:
        return _usable(crossing) and self.has_reference(crossing)


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


def _captured(crossing: CrossingSeen) -> bool:
    return crossing.had_photo


def _usable(crossing: CrossingSeen) -> bool:
    return crossing.had_photo and crossing.was_usable


def _matched_rightly(crossing: CrossingSeen) -> bool:
    """Say whether the answer was *match*, and to the right passenger as far as anyone knows."""
    right = crossing.truth is None or crossing.truth.passenger_ref == crossing.passenger_ref
    return crossing.outcome == "match" and right


def _reasons(crossings: Sequence[CrossingSeen]) -> tuple[ReasonCount, ...]:
    counted = Counter((one.outcome, one.reason, one.component) for one in crossings)
    ordered = sorted(
        counted.items(), key=lambda item: (OUTCOMES.index(item[0][0]), -item[1], item[0][1], str(item[0][2]))
    )
    return tuple(ReasonCount(*key, share=wilson(count, len(crossings))) for key, count in ordered)


def _stage(name: str, times_ms: Sequence[float]) -> StageTime:
    p50, p95, p99 = np.percentile(np.asarray(times_ms, dtype=np.float64), (50, 95, 99), method="inverted_cdf")
    return StageTime(name, len(times_ms), float(p50), float(p95), float(p99))
