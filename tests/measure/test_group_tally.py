"""Counting by group while scores stream by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.groups.counts import GroupCounts
from fairgate.measure.scores.batch import GroupColumns, Names, ScoreBatch
from fairgate.measure.scores.group_tally import GroupTally

THRESHOLD = 0.5
NAMES = Names(subjects=list("abcdefg"), groups={"sex": ["f", "m"], "age": ["young", "old", "never"]})


def int16(values: object) -> NDArray[np.int16]:
    return np.asarray(values, dtype=np.int16)


def flat(rows: list[tuple[float, int, int, tuple[int, int], tuple[int, int]]]) -> ScoreBatch:
    """Rows of score, probe person, reference person, and for either side its sex and age."""
    score, probe, reference, one, other = zip(*rows, strict=True)
    first, second = np.array(probe, dtype=np.int32), np.array(reference, dtype=np.int32)
    one_side, other_side = int16(one), int16(other)
    return ScoreBatch(
        first_row=1,
        score=np.array(score),
        mated=first == second,
        probe_subject=first,
        reference_subject=second,
        groups={name: GroupColumns(one_side[:, at], other_side[:, at]) for at, name in enumerate(("sex", "age"))},
    )


BY_HAND = flat(
    [
        (0.9, 0, 0, (0, 0), (0, 0)),  # a, a woman, found
        (0.4, 0, 0, (0, 1), (0, 0)),  # missed, ten years later: the probe's age counts
        (0.4, 1, 1, (0, 0), (0, 0)),  # b, a woman, missed
        (0.5, 2, 2, (1, 0), (1, 0)),  # c, a man, found: a tie matches
        (0.9, 3, 3, (-1, -1), (-1, -1)),  # nobody says what d is
        (0.2, 4, 4, (-1, 0), (1, 1)),  # e is missed; only the reference says a man
        (0.1, 0, 1, (0, 0), (0, 0)),
        (0.7, 1, 0, (0, 0), (0, 0)),  # false match among women
        (0.6, 0, 2, (0, 1), (1, 0)),  # false match of a woman's probe with a man's reference
        (0.1, 2, 0, (1, 0), (0, 0)),
        (0.9, 2, 3, (1, 0), (-1, -1)),  # a false match that no group counts
        (np.nan, 0, 1, (0, 0), (0, 0)),  # no score, no comparison
    ]
)


def counted(
    *batches: ScoreBatch, people: int | None = 7, crossings: tuple[tuple[str, str], ...] | None = None
) -> dict[str, GroupCounts]:
    tally = GroupTally(NAMES, None, crossings, THRESHOLD, people)
    for batch in batches:
        tally.add(batch)
    return {counts.attribute: counts for counts in tally.counts()}


def told(counts: GroupCounts) -> tuple[object, ...]:
    """Everything that was counted, by label in alphabetical order, as plain values."""
    order = sorted(range(len(counts.labels)), key=lambda at: counts.labels[at])

    def people(by_person: tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...] | None) -> object:
        return by_person and [sorted(zip(*map(list, by_person[at]), strict=True)) for at in order]

    grid = np.ix_(order, order)
    return (
        [counts.labels[at] for at in order],
        counts.mated[order].tolist(),
        counts.missed[order].tolist(),
        counts.non_mated[grid].tolist(),
        counts.false[grid].tolist(),
        counts.unlabelled,
        None if counts.subjects is None else counts.subjects[order].tolist(),
        people(counts.mated_by_person),
        people(counts.own_by_person),
    )


def test_a_table_by_hand() -> None:
    """Each comparison is counted in the groups it belongs to, and in no other."""
    sex = counted(BY_HAND)["sex"]
    assert sex.labels == ("f", "m")
    assert sex.mated.tolist() == [3, 2]
    assert sex.missed.tolist() == [2, 1]
    assert sex.non_mated.tolist() == [[2, 1], [1, 0]]
    assert sex.false.tolist() == [[1, 1], [0, 0]]
    assert sex.unlabelled == 2
    assert sex.subjects is not None
    assert sex.subjects.tolist() == [2, 2]


def test_people_by_hand() -> None:
    """Trials and errors are told apart by person; a comparison of two people counts with both."""
    sex = counted(BY_HAND)["sex"]
    assert sex.mated_by_person is not None
    assert sex.own_by_person is not None
    assert [column.tolist() for column in sex.mated_by_person[0]] == [[1, 1], [2, 1]]
    assert [column.tolist() for column in sex.own_by_person[0]] == [[1, 1], [2, 2]]


def test_a_person_of_two_age_bands_counts_in_both() -> None:
    """The band is that of the probe at each capture, and the person belongs to both bands."""
    age = counted(BY_HAND)["age"]
    young, old, never = (age.labels.index(label) for label in ("young", "old", "never"))
    assert age.mated[[young, old, never]].tolist() == [4, 1, 0]
    assert age.missed[[young, old, never]].tolist() == [2, 1, 0]
    assert age.subjects is not None
    assert age.subjects[[young, old, never]].tolist() == [4, 2, 0]


def test_a_label_without_comparisons_is_listed() -> None:
    """Nothing is dropped silently: a label that only failures had stays, with zeros."""
    assert "never" in counted(BY_HAND)["age"].labels


def test_a_crossing_has_the_pairs_that_occur() -> None:
    """Groups of a crossing are pairs of labels; a pair that no comparison has is none."""
    crossed = counted(BY_HAND)["sex × age"]
    assert sorted(crossed.labels) == ["f × old", "f × young", "m × old", "m × young"]
    at = crossed.labels.index("f × old")
    assert (crossed.mated[at], crossed.missed[at]) == (1, 1)
    assert crossed.non_mated[at, crossed.labels.index("m × young")] == 1


def test_only_the_crossings_asked_for() -> None:
    """An empty list of crossings gives none."""
    assert list(counted(BY_HAND, crossings=())) == ["sex", "age"]


def test_an_attribute_that_is_not_there_is_refused() -> None:
    """Asking for the labels of a column that the source lacks is a mistake to be told."""
    with pytest.raises(ScoresRefused, match="hair"):
        GroupTally(NAMES, None, (("sex", "hair"),), THRESHOLD, 7)


def test_attacks_are_no_comparisons() -> None:
    """An attack presentation is in no group's rate, whatever its score."""
    attack = replace(BY_HAND, attack=np.zeros(12, dtype=np.int16))
    assert told(counted(attack)["sex"])[1:6] == ([0, 0], [0, 0], [[0, 0], [0, 0]], [[0, 0], [0, 0]], 0)


