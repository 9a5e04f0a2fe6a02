"""Reading packs: what they must say, what is refused, and which threshold they support."""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import CalibrationMissing, CalibrationOfAnotherPack, PackFormRefused, PackRefused
from fairgate.face.pack import (
    HeldOut,
    Pack,
    read_pack,
    require_calibration,
    threshold_for_identification,
    threshold_for_verification,
)

PACKAGED = importlib.resources.files("fairgate.face").joinpath("packs", "dlib-cc0.toml").read_text("utf-8")
BARE = PACKAGED.split("[[calibration]]")[0]


def _record(pack_digest: str, **changes: object) -> str:
    """Return one calibration record as TOML; a change to ``None`` leaves the key out."""
    fields: dict[str, object] = {
        "id": '"v-1e-4"',
        "kind": '"verification"',
        "target": "1e-4",
        "threshold": "0.93",
        "threshold_method": '"quantile of the non-mated scores"',
        "data": '"portraits"',
        "data_sha256": f'"{"a" * 64}"',
        "subjects": 300,
        "mated": 78,
        "non_mated": 181000,
        "errors_expected": 18.1,
        "errors_observed": 18,
        "low": "6e-5",
        "high": "1.6e-4",
        "interval_method": '"Wilson 95 %"',
        "resolvable": "true",
        "held_out_false_positives": "{ errors = 20, of = 181000, low = 7e-5, high = 1.7e-4 }",
        "held_out_misses": "{ errors = 1, of = 78, low = 0.002, high = 0.07 }",
        "made_on": "2026-01-31",
        "pack_digest": f'"{pack_digest}"',
    } | changes
    return "\n[[calibration]]\n" + "\n".join(f"{key} = {value}" for key, value in fields.items() if value is not None)


def _identification(pack_digest: str, size: int, **changes: object) -> str:
    return _record(
        pack_digest,
        **{"id": f'"i-{size}"', "kind": '"identification"', "target": "0.003", "gallery_size": size, **changes},
    )


@pytest.fixture(scope="module")
def bare() -> Pack:
    return read_pack(BARE)


def test_the_default_pack_names_three_free_models_with_digests() -> None:
    """The packaged pack reads, and not one of its models is the non-commercial 68-point predictor."""
    pack = read_pack(PACKAGED)
    models = pack.models()
    assert set(models) == {"detector", "landmarks", "embedder"}
    assert {model.licence for model in models.values()} == {"CC0-1.0"}
    assert all("68" not in model.file for model in models.values())
    assert pack.embedder.feature_length == 128
    assert pack.embedder.normalisation.divide_by == 256.0


def test_calibration_and_comments_leave_the_digest_and_a_model_changes_it(bare: Pack) -> None:
    """Features depend on the models and their use, never on a threshold or on the file's layout."""
    assert read_pack(BARE + _record(bare.digest)).digest == bare.digest
    assert read_pack("# a comment\n" + BARE.replace(" = ", "  =  ")).digest == bare.digest
    assert read_pack(BARE.replace("padding = 0.25", "padding = 0.2")).digest != bare.digest
    assert read_pack(BARE.replace("4cb19393", "4cb19394")).digest != bare.digest
    assert re.fullmatch("[0-9a-f]{64}", bare.digest)


def test_a_pack_without_records_reads_and_is_not_operated(bare: Pack) -> None:
    """So that it can be measured, and so that nobody is compared at a threshold that was never measured."""
    require_calibration(read_pack(BARE + _record(bare.digest)))
    with pytest.raises(CalibrationMissing, match="no calibration record"):
        require_calibration(bare)


def test_a_record_is_read_whole(bare: Pack) -> None:
    """Every field of a calibration record arrives with its type."""
    (record,) = read_pack(BARE + _record(bare.digest)).calibration
    assert record.target == 1e-4
    assert record.gallery_size is None
    assert record.made_on == date(2026, 1, 31)
    assert record.held_out_misses == HeldOut(errors=1.0, of=78, low=0.002, high=0.07)
    assert record.pack_digest == bare.digest


@pytest.mark.parametrize(
    "change",
    [
        ("[embedder]", "[embedder]\nsurprise = 1"),
        ('title = "', 'extra = 1\ntitle = "'),
        ('id = "dlib-cc0"', 'id = ""'),
        ("schema = 1", "schema = 2"),
        ("schema = 1", "schema = true"),
        ('colour_order = "rgb"', 'colour_order = "grb"'),
        ("mirrored_average = true", "mirrored_average = 1"),
        ("feature_length = 128", "feature_length = 128.0"),
        ("size_bytes = 729940", "size_bytes = 0"),
        ("divide_by = 256.0", "divide_by = 0"),
        ("divide_by = 256.0", "divide_by = nan"),
        ("padding = 0.25", "padding = inf"),
        ("minimum_score = 0.0", "minimum_score = 1" + "0" * 400),
        ("mean = [122.782, 117.001, 104.298]", "mean = [122.782, 117.001]"),
        ("[0.4901123135679, 0.6277975316475],\n", ""),
        ('measure = "cosine"', 'measure = "euclidean"'),
        ('direction = "higher"', 'direction = "lower"'),
        ("sha256 = ", "# sha256 = "),
        ('sha256 = "4cb', 'sha256 = "4CB'),
        ('file = "face_recognition_models/models/mmod', 'file = "/face_recognition_models/models/mmod'),
        ('file = "face_recognition_models/models/mmod', 'file = "../models/mmod'),
        ('file = "face_recognition_models/models/mmod', 'file = "C:/models/mmod'),
        ('distribution_version = "0.3.0"\n', ""),
        ('licence = "CC0-1.0"\n', ""),
        ('format = "dlib-dat"', 'format = "pickle"'),
        ("[landmarks.model]", "[landmarks.mode]"),
        ("[landmarks]", "landmarks = 5\n[landmark]"),
        ("schema = 1", "schema = [[["),
    ],
)
def test_a_pack_that_is_not_exactly_as_agreed_is_refused(change: tuple[str, str]) -> None:
    """Unknown keys, wrong types, missing digests, numbers that are not finite and paths that lead out are refused."""
    old, new = change
    assert old in BARE
    with pytest.raises(PackFormRefused) as refused:
        read_pack(BARE.replace(old, new, 1))
    assert refused.value.code == "config.pack_form"
    assert refused.value.exit_code == 4


