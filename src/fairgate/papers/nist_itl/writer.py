"""Writes a transaction: strict, so that every reader of the standard takes it."""

from __future__ import annotations

import string

from nistitl import AsciiRecord, BinaryField, Field, Message

from fairgate.errors import PapersError
from fairgate.papers.nist_itl.facts import ACQUISITION_PROFILES, VERSION, FaceRecord, Pose, Transaction

MOST_FACES = 16
LARGEST_IMAGE_BYTES = 8 * 1024 * 1024
LARGEST_SIDE_PX = 99_999
_PRINTABLE = frozenset(string.ascii_letters + string.digits + string.punctuation + " ")


def write_transaction(transaction: Transaction) -> bytes:
    """Return a transaction's octets.

    The record type 2 has number 0, the photographs have 1 and up, whatever ``idc`` says.

    Raises:
        PapersError: a field is missing, too long, or holds what the standard does not allow there.
    """
    if transaction.version != VERSION:
        raise PapersError(f"Transactions are written in version {VERSION}.")
    if not 1 <= len(transaction.faces) <= MOST_FACES:
        raise PapersError(f"A transaction holds 1 to {MOST_FACES} photographs.")
    if transaction.made_on is None:
        raise PapersError("A transaction needs its date.")
    message = Message()
    first = message[0]
    # nistitl fills date and control number from the clock; every such field is set here.
    _set(first, 2, VERSION)
    _set(first, 4, _text(transaction.kind, 3, 16, "type of transaction"))
    _set(first, 5, transaction.made_on.strftime("%Y%m%d"))
    _set(first, 7, _text(transaction.destination, 1, 36, "destination"))
    _set(first, 8, _text(transaction.origin, 1, 36, "origin"))
    _set(first, 9, _text(transaction.control_number, 1, 40, "control number"))
    if transaction.control_reference:
        _set(first, 10, _text(transaction.control_reference, 1, 40, "control reference"))
    _set(first, 11, "00.00")
    _set(first, 12, "00.00")
    described = AsciiRecord(2)
    _set(described, 2, 0)
    for number, text in sorted(transaction.descriptions.items()):
        if not 3 <= number <= 998:
            raise PapersError("Record type 2 has user-defined fields 3 to 998.")
        _set(described, number, _text(text, 1, 1000, f"field 2.{number:03d}"))
    message += described
    for idc, face in enumerate(transaction.faces, start=1):
        message += _face(face, idc)
    return bytes(message.NIST)


def _face(face: FaceRecord, idc: int) -> AsciiRecord:
    if face.taken_on is None or face.compression is None:
        raise PapersError("A photograph needs its date and its compression.")
    for side in (face.width_px, face.height_px):
        if not 1 <= side <= LARGEST_SIDE_PX:
            raise PapersError("A photograph's width and height are 1 to 99999 pixels.")
    if face.scale_units not in (0, 1, 2) or not (1 <= face.horizontal_scale <= 99_999 >= face.vertical_scale >= 1):
        raise PapersError("A photograph's scale is out of range.")
    if face.acquisition_profile is not None and face.acquisition_profile not in ACQUISITION_PROFILES:
        raise PapersError("The acquisition profile is none of the standard's.")
    if not 0 < face.image.size_bytes <= LARGEST_IMAGE_BYTES:
        raise PapersError("A photograph is empty or too large.")
    if face.pose is Pose.DETERMINED:
        raise PapersError("A determined pose needs its angles, which are not kept.")
    record = AsciiRecord(10)
    values: dict[int, str | int | None] = {
        2: idc,
        3: "FACE",
        4: _text(face.source, 1, 36, "source"),
        5: face.taken_on.strftime("%Y%m%d"),
        6: str(face.width_px),
        7: str(face.height_px),
        8: str(face.scale_units),
        9: str(face.horizontal_scale),
        10: str(face.vertical_scale),
        11: face.compression.value,
        12: face.colour_space.value,
        13: None if face.acquisition_profile is None else str(face.acquisition_profile),
        20: None if face.pose is None else face.pose.value,
        30: None if face.monitoring is None else face.monitoring.value,
    }
    for number, value in values.items():
        if value is not None:
            _set(record, number, value)
    with face.image.open() as content:
        record += BinaryField(10, 999, bytes(content))
    return record


def _set(record: AsciiRecord, number: int, value: str | int) -> None:
    found = record[number]
    if isinstance(found, Field):
        found.value = value
    else:
        record += Field(record.type, number, value)


def _text(text: str, least: int, most: int, name: str) -> str:
    if not least <= len(text) <= most:
        raise PapersError(f"The {name} has {len(text)} characters; {least} to {most} are allowed.")
    if not _PRINTABLE.issuperset(text):
        raise PapersError(f"The {name} holds a character that is not printable ASCII.")
    return text
