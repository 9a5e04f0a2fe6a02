"""Several frames of one capture: what is left out, what is fused, and what must not be."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.face.compare import compare
from fairgate.face.detect import Face
from fairgate.face.frames import NEVER_ALIKE, NotOnePerson, join
from fairgate.face.pipeline import Extracted, NoFace, PoorImage, SeveralFaces
from fairgate.face.quality import QualityReport
from fairgate.vocabulary import Features, Template

PACK = "a" * 64
TIMES = MappingProxyType({"detect": 2.0, "embed": 1.0})
FACE = Face((0.0, 0.0, 100.0, 100.0), 1.0)


def report(unified: int) -> QualityReport:
    """A report of which only the unified value matters."""
    return QualityReport(MappingProxyType({}), unified, ())


def seen(*weights: float, quality: int = 50) -> Extracted:
    """A frame whose features point along the weighted sum of the first axes."""
    vector = np.zeros(4, np.float32)
    vector[: len(weights)] = weights
    vector /= np.linalg.norm(vector)
    return Extracted(Features(PACK, vector), FACE, (), report(quality), 1, TIMES)


def poor(unified: int) -> PoorImage:
    """A frame that fails the gate."""
    return PoorImage("sharpness", report(unified), FACE, TIMES)


def test_a_single_frame_is_its_own_answer() -> None:
    """Nothing is changed, whatever it shows: the very same value comes back."""
    for frame in (seen(1), NoFace(TIMES), SeveralFaces(2, TIMES), poor(3)):
        joined = join([frame], NEVER_ALIKE)
        assert joined.answer is frame
        assert joined.best == 0


def test_the_score_of_a_capture_is_the_mean_of_its_frames_scores() -> None:
    """And its face and quality are those of the frame of the best quality."""
    frames = [seen(1, 0.2, quality=40), seen(1, 0.1, quality=70), seen(1, 0, 0.3, quality=60)]
    joined = join(frames, 0.8)
    assert isinstance(joined.answer, Extracted)
    reference = Template("somebody", seen(0.9, 0.3).features)
    mean = np.mean([compare(frame.features, reference) for frame in frames])
    assert compare(joined.answer.features, reference) == pytest.approx(mean, abs=1e-6)
    assert (joined.best, joined.used, joined.answer.quality.unified) == (1, (0, 1, 2), 70)
    assert joined.answer.stage_ms == {"detect": 6.0, "embed": 3.0}


def test_frames_that_cannot_be_compared_are_left_out() -> None:
    """No face, several faces, poor quality: the rest decides, and one that is left is compared as it is."""
    good = seen(1, quality=10)
    joined = join([NoFace(TIMES), poor(49), good, SeveralFaces(3, TIMES)], 0.8)
    assert isinstance(joined.answer, Extracted)
    assert joined.answer.features is good.features
    assert (joined.best, joined.used) == (2, (2,))
    pair = join([seen(1), NoFace(TIMES), seen(1, 0.1)], 0.8)
    assert pair.used == (0, 2)


def test_without_a_frame_to_compare_the_closest_one_answers() -> None:
    """Poor quality came closer than several faces, those closer than no face; of poor ones the best."""
    joined = join([NoFace(TIMES), SeveralFaces(2, TIMES), poor(10), poor(30)], 0.8)
    assert isinstance(joined.answer, PoorImage)
    assert (joined.best, joined.used, joined.answer.quality.unified) == (3, (), 30)
    assert isinstance(join([NoFace(TIMES), SeveralFaces(2, TIMES)], 0.8).answer, SeveralFaces)


def test_frames_of_two_people_are_never_fused() -> None:
    """One that is unlike any other ends the capture, wherever it stands."""
    for at in range(3):
        frames = [seen(1), seen(1, 0.1), seen(1, 0.2)]
        frames[at] = seen(0, 1)
        joined = join(frames, 0.8)
        assert isinstance(joined.answer, NotOnePerson)
        assert joined.answer.count == 3


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 100)), min_size=1, max_size=5))
def test_fusing_never_exceeds_the_best_frame(made: list[tuple[int, int, int]]) -> None:
    """The mean never scores above the best frame, nor below the worst, nor is it longer than unit norm."""
    frames = [seen(first, second, quality=quality) for first, second, quality in made]
    joined = join(frames, -1.0)
    assert isinstance(joined.answer, Extracted)
    reference = Template("somebody", seen(1, 1, 1).features)
    scores = [compare(frame.features, reference) for frame in frames]
    assert min(scores) - 1e-6 <= compare(joined.answer.features, reference) <= max(scores) + 1e-6
    assert np.linalg.norm(joined.answer.features.vector) <= 1 + 1e-6
    assert frames[joined.best].quality.unified == max(quality for _, _, quality in made)