def test_landmarks_may_come_from_the_detector() -> None:
    """A detector that gives five points needs no landmark model, and one in the file is then refused."""
    start, end = BARE.index("[landmarks.model]"), BARE.index("[embedder]")
    given_by_detector = (BARE[:start] + BARE[end:]).replace('"dlib-trees"', '"from-detector"')
    assert set(read_pack(given_by_detector).models()) == {"detector", "embedder"}
    with pytest.raises(PackFormRefused, match=re.escape("landmarks.model")):
        read_pack(BARE.replace('"dlib-trees"', '"from-detector"'))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"threshold": "nan"}, "threshold"),
        ({"threshold": "inf"}, "threshold"),
        ({"threshold": "1.5"}, "threshold"),
        ({"target": "0"}, "target"),
        ({"target": "1.0"}, "target"),
        ({"low": "0.5"}, "low"),
        ({"data_sha256": None}, "data_sha256"),
        ({"made_on": '"2026-01-31"'}, "made_on"),
        ({"made_on": "2026-01-31T00:00:00Z"}, "made_on"),
        ({"gallery_size": 420}, "gallery_size"),
        ({"kind": '"identification"'}, "gallery_size"),
        ({"resolvable": "false"}, "resolvable"),
        ({"errors_expected": 2.9}, "resolvable"),
        ({"errors_expected": 2.9, "resolvable": "false"}, "extrapolated"),
        ({"non_mated": 0}, "non_mated"),
        ({"held_out_misses": "{ errors = 79, of = 78, low = 0, high = 1 }"}, "errors"),
        ({"held_out_misses": "{ errors = 7, of = 78, low = 0, high = 1, more = 1 }"}, "more"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(bare: Pack, changes: dict[str, object], names: str) -> None:
    """The refusal names the field."""
    with pytest.raises(PackFormRefused, match=names):
        read_pack(BARE + _record(bare.digest, **changes))


def test_an_extrapolated_threshold_says_so(bare: Pack) -> None:
    """Fewer than three expected errors are not resolvable, and the method must say that it extrapolates."""
    text = _record(
        bare.digest, errors_expected=1.2, resolvable="false", threshold_method='"extrapolated, tail fitted by ..."'
    )
    (record,) = read_pack(BARE + text).calibration
    assert not record.resolvable


def test_a_record_of_another_pack_is_refused() -> None:
    """A threshold measured with other models has its own code."""
    with pytest.raises(CalibrationOfAnotherPack):
        read_pack(BARE + _record("b" * 64))


def test_two_records_for_one_operating_point_are_refused(bare: Pack) -> None:
    """Which of two thresholds holds must never depend on their order."""
    with pytest.raises(PackFormRefused, match="repeats"):
        read_pack(BARE + _record(bare.digest) + _record(bare.digest, id='"other"'))
    with pytest.raises(PackFormRefused, match="repeats"):
        read_pack(BARE + _record(bare.digest) + _record(bare.digest, target="1e-3"))


def test_an_operating_point_without_its_own_record_is_refused(bare: Pack) -> None:
    """There is no default threshold, none is interpolated, and none is borrowed from the other kind."""
    pack = read_pack(BARE + _record(bare.digest) + _identification(bare.digest, 420, target="1e-3"))
    assert threshold_for_verification(pack, 1e-4).threshold == 0.93
    for empty_or_other in (bare, pack):
        with pytest.raises(CalibrationMissing):
            threshold_for_verification(empty_or_other, 1e-3)
        with pytest.raises(CalibrationMissing):
            threshold_for_identification(empty_or_other, 1e-4, 10)


def test_the_smallest_gallery_that_is_large_enough_decides(bare: Pack) -> None:
    """A gallery of N uses the record of the next size up, and a larger one than any calibrated is refused."""
    pack = read_pack(BARE + "".join(_identification(bare.digest, size) for size in (4200, 100, 420)))
    sizes = {n: threshold_for_identification(pack, 0.003, n).gallery_size for n in (1, 100, 101, 420, 421, 4200)}
    assert sizes == {1: 100, 100: 100, 101: 420, 420: 420, 421: 4200, 4200: 4200}
    with pytest.raises(CalibrationMissing, match="4201"):
        threshold_for_identification(pack, 0.003, 4201)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_pack_or_refused(text: str) -> None:
    """Whatever stands in the file, the only exception is a refusal."""
    with pytest.raises(PackRefused):
        read_pack(text)


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]), st.just({"a": 1})
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    """Replacing any line's value by any other TOML value ends in a pack or a refusal."""
    lines = BARE.splitlines()
    at = data.draw(st.sampled_from([i for i, line in enumerate(lines) if re.match(r"\w+ = ", line)]))
    value = data.draw(_VALUES)
    as_toml = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
    if as_toml is None:
        as_toml = '"x"' if value is None or isinstance(value, str) else str(value).replace("{'a': 1}", "{a = 1}")
    lines[at] = lines[at].split(" = ")[0] + " = " + as_toml
    try:
        pack = read_pack("\n".join(lines))
    except PackRefused:
        return
    assert tomllib.loads("\n".join(lines))["id"] == pack.id
