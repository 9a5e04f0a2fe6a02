"""Adding and removing packs: checked first, whole or not at all, and nobody else's is touched."""

from __future__ import annotations

import io
import pickletools
import stat
import zipfile
from pathlib import Path

import pytest
from made_packs import detector, embedder, failing_embedder, no_detector, pack_text, put
from onnx import ModelProto, TensorProto

from fairgate.errors import (
    CalibrationOfAnotherPack,
    PackConflict,
    PackDigestMismatch,
    PackFeatureLength,
    PackFormRefused,
    PackModelExternal,
    PackModelFormat,
    PackModelMissing,
    PackModelOperators,
    PackModelShape,
    PackRefused,
)
from fairgate.face.pack import read_pack
from fairgate.outside.pack_catalogue import catalogue, read_catalogue, recipe, recipe_names
from fairgate.outside.pack_files import open_pack, pack_names, verify_pack
from fairgate.outside.pack_store import AddedState, add_pack, remove_pack
from fairgate.outside.pack_supply import first_of, from_folder
from fairgate.outside.pack_supply import pack_text as text_of

DETECTOR, EMBEDDER = detector().SerializeToString(), embedder().SerializeToString()
TEXT = pack_text(DETECTOR, EMBEDDER)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return put(tmp_path / "models", DETECTOR, EMBEDDER)


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return tmp_path / "data" / "packs"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def _seen(packs: Path) -> list[str]:
    return sorted(str(path.relative_to(packs)) for path in packs.rglob("*") if path.is_file() and path.name != ".lock")


def test_a_pack_is_added_whole_and_can_be_opened(models: Path, packs: Path, cache: Path) -> None:
    """Its models lie where its file says, readable by nobody else; without calibration records it is still a pack."""
    added = add_pack(TEXT, from_folder(models), packs, cache)
    assert added.state is AddedState.ADDED
    assert added.installed == open_pack("made", packs)
    assert _seen(packs) == ["made/embedder.onnx", "made/models/detector.onnx", "made/pack.toml"]
    assert pack_names(packs) == ("dlib-cc0", "made")
    assert stat.S_IMODE((packs / "made").stat().st_mode) == 0o700
    wrong = [finding.code for finding in verify_pack(added.installed, cache) if not finding.ok]
    assert wrong == ["config.calibration_missing"]


def test_adding_again_changes_nothing_and_needs_no_models(models: Path, packs: Path, cache: Path) -> None:
    """Nothing is asked for, since everything is there."""
    add_pack(TEXT, from_folder(models), packs, cache)
    times = {path: path.stat().st_mtime_ns for path in packs.rglob("*.onnx")}
    again = add_pack(TEXT, from_folder(models / "gone"), packs, cache)
    assert (again.state, again.files) == (AddedState.THERE, ())
    assert {path: path.stat().st_mtime_ns for path in packs.rglob("*.onnx")} == times


@pytest.mark.parametrize("damage", ["missing", "one bit", "cut short"])
def test_adding_again_mends_what_is_damaged(models: Path, packs: Path, cache: Path, damage: str) -> None:
    """And only that."""
    add_pack(TEXT, from_folder(models), packs, cache)
    place = packs / "made" / "embedder.onnx"
    if damage == "missing":
        place.unlink()
    else:
        place.write_bytes(EMBEDDER[:-1] + (bytes([EMBEDDER[-1] ^ 1]) if damage == "one bit" else b""))
    mended = add_pack(TEXT, from_folder(models), packs, cache)
    assert (mended.state, mended.files) == (AddedState.REPAIRED, ("embedder.onnx",))
    assert place.read_bytes() == EMBEDDER


def test_another_pack_of_the_same_name_is_refused_and_left(models: Path, packs: Path, cache: Path) -> None:
    """Also where only the title differs; and the default pack's name is taken."""
    add_pack(TEXT, from_folder(models), packs, cache)
    with pytest.raises(PackConflict, match="differs"):
        add_pack(TEXT.replace("for a test", "for another"), from_folder(models), packs, cache)
    assert (packs / "made" / "pack.toml").read_text("utf-8") == TEXT
    for name in ("dlib-cc0", "catalogue"):
        with pytest.raises(PackConflict, match="part of Fairgate"):
            add_pack(pack_text(DETECTOR, EMBEDDER, name=name), from_folder(models), packs, cache)


