"""One list compared among itself: the pairs, their order and their bounds."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.errors import GalleryRefused, PackMismatch
from fairgate.gallery.alike import AlikePairs, find_alike
from fairgate.gallery.flight_gallery import FlightGallery
from fairgate.vocabulary import Features, Template

PACK = "a" * 64


def template(ref: str, vector: Sequence[float] | NDArray[np.float64], pack: str = PACK) -> Template:
    """Return a template of unit norm."""
    wide = np.asarray(vector, dtype=np.float64)
    return Template(ref, Features(pack, (wide / np.linalg.norm(wide)).astype(np.float32)))


def drawn(counts: Sequence[int], seed: int, dimensions: int = 4) -> list[Template]:
    """Return so many templates of each passenger, in few dimensions, so that many are alike."""
    rng = np.random.default_rng(seed)
    return [
        template(f"P{person:04d}", rng.normal(size=dimensions))
        for person, count in enumerate(counts)
        for _ in range(count)
    ]


def one_by_one(templates: Sequence[Template], threshold: float) -> dict[tuple[str, str], float]:
    """Compare everybody with everybody, the slow way."""
    best: dict[tuple[str, str], float] = {}
    for one, other in itertools.combinations(templates, 2):
        if one.passenger_ref != other.passenger_ref:
            first, second = sorted((one.passenger_ref, other.passenger_ref))
            score = float(np.dot(one.features.vector.astype(float), other.features.vector.astype(float)))
            best[first, second] = max(score, best.get((first, second), -2.0))
    return {pair: score for pair, score in best.items() if score >= threshold}


def find(templates: Sequence[Template], threshold: float, **otherwise: int) -> AlikePairs:
    return find_alike(templates, threshold, pack_digest=PACK, **({"bound": 5000} | otherwise))


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 4), min_size=0, max_size=30),
    st.integers(0, 1000),
    st.sampled_from([-0.5, 0.3, 0.8, 0.95]),
    st.randoms(use_true_random=False),
)
def test_the_pairs_are_those_of_comparing_one_by_one(
    counts: list[int], seed: int, threshold: float, order: random.Random
) -> None:
    """Any reference of the one with any of the other; in any order of delivery the same answer, best first."""
    templates = drawn(counts, seed)
    found = find(templates, threshold)
    expected = one_by_one(templates, threshold - 1e-6)
    sure = one_by_one(templates, threshold + 1e-6)
    got = {(pair.first, pair.second): pair.score for pair in found.pairs}
    assert set(sure) <= set(got) <= set(expected)
    for pair, score in got.items():
        assert score == pytest.approx(expected[pair], abs=1e-5)
    keys = [(-pair.score, pair.first, pair.second) for pair in found.pairs]
    assert keys == sorted(keys)
    assert all(pair.first < pair.second for pair in found.pairs)
    order.shuffle(templates)
    again = {(pair.first, pair.second) for pair in find(templates, threshold).pairs}
    assert set(sure) <= again <= set(expected)


@given(st.lists(st.integers(1, 5), max_size=20))
def test_the_comparisons_are_counted_and_bounded(counts: list[int]) -> None:
    """Those of different passengers; never more than the templates' number allows."""
    found = find(drawn(counts, 1), 2.0)
    total = sum(counts)
    assert (found.passengers, found.templates, found.pairs) == (len(counts), total, ())
    assert found.comparisons == sum(one * other for one, other in itertools.combinations(counts, 2))
    assert found.comparisons <= total * (total - 1) // 2


def test_a_list_of_several_blocks_is_compared_wholly() -> None:
    """Passengers of different blocks meet, whatever number of templates each has."""
    rng = np.random.default_rng(7)
    templates = drawn([int(count) for count in rng.integers(1, 4, 900)], 8, dimensions=32)
    first, last = templates[0], templates[-1]
    planted = [*templates, Template(last.passenger_ref, first.features)]
    (pair,) = find(planted, 0.999).pairs
    assert (pair.first, pair.second) == (first.passenger_ref, last.passenger_ref)


def test_only_so_many_pairs_are_kept_and_the_rest_counted() -> None:
    """A list in which everybody is the same person gives the pairs that come first by name."""
    everybody = [template(f"P{at:02d}", [1.0, 0.0]) for at in range(40)]
    found = find(everybody, 0.9, most_pairs=5)
    assert [(pair.first, pair.second) for pair in found.pairs] == [("P00", f"P{at:02d}") for at in range(1, 6)]
    assert found.left_out == 40 * 39 // 2 - 5


def test_references_of_one_passenger_are_never_a_pair() -> None:
    """However alike."""
    assert find([template("P1", [1.0, 0.0]), template("P1", [1.0, 0.0])], 0.5).pairs == ()


def test_what_is_not_a_bounded_list_of_one_pack_is_refused() -> None:
    """More than the bound, another pack, nobody's template, another length, not of unit norm, no pair to keep."""
    own = [template("P1", [1.0, 0.0]), template("P2", [0.0, 1.0])]
    with pytest.raises(GalleryRefused):
        find(own, 0.5, bound=1)
    with pytest.raises(PackMismatch):
        find([*own, template("P3", [1.0, 1.0], "b" * 64)], 0.5)
    with pytest.raises(GalleryRefused):
        find([*own, template(" ", [1.0, 1.0])], 0.5)
    with pytest.raises(GalleryRefused):
        find([*own, template("P3", [1.0, 1.0, 1.0])], 0.5)
    with pytest.raises(GalleryRefused):
        find([*own, Template("P3", Features(PACK, np.array([np.nan, 1.0], np.float32)))], 0.5)
    with pytest.raises(GalleryRefused):
        find(own, 0.5, most_pairs=0)


def test_a_gallery_lends_its_passengers_templates_and_no_distractor() -> None:
    """Each with its passenger, unchanged."""
    own = [template("P2", [0.0, 1.0]), template("P1", [1.0, 0.0]), template("P2", [0.6, 0.8])]
    gallery = FlightGallery(
        name="FG420", bound=4, pack_digest=PACK, templates=own, distractors=[template("D", [1.0, 1.0]).features]
    )
    lent = gallery.templates()
    assert [one.passenger_ref for one in lent] == ["P1", "P2", "P2"]
    assert [one.features.vector.tolist() for one in lent] == [own[at].features.vector.tolist() for at in (1, 0, 2)]
    assert FlightGallery(name="FG420", bound=1, pack_digest=PACK, templates=()).templates() == ()
