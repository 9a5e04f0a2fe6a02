"""From comparisons to figures: two passes over a source of scores, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.discard import Quality
from fairgate.measure.groups.figures import GroupFigures
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.presentations import Presentations
from fairgate.measure.search_figures import Identification
from fairgate.measure.transactions import Transactions
from fairgate.measure.verification import Verification


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
