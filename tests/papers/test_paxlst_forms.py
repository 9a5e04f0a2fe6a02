"""Passenger lists as JSON and CSV: nothing is lost on the way, and nothing strange gets in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.paxlst.csv_form import read_csv, write_csv
from fairgate.papers.paxlst.details import Address, BagTag, ContactNumber, DocumentIssue, PersonDetails, Reference
from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList, Role, passenger_ref
from fairgate.papers.paxlst.form import FORM
from fairgate.papers.paxlst.json_form import read_json, write_json
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.vocabulary import TravelDocument, Traveller

ON = date(2026, 11, 22)
TEXTS = st.text(st.characters(exclude_categories=("C", "Z"), max_codepoint=0x24F), max_size=12)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
TIMES = st.none() | st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2050-01-01")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
MESSAGES = st.builds(
    MessageFacts,
    *[TEXTS] * 4,
    TIMES,
    *[TEXTS] * 4,
    directory=TEXTS,
    kind=TEXTS,
    contacts=st.lists(st.builds(ContactNumber, TEXTS, TEXTS), max_size=2).map(tuple),
)
LEGS = st.builds(FlightLeg, TEXTS, TEXTS, TEXTS, TEXTS, TIMES, TIMES, st.booleans())
DETAILS = st.builds(
    PersonDetails,
    seat=TEXTS,
    address=st.none() | st.builds(Address, TEXTS.filter(bool), TEXTS, TEXTS, TEXTS, TEXTS),
    bags=st.none() | st.integers(0, 9999),
    bag_tags=st.lists(st.builds(BagTag, TEXTS, st.integers(1, 99)), max_size=3).map(tuple),
    references=st.lists(st.builds(Reference, TEXTS, TEXTS), max_size=3).map(tuple),
    issues=st.lists(st.builds(DocumentIssue, st.integers(1, 9), DAYS, TEXTS), max_size=2).map(tuple),
)
PEOPLE = st.builds(
    ListedPerson,
    st.builds(
        Traveller,
        st.just(""),
        TEXTS,
        TEXTS,
        DAYS,
        TEXTS,
        TEXTS,
        st.lists(st.builds(TravelDocument, TEXTS, TEXTS, TEXTS, DAYS), max_size=3).map(tuple),
        st.lists(TEXTS, max_size=2).map(tuple),
    ),
    st.sampled_from(Role),
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    DETAILS,
)
LISTS = st.builds(
    lambda message, legs, people: PassengerList(message, tuple(legs), numbered(people)),
    MESSAGES,
    st.lists(LEGS, max_size=3),
    st.lists(PEOPLE, min_size=1, max_size=4),
)


def numbered(people: list[ListedPerson]) -> tuple[ListedPerson, ...]:
    return tuple(
        replace(person, traveller=replace(person.traveller, passenger_ref=passenger_ref(place)))
        for place, person in enumerate(people, start=1)
    )


@given(LISTS)
@settings(deadline=None)
def test_nothing_is_lost_either_way(listed: PassengerList) -> None:
    """Every fact survives JSON and CSV, whatever is empty and whatever it is written in."""
    assert read_json(write_json(listed)) == listed
    assert read_csv(write_csv(listed)) == listed


@pytest.mark.parametrize("name", ["Test1.txt", "airline2.edi", "multiple_flight_leg_apis.txt"])
def test_the_carriers_own_lists_survive(shared_data: Path, name: str) -> None:
    """What carriers sent goes to either form and comes back the same."""
    listed = read_passenger_list((shared_data / "paxlst" / name).read_bytes(), on=ON)
    meant = replace(listed, findings=())
    assert read_json(write_json(listed)) == meant
    assert read_csv(write_csv(listed)) == meant


PERSON = {"family_name": "DOE", "given_names": "JO"}
GOOD = {"form": FORM, "message": {}, "legs": [], "people": [PERSON]}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ([], "the list is no object"),
        ({}, "form is not"),
        (GOOD | {"extra": 1}, "extra is unknown"),
        (GOOD | {"people": []}, "names nobody"),
        (GOOD | {"people": {}}, "people is no list"),
        (GOOD | {"people": [1]}, r"people\.1 is no object"),
        (GOOD | {"people": [PERSON | {"born_on": "1980-13-01"}]}, r"people\.1\.traveller\.born_on is no date"),
        (GOOD | {"people": [PERSON | {"role": "pirate"}]}, r"people\.1\.role is no role"),
        (GOOD | {"people": [PERSON | {"family_name": 7}]}, "is no text"),
        (GOOD | {"people": [PERSON | {"family_name": " DOE"}]}, "begins or ends with a space"),
        (GOOD | {"people": [PERSON | {"family_name": "D\u202eOE"}]}, "invisible"),
        (GOOD | {"people": [PERSON | {"details": {"bags": True}}]}, "is no number"),
        (GOOD | {"people": [PERSON | {"details": {"bags": -1}}]}, "is no number"),
        (GOOD | {"people": [PERSON | {"passenger_ref": "P9"}]}, "is unknown"),
        (GOOD | {"people": [PERSON | {"traveller": {}}]}, "is unknown"),
        (GOOD | {"message": {"prepared_at": "2026-11-22T09:00+01:00"}}, "is no local time"),
        (GOOD | {"legs": [{"crosses_border": "maybe"}]}, "neither true nor false"),
    ],
)
def test_what_is_not_of_the_form_is_refused(form: object, says: str) -> None:
    """The refusal names the field."""
    with pytest.raises(PapersError, match=says):
        read_json(json.dumps(form).encode())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "not JSON"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"form": NaN}', "a number that is none"),
        (b'{"form": 1.5}', "a number that is none"),
        (b'{"form": ' + b"9" * 5000 + b"}", "a number that is none"),
        (b"\xff", "UTF-8"),
        (b" " * (8 * 1024 * 1024 + 1), "longer than"),
    ],
)
def test_what_is_no_json_is_refused(content: bytes, says: str) -> None:
    """Nothing but a PapersError comes of it."""
    with pytest.raises(PapersError, match=says):
        read_json(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column is named form"),
        (b"form,form\n", "same name"),
        (b"form,surname\n", "Column 2 is unknown"),
        (b"form,person.a.b.c.d.e.f\n", "Column 2 is unknown"),
        (b"form\n" + FORM.encode() + b",x\n", "Line 2 has 2 cells"),
        (b"form,person.role,person.role.x\n" + FORM.encode() + b",a,b\n", "goes on from another"),
        (b"form,message.kind\n" + FORM.encode() + b",745\n" + FORM.encode() + b",250\n", "another message"),
        (b"form\nother\n", "form is not"),
        (b'form\n"' + FORM.encode() + b"\n", "not CSV"),
        (b"form\n" + FORM.encode() + b"\n" + b"\xff", "UTF-8"),
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes, says: str) -> None:
    """The refusal names the line or the column."""
    with pytest.raises(PapersError, match=says):
        read_csv(content)


def test_no_cell_is_a_formula() -> None:
    """A name that a spreadsheet would run is written with an apostrophe, which reading takes off."""
    person = ListedPerson(Traveller("P0001", "=1+1", "@JO"))
    listed = PassengerList(MessageFacts(), (), (person,))
    written = write_csv(listed)
    assert b"'=1+1" in written
    assert b"'@JO" in written
    assert read_csv(written) == listed


@given(st.binary(max_size=200), st.text(max_size=200))
@settings(deadline=None)
def test_any_input_is_read_or_refused(noise: bytes, text: str) -> None:
    """Nothing but a PapersError is raised."""
    for content in (noise, text.encode("utf-8", "replace"), b"form,person.role\n" + noise, b'{"form":' + noise):
        for read in (read_csv, read_json):
            assert was_read_or_refused(read, content)


def was_read_or_refused(read: object, content: bytes) -> bool:
    """Return true; any other exception than the one refusal goes through."""
    assert callable(read)
    try:
        read(content)
    except PapersError as refused:
        return refused.position is not None
    return True
