"""Reads a transaction: lenient, every deviation reported.

Steps: 1 records and fields within limits, 2 the same octets before the strict reader nistitl, 3 facts.
"""

from __future__ import annotations

import struct
import warnings
from datetime import date
from enum import StrEnum
from typing import TypeVar

from nistitl import Message, NistException

from fairgate.errors import PapersError
from fairgate.papers.findings import Findings
from fairgate.papers.nist_itl.facts import (
    ACQUISITION_PROFILES,
    VERSION,
    ColourSpace,
    Compression,
    FaceRecord,
    Monitoring,
    NistFindingCode,
    Pose,
    Transaction,
)
from fairgate.papers.nist_itl.records import RS, US, RawRecord, records_of
from fairgate.vocabulary import Photo

_Code = TypeVar("_Code", bound=StrEnum)


def read_transaction(content: bytes) -> Transaction:
    """Return what a transaction says; records of other types than 1, 2 and 10 are left out with a finding.

    Args:
        content: at most 64 MiB, 64 records.

    Raises:
        PapersError: it is no transaction, is cut short, or is over a limit. ``position`` says where.
    """
    records = records_of(content)
    reading = _Reading(records)
    if not _strict_reader_takes(content):
        reading.note(NistFindingCode.STRICT_READER_REFUSES, "nistitl refuses the transaction.", records[0])
    return reading.transaction()


def _strict_reader_takes(content: bytes) -> bool:
    """Tell whether nistitl reads the octets; whatever it raises means no, and its input is within limits."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Message().parse(content)
    except (NistException, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error):
        return False
    return True


class _Reading:
    """One transaction while it is read."""

    def __init__(self, records: tuple[RawRecord, ...]) -> None:
        self._records = records
        self._findings = Findings()

    def note(self, code: NistFindingCode, text: str, record: RawRecord, number: int | None = None) -> None:
        """Report a deviation of a record or one of its fields."""
        place = self._records.index(record) + 1
        where = f"record {place}, type {record.type}"
        if number is not None:
            where += f", field {record.type}.{number:03d}"
        self._findings.note(code, text, where=where, position=record.start)

    def transaction(self) -> Transaction:
        """Return the facts."""
        first = self._records[0]
        descriptions: dict[int, str] = {}
        faces = []
        for record in self._records:
            self._check(record)
            if record.type == 2:
                texts = ((number, self._plain(value)) for number, value in record.fields.items() if number > 2)
                for number, text in texts:
                    descriptions.setdefault(number, text)
            elif record.type == 10:
                faces.append(self._face(record))
            elif record is not first:
                self.note(NistFindingCode.RECORD_LEFT_OUT, "Records of this type are not read.", record)
        self._check_content(first)
        version = self._text(first, 2)
        if version != VERSION:
            self.note(NistFindingCode.VERSION_OTHER, f"The version is not {VERSION}.", first, 2)
        return Transaction(
            kind=self._text(first, 4),
            made_on=self._date(first, 5),
            destination=self._text(first, 7),
            origin=self._text(first, 8),
            control_number=self._text(first, 9),
            faces=tuple(faces),
            descriptions=descriptions,
            control_reference=self._text(first, 10, needed=False),
            version=version,
            findings=self._findings.collected(),
        )

    def _check(self, record: RawRecord) -> None:
        if not record.ends_right:
            self.note(NistFindingCode.RECORD_LENGTH, "The record does not end with FS where its length says.", record)
        for number in record.repeated:
            self.note(NistFindingCode.FIELD_REPEATED, "The field is given twice; the first counts.", record, number)

    def _check_content(self, first: RawRecord) -> None:
        """Compare field 1.003 with the records that are there."""
        head, *listed = [part.split(US) for part in first.fields.get(3, b"").split(RS)]
        there = [str(record.type).encode() for record in self._records[1:]]
        counted = head[-1].lstrip(b"0") == str(len(there)).encode()
        if not counted or [one[0].lstrip(b"0") for one in listed] != there:
            self.note(NistFindingCode.CONTENT_MISMATCH, "CNT lists other records than there are.", first, 3)

    def _face(self, record: RawRecord) -> FaceRecord:
        if self._text(record, 3) != "FACE":
            self.note(NistFindingCode.IMAGE_TYPE_OTHER, "The image is of something else than a face.", record, 3)
        if not record.data:
            raise PapersError("A photograph has no image.", position=record.start)
        profile = self._number(record, 13, needed=False)
        if profile is not None and profile not in ACQUISITION_PROFILES:
            self.note(NistFindingCode.FIELD_FORM, "The acquisition profile is none of the standard's.", record, 13)
            profile = None
        return FaceRecord(
            image=Photo(record.data),
            source=self._text(record, 4),
            taken_on=self._date(record, 5),
            width_px=self._number(record, 6) or 0,
            height_px=self._number(record, 7) or 0,
            compression=self._code(record, 11, Compression, needed=True),
            colour_space=self._code(record, 12, ColourSpace, needed=True) or ColourSpace.UNKNOWN,
            scale_units=self._number(record, 8) or 0,
            horizontal_scale=self._number(record, 9) or 1,
            vertical_scale=self._number(record, 10) or 1,
            acquisition_profile=profile,
            pose=self._code(record, 20, Pose),
            monitoring=self._code(record, 30, Monitoring),
            idc=self._number(record, 2) or 0,
        )

    def _text(self, record: RawRecord, number: int, *, needed: bool = True) -> str:
        value = record.fields.get(number)
        if not value and needed:
            self.note(NistFindingCode.FIELD_MISSING, "The field is missing or empty.", record, number)
        return self._plain(value or b"")

    @staticmethod
    def _plain(value: bytes) -> str:
        return value.decode("utf-8", "replace")

    def _number(self, record: RawRecord, number: int, *, needed: bool = True) -> int | None:
        text = self._text(record, number, needed=needed)
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
        if text:
            self.note(NistFindingCode.FIELD_FORM, "The field is no number.", record, number)
        return None

    def _date(self, record: RawRecord, number: int) -> date | None:
        text = self._text(record, number)
        if text.isascii() and text.isdigit() and len(text) == 8:
            try:
                return date(int(text[:4]), int(text[4:6]), int(text[6:]))
            except ValueError:
                pass
        if text:
            self.note(NistFindingCode.FIELD_FORM, "The field is no date.", record, number)
        return None

    def _code(self, record: RawRecord, number: int, codes: type[_Code], *, needed: bool = False) -> _Code | None:
        text = self._text(record, number, needed=needed)
        if text in {code.value for code in codes}:
            return codes(text)
        if text:
            self.note(NistFindingCode.FIELD_FORM, "The code is none of the standard's.", record, number)
        return None
