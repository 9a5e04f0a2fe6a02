"""Capture quality: each component moves as its definition says, and the gate refuses only what is unusable."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fairgate.errors import FaceContractBroken, PackModelMissing
from fairgate.face.pipeline import Extracted, Pipeline
from fairgate.face.quality import (
    Component,
    QualityGate,
    QualityReport,
    assess,
    background_uniformity,
    head_size,
    motion_blur,
)
from fairgate.face.quality.assess import COMPONENT_NAMES
from fairgate.face.quality.gate import CONSERVATIVE
from fairgate.face.quality.sight import look
from fairgate.face.quality.unified import signs
from fairgate.face.quality.unified_terms import TERMS
from fairgate.outside.pack_files import load_models, open_pack

Rgb = NDArray[np.uint8]
Points = NDArray[np.float64]
CENTRE = np.array([200.0, 170.0])


def landmarks(inter_eye_px: float = 60.0, *, roll_degrees: float = 0.0, nose_aside: float = 0.0) -> Points:
    """Return five points of a frontal face whose eyes' midpoint is CENTRE; distances are in inter-eye distances."""
    frontal = np.array([[0.7, 0.0], [0.3, 0.0], [-0.7, 0.0], [-0.3, 0.0], [nose_aside, 0.78]]) * inter_eye_px
    angle = math.radians(roll_degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    turned: Points = frontal @ turn.T + CENTRE
    return turned


def frame(width: int = 400, height: int = 400) -> Rgb:
    """Return something with a face's variety: coarse shapes, fine texture, mid brightness."""
    draw = np.random.default_rng(7)
    coarse = draw.normal(0, 28, (height // 20, width // 20, 1)).astype(np.float32)
    middle = draw.normal(0, 16, (height // 4, width // 4, 1)).astype(np.float32)
    size = (width, height)
    grey = 140 + cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    grey = grey + cv2.resize(middle, size, interpolation=cv2.INTER_CUBIC)
    return as_pixels(np.repeat(np.asarray(grey)[..., None], 3, axis=2).clip(30, 225))


def as_pixels(values: NDArray[np.generic]) -> Rgb:
    return np.asarray(values).astype(np.uint8)


def blurred_by(rgb: Rgb, sigma_px: float) -> Rgb:
    return as_pixels(np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma_px))) if sigma_px else rgb


BOX = (130.0, 110.0, 270.0, 250.0)


def measured(rgb: Rgb, points: Points | None = None, box: tuple[float, float, float, float] = BOX) -> QualityReport:
    return assess(rgb, landmarks() if points is None else points, box)


def native(report: QualityReport, name: str) -> float:
    return report.components[name].native


def test_a_plain_good_capture_passes() -> None:
    """Every component of the vocabulary is reported, once, and none fails."""
    report = assess(frame(), landmarks(), BOX, thorough=True)
    assert tuple(report.components) == COMPONENT_NAMES
    assert report.failed == ()
    assert report.unified >= 60


def test_blur_shows_as_sharpness_and_nothing_else_fails() -> None:
    """The more blur, the less sharpness; heavy blur fails, also along one direction only."""
    sharp = frame()
    values = [native(measured(blurred_by(sharp, sigma)), "sharpness") for sigma in (0, 2, 4, 8)]
    assert values == sorted(values, reverse=True)
    assert measured(blurred_by(sharp, 8)).failed == ("sharpness",)
    moved = as_pixels(np.asarray(cv2.blur(sharp, (33, 1))))
    assert native(measured(moved), "sharpness") < values[0] / 2


def test_the_size_of_the_photo_is_not_its_sharpness() -> None:
    """The same scene at half the resolution measures nearly the same; only the inter-eye distance halves."""
    large = frame()
    small = as_pixels(np.asarray(cv2.resize(large, (200, 200), interpolation=cv2.INTER_AREA)))
    halved = tuple(side / 2 for side in BOX)
    report = measured(small, (landmarks() + 0.5) / 2 - 0.5, (halved[0], halved[1], halved[2], halved[3]))
    assert native(report, "sharpness") == pytest.approx(native(measured(large), "sharpness"), abs=0.03)
    assert native(report, "contrast") == pytest.approx(native(measured(large), "contrast"), rel=0.05)
    assert native(report, "inter_eye_distance") == pytest.approx(30.0)


@pytest.mark.parametrize("gain", [0.35, 0.6, 1.3])
def test_sharpness_does_not_follow_the_light(gain: float) -> None:
    """The same face lit otherwise is as sharp: brightness must not stand in for anything else."""
    lit = np.clip(frame() * gain, 0, 255).astype(np.uint8)
    assert native(measured(lit), "sharpness") == pytest.approx(native(measured(frame()), "sharpness"), abs=0.03)


@pytest.mark.parametrize(
    ("rgb", "failing"),
    [
        ((frame() // 12).astype(np.uint8), "under_exposure"),
        (np.clip(frame().astype(int) + 140, 0, 255).astype(np.uint8), "over_exposure"),
        ((128 + (frame().astype(int) - 128) // 16).astype(np.uint8), "contrast"),
    ],
)
def test_what_cannot_be_seen_fails(rgb: Rgb, failing: str) -> None:
    """Nearly black, nearly white and nearly flat faces fail on the component named for it."""
    assert failing in measured(rgb).failed


def test_a_flat_image_has_neither_range_nor_contrast_nor_sharpness() -> None:
    """One grey everywhere: zero bits, zero spread, and no number that is not finite."""
    report = measured(np.full((400, 400, 3), 90, dtype=np.uint8))
    assert [native(report, name) for name in ("dynamic_range", "contrast", "sharpness")] == [0.0, 0.0, 0.0]
    assert report.unified == 0


def test_uneven_light_is_a_ratio_of_both_halves() -> None:
    """One half at a quarter of the light of the other; which one does not matter."""
    lit = frame().astype(np.float64)
    lit[:, 200:] *= 0.25
    values = [native(measured(side.astype(np.uint8)), "illumination_evenness") for side in (lit, lit[:, ::-1])]
    assert values[0] == pytest.approx(values[1], rel=0.1)
    assert 3.0 < values[0] < 4.0
    assert native(measured(frame()), "illumination_evenness") < 1.3


@pytest.mark.parametrize("degrees", [-40.0, -10.0, 0.0, 25.0, 90.0])
def test_roll_is_the_angle_of_the_eyes(degrees: float) -> None:
    """Native keeps the sign; the mapped value is the same to both sides."""
    report = measured(frame(), landmarks(roll_degrees=degrees))
    assert native(report, "roll") == pytest.approx(degrees, abs=1e-6)
    other = measured(frame(), landmarks(roll_degrees=-degrees))
    assert report.components["roll"].mapped == other.components["roll"].mapped


@pytest.mark.parametrize("degrees", [-50.0, -20.0, 0.0, 35.0])
@pytest.mark.parametrize("roll", [0.0, 30.0])
def test_yaw_is_found_again_from_a_turned_face(degrees: float, roll: float) -> None:
    """A face with an average nose, turned and seen from afar, gives the angle back, leaning or not."""
    nose_aside = 0.40 * math.tan(math.radians(degrees))
    report = measured(frame(), landmarks(roll_degrees=roll, nose_aside=nose_aside))
    assert native(report, "yaw") == pytest.approx(degrees, abs=1e-6)


def test_a_face_that_the_frame_cuts_is_reported() -> None:
    """Half the face outside fails on crop; the whole face inside is 1."""
    assert native(measured(frame()), "crop") == 1.0
    report = measured(frame()[:, 190:], landmarks() - [190.0, 0.0], (-60.0, 110.0, 80.0, 250.0))
    assert native(report, "crop") == pytest.approx(0.58, abs=0.02)
    assert "crop" in report.failed


def test_position_is_reported_and_not_gated() -> None:
    """A face in the corner is far from the middle, and is refused for nothing else."""
    report = measured(frame(1000, 1000), box=(130.0, 100.0, 270.0, 240.0))
    assert native(report, "head_position") == pytest.approx(0.66)
    assert "head_position" not in CONSERVATIVE
    assert report.failed == ()


def test_a_face_of_a_few_pixels_fails_on_its_inter_eye_distance() -> None:
    """Even with both eyes in one pixel there is an answer and no exception."""
    for inter_eye_px in (8.0, 0.5, 0.0):
        assert "inter_eye_distance" in measured(frame(), landmarks(inter_eye_px)).failed


def test_the_gate_names_the_worst_first() -> None:
    """Failed components come in order of how far they fall short; those not named pass."""
    components = {
        name: Component(0.0, "share", mapped) for name, mapped in {"sharpness": 30, "contrast": 5, "yaw": 0}.items()
    }
    assert QualityGate({"sharpness": 40, "contrast": 50}).failed(components) == ("contrast", "sharpness")
    assert QualityGate({"sharpness": 30}).failed(components) == ()
    assert QualityGate({}).failed(components) == ()


def test_another_gate_changes_what_fails_and_not_what_is_measured() -> None:
    """Thresholds are data."""
    strict = assess(frame(), landmarks(), BOX, QualityGate({"inter_eye_distance": 100, "head_position": 100}))
    assert strict.failed == ()
    stricter = assess(frame(), landmarks(50.0), BOX, QualityGate({"inter_eye_distance": 100}))
    assert stricter.failed == ("inter_eye_distance",)
    assert stricter.unified == assess(frame(), landmarks(50.0), BOX).unified


@pytest.mark.parametrize(
    ("rgb", "points", "box"),
    [
        (frame().astype(np.float32), landmarks(), BOX),
        (frame()[..., 0], landmarks(), BOX),
        (np.zeros((0, 10, 3), dtype=np.uint8), landmarks(), BOX),
        (frame(), landmarks()[:4], BOX),
        (frame(), landmarks() * np.nan, BOX),
        (frame(), landmarks(), (0.0, math.inf, 1.0, 1.0)),
    ],
)
def test_input_of_the_wrong_form_is_a_broken_contract(rgb: Rgb, points: Points, box: tuple[float, ...]) -> None:
    """Types, shapes and numbers that are not finite."""
    with pytest.raises(FaceContractBroken):
        assess(rgb, points, (box[0], box[1], box[2], box[3]))


@settings(max_examples=80, deadline=None)
@given(
    size=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    points=st.lists(st.floats(-500, 500), min_size=10, max_size=10),
    box=st.tuples(*[st.floats(-500, 500)] * 4),
    seed=st.integers(0, 99),
)
def test_any_picture_and_any_points_give_finite_values(
    size: tuple[int, int], points: list[float], box: tuple[float, float, float, float], seed: int
) -> None:
    """Landmarks may lie anywhere, also outside the frame: values are finite and mapped ones lie in 0 to 100."""
    rgb = np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)
    report = assess(rgb, np.array(points).reshape(5, 2), box)
    assert all(math.isfinite(component.native) for component in report.components.values())
    assert all(0 <= component.mapped <= 100 for component in report.components.values())
    assert 0 <= report.unified <= 100


@pytest.mark.slow
@pytest.mark.needs_portraits
@pytest.mark.needs_component
def test_portraits_pass_and_blurred_ones_do_not(shared_data: Path, tmp_path: Path) -> None:
    """On every tenth official portrait: untouched none is refused; blurred by sigma 8 px each fails on sharpness."""
    default = open_pack("dlib-cc0")
    try:
        pipeline = Pipeline(default.pack, load_models(default, tmp_path))
    except PackModelMissing as missing:
        pytest.skip(str(missing))
    untouched, blurred = [], []
    for path in sorted((shared_data / "portraits").glob("20*/*.jpg"))[::10]:
        rgb = np.asarray(Image.open(path).convert("RGB"))
        found = pipeline.extract(rgb, smallest_face_px=80, timer=lambda: 0.0)
        assert isinstance(found, Extracted), path.name
        untouched.append(found.quality.unified)
        if rgb.shape[0] >= 400 and native(found.quality, "inter_eye_distance") >= 50:
            points = np.array(found.landmarks)
            report = assess(blurred_by(rgb, 8), points, found.face.box)
            blurred.append(report.failed)
    assert len(untouched) >= 55
    assert len(blurred) >= 15
    assert set(blurred) == {("sharpness",)}


def test_the_gate_speaks_of_components_that_are_measured() -> None:
    """No bound is set for a name that no component has."""
    assert set(CONSERVATIVE) <= set(COMPONENT_NAMES)


def smeared(rgb: Rgb, length_px: int, degrees: float) -> Rgb:
    """Return the pixels smeared along a line."""
    kernel = np.zeros((2 * length_px + 1, 2 * length_px + 1), np.float32)
    reach = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]) * length_px / 2
    for part in np.linspace(-1, 1, 8 * length_px):
        across, down = np.rint(reach * part).astype(int) + length_px
        kernel[down, across] = 1.0
    return as_pixels(np.asarray(cv2.filter2D(rgb, -1, kernel / kernel.sum())))


@pytest.mark.parametrize(("degrees", "place"), [(0, 0), (45, 1), (90, 2), (135, 3)])
def test_a_smear_shows_along_its_own_direction(degrees: float, place: int) -> None:
    """More of it shows more; the least detail is lost along the smear; diagonals count as well."""
    values = []
    for length in (4, 12, 20):
        rgb = smeared(frame(), length, degrees)
        sight = look(rgb, landmarks(), BOX)
        values.append(motion_blur.measure(sight).native)
        if length >= 12:
            assert int(np.argmin(motion_blur.lost_along(sight))) == place
    assert values[0] < values[-1]
    assert motion_blur.measure(look(smeared(frame(), 20, degrees), landmarks(), BOX)).mapped < 40


def test_detail_alike_in_all_directions_is_no_smear() -> None:
    """Neither in a sharp frame nor in one a little out of focus; nothing at all is no smear either."""
    for sigma in (0.0, 2.0):
        assert motion_blur.measure(look(blurred_by(frame(), sigma), landmarks(), BOX)).mapped > 60
    assert motion_blur.measure(look(as_pixels(np.full((400, 400, 3), 90)), landmarks(), BOX)).native == 0.0


def test_a_plain_wall_is_uniform_whatever_its_brightness_and_a_shelf_is_not() -> None:
    """What stands on the face itself does not count."""
    shelf = np.full((400, 400, 3), 60)
    shelf[:, ::24] = shelf[:, 1::24] = shelf[:, 2::24] = 230
    face = np.full((400, 400, 3), 200)
    face[120:240, 160:240] = frame()[120:240, 160:240]
    values = [
        background_uniformity.measure(look(as_pixels(rgb), landmarks(), BOX)).native
        for rgb in (np.full((400, 400, 3), 90), face, frame(), shelf)
    ]
    assert values[0] == values[1] == 0.0
    assert 0.0 < values[2] < values[3]


def test_a_face_that_fills_the_frame_has_no_background() -> None:
    """Nothing behind it can be wrong."""
    rgb = frame()[150:190, 180:220]
    seen = background_uniformity.measure(look(rgb, landmarks(60.0) - np.array([180.0, 150.0]), (0.0, 0.0, 40.0, 40.0)))
    assert (seen.native, seen.mapped) == (0.0, 100)


@pytest.mark.parametrize(("height", "mapped"), [(300, 100), (1000, 100), (4000, range(1, 40)), (160, range(1, 80))])
def test_head_size_is_told_against_the_frames_height(height: int, mapped: int | range) -> None:
    """A head fits a wide range of sizes; a dot and one that overflows the frame do not."""
    seen = head_size.measure(look(frame(400, height), landmarks(60.0), BOX))
    assert seen.native == pytest.approx(234 / height)
    assert seen.mapped in (mapped if isinstance(mapped, range) else (mapped,))
    assert head_size.fills_frame(seen) == (height == 160)


def test_further_components_are_measured_where_the_gate_names_them() -> None:
    """And are left out otherwise, since a lane would wait for them."""
    plain = assess(frame(), landmarks(), BOX)
    assert "background_uniformity" not in plain.components
    busy = as_pixels(np.random.default_rng(3).integers(0, 256, (400, 400, 1)).repeat(3, axis=2))
    named = assess(busy, landmarks(), BOX, QualityGate({"background_uniformity": 100}))
    assert named.failed == ("background_uniformity",)
    smear = assess(smeared(frame(), 24, 0), landmarks(), BOX, QualityGate({"motion_blur": 50}))
    assert smear.failed == ("motion_blur",)


def with_lenses(rgb: Rgb, kept: float) -> Rgb:
    """Return the pixels behind two round glasses that let a share of the light through."""
    shown = rgb.astype(np.float64)
    rows, columns = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    for side in (-1, 1):
        across, down = columns - (CENTRE[0] + side * 31), rows - (CENTRE[1] + 3)
        shown[(across / 25) ** 2 + (down / 20) ** 2 <= 1] *= kept
    return as_pixels(shown)


def test_dark_glasses_cover_the_eyes_and_clear_ones_do_not() -> None:
    """The darker the glass, the lower; a gate that names it refuses dark ones."""
    seen = [measured(with_lenses(frame(), kept)).components["eyes_covered"] for kept in (1.0, 0.85, 0.5, 0.2)]
    natives = [one.native for one in seen]
    assert natives == sorted(natives, reverse=True)
    assert natives[0] - natives[2] == pytest.approx(1.0, abs=0.15)
    assert seen[1].mapped > 60 > 30 > seen[3].mapped
    strict = assess(with_lenses(frame(), 0.2), landmarks(), BOX, QualityGate({"eyes_covered": 50}))
    assert strict.failed == ("eyes_covered",)


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.1])
def test_covered_eyes_follow_no_light(gain: float) -> None:
    """Darker skin or a shorter exposure moves the skin below the eyes and the cheeks alike."""
    lit = as_pixels(np.clip(frame() * gain, 0, 255))
    value = native(measured(lit), "eyes_covered")
    assert value == pytest.approx(native(measured(frame()), "eyes_covered"), abs=0.05)


@pytest.mark.parametrize("degrees", [-35.0, 20.0])
def test_covered_eyes_are_found_on_a_leaning_head(degrees: float) -> None:
    """The face is turned upright first: glasses drawn on a leaning head darken as much as on an upright one."""
    turn = cv2.getRotationMatrix2D((float(CENTRE[0]), float(CENTRE[1])), -degrees, 1.0)
    leaning = as_pixels(np.asarray(cv2.warpAffine(with_lenses(frame(), 0.3), turn, (400, 400))))
    value = native(measured(leaning, landmarks(roll_degrees=degrees)), "eyes_covered")
    assert value == pytest.approx(native(measured(with_lenses(frame(), 0.3)), "eyes_covered"), abs=0.2)


def test_the_unified_score_falls_with_what_hides_the_face() -> None:
    """Strong blur and dark glasses together score lower than either, and each lower than nothing."""
    sharp = frame()
    blurred, covered = blurred_by(sharp, 4), with_lenses(sharp, 0.3)
    plain, one, other, both = (measured(rgb).unified for rgb in (sharp, blurred, covered, blurred_by(covered, 4)))
    assert plain > one > both
    assert plain > other > both


def test_the_unified_score_leaves_the_size_of_the_photo_out() -> None:
    """Half the resolution is the same capture."""
    small = as_pixels(np.asarray(cv2.resize(frame(), (200, 200), interpolation=cv2.INTER_AREA)))
    halved = tuple(side / 2 for side in BOX)
    report = measured(small, (landmarks() + 0.5) / 2 - 0.5, (halved[0], halved[1], halved[2], halved[3]))
    assert report.unified == pytest.approx(measured(frame()).unified, abs=4)


def test_every_term_of_the_unified_score_is_a_sign_that_is_measured() -> None:
    """No weight is given to a name that nothing has, and none twice; every sign has a part."""
    seen = signs(look(frame(), landmarks(), BOX), assess(frame(), landmarks(), BOX).components)
    names = [term.sign for term in TERMS]
    assert sorted(names) == sorted(seen)
    assert all(term.spread > 0 for term in TERMS)
