"""Messages one by one: what each wants, and what a list says of a person beyond who they are."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.details import Address, BagTag, ContactNumber, DocumentIssue, Indicator, Reference, Remark
from fairgate.papers.paxlst.facts import Action, Interchange, ListedPerson
from fairgate.papers.paxlst.reader import read_messages, read_passenger_list
from fairgate.vocabulary import TravelDocument

ON = date(2026, 11, 22)
UNB = "UNB+UNOC:4+FGAIR+TVS+261122:0900+I1++APIS'"
FLIGHT = "TDT+20+FG0420+++FG'LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'"
TRAVELLER = [
    "NAD+FL+++DOE:JOHN:WAYNE+20 MAIN ST:FLAT 2+ANYCITY+VA+10053+USA'",
    "ATT+2++M'",
    "DTM+329:570121'",
    "MEA+CT++:3'",
    "MEA+WT++KGM:31.5'",
    "GEI+4+173'",
    "FTX+BAG+++UA123456:3'",
    "FTX+AAI+++LINE ONE:LINE TWO'",
    "LOC+22+JFK'",
    "LOC+178+YVR'",
    "LOC+179+ATL'",
    "LOC+174+CAN'",
    "LOC+180+CAN:::HALIFAX'",
    "COM+502-555-1234:TE+JD@EXAMPLE.COM:EM'",
    "NAT+2+CAN'",
    "RFF+AVF:ABC123'",
    "RFF+ABO:BA1321654987'",
    "RFF+AEA:1234567890ABC'",
    "RFF+CR:20060907NY123'",
    "RFF+SEA:23C'",
    "DOC+P:110:111+MB140241'",
    "DTM+36:311021'",
    "DTM+182:211021'",
    "LOC+91+CAN:::OTTAWA'",
    "DOC+V:110:111+V99685108'",
    "DTM+36:270427'",
    "LOC+91+USA'",
]


def interchange(*messages: tuple[str, str]) -> bytes:
    """Return an interchange of messages, each given by its BGM and its people."""
    written = []
    for place, (bgm, people) in enumerate(messages, start=1):
        body = f"{bgm}RFF+TN:T{place}:::2'{FLIGHT}{people}"
        written.append(f"UNH+M{place}+PAXLST:D:02B:UN:IATA'{body}UNT+{body.count(chr(39)) + 2}+M{place}'")
    return f"UNA:+.? '{UNB}{''.join(written)}UNZ+{len(messages)}+I1'".encode()


def read(*messages: tuple[str, str]) -> Interchange:
    return read_messages(interchange(*messages), on=ON)


def person(*segments: str) -> tuple[ListedPerson, list[str]]:
    found = read(("BGM+745'", "".join(segments)))
    return found.messages[0].people[0], [finding.code for finding in found.findings]


def test_everything_that_is_said_of_a_person_is_kept() -> None:
    """Address, bags, indicators, remarks, places, contacts, references, documents with issue, and a visa."""
    found, codes = person(*TRAVELLER)
    assert codes == []
    details = found.details
    assert details.address == Address("20 MAIN ST FLAT 2", "ANYCITY", "VA", "10053", "USA")
    assert (details.bags, details.bag_weight, details.bag_weight_unit) == (3, "31.5", "KGM")
    assert details.bag_tags == (BagTag("UA123456", 3),)
    assert details.indicators == (Indicator("4", "173"),)
    assert details.is_verified is True
    assert details.remarks == (Remark("AAI", "LINE ONE LINE TWO"),)
    assert (details.clears_at, details.residence, details.birth_country, details.birth_place) == (
        "JFK",
        "CAN",
        "CAN",
        "HALIFAX",
    )
    assert details.contacts == (ContactNumber("502-555-1234", "TE"), ContactNumber("JD@EXAMPLE.COM", "EM"))
    assert details.references == (Reference("AEA", "1234567890ABC"), Reference("CR", "20060907NY123"))
    assert details.seat == "23C"
    assert details.issues == (DocumentIssue(1, date(2021, 10, 21), "OTTAWA"),)
    assert found.visas == (TravelDocument("V", "V99685108", "USA", date(2027, 4, 27)),)


def test_an_address_may_stand_in_a_segment_of_its_own() -> None:
    """ADR says the same as the end of NAD."""
    found, _ = person("NAD+FL+++DOE:JO'", "ADR+1+5:20 MAIN ST+ANYCITY+10053+USA+VA'")
    assert found.details.address == Address("20 MAIN ST", "ANYCITY", "VA", "10053", "USA")


@pytest.mark.parametrize(
    ("segment", "code"),
    [
        ("MEA+CT++:MANY'", FindingCode.BAD_CODE),
        ("MEA+HT++CMT:180'", FindingCode.BAD_CODE),
        ("MEA+WT'", FindingCode.BAD_CODE),
        ("GEI+4'", FindingCode.BAD_CODE),
        ("FTX+BAG+++:3'", FindingCode.BAD_CODE),
        ("FTX+BAG+++UA1:0'", FindingCode.BAD_CODE),
        ("FTX+BAG+++UA1:99999'", FindingCode.BAD_CODE),
        ("ATT+1++TALL'", FindingCode.UNKNOWN_QUALIFIER),
        ("LOC+174+CA'", FindingCode.BAD_CODE),
        ("DTM+182:211021'", FindingCode.MISPLACED_SEGMENT),
        ("QTY+1:2'", FindingCode.NOT_KEPT),
        ("XYZ+1'", FindingCode.UNKNOWN_SEGMENT),
    ],
)
def test_each_deviation_of_a_detail_is_reported(segment: str, code: FindingCode) -> None:
    """A detail that cannot be read leaves the person and a finding."""
    found, codes = person("NAD+FL+++DOE:JO'", segment)
    assert found.traveller.family_name == "DOE"
    assert code in codes


@pytest.mark.parametrize(
    ("born", "is_infant"),
    [("261122", True), ("241123", True), ("241122", False), ("240229", False), ("991231", False)],
)
def test_infants_are_under_two(born: str, is_infant: bool) -> None:
    """An infant is listed like anybody else and known by the birth date."""
    found, _ = person("NAD+FL+++DOE:JO'", f"DTM+329:{born}'")
    assert found.is_infant(ON) == is_infant


@pytest.mark.parametrize(
    ("bgm", "action"),
    [
        ("BGM+745'", Action.LIST),
        ("BGM+250+C'", Action.LIST),
        ("BGM+745++9'", Action.LIST),
        ("BGM+745++5'", Action.REPLACE),
        ("BGM+745+CP'", Action.CHANGE),
        ("BGM+745++2'", Action.CHANGE),
        ("BGM+745+XR'", Action.CANCEL_PEOPLE),
        ("BGM+745++1'", Action.CANCEL_PEOPLE),
        ("BGM+266+XF'", Action.CANCEL_FLIGHT),
        ("BGM+266'", Action.CLOSED),
        ("BGM+266+CL'", Action.CLOSED),
        ("BGM+266+CLOB'", Action.CLOSED_ON_BOARD),
        ("BGM+266+CLNB'", Action.CLOSED_NOT_ON_BOARD),
        ("BGM+745++22'", Action.CLOSED_ON_BOARD),
    ],
)
def test_bgm_says_what_a_message_wants(bgm: str, action: Action) -> None:
    """By the function that carriers to the United States use, or by the standard's code."""
    assert read((bgm, "NAD+FL+++DOE:JO'")).messages[0].action is action


