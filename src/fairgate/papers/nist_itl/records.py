"""A transaction's octets cut into records and fields, in bounded time and memory, whatever they are.

Source: NIST Special Publication 500-290e3, 5.6 and 7.1: records end with FS, fields with GS, subfields with RS, items
with US; each text record begins with its own length; field 999 is binary and ends its record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fairgate.errors import PapersError

FS, GS, RS, US = b"\x1c", b"\x1d", b"\x1e", b"\x1f"
LARGEST_INPUT_BYTES = 64 * 1024 * 1024
MOST_RECORDS = 64
MOST_FIELDS = 1000
LARGEST_TEXT_BYTES = 64 * 1024
_LENGTH = re.compile(rb"(\d{1,3})\.0?01:(\d{1,9})(?=[\x1c\x1d])")
_NUMBER = re.compile(rb"(\d{1,3})\.(\d{1,3}):")


@dataclass(frozen=True, slots=True, eq=False)
class RawRecord:
    """One record.

    Args:
        type: 1 to 99.
        start: offset in the input.
        fields: number → value, without the binary field.
        data: the binary field 999; empty where there is none.
        repeated: numbers given more than once; the first counts.
        ends_right: the record ends with FS where its length says.
    """

    type: int
    start: int
    fields: dict[int, bytes] = field(repr=False)
    data: memoryview = field(repr=False)
    repeated: tuple[int, ...] = ()
    ends_right: bool = True


def records_of(content: bytes) -> tuple[RawRecord, ...]:
    """Return the text records of a transaction.

    Raises:
        PapersError: it is no transaction, is cut short, is too large, or holds a binary record of fixed form.
    """
    if len(content) > LARGEST_INPUT_BYTES:
        raise PapersError("The transaction is too large.", position=LARGEST_INPUT_BYTES)
    records: list[RawRecord] = []
    view = memoryview(content)
    at = 0
    while at < len(content):
        head = _LENGTH.match(content, at)
        if head is None:
            raise PapersError("There is no record where one should begin.", position=at)
        kind, length = int(head[1]), int(head[2])
        if not records and kind != 1:
            raise PapersError("The transaction does not begin with a record of type 1.", position=at)
        if len(records) == MOST_RECORDS:
            raise PapersError(f"The transaction holds more than {MOST_RECORDS} records.", position=at)
        if length <= head.end() - at or at + length > len(content):
            raise PapersError("A record's length is wrong, or the transaction is cut short.", position=at)
        records.append(_record(view[at : at + length], kind, at))
        at += length
    if not records:
        raise PapersError("The transaction is empty.", position=0)
    return tuple(records)


def _record(content: memoryview, kind: int, start: int) -> RawRecord:
    fields: dict[int, bytes] = {}
    repeated: list[int] = []
    data = memoryview(b"")
    at = 0
    ends_right = content[-1:] == FS
    text = bytes(content[: LARGEST_TEXT_BYTES + 16])
    end = len(content) - (1 if ends_right else 0)
    for _ in range(MOST_FIELDS + 1):
        head = _NUMBER.match(text, at)
        if head is None or int(head[1]) != kind:
            raise PapersError("A field does not begin with its number.", position=start + at)
        number = int(head[2])
        if number == 999:
            data = content[head.end() : end]
            break
        stop = text.find(GS, head.end(), end)
        value = text[head.end() : end if stop < 0 else stop]
        if stop < 0 and len(text) < len(content):
            raise PapersError("A record's text is too long.", position=start + at)
        if number in fields:
            repeated.append(number)
        else:
            fields[number] = value
        if stop < 0:
            break
        at = stop + 1
    else:
        raise PapersError(f"A record has more than {MOST_FIELDS} fields.", position=start + at)
    return RawRecord(kind, start, fields, data, tuple(repeated), ends_right)
