"""Finding packs and model files, checking them, and keeping what was converted."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from fairgate.errors import PackDigestMismatch, PackModelMissing, PackRefused
from fairgate.face.pack import DLIB_DAT, ModelFile
from fairgate.outside.pack_files import (
    InstalledPack,
    installed_packs,
    load_models,
    locate,
    open_pack,
    pack_names,
    read_model,
    verify_pack,
)


class CountingConverter:
    """Stands in for the conversion: a prefix of the stage's kind, and a count of how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, kind: str, content: bytes) -> bytes:
        self.asked += 1
        return kind.encode() + b":" + content


def _put(folder: Path, name: str, content: bytes) -> ModelFile:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return ModelFile(
        file=name,
        distribution="",
        distribution_version="",
        format=DLIB_DAT,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        licence="CC0-1.0",
        licence_statement="made for a test",
        licence_source="this file",
    )


@pytest.fixture
def installed(tmp_path: Path) -> InstalledPack:
    """The default pack's stages with three small files beside it."""
    pack, folder = open_pack("dlib-cc0", tmp_path / "none").pack, tmp_path / "pack"
    return InstalledPack(
        replace(
            pack,
            detector=replace(pack.detector, model=_put(folder, "detector.dat", b"detector")),
            landmarks=replace(pack.landmarks, model=_put(folder, "trees.dat", b"trees")),
            embedder=replace(pack.embedder, model=_put(folder, "embedder.dat", b"embedder")),
        ),
        folder,
    )


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_networks_and_trees_are_converted(installed: InstalledPack, cache: Path) -> None:
    """Each stage gets what it runs; the second load converts nothing."""
    convert = CountingConverter()
    expected = {
        "detector": b"dlib-mmod:detector",
        "landmarks": b"dlib-trees:trees",
        "embedder": b"dlib-resnet:embedder",
    }
    assert dict(load_models(installed, cache, convert)) == expected
    assert dict(load_models(installed, cache, convert)) == expected
    assert convert.asked == 3


def test_the_cache_is_private_and_holds_no_half_files(installed: InstalledPack, cache: Path) -> None:
    """Only the user enters the folder, even where it was there before with a wider mode; the parent is left alone."""
    (cache / "models").mkdir(parents=True)
    (cache / "models").chmod(0o777)
    parent_mode = cache.stat().st_mode
    load_models(installed, cache, CountingConverter())
    assert stat.S_IMODE((cache / "models").stat().st_mode) == 0o700
    assert cache.stat().st_mode == parent_mode
    assert not list(cache.rglob(".part-*"))


@pytest.mark.parametrize("damage", ["model", "digest", "no digest", "truncated", "empty"])
def test_a_damaged_cache_entry_is_made_again(installed: InstalledPack, cache: Path, damage: str) -> None:
    """What comes out of the cache has its digest, or is converted anew and mended in place."""
    convert = CountingConverter()
    good = dict(load_models(installed, cache, convert))
    for path in [*(cache / "models").glob("*.onnx"), *(cache / "models").glob("*.trees")]:
        beside = path.with_suffix(".sha256")
        match damage:
            case "model":
                path.write_bytes(path.read_bytes()[:-1] + b"?")
            case "digest":
                beside.write_text("0" * 64)
            case "no digest":
                beside.unlink()
            case "truncated":
                path.write_bytes(path.read_bytes()[:3])
            case _:
                path.write_bytes(b"")
    assert dict(load_models(installed, cache, convert)) == good
    assert convert.asked == 6
    assert dict(load_models(installed, cache, convert)) == good
    assert convert.asked == 6


def test_another_converter_finds_nothing_of_another_source(installed: InstalledPack, cache: Path) -> None:
    """The cache is keyed by the source's digest: a pack with another file does not get this one's model."""
    convert = CountingConverter()
    load_models(installed, cache, convert)
    folder = installed.folder
    assert folder is not None
    other = replace(
        installed.pack, embedder=replace(installed.pack.embedder, model=_put(folder, "other.dat", b"other"))
    )
    assert load_models(InstalledPack(other, folder), cache, convert)["embedder"] == b"dlib-resnet:other"


def test_a_cache_that_cannot_be_used_stops_nothing(installed: InstalledPack, tmp_path: Path) -> None:
    """A file in the folder's place, or a link to elsewhere, means converting each time."""
    convert = CountingConverter()
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    assert load_models(installed, in_the_way, convert)["embedder"] == b"dlib-resnet:embedder"
    linked = tmp_path / "linked"
    linked.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (linked / "models").symlink_to(tmp_path / "elsewhere")
    assert load_models(installed, linked, convert)["embedder"] == b"dlib-resnet:embedder"
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_flipped_bit_in_a_model_file_is_refused(installed: InstalledPack, cache: Path) -> None:
    """Also where the converted model is in the cache already."""
    load_models(installed, cache, CountingConverter())
    assert installed.folder is not None
    (installed.folder / "embedder.dat").write_bytes(b"embeddeR")
    with pytest.raises(PackDigestMismatch, match=r"embedder\.dat"):
        load_models(installed, cache, CountingConverter())
    findings = {finding.subject: finding for finding in verify_pack(installed, cache)}
    assert (findings["embedder"].ok, findings["embedder"].code) == (False, "config.pack_digest")
    assert findings["detector"].ok


