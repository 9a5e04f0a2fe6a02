"""Two packs on the same comparisons, each at its own threshold for the same false match rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import CONFIDENCE, clopper_pearson, rule_of_three
from fairgate.measure.paired import PairedDifference, PairedPoint
from fairgate.measure.paired_decisions import mcnemar, visible_difference
from fairgate.measure.paired_scores import MatchedScores
from fairgate.measure.paired_tally import KEPT, DecisionTally, Errors, HighestScores, MatedScores, Presence
from fairgate.measure.paired_thresholds import threshold_shift
from fairgate.measure.rates import NotResolvable, check_rate, resolves
from fairgate.measure.subject_bootstrap import (
    SubjectTrials,
    independent_trials,
    signed_bounds,
    trials_apart,
    unshared_bounds,
)


def compare_pairs(
    scores: MatchedScores,
    targets: Sequence[float],
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = CONFIDENCE,
    keep: int = KEPT,
) -> tuple[PairedPoint | NotResolvable, ...]:
    """Compare two packs in two passes over the comparisons that both scored.

    1. The first pass counts, by person, and keeps each pack's highest non-mated scores: the thresholds are exact.
    2. The second decides every comparison for both packs and lists those on which they disagree.
    3. The exact McNemar test takes the comparisons as independent. The interval of the difference does not: people are
       drawn, both packs' decisions with them, as in :func:`fairgate.measure.subject_bootstrap.rate_by_subject`. So a
       small p-value beside an interval that holds 0 means that few people made the difference. To the interval of the
       FNMR's difference is added what other people's thresholds would do to it, as to a sum of independent parts
       (MOVER, as :func:`fairgate.measure.simultaneous.difference_bounds`).
    4. The visible difference is that of the effective number of comparisons, with thresholds as they are.

    Both thresholds are chosen on the comparisons that are then counted, so that the FMR hardly differ; it is the FNMR
    at the same FMR that tells the packs apart.

    Args:
        scores: read twice.
        targets: false match rates, each in (0, 1).
        rng: draws people.
        resamples: rounds of each bootstrap, at least 20.
        confidence: of the intervals.
        keep: how many of the highest scores are kept of each pack.

    Returns:
        One for each target, in their order; ``NotResolvable`` where fewer than three false matches are expected.

    Raises:
        ScoresRefused: there is no mated or no non-mated comparison, a score is not finite, or a target makes no sense.
    """
    for target in targets:
        check_rate(target)
    highest = HighestScores(keep), HighestScores(keep)
    kinds, sample = (Presence(mated=True), Presence(mated=False)), MatedScores()
    for batch in scores.batches():
        both = batch.first_score, batch.second_score
        if not all(np.isfinite(score).all() for score in both):
            raise ScoresRefused("A score is not a finite number.")
        for kept, score in zip(highest, both, strict=True):
            kept.add(score[~batch.mated])
        sample.add(batch)
        for kind in kinds:
            kind.add(batch)
    if not all(kind.of for kind in kinds):
        raise ScoresRefused("Comparing two packs needs mated and non-mated comparisons.")
    of = kinds[1].of
    resolved = [target for target in targets if resolves(target, of)]
    thresholds = {target: (highest[0].threshold(target, of), highest[1].threshold(target, of)) for target in resolved}
    tallies = {
        target: [DecisionTally(*pair, mated=kind.mated, known=kind.known) for kind in kinds]
        for target, pair in thresholds.items()
    }
    for batch in scores.batches():
        for tally in (one for pair in tallies.values() for one in pair):
            tally.add(batch)
    mated = sample.ranked()
    points: list[PairedPoint | NotResolvable] = []
    for target in targets:
        if target not in thresholds:
            points.append(NotResolvable(target, of, target * of))
            continue
        draw = Draw(rng, resamples, confidence)
        missed, false = (tally.figures() for tally in tallies[target])
        shift = threshold_shift(kinds[1], false, highest, mated, rng, resamples=resamples, confidence=confidence)
        pair = paired_difference(kinds[0], missed, draw, shift), paired_difference(kinds[1], false, draw, (0.0, 0.0))
        points.append(PairedPoint(target, *thresholds[target], differences=pair))
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Draw:
    """How people are drawn for an interval.

    Args:
        rng: draws them.
        resamples: rounds, at least 20.
        confidence: in (0, 1).
    """

    rng: np.random.Generator
    resamples: int
    confidence: float


def paired_difference(kind: Presence, found: Errors, draw: Draw, shift: tuple[float, float]) -> PairedDifference:
    """Return the difference of two packs' error rates on comparisons of one kind, with what it could have shown.

    Args:
        kind: every comparison, by person.
        found: those decided wrongly.
        draw: for the interval over people.
        shift: what other people's thresholds would do to the difference: at most 0, and at least 0.
    """
    signs, probe, reference = found.disagreements()
    only_second = int(np.count_nonzero(signs > 0))
    only_first = signs.size - only_second
    difference = (found.second - found.first) / kind.of
    trials = kind.trials(probe, reference) if kind.known else None
    low, high, effective, discordant = _uncertainty(kind.of, trials, signs, draw)
    return PairedDifference(
        rate="fnmr" if kind.mated else "fmr",
        first=clopper_pearson(found.first, kind.of, draw.confidence),
        second=clopper_pearson(found.second, kind.of, draw.confidence),
        only_first=only_first,
        only_second=only_second,
        p_value=mcnemar(only_first, only_second),
        difference=difference,
        low=max(-1.0, difference - math.hypot(max(0.0, difference - low), shift[0])),
        high=min(1.0, difference + math.hypot(max(0.0, high - difference), shift[1])),
        visible=visible_difference(effective, discordant),
    )


def _uncertainty(
    of: int, trials: SubjectTrials | None, signs: NDArray[np.float64], draw: Draw
) -> tuple[float, float, float, float]:
    """Return the bounds of the difference, the effective number of comparisons and the share of disagreements."""
    if signs.size == 0:
        apart = of if trials is None else max(1, int(trials_apart(trials)))
        most = rule_of_three(apart, draw.confidence).high
        return -most, most, float(apart), most
    if trials is None:
        low, high = unshared_bounds(of, signs, draw.rng, resamples=draw.resamples, confidence=draw.confidence)
        return low, high, float(of), signs.size / of
    low, high = signed_bounds(trials, signs, draw.rng, resamples=draw.resamples, confidence=draw.confidence)
    return low, high, independent_trials(trials, signs), signs.size / of
