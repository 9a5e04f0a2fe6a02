"""The figures of one boarding: who is counted where, the chain from offered to matched, stage times, false matches.

The page and ``--json`` both print what is computed here, so they cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fairgate.errors import ScoresRefused
from fairgate.measure.crossings import (
    OUTCOMES,
    CountedAs,
    CrossingSeen,
    CrossingTruth,
    Tally,
    captured,
    is_stranger,
    matched_rightly,
    named_somebody,
    usable,
)
from fairgate.measure.floor import ACCURACY_FLOOR, FloorCheck, check_floor
from fairgate.measure.intervals import Proportion, clopper_pearson, wilson

__all__ = [
    "BoardingFigures",
    "ChainStep",
    "CountedAs",
    "CrossingSeen",
    "CrossingTruth",
    "PopulationRow",
    "ReasonCount",
    "StageTime",
    "TruthFigures",
    "boarding_figures",
]


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
        false_positives: searches that named a passenger (*match*, also one taken back, *already boarded* or *shared
            face*), of all usable searches of people without a reference; Clopper-Pearson.
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
    tally = Tally(crossings, frozenset(enrolled))
    chain = _chain(tally)
    with_reference, matched = chain[3].count, chain[4].count
    return BoardingFigures(
        everyone=_row(tally, None),
        populations=tuple(_row(tally, place) for place in CountedAs),
        chain=chain,
        reference_assumed=tally.count(_reference_unknown),
        reasons=_reasons(crossings),
        stages=tuple(_stage(name, times) for name, times in stage_ms.items() if len(times)),
        floors=(
            check_floor("comparison", wilson(matched, with_reference), floor),
            check_floor("chain", wilson(matched, tally.count(tally.has_reference)), floor),
        ),
        truth=_truth_figures(tally) if any(crossing.truth for crossing in crossings) else None,
    )


def _row(tally: Tally, place: CountedAs | None) -> PopulationRow:
    return PopulationRow(
        counted_as=place,
        offered=tally.count(lambda _: True, place),
        captured=tally.count(captured, place),
        usable=tally.count(usable, place),
        with_reference=tally.count(tally.comparable, place),
        matched=tally.count(lambda one: one.outcome == "match", place),
        see_officer=tally.count(lambda one: one.outcome == "see_officer", place),
        not_attempted=tally.count(lambda one: one.outcome == "not_attempted", place),
    )


def _chain(tally: Tally) -> tuple[ChainStep, ...]:
    counts = {
        "offered": tally.count(lambda _: True),
        "captured": tally.count(captured),
        "usable": tally.count(usable),
        "with_reference": tally.count(tally.comparable),
        "matched": tally.count(lambda one: tally.comparable(one) and matched_rightly(one)),
    }
    steps: list[ChainStep] = []
    previous = counts["offered"]
    for name, count in counts.items():
        steps.append(ChainStep(name, count, wilson(count, previous), wilson(count, counts["offered"])))
        previous = count
    return tuple(steps)


def _reference_unknown(crossing: CrossingSeen) -> bool:
    return (
        usable(crossing)
        and crossing.truth is None
        and crossing.outcome == "see_officer"
        and crossing.reason != "no_reference"
    )


def _truth_figures(tally: Tally) -> TruthFigures:
    mated = tally.count(tally.comparable)
    rightly = tally.count(lambda one: tally.comparable(one) and matched_rightly(one))
    matched = tally.count(lambda one: tally.comparable(one) and one.outcome == "match")

    def unmated(crossing: CrossingSeen) -> bool:
        return usable(crossing) and crossing.truth is not None and not tally.has_reference(crossing)

    named = tally.count(lambda one: unmated(one) and named_somebody(one))
    return TruthFigures(
        strangers_offered=tally.count(lambda one: is_stranger(one) and one.outcome != "not_attempted", None),
        strangers_matched=tally.count(lambda one: is_stranger(one) and one.outcome == "match", None),
        false_positives=clopper_pearson(named, tally.count(unmated)),
        wrong_passenger=clopper_pearson(matched - rightly, mated),
        missed=clopper_pearson(mated - rightly, mated),
        same_photo=wilson(
            tally.count(matched_rightly, CountedAs.SAME_PHOTO), tally.count(lambda _: True, CountedAs.SAME_PHOTO)
        ),
    )


def _reasons(crossings: Sequence[CrossingSeen]) -> tuple[ReasonCount, ...]:
    counted = Counter((one.outcome, one.reason, one.component) for one in crossings)
    ordered = sorted(
        counted.items(), key=lambda item: (OUTCOMES.index(item[0][0]), -item[1], item[0][1], str(item[0][2]))
    )
    return tuple(ReasonCount(*key, share=wilson(count, len(crossings))) for key, count in ordered)


def _stage(name: str, times_ms: Sequence[float]) -> StageTime:
    p50, p95, p99 = np.percentile(np.asarray(times_ms, dtype=np.float64), (50, 95, 99), method="inverted_cdf")
    return StageTime(name, len(times_ms), float(p50), float(p95), float(p99))
