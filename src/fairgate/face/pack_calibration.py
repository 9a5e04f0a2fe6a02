"""Calibration records: which threshold gives which error rate, measured on what, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fairgate.errors import CalibrationMissing, CalibrationOfAnotherPack
from fairgate.face.pack_table import Table

VERIFICATION = "verification"
IDENTIFICATION = "identification"
AMONG_THEMSELVES = "among_themselves"
SAME_PHOTO = "same_photo"
_OF_A_SIZE = (IDENTIFICATION, AMONG_THEMSELVES)

LEAST_EXPECTED_ERRORS = 3.0
"""Below this many expected errors the data do not resolve an error rate.

Source: the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983): no error in n trials bounds the rate at 3/n with
95 % confidence, so fewer than three expected errors cannot be told from none; it is the rule of issue 2 too.
"""

_LARGEST_COUNT = 10**15


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the threshold did on subjects that it was not chosen on.

    Args:
        errors: how many went wrong; not whole where it is a mean over resampled galleries.
        of: how many were tried.
        low: lower end of the interval of the rate, in [0, 1].
        high: upper end, in [0, 1].
    """

    errors: float
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationRecord:
    """One threshold with its evidence.

    Args:
        id: unique within the pack, e.g. ``"verification-fmr-1e-4"``.
        kind: ``"verification"`` (1:1), ``"identification"`` (1:N), ``"among_themselves"`` (the references of one list
            compared with one another) or ``"same_photo"`` (two pictures of one person that are one photo).
        target: in (0, 1): the FMR (verification), the FPIR (identification), the false alarms expected in one list
            (among themselves), or the share of different photos of one person that may be called one (same photo).
        gallery_size: references in the gallery or list that the target is for; ``None`` for the other kinds.
        threshold: the score is a match at or above it; cosine, in [-1, 1].
        threshold_method: how it was found; says "extrapolated" where ``resolvable`` is false.
        data: the data set, in words.
        data_sha256: digest of the list of files or scores that were used.
        subjects: how many people.
        mated: comparisons of one person with themself; for the same photo, pairs that are one.
        non_mated: comparisons of two people; for the same photo, pairs of different photos of one person.
        errors_expected: false matches (false positive searches) expected at the target in that data.
        errors_observed: those seen at the threshold.
        low: lower end of the interval of the observed rate, in [0, 1].
        high: upper end, in [0, 1].
        interval_method: how the interval was computed, e.g. ``"Wilson 95 %"``.
        resolvable: whether at least three errors were expected.
        held_out_false_positives: on subjects the threshold was not chosen on (folds by subject).
        held_out_misses: mated comparisons (searches) missed there.
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


def _bounds(table: Table) -> tuple[float, float]:
    low, high = table.number("low", 0.0, 1.0), table.number("high", 0.0, 1.0)
    if low > high:
        raise table.refuse("low", "must not exceed high")
    return low, high


def _held_out(table: Table) -> HeldOut:
    of = table.integer("of", 1, _LARGEST_COUNT)
    errors = table.number("errors", 0.0, of)
    low, high = _bounds(table)
    table.end()
    return HeldOut(errors, of, low, high)


def _record(table: Table, pack_digest: str) -> CalibrationRecord:
    kind = table.one_of("kind", (VERIFICATION, IDENTIFICATION, AMONG_THEMSELVES, SAME_PHOTO))
    low, high = _bounds(table)
    record = CalibrationRecord(
        id=table.text("id"),
        kind=kind,
        target=table.number("target"),
        gallery_size=table.integer("gallery_size", 1, _LARGEST_COUNT) if kind in _OF_A_SIZE else None,
        threshold=table.number("threshold", -1.0, 1.0),
        threshold_method=table.text("threshold_method"),
        data=table.text("data"),
        data_sha256=table.sha256("data_sha256"),
        subjects=table.integer("subjects", 1, _LARGEST_COUNT),
        mated=table.integer("mated", 0, _LARGEST_COUNT),
        non_mated=table.integer("non_mated", 1, _LARGEST_COUNT),
        errors_expected=table.number("errors_expected", 0.0),
        errors_observed=table.number("errors_observed", 0.0),
        low=low,
        high=high,
        interval_method=table.text("interval_method"),
        resolvable=table.boolean("resolvable"),
        held_out_false_positives=_held_out(table.table("held_out_false_positives")),
        held_out_misses=_held_out(table.table("held_out_misses")),
        made_on=table.day("made_on"),
        pack_digest=table.sha256("pack_digest"),
    )
    table.end()
    if not 0.0 < record.target < 1.0:
        raise table.refuse("target", "must lie strictly between 0 and 1")
    if record.resolvable != (record.errors_expected >= LEAST_EXPECTED_ERRORS):
        raise table.refuse("resolvable", "must be true exactly where at least three errors were expected")
    if not record.resolvable and "extrapolated" not in record.threshold_method:
        raise table.refuse("threshold_method", 'must say "extrapolated" where the data do not resolve the target')
    if record.pack_digest != pack_digest:
        raise CalibrationOfAnotherPack(
            f"Calibration record {record.id} was made with another pack than this one ({pack_digest[:12]}…).",
            way_out="Calibrate again: models, sizes or normalisation have changed since.",
        )
    return record


def read_records(tables: Iterable[Table], pack_digest: str) -> tuple[CalibrationRecord, ...]:
    """Read and check a pack's calibration records.

    Args:
        tables: one a record.
        pack_digest: of the pack they stand in; every record must name it.

    Returns:
        In the file's order; none is allowed, since operating without a record is what is refused.

    Raises:
        PackFormRefused: a field is missing, wrong or contradicts another, or two records claim one operating point.
        CalibrationOfAnotherPack: a record names another pack's digest.
    """
    records: list[CalibrationRecord] = []
    seen: set[object] = set()
    for table in tables:
        record = _record(table, pack_digest)
        for claim in (record.id, (record.kind, record.target, record.gallery_size)):
            if claim in seen:
                raise table.refuse("id", "repeats an earlier record's id or operating point")
            seen.add(claim)
        records.append(record)
    return tuple(records)


def for_verification(records: Iterable[CalibrationRecord], fmr: float, pack_id: str) -> CalibrationRecord:
    """Return the record for exactly this FMR."""
    for record in records:
        if record.kind == VERIFICATION and math.isclose(record.target, fmr, rel_tol=1e-9):
            return record
    raise CalibrationMissing(
        f"Pack {pack_id} has no calibration record for verification at FMR {fmr:g}.",
        way_out="Choose an operating point that the pack was calibrated for, or calibrate it.",
    )


def for_identification(
    records: Iterable[CalibrationRecord], fpir: float, gallery_size: int, pack_id: str
) -> CalibrationRecord:
    """Return the record of the smallest gallery that is large enough, for exactly this FPIR."""
    found = _smallest(records, IDENTIFICATION, fpir, gallery_size)
    if found is None:
        raise CalibrationMissing(
            f"Pack {pack_id} has no calibration record for identification at FPIR {fpir:g} among {gallery_size}.",
            way_out="Choose an operating point that the pack was calibrated for, or calibrate it.",
        )
    return found


def for_list_among_itself(
    records: Iterable[CalibrationRecord], alarms: float, references: int, pack_id: str
) -> CalibrationRecord:
    """Return the record of the smallest list that is large enough, for exactly so many expected false alarms."""
    found = _smallest(records, AMONG_THEMSELVES, alarms, references)
    if found is None:
        raise CalibrationMissing(
            f"A list of {references} references cannot be checked for one face under two identities: pack {pack_id} "
            f"has no calibration record for {alarms:g} false alarms in a list so large.",
            way_out="Calibrate the pack with `fairgate packs calibrate`, or take one that was calibrated for it.",
        )
    return found


def for_same_photo(records: Iterable[CalibrationRecord]) -> CalibrationRecord | None:
    """Return the record for one photo used twice, where there is one: without it, nothing is called one photo."""
    return next((record for record in records if record.kind == SAME_PHOTO), None)


def _smallest(records: Iterable[CalibrationRecord], kind: str, target: float, size: int) -> CalibrationRecord | None:
    fitting = [
        (record.gallery_size, record)
        for record in records
        if record.kind == kind
        and record.gallery_size is not None
        and record.gallery_size >= size
        and math.isclose(record.target, target, rel_tol=1e-9)
    ]
    return min(fitting, key=lambda item: item[0])[1] if fitting else None
