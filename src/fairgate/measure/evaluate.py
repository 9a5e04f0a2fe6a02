"""From comparisons to figures: two passes over a source of scores, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from fairgate.errors import ScoresRefused
from fairgate.measure.discard import Quality
from fairgate.measure.groups.figures import GroupFigures
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.presentations import Presentations
from fairgate.measure.rates import NotResolvable, check_rate, resolves
from fairgate.measure.scores.at_one_threshold import AtOneThreshold
from fairgate.measure.scores.batch import ScoreSource
from fairgate.measure.scores.curve import curve_points
from fairgate.measure.scores.passes import BatchCounter, Counter, Each, run_pass
from fairgate.measure.scores.people import Folds
from fairgate.measure.scores.search_survey import SearchSurvey
from fairgate.measure.scores.search_tally import SearchTally
from fairgate.measure.scores.survey import ChosenPoint, Survey
from fairgate.measure.scores.tally import MatedTally
from fairgate.measure.scores.top import NotKept
from fairgate.measure.scores.verify import VerificationFigures
from fairgate.measure.search_figures import Identification
from fairgate.measure.transactions import Transactions
from fairgate.measure.verification import Verification

LOOKED_AT = (1e-4, 1e-3, 1e-2, 1e-1)
"""False match rates whose threshold serves groups and the like, unless one is named: the first that is resolved."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Args:
        fmr_targets: false match rates to give the FNMR at.
        at_fmr: the FMR whose threshold serves groups, quality, transactions and attacks; ``None`` for the lowest of
            1e-4, 1e-3, 1e-2 and 0.1 that the data resolve.
        threshold: a fixed threshold for those instead, e.g. the one in operation.
        fpir: FPIR of the searches.
        gallery_sizes: sizes of the searches.
        extrapolate_to: sizes to extrapolate the growth to.
        attempts: the most attempts that a transaction may take.
        pad_threshold: a PAD score at or above it is taken for an attack, where the source has scores and no decisions.
        crossings: attributes to cross, e.g. ``(("sex", "age_band"),)``; ``None`` for every two.
        folds: parts that people are dealt into for held-out rates; 0 for none.
        resamples: rounds of each bootstrap.
        confidence: of every interval.
    """

    fmr_targets: tuple[float, ...] = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
    at_fmr: float | None = None
    threshold: float | None = None
    fpir: float = 0.003
    gallery_sizes: tuple[int, ...] = (420,)
    extrapolate_to: tuple[int, ...] = (1000, 4200, 42000)
    attempts: int = 3
    pad_threshold: float | None = None
    crossings: tuple[tuple[str, str], ...] | None = None
    folds: int = 10
    resamples: int = 1000
    confidence: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found; the fields are those of :class:`fairgate.measure.measured.Measured` that depend on scores.

    Args:
        mated: comparisons of one person with themself.
        non_mated: comparisons of two people.
        failures: rows without a score.
        attacks: attack presentations.
        subjects: different people; ``None`` where the source does not say.
        verification: as in ``Measured``.
        identification: as in ``Measured``.
        transactions: as in ``Measured``.
        groups: as in ``Measured``.
        quality: as in ``Measured``.
        presentations: as in ``Measured``.
        notes: what was left out or bounded, in whole sentences.
    """

    mated: int
    non_mated: int
    failures: int
    attacks: int
    subjects: int | None
    verification: Verification | None
    identification: Identification | None
    transactions: Transactions | None
    groups: tuple[GroupFigures, ...]
    quality: Quality | None
    presentations: Presentations | None
    notes: tuple[str, ...] = ()


@runtime_checkable
class CountedSource(Protocol):
    """A source that knows beforehand how many rows it has."""

    @property
    def rows(self) -> int | None:
        """How many, or ``None``."""
        ...


def evaluate(
    source: ScoreSource,
    plan: Plan,
    rng: np.random.Generator,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    each: Each = map,
) -> Figures:
    """Read a source twice and return what it shows.

    1. Survey: scores are counted in fine bins, the highest non-mated ones kept, people and searches counted. Where the
       source does not know its size and its scores fall as they come, the highest are gathered in a pass of their own.
    2. Thresholds are chosen, on everybody and without each fold's people.
    3. Tally: misses, groups, qualities, attacks, transactions and ranks are counted at those thresholds.

    Args:
        source: read twice, in the same order.
        plan: what to measure.
        rng: of folds, bootstraps and galleries.
        progress: told rows read in both passes and how many there will be; 0 where unknown in the first pass.
        each: as ``map``; e.g. that of a pool of threads. What is found does not depend on it.

    Raises:
        ScoresRefused: an FMR is not strictly between 0 and 1, or the one that the plan looks at is so high that its
            threshold lies below the scores kept.
    """
    return _Evaluation(source, plan, rng, progress, each).figures()


