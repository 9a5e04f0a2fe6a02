"""The figures of one boarding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.boarding import CountedAs, CrossingSeen, CrossingTruth, boarding_figures
from fairgate.measure.floor import FloorVerdict, check_floor
from fairgate.measure.intervals import wilson

STRANGER = CrossingTruth(None)


def seen(outcome: str, reason: str, ref: str | None = None, truth: CrossingTruth | None = None) -> CrossingSeen:
    photo = reason not in {"opted_out", "capture_missing", "unreadable_image"}
    usable = photo and reason not in {"no_face", "several_faces", "poor_image"}
    component = "sharpness" if reason == "poor_image" else None
    return CrossingSeen(outcome, reason, component, ref, photo, usable, truth)


def matched(ref: str, truth: CrossingTruth | None = None) -> CrossingSeen:
    return seen("match", "matched", ref, truth)


def unmatched(truth: CrossingTruth | None = None) -> CrossingSeen:
    return seen("see_officer", "no_match", None, truth)


DEMONSTRATION = [
    matched("p1", CrossingTruth("p1")),
    matched("p2", CrossingTruth("p2")),
    unmatched(CrossingTruth("p3")),  # missed
    matched("p9", CrossingTruth("p4")),  # as somebody else
    matched("p5", CrossingTruth("p5", same_photo=True)),
    unmatched(STRANGER),
    matched("p6", STRANGER),  # false match
    unmatched(CrossingTruth("p8")),  # listed, not enrolled
    seen("see_officer", "already_boarded", "p1", CrossingTruth("p1")),  # twice
    seen("not_attempted", "opted_out", None, CrossingTruth("p7")),
    seen("see_officer", "no_face"),
    seen("see_officer", "capture_missing"),
    seen("see_officer", "poor_image", None, CrossingTruth("p3")),
]
ENROLLED = {"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p9"}


def test_the_chain_by_hand() -> None:
    """Ten rated crossings; the repeat, the same photo and the opt-out stand apart; a wrong match is not matched."""
    figures = boarding_figures(DEMONSTRATION, ENROLLED, {})
    assert [(step.name, step.count) for step in figures.chain] == [
        ("offered", 10),
        ("captured", 9),
        ("usable", 7),
        ("with_reference", 4),
        ("matched", 2),
    ]
    assert figures.chain[2].of_previous == wilson(7, 9)
    assert figures.chain[4].of_offered == wilson(2, 10)
    assert {row.counted_as: row.offered for row in figures.populations} == {
        CountedAs.RATED: 10,
        CountedAs.SAME_PHOTO: 1,
        CountedAs.REPEAT: 1,
        CountedAs.NOT_ATTEMPTED: 1,
    }


def test_the_truth_by_hand() -> None:
    """Two strangers came and one was matched; three searches had no mate and one of them named somebody."""
    truth = boarding_figures(DEMONSTRATION, ENROLLED, {}).truth
    assert truth is not None
    assert (truth.strangers_offered, truth.strangers_matched) == (2, 1)
    assert (truth.false_positives.count, truth.false_positives.of) == (1, 3)
    assert (truth.wrong_passenger.count, truth.missed.count, truth.missed.of) == (1, 2, 4)
    assert (truth.same_photo.count, truth.same_photo.of) == (1, 1)


def test_scripts_get_counts_that_add_up() -> None:
    """The flat counts are over everyone: matched, see officer and not attempted add up to offered."""
    flat = boarding_figures(DEMONSTRATION, ENROLLED, {}).for_scripts()
    assert flat["offered"] == 13
    assert flat["matched"] + flat["see_officer"] + flat["not_attempted"] == flat["offered"]
    assert flat["strangers_matched"] == 1


def test_without_the_truth_a_stranger_lowers_the_share() -> None:
    """At a gate nobody knows who had no reference: they are counted as missed, and how many is said."""
    figures = boarding_figures([matched("p1"), unmatched(), seen("see_officer", "no_reference")], ENROLLED, {})
    assert figures.truth is None
    assert figures.reference_assumed == 1
    assert [step.count for step in figures.chain] == [3, 3, 3, 2, 1]
    again = boarding_figures([matched("p1"), seen("see_officer", "already_boarded", "p1")], ENROLLED, {})
    assert again.populations[2].offered == 1
    assert again.for_scripts()["strangers_offered"] == 0


def test_a_passenger_blocked_by_a_stranger_stays_in_the_chain() -> None:
    """Where a stranger boarded as p6, the real p6 is *already boarded*: no repeat, but a traveller not matched."""
    figures = boarding_figures(
        [matched("p6", STRANGER), seen("see_officer", "already_boarded", "p6", CrossingTruth("p6"))], ENROLLED, {}
    )
    assert figures.populations[2].offered == 0
    assert [step.count for step in figures.chain] == [2, 2, 2, 1, 0]


def test_a_stranger_recognised_as_someone_on_board_is_a_false_positive() -> None:
    """A stranger answered *already boarded* was recognised wrongly, though not let through."""
    crossings = [matched("p1", CrossingTruth("p1")), seen("see_officer", "already_boarded", "p1", STRANGER)]
    truth = boarding_figures(crossings, ENROLLED, {}).truth
    assert truth is not None
    assert (truth.strangers_matched, truth.false_positives.count) == (0, 1)


def test_reasons_are_counted_by_component() -> None:
    """Outcomes come in the order match, see officer, not attempted, the most frequent first."""
    reasons = boarding_figures(DEMONSTRATION, ENROLLED, {}).reasons
    assert [(one.outcome, one.reason, one.component, one.share.count) for one in reasons[:2]] == [
        ("match", "matched", None, 5),
        ("see_officer", "no_match", None, 3),
    ]
    assert ("poor_image", "sharpness") in {(one.reason, one.component) for one in reasons}
    assert reasons[-1].outcome == "not_attempted"
    assert sum(one.share.count for one in reasons) == len(DEMONSTRATION)


def test_percentiles_are_times_that_happened() -> None:
    """Of 1 … 100 ms the percentiles are 50, 95 and 99; a stage that never ran is left out."""
    stages = boarding_figures([], set(), {"embed": [float(ms) for ms in range(100, 0, -1)], "idle": []}).stages
    assert [(one.stage, one.runs, one.p50_ms, one.p95_ms, one.p99_ms) for one in stages] == [("embed", 100, 50, 95, 99)]


def test_an_empty_boarding_has_figures() -> None:
    """Nobody walked up: all counts are 0 and nothing is claimed about the floor."""
    figures = boarding_figures([], set(), {})
    assert figures.everyone.offered == 0
    assert {check.verdict for check in figures.floors} == {FloorVerdict.NOTHING_TO_COMPARE}


def test_an_unknown_outcome_is_refused() -> None:
    """There are three outcomes and no fourth."""
    with pytest.raises(ScoresRefused):
        boarding_figures([seen("admitted", "matched")], set(), {})


@pytest.mark.parametrize(
    ("count", "of", "verdict", "resolvable"),
    [
        (990, 1000, FloorVerdict.REACHED, True),
        (98, 100, FloorVerdict.REACHED_NOT_PROVEN, True),
        (74, 78, FloorVerdict.MISSED_NOT_PROVEN, False),
        (70, 78, FloorVerdict.MISSED, False),
        (0, 0, FloorVerdict.NOTHING_TO_COMPARE, False),
    ],
)
def test_the_floor_looks_at_the_interval(count: int, of: int, verdict: FloorVerdict, resolvable: bool) -> None:
    """Reached or missed is the point estimate's word; whether that is proven, the interval's."""
    check = check_floor("comparison", wilson(count, of))
    assert (check.verdict, check.resolvable) == (verdict, resolvable)


def test_a_floor_lies_inside_0_and_1() -> None:
    """A floor of 100 % could never be proven."""
    with pytest.raises(ScoresRefused):
        check_floor("comparison", wilson(1, 2), 1.0)


_crossings = st.lists(
    st.builds(
        seen,
        st.sampled_from(["match", "see_officer", "not_attempted"]),
        st.sampled_from(["matched", "no_match", "no_face", "already_boarded", "no_reference", "capture_missing"]),
        st.sampled_from([None, "p1", "p2"]),
        st.sampled_from([None, STRANGER, CrossingTruth("p1"), CrossingTruth("p2", same_photo=True)]),
    ),
    max_size=30,
)


@given(_crossings)
def test_every_crossing_is_counted_once(crossings: list[CrossingSeen]) -> None:
    """Populations add up to everyone, outcomes to offered, and each step of the chain is a part of the one before."""
    figures = boarding_figures(crossings, {"p1"}, {})
    assert sum(row.offered for row in figures.populations) == figures.everyone.offered == len(crossings)
    for row in (*figures.populations, figures.everyone):
        assert row.matched + row.see_officer + row.not_attempted == row.offered
        assert row.offered >= row.captured >= row.usable >= row.with_reference
    counts = [step.count for step in figures.chain]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == figures.populations[0].offered
