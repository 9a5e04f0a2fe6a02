"""Reading the files of chips: real ones where they are at hand, made ones, and damaged ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.chip import passive_authentication, read_chip, read_chip_file
from fairgate.papers.chip.face_group import FaceGroup
from fairgate.papers.chip.face_image import FaceFormat
from fairgate.papers.chip.files import name_by_content, name_by_name
from fairgate.papers.chip.image_head import ImageFormat, ImageHead, read_image_head
from fairgate.papers.chip.verdicts import NoCsca, NotGenuine, PassiveReason, PassiveStep, StepOutcome
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.mint.keys import ALGORITHMS
from fairgate.papers.mint.passport import MintOrder, mint_passport
from fairgate.papers.mint.specimen import specimen_zone
from fairgate.papers.trust.store import trust_store
from fairgate.services.mint_papers import DrawnKeys

AT = datetime(2026, 11, 22, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x50\x00\x40\x03" + bytes(300) + b"\xff\xd9"


@pytest.fixture(scope="module")
def specimen(shared_data: Path) -> Mapping[str, bytes]:
    """The BSI's specimen chip."""
    return {path.name: path.read_bytes() for path in (shared_data / "icao").glob("BSI_*.bin")}


@cache
def minted(face_format: FaceFormat) -> Mapping[str, bytes]:
    """A good chip, the same in every run but for its keys and signatures."""
    order = MintOrder(specimen_zone(AT.date()), JPEG, ALGORITHMS["ecdsa-p256"], AT, face_format)
    return mint_passport(order, DrawnKeys(), lambda size: hashlib.shake_256(b"chip").digest(size)).files


def test_the_specimen_reads_wholly(specimen: Mapping[str, bytes]) -> None:
    """Every file, with its real deviations as findings."""
    chip = read_chip(specimen)
    assert chip.unreadable == ()
    assert chip.present == (1, 2, 14, 15)
    assert chip.com is not None
    assert (chip.com.lds_version, chip.com.groups) == ("1.7", (1, 2, 3, 4, 14))
    assert chip.mrz is not None
    assert (chip.mrz.document_code, chip.mrz.issuer, len(chip.mrz.lines)) == ("P", "D", 2)
    assert chip.faces is not None
    image = chip.faces.images[0]
    assert (image.face_format, image.image_format) == (FaceFormat.ISO_19794_5, ImageFormat.JPEG_2000)
    assert (image.width_px, image.height_px) == (413, 531)
    assert chip.security_infos is not None
    assert str(chip.security_infos.public_keys[0].key) == "brainpoolP224r1"
    assert str(chip.active_key) == "RSA 1024"
    codes = {finding.code for finding in chip.findings}
    assert codes == {
        ChipFindingCode.IMAGE_SIZE_MISMATCH,
        ChipFindingCode.EXPLICIT_CURVE,
        ChipFindingCode.WEAK_KEY,
        ChipFindingCode.PRESENT_NOT_LISTED,
    }


def test_the_specimen_lacks_only_its_csca(specimen: Mapping[str, bytes]) -> None:
    """Hashes and RSA-PSS signature hold; that nobody knows its CSCA is not its fault. DG15 is not covered."""
    found = passive_authentication(read_chip(specimen), trust_store(), at=AT)
    assert found.verdict == NoCsca(PassiveReason.NO_CSCA_FOR_COUNTRY, "DE")
    steps = {step.step: step for step in found.steps}
    assert steps[PassiveStep.DATA_GROUP_HASHES].ok
    assert steps[PassiveStep.SIGNATURE].ok
    assert steps[PassiveStep.SIGNATURE].detail == "rsa_pss sha256, RSA 2048"
    assert steps[PassiveStep.ISSUER_COUNTRY].ok
    assert steps[PassiveStep.VALIDITY_AT_SIGNING].reason is PassiveReason.SIGNING_TIME_UNKNOWN
    assert found.covered == (1, 2, 14)
    then = passive_authentication(read_chip(specimen), trust_store(), at=datetime(2014, 6, 1, tzinfo=UTC))
    assert then.steps[PassiveStep.VALIDITY_AT_SIGNING - 1].ok


def test_the_new_face_format_gives_its_image(shared_data: Path) -> None:
    """Byte for byte the file that it was made of."""
    folder = shared_data / "icao"
    name, part, findings = read_chip_file((folder / "ICAO_39794_5_AP_MandFields.dat").read_bytes(), name="DG2")
    assert name == "DG2"
    assert findings == ()
    assert isinstance(part, FaceGroup)
    assert part.images[0].face_format is FaceFormat.ISO_39794_5
    with part.images[0].photo.open() as content:
        assert bytes(content) == (folder / "ICAO_39794_5_AP_Face.jpg").read_bytes()


def test_a_bare_face_block_is_read_and_is_no_group_of_a_chip() -> None:
    """Beside a chip's files it does not take DG2's place."""
    group = minted(FaceFormat.ISO_39794_5)["DG2"]
    start = group.index(b"\xa1", group.index(b"\x7f\x2e"))
    name, part, _ = read_chip_file(group[start:])
    assert name == "DG2"
    assert isinstance(part, FaceGroup)
    files = {"example.dat": group[start:], **minted(FaceFormat.ISO_39794_5)}
    found = passive_authentication(read_chip(files), trust_store(), at=AT)
    assert isinstance(found.verdict, NoCsca)


