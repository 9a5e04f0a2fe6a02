"""What every pack must do, whatever its models: one suite, run on each pack that can be had here."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from fairgate.errors import CalibrationMissing, PackDigestMismatch, PackMismatch, PackModelMissing
from fairgate.face.compare import compare
from fairgate.face.embed import Embedder
from fairgate.face.pack import (
    read_pack,
    require_calibration,
    threshold_among_themselves,
    threshold_for_identification,
    threshold_for_same_photo,
    threshold_for_verification,
)
from fairgate.face.pipeline import Extracted, Extraction, NoFace, Pipeline, PoorImage, Role, SeveralFaces
from fairgate.outside.pack_catalogue import recipe, recipe_names
from fairgate.outside.pack_files import InstalledPack, load_models, open_pack, read_model, verify_pack
from fairgate.outside.pack_store import add_pack
from fairgate.outside.pack_supply import from_folder
from fairgate.vocabulary import Features, Template

pytestmark = pytest.mark.needs_component

Rgb = NDArray[np.uint8]
SceneOf = Callable[..., Rgb]
PACKS = ["dlib-cc0", *(name for name in recipe_names() if read_pack(recipe(name)).calibration)]
PEOPLE = 6
ANOTHER_MACHINE = 1e-3
"""Largest difference between features made in another way: another number of threads, another size of batch."""


@dataclass(frozen=True)
class Ready:
    """A pack, loaded."""

    installed: InstalledPack
    pipeline: Pipeline

    def extract(self, rgb: Rgb, role: Role = Role.PROBE, pipeline: Pipeline | None = None) -> Extraction:
        ticks = itertools.count()
        return (pipeline or self.pipeline).extract(
            rgb, smallest_face_px=80, timer=lambda: float(next(ticks)), role=role
        )

    def features(self, rgb: Rgb, role: Role = Role.PROBE, pipeline: Pipeline | None = None) -> Features:
        found = self.extract(rgb, role, pipeline)
        assert isinstance(found, Extracted), found
        return found.features


def _loaded(installed: InstalledPack, threads: int = 1) -> Pipeline:
    return Pipeline(installed.pack, load_models(installed), threads=threads)


@pytest.fixture(scope="module", params=PACKS)
def ready(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ready:
    """Each pack in turn; those that are not part of Fairgate are put together as a person would."""
    name = str(request.param)
    try:
        if name == "dlib-cc0":
            default = open_pack(name)
            return Ready(default, _loaded(default))
        models: Path = request.getfixturevalue("shared_data") / "models"
        folder = tmp_path_factory.mktemp("every-pack")
        added = add_pack(recipe(name), from_folder(models), folder / "packs", folder / "cache")
    except PackModelMissing as missing:
        pytest.skip(f"{name}: {missing}")
    return Ready(added.installed, _loaded(added.installed))


@pytest.fixture(scope="module")
def portraits(shared_data: Path) -> list[tuple[Rgb, Rgb]]:
    """An older and a newer portrait of each of a few people."""
    with (shared_data / "portraits" / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        subjects = [row["subject"] for row in csv.DictReader(lines) if row["same_portrait"] == "0"][:PEOPLE]

    def read(year: str, subject: str) -> Rgb:
        with Image.open(shared_data / "portraits" / year / f"{subject}.jpg") as opened:
            return np.asarray(opened.convert("RGB"))

    return [(read("2014", subject), read("2024", subject)) for subject in subjects]


def _chips(ready: Ready) -> Iterator[tuple[Embedder, Rgb]]:
    """Yield each recogniser's embedder with three chips that have some structure."""
    rng = np.random.Generator(np.random.PCG64(4))
    for one in ready.pipeline.recognisers:
        side = one.stages.embedder.input_width_px
        small = rng.integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)
        large = [cv2.resize(chip, (side, side), interpolation=cv2.INTER_CUBIC) for chip in small]
        yield one.embedder, np.stack(large).astype(np.uint8)


def test_features_are_of_unit_norm_and_carry_the_digest(ready: Ready, scene_of: SceneOf) -> None:
    """As many as the stages say, in single precision, finite."""
    features = ready.features(scene_of((150, 60, 360)))
    pack = ready.installed.pack
    length = pack.embedder.feature_length + sum(other.embedder.feature_length for other in pack.fused_with)
    assert features.pack_digest == pack.digest
    assert features.vector.shape == (length,)
    assert features.vector.dtype == np.float32
    assert np.isfinite(features.vector).all()
    assert float(np.linalg.norm(features.vector)) == pytest.approx(1, abs=1e-5)


def test_the_same_photo_gives_the_same_bits(ready: Ready, scene_of: SceneOf) -> None:
    """Again, and from a pipeline that was loaded anew."""
    first = ready.features(scene_of((150, 60, 360))).vector
    assert (ready.features(scene_of((150, 60, 360))).vector == first).all()
    again = ready.features(scene_of((150, 60, 360)), pipeline=_loaded(ready.installed)).vector
    assert (again == first).all()


def test_a_second_thread_changes_nothing_that_matters(ready: Ready, scene_of: SceneOf) -> None:
    """Features made on another number of cores can be compared with these."""
    one = ready.features(scene_of((150, 60, 360))).vector
    two = ready.features(scene_of((150, 60, 360)), pipeline=_loaded(ready.installed, threads=2)).vector
    assert float(np.abs(one - two).max()) <= ANOTHER_MACHINE


