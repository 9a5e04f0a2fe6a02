"""Calibration from a full score matrix."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, replace
from datetime import date

import numpy as np
import pytest

from fairgate.errors import ScoresRefused
from fairgate.measure.calibration import OPERATING_POINTS, OperatingPoint, Provenance, calibrate
from fairgate.measure.calibration_record import CalibrationRecord
from fairgate.measure.calibration_toml import render_calibration_toml
from fairgate.measure.portraits import Comparisons, Portraits, folds_by_subject, portraits
from fairgate.measure.rates import ThresholdFound, fmr_at, fnmr_at, threshold_at_fmr
from fairgate.measure.thresholds import bootstrap_intervals, choose_thresholds

WHERE_FROM = Provenance("simulated faces", "0" * 64, "1" * 64, date(2026, 11, 22))


def simulated(people: int, seed: int = 1, dimensions: int = 40, noise: float = 0.55) -> Portraits:
    """Two portraits for the first half, one for the rest: unit vectors around a person's own."""
    rng = np.random.default_rng(seed)
    centre = rng.normal(size=(people, dimensions))
    rows = [(index, older) for index in range(people) for older in (True, False) if older or index < people // 2]
    features = np.array([centre[index] + noise * rng.normal(size=dimensions) for index, _ in rows])
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    names = [f"s{index:03}" for index, _ in rows]
    return portraits(names, [older for _, older in rows], features @ features.T, {"s001"})


@pytest.fixture(scope="module")
def faces() -> Portraits:
    return simulated(160)


@pytest.fixture(scope="module")
def records(faces: Portraits) -> tuple[CalibrationRecord, ...]:
    return calibrate(faces, WHERE_FROM, np.random.default_rng(7), folds=5, resamples=20)


def test_each_comparison_has_its_place(faces: Portraits) -> None:
    """Of 240 portraits of 160 people, 80 pairs share a person; the same photo twice is neither mated nor non-mated."""
    first, second = faces.non_mated()
    assert first.size == 240 * 239 // 2 - 80
    assert (faces.subjects[first] != faces.subjects[second]).all()
    older, newer = faces.pairs()
    assert older.size == 79
    assert faces.enrolled[older].all()
    assert not faces.enrolled[newer].any()
    assert "s001" not in faces.subjects[older]


def test_searches_never_meet_the_same_photo(faces: Portraits) -> None:
    """The 80 with a newer portrait probe; 79 have a mate, the one whose photo appears twice has none; all meet 159."""
    made = faces.searched(faces.people().tolist())
    assert len(made.mates) == 80
    assert np.isfinite(made.mates).sum() == 79
    assert set(made.others_count.tolist()) == {159}


def test_folds_are_disjoint_and_whole() -> None:
    """Every person is in exactly one of five folds, and folds differ by one person at most."""
    people = [f"s{index}" for index in range(23)]
    parts = folds_by_subject(people, 5, np.random.default_rng(3))
    assert sorted(person for part in parts for person in part) == sorted(people)
    assert {len(part) for part in parts} == {4, 5}
    with pytest.raises(ScoresRefused):
        folds_by_subject(people, 1, np.random.default_rng(3))


def test_records_answer_every_operating_point(faces: Portraits, records: tuple[CalibrationRecord, ...]) -> None:
    """Counts, observed errors and intervals are those of the data; what three errors do not resolve is extrapolated."""
    assert [record.id for record in records] == [point.name for point in OPERATING_POINTS]
    assert records[0].id == "verification-fmr-1e-3"
    assert records[5].id == "identification-fpir-0.003-n-420"
    for point, record in zip(OPERATING_POINTS, records, strict=True):
        scores = faces.scores[faces.non_mated(point.comparisons)]
        assert (record.subjects, record.mated, record.non_mated) == (160, 79, scores.size)
        observed = fmr_at(scores, record.threshold)
        assert (record.errors_observed, record.low, record.high) == (observed.count, observed.low, observed.high)
        assert record.resolvable == (record.errors_expected >= 3)
        assert record.resolvable == ("extrapolated" not in record.threshold_method)
        if record.resolvable:
            assert record.errors_observed <= record.errors_expected
    assert {record.resolvable for record in records} == {True, False}


def test_stricter_points_have_higher_thresholds(records: tuple[CalibrationRecord, ...]) -> None:
    """A lower false match rate never gets a lower threshold, counted or extrapolated."""
    for same_kind in (records[:2], records[2:]):
        thresholds = [record.threshold for record in same_kind]
        assert thresholds == sorted(thresholds)


def test_counted_thresholds_are_those_of_the_rates(faces: Portraits, records: tuple[CalibrationRecord, ...]) -> None:
    """Where the data resolve a rate, the threshold is the observed score that the rate asks for, to six decimals."""
    found = threshold_at_fmr(faces.scores[faces.non_mated()], 1e-3)
    assert isinstance(found, ThresholdFound)
    assert records[0].threshold == pytest.approx(found.threshold, abs=1e-6)
    assert records[0].errors_observed == found.errors.count


def test_held_out_people_are_judged_by_thresholds_made_without_them(faces: Portraits) -> None:
    """Held-out counts at 1:1 equal those of folds worked out by hand, each fold by the threshold of the others."""
    (record,) = calibrate(
        faces, WHERE_FROM, np.random.default_rng(7), points=OPERATING_POINTS[:1], folds=5, resamples=20
    )
    missed, pairs, wrong, tried = 0, 0, 0, 0
    people = faces.people().tolist()
    for part in folds_by_subject(people, 5, np.random.default_rng(7)):
        rest = faces.only(set(people) - part)
        found = threshold_at_fmr(rest.scores[rest.non_mated()], 1e-3)
        assert isinstance(found, ThresholdFound)
        mates = [
            faces.scores[older, newer]
            for older, newer in zip(*faces.pairs(), strict=True)
            if faces.subjects[newer] in part
        ]
        others = [
            faces.scores[probe, reference]
            for probe in np.flatnonzero(~faces.enrolled)
            for reference in np.flatnonzero(faces.enrolled)
            if faces.subjects[probe] in part and faces.subjects[probe] != faces.subjects[reference]
        ]
        missed += fnmr_at(mates, found.threshold).count
        wrong += fmr_at(others, found.threshold).count
        pairs, tried = pairs + len(mates), tried + len(others)
    assert (record.held_out_misses.errors, record.held_out_misses.of) == (missed, pairs)
    assert (record.held_out_false_positives.errors, record.held_out_false_positives.of) == (wrong, tried)
    assert (pairs, tried) == (79, 80 * 159)


def test_held_out_searches_cover_everybody(records: tuple[CalibrationRecord, ...]) -> None:
    """Every newer portrait searches once as a stranger, and those with an older one once among a gallery with it."""
    for record in records[2:]:
        assert record.held_out_false_positives.of == 80
        assert record.held_out_misses.of == 79
        assert 0 <= record.held_out_misses.low <= record.held_out_misses.errors / 79 <= record.held_out_misses.high <= 1
    assert "no gallery of 420" in records[5].threshold_method


def test_the_same_seed_gives_the_same_records(faces: Portraits, records: tuple[CalibrationRecord, ...]) -> None:
    """Randomness is handed in, and nothing else varies."""
    assert calibrate(faces, WHERE_FROM, np.random.default_rng(7), folds=5, resamples=20) == records


def test_extrapolation_reaches_what_more_people_would_count() -> None:
    """A threshold extrapolated from 200 people is near the one that 1500 people from the same world resolve."""
    few, many = simulated(200, seed=11), simulated(1500, seed=12)
    rate = 2e-5
    (guessed,) = choose_thresholds(few, [rate])
    counted = threshold_at_fmr(many.scores[many.non_mated()], rate)
    assert not guessed.resolvable
    assert isinstance(counted, ThresholdFound)
    ((low, high),) = bootstrap_intervals(few, [rate], np.random.default_rng(5), resamples=60)
    assert low < counted.threshold < high
    assert guessed.threshold == pytest.approx(counted.threshold, abs=0.05)


def test_a_search_is_calibrated_on_what_it_compares() -> None:
    """Where enrolled portraits resemble each other, thresholds for searches do not rise with them."""
    plain = simulated(160)
    both_old = plain.enrolled[:, None] & plain.enrolled[None, :]
    shifted = portraits(plain.subjects.tolist(), plain.enrolled.tolist(), plain.scores + 0.2 * both_old)
    for which, moved in ((Comparisons.ALL, True), (Comparisons.NEW_WITH_OLD, False)):
        before, after = (choose_thresholds(faces, [1e-3], which)[0] for faces in (plain, shifted))
        assert (after.threshold > before.threshold) == moved
    older, newer = shifted.non_mated(Comparisons.NEW_WITH_OLD)
    assert (shifted.enrolled[older] != shifted.enrolled[newer]).all()
    assert older.size == 160 * 80 - 80


def test_people_are_drawn_not_comparisons() -> None:
    """Where one person looks like everybody, the interval knows it: it is wider than for comparisons on their own."""
    rng = np.random.default_rng(4)
    plain = rng.normal(0.0, 0.1, size=(120, 120))
    wolf = plain.copy()
    wolf[0, :] += 0.4
    names = [f"s{index:03}" for index in range(120)]
    widths = []
    for table in (plain, wolf):
        upper = np.triu(table, 1)
        made = portraits(names, [True] * 120, upper + upper.T)
        ((low, high),) = bootstrap_intervals(made, [0.01], np.random.default_rng(5), resamples=80)
        widths.append(high - low)
    assert widths[1] > 3 * widths[0]


def test_the_toml_reads_back_as_the_record(records: tuple[CalibrationRecord, ...]) -> None:
    """What is written is TOML with the record's fields as keys; nine digits survive, and None is absent."""
    awkward = replace(records[0], data='a "quoted" name\twith \\ and é \x7f')
    tables = tomllib.loads(render_calibration_toml([awkward, *records[1:]]))["calibration"]
    assert len(tables) == len(records)
    for table, record in zip(tables, [awkward, *records[1:]], strict=True):
        expected = {key: value for key, value in asdict(record).items() if value is not None}
        assert set(table) == set(expected)
        for key, value in expected.items():
            if isinstance(value, float):
                assert table[key] == pytest.approx(value, rel=1e-8)
            elif isinstance(value, dict):
                assert table[key] == {name: pytest.approx(part, rel=1e-8) for name, part in value.items()}
            else:
                assert table[key] == value
        assert table["threshold"] == record.threshold


def test_a_figure_that_is_not_finite_is_not_written(records: tuple[CalibrationRecord, ...]) -> None:
    """NaN never reaches a pack."""
    with pytest.raises(ScoresRefused):
        render_calibration_toml([replace(records[0], threshold=float("nan"))])


def test_unusable_portraits_are_refused() -> None:
    """Wrong shapes, asymmetry, NaN, or a person twice on one side are refused; so is asking for nothing."""
    good = np.eye(2)
    for subjects, older, table in (
        (["a"], [True], np.eye(1)),
        (["a", "b"], [True], good),
        (["a", "b"], [True, False], np.array([[1.0, 0.1], [0.2, 1.0]])),
        (["a", "b"], [True, False], np.full((2, 2), np.nan)),
        (["a", "a"], [True, True], good),
    ):
        with pytest.raises(ScoresRefused):
            portraits(subjects, older, table)
    with pytest.raises(ScoresRefused):
        calibrate(simulated(40), WHERE_FROM, np.random.default_rng(1), points=())
    with pytest.raises(ScoresRefused):
        bootstrap_intervals(simulated(40), [0.1], np.random.default_rng(1), resamples=5)


def test_operating_points_are_named_for_what_they_hold() -> None:
    """Names are stable, short and unique."""
    assert OperatingPoint("verification", 5e-05).name == "verification-fmr-5e-5"
    assert len({point.name for point in OPERATING_POINTS}) == len(OPERATING_POINTS)
