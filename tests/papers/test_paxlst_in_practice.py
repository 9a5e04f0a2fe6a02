"""Passenger lists as they are met in practice: wrapped telegrams, round trips, and lists made to be a burden."""

from __future__ import annotations

from datetime import date

import pytest
from made_lists import ANNE, HEAD, ON, codes, message, read

from fairgate.errors import PapersError
from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.papers.recognise import PaperKind, recognise


@pytest.mark.parametrize(
    ("route", "legs"),
    [
        ("LOC+125+MIA'DTM+189:2611221000:201'LOC+87+MIA'DTM+232:2611291200:201'", [("MIA", "MIA", True, True)]),
        ("LOC+125+MIA'LOC+87+MIA'", [("MIA", "MIA", False, False)]),
        ("LOC+92+MIA'LOC+92+MIA'", [("MIA", "MIA", False, False)]),
        ("LOC+125+MIA'LOC+125+MIA'LOC+87+NAS'LOC+87+NAS'", [("MIA", "NAS", False, False)]),
        (
            "LOC+125+MIA'LOC+87+NAS'DTM+232:2611291200:201'LOC+125+NAS'DTM+189:2611291800:201'LOC+87+MIA'",
            [("MIA", "NAS", False, True), ("NAS", "MIA", True, False)],
        ),
    ],
)
def test_a_cruise_may_end_where_it_began(route: str, legs: list[tuple[str, str, bool, bool]]) -> None:
    """A place named twice is one stop where it is reached and then left, and two where it is left and then reached."""
    found = read(ANNE, [*HEAD[:6], "TDT+20+FG0420+++FG'", route])
    assert [
        (leg.departs_from, leg.arrives_at, leg.departure is not None, leg.arrival is not None) for leg in found.legs
    ] == legs


def test_a_telegram_is_read_across_its_broken_lines() -> None:
    """Lines broken at 64 characters, even inside a tag, and what stands around the list take nothing from it."""
    whole = message([*ANNE[:2], "DTM+329:800229'"])
    lines = [whole[at : at + 64] for at in range(0, len(whole), 64)]
    found = read_passenger_list(b"FGAPI\t \r\n\r\n.HDQFG 130631\r\n" + b"\r\n".join(lines) + b"\r\n\r\nSCANNED", on=ON)
    assert found.people == read_passenger_list(whole, on=ON).people
    assert set(codes(found)) == {
        FindingCode.LEADING_CONTENT,
        FindingCode.LINE_BREAK_IN_SEGMENT,
        FindingCode.MISSING_FACT,
        FindingCode.TRAILING_CONTENT,
    }


def test_limit_on_legs() -> None:
    """A flight of more than 200 legs is refused where the next begins."""
    with pytest.raises(PapersError, match="more than 200 legs") as refused:
        read(ANNE, [*HEAD[:6], "TDT+20+FG1+++FG'" * 201])
    assert refused.value.position == len("UNA:+.? '" + "".join(HEAD[:6])) + 200 * len("TDT+20+FG1+++FG'")


def test_details_of_one_kind_are_kept_up_to_a_limit() -> None:
    """What comes after the 99th contact, reference, bag tag, indicator or remark of a person is left out, and said."""
    more = ["COM+1:TE'", "RFF+CR:A'", "FTX+BAG+++AA1:2'", "GEI+4+173'", "FTX+AAI+++X'"]
    listed = read([*ANNE, *(f"COM+{place}:TE'" for place in range(100)), *more])
    details = listed.people[0].details
    assert [contact.number for contact in details.contacts] == [str(place) for place in range(99)]
    assert (len(details.references), len(details.bag_tags), len(details.indicators), len(details.remarks)) == (1,) * 4
    assert codes(listed) == [FindingCode.TOO_MANY] * 2


def test_a_duplicate_adds_details_up_to_the_same_limit() -> None:
    """Somebody named again and again, each time with another contact, does not grow without end."""
    again = ["NAD+FL+++SMITH:ANNE:MARIE'", "DTM+329:800229'"]
    people = [part for place in range(150) for part in (*again, f"COM+{place}:TE'")]
    (person,) = read([*ANNE, *people]).people
    assert [contact.number for contact in person.details.contacts] == [str(place) for place in range(99)]


def test_an_issue_told_after_the_last_document_kept_changes_no_other() -> None:
    """When and where a document was issued that is itself left out is left out with it."""
    documents = [f"DOC+P:110:111+N{place}'" for place in range(20)]
    listed = read([*ANNE[:11], *documents, "DTM+182:200101'", "DOC+P:110:111+N20'", "DTM+182:210101'"])
    (issue,) = listed.people[0].details.issues
    assert (issue.document, issue.issued_on) == (20, date(2020, 1, 1))
    assert codes(listed) == [FindingCode.TOO_MANY]


def test_counts_are_compared_each_time_they_are_given() -> None:
    """Thousands of counts after thousands of people cost no more than either alone."""
    people = [f"NAD+{'FM' if place % 4 == 0 else 'FL'}+++A{place}'" for place in range(8000)]
    listed = read(people, counted="CNT+41:2000'CNT+42:6000'" * 10_000 + "CNT+42:5999'")
    assert codes(listed).count(FindingCode.COUNT_MISMATCH) == 1


@pytest.mark.parametrize(("name", "kind"), [("PAXLST", PaperKind.PASSENGER_LIST), ("CUSRES", PaperKind.LIST_ANSWER)])
def test_a_telegram_is_recognised_behind_its_own_lines(name: str, kind: PaperKind) -> None:
    """An address and an origin before the interchange hide neither a list nor an answer; a letter about one is none."""
    lines = f"QU LONFGXX\r\n.FRAFGXX 130631\r\nUNA:+.? 'UNB+UNOA:4+A+B'UNH+1+{name}:D:02B:UN'".encode()
    assert recognise(lines) is kind
    assert recognise(f"Dear all,\r\nthe {name} is late.".encode()) is None