class _Evaluation:
    def __init__(
        self,
        source: ScoreSource,
        plan: Plan,
        rng: np.random.Generator,
        progress: Callable[[int, int], None],
        each: Each,
    ) -> None:
        self._source = source
        self._plan = plan
        self._folds_rng, self._people_rng = rng.spawn(2)
        self._progress = progress
        self._each = each
        self._notes: list[str] = []
        self._read = 0
        self._rows = source.rows if isinstance(source, CountedSource) else None
        targets = (*plan.fmr_targets, LOOKED_AT[-2], *([] if plan.at_fmr is None else [plan.at_fmr]))
        for target in targets:
            check_rate(target)
        self._survey = Survey(
            Folds(plan.folds, self._folds_rng),
            targets,
            held_out=plan.folds > 1,
            fixed=plan.threshold,
            rows=self._rows,
        )

    def figures(self) -> Figures:
        """Make both passes."""
        survey, plan, source = self._survey, self._plan, self._source
        searches = SearchSurvey(source.names, tuple(source.columns))
        self._pass(survey.parts(), [searches])
        survey.settle()
        if (top := survey.again()) is not None:
            self._pass([top], [])
            survey.settle()
        counts = survey.counts
        both = bool(counts.mated and counts.non_mated)
        at, shown = self._choose()
        points = [point for point in at if isinstance(point, ChosenPoint)]
        points += [shown] if shown is not None and shown not in points else []
        curve = curve_points(survey, [(point.threshold, point.false_matches) for point in points]) if both else None
        tally = MatedTally(
            [] if curve is None else curve.thresholds.tolist(),
            [point.threshold for point in points],
            [point.held_out for point in points],
            survey.folds if survey.people.known else None,
        )
        at_one = AtOneThreshold(
            source,
            None if shown is None else (shown.threshold, shown.target),
            people=len(source.names.subjects) if survey.people.known else None,
            asked=plan,
        )
        ranks = SearchTally(searches, plan)
        self._pass([tally], [ranks, *at_one.counters()])
        verification = None
        if curve is not None:
            made = VerificationFigures(survey, tally, rounds=plan.resamples, confidence=plan.confidence)
            verification = made.figures(at, shown, curve, self._people_rng, self._each)
            self._notes += made.notes
        told = {"probe_subject", "reference_subject"} <= set(source.columns)
        return Figures(
            mated=counts.mated,
            non_mated=counts.non_mated,
            failures=counts.failures,
            attacks=counts.attacks,
            subjects=len(source.names.subjects) if told else None,
            verification=verification,
            identification=ranks.figures(),
            transactions=at_one.transactions(),
            groups=at_one.groups(),
            quality=at_one.quality(),
            presentations=at_one.presentations(),
            notes=tuple(dict.fromkeys([*self._notes, *self._people_notes(told), *ranks.notes(), *at_one.notes()])),
        )

    def _pass(self, counters: Sequence[Counter], batch_counters: Sequence[BatchCounter]) -> None:
        start = self._read

        def read(rows: int) -> None:
            self._read += rows
            self._progress(self._read, 2 * (self._rows or 0))

        run_pass(self._source, counters, batch_counters, each=self._each, read=read)
        self._rows = self._read - start

    def _choose(self) -> tuple[list[ChosenPoint | NotResolvable], ChosenPoint | None]:
        """Return the points asked for, and the one that groups, quality, transactions and attacks are at."""
        plan, survey = self._plan, self._survey
        non_mated = survey.counts.non_mated
        wished = plan.at_fmr or next((target for target in LOOKED_AT if resolves(target, non_mated)), None)
        targets = tuple(dict.fromkeys([*plan.fmr_targets, *([] if wished is None else [wished])]))
        found = dict(zip(targets, survey.choose(targets), strict=True))
        self._note_held_out([point for point in found.values() if isinstance(point, ChosenPoint)])
        at: list[ChosenPoint | NotResolvable] = []
        for target in plan.fmr_targets:
            point = found[target]
            if not isinstance(point, NotKept):
                at.append(point)
                continue
            self._notes.append(
                f"An FMR of {target:g} is left out: it allows {point.allowed} false matches, and only the "
                f"{point.kept} highest non-mated scores were kept."
            )
        if plan.threshold is not None:
            seen = survey.counts.fixed_false_matches / non_mated if non_mated else 0.0
            return at, survey.at_fixed(plan.at_fmr or seen, plan.threshold)
        shown = None if wished is None else found[wished]
        if isinstance(shown, ChosenPoint):
            return at, shown
        if isinstance(shown, NotKept):
            raise ScoresRefused(
                f"The threshold of an FMR of {wished:g} lies below the {shown.kept} highest non-mated scores, and no "
                "more are kept. Give the threshold itself, or a lower FMR."
            )
        self._notes.append(
            "Too few non-mated comparisons for a threshold, and none was given: groups, quality, transactions and the "
            "matching of attacks are left out."
        )
        return at, None

    def _note_held_out(self, points: Sequence[ChosenPoint]) -> None:
        """Say at which targets there are no held-out rates although people are known."""
        if self._plan.folds > 1 and self._survey.people.known:
            self._notes += [
                f"Held-out rates at an FMR of {point.target:g} are left out: without the people of some fold too few "
                "comparisons, or too few of the highest scores kept, remain to choose a threshold from."
                for point in points
                if point.held_out is None
            ]

    def _people_notes(self, told: bool) -> list[str]:
        """Say why there are no figures by people."""
        if not told:
            return ["The scores do not say whose they are: intervals take every comparison as independent."]
        if not self._survey.people.known:
            return ["Some comparisons do not say whose they are: intervals take every comparison as independent."]
        return []
