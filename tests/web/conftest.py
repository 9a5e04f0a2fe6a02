"""Measurements made up by hand, for pages about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from fairgate.measure.discard import DiscardPoint, GroupDiscard, Quality
from fairgate.measure.groups.figures import GroupFigures, GroupRates, LargestDifference, Verdict, WorstRatios
from fairgate.measure.histogram import ScoreHistogram
from fairgate.measure.identification import mean_rate
from fairgate.measure.intervals import IntervalMethod, Proportion, clopper_pearson
from fairgate.measure.measured import Measured, Method, Source, SourceFile
from fairgate.measure.presentations import AttackKind, Presentations
from fairgate.measure.rates import NotResolvable
from fairgate.measure.search_figures import CmcPoint, GrowthPoint, Identification, SearchPoint, WithoutError
from fairgate.measure.transactions import ChainLink, Transactions, WithAttempts
from fairgate.measure.verification import DetCurve, EqualError, FnmrAtFmr, Verification

NON_MATED, MATED = 1_250_000, 2_513


def by_people(count: int, of: int, wider: float = 1.4) -> Proportion:
    plain = clopper_pearson(count, of)
    value = plain.value or 0.0
    return Proportion(
        count,
        of,
        value,
        max(0.0, value - wider * (value - plain.low)),
        min(1.0, value + wider * (plain.high - value)),
        IntervalMethod.SUBJECT_BOOTSTRAP,
    )


def point(target: float, threshold: float, false: int, missed: int, *, people: bool = True) -> FnmrAtFmr:
    return FnmrAtFmr(
        target=target,
        threshold=threshold,
        fmr=clopper_pearson(false, NON_MATED),
        fnmr=clopper_pearson(missed, MATED),
        fmr_by_subject=by_people(false, NON_MATED, 2.1) if people else None,
        fnmr_by_subject=by_people(missed, MATED) if people else None,
        held_out_fmr=by_people(false + 3, NON_MATED, 2.3) if people else None,
        held_out_fnmr=by_people(missed + 1, MATED) if people else None,
        folds=10 if people else 0,
    )


def a_histogram(threshold: float) -> ScoreHistogram:
    edges = tuple(0.60 + 0.01 * bin_ for bin_ in range(41))
    mated = tuple(0 if bin_ < 20 else round(2.6 * (bin_ - 19) ** 1.9) for bin_ in range(40))
    non_mated = tuple(round(NON_MATED / 8 * 2.718 ** (-((bin_ - 12) ** 2) / 22)) for bin_ in range(40))
    return ScoreHistogram(edges, mated, non_mated, threshold)


def a_verification(*, people: bool = True) -> Verification:
    thresholds = tuple(0.60 + 0.002 * step for step in range(200))
    rates = [10 ** (-step / 32) for step in range(200)]
    false = tuple(int(NON_MATED * rate) for rate in rates)
    misses = tuple(min(MATED, int(24 * (rate / 1e-4) ** -0.3)) for rate in rates)
    return Verification(
        at=(
            point(1e-2, 0.712, 12_498, 6, people=people),
            point(1e-3, 0.801, 1_249, 13, people=people),
            point(1e-4, 0.88, 124, 24, people=people),
            NotResolvable(1e-6, NON_MATED, 1.25),
        ),
        det=DetCurve(thresholds, false, misses, NON_MATED, MATED),
        equal_error=EqualError(0.731, clopper_pearson(8_750, NON_MATED), clopper_pearson(18, MATED)),
        histogram=a_histogram(0.88),
    )


def an_identification() -> Identification:
    return Identification(
        probes=900,
        with_mate=780,
        people=512,
        points=(
            SearchPoint(
                100,
                0.03,
                0.91,
                True,
                "counted on searches without mate",
                mean_rate(25.2, 900),
                mean_rate(16.4, 780),
                0.031,
                True,
            ),
            SearchPoint(
                420,
                0.003,
                0.952,
                False,
                "tail of a generalised Pareto distribution",
                mean_rate(2.61, 900),
                mean_rate(31, 780),
                0.0031,
                True,
            ),
        ),
        ranks=tuple(CmcPoint(rank, mean_rate(780 - 22 / rank, 780)) for rank in range(1, 21)),
        ranks_size=511,
        growth=tuple(
            GrowthPoint(
                size,
                0.9 + 0.01 * step,
                0.003,
                0.02 + 0.012 * step,
                0.012 + 0.01 * step,
                0.033 + 0.016 * step,
                size > 511,
            )
            for step, size in enumerate((50, 100, 200, 420, 1000, 4200, 42_000))
        ),
        growth_assumption="The chance of each further reference to score highest is independent of the others.",
        without_error=(
            WithoutError(50, 0.62, 0.51, 0.72, 400, "counted on drawn flights"),
            WithoutError(180, 0.21, 0.09, 0.38, 0, "every passenger errs independently at the FNIR for 180"),
        ),
    )


def transactions() -> Transactions:
    counts = (("offered", 800), ("captured", 796), ("usable", 781), ("with_reference", 770), ("matched", 752))
    chain = [ChainLink("offered", clopper_pearson(800, 800), clopper_pearson(800, 800))]
    chain += [
        ChainLink(name, clopper_pearson(now, before), clopper_pearson(now, 800))
        for (_, before), (name, now) in pairwise(counts)
    ]
    return Transactions(
        target=1e-4,
        threshold=0.88,
        policy="The first attempt that matches ends a transaction; at most 3 attempts count",
        attempts_known=True,
        failure_to_enrol=clopper_pearson(11, 800),
        failure_to_acquire=clopper_pearson(31, 1_420),
        by_attempts=tuple(
            WithAttempts(number, clopper_pearson(missed, 800), clopper_pearson(passed, 5_000))
            for number, missed, passed in ((1, 71, 0), (2, 55, 1), (3, 48, 2))
        ),
        chain=tuple(chain),
        product=752 / 800,
    )


def an_attribute(name: str, rates: list[tuple[str, int, int, int, int]], verdict: Verdict) -> GroupFigures:
    """Rates: label, missed, mated, false matches, non-mated."""
    confidence = 1 - 0.05 / len(rates)
    groups = tuple(
        GroupRates(
            label,
            of // 4,
            clopper_pearson(missed, of, confidence),
            clopper_pearson(false, others, confidence),
            of < 300,
            0.012 if of >= 300 else None,
            2.4 if of >= 300 else None,
            0.81 if of >= 300 else 0.06,
            0.77 if of >= 300 else 0.04,
        )
        for label, missed, of, false, others in rates
    )
    labels = [group.label for group in groups]
    return GroupFigures(
        attribute=name,
        target=1e-4,
        threshold=0.88,
        confidence=0.95,
        groups=groups,
        fmr_matrix=tuple(
            tuple(
                group.fmr if row == column else clopper_pearson((3 * row + column) % 4, 31_000 + 17 * row, confidence)
                for column in range(len(groups))
            )
            for row, group in enumerate(groups)
        ),
        fnmr_ratios=WorstRatios(labels[-1], labels[0], 2.31, 4.2, (labels[0],)),
        fmr_ratios=WorstRatios(labels[0], labels[-1], 3.1, None, ()),
        fnmr_difference=LargestDifference(labels[-1], labels[0], 0.021, -0.004, 0.06),
        fmr_difference=LargestDifference(labels[0], labels[-1], None, 0.4, None),
        fnmr_verdict=verdict,
        fmr_verdict=verdict,
        verdict=verdict,
        unlabelled=412,
        zero_rule="A group without an error counts as half an error for the ratios.",
    )


def a_quality() -> Quality:
    return Quality(
        side="probe",
        target=1e-4,
        threshold=0.88,
        without_quality=37,
        points=tuple(
            DiscardPoint(
                float(step),
                clopper_pearson(25 * step, 2_476),
                clopper_pearson(max(2, 24 - 3 * step // 2), 2_476 - 25 * step),
            )
            for step in range(31)
        ),
        area=0.0009,
        area_unsorted=0.0019,
        area_up_to=0.2,
        example_discard=0.1,
        by_group=(
            GroupDiscard("age_band", "70+", clopper_pearson(61, 240)),
            GroupDiscard("age_band", "30-39", clopper_pearson(40, 700)),
        ),
    )


def presentations() -> Presentations:
    return Presentations(
        pad_threshold=0.5,
        threshold=0.88,
        kinds=(
            AttackKind(
                "printed photo",
                clopper_pearson(1, 150),
                clopper_pearson(0, 150),
                clopper_pearson(1, 150),
                0.052,
                0.03,
                0.09,
            ),
            AttackKind(
                "screen", clopper_pearson(0, 150), clopper_pearson(2, 150), clopper_pearson(0, 150), 0.045, 0.02, 0.07
            ),
            AttackKind("silicone mask", clopper_pearson(9, 60), clopper_pearson(0, 60), None, None, None, None),
        ),
        bpcer=clopper_pearson(14, 800),
        no_response=clopper_pearson(3, 800),
        frr=clopper_pearson(36, 800),
        worst="silicone mask",
    )


def a_full_measurement() -> Measured:
    return Measured(
        title="Trial at gate 14, spring",
        source=Source(
            files=(SourceFile("spring.parquet", "ab" * 32, 1_000_000), SourceFile("summer.csv", "cd" * 32, 254_000)),
            mated=MATED,
            non_mated=NON_MATED,
            failures=46,
            attacks=360,
            subjects=640,
            columns=("score", "mated", "probe_subject", "reference_subject", "probe_quality", "attempt"),
        ),
        method=Method(
            command="fairgate measure scores /srv/ada/spring.parquet ../summer.csv --seed 42 --html=/tmp/jo/out.html",
            seed=42,
            resamples=1000,
            folds=10,
            confidence=0.95,
            made_at=datetime(2026, 11, 22, 10, 15, tzinfo=UTC),
            made_by="fairgate 0.1.0",
            pack=("dlib-cc0", "9f" * 32),
            notes=("Non-mated comparisons of one photo with itself were left out: 3 rows.",),
        ),
        verification=a_verification(),
        identification=an_identification(),
        transactions=transactions(),
        groups=(
            an_attribute("sex", [("F", 9, 1180, 44, 290_000), ("M", 13, 1260, 70, 310_000)], Verdict.NOT_SHOWN),
            an_attribute(
                "age_band",
                [
                    ("30-39", 0, 700, 9, 90_000),
                    ("20-29", 4, 640, 4, 80_000),
                    ("40-49", 6, 590, 22, 70_000),
                    ("70+", 8, 240, 0, 9_000),
                    ("under 18", 0, 0, 0, 0),
                ],
                Verdict.DIFFERENCE,
            ),
        ),
        quality=a_quality(),
        presentations=presentations(),
    )


@pytest.fixture(scope="session")
def full() -> Measured:
    """A measurement with every part."""
    return a_full_measurement()


@pytest.fixture(scope="session")
def minimal(full: Measured) -> Measured:
    """Two kinds of scores and nothing else: no people, no labels, no pack, nothing resolvable."""
    return replace(
        full,
        source=Source((SourceFile("scores.npz", "0" * 64, 60),), 20, 40, 0, 0, None, ("score", "mated")),
        method=replace(full.method, pack=None, notes=(), folds=0, command=""),
        verification=Verification(
            at=tuple(NotResolvable(target, 40, 40 * target) for target in (1e-2, 1e-3, 1e-4)),
            det=DetCurve((0.1, 0.4, 0.9), (40, 0, 0), (0, 0, 20), 40, 20),
            equal_error=None,
            histogram=ScoreHistogram((0.0, 0.5, 1.0), (0, 20), (40, 0), 0.5),
        ),
        identification=None,
        transactions=None,
        groups=(),
        quality=None,
        presentations=None,
    )


@pytest.fixture(scope="session")
def faultless(full: Measured) -> Measured:
    """Everything was tried and no error seen."""
    none = clopper_pearson(0, 900)
    seen = full.verification
    assert seen is not None
    assert full.identification is not None
    assert full.transactions is not None
    assert full.quality is not None
    assert full.presentations is not None
    return replace(
        full,
        verification=replace(
            seen,
            at=(FnmrAtFmr(1e-3, 0.5, clopper_pearson(0, 90_000), none),),
            det=DetCurve((0.2, 0.5, 0.9), (90_000, 0, 0), (0, 0, 900), 90_000, 900),
            equal_error=None,
            histogram=ScoreHistogram((0.0, 0.5, 1.0), (0, 900), (90_000, 0), 0.5),
        ),
        identification=replace(
            full.identification,
            points=(SearchPoint(100, 0.03, 0.5, True, "counted", mean_rate(0, 900), mean_rate(0, 900)),),
            ranks=(CmcPoint(1, mean_rate(900, 900)),),
            growth=(GrowthPoint(100, 0.5, 0.0, 0.0, 0.0, 0.004, False),),
            without_error=(WithoutError(100, 1.0, 0.7, 1.0, 0, "computed"),),
        ),
        transactions=replace(
            full.transactions,
            failure_to_enrol=none,
            failure_to_acquire=none,
            by_attempts=(WithAttempts(1, none, none),),
        ),
        groups=(an_attribute("sex", [("F", 0, 500, 0, 9_000), ("M", 0, 400, 0, 8_000)], Verdict.NO_DIFFERENCE),),
        quality=replace(full.quality, points=(DiscardPoint(0.0, none, none),), by_group=()),
        presentations=replace(
            full.presentations,
            kinds=(AttackKind("screen", none, none, none, 0.0, 0.0, 0.004),),
            bpcer=none,
            no_response=none,
            frr=none,
        ),
    )


@pytest.fixture(scope="session")
def huge(full: Measured) -> Measured:
    """Twenty attributes and crossings of fifty groups."""
    rates = [
        (f"group {number} × band", number % 9, 2_000 - 39 * number, number % 5, 104_532 - 1_900 * number)
        for number in range(50)
    ]
    return replace(full, groups=tuple(an_attribute(f"a{one} × b", rates, Verdict.NOT_SHOWN) for one in range(20)))
