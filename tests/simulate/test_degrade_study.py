"""The study's cells and the mixture: complete, repeatable, and independent of one another."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.bench.detection_portraits import known_drawing
from fairgate.errors import FaceContractBroken
from fairgate.simulate.degrade import KINDS
from fairgate.simulate.degrade_mixture import MIXED, drawn_steps, mixed, mixed_portrait
from fairgate.simulate.degrade_study import FACE_WIDTH_PX, study_cells
from fairgate.simulate.degrade_truth import Picture, TrueFace


@cache
def portraits(count: int) -> list[Picture]:
    """So many drawn faces."""
    rgb, points = known_drawing()
    return [Picture(rgb, (TrueFace(points),))] * count


def test_every_kind_at_every_strength_is_a_cell() -> None:
    """And untouched portraits, small faces, crowds and empty frames."""
    cells = study_cells(portraits(7), 4)
    names = [(cell.kind, cell.strength) for cell in cells]
    assert len(set(names)) == len(names)
    assert {(kind.name, strength) for kind in KINDS.values() for strength in kind.strengths} <= set(names)
    assert {"untouched", "small", "crowd", "empty"} <= {cell.kind for cell in cells}
    faces = {(cell.kind, cell.strength): sum(len(p.faces) for p in cell.pictures()) for cell in cells[:1] + cells[-9:]}
    assert faces[("untouched", 0)] == 7
    assert faces[("small", 40)] == 7
    assert faces[("crowd", 6)] == 6
    assert faces[("crowd", 12)] == 0
    assert faces[("empty", 0)] == 0


def test_the_same_seed_gives_the_same_pixels_whatever_else_is_made() -> None:
    """Pictures can be made in any order; another seed gives others."""
    people = portraits(2)
    first = {(c.kind, c.strength): c for c in study_cells(people, 4)}
    again = {(c.kind, c.strength): c for c in study_cells(people, 4)}
    other = {(c.kind, c.strength): c for c in study_cells(people, 5)}
    for name in (("noise", 30), ("reflection", 0.6), ("small", 60)):
        pixels = first[name].picture(1).rgb
        assert np.array_equal(pixels, again[name].picture(1).rgb)
        assert not np.array_equal(pixels, other[name].picture(1).rgb)
        assert not np.array_equal(pixels, first[name].picture(0).rgb)


def test_portraits_are_brought_to_one_size_first() -> None:
    """So that grey levels of noise and grades of JPEG mean one thing for all."""
    untouched = study_cells(portraits(1), 4)[0].picture(0)
    assert untouched.faces[0].width_px == pytest.approx(FACE_WIDTH_PX, rel=0.02)


@given(seed=st.integers(0, 2**32 - 1), hardness=st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_mixture_takes_two_kinds_in_the_order_of_the_world_within_its_hardness(seed: int, hardness: float) -> None:
    """Never a mask or a cut face, never stronger than allowed."""
    steps = drawn_steps(np.random.default_rng(seed), hardness)
    order = list(KINDS)
    assert len({step.kind for step in steps}) == 2
    assert [order.index(step.kind) for step in steps] == sorted(order.index(step.kind) for step in steps)
    for step in steps:
        assert step.kind in MIXED
        assert 0 <= step.strength <= hardness * KINDS[step.kind].strengths[1]


def test_a_mixture_is_repeatable_and_hardness_has_a_range() -> None:
    """The pixels follow from the generator alone."""
    plain = portraits(1)[0]
    made = []
    for _ in range(2):
        rng = np.random.default_rng(9)
        made.append(mixed(plain, drawn_steps(rng), rng).rgb)
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], plain.rgb)
    with pytest.raises(FaceContractBroken):
        drawn_steps(np.random.default_rng(0), 1.01)


def test_a_mixed_portrait_has_the_studys_size() -> None:
    """And follows from the generator alone."""
    first, second = (mixed_portrait(portraits(1)[0], np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first.rgb, second.rgb)
    assert first.faces[0].width_px == pytest.approx(FACE_WIDTH_PX, rel=0.02)
