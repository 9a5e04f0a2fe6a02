"""One way to write a value as bytes, so that equal values have equal hashes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fairgate.errors import LedgerFault

LARGEST_INT = 2**53 - 1
"""Largest whole number that every JSON reader keeps exactly. Source: RFC 8259 §6 (December 2017)."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode


def canonical_bytes(value: Mapping[str, object]) -> bytes:
    """Return JSON with sorted keys, no white space and only ASCII.

    Args:
        value: an object of text, whole numbers, lists and objects, nested at will. Keys are lower-case ASCII words, so
            that every way of sorting text sorts them alike.

    Raises:
        LedgerFault: the value holds anything else, such as a float, a truth value or null, whose spelling differs
            between writers.
    """
    _check(value)
    return _encode(value).encode("ascii")


def parse_canonical(content: bytes) -> dict[str, Any]:
    """Return the object that these canonical bytes spell.

    Raises:
        LedgerFault: the bytes are not JSON, not an object, or not written in the canonical way; a key given twice, a
            float, a blank or an unusual escape is refused like everything that would not be written again the same.
    """
    try:
        value = json.loads(content.decode("ascii"))
    except (ValueError, RecursionError) as fault:
        raise LedgerFault("A ledger entry is not canonical JSON.") from fault
    if not isinstance(value, dict):
        raise LedgerFault("A ledger entry is not a JSON object.")
    if canonical_bytes(value) != content:
        raise LedgerFault("A ledger entry is JSON, but not written in the canonical way.")
    return value


def _check(value: object) -> None:
    match value:
        case bool():
            raise LedgerFault("Canonical JSON holds no truth values.")
        case str():
            if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
                raise LedgerFault("Canonical text holds no half of a surrogate pair.")
        case int():
            if abs(value) > LARGEST_INT:
                raise LedgerFault("A whole number is too large for canonical JSON.")
        case Mapping():
            for key, item in value.items():
                if not (isinstance(key, str) and _KEY.match(key)):
                    raise LedgerFault("A key of canonical JSON is not a lower-case ASCII word.")
                _check(item)
        case Sequence() if not isinstance(value, bytes | bytearray | memoryview):
            for item in value:
                _check(item)
        case _:
            raise LedgerFault("Canonical JSON holds only text, whole numbers, lists and objects.")