@pytest.mark.parametrize("name", ["../made", "Made", ".made", "ma de"])
def test_a_name_that_is_no_folder_name_is_refused(models: Path, packs: Path, cache: Path, name: str) -> None:
    """It would lead elsewhere, or could not be named in the settings."""
    with pytest.raises(PackFormRefused):
        add_pack(pack_text(DETECTOR, EMBEDDER, name=name), from_folder(models), packs, cache)
    assert not packs.exists()


def _external() -> ModelProto:
    model = embedder()
    weight = model.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="../../../../etc/passwd")
    return model


def _pickle() -> bytes:
    import pickle

    content = pickle.dumps({"weights": [1.0, 2.0]})
    assert list(pickletools.genops(content))
    return content


def _zipped_pickle() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("archive/data.pkl", _pickle())
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "refused", "code"),
    [
        (_external().SerializeToString(), PackModelExternal, "config.pack_model_external"),
        (embedder(domain="com.example").SerializeToString(), PackModelOperators, "config.pack_model_operators"),
        (_pickle(), PackModelFormat, "config.pack_model_format"),
        (_zipped_pickle(), PackModelFormat, "config.pack_model_format"),
        (EMBEDDER[:-7], PackModelFormat, "config.pack_model_format"),
        (failing_embedder().SerializeToString(), PackModelFormat, "config.pack_model_format"),
        (embedder(side_px=20).SerializeToString(), PackModelShape, "config.pack_model_shape"),
        (embedder(features=5).SerializeToString(), PackFeatureLength, "config.pack_feature_length"),
    ],
    ids=[
        "external data",
        "custom operator",
        "pickle",
        "zipped pickle",
        "cut short",
        "fails",
        "other pixels",
        "other length",
    ],
)
def test_a_bad_model_is_refused_with_its_own_code(
    tmp_path: Path, packs: Path, cache: Path, content: bytes, refused: type[PackRefused], code: str
) -> None:
    """Although its digest is the one that the pack names; nothing of the pack is left, and verify says the same."""
    models = put(tmp_path / "models", DETECTOR, content)
    text = pack_text(DETECTOR, content)
    with pytest.raises(refused) as raised:
        add_pack(text, from_folder(models), packs, cache)
    assert raised.value.code == code
    assert _seen(packs) == []
    placed = packs / "made"
    put(placed / "models", DETECTOR, b"")
    (placed / "embedder.onnx").write_bytes(content)
    (placed / "pack.toml").write_text(text, encoding="utf-8")
    assert code in {finding.code for finding in verify_pack(open_pack("made", packs), cache)}


def test_a_detector_that_is_none_is_refused(tmp_path: Path, packs: Path, cache: Path) -> None:
    """Before the first photo is looked at with it."""
    content = no_detector().SerializeToString()
    with pytest.raises(PackModelFormat, match="detector"):
        add_pack(pack_text(content, EMBEDDER), from_folder(put(tmp_path / "models", content, EMBEDDER)), packs, cache)
    assert _seen(packs) == []


def test_one_bit_flipped_on_the_way_is_refused(tmp_path: Path, packs: Path, cache: Path) -> None:
    """In the folder of models; nothing is copied, and nothing of the pack is seen."""
    models = put(tmp_path / "models", DETECTOR, EMBEDDER[:-1] + bytes([EMBEDDER[-1] ^ 1]))
    with pytest.raises(PackDigestMismatch):
        add_pack(TEXT, from_folder(models), packs, cache)
    assert _seen(packs) == []
    assert pack_names(packs) == ("dlib-cc0",)


def test_a_missing_model_and_a_wrong_file_leave_nothing(tmp_path: Path, packs: Path, cache: Path) -> None:
    """The text names the file that is not there."""
    models = put(tmp_path / "models", DETECTOR, EMBEDDER)
    (models / "embedder.onnx").unlink()
    with pytest.raises(PackModelMissing, match=r"embedder\.onnx"):
        add_pack(TEXT, from_folder(models), packs, cache)
    with pytest.raises(PackFormRefused):
        add_pack("schema = 2", from_folder(models), packs, cache)
    twice = TEXT.replace("models/detector.onnx", "embedder.onnx")
    with pytest.raises(PackFormRefused, match="different digests"):
        add_pack(twice, from_folder(models), packs, cache)
    with pytest.raises(PackFormRefused, match=r"pack\.toml"):
        add_pack(TEXT.replace("models/detector.onnx", "pack.toml"), from_folder(models), packs, cache)
    assert _seen(packs) == []


