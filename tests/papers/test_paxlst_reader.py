"""The passenger-list reader: facts, roles, duplicates, deviations and refusals, on lists made for the purpose."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lists import ANNE, HEAD, ON, codes, message, read

from fairgate.errors import PapersError
from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.facts import Role
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.vocabulary import TravelDocument, Traveller


def swapped(segments: list[str], old: str, new: str) -> list[str]:
    assert old in segments
    return [new if segment == old else segment for segment in segments]


def test_a_clean_list_gives_its_facts_and_no_findings() -> None:
    """Sender, flight and passenger come out as they stand, and nothing is found."""
    found = read(ANNE, counted="CNT+42:1'")
    assert found.findings == ()
    assert found.passengers == (
        Traveller(
            passenger_ref="P0001",
            family_name="SMITH",
            given_names="ANNE MARIE",
            born_on=date(1980, 2, 29),
            sex="F",
            nationality="GBR",
            documents=(TravelDocument("P", "X123", "GBR", date(2031, 1, 1)),),
        ),
    )
    person = found.people[0]
    assert (person.embarks_at, person.disembarks_at, person.reservation, person.carrier_ref) == (
        "BOS",
        "LHR",
        "LOCATR",
        "FG-77",
    )
    facts = found.message
    assert (facts.sender, facts.sender_qualifier, facts.recipient, facts.control_reference) == (
        "FGAIR",
        "ZZ",
        "TVS",
        "I1",
    )
    assert (facts.kind, facts.transaction_reference, facts.reported_by) == ("745", "T1", "OPS CENTRE")
    assert facts.prepared_at == datetime.fromisoformat("2026-11-22T09:00")
    assert [(contact.number, contact.channel) for contact in facts.contacts] == [("555-1", "TE"), ("555-2", "FX")]
    (leg,) = found.legs
    assert (leg.designator, leg.flight_number, leg.departs_from, leg.arrives_at) == ("FG420", "0420", "BOS", "LHR")
    assert leg.departure == datetime.fromisoformat("2026-11-22T19:00")
    assert leg.arrival == datetime.fromisoformat("2026-11-23T06:30")


@pytest.mark.parametrize(
    ("qualifier", "role", "is_crew"),
    [
        ("FL", Role.PASSENGER, False),
        ("DDU", Role.TRANSIT_PASSENGER, False),
        ("FM", Role.CREW, True),
        ("DDT", Role.TRANSIT_CREW, True),
        ("VW", Role.CREW, True),
    ],
)
def test_crew_and_passengers_are_told_apart(qualifier: str, role: Role, is_crew: bool) -> None:
    """NAD's qualifier says who works and who travels, in transit or not."""
    found = read([f"NAD+{qualifier}+++SMITH:ANNE'"])
    assert found.people[0].role is role
    assert len(found.crew) == int(is_crew)
    assert len(found.passengers) == int(not is_crew)
    assert (FindingCode.NO_PASSENGERS in codes(found)) == is_crew


def test_references_follow_the_order_and_are_stable() -> None:
    """The opaque reference says nothing but the place in the list, and re-reading gives the same."""
    people = [f"NAD+FL+++A{number}:B'" for number in range(3)]
    first, again = read(people), read(people)
    assert [traveller.passenger_ref for traveller in first.passengers] == ["P0001", "P0002", "P0003"]
    assert first == again


def test_several_legs_and_inland_places() -> None:
    """Each TDT is a leg, a third place makes another, and LOC+92 stays within the country."""
    head = [
        *HEAD[:6],
        "TDT+20+QQ827+++QQ'LOC+92+MIA'DTM+189:2611221000:201'LOC+92+IAD'DTM+232:2611221200:201'",
        "DTM+189:2611221300:201'LOC+87+CDG'DTM+232:2611230630:201'",
        "TDT+20+QQ9+++QQ'LOC+125+CDG'DTM+189:2611230800:201'LOC+87+FCO'DTM+232:2611231000:201'",
    ]
    found = read(ANNE, head)
    assert [(leg.designator, leg.departs_from, leg.arrives_at, leg.crosses_border) for leg in found.legs] == [
        ("QQ827", "MIA", "IAD", False),
        ("QQ827", "IAD", "CDG", True),
        ("QQ9", "CDG", "FCO", True),
    ]
    assert found.legs[1].departure == datetime.fromisoformat("2026-11-22T13:00")
    assert found.findings == ()