def test_a_chip_gives_the_same_alone_and_among_others(ready: Ready) -> None:
    """Who stands beside whom in a batch is nobody's feature."""
    for embedder, chips in _chips(ready):
        together = embedder.embed(chips)
        alone = np.concatenate([embedder.embed(chips[at : at + 1]) for at in range(len(chips))])
        assert float(np.abs(together - alone).max()) <= ANOTHER_MACHINE


def test_a_mirrored_chip_gives_the_same_where_the_pack_says_so(ready: Ready) -> None:
    """And something else where it does not."""
    for one, (embedder, chips) in zip(ready.pipeline.recognisers, _chips(ready), strict=True):
        mirrored = np.ascontiguousarray(chips[:, :, ::-1])
        apart = float(np.abs(embedder.embed(chips) - embedder.embed(mirrored)).max())
        assert (apart <= ANOTHER_MACHINE) == one.stages.embedder.mirrored_average


def test_features_of_another_pack_are_never_compared(ready: Ready, scene_of: SceneOf) -> None:
    """Of the same pack they are, and a photo with itself scores highest."""
    own = ready.features(scene_of((150, 60, 360)))
    assert compare(own, Template("own", own)) == pytest.approx(1, abs=1e-5)
    with pytest.raises(PackMismatch):
        compare(own, Template("other", Features("0" * 64, own.vector)))


@pytest.mark.parametrize("role", list(Role))
def test_no_face_several_faces_and_a_poor_image_are_outcomes(ready: Ready, scene_of: SceneOf, role: Role) -> None:
    """Values, not exceptions; and no features are made."""
    assert isinstance(ready.extract(np.full((480, 640, 3), 120, np.uint8), role), NoFace)
    several = ready.extract(scene_of((10, 90, 300), (330, 100, 290)), role)
    assert isinstance(several, SeveralFaces)
    assert several.count == 2
    blurred = cv2.GaussianBlur(scene_of((150, 60, 360)), (0, 0), 9)
    assert isinstance(ready.extract(np.asarray(blurred, np.uint8), role), PoorImage | NoFace)


def test_a_photo_of_another_size_gives_nearly_the_same(ready: Ready, scene_of: SceneOf) -> None:
    """The face's place and size in the frame are not the person's."""
    large = ready.features(scene_of((150, 60, 360)))
    moved = ready.features(scene_of((40, 100, 300)))
    verification = threshold_for_verification(ready.installed.pack, 1e-4).threshold
    assert compare(moved, Template("large", large)) > verification


def test_portraits_of_one_person_are_closer_than_of_two(ready: Ready, portraits: list[tuple[Rgb, Rgb]]) -> None:
    """Ten years apart: each of a few people is nearest to themself, and above the threshold for FMR 1e-3."""
    older = [ready.features(pair[0], Role.REFERENCE) for pair in portraits]
    newer = [ready.features(pair[1]) for pair in portraits]
    scores = np.array([[compare(probe, Template("older", reference)) for reference in older] for probe in newer])
    assert np.argmax(scores, axis=1).tolist() == list(range(PEOPLE))
    assert scores.diagonal().min() >= threshold_for_verification(ready.installed.pack, 1e-3).threshold


def test_thresholds_are_calibrated_and_no_others_are_made_up(ready: Ready) -> None:
    """Stricter for a larger gallery and a lower rate; an operating point without a record is refused."""
    pack = ready.installed.pack
    require_calibration(pack)
    one_to_one = [threshold_for_verification(pack, fmr).threshold for fmr in (1e-3, 1e-4)]
    assert one_to_one == sorted(one_to_one)
    searched = [threshold_for_identification(pack, 0.003, size).threshold for size in (50, 100, 200, 420, 1000)]
    assert searched == sorted(searched)
    with pytest.raises(CalibrationMissing):
        threshold_for_verification(pack, 1e-6)
    with pytest.raises(CalibrationMissing):
        threshold_for_identification(pack, 0.003, 42_000)


def test_a_list_is_compared_among_itself_more_strictly_than_a_search(ready: Ready) -> None:
    """Larger lists more strictly, none beyond those calibrated; one photo is told above most of one person's."""
    pack = ready.installed.pack
    sizes = (50, 100, 200, 420, 1000)
    among = [threshold_among_themselves(pack, 0.01, size) for size in sizes]
    assert [record.threshold for record in among] == sorted(record.threshold for record in among)
    for size, record in zip(sizes, among, strict=True):
        assert record.threshold > threshold_for_identification(pack, 0.003, size).threshold
        assert not record.resolvable
    with pytest.raises(CalibrationMissing):
        threshold_among_themselves(pack, 0.01, 42_000)
    one_photo = threshold_for_same_photo(pack)
    assert one_photo is not None
    assert one_photo.threshold > among[-1].threshold


def test_every_file_is_as_the_pack_says_and_one_bit_is_noticed(ready: Ready, tmp_path: Path) -> None:
    """Each model in turn."""
    assert all(finding.ok for finding in verify_pack(ready.installed, tmp_path))
    for model in ready.installed.pack.models().values():
        content = bytearray(read_model(model, ready.installed.folder))
        content[len(content) // 2] ^= 1
        (tmp_path / "flipped").write_bytes(content)
        beside = type(model)("flipped", "", "", model.format, model.sha256, model.size_bytes, *("x",) * 3)
        with pytest.raises(PackDigestMismatch):
            read_model(beside, tmp_path)
