"""The two forms of a boarding pass, told apart by how they begin: the text of its bar code, and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.facts import BoardingPass
from fairgate.papers.boarding_pass.reader import read_boarding_pass
from fairgate.papers.boarding_pass.writer import write_boarding_pass
from fairgate.papers.paxlst.form import made, plain
from fairgate.papers.paxlst.json_form import parsed

FORM = "fairgate.boarding-pass.1"
"""Name and version of the JSON form."""
_LOOKED_AT = 4096
_BOM = b"\xef\xbb\xbf"


def is_pass_json(content: bytes) -> bool:
    """Tell whether some bytes seem to be a boarding pass as JSON."""
    head = content[:_LOOKED_AT].removeprefix(_BOM).lstrip()
    return head.startswith(b"{") and f'"{FORM}"'.encode() in head


def read_pass(content: bytes) -> BoardingPass:
    """Return the boarding pass that a text or a JSON object holds.

    Raises:
        PapersError: it holds none.
    """
    if not is_pass_json(content):
        return read_boarding_pass(content)
    form = parsed(content)
    if not isinstance(form, dict) or form.get("form") != FORM:
        raise PapersError(f"The form is not {FORM}.", position=0)
    facts = {name: value for name, value in form.items() if name != "form"}
    if "findings" in facts:
        raise PapersError("Findings are no part of a boarding pass.", position=0)
    return cast(BoardingPass, made(BoardingPass, facts, "pass"))


def write_pass_text(boarding_pass: BoardingPass) -> bytes:
    """Return the text of the bar code, without a line break at the end.

    Raises:
        PapersError: something does not fit its place.
    """
    return write_boarding_pass(boarding_pass).encode("ascii")


def write_pass_json(boarding_pass: BoardingPass) -> bytes:
    """Return a pass as one JSON object, without its findings; what is at its default is left out."""
    facts = cast(dict[str, Any], plain(replace(boarding_pass, findings=())))
    return (json.dumps({"form": FORM, **facts}, ensure_ascii=False, indent=2) + "\n").encode()
