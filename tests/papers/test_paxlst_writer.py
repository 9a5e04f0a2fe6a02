"""The passenger-list writer: what it writes is read back exactly, and what would not be is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.paxlst.details import (
    NO_DETAILS,
    Address,
    BagTag,
    ContactNumber,
    DocumentIssue,
    Indicator,
    PersonDetails,
    Reference,
    Remark,
)
from fairgate.papers.paxlst.facts import (
    FlightLeg,
    ListedPerson,
    MessageFacts,
    PassengerList,
    Role,
    passenger_ref,
)
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.papers.paxlst.writer import write_passenger_list
from fairgate.vocabulary import TravelDocument, Traveller

ON = date(2026, 11, 22)
MESSAGE = MessageFacts(
    sender="FGAIR",
    recipient="TVS",
    sender_qualifier="ZZ",
    prepared_at=datetime.fromisoformat("2026-11-22T09:00"),
    control_reference="I1",
    group_sender="FAIRGATE AIR",
    group_recipient="TVS",
    message_reference="M1",
    transaction_reference="T1",
    reported_by="OPERATIONS",
    contacts=(ContactNumber("555-1", "TE"),),
)
LEG = FlightLeg(
    "FG",
    "0420",
    "BOS",
    "LHR",
    departure=datetime.fromisoformat("2026-11-22T19:00"),
    arrival=datetime.fromisoformat("2026-11-23T06:30"),
)
ANNE = ListedPerson(
    Traveller(
        "P0001",
        "SMITH",
        "ANNE MARIE",
        born_on=date(1919, 2, 28),
        sex="F",
        nationality="GBR",
        documents=(TravelDocument("P", "X123", "GBR", date(2031, 1, 1)),),
        further_nationalities=("USA",),
    ),
    embarks_at="BOS",
    disembarks_at="LHR",
    reservation="LOCATR",
    carrier_ref="FG-77",
)
LIST = PassengerList(MESSAGE, (LEG,), (ANNE,))


def named(family_name: str, given_names: str = "ANNE") -> PassengerList:
    traveller = replace(ANNE.traveller, family_name=family_name, given_names=given_names)
    return replace(LIST, people=(replace(ANNE, traveller=traveller),))


def test_a_list_is_written_in_the_form_of_the_guide() -> None:
    """Service string, group, one message of D.02B, counts and references."""
    written = write_passenger_list(LIST).decode("ascii").split("'")
    assert written[0] == "UNA:+.? "
    assert written[1] == "UNB+UNOA:4+FGAIR:ZZ+TVS+261122:0900+I1++APIS"
    assert written[2] == "UNG+PAXLST+FAIRGATE AIR+TVS+261122:0900+I1+UN+D:02B"
    assert written[3] == "UNH+M1+PAXLST:D:02B:UN:IATA"
    assert written[13] == "NAD+FL+++SMITH:ANNE:MARIE"
    assert written[-6:] == ["LOC+91+GBR", "CNT+42:1", "UNT+24+M1", "UNE+1+I1", "UNZ+1+I1", ""]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("SMITH", "UNOA"),
        ("O'BRIEN", "UNOA"),
        ("A+B:C?D", "UNOA"),
        ("Smith", "UNOB"),
        ("MÜLLER", "UNOC"),
        ("A@B", "UNOC"),
        ("ŁUKASZ", "UNOW"),
        ("Иванов", "UNOW"),
    ],
)
def test_the_smallest_character_set_is_chosen(name: str, level: str) -> None:
    """Level A where it can be, Latin-1 where it must, UTF-8 beyond; the name survives in each."""
    content = write_passenger_list(named(name))
    assert content[9:].startswith(f"UNB+{level}:4".encode())
    read = read_passenger_list(content, on=ON)
    assert read.passengers[0].family_name == name


def test_a_centenarian_keeps_their_century() -> None:
    """Birth dates are written in full, so that nobody aged 107 comes back as a child of seven."""
    content = write_passenger_list(LIST)
    assert b"DTM+329:19190228:102'" in content
    assert read_passenger_list(content, on=ON).passengers[0].born_on == date(1919, 2, 28)


def test_long_given_names_fill_further_components() -> None:
    """Names of the length of Spain's or Brazil's are split where a component is full."""
    names = "MARIA DEL CARMEN FRANCISCA ISABEL GUADALUPE CONCEPCION DE LOS DOLORES"
    assert read_passenger_list(write_passenger_list(named("GARCIA", names)), on=ON).passengers[0].given_names == names


@pytest.mark.parametrize(
    "refused",
    [
        replace(LIST, people=()),
        replace(LIST, legs=()),
        replace(LIST, legs=(replace(LEG, flight_number="ABCDE"),)),
        replace(LIST, legs=(replace(LEG, departure=datetime.fromisoformat("2026-11-22T19:00:01")),)),
        replace(LIST, legs=(replace(LEG, departure=datetime.fromisoformat("2026-11-22T19:00+00:00")),)),
        replace(LIST, legs=(replace(LEG, departure=datetime.fromisoformat("2126-11-22T19:00")),)),
        replace(LIST, message=replace(MESSAGE, sender="")),
        replace(LIST, message=replace(MESSAGE, prepared_at=None)),
        replace(LIST, message=replace(MESSAGE, kind="266")),
        replace(LIST, message=replace(MESSAGE, directory="D:02B")),
        replace(LIST, message=replace(MESSAGE, group_recipient="")),
        replace(LIST, people=(ANNE, replace(ANNE, traveller=replace(ANNE.traveller, passenger_ref="P0002")))),
        replace(LIST, people=(replace(ANNE, traveller=replace(ANNE.traveller, passenger_ref="P0002")),)),
        replace(LIST, people=(replace(ANNE, traveller=replace(ANNE.traveller, nationality="GB")),)),
        replace(LIST, people=(replace(ANNE, traveller=replace(ANNE.traveller, sex="female")),)),
        replace(LIST, people=(replace(ANNE, traveller=replace(ANNE.traveller, born_on=date(2027, 1, 1))),)),
        replace(LIST, people=(replace(ANNE, carrier_ref="X" * 36),)),
        named(" SMITH"),
        named("SMI\nTH"),
        named("S" * 36),
        named("SMITH", "ANNE  MARIE"),
        named("SMITH", "A" * 36),
        named("SMITH", " ".join(["A" * 30] * 5)),
    ],
)
def test_what_would_not_be_read_back_is_refused(refused: PassengerList) -> None:
    """The writer refuses rather than writes something that says otherwise, without naming anyone."""
    with pytest.raises(PapersError) as error:
        write_passenger_list(refused)
    assert "SMITH" not in str(error.value)


WORDS = st.text(st.characters(exclude_categories=("C", "Z"), max_codepoint=0x24F), min_size=1, max_size=16)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join).filter(lambda name: len(name) <= 35)
CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
REFERENCES = st.text("ABCXYZ0123456789-/'+:?", max_size=12)
TIMES = st.datetimes(datetime.fromisoformat("2005-01-01"), datetime.fromisoformat("2049-01-01")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
DOCUMENTS = st.builds(
    TravelDocument,
    st.sampled_from(["P", "V", "IP", "AC"]),
    st.text("ABCXYZ0123456789'+:?", min_size=1, max_size=20),
    CODES | st.just(""),
    st.dates(date(1950, 1, 1), date(2150, 1, 1)) | st.none(),
)
TEXTS = st.text("ABCXYZ0123456789-/'+:?", min_size=1, max_size=12)
DETAILS = st.builds(
    PersonDetails,
    seat=REFERENCES,
    residence=CODES | st.just(""),
    birth_country=CODES | st.just(""),
    birth_place=NAMES | st.just(""),
    clears_at=CODES | st.just(""),
    employment=st.sampled_from(["", "CR1", "CR5"]),
    address=st.none() | st.builds(Address, NAMES, NAMES, TEXTS, TEXTS, CODES | st.just("")),
    contacts=st.lists(st.builds(ContactNumber, TEXTS, st.sampled_from(["TE", "EM", ""])), max_size=3).map(tuple),
    bags=st.none() | st.integers(0, 9999),
    bag_weight=st.sampled_from(["", "31", "30.5"]),
    bag_tags=st.lists(st.builds(BagTag, TEXTS, st.integers(1, 9999)), max_size=3).map(tuple),
    indicators=st.lists(st.builds(Indicator, st.sampled_from(["4", "ZZ"]), TEXTS), max_size=2).map(tuple),
    references=st.lists(st.builds(Reference, st.sampled_from(["AEA", "CR", "YZY"]), TEXTS), max_size=2).map(tuple),
    remarks=st.lists(st.builds(Remark, st.sampled_from(["AAI", "ABC"]), TEXTS), max_size=2).map(tuple),
)
PEOPLE = st.builds(
    ListedPerson,
    st.builds(
        Traveller,
        st.just(""),
        NAMES,
        NAMES | st.just(""),
        st.dates(date(1920, 1, 1), date(2004, 12, 31)) | st.none(),
        st.sampled_from(["F", "M", "X", ""]),
        CODES,
        st.lists(DOCUMENTS, max_size=3).map(tuple),
    ),
    st.sampled_from(Role),
    CODES | st.just(""),
    CODES | st.just(""),
    REFERENCES,
    REFERENCES,
    st.just(NO_DETAILS) | DETAILS,
)
LEGS = st.builds(
    FlightLeg,
    st.sampled_from(["FG", "9W", "B6", "FGA"]),
    st.from_regex(r"[0-9]{1,4}[A-Z]?", fullmatch=True),
    st.just("BOS"),
    CODES.filter(lambda code: code != "BOS"),
    TIMES | st.none(),
    TIMES | st.none(),
    st.booleans(),
)


def issues_of(person: ListedPerson) -> tuple[DocumentIssue, ...]:
    """Return a date and a place of issue for each document that has room for a place."""
    documents = enumerate(person.traveller.documents, start=1)
    return tuple(
        DocumentIssue(place, date(2020, 2, place), "SOUTHAMPTON" if document.issuer else "")
        for place, document in documents
    )


def unlike_each_other(people: list[ListedPerson]) -> tuple[ListedPerson, ...]:
    """Number the people and make every name its own, so that none is a duplicate."""
    return tuple(
        replace(
            person,
            details=replace(person.details, issues=issues_of(person)),
            traveller=replace(
                person.traveller,
                passenger_ref=passenger_ref(place),
                family_name=f"{person.traveller.family_name[:28]} {place}",
                documents=tuple(
                    replace(document, number=f"{document.number}{place}{number}")
                    for number, document in enumerate(person.traveller.documents)
                ),
            ),
        )
        for place, person in enumerate(people, start=1)
    )


@given(st.lists(PEOPLE, min_size=1, max_size=4), st.lists(LEGS, min_size=1, max_size=3), TIMES, NAMES, REFERENCES)
@settings(deadline=None)
def test_every_list_is_read_back_as_it_was_written(
    people: list[ListedPerson], legs: list[FlightLeg], prepared_at: datetime, reporter: str, reference: str
) -> None:
    """Names in any script of Latin letters, released characters, lost facts: reading gives the same list."""
    message = replace(MESSAGE, prepared_at=prepared_at, reported_by=reporter, control_reference=f"R{reference}")
    meant = PassengerList(message, tuple(legs), unlike_each_other(people))
    read = read_passenger_list(write_passenger_list(meant), on=prepared_at.date())
    assert replace(read, findings=()) == meant
