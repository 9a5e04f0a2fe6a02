"""What a pack makes of portraits, each person left out in turn."""

from __future__ import annotations

import numpy as np
import pytest

from fairgate.errors import ScoresRefused
from fairgate.measure.held_out import choose_for_points, held_out
from fairgate.measure.operating_points import OperatingPoint
from fairgate.measure.portrait_figures import portrait_figures
from fairgate.measure.portrait_folds import thresholds_without_each
from fairgate.measure.portraits import Portraits, portraits

POINTS = [
    OperatingPoint("verification", 1e-2),
    OperatingPoint("verification", 1e-4),
    OperatingPoint("identification", 0.1, 5),
    OperatingPoint("identification", 0.003, 40),
    OperatingPoint("identification", 0.003, 42_000),
]


def some_portraits(people: int = 70, both: int = 40) -> Portraits:
    """Return noisy features of people, of whom the first have two portraits and the rest one of either side."""
    rng = np.random.default_rng(4)
    faces = rng.normal(size=(people, 24))
    names, older, features = [], [], []
    for person in range(people):
        for side in (True, False) if person < both else (person % 2 == 0,):
            names.append(f"s{person:03}")
            older.append(side)
            features.append(faces[person] + 0.45 * rng.normal(size=24))
    table = np.array(features)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    return portraits(names, older, table @ table.T, {"s003"})


def test_thresholds_are_those_of_the_other_people() -> None:
    """The quick way gives what choosing on everybody else's portraits gives, for every person and point."""
    faces = some_portraits()
    everyone = faces.people().tolist()
    quick = thresholds_without_each(faces, POINTS, everyone)
    for column, gone in enumerate(everyone):
        slow = choose_for_points(faces.only(set(everyone) - {gone}), POINTS)
        assert quick[:, column].tolist() == [choice.threshold for choice in slow]


def test_counts_are_those_of_trying_folds_of_one() -> None:
    """False positives and misses equal those that calibrating writes into a pack, person by person."""
    faces = some_portraits()
    made = portrait_figures(faces, "p", "0" * 64, (), "1" * 64, rng=np.random.default_rng(1), sizes=(20, 42_000))
    points = [
        OperatingPoint("verification", 1e-3),
        OperatingPoint("verification", 1e-4),
        OperatingPoint("identification", 0.003, 20),
        OperatingPoint("identification", 0.003, 42_000),
    ]
    expected = held_out(faces, points, [frozenset({person}) for person in faces.people().tolist()])
    found: list[tuple[float, int, float, int]] = [
        (one.fmr.count, one.fmr.of, one.fnmr.count, one.fnmr.of) for one in made.comparisons
    ]
    found += [(round(one.fpir.errors, 3), one.fpir.of, round(one.fnir.errors, 3), one.fnir.of) for one in made.searches]
    assert found == [(wrong.errors, wrong.of, missed.errors, missed.of) for wrong, missed in expected]


def test_sizes_beyond_the_data_are_labelled_with_their_assumption() -> None:
    """A gallery larger than all people is searched among those there are, and says what it rests on."""
    faces = some_portraits()
    made = portrait_figures(faces, "p", "0" * 64, (), "1" * 64, rng=np.random.default_rng(1), sizes=(42_000, 20))
    within, beyond = made.searches
    assert (within.size, within.searched, within.assumption) == (20, 20, "")
    assert (beyond.size, beyond.searched) == (42_000, 69)
    assert "extrapolated" in beyond.assumption
    assert "69 people" in beyond.assumption
    assert beyond.threshold >= within.threshold
    assert beyond.fnir.value >= within.fnir.value
    assert (made.portraits, made.people, made.mated) == (110, 70, 39)


def test_counts_depend_on_no_draw() -> None:
    """Another seed may move an interval of the bootstrap, and nothing else."""
    faces = some_portraits()
    one, other = (
        portrait_figures(faces, "p", "0" * 64, (), "1" * 64, rng=np.random.default_rng(seed), sizes=(20,))
        for seed in (1, 2)
    )
    assert one.searches == other.searches
    assert [made.fnmr for made in one.comparisons] == [made.fnmr for made in other.comparisons]
    assert [made.fmr.count for made in one.comparisons] == [made.fmr.count for made in other.comparisons]


def test_a_set_without_probes_is_refused() -> None:
    """Where nobody has a newer portrait there is nothing to try a threshold on."""
    faces = some_portraits()
    older = Portraits(
        faces.subjects[faces.enrolled],
        np.ones(int(faces.enrolled.sum()), dtype=np.bool_),
        faces.scores[np.ix_(faces.enrolled, faces.enrolled)],
    )
    with pytest.raises(ScoresRefused):
        portrait_figures(older, "p", "0" * 64, (), "1" * 64, rng=np.random.default_rng(1))
