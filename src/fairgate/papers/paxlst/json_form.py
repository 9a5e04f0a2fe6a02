"""A passenger list as JSON text, both ways without loss."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from fairgate.errors import PapersError
from fairgate.papers.edifact.segments import MAX_BYTES
from fairgate.papers.paxlst.facts import PassengerList
from fairgate.papers.paxlst.form import from_form, to_form


def write_json(listed: PassengerList) -> bytes:
    """Return a list as one JSON object, UTF-8, indented, with a line break at the end."""
    return (json.dumps(to_form(listed), ensure_ascii=False, indent=2) + "\n").encode()


def read_json(content: bytes) -> PassengerList:
    """Return the list that a JSON object describes.

    Raises:
        PapersError: not JSON, over 8 MiB, or not of the form.
    """
    return from_form(parsed(content))


def parsed(content: bytes) -> object:
    """Return the plain objects of a JSON text in which no name is doubled and every number is whole.

    Raises:
        PapersError: it is none, or over 8 MiB.
    """
    if len(content) > MAX_BYTES:
        raise PapersError(f"The input is longer than {MAX_BYTES} bytes.", position=MAX_BYTES)
    try:
        form: object = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_no_number
        )
    except UnicodeDecodeError as cause:
        raise PapersError("The input is not UTF-8.", position=cause.start) from None
    except json.JSONDecodeError as cause:
        raise PapersError("The input is not JSON.", position=min(cause.pos, len(content))) from None
    except (ValueError, RecursionError):
        raise PapersError("The JSON is nested too deep or holds a number that is none here.", position=0) from None
    return form


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise PapersError("The JSON names one field twice.", position=0)
    return made


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