@pytest.mark.parametrize(
    ("tdt", "carrier", "number", "code"),
    [
        ("TDT+20+TN506'", "TN", "506", FindingCode.CARRIER_NOT_GIVEN),
        ("TDT+20+UA989+++LH'", "UA", "989", FindingCode.CARRIER_MISMATCH),
        ("TDT+20+989+++LH'", "LH", "989", FindingCode.BAD_CODE),
        ("TDT+20+PRIVATE'", "", "PRIVATE", FindingCode.BAD_CODE),
        ("TDT+20+ua 989+++UA'", "UA", "989", FindingCode.BAD_CODE),
        ("TDT+99+UA989+++UA'", "UA", "989", FindingCode.UNKNOWN_QUALIFIER),
    ],
)
def test_flight_numbers_in_other_forms(tdt: str, carrier: str, number: str, code: FindingCode) -> None:
    """Carrier and number are found apart, however they were given."""
    found = read(ANNE, swapped(HEAD, "TDT+20+FG0420+++FG'", tdt))
    assert (found.legs[0].carrier, found.legs[0].flight_number) == (carrier, number)
    assert code in codes(found)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("NAD+FL+++SMITH:ANNE:MARIE'", "NAD+FL'", FindingCode.MISSING_FACT),
        ("NAD+FL+++SMITH:ANNE:MARIE'", "NAD+FL++SMITH:ANNE'", FindingCode.MISPLACED_NAME),
        ("ATT+2++F'", "", FindingCode.MISSING_FACT),
        ("ATT+2++F'", "ATT+2++Q'", FindingCode.BAD_CODE),
        ("DTM+329:800229'", "DTM+329:810229'", FindingCode.BAD_DATE),
        ("DTM+329:800229'", "DTM+999:800229'", FindingCode.UNKNOWN_QUALIFIER),
        ("LOC+22+LHR'", "LOC+999+LHR'", FindingCode.UNKNOWN_QUALIFIER),
        ("LOC+22+LHR'", "LOC+91+GBR'", FindingCode.MISPLACED_SEGMENT),
        ("LOC+22+LHR'", "DTM+36:310101'", FindingCode.MISPLACED_SEGMENT),
        ("NAT+2+GBR'", "NAT+2+GB'", FindingCode.BAD_CODE),
        ("NAT+2+GBR'", "NAT+2+gbr'", FindingCode.BAD_CODE),
        ("NAT+2+GBR'", "NAT+1+GBR'", FindingCode.UNKNOWN_QUALIFIER),
        ("NAT+2+GBR'", "NAT+2+GBR'NAT+2+USA'", FindingCode.SEVERAL_NATIONALITIES),
        ("RFF+SEA:12A'", "RFF+QQQ:1'", FindingCode.UNKNOWN_QUALIFIER),
        ("DOC+P:110:111+X123'", "DOC+P:1812019+X123'", FindingCode.DOCUMENT_CODE_LIST),
        ("DOC+P:110:111+X123'", "DOC+P:110:111'", FindingCode.MISSING_FACT),
        ("DOC+P:110:111+X123'", "DOC+P:110:111+X123'" * 25, FindingCode.TOO_MANY),
        ("DTM+36:310101'", "DTM+36:311301'", FindingCode.BAD_DATE),
        ("RFF+SEA:12A'", "XYZ+1'", FindingCode.UNKNOWN_SEGMENT),
        ("RFF+SEA:12A'", "TDT+20+FG1+++FG'", FindingCode.MISPLACED_SEGMENT),
        ("RFF+SEA:12A'", "NAD+QQ+++X'", FindingCode.UNKNOWN_QUALIFIER),
    ],
)
def test_each_deviation_of_a_person_is_reported(old: str, new: str, code: FindingCode) -> None:
    """The person is kept, and the finding says what is wrong without saying who they are."""
    found = read(swapped(ANNE, old, new))
    assert len(found.people) == 1
    assert code in codes(found)
    assert not any("SMITH" in finding.text or "X123" in finding.text for finding in found.findings)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("BGM+745'", "", FindingCode.MISSING_SEGMENT),
        ("BGM+745'", "BGM+745'BGM+745'", FindingCode.REPEATED_SEGMENT),
        ("BGM+745'", "BGM+999'", FindingCode.UNKNOWN_QUALIFIER),
        ("BGM+745'", "BGM+745+CP'", FindingCode.PARTIAL_LIST),
        ("RFF+TN:T1'", "RFF+ZZ:T1'", FindingCode.UNKNOWN_QUALIFIER),
        ("RFF+TN:T1'", "XYZ+1'", FindingCode.UNKNOWN_SEGMENT),
        ("COM+555-1:TE+555-2:FX'", "COM+1:TE'" * 12, FindingCode.TOO_MANY),
        ("LOC+125+BOS'", "", FindingCode.MISPLACED_SEGMENT),
        ("LOC+125+BOS'", "LOC+999+BOS'", FindingCode.UNKNOWN_QUALIFIER),
        ("LOC+125+BOS'", "LOC+125+BOSTON'", FindingCode.BAD_CODE),
        ("LOC+87+LHR'", "", FindingCode.MISSING_FACT),
        ("DTM+189:2611221900:201'", "", FindingCode.MISSING_FACT),
        ("DTM+189:2611221900:201'", "DTM+189:2613221900:201'", FindingCode.BAD_DATE),
        ("DTM+189:2611221900:201'", "DTM+7:2611221900:201'", FindingCode.UNKNOWN_QUALIFIER),
        ("DTM+189:2611221900:201'", "QQQ+1'", FindingCode.UNKNOWN_SEGMENT),
        (HEAD[0], "UNB+UNOA:4+FGAIR:ZZ+TVS:ZZ+269922:0900+I1++APIS'", FindingCode.BAD_DATE),
    ],
)
def test_each_deviation_of_header_and_flight_is_reported(old: str, new: str, code: FindingCode) -> None:
    """A list with one fault before its people is read, with the finding that names the fault."""
    assert code in codes(read(ANNE, swapped(HEAD, old, new)))


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        ("CNT+42:136'", FindingCode.COUNT_MISMATCH),
        ("CNT+41+0'", FindingCode.COUNT_FORM),
        ("CNT+42:one'", FindingCode.COUNT_FORM),
        ("CNT+7:1'", FindingCode.UNKNOWN_QUALIFIER),
        ("CNT+42:1'LOC+91+GBR'", FindingCode.MISPLACED_SEGMENT),
    ],
)
def test_counts_are_compared_with_who_is_there(counted: str, code: FindingCode) -> None:
    """CNT's number of passengers and crew is checked, whichever way it is written."""
    assert code in codes(read(ANNE, counted=counted))