def test_a_file_of_another_length_is_refused_unread(installed: InstalledPack) -> None:
    """Size is compared first, so that a huge file in a model's place is not read."""
    assert installed.folder is not None
    (installed.folder / "embedder.dat").write_bytes(b"embedder and more")
    with pytest.raises(PackDigestMismatch):
        read_model(installed.pack.embedder.model, installed.folder)


def test_a_missing_file_or_distribution_names_the_way_out(installed: InstalledPack, cache: Path) -> None:
    """The text says what to install."""
    assert installed.folder is not None
    (installed.folder / "detector.dat").unlink()
    with pytest.raises(PackModelMissing):
        load_models(installed, cache, CountingConverter())
    elsewhere = replace(installed.pack.detector.model, distribution="no_such_models", distribution_version="1.2")
    with pytest.raises(PackModelMissing) as missing:
        locate(elsewhere, None)
    assert "no_such_models==1.2" in missing.value.way_out
    with pytest.raises(PackModelMissing):
        locate(installed.pack.detector.model, None)


def test_verifying_reports_and_changes_nothing(installed: InstalledPack, cache: Path) -> None:
    """Before the first use the cache is empty and stays so."""
    uncalibrated = InstalledPack(replace(installed.pack, calibration=()), installed.folder)
    findings = verify_pack(uncalibrated, cache)
    assert not cache.exists()
    assert [finding.subject for finding in findings if not finding.ok] == ["calibration"]
    assert findings[-1].code == "config.calibration_missing"


def test_packs_that_a_person_added_are_listed_and_opened(tmp_path: Path) -> None:
    """One folder a pack; its name is its id; a broken one does not keep the others from being opened."""
    added = tmp_path / "mine"
    added.mkdir()
    text = open_pack_text().split("[[calibration]]")[0].replace('id = "dlib-cc0"', 'id = "mine"')
    (added / "pack.toml").write_text(text)
    assert pack_names(tmp_path) == ("dlib-cc0", "mine")
    opened = open_pack("mine", tmp_path)
    assert (opened.pack.id, opened.folder) == ("mine", added)
    assert [each.pack.id for each in installed_packs(tmp_path)] == ["dlib-cc0", "mine"]
    shutil.copytree(added, tmp_path / "liar")
    with pytest.raises(PackRefused, match="calls itself mine"):
        open_pack("liar", tmp_path)
    shutil.copytree(added, tmp_path / "dlib-cc0")
    with pytest.raises(PackRefused, match="part of Fairgate"):
        open_pack("dlib-cc0", tmp_path)
    (added / "pack.toml").write_bytes(b"\xff")
    with pytest.raises(PackRefused):
        open_pack("mine", tmp_path)
    for name in ("../mine", "absent", ""):
        with pytest.raises(PackRefused):
            open_pack(name, tmp_path)


def open_pack_text() -> str:
    import importlib.resources

    return importlib.resources.files("fairgate.face").joinpath("packs", "dlib-cc0.toml").read_text("utf-8")


def _load_in_child(installed: InstalledPack, cache: Path, tally: Path) -> None:
    def convert(kind: str, content: bytes) -> bytes:
        with (tally / kind).open("ab") as file:
            file.write(b"x")
        return content[::-1]

    assert load_models(installed, cache, convert)["embedder"] == b"reddebme"


def test_processes_that_start_together_convert_once(installed: InstalledPack, cache: Path, tmp_path: Path) -> None:
    """One converts, the others wait and read; none sees half a file."""
    tally = tmp_path / "tally"
    tally.mkdir()
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_load_in_child, args=(installed, cache, tally)) for _ in range(6)]
    for child in children:
        child.start()
    for child in children:
        child.join(30)
    assert [child.exitcode for child in children] == [0] * 6
    assert (tally / "dlib-resnet").read_bytes() == b"x"


@pytest.mark.needs_component
def test_the_installed_models_are_those_of_the_default_pack(cache: Path) -> None:
    """The distribution's three files have the pack's sizes and digests, without importing the distribution."""
    default = open_pack("dlib-cc0", cache)
    try:
        locate(default.pack.embedder.model, default.folder)
    except PackModelMissing as missing:
        pytest.skip(str(missing))
    for model in default.pack.models().values():
        assert len(read_model(model, default.folder)) == model.size_bytes
