"""The three messages that carriers really sent, read as they lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydifact.parser import Parser

from fairgate.errors import PapersError
from fairgate.papers.edifact.segments import segments
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.facts import PassengerList
from fairgate.papers.paxlst.reader import read_messages, read_passenger_list
from fairgate.papers.paxlst.writer import write_passenger_list

ON = date(2026, 11, 22)
FILES = ("Test1.txt", "airline2.edi", "multiple_flight_leg_apis.txt")


def listed(shared_data: Path, name: str) -> PassengerList:
    return read_passenger_list((shared_data / "paxlst" / name).read_bytes(), on=ON)


def test_the_crew_list(shared_data: Path) -> None:
    """Eight crew who share one placeholder passport number are eight people; the counts are found wrong."""
    found = listed(shared_data, "Test1.txt")
    assert [(member.family_name, member.given_names) for member in found.crew[:2]] == [
        ("Steur", "Andrea Pat"),
        ("Adomat", "Julie Pat"),
    ]
    assert (len(found.crew), len(found.passengers)) == (8, 0)
    assert found.crew[7].born_on == date(1978, 7, 13)
    assert found.crew[0].documents[0].expires_on == date(2061, 2, 18)
    assert {document.issuer for member in found.crew for document in member.documents} == {"GBR"}
    assert [(leg.designator, leg.departs_from, leg.arrives_at) for leg in found.legs] == [("UA989", "FRA", "IAD")]
    assert {finding.code for finding in found.findings} == {
        FindingCode.NO_SERVICE_STRING,
        FindingCode.OUTSIDE_CHARACTER_SET,
        FindingCode.DOCUMENT_CODE_LIST,
        FindingCode.DOCUMENT_SHARED,
        FindingCode.COUNT_FORM,
        FindingCode.COUNT_MISMATCH,
        FindingCode.REFERENCE_MISMATCH,
    }


def test_the_list_with_its_own_separators(shared_data: Path) -> None:
    """Segments that end in carriage returns, a tag with a space in it, and a count of 136 over ten people."""
    found = listed(shared_data, "airline2.edi")
    assert len(found.passengers) == 10
    assert found.passengers[9].family_name == "LOWE"
    assert found.passengers[9].given_names == "DANIEL"
    assert found.passengers[9].documents[0].number == "153284238"
    assert {traveller.nationality for traveller in found.passengers} == {"USA"}
    assert {traveller.born_on for traveller in found.passengers} == {date(1954, 10, 16)}
    assert {person.reservation for person in found.people} == {"QXGYLO"}
    assert found.message.group_sender == "AMERICAN AIRLINES"
    assert [(leg.designator, leg.departs_from, leg.arrives_at) for leg in found.legs] == [("TN506", "BRE", "YEU")]
    assert {finding.code for finding in found.findings} == {
        FindingCode.CUSTOM_SERVICE_STRING,
        FindingCode.WHITE_SPACE_BETWEEN_SEGMENTS,
        FindingCode.STRAY_SPACE,
        FindingCode.PART_OF_TRANSFER,
        FindingCode.CARRIER_NOT_GIVEN,
        FindingCode.TRAILING_SEPARATOR,
        FindingCode.COUNT_MISMATCH,
    }


def test_the_list_of_three_legs(shared_data: Path) -> None:
    """Spaces and line breaks around segments, and a note after the interchange."""
    found = listed(shared_data, "multiple_flight_leg_apis.txt")
    assert [(leg.designator, leg.departs_from, leg.arrives_at, leg.crosses_border) for leg in found.legs] == [
        ("QQ877", "MIA", "IAD", False),
        ("QQ827", "IAD", "JFK", False),
        ("QQ827", "JFK", "CDG", True),
    ]
    assert [(person.traveller.family_name, person.carrier_ref) for person in found.people] == [
        ("BARRETT", "UUI34T543"),
        ("LANG", "ABC124"),
    ]
    assert found.passengers[1].born_on == date(1960, 6, 6)
    assert [finding.code for finding in found.findings] == [
        FindingCode.WHITE_SPACE_BETWEEN_SEGMENTS,
        FindingCode.TRAILING_CONTENT,
    ]


@pytest.mark.parametrize("name", FILES)
@given(cuts=st.lists(st.tuples(st.integers(0, 2100), st.integers(0, 40), st.binary(max_size=4)), max_size=5))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_message_is_read_or_refused(shared_data: Path, name: str, cuts: list[tuple[int, int, bytes]]) -> None:
    """A carrier's own message with bytes lost, changed or added ends in a value or one refusal with a position."""
    content = (shared_data / "paxlst" / name).read_bytes()
    for at, lost, noise in cuts:
        content = content[:at] + noise + content[at + lost :]
    for read in (read_passenger_list, read_messages):
        position = position_of_refusal(read, content)
        assert position is not None
        assert 0 <= position <= len(content)


def position_of_refusal(read: Callable[..., object], content: bytes) -> int | None:
    """Return where reading was refused; 0 where it was not."""
    try:
        read(content, on=ON)
    except PapersError as refused:
        return refused.position
    return 0


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_read_back(shared_data: Path, name: str) -> None:
    """A carrier's list, written strictly, is read back the same, and whatever is found is about what it says."""
    found = listed(shared_data, name)
    assert found.message.prepared_at is not None
    again = read_passenger_list(write_passenger_list(found), on=found.message.prepared_at.date())
    assert replace(again, findings=()) == replace(found, findings=())
    assert {finding.code for finding in again.findings} <= {FindingCode.DOCUMENT_SHARED, FindingCode.MISSING_FACT}


def unwrapped(components: tuple[str, ...]) -> str | list[str]:
    """Return an element as pydifact does: without an empty component at its end, and bare where it has only one."""
    kept = list(components[:-1] if len(components) > 1 and not components[-1] else components)
    return kept[0] if len(kept) == 1 else kept


@pytest.mark.filterwarnings("ignore::Warning")
@pytest.mark.parametrize("name", FILES)
def test_pydifact_sees_the_same_people(shared_data: Path, name: str) -> None:
    """Another implementation splits every NAD, DOC and DTM alike, once the spaces it cannot read are taken out."""
    content = (shared_data / "paxlst" / name).read_bytes()
    cleaned = (
        content.decode("ascii").split("13Nov09")[0].replace("\r\n", "\r").replace("' UN", "'UN").replace("UNG ", "UNG")
    )
    wanted = {"NAD", "DOC", "DTM"}
    ours = [
        (segment.tag, [unwrapped(part) for part in segment.elements])
        for segment in segments(content, Findings())
        if segment.tag in wanted
    ]
    theirs = [(segment.tag, segment.elements) for segment in Parser().parse(cleaned) if segment.tag in wanted]
    assert len(ours) > 8
    assert ours == theirs