@pytest.mark.parametrize(
    "other",
    [
        ["NAD+FL+++smith:Anne Marie'", "DTM+329:800229'"],
        ["NAD+FL+++SMITH:ANNE:MARIE'", "DOC+P:110:111+x 123'", "LOC+91+GBR'"],
        ["NAD+FL+++SMYTHE:ANNE'", "DTM+329:800229'", "DOC+P:110:111+X123'", "LOC+91+GBR'"],
        ["NAD+DDU+++SMITH:ANNE:MARIE'", "DTM+329:800229'"],
    ],
)
def test_a_duplicate_is_kept_once_and_reported(other: list[str]) -> None:
    """Same name and birth date, or same document with either of them, is the same person."""
    found = read([*ANNE, *other, "NAD+FL+++JONES:BO'"])
    assert [traveller.family_name for traveller in found.passengers] == ["SMITH", "JONES"]
    assert [traveller.passenger_ref for traveller in found.passengers] == ["P0001", "P0002"]
    assert FindingCode.DUPLICATE_PASSENGER in codes(found)


def test_a_duplicate_hands_over_its_documents_and_nationalities() -> None:
    """A second citizenship that only the duplicate names is not lost."""
    found = read(
        [
            *ANNE,
            "NAD+FL+++SMITH:ANNE:MARIE'",
            "DTM+329:800229'",
            "NAT+2+USA'",
            "DOC+P:110:111+U9'",
            "LOC+91+USA'",
        ]
    )
    assert [document.issuer for document in found.passengers[0].documents] == ["GBR", "USA"]
    assert found.passengers[0].further_nationalities == ("USA",)


@pytest.mark.parametrize(
    "other",
    [
        ["NAD+FL+++JONES:BO'", "DTM+329:190101'", "DOC+P:110:111+X123'", "LOC+91+GBR'"],
        ["NAD+FL+++JONES:BO'", "DOC+P:110:111+X123'", "LOC+91+GBR'"],
    ],
)
def test_a_document_that_two_people_share_loses_neither(other: list[str]) -> None:
    """An infant on a parent's passport, or a placeholder number, is noted and both are kept."""
    found = read([*ANNE, *other])
    assert len(found.passengers) == 2
    assert FindingCode.DOCUMENT_SHARED in codes(found)


