"""Two packs on the same portraits, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest

from fairgate.errors import ScoresRefused
from fairgate.measure.paired_decisions import mcnemar
from fairgate.measure.paired_portraits import compare_portraits_of
from fairgate.measure.portrait_figures import portrait_figures
from fairgate.measure.portraits import Portraits, portraits

PEOPLE, BOTH = 80, 60


def some_faces(noise: float, seed: int) -> Portraits:
    """Return portraits of the same people as every other call, seen with some noise; the first have two."""
    people = np.random.default_rng(4).normal(size=(PEOPLE, 24))
    rng = np.random.default_rng(seed)
    names, older, rows = [], [], []
    for person in range(PEOPLE):
        for side in (True, False) if person < BOTH else (person % 2 == 0,):
            names.append(f"s{person:03}")
            older.append(side)
            rows.append(people[person] + noise * rng.normal(size=24))
    table = np.array(rows)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    return portraits(names, older, table @ table.T, {"s003"})


def test_counts_are_those_of_each_pack_alone() -> None:
    """What both figures say of one pack agrees, and what one pack misses alone and what both miss add up to it."""
    packs = some_faces(0.8, 1), some_faces(0.6, 2)
    alone = [
        portrait_figures(faces, "p", "0" * 64, (), "1" * 64, rng=np.random.default_rng(1), sizes=(60,))
        for faces in packs
    ]
    found = compare_portraits_of(*packs, np.random.default_rng(1), sizes=(60,))
    assert [one.size for one in found] == [None, None, 60]
    for place, one in enumerate(found):
        missed = one.missed
        own = [made.comparisons[place].fnmr.count if place < 2 else made.searches[0].fnir.errors for made in alone]
        assert [missed.first.count, missed.second.count] == pytest.approx(own, abs=0.5)
        assert (missed.only_first + one.both, missed.only_second + one.both) == (
            missed.first.count,
            missed.second.count,
        )
        assert missed.p_value == mcnemar(missed.only_first, missed.only_second)
        assert missed.low <= missed.difference <= missed.high
        assert missed.first.of == BOTH - 1
    assert found[1].missed.first.count > found[1].missed.second.count


def test_a_pack_beside_itself_differs_nowhere() -> None:
    """The difference is 0, and its interval is what so few pairs leave open."""
    faces = some_faces(0.8, 1)
    for one in compare_portraits_of(faces, faces, np.random.default_rng(1), sizes=(60,)):
        assert (one.missed.difference, one.missed.only_first, one.missed.only_second) == (0, 0, 0)
        assert one.missed.low < 0 < one.missed.high
        assert one.both == one.missed.first.count


def test_only_portraits_that_both_packs_have_are_compared() -> None:
    """A pair that one pack has no features of is not counted for the other either, whatever the order of portraits."""
    first, second = some_faces(0.8, 1), some_faces(0.6, 2)
    rows = np.arange(len(first.subjects))[:1:-1]
    part = Portraits(second.subjects[rows], second.enrolled[rows], second.scores[np.ix_(rows, rows)], second.same_photo)
    found = compare_portraits_of(first, part, np.random.default_rng(1), sizes=(60,))
    assert {one.missed.first.of for one in found} == {BOTH - 2}


def test_packs_without_a_pair_in_common_are_refused() -> None:
    """There is nothing to compare."""
    faces = some_faces(0.8, 1)
    with pytest.raises(ScoresRefused):
        compare_portraits_of(faces.only(["s001", "s003"]), faces.only(["s003", "s004"]), np.random.default_rng(1))
