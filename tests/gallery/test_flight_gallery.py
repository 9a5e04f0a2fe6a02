"""A flight's gallery: bounded, named, exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.errors import GalleryRefused, PackMismatch
from fairgate.gallery.flight_gallery import FlightGallery
from fairgate.vocabulary import Features, Template

PACK = "a" * 64
DIMENSIONS = 8


def _features(vector: NDArray[np.floating], pack: str = PACK) -> Features:
    return Features(pack, (vector / np.linalg.norm(vector)).astype(np.float32))


def _axis(*weights: float) -> Features:
    """Return features that point along the weighted sum of the first axes."""
    vector = np.zeros(DIMENSIONS)
    vector[: len(weights)] = weights
    return _features(vector)


def _gallery(
    *templates: tuple[str, Features], distractors: tuple[Features, ...] = (), bound: int = 10
) -> FlightGallery:
    return FlightGallery(
        name="XX 123 2026-01-31",
        bound=bound,
        pack_digest=PACK,
        templates=[Template(ref, features) for ref, features in templates],
        distractors=distractors,
    )


def test_the_best_candidate_comes_first() -> None:
    """Scores are cosines and candidates come in falling order, as many as asked for."""
    gallery = _gallery(("far", _axis(0, 1)), ("near", _axis(3, 4)), ("same", _axis(1, 0)))
    found = gallery.search(_axis(1, 0), limit=2)
    assert [candidate.passenger_ref for candidate in found] == ["same", "near"]
    assert [candidate.score for candidate in found] == pytest.approx([1.0, 0.6], abs=1e-6)
    assert gallery.search(_axis(1, 0)) == found[:1]
    assert len(gallery.search(_axis(1, 0), limit=99)) == 3


def test_of_several_templates_the_best_counts() -> None:
    """A passenger with two references is one candidate with the higher of both scores."""
    gallery = _gallery(("two", _axis(0, 1)), ("one", _axis(3, 4)), ("two", _axis(1, 0)))
    found = gallery.search(_axis(1, 0), limit=5)
    assert [candidate.passenger_ref for candidate in found] == ["two", "one"]
    assert [candidate.score for candidate in found] == pytest.approx([1.0, 0.6], abs=1e-6)
    assert gallery.size == 3
    assert gallery.passenger_refs == ("one", "two")
    assert gallery.scores(_axis(1, 0)) == pytest.approx([0.6, 1.0])


def test_a_distractor_on_top_means_no_candidate() -> None:
    """Distractors rank, are never returned, and cut off whoever ranks at or below the best of them."""
    references = (("first", _axis(1, 0)), ("second", _axis(3, 4)), ("third", _axis(0, 1)))
    gallery = _gallery(*references, distractors=(_axis(4, 3), _axis(0, 0, 1)))
    assert [candidate.passenger_ref for candidate in gallery.search(_axis(1, 0), limit=3)] == ["first"]
    assert gallery.search(_axis(0, 0, 1), limit=3) == ()
    tie = _gallery(("first", _axis(1, 0)), distractors=(_axis(1, 0),))
    assert tie.search(_axis(1, 0)) == ()
    assert (gallery.size, gallery.distractor_count) == (5, 2)
    assert gallery.scores(_axis(1, 0)) == pytest.approx([1.0, 0.6, 0.0])


def test_a_passenger_taken_out_is_not_found() -> None:
    """All of their templates go; everyone else keeps their scores; nobody's absence is an error."""
    gallery = _gallery(
        ("a", _axis(1, 0)),
        ("b", _axis(0, 1)),
        ("a", _axis(3, 4)),
        ("c", _axis(0, 0, 1)),
        distractors=(_axis(0, 0, 0, 1),),
    )
    fewer = gallery.without("a")
    assert fewer.passenger_refs == ("b", "c")
    assert (fewer.size, fewer.distractor_count) == (3, 1)
    first = fewer.search(_axis(1, 0.5), limit=9)[0]
    assert first.passenger_ref == "b"
    assert first.score == pytest.approx(0.4472136)
    assert fewer.without("b").without("c").search(_axis(1, 0)) == ()
    assert fewer.without("a") is fewer
    assert gallery.search(_axis(1, 0))[0].passenger_ref == "a"


@pytest.mark.parametrize("name", ["", "  ", "ALL", "all", "*"])
def test_a_gallery_of_everything_is_refused(name: str) -> None:
    """Every gallery is of something; none is of everyone."""
    with pytest.raises(GalleryRefused):
        FlightGallery(name=name, bound=5, pack_digest=PACK, templates=())


def test_the_bound_holds_for_templates_and_distractors_together() -> None:
    """One above the declared bound is refused, and so is a bound of none."""
    two, one = (("a", _axis(1)), ("b", _axis(0, 1))), (_axis(0, 0, 1),)
    assert _gallery(*two, distractors=one, bound=3).size == 3
    with pytest.raises(GalleryRefused, match="bound is 2"):
        _gallery(*two, distractors=one, bound=2)
    with pytest.raises(GalleryRefused):
        _gallery(bound=0)


def test_features_of_another_pack_are_never_compared() -> None:
    """Neither as reference, nor as distractor, nor as probe, nor in an empty gallery."""
    foreign = _features(np.ones(DIMENSIONS), "b" * 64)
    with pytest.raises(PackMismatch):
        _gallery(("a", foreign))
    with pytest.raises(PackMismatch):
        _gallery(distractors=(foreign,))
    with pytest.raises(PackMismatch):
        _gallery(("a", _axis(1))).search(foreign)
    with pytest.raises(PackMismatch):
        _gallery().scores(foreign)


