"""ANSI/NIST-ITL transactions: written strictly, read leniently, bounded whatever is handed in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nistitl import Message

from fairgate.errors import PapersError, PhotoIsSealed
from fairgate.papers.nist_itl.facts import (
    ColourSpace,
    Compression,
    FaceRecord,
    Monitoring,
    Pose,
    Transaction,
)
from fairgate.papers.nist_itl.reader import read_transaction
from fairgate.papers.nist_itl.writer import write_transaction
from fairgate.vocabulary import Photo

PIXELS = b"\xff\xd8\xff\xe0 drawn \x1c\x1d\x1e\x1f999:10.999: not a field \xff\xd9"


def face(image: bytes = PIXELS) -> FaceRecord:
    """Return a photograph's record."""
    return FaceRecord(
        image=Photo(image),
        source="GATE-B22",
        taken_on=date(2026, 11, 22),
        width_px=480,
        height_px=640,
        compression=Compression.JPEG,
        colour_space=ColourSpace.SRGB,
        acquisition_profile=30,
        pose=Pose.FRONT,
        monitoring=Monitoring.UNATTENDED,
    )


def transaction(*faces: FaceRecord) -> Transaction:
    """Return a transaction of these photographs."""
    return Transaction(
        kind="FACE",
        made_on=date(2026, 11, 22),
        destination="STORE",
        origin="GATE",
        control_number="T-0001",
        faces=faces or (face(),),
        descriptions={3: "EXIT", 901: "UA989"},
    )


def told(read: Transaction) -> tuple[object, ...]:
    """Return everything a transaction says, images as bytes."""
    said: list[object] = [read.kind, read.made_on, read.destination, read.origin, read.control_number]
    said += [dict(read.descriptions), read.control_reference, read.version]
    for one in read.faces:
        with one.image.open() as content:
            said.append((bytes(content), *(getattr(one, name) for name in FaceRecord.__slots__ if name != "image")))
    return tuple(said)


def test_a_transaction_comes_back_as_it_was_written() -> None:
    """Reading gives what was written, capture data and image bytes that look like separators included."""
    written = write_transaction(transaction(face(), face(b"other")))
    read = read_transaction(written)
    assert read.findings == ()
    assert told(read) == told(transaction(face(), replace(face(b"other"), idc=2)))
    assert write_transaction(read) == written


def test_writing_twice_gives_the_same_octets() -> None:
    """No clock and no random number gets into a transaction."""
    assert write_transaction(transaction()) == write_transaction(transaction())


def test_another_reader_takes_what_is_written() -> None:
    """nistitl reads the capture data out of the fields where the standard puts them."""
    message = Message()
    message.parse(write_transaction(transaction()))
    assert [record.type for record in message] == [1, 2, 10]
    values = {number: message[2][number].value for number in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 30)}
    expected = "FACE GATE-B22 20261122 480 640 0 1 1 JPEGB SRGB 30 F UNATTENDED"
    assert list(values.values()) == expected.split()


def test_no_photo_is_printed() -> None:
    """The representation of a transaction holds no image, and the image itself refuses."""
    read = read_transaction(write_transaction(transaction()))
    assert "drawn" not in repr(read)
    with pytest.raises(PhotoIsSealed):
        repr(read.faces[0].image)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(transaction(), kind="X"),
        replace(transaction(), control_number=""),
        replace(transaction(), origin="A\x1dB"),
        replace(transaction(), made_on=None),
        replace(transaction(), faces=()),
        replace(transaction(), version="0400"),
        replace(transaction(), descriptions={2: "no"}),
        transaction(replace(face(), width_px=0)),
        transaction(replace(face(), source="")),
        transaction(replace(face(), acquisition_profile=7)),
        transaction(replace(face(), pose=Pose.DETERMINED)),
        transaction(replace(face(), scale_units=3)),
        transaction(face(b"")),
    ],
)
def test_what_the_standard_does_not_allow_is_not_written(wrong: Transaction) -> None:
    """The writer refuses."""
    with pytest.raises(PapersError):
        write_transaction(wrong)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"1.002:0502", b"1.002:0400", "version_other"),
        (b"10.003:FACE", b"10.003:SCAR", "image_type_other"),
        (b"10.006:480", b"10.006:4x0", "field_form"),
        (b"10.005:20261122", b"10.005:20261322", "field_form"),
        (b"10.011:JPEGB", b"10.011:JPEGX", "field_form"),
        (b"10.013:30", b"10.013:31", "field_form"),
        (b"10.004:", b"10.044:", "field_missing"),
        (b"2.003:EXIT", b"2.901:EXIT", "field_repeated"),
        (b"1.003:1\x1f2", b"1.003:1\x1f3", "content_mismatch"),
        (b"\x1e2\x1f0", b"\x1e4\x1f0", "content_mismatch"),
        (b"\x1e2\x1f0", b"\x1e4\x1f7", "strict_reader_refuses"),
    ],
)
def test_deviations_are_reported(old: bytes, new: bytes, code: str) -> None:
    """Each deviation has its code; the transaction is read nevertheless."""
    written = write_transaction(transaction())
    assert old in written
    assert code in [finding.code for finding in read_transaction(written.replace(old, new, 1)).findings]


@pytest.mark.parametrize(
    "content", [b"", b"1.001:", b"1.001:9\x1c", b"1.001:0\x1d1.002:0502\x1c", b"2.001:8\x1c", b"1.001:99999\x1d"]
)
def test_what_is_no_transaction_is_refused(content: bytes) -> None:
    """What is none, or lies about its length, is refused with a place."""
    with pytest.raises(PapersError) as refused:
        read_transaction(content)
    assert refused.value.position is not None


@given(st.binary(max_size=400), st.integers(0, 400), st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_any_input_ends_in_a_value_or_a_refusal(noise: bytes, at: int, gone: int) -> None:
    """Damage anywhere ends in a transaction with findings or one refusal; every beginning cut short is refused."""
    written = write_transaction(transaction())
    at = min(at, len(written))
    for content in (noise, written[:at] + noise + written[at + gone :], written[:at]):
        with suppress(PapersError):
            read_transaction(content)
