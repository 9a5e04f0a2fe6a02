"""The stages together: one face becomes features, and everything else one of the outcomes that are expected."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fairgate.errors import FaceContractBroken, PackModelShape, PackRefused
from fairgate.face.pipeline import Extracted, Extraction, NoFace, Pipeline, PoorImage, Role, SeveralFaces
from fairgate.outside.pack_files import load_models, open_pack

pytestmark = pytest.mark.needs_component

Rgb = NDArray[np.uint8]
SceneOf = Callable[..., Rgb]
STAGES = ("detect", "landmarks", "quality", "align", "embed")


def counting_timer() -> Callable[[], float]:
    """A clock that moves on by a millisecond each time it is asked."""
    ticks = itertools.count()
    return lambda: next(ticks) / 1000


def extract(engine: Pipeline, rgb: Rgb, role: Role = Role.PROBE) -> Extraction:
    return engine.extract(rgb, smallest_face_px=80, timer=counting_timer(), role=role)


def test_one_face_becomes_features(engine: Pipeline, scene_of: SceneOf) -> None:
    """With the pack's digest, the face's place, its points and the time of each stage."""
    found = extract(engine, scene_of((150, 60, 360)))
    assert isinstance(found, Extracted)
    assert found.features.pack_digest == engine.pack.digest
    assert np.linalg.norm(found.features.vector) == pytest.approx(1, abs=1e-6)
    assert found.features.vector.dtype == np.float32
    assert tuple(found.stage_ms) == STAGES
    assert list(found.stage_ms.values()) == pytest.approx([1] * len(STAGES))
    left_eye, right_eye, nose = found.landmarks[0], found.landmarks[2], found.landmarks[4]
    assert right_eye[0] < nose[0] < left_eye[0]
    assert nose[1] > left_eye[1]
    assert found.face_count == 1


def test_the_same_face_gives_the_same_features(engine: Pipeline, scene_of: SceneOf) -> None:
    """To the last bit, and nearly so where the photo is smaller or the face stands elsewhere."""
    first = extract(engine, scene_of((150, 60, 360)))
    again = extract(engine, scene_of((150, 60, 360)))
    moved = extract(engine, scene_of((40, 100, 300)))
    small = extract(engine, np.asarray(cv2.resize(scene_of((150, 60, 360)), (200, 150), interpolation=cv2.INTER_AREA)))
    for one in (first, again, moved, small):
        assert isinstance(one, Extracted)
    assert isinstance(first, Extracted)
    assert isinstance(again, Extracted)
    assert (first.features.vector == again.features.vector).all()
    for other in (moved, small):
        assert isinstance(other, Extracted)
        assert float(first.features.vector @ other.features.vector) > 0.97


def test_places_are_those_of_the_frame_handed_in(engine: Pipeline, scene_of: SceneOf) -> None:
    """Not of the enlarged copy that a small photo is turned into."""
    large = extract(engine, scene_of((150, 60, 360)))
    small = extract(engine, np.asarray(cv2.resize(scene_of((150, 60, 360)), (320, 240), interpolation=cv2.INTER_AREA)))
    assert isinstance(large, Extracted)
    assert isinstance(small, Extracted)
    assert np.array(small.landmarks) * 2 == pytest.approx(np.array(large.landmarks), abs=8)


def test_no_face_is_said_with_the_time_it_took(engine: Pipeline) -> None:
    """A wall."""
    found = extract(engine, np.full((480, 640, 3), 120, np.uint8))
    assert isinstance(found, NoFace)
    assert tuple(found.stage_ms) == ("detect",)


@pytest.mark.parametrize("role", list(Role))
def test_two_faces_of_one_size_are_several(engine: Pipeline, scene_of: SceneOf, role: Role) -> None:
    """Whose face it would be is not the machine's to choose."""
    found = extract(engine, scene_of((10, 90, 300), (330, 100, 290)), role)
    assert isinstance(found, SeveralFaces)
    assert found.count == 2


def test_a_much_smaller_face_in_the_background_does_not_count(engine: Pipeline, scene_of: SceneOf) -> None:
    """The queue behind the subject is no reason to send anyone to the officer."""
    assert isinstance(extract(engine, scene_of((10, 40, 400), (430, 200, 180))), Extracted)


def test_a_blurred_face_is_a_poor_image_and_names_the_component(engine: Pipeline, scene_of: SceneOf) -> None:
    """No features are made of it."""
    blurred = cv2.GaussianBlur(scene_of((150, 60, 360)), (0, 0), 11)
    found = extract(engine, np.asarray(blurred, np.uint8))
    assert isinstance(found, PoorImage)
    assert found.component == "sharpness"
    assert tuple(found.stage_ms) == STAGES[:3]


def test_a_frame_of_another_type_is_a_broken_contract(engine: Pipeline) -> None:
    """Grey pixels are not guessed to be colour."""
    with pytest.raises(FaceContractBroken):
        extract(engine, np.zeros((100, 100), np.uint8))


def test_a_pack_whose_stages_cannot_be_run_as_described_is_refused(engine: Pipeline) -> None:
    """Another kind, another colour order, a missing model."""
    installed = open_pack("dlib-cc0")
    models = load_models(installed)
    pack = installed.pack
    for changed in (
        replace(pack, detector=replace(pack.detector, colour_order="bgr")),
        replace(pack, landmarks=replace(pack.landmarks, kind="from-detector")),
        replace(pack, embedder=replace(pack.embedder, colour_order="bgr")),
    ):
        with pytest.raises(PackRefused, match="cannot run"):
            Pipeline(changed, models)
    for shaped in (
        replace(pack, detector=replace(pack.detector, kind="yunet")),
        replace(pack, embedder=replace(pack.embedder, input_width_px=128, input_height_px=128)),
    ):
        with pytest.raises(PackModelShape):
            Pipeline(shaped, models)
    for stage in models:
        with pytest.raises(PackRefused, match=stage):
            Pipeline(pack, {name: content for name, content in models.items() if name != stage})
    assert engine.pack.digest == pack.digest