@pytest.mark.parametrize(
    "vector",
    [
        np.full(DIMENSIONS, np.nan, dtype=np.float32),
        np.zeros(DIMENSIONS, dtype=np.float32),
        np.full(DIMENSIONS, 0.5, dtype=np.float32),
        np.eye(DIMENSIONS)[0],
        np.eye(DIMENSIONS + 1, dtype=np.float32)[0],
        np.eye(DIMENSIONS, dtype=np.float32)[:1],
        np.array(1.0, dtype=np.float32),
    ],
)
def test_features_of_the_wrong_form_are_refused(vector: NDArray[np.float32]) -> None:
    """Not finite, not of unit norm, not float32 or of another length: as probe and as reference."""
    bad = Features(PACK, vector)
    with pytest.raises(GalleryRefused):
        _gallery(("a", _axis(1))).search(bad)
    with pytest.raises(GalleryRefused):
        _gallery(("a", _axis(1)), ("b", bad))


def test_an_empty_gallery_finds_nobody() -> None:
    """A flight on which no reference could be enrolled sends everyone to the officer."""
    empty = _gallery()
    assert (empty.size, empty.search(_axis(1), limit=3), empty.scores(_axis(1)).shape) == (0, (), (0,))
    only_distractors = _gallery(distractors=(_axis(1),))
    assert only_distractors.search(_axis(1)) == ()


def test_a_search_for_no_candidate_is_refused() -> None:
    """A limit below one is a mistake of the caller's."""
    with pytest.raises(GalleryRefused):
        _gallery().search(_axis(1), limit=0)


def test_a_long_list_of_candidates_is_in_the_same_order_as_a_short_one() -> None:
    """However many are asked for, equal scores come in the order of the references."""
    draw = np.random.default_rng(5)
    made = [_features(draw.standard_normal(DIMENSIONS)) for _ in range(20)]
    gallery = _gallery(*((f"p{i:02}", made[i // 2]) for i in range(40)), bound=40)
    long = gallery.search(made[3], limit=40)
    assert long[:5] == gallery.search(made[3], limit=5)
    assert [candidate.passenger_ref for candidate in long[:2]] == ["p06", "p07"]


def test_printing_a_gallery_shows_no_features() -> None:
    """Only its name and counts."""
    assert repr(_gallery(("a", _axis(1)))) == "<FlightGallery XX 123 2026-01-31: 1 passengers, 0 distractors>"


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    refs=st.lists(st.sampled_from("abcdefgh"), max_size=20),
    distractors=st.integers(0, 3),
    limit=st.integers(1, 9),
)
def test_the_search_agrees_with_comparing_one_by_one(seed: int, refs: list[str], distractors: int, limit: int) -> None:
    """Whatever the gallery, the candidates are those of a plain sort over single comparisons."""
    draw = np.random.default_rng(seed)
    made = [_features(draw.standard_normal(DIMENSIONS)) for _ in range(len(refs) + distractors)]
    probe = _features(draw.standard_normal(DIMENSIONS))
    gallery = _gallery(*zip(refs, made, strict=False), distractors=tuple(made[len(refs) :]), bound=40)

    def cosine(features: Features) -> float:
        return float(features.vector.astype(np.float64) @ probe.vector.astype(np.float64))

    best: dict[str, float] = {}
    for ref, features in zip(refs, made, strict=False):
        best[ref] = max(best.get(ref, -2.0), cosine(features))
    bar = max((cosine(features) for features in made[len(refs) :]), default=-2.0)
    expected = sorted((ref for ref in best if best[ref] > bar), key=lambda ref: -best[ref])[:limit]
    found = gallery.search(probe, limit)
    assert [candidate.passenger_ref for candidate in found] == expected
    assert [candidate.score for candidate in found] == pytest.approx([best[ref] for ref in expected], abs=1e-5)


def test_a_claim_is_compared_with_the_mean_over_the_references() -> None:
    """For 1:1 each passenger's score is the mean over that passenger's templates, distractors left out."""
    gallery = _gallery(
        ("two", _axis(0, 1)), ("one", _axis(3, 4)), ("two", _axis(1, 0)), distractors=(_axis(1, 0), _axis(0, 0, 1))
    )
    assert gallery.mean_scores(_axis(1, 0)) == pytest.approx([0.6, 0.5])
    assert gallery.without("one").mean_scores(_axis(0, 1)) == pytest.approx([0.5])
    assert _gallery(("one", _axis(3, 4))).mean_scores(_axis(1, 0)) == pytest.approx([0.6])


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 3).filter(any), min_size=1, max_size=5))
def test_the_mean_of_frames_scores_the_mean_of_their_scores(frames: list[tuple[int, int, int]]) -> None:
    """The mean of a capture's vectors, shorter than 1, is taken as a probe and scores what its frames do on average."""
    probes = [_axis(*frame) for frame in frames]
    vector = np.asarray(np.mean([probe.vector for probe in probes], axis=0, dtype=np.float64), np.float32)
    gallery = _gallery(("one", _axis(3, 4)), ("two", _axis(0, 1)), ("two", _axis(1, 0)))
    if np.linalg.norm(vector) < 1e-3:
        return
    single = [gallery.mean_scores(probe) for probe in probes]
    assert gallery.mean_scores(Features(PACK, vector)) == pytest.approx(np.mean(single, axis=0), abs=1e-5)


def test_the_mean_of_frames_is_no_reference() -> None:
    """What is shorter than unit norm is refused as a template and as a distractor."""
    short = Features(PACK, np.eye(1, DIMENSIONS, dtype=np.float32)[0] * np.float32(0.9))
    with pytest.raises(GalleryRefused):
        _gallery(("short", short))
    with pytest.raises(GalleryRefused):
        _gallery(("one", _axis(1, 0)), distractors=(short,))
