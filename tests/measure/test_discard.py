"""Error versus discard: the curve, its area and whom a limit hits."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.measure.discard import Quality, Side
from fairgate.measure.discard_bins import QualityBins
from fairgate.measure.discard_figures import MOST_POINTS, curve_area, ideal_area
from fairgate.measure.discard_words import group_discard_in_words, quality_in_words
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.rates import fnmr_at
from fairgate.measure.scores.batch import Names, ScoreBatch
from fairgate.measure.scores.in_memory import InMemoryScores, from_arrays
from fairgate.measure.scores.quality_tally import QualityTally

rows = st.lists(st.tuples(st.sampled_from([0.2, 0.8]), st.integers(0, 6)), min_size=1, max_size=40)


def tallied(source: InMemoryScores, side: Side | None = None, area_up_to: float = 0.2) -> QualityTally:
    """Return the tally of a source at threshold 0.5."""
    tally = QualityTally(0.5, 1e-3, source.names, side=side, area_up_to=area_up_to)
    for batch in source.batches():
        tally.add(batch)
    return tally


def curve(source: InMemoryScores, side: Side | None = None, area_up_to: float = 0.2) -> Quality:
    """Return the curve of a source at threshold 0.5."""
    quality = tallied(source, side, area_up_to).figures()
    assert quality is not None
    return quality


def test_curve_by_hand() -> None:
    """Ten mated comparisons, misses at qualities 1, 2 and 5: each distinct quality is a limit, ties go together.

    quality  1 2 2 3 4 5 5 6 7 8; missed at 1, one of the 2s, one of the 5s.
    limit    1    2    3    4    5    6    7    8
    dropped  0    1    3    4    5    7    8    9
    missed   3    2    1    1    1    0    0    0
    """
    score = [0.1, 0.1, 0.9, 0.9, 0.9, 0.1, 0.9, 0.9, 0.9, 0.9]
    quality = curve(from_arrays(score, [True] * 10, probe_quality=[1, 2, 2, 3, 4, 5, 5, 6, 7, 8]))
    assert quality.side == Side.PROBE
    assert [point.limit for point in quality.points] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [point.discarded.count for point in quality.points] == [0, 1, 3, 4, 5, 7, 8, 9]
    assert [(p.fnmr.count, p.fnmr.of) for p in quality.points] == [
        (3, 10), (2, 9), (1, 7), (1, 6), (1, 5), (0, 3), (0, 2), (0, 1)
    ]  # fmt: skip
    assert quality.points[1].fnmr == clopper_pearson(2, 9)
    # Up to 20 %: 3/10 over the first tenth, 2/9 over the second; the ideal has 3/10 and then 2/9 as well.
    assert quality.area == pytest.approx(0.0, abs=1e-12)
    assert quality.area_unsorted == pytest.approx(0.3 * 0.2 - 0.03 - 0.2 / 9)
    assert quality.without_quality == 0
    assert quality.every_value


def test_area_by_hand() -> None:
    """A measure that discards matches first has the area of its rising steps, less the ideal's."""
    score = [0.9, 0.9, 0.9, 0.9, 0.1]
    quality = curve(from_arrays(score, [True] * 5, probe_quality=[1, 2, 3, 4, 5]), area_up_to=0.5)
    # Steps 1/5, 1/4 and half of 1/3; the ideal has 1/5 and then nothing.
    assert quality.area == pytest.approx((1 / 5 + 1 / 4 + 1 / 6) / 5 - 1 / 25)
    assert quality.area_unsorted == pytest.approx(0.2 * 0.5 - 1 / 25)


@given(errors=st.integers(0, 30), more=st.integers(0, 300), up_to=st.floats(0.01, 1.0))
def test_the_ideal_area_is_a_sum_of_steps(errors: int, more: int, up_to: float) -> None:
    """The closed form is the sum over misses discarded one by one."""
    of = max(1, errors + more)
    shares = np.arange(of) / of
    rates = np.array([max(0, errors - gone) / (of - gone) for gone in range(of)])
    assert ideal_area(errors, of, up_to) == pytest.approx(curve_area(shares, rates, up_to), abs=1e-12)


def test_the_ideal_area_keeps_its_digits_at_size() -> None:
    """With fifty million comparisons the closed form still agrees with the sum to twelve digits."""
    errors, of = 1000, 50_000_000
    gone = np.arange(errors)
    expected = float(np.sum((errors - gone) / (of - gone))) / of
    assert ideal_area(errors, of, 0.2) == pytest.approx(expected, abs=1e-13)


@given(rows)
def test_without_discard_the_curve_is_the_fnmr(given_rows: list[tuple[float, int]]) -> None:
    """The first point discards nobody and its rate is that of all."""
    score, value = zip(*given_rows, strict=True)
    quality = curve(from_arrays(score, [True] * len(score), probe_quality=value))
    assert quality.points[0].discarded.count == 0
    assert quality.points[0].fnmr.count == fnmr_at(score, 0.5).count
    assert quality.area >= -1e-12