def test_a_crew_member_is_not_a_duplicate_of_a_passenger() -> None:
    """Someone listed as both stays listed as both."""
    crew = swapped(ANNE, "NAD+FL+++SMITH:ANNE:MARIE'", "NAD+FM+++SMITH:ANNE:MARIE'")
    found = read([*ANNE, *crew])
    assert (len(found.passengers), len(found.crew)) == (1, 1)
    assert FindingCode.DUPLICATE_PASSENGER not in codes(found)


def test_a_list_with_nobody_on_it_is_refused() -> None:
    """An empty gallery is never made in silence."""
    with pytest.raises(PapersError, match="Nobody is on this list"):
        read([])


def test_an_interchange_without_a_message_is_refused() -> None:
    """An envelope alone is no list."""
    with pytest.raises(PapersError, match="holds no message"):
        read_passenger_list(b"UNB+UNOA:4+A+B+261122:0900+I1'UNZ+0+I1'", on=ON)


@pytest.mark.parametrize("bgm", ["BGM+745+XR'", "BGM+745+RP'", "BGM+266+CLOB'", "BGM+745++1'", "BGM+336+H'"])
def test_messages_that_take_people_away_are_refused(bgm: str) -> None:
    """A cancellation names those who do not come: reading it as a list of who does would be the opposite."""
    with pytest.raises(PapersError, match="cancels or closes") as refused:
        read(ANNE, swapped(HEAD, "BGM+745'", bgm))
    assert refused.value.position == message(ANNE).index(b"BGM")


def test_messages_about_one_flight_are_one_list() -> None:
    """A long list in several messages is read as one; passengers and crew may come apart."""
    one, two = "".join(HEAD[1:]), "".join(HEAD[1:]).replace("UNH+M1", "UNH+M2")
    content = HEAD[0] + one + "NAD+FL+++A:B'UNT+12+M1'" + two + "NAD+FM+++C:D'UNT+12+M2'UNZ+2+I1'"
    found = read_passenger_list(content.encode(), on=ON)
    assert (len(found.passengers), len(found.crew), len(found.legs)) == (1, 1, 1)


def test_messages_about_different_flights_are_refused() -> None:
    """Two flights' people are never put into one list."""
    one, two = "".join(HEAD[1:]), "".join(HEAD[1:]).replace("FG0420", "FG0421")
    content = HEAD[0] + one + "NAD+FL+++A:B'UNT+12+M1'" + two + "NAD+FL+++C:D'UNT+12+M1'UNZ+2+I1'"
    with pytest.raises(PapersError, match="different flights"):
        read_passenger_list(content.encode(), on=ON)


def test_limits_on_people_and_places() -> None:
    """More people or stops than any craft has are refused."""
    with pytest.raises(PapersError, match="people"):
        read(["NAD+FL'"] * 50_001)
    with pytest.raises(PapersError, match="places"):
        read(ANNE, [*HEAD, *["LOC+92+AAA'", "LOC+92+BBB'"] * 101])


SEGMENTS = st.sampled_from(
    [*HEAD, *ANNE, "UNT+9+M1'", "UNE+1+G'", "UNG+PAXLST+A+B'", "UNZ+1+I1'", "CNT+42:1'", "'", "NAD'", "TDT'", "DTM'"]
)


@given(st.lists(SEGMENTS, max_size=40), st.binary(max_size=30), st.integers(0, 900), st.dates())
@settings(deadline=None, max_examples=200)
def test_any_input_ends_in_a_list_or_one_refusal(parts: list[str], noise: bytes, at: int, on: date) -> None:
    """Segments in any order, with noise anywhere, give a list with findings or a PapersError with a position."""
    content = "".join(parts).encode()
    whole = message(ANNE)
    for tried in (content, HEAD[0].encode() + content, content[:at] + noise + content[at:], whole[:at] + noise):
        position = position_of_refusal(tried, on)
        assert position is not None
        assert 0 <= position <= len(tried)


def position_of_refusal(content: bytes, on: date) -> int | None:
    """Return where reading was refused; 0 where it was not."""
    try:
        read_passenger_list(content, on=on)
    except PapersError as refused:
        return refused.position
    return 0