@pytest.mark.parametrize("face_format", list(FaceFormat))
def test_a_minted_face_is_the_photo_and_never_shown(face_format: FaceFormat) -> None:
    """In both formats; what prints a chip prints no image and no zone."""
    chip = read_chip(minted(face_format))
    assert chip.faces is not None
    with chip.faces.images[0].photo.open() as content:
        assert bytes(content) == JPEG
    assert (chip.faces.images[0].width_px, chip.faces.images[0].height_px) == (64, 80)
    shown = repr(chip)
    assert "ERIKSSON" not in shown
    assert "photo" not in shown


def test_files_are_told_by_content_and_by_name() -> None:
    """A file that begins as none does goes by its name."""
    assert name_by_content(b"\x77\x00") == "EF.SOD"
    assert name_by_content(b"\x6e\x00") == "DG14"
    assert name_by_content(b"") is None
    for name, called in (
        ("EF_SOD.bin", "EF.SOD"),
        ("BSI_EF_COM.bin", "EF.COM"),
        ("Datagroup14.bin", "DG14"),
        ("dg2.bin", "DG2"),
        ("EF.DG01", "DG1"),
        ("DG17.bin", None),
        ("notes.txt", None),
    ):
        assert name_by_name(name) == called, name


def test_what_is_no_chip_is_refused() -> None:
    """Whole folders and single files."""
    with pytest.raises(PapersError):
        read_chip({"notes.txt": b"hello"})
    with pytest.raises(PapersError):
        read_chip_file(b"hello")
    with pytest.raises(PapersError):
        read_chip_file(b"\x75" + bytes(3 * 1024 * 1024))


def test_an_unreadable_file_is_a_finding_and_the_rest_is_read() -> None:
    """And a file given twice counts once."""
    files = {**minted(FaceFormat.ISO_19794_5), "DG2": b"\x75\x05abc", "again": minted(FaceFormat.ISO_19794_5)["DG1"]}
    chip = read_chip(files)
    assert chip.unreadable == ("DG2",)
    assert chip.mrz is not None
    codes = {finding.code for finding in chip.findings}
    assert {ChipFindingCode.UNREADABLE_FILE, ChipFindingCode.UNKNOWN_FILE} <= codes
    found = passive_authentication(chip, trust_store(), at=AT)
    assert isinstance(found.verdict, NotGenuine)
    assert found.verdict.reasons == (PassiveReason.DATA_GROUP_CHANGED,)


@pytest.mark.parametrize("name", ["EF.COM", "EF.SOD", "DG1", "DG2", "DG14", "DG15"])
@given(data=st.data())
@settings(max_examples=60)
def test_a_damaged_file_ends_in_a_value_or_one_error(name: str, data: st.DataObject) -> None:
    """Octets changed, dropped or put in anywhere: no other exception, and positions within the file."""
    face_format = data.draw(st.sampled_from(list(FaceFormat)))
    content = bytearray(minted(face_format)[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(("change", "cut", "insert", "zero")))
        if kind == "change":
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del content[at : at + data.draw(st.integers(1, 40))]
        elif kind == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        else:
            content[at : at + 8] = bytes(len(content[at : at + 8]))
        if not content:
            return
    position: int | None = 0
    try:
        read_chip_file(bytes(content), name=name)
    except PapersError as error:
        position = error.position
    assert position is not None
    assert 0 <= position <= len(content)
    files = {**minted(face_format), name: bytes(content)}
    found = passive_authentication(read_chip(files), trust_store(), at=AT)
    assert len(found.steps) == len(PassiveStep)
    assert all(step.reason is not None for step in found.steps if step.outcome is not StepOutcome.PASSED)


@given(st.dictionaries(st.sampled_from(["EF.COM", "EF.SOD", "DG1", "DG2", "DG14", "DG15"]), st.binary(max_size=200)))
def test_any_bytes_end_in_a_chip_or_one_error(files: dict[str, bytes]) -> None:
    """Random ones under the names of a chip's files."""
    try:
        chip = read_chip(files)
    except PapersError:
        return
    passive_authentication(chip, trust_store(), at=AT)


@given(
    st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"])
)
def test_any_image_head_ends_in_a_size(rest: bytes, magic: bytes) -> None:
    """Never below nothing."""
    head = read_image_head(magic + rest)
    assert head is not None
    assert head.width_px >= 0
    assert head.height_px >= 0


def test_image_heads_of_each_kind() -> None:
    """JPEG, boxed JPEG 2000, and its bare codestream."""
    assert read_image_head(JPEG) == ImageHead(ImageFormat.JPEG, 64, 80)
    sizes = b"".join(number.to_bytes(4, "big") for number in (170, 250, 10, 50))
    assert read_image_head(b"\xff\x4f\xff\x51\x00\x29\x00\x00" + sizes) == ImageHead(ImageFormat.JPEG_2000, 160, 200)
    assert specimen_zone(date(2026, 11, 22)).startswith("P<UTOERIKSSON<<ANNA<MARIA")
