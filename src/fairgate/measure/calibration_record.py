"""A threshold with its evidence, as measuring makes it and a pack keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was measured, with what, and when; handed in, since this part reads neither files nor a clock.

    Args:
        data: the data set, in words.
        data_sha256: digest of the list of files or scores used.
        pack_digest: the pack that made the scores.
        made_on: day of the measurement.
    """

    data: str
    data_sha256: str
    pack_digest: str
    made_on: date


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What thresholds did on people that they were not chosen on.

    Args:
        errors: how many went wrong; not whole where it is a mean over galleries.
        of: how many were tried.
        low: lower end of the Clopper-Pearson interval of the rate, in [0, 1].
        high: upper end.
    """

    errors: float
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationRecord:
    """One threshold with its evidence; the fields are the keys of a pack's ``[[calibration]]`` tables.

    Args:
        id: unique within the pack.
        kind: ``"verification"``, ``"identification"``, ``"among_themselves"`` or ``"same_photo"``.
        target: the FMR, the FPIR, the false alarms of one list, or the share of different photos called one.
        gallery_size: references that the target is for; ``None`` for verification and for the same photo.
        threshold: a score at or above it is a match.
        threshold_method: how it was found, with its interval; says "extrapolated" where ``resolvable`` is false.
        data: the data set, in words.
        data_sha256: digest of the list of files or scores used.
        subjects: how many people.
        mated: comparisons of one person with themself.
        non_mated: comparisons of two people.
        errors_expected: false matches expected among the non-mated comparisons at the target.
        errors_observed: those at or above the threshold.
        low: lower end of the interval of the observed false match rate.
        high: upper end.
        interval_method: how that interval was computed.
        resolvable: at least three false matches were expected.
        held_out_false_positives: false matches (1:1) or false positive searches (1:N) of held-out people.
        held_out_misses: their mated comparisons or searches missed.
        made_on: day of the measurement.
        pack_digest: the pack it holds for, and no other.
    """

    id: str
    kind: str
    target: float
    gallery_size: int | None
    threshold: float
    threshold_method: str
    data: str
    data_sha256: str
    subjects: int
    mated: int
    non_mated: int
    errors_expected: float
    errors_observed: float
    low: float
    high: float
    interval_method: str
    resolvable: bool
    held_out_false_positives: HeldOut
    held_out_misses: HeldOut
    made_on: date
    pack_digest: str
