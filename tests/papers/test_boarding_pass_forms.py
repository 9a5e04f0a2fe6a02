"""A boarding pass as JSON and as the text of its bar code: one form gives the other back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.facts import BoardingPass, PassLeg
from fairgate.papers.boarding_pass.forms import FORM, is_pass_json, read_pass, write_pass_json, write_pass_text

LEG = PassLeg("ABC123", "YUL", "FRA", "AC", "0834", 326, "J", "001A", "0025", "1", airline_use="LX58Z", fast_track="N")
PASS = BoardingPass(
    "ERIKSSON/ANNA", (LEG, LEG), version="8", bag_tags=("0014123456003",), security_type="1", security_data="GIWVC5EH"
)


def test_text_and_json_give_each_other_back() -> None:
    """Every item survives, and both forms are known by how they begin."""
    text = write_pass_text(PASS)
    as_json = write_pass_json(read_pass(text))
    assert read_pass(as_json) == PASS
    assert write_pass_text(read_pass(as_json)) == text
    assert (is_pass_json(as_json), is_pass_json(text)) == (True, False)


def test_findings_are_no_part_of_the_json() -> None:
    """What deviates in a text is told when it is read, and is not carried along."""
    read = read_pass(write_pass_text(PASS) + b"\r\n")
    assert read.findings
    assert read_pass(write_pass_json(read)).findings == ()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"form": "fairgate.boarding-pass.2", "note": FORM}, "form is not"),
        ({"findings": []}, "no part of a boarding pass"),
        ({"legs": None}, "pass.legs is no list"),
        ({"legs": [{"seat": 1}]}, "pass.legs.1.seat is no text"),
        ({"seat": "1A"}, "pass.seat is unknown"),
        ({"name": "A\u0000B"}, "invisible"),
    ],
)
def test_what_is_not_of_the_form_is_refused(changed: dict[str, object], refusal: str) -> None:
    """The refusal names the field."""
    form = json.loads(write_pass_json(PASS)) | changed
    with pytest.raises(PapersError, match=refusal):
        read_pass(json.dumps(form).encode())


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_end_in_a_pass_or_one_refusal(noise: bytes, at: int) -> None:
    """A form broken anywhere is a pass with findings, or one refusal."""
    content = write_pass_json(PASS)
    try:
        read: object = read_pass(content[:at] + noise + content[at:])
    except PapersError as refused:
        read = refused.position
    assert isinstance(read, BoardingPass | int)