def test_a_cancellation_that_names_nobody_cancels_the_flight() -> None:
    """The standard does not say; nobody is left expected."""
    assert read(("BGM+745++1'", "")).messages[0].action is Action.CANCEL_FLIGHT


def test_each_message_keeps_its_own_facts() -> None:
    """References, action and people stay with their message; what UNB says holds for all."""
    found = read(("BGM+745'", "NAD+FL+++DOE:JO'"), ("BGM+745+XR'", "NAD+FL+++ROE:AL'NAD+FM+++POE:ED'"))
    assert [message.message.transaction_reference for message in found.messages] == ["T1", "T2"]
    assert [message.message.revision for message in found.messages] == ["2", "2"]
    assert [message.place for message in found.messages] == [1, 2]
    assert [len(message.people) for message in found.messages] == [1, 2]
    assert {message.message.prepared_at for message in found.messages} == {datetime.fromisoformat("2026-11-22T09:00")}
    with pytest.raises(PapersError, match="cancels or closes"):
        read_passenger_list(interchange(("BGM+745'", "NAD+FL+++DOE:JO'"), ("BGM+745+XR'", "")), on=ON)


@given(st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=3)), max_size=8), st.dates())
@settings(deadline=None)
def test_a_damaged_message_is_read_or_refused(cuts: list[tuple[int, bytes]], on: date) -> None:
    """Bytes changed, lost or added anywhere in a full message never end in another exception."""
    content = interchange(("BGM+745'", "".join(TRAVELLER)), ("BGM+266+CLOB'", "NAD+FL+++DOE:JO'"))
    for at, noise in cuts:
        content = content[:at] + noise + content[at + 1 :]
    position = position_of_refusal(content, on)
    assert position is not None
    assert 0 <= position <= len(content)


def position_of_refusal(content: bytes, on: date) -> int | None:
    """Return where reading was refused; 0 where it was not."""
    try:
        read_messages(content, on=on)
    except PapersError as refused:
        return refused.position
    return 0
