"""Answers to passenger lists: verdicts with reasons, read, written, and refused where they cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.cusres.facts import Answer, ListAnswer, PersonAnswer, Verdict, answer_to
from fairgate.papers.cusres.reader import read_answer
from fairgate.papers.cusres.writer import with_codes, write_answer
from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.facts import FlightLeg
from fairgate.papers.paxlst.reader import read_passenger_list

ON = date(2026, 11, 22)
NOW = datetime.fromisoformat("2026-11-22T09:30")
BODY = [
    "BGM+962'",
    "RFF+TN:T1:::2'",
    "RFF+AF:FG0420'",
    "DTM+189:2611221900:201'",
    "DTM+232:2611230630:201'",
    "LOC+125+BOS'",
    "LOC+87+LHR'",
    "ERP+2'",
    "RFF+AVF:NY7HZZ'",
    "RFF+ABO:1234'",
    "ERC+1Z'",
    "FTX+AAO+++DOCUMENT EXPIRED'",
    "ERP+2'",
    "RFF+ABO:1235'",
    "ERC+0Z'",
]


def content(body: list[str]) -> bytes:
    count = sum(part.count("'") for part in body) + 2
    inside = "".join(body)
    return (
        f"UNA:+.? 'UNB+UNOA:4+TVS+FGAIR+261122:0930+A1++APIS'UNG+CUSRES+TVS+FGAIR+261122:0930+G1+UN+D:02B'"
        f"UNH+A1+CUSRES:D:02B:UN:IATA+ACCESS'{inside}UNT+{count}+A1'UNE+1+G1'UNZ+1+A1'"
    ).encode()


def test_an_answer_gives_its_verdicts_and_reasons() -> None:
    """List, flight, and who may board and who not, with the reason."""
    found = read_answer(content(BODY), on=ON)
    assert found == ListAnswer(
        sender="TVS",
        recipient="FGAIR",
        prepared_at=NOW,
        control_reference="A1",
        message_reference="A1",
        transaction_reference="T1",
        revision="2",
        access_reference="ACCESS",
        flight="FG0420",
        leg=FlightLeg(
            "FG",
            "0420",
            "BOS",
            "LHR",
            datetime.fromisoformat("2026-11-22T19:00"),
            datetime.fromisoformat("2026-11-23T06:30"),
        ),
        people=(
            PersonAnswer(
                (Answer(Verdict.REFUSED, "1Z", ("DOCUMENT EXPIRED",)),), reservation="NY7HZZ", carrier_ref="1234"
            ),
            PersonAnswer((Answer(Verdict.ACCEPTED, "0Z"),), carrier_ref="1235"),
        ),
    )
    assert [person.verdict for person in found.people] == [Verdict.REFUSED, Verdict.ACCEPTED]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("BGM+962'", "", FindingCode.MISSING_SEGMENT),
        ("BGM+962'", "BGM+745'", FindingCode.UNKNOWN_QUALIFIER),
        ("RFF+AF:FG0420'", "RFF+ZZ:1'", FindingCode.UNKNOWN_QUALIFIER),
        ("RFF+ABO:1234'", "RFF+LI:X'", FindingCode.BAD_CODE),
        ("ERC+1Z'", "ERC+XX9'", FindingCode.BAD_CODE),
        ("ERC+1Z'", "", FindingCode.MISPLACED_SEGMENT),
        ("BGM+962'", "BGM+962'ERC+1Z'", FindingCode.MISPLACED_SEGMENT),
        ("ERC+0Z'", "LOC+125+BOS'", FindingCode.MISPLACED_SEGMENT),
        ("LOC+87+LHR'", "LOC+99+LHR'", FindingCode.UNKNOWN_QUALIFIER),
        ("DTM+189:2611221900:201'", "DTM+189:2699221900:201'", FindingCode.BAD_DATE),
        ("ERP+2'", "ERP+9'", FindingCode.UNKNOWN_QUALIFIER),
        ("ERC+0Z'", "XYZ+1'", FindingCode.UNKNOWN_SEGMENT),
    ],
)
def test_each_deviation_is_reported(old: str, new: str, code: FindingCode) -> None:
    """The answer is read all the same."""
    at = BODY.index(old)
    found = read_answer(content([*BODY[:at], *([new] if new else []), *BODY[at + 1 :]]), on=ON)
    assert code in [finding.code for finding in found.findings]
    assert len(found.people) == 2


def test_what_is_no_answer_is_refused() -> None:
    """Another message, none, or two."""
    with pytest.raises(PapersError, match="not a CUSRES"):
        read_answer(b"UNB+UNOA:4+A+B'UNH+1+PAXLST:D:02B:UN'", on=ON)
    with pytest.raises(PapersError, match="no message"):
        read_answer(b"UNB+UNOA:4+A+B'", on=ON)
    with pytest.raises(PapersError, match="several answers"):
        read_answer(content([*BODY, "UNT+17+A1'UNH+A2+CUSRES:D:02B:UN:IATA'"]), on=ON)


def test_a_carriers_list_is_answered(shared_data: Path) -> None:
    """Everybody on the list is accepted but those who are refused with a reason; the answer goes back to the sender."""
    listed = read_passenger_list((shared_data / "paxlst" / "multiple_flight_leg_apis.txt").read_bytes(), on=ON)
    refused = Answer(Verdict.REFUSED, reasons=("THE PASSPORT EXPIRED ON 2008-12-30",))
    answer = answer_to(listed, {"P0001": refused}, prepared_at=NOW, control_reference="A1")
    written = write_answer(answer)
    assert read_answer(written, on=ON) == with_codes(answer)
    assert answer.recipient == listed.message.sender
    assert answer.transaction_reference == listed.message.transaction_reference
    assert [(person.place, person.carrier_ref, person.verdict) for person in answer.people] == [
        (1, "UUI34T543", Verdict.REFUSED),
        (2, "ABC124", Verdict.ACCEPTED),
    ]
    assert b"ERC+1Z'FTX+AAO+++THE PASSPORT EXPIRED" in written


TEXTS = st.text("ABCXYZ0123456789-/'+:?", min_size=1, max_size=12)
ANSWERS = st.lists(
    st.builds(
        Answer,
        st.sampled_from([Verdict.ACCEPTED, Verdict.REFUSED, Verdict.TO_BE_SEEN, Verdict.INCOMPLETE]),
        reasons=st.lists(TEXTS, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
PEOPLE = st.builds(PersonAnswer, ANSWERS, st.none() | st.integers(1, 999_999), TEXTS | st.just(""), TEXTS | st.just(""))


@given(ANSWERS | st.just(()), st.lists(PEOPLE, max_size=4).map(tuple), st.booleans(), TEXTS)
@settings(deadline=None)
def test_every_answer_is_read_back_as_it_was_written(
    answers: tuple[Answer, ...], people: tuple[PersonAnswer, ...], unsolicited: bool, reference: str
) -> None:
    """Verdicts come back with their codes; nothing else changes."""
    leg = FlightLeg("FG", "0420", "BOS", "LHR", datetime.fromisoformat("2026-11-22T19:00"))
    meant = ListAnswer(
        "TVS",
        "FGAIR",
        NOW,
        "A1",
        reference,
        is_unsolicited=unsolicited,
        flight="FG0420",
        leg=leg,
        answers=answers,
        people=people,
    )
    assert replace(read_answer(write_answer(meant), on=ON), findings=()) == with_codes(meant)


@pytest.mark.parametrize(
    "refused",
    [
        ListAnswer("", "FGAIR", NOW, "A1", "A1"),
        ListAnswer("TVS", "FGAIR", None, "A1", "A1"),
        ListAnswer("TVS", "FGAIR", NOW, "A1", "A1", answers=(Answer(Verdict.UNKNOWN),)),
        ListAnswer("TVS", "FGAIR", NOW, "A1", "A1", answers=(Answer(Verdict.REFUSED, "0Z"),)),
        ListAnswer("TVS", "FGAIR", NOW, "A1", "A1", answers=(Answer(Verdict.REFUSED, reasons=("",)),)),
        ListAnswer("TVS", "FGAIR", NOW, "A1", "A1", answers=(Answer(Verdict.REFUSED, reasons=("A" * 513,)),)),
        ListAnswer("TVS", "FGAIR", NOW, "A1", "A1", flight="FG1", leg=FlightLeg("ZZ", "1", "BOS", "LHR")),
    ],
)
def test_what_would_not_be_read_back_is_refused(refused: ListAnswer) -> None:
    """A code that says otherwise than the verdict, or a flight that is another."""
    with pytest.raises(PapersError):
        write_answer(refused)


@given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3)), max_size=6), st.dates())
@settings(deadline=None)
def test_a_damaged_answer_is_read_or_refused(cuts: list[tuple[int, bytes]], on: date) -> None:
    """Nothing but a PapersError with a position is raised."""
    damaged = content(BODY)
    for at, noise in cuts:
        damaged = damaged[:at] + noise + damaged[at + 1 :]
    position = position_of_refusal(damaged, on)
    assert position is not None
    assert 0 <= position <= len(damaged)


def position_of_refusal(damaged: bytes, on: date) -> int | None:
    """Return where reading was refused; 0 where it was not."""
    try:
        read_answer(damaged, on=on)
    except PapersError as refused:
        return refused.position
    return 0
