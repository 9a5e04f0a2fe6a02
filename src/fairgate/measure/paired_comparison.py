"""Two packs on the same comparisons, each at its own threshold for the same false match rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import CONFIDENCE, clopper_pearson, rule_of_three
from fairgate.measure.paired import PairedDifference, PairedPoint
from fairgate.measure.paired_decisions import mcnemar, visible_difference
from fairgate.measure.paired_scores import MatchedScores
from fairgate.measure.paired_tally import KEPT, DecisionTally, Disagreements, HighestScores, Presence
from fairgate.measure.rates import NotResolvable, check_rate, resolves
from fairgate.measure.subject_bootstrap import independent_trials, signed_bounds, trials_apart, unshared_bounds


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
       small p-value beside an interval that holds 0 means that few people made the difference.
    4. The visible difference is that of the effective number of comparisons.

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
    kinds = Presence(mated=True), Presence(mated=False)
    for batch in scores.batches():
        both = batch.first_score, batch.second_score
        if not all(np.isfinite(score).all() for score in both):
            raise ScoresRefused("A score is not a finite number.")
        for kept, score in zip(highest, both, strict=True):
            kept.add(score[~batch.mated])
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
    return tuple(
        PairedPoint(
            target,
            *thresholds[target],
            differences=tuple(
                _difference(kind, tally.figures(), rng, resamples, confidence)
                for kind, tally in zip(kinds, tallies[target], strict=True)
            ),
        )
        if target in thresholds
        else NotResolvable(target, of, target * of)
        for target in targets
    )


def _difference(
    kind: Presence, found: Disagreements, rng: np.random.Generator, resamples: int, confidence: float
) -> PairedDifference:
    only_second = int(np.count_nonzero(found.signs > 0))
    only_first = found.signs.size - only_second
    difference = (found.second - found.first) / kind.of
    low, high, effective, discordant = _uncertainty(kind, found, rng, resamples, confidence)
    return PairedDifference(
        rate="fnmr" if kind.mated else "fmr",
        first=clopper_pearson(found.first, kind.of, confidence),
        second=clopper_pearson(found.second, kind.of, confidence),
        only_first=only_first,
        only_second=only_second,
        p_value=mcnemar(only_first, only_second),
        difference=difference,
        low=min(low, difference),
        high=max(high, difference),
        visible=visible_difference(effective, discordant),
    )


def _uncertainty(
    kind: Presence, found: Disagreements, rng: np.random.Generator, resamples: int, confidence: float
) -> tuple[float, float, float, float]:
    """Return the bounds of the difference, the effective number of comparisons and the share of disagreements."""
    trials = kind.trials(found.probe, found.reference) if kind.known else None
    if found.signs.size == 0:
        apart = kind.of if trials is None else max(1, int(trials_apart(trials)))
        most = rule_of_three(apart, confidence).high
        return -most, most, float(apart), most
    share = found.signs.size / kind.of
    if trials is None:
        return *unshared_bounds(kind.of, found.signs, rng, resamples=resamples, confidence=confidence), kind.of, share
    low, high = signed_bounds(trials, found.signs, rng, resamples=resamples, confidence=confidence)
    return low, high, independent_trials(trials, found.signs), share
