"""From both passes to the figures of 1:1 comparison."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.intervals import Proportion, clopper_pearson
from fairgate.measure.rates import NotResolvable
from fairgate.measure.scores.curve import CurvePoints, det_curve, equal_error, page_histogram
from fairgate.measure.scores.passes import Each, call
from fairgate.measure.scores.survey import ChosenPoint, Survey
from fairgate.measure.scores.tally import MatedTally
from fairgate.measure.subject_bootstrap import SubjectTrials, rate_by_subject
from fairgate.measure.verification import FnmrAtFmr, Verification

MOST_ERRORS = 6_000_000
"""Erroneous comparisons that an interval by people is computed from; above, it is left out, and said so."""


class VerificationFigures:
    """Puts the figures together.

    Args:
        survey: after its pass.
        tally: after its pass; its points are those asked for that were chosen, then the one shown if it was given.
        rounds: of each bootstrap over people.
        confidence: of every interval.
    """

    def __init__(self, survey: Survey, tally: MatedTally, *, rounds: int, confidence: float) -> None:
        self._survey = survey
        self._tally = tally
        self._rounds = rounds
        self._confidence = confidence
        self.notes: list[str] = []

    def figures(
        self,
        at: Sequence[ChosenPoint | NotResolvable],
        shown: ChosenPoint | None,
        curve: CurvePoints,
        rng: np.random.Generator,
        each: Each = map,
    ) -> Verification:
        """Return everything about 1:1 comparison.

        Args:
            at: the points asked for.
            shown: the point that the histogram marks; ``None`` for the equal error.
            curve: points of the trade-off.
            rng: of the bootstraps.
            each: as ``map``; the points' bootstraps may run side by side.
        """
        chosen = [point for point in at if isinstance(point, ChosenPoint)]
        tally = self._tally
        det = det_curve(curve, tally, self._survey)
        equal = equal_error(det, self._confidence)
        if shown is not None:
            marked = shown.threshold, shown.false_matches, int(tally.misses([shown.threshold])[0])
        elif equal is not None:
            marked = equal.threshold, equal.fmr.count, equal.fnmr.count
        else:
            marked = det.thresholds[-1], det.false_matches[-1], det.misses[-1]
        asked = [*chosen, *([shown] if shown is not None and shown not in chosen else [])]

        def work(place: int, own_rng: np.random.Generator) -> FnmrAtFmr:
            return self._point(asked[place], place, own_rng)

        found = list(each(call, [partial(work, place, own) for place, own in enumerate(rng.spawn(len(asked)))]))
        ready = iter(found)
        return Verification(
            at=tuple(next(ready) if isinstance(point, ChosenPoint) else point for point in at),
            det=det,
            equal_error=equal,
            histogram=page_histogram(self._survey, *marked),
            at_fixed=found[-1] if len(asked) > len(chosen) else None,
        )

    def _point(self, chosen: ChosenPoint, place: int, rng: np.random.Generator) -> FnmrAtFmr:
        """Return one operating point, the tally's at ``place``."""
        counts, by_fold = self._survey.counts, self._survey.people.by_fold
        missed = int(self._tally.misses([chosen.threshold])[0])
        held_fmr = held_fnmr = None
        if chosen.held_out is not None:
            held_fmr = clopper_pearson(chosen.held_out_false_matches, int(by_fold.sum()), self._confidence)
            held_fnmr = clopper_pearson(self._tally.held_out_misses(place), counts.mated, self._confidence)
        return FnmrAtFmr(
            target=chosen.target,
            threshold=chosen.threshold,
            fmr=clopper_pearson(chosen.false_matches, counts.non_mated, self._confidence),
            fnmr=clopper_pearson(missed, counts.mated, self._confidence),
            fmr_by_subject=self._fmr_by_subject(chosen, rng),
            fnmr_by_subject=self._fnmr_by_subject(chosen, missed, place, rng),
            held_out_fmr=held_fmr,
            held_out_fnmr=held_fnmr,
            folds=0 if chosen.held_out is None else int(np.isfinite(chosen.held_out).sum()),
        )

    def _fmr_by_subject(self, chosen: ChosenPoint, rng: np.random.Generator) -> Proportion | None:
        top, people, errors = self._survey.top, self._survey.people, chosen.false_matches
        if not people.known or not self._few_enough(errors, "false matches", chosen):
            return None
        if errors > top.score.size:
            self.notes.append(
                f"The interval by people of the FMR at threshold {chosen.threshold:g} is left out: only the "
                f"{top.score.size} highest non-mated scores were kept."
            )
            return None
        made = _padded(people.as_probe, people.people()), _padded(people.as_reference, people.people())
        return self._drawn(
            SubjectTrials(self._survey.counts.non_mated, *made, top.first[:errors], top.second[:errors]), rng
        )

    def _fnmr_by_subject(
        self, chosen: ChosenPoint, missed: int, place: int, rng: np.random.Generator
    ) -> Proportion | None:
        people = self._survey.people
        if not people.known or not self._few_enough(missed, "misses", chosen):
            return None
        made, whose = _padded(people.mated, people.people()), self._tally.missed_people(place)
        return self._drawn(SubjectTrials(self._survey.counts.mated, made, made, whose, whose, mated=True), rng)

    def _drawn(self, trials: SubjectTrials, rng: np.random.Generator) -> Proportion:
        return rate_by_subject(trials, rng, resamples=self._rounds, confidence=self._confidence)

    def _few_enough(self, errors: int, kind: str, chosen: ChosenPoint) -> bool:
        if errors > MOST_ERRORS:
            self.notes.append(
                f"At threshold {chosen.threshold:g} the interval by people is left out: {errors} {kind} are more than "
                f"the {MOST_ERRORS} that it is computed from."
            )
        return errors <= MOST_ERRORS


def _padded(counts: NDArray[np.int64], people: int) -> NDArray[np.int64]:
    return np.append(counts, np.zeros(people - counts.size, dtype=np.int64))