@given(rows)
def test_each_point_against_a_plain_count(given_rows: list[tuple[float, int]]) -> None:
    """Every distinct quality is a limit, and what is kept at it is counted anew."""
    score, value = zip(*given_rows, strict=True)
    quality = curve(from_arrays(score, [True] * len(score), probe_quality=value))
    assert [point.limit for point in quality.points] == sorted(set(value))
    for point in quality.points:
        kept = [one for one, at in given_rows if at >= point.limit]
        assert point.discarded == clopper_pearson(len(score) - len(kept), len(score))
        assert point.fnmr == clopper_pearson(sum(one < 0.5 for one in kept), len(kept))


@given(st.integers(0, 12), st.integers(0, 50))
def test_a_perfect_quality_has_no_area(misses: int, matches: int) -> None:
    """Where each miss has a quality of its own below all matches, nothing is left over the ideal."""
    total = misses + matches
    if total == 0:
        return
    score = [0.1] * misses + [0.9] * matches
    assert curve(from_arrays(score, [True] * total, probe_quality=range(total))).area == pytest.approx(0, abs=1e-12)


@given(rows, st.integers(1, 7), st.randoms())
def test_batches_and_order_do_not_matter(given_rows: list[tuple[float, int]], batch_rows: int, order: Random) -> None:
    """However the rows are dealt into batches and shuffled, the figures are the same."""

    def made(some: list[tuple[float, int]], size: int) -> Quality:
        score, value = zip(*some, strict=True)
        labels = ["old" if row[1] % 2 else "young" for row in some]
        return curve(
            from_arrays(
                score,
                [True] * len(some),
                probe_quality=value,
                groups={"age": (labels, labels)},
                batch_rows=size,
            )
        )

    shuffled = list(given_rows)
    order.shuffle(shuffled)
    assert made(shuffled, batch_rows) == made(given_rows, 1000)


def test_lower_of_both_is_preferred_and_the_side_can_be_chosen() -> None:
    """With both qualities the lower counts; a comparison that lacks one is left out of it and counted."""
    source = from_arrays(
        [0.1, 0.9, 0.9, 0.9],
        [True] * 4,
        probe_quality=[5, 2, 7, 8],
        reference_quality=[1, 9, 9, np.nan],
    )
    quality = curve(source)
    assert quality.side == Side.LOWER_OF_BOTH
    assert [point.limit for point in quality.points] == [1, 2, 7]
    assert quality.without_quality == 1
    assert curve(source, side=Side.PROBE).points[0].limit == 2
    by_reference = tallied(source).figures(side=Side.REFERENCE)
    assert by_reference is not None
    assert [point.limit for point in by_reference.points] == [1, 9]
    assert tallied(source).sides == (Side.LOWER_OF_BOTH, Side.PROBE, Side.REFERENCE)


def test_a_side_hardly_stated_is_not_preferred() -> None:
    """If few references state a quality, the probe's is used, and none is used where none is stated."""
    reference = [1.0, *[np.nan] * 9]
    source = from_arrays([0.9] * 10, [True] * 10, probe_quality=range(10), reference_quality=reference)
    assert curve(source).side == Side.PROBE
    nothing = from_arrays([0.9] * 2, [True] * 2, probe_quality=[np.nan] * 2)
    assert tallied(nothing).figures() is None
    assert "no mated comparison states one" in tallied(nothing).notes[0]
    assert tallied(source).notes == ()
    assert tallied(from_arrays([0.9], [True])).figures() is None


def test_only_bona_fide_mated_comparisons_count() -> None:
    """Non-mated rows, rows without a score and attacks are in no curve."""
    source = from_arrays(
        [0.1, 0.1, np.nan, 0.1],
        [True, False, True, False],
        probe_quality=[1, 2, 3, 4],
        failure=[0, 0, 2, 0],
        attack=["", "", "", "print"],
    )
    quality = curve(source)
    assert (quality.points[0].fnmr.count, quality.points[0].fnmr.of) == (1, 1)


def test_discard_by_group() -> None:
    """The limit nearest to 5 % that can be reached is told by group; those without a label are listed too."""
    value = np.arange(100)
    side = ["f"] * 10 + ["m"] * 80 + [""] * 10
    source = from_arrays([0.9] * 100, [True] * 100, probe_quality=value, groups={"sex": (side, side)})
    quality = curve(source)
    assert quality.example is not None
    assert (quality.example.count, quality.example.of, quality.example_limit) == (5, 100, 5.0)
    found = {row.label: (row.discarded.count, row.discarded.of) for row in quality.by_group}
    assert found == {"f": (5, 10), "m": (0, 80), "": (0, 10)}
    assert group_discard_in_words(quality.by_group[0]).startswith("sex f: 5 of 10 (50")
    assert group_discard_in_words(quality.by_group[-1]).startswith("sex not stated: 0 of 10")