def test_what_a_process_that_died_left_behind_is_never_a_pack(models: Path, packs: Path, cache: Path) -> None:
    """It is not listed, cannot be opened, and is cleared away by the next who adds or removes."""
    half = packs / ".adding-dead"
    half.mkdir(parents=True)
    (half / "pack.toml").write_text(TEXT, encoding="utf-8")
    assert pack_names(packs) == ("dlib-cc0",)
    with pytest.raises(PackRefused):
        open_pack(".adding-dead", packs)
    add_pack(TEXT, from_folder(models), packs, cache)
    assert not half.exists()


def test_a_pack_that_was_added_can_be_removed_and_no_other(models: Path, packs: Path, cache: Path) -> None:
    """Models and all; the default pack stays, and a name never leads out of the folder."""
    add_pack(TEXT, from_folder(models), packs, cache)
    outside = packs.parent / "mine"
    outside.mkdir()
    (outside / "pack.toml").write_text(TEXT, encoding="utf-8")
    for name in ("../mine", "absent", "", ".", "made/../../mine"):
        with pytest.raises(PackRefused):
            remove_pack(name, packs)
    with pytest.raises(PackConflict):
        remove_pack("dlib-cc0", packs)
    assert remove_pack("made", packs) == packs / "made"
    assert _seen(packs) == []
    assert (outside / "pack.toml").is_file()


def test_a_folder_that_cannot_be_written_is_refused(models: Path, tmp_path: Path, cache: Path) -> None:
    """A file in its place, say."""
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    with pytest.raises(PackRefused, match="cannot be written"):
        add_pack(TEXT, from_folder(models), in_the_way, cache)


def test_the_second_supply_is_asked_for_what_the_first_has_not(models: Path, tmp_path: Path) -> None:
    """But never to paper over a file that is another than it should be."""
    (part := tmp_path / "part").mkdir()
    (models / "embedder.onnx").rename(part / "embedder.onnx")
    both = first_of(from_folder(models), from_folder(part))
    made = read_pack(TEXT)
    assert both(made.embedder.model) == EMBEDDER
    assert both(made.detector.model) == DETECTOR
    (models / "embedder.onnx").write_bytes(b"another")
    with pytest.raises(PackDigestMismatch):
        both(made.embedder.model)


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_is_a_pack_whose_records_are_its_own(name: str) -> None:
    """Reading checks that; the id is the recipe's name, and a record of another pack would be refused."""
    text = recipe(name)
    pack = read_pack(text)
    assert pack.id == name
    assert text_of(name) == text
    if pack.calibration:
        with pytest.raises(CalibrationOfAnotherPack):
            read_pack(text.replace("mirrored_average = true", "mirrored_average = false"))
    assert bool(pack.calibration) == ("not calibrated" not in pack.title)


def test_a_pack_file_is_read_from_anywhere_and_from_nowhere_else(tmp_path: Path) -> None:
    """A name that is neither known nor a file is refused; so is what is no text."""
    file = tmp_path / "mine.toml"
    file.write_text(TEXT, encoding="utf-8")
    assert text_of(str(file)) == TEXT
    with pytest.raises(PackRefused, match="omz-0095"):
        text_of("unknown")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(PackFormRefused):
        text_of(str(file))


def test_the_catalogue_agrees_with_the_recipes() -> None:
    """A model that both name has one size and one licence; every location is pinned to a commit."""
    known = catalogue()
    assert len({entry.name for entry in known.values()}) == len(known)
    for entry in known.values():
        assert any(len(part) == 40 and set(part) <= set("0123456789abcdef") for part in entry.location.split("/"))
        assert entry.location.endswith(f"/{entry.file}")
    named = {model.sha256: model for name in recipe_names() for model in read_pack(recipe(name)).models().values()}
    shared = set(named) & set(known)
    assert shared
    for digest in shared:
        assert (named[digest].size_bytes, named[digest].licence) == (known[digest].size_bytes, known[digest].licence)


@pytest.mark.parametrize(
    ("old", "new"), [("https://", "http://"), ("schema = 1", "schema = 2"), ("licence =", "license ="), ("=", "= =")]
)
def test_a_catalogue_that_is_not_as_it_must_be_is_refused(old: str, new: str) -> None:
    """An address that is not https, a key that nobody knows, what is no TOML."""
    model = '[[model]]\nname = "n"\nfile = "f"\nlocation = "https://x/f"\nsize_bytes = 1\nlicence = "MIT"\n'
    text = f'schema = 1\n{model}established = "e"\nsha256 = "{"0" * 64}"\n'
    assert len(read_catalogue(text)) == 1
    with pytest.raises(PackFormRefused):
        read_catalogue(text.replace(old, new))
    with pytest.raises(PackFormRefused, match="twice"):
        read_catalogue(text + text.replace("schema = 1\n", ""))