def test_without_people_the_counts_stay_and_a_note_says_so() -> None:
    """Where nobody says whose scores they are, counts are the same and dependence is unknown."""
    tally = GroupTally(NAMES, None, None, THRESHOLD, None)
    tally.add(replace(BY_HAND, probe_subject=None, reference_subject=None))
    assert told(tally.counts()[0])[:6] == told(counted(BY_HAND)["sex"])[:6]
    assert tally.counts()[0].subjects is None
    assert "independent" in " ".join(tally.notes)


def test_people_that_are_not_named_count_as_one() -> None:
    """Comparisons of unknown people are no reason to trust a rate more: they are one person's."""
    unnamed = replace(BY_HAND, probe_subject=np.full(12, -1), reference_subject=np.full(12, -1))
    sex = counted(unnamed)["sex"]
    assert sex.subjects is not None
    assert sex.subjects.tolist() == [0, 0]
    assert sex.mated_by_person is not None
    assert [column.tolist() for column in sex.mated_by_person[0]] == [[2], [3]]


def test_a_crossing_of_too_many_groups_is_left_out_and_said_so() -> None:
    """More than 200 groups are not shown, and the notes say which."""
    names = Names(groups={"first": [str(at) for at in range(15)], "second": [str(at) for at in range(15)]})
    codes = int16(np.arange(225))
    sides = {"first": GroupColumns(codes // 15, codes // 15), "second": GroupColumns(codes % 15, codes % 15)}
    tally = GroupTally(names, None, None, THRESHOLD, None)
    tally.add(ScoreBatch(1, np.zeros(225), np.ones(225, dtype=bool), groups=sides))
    assert [counts.attribute for counts in tally.counts()] == ["first", "second"]
    assert "first and second" in tally.notes[0]


@st.composite
def matrices(draw: st.DrawFn) -> ScoreBatch:
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    score = rng.choice([0.0, 0.4, 0.5, 0.9, np.nan, np.inf], size=(rows, columns))
    probe = rng.integers(0, 5, (rows, 1)).astype(np.int32)
    reference = rng.integers(0, 5, (1, columns)).astype(np.int32)
    groups = {
        name: GroupColumns(int16(rng.integers(-1, 2, (rows, 1))), int16(rng.integers(-1, 2, (1, columns))))
        for name in ("sex", "age")
    }
    attack = int16(rng.integers(-1, 1, (rows, 1))) if draw(st.booleans()) else None
    return ScoreBatch(
        1,
        score,
        probe == reference,
        probe_subject=probe,
        reference_subject=reference,
        groups=groups,
        attack=attack,
    )


def laid_flat(batch: ScoreBatch) -> ScoreBatch:
    shape = batch.score.shape

    def flatten(column: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(column, shape).reshape(-1)

    changes: dict[str, Any] = {
        name: flatten(getattr(batch, name))
        for name in ("score", "mated", "probe_subject", "reference_subject", "attack")
        if getattr(batch, name) is not None
    }
    groups = {name: GroupColumns(flatten(two.probe), flatten(two.reference)) for name, two in batch.groups.items()}
    return replace(batch, groups=groups, **changes)


@given(matrices(), matrices())
@settings(deadline=None, max_examples=50)
def test_a_matrix_counts_like_its_rows(one: ScoreBatch, other: ScoreBatch) -> None:
    """Outer products of label counts give what counting score by score gives."""
    as_matrix, as_rows = counted(one, other), counted(laid_flat(one), laid_flat(other))
    assert as_matrix.keys() == as_rows.keys()
    for attribute, counts in as_matrix.items():
        assert told(counts) == told(as_rows[attribute])


@given(matrices(), st.integers(0, 36))
@settings(deadline=None, max_examples=50)
def test_where_batches_are_cut_does_not_matter(matrix: ScoreBatch, cut: int) -> None:
    """Two halves count like the whole."""
    whole = laid_flat(matrix)

    def part(at: slice) -> ScoreBatch:
        columns = ("score", "mated", "probe_subject", "reference_subject", "attack")
        changes: dict[str, Any] = {
            name: getattr(whole, name)[at] for name in columns if getattr(whole, name) is not None
        }
        groups = {name: GroupColumns(two.probe[at], two.reference[at]) for name, two in whole.groups.items()}
        return replace(whole, groups=groups, **changes)

    for attribute, counts in counted(part(slice(0, cut)), part(slice(cut, None))).items():
        assert told(counts) == told(counted(whole)[attribute])


@given(matrices())
@settings(deadline=None, max_examples=50)
def test_labels_that_one_side_lacks_altogether(matrix: ScoreBatch) -> None:
    """A column of a single unknown stands for a side without labels, in a matrix as in rows."""
    nobody = int16([-1])
    in_matrix = replace(matrix, groups={"sex": GroupColumns(matrix.groups["sex"].probe, nobody[None, :])})
    in_rows = replace(laid_flat(matrix), groups={"sex": GroupColumns(laid_flat(matrix).groups["sex"].probe, nobody)})
    assert told(counted(in_matrix)["sex"]) == told(counted(in_rows)["sex"])