def test_the_reference_answers_for_its_own_quality() -> None:
    """The label is that of the side whose quality counts, else the other's."""
    source = from_arrays(
        [0.9, 0.9],
        [True, True],
        probe_quality=[1, 2],
        reference_quality=[2, 1],
        groups={"age": (["old", ""], ["young", "young"])},
    )
    tally = tallied(source)
    probe, reference = tally.figures(side=Side.PROBE), tally.figures(side=Side.REFERENCE)
    assert probe is not None
    assert reference is not None
    assert {row.label: row.discarded.of for row in probe.by_group} == {"old": 1, "young": 1}
    assert {row.label: row.discarded.of for row in reference.by_group} == {"old": 0, "young": 2}


def test_one_quality_for_all() -> None:
    """If all qualities are equal nothing can be discarded, and the groups say so."""
    quality = curve(from_arrays([0.1, 0.1], [True, True], probe_quality=[3, 3], groups={"sex": (["f"] * 2, ["f"] * 2)}))
    assert len(quality.points) == 1
    assert quality.points[0].fnmr.value == 1.0
    assert quality.area == pytest.approx(0.0)
    assert [row.discarded.count for row in quality.by_group] == [0]


def test_a_matrix_of_scores() -> None:
    """Columns narrower than the scores are read at the mated places."""
    scores = np.array([[0.9, 0.1], [0.1, 0.2]], dtype=np.float32)
    batch = ScoreBatch(
        first_row=1,
        score=scores,
        mated=np.eye(2, dtype=np.bool_),
        probe_quality=np.array([[0.5], [0.25]], dtype=np.float32),
        reference_quality=np.array([[1.0, 0.125]], dtype=np.float32),
    )
    quality = curve(InMemoryScores([batch], Names(), ()))
    assert [(point.limit, point.fnmr.count, point.fnmr.of) for point in quality.points] == [
        (0.125, 1, 2),
        (0.5, 0, 1),
    ]


def test_a_float32_score_does_not_round_the_threshold() -> None:
    """A threshold just above the highest score misses it, although float32 cannot tell the two apart."""
    source = from_arrays(np.ones(3, dtype=np.float32), [True] * 3, probe_quality=[1, 2, 3])
    tally = QualityTally(float(np.nextafter(1.0, 2.0)), 1e-3, source.names)
    for batch in source.batches():
        tally.add(batch)
    found = tally.figures()
    assert found is not None
    assert found.points[0].fnmr.count == 3


@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.booleans())
def test_put_together_bins_stay_exact_at_their_limits(seed: int, exact_up_to: int, ascending: bool) -> None:
    """With more distinct qualities than are kept, each limit left still counts rightly, by label too."""
    rng = np.random.default_rng(seed)
    value = rng.normal(size=400)
    if ascending:
        value.sort()
    missed, label = rng.random(400) < 0.3, rng.integers(-1, 2, size=400).astype(np.int16)
    bins = QualityBins({"sex": 2}, exact_up_to=exact_up_to)
    for start in range(0, 400, 23):
        part = slice(start, start + 23)
        bins.add(value[part], missed[part], {"sex": label[part]})
    assert not bins.every_value
    assert bins.lows.size <= exact_up_to
    for at, low in enumerate(bins.lows):
        assert bins.counts[:at].sum() == np.count_nonzero(value < low)
        assert bins.misses[:at].sum() == np.count_nonzero(missed[value < low])
        assert bins.by_label["sex"][1, :at].sum() == np.count_nonzero(label[value < low] == 1)
    assert bins.counts.sum() == 400


def test_many_qualities_are_thinned_for_the_page() -> None:
    """Of ten thousand distinct qualities at most 200 points are told, three fifths of them within the area."""
    rng = np.random.default_rng(3)
    source = from_arrays(rng.random(10_000), [True] * 10_000, probe_quality=rng.random(10_000), batch_rows=999)
    quality = curve(source)
    shares = np.array([point.discarded.value for point in quality.points])
    assert not quality.every_value
    assert 150 <= len(shares) <= MOST_POINTS
    assert shares[0] == 0
    assert np.all(np.diff(shares) > 0)
    assert np.count_nonzero(shares <= 0.2) >= 100
    assert quality.area == pytest.approx(quality.area_unsorted, rel=0.1)


def test_in_words() -> None:
    """The sentences name counts, intervals and what is left out."""
    value = [*range(40), np.nan]
    lines = quality_in_words(curve(from_arrays([0.1] * 2 + [0.9] * 39, [True] * 41, probe_quality=value)))
    assert lines[0].startswith("Without any discard 2 of 40 comparisons")
    assert "would leave 0 of 38 missed" in lines[1]
    assert lines[-1].startswith("1 comparison")
    flawless = quality_in_words(curve(from_arrays([0.9] * 2, [True] * 2, probe_quality=[1, 2])))
    assert any("No miss was seen" in line for line in flawless)
