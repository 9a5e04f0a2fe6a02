"""Boarding passes: the text of the bar code parsed, built, and joined to a list's entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.facts import BoardingPass, PassFinding, PassLeg
from fairgate.papers.boarding_pass.joining import Agreement, entries_for, join_key, legs_on
from fairgate.papers.boarding_pass.reader import read_boarding_pass
from fairgate.papers.boarding_pass.writer import write_boarding_pass
from fairgate.papers.paxlst.details import PersonDetails
from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList, passenger_ref
from fairgate.vocabulary import Traveller

MANDATORY = "M1DOE/JANE MRS        EABC123 BOSLHRFG 0420 326Y025C0007 100"
LEG = PassLeg("ABC123", "BOS", "LHR", "FG", "0420", 326, "Y", "025C", "0007", "1")
FULL_LEG = replace(
    LEG,
    airline_number="001",
    document_number="7460111872",
    selectee="0",
    document_verification="1",
    marketing_carrier="FG",
    frequent_flyer_airline="AA",
    frequent_flyer_number="34DGH32",
    id_indicator="N",
    baggage_allowance="1PC",
    fast_track="Y",
    airline_use="OWN WORDS",
)
FULL = BoardingPass(
    "DOE/JANE MRS",
    (FULL_LEG, replace(LEG, departs_from="LHR", arrives_at="CDG", flight_number="0007A", seat="INF", sequence="")),
    version="6",
    passenger_description="2",
    checked_in_at="W",
    issued_at="M",
    issued_on="6325",
    document_type="B",
    issuer="FG",
    bag_tags=("0001123456002", "0001123459001"),
    security_type="1",
    security_data="GIWVC5EH7JNT684FVNJ91",
)


def codes(boarding_pass: BoardingPass) -> list[str]:
    return [finding.code for finding in boarding_pass.findings]


def test_the_mandatory_items_alone() -> None:
    """Sixty characters give name, flight, seat and sequence."""
    found = read_boarding_pass(MANDATORY)
    assert found == BoardingPass("DOE/JANE MRS", (LEG,))
    assert (found.family_name, found.given_names) == ("DOE", "JANE MRS")
    assert (found.legs[0].designator, found.legs[0].flies_on(date(2026, 11, 1))) == ("FG420", date(2026, 11, 22))
    assert join_key(found, found.legs[0]) == ("FG420", "ABC123", "DOE/JANE MRS", "25C", "7")


def test_everything_a_pass_can_hold() -> None:
    """Two flights, conditional items, bag tags, the airline's own words and security data, written and read."""
    text = write_boarding_pass(FULL)
    assert read_boarding_pass(text) == FULL
    assert text[60:64] == ">625"
    assert text.endswith("^115GIWVC5EH7JNT684FVNJ91")
    assert read_boarding_pass(text.encode()) == FULL


def test_a_pass_of_version_3() -> None:
    """Fewer items in an older version: sizes say what is there."""
    unique = ">31820W6325BFG 0001123456002"[4:]
    repeated = "001746011187201FG AA 34DGH32         N1PC"
    variable = f">318{unique}{len(repeated):02X}{repeated}3"
    text = f"{MANDATORY[:-2]}{len(variable):02X}{variable}"
    found = read_boarding_pass(text)
    assert codes(found) == []
    assert found.version == "3"
    assert found.bag_tags == ("0001123456002",)
    assert (found.legs[0].baggage_allowance, found.legs[0].fast_track, found.legs[0].airline_use) == ("1PC", "", "3")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"\r\n{MANDATORY}", PassFinding.BCBP_WHITE_SPACE),
        (f"{MANDATORY}\r\n", PassFinding.BCBP_WHITE_SPACE),
        (f"{MANDATORY}  ", PassFinding.BCBP_WHITE_SPACE),
        (MANDATORY[:-2], PassFinding.BCBP_SHORT),
        (MANDATORY.replace("DOE/JANE", "Doe/Jane"), PassFinding.BCBP_NAME_FORM),
        (MANDATORY.replace("DOE/JANE", "DOE JANE"), PassFinding.BCBP_NAME_FORM),
        (MANDATORY.replace("326Y", "399Y"), PassFinding.BCBP_FIELD_FORM),
        (MANDATORY.replace("BOS", "B0S"), PassFinding.BCBP_FIELD_FORM),
        (MANDATORY.replace("EABC", "XABC"), PassFinding.BCBP_FIELD_FORM),
        (MANDATORY[:-2] + "ZZ", PassFinding.BCBP_FIELD_SIZE),
        (MANDATORY[:-2] + "0a>6000000000", PassFinding.BCBP_FIELD_SIZE),
        (MANDATORY[:-2] + "FF>6", PassFinding.BCBP_FIELD_SIZE),
        (MANDATORY[:-2] + "04>900", PassFinding.BCBP_VERSION_UNKNOWN),
        (MANDATORY[:-2] + "04>X00", PassFinding.BCBP_VERSION_UNKNOWN),
        (MANDATORY[:-2] + "04OWN.", PassFinding.BCBP_VERSION_MISSING),
        (MANDATORY[:-2] + "08>6040WM6", PassFinding.BCBP_FIELD_CUT),
        (f"{MANDATORY}MORE", PassFinding.BCBP_TRAILING_CONTENT),
        (f"{MANDATORY}^100", PassFinding.BCBP_SECURITY),
        (f"{MANDATORY}^102ABMORE", PassFinding.BCBP_TRAILING_CONTENT),
        (MANDATORY.replace("JANE", "JAN\x07"), PassFinding.BCBP_CHARACTER),
        (MANDATORY.replace("JANE", "JANÉ"), PassFinding.BCBP_CHARACTER),
    ],
)
def test_each_deviation_is_reported(text: str, code: PassFinding) -> None:
    """The pass is read all the same, with its flight."""
    found = read_boarding_pass(text)
    assert code in codes(found)
    assert found.legs[0].reservation == "ABC123"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "M0",
        "MX",
        "S1DOE/JANE",
        MANDATORY[:50],
        "M2" + MANDATORY[2:],
        "M2" + MANDATORY[2:-3],
        "M1" * 4000,
    ],
)
def test_what_is_no_pass_is_refused(text: str) -> None:
    """Another format, a number of flights that are not there, or a text that breaks off."""
    with pytest.raises(PapersError) as refused:
        read_boarding_pass(text)
    assert refused.value.position is not None
    assert 0 <= refused.value.position <= len(text)


@pytest.mark.parametrize(
    "refused",
    [
        replace(FULL, legs=()),
        replace(FULL, legs=(LEG,) * 5),
        replace(FULL, name="A" * 21),
        replace(FULL, name="DOE"),
        replace(FULL, version="9"),
        replace(FULL, version=""),
        replace(FULL, version="3"),
        replace(FULL, bag_tags=("1",)),
        replace(FULL, bag_tags=("0001123456002",) * 4),
        replace(FULL, issued_on="6399"),
        replace(FULL, security_data="A" * 256),
        replace(FULL, legs=(replace(LEG, day_of_year=367),)),
        replace(FULL, legs=(replace(LEG, airline_use="A" * 300),)),
        replace(FULL, legs=(replace(LEG, airline_use="TRAILING "),)),
    ],
)
def test_what_does_not_fit_is_not_built(refused: BoardingPass) -> None:
    """Neither cut nor changed: refused."""
    with pytest.raises(PapersError):
        write_boarding_pass(refused)


WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)
CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
MARKS = st.sampled_from(["", "0", "A"])
DIGITS = st.text("0123456789", min_size=13, max_size=13)
LEGS = st.builds(
    PassLeg,
    st.text("ABC123", max_size=7),
    CODES,
    CODES,
    st.sampled_from(["FG", "9W", "FGA"]),
    st.from_regex(r"[0-9]{1,4}[A-Z]?", fullmatch=True),
    st.none() | st.integers(1, 366),
    st.sampled_from(["", "Y", "F"]),
    st.sampled_from(["", "025C", "1A", "INF"]),
    st.sampled_from(["", "0007", "0123A"]),
    MARKS,
    st.sampled_from(["", "001"]),
    st.sampled_from(["", "7460111872"]),
    MARKS,
    MARKS,
    st.sampled_from(["", "FG"]),
    st.sampled_from(["", "FGA"]),
    st.text("ABC123", max_size=16),
    MARKS,
    st.sampled_from(["", "1PC", "20K"]),
    MARKS,
    st.text("ABC 123", max_size=20).map(str.strip),
)
PASSES = st.builds(
    BoardingPass,
    st.builds("{}/{}".format, WORDS, WORDS),
    st.lists(LEGS, min_size=1, max_size=4).map(tuple),
    st.booleans(),
    st.sampled_from(["5", "6", "7", "8"]),
    MARKS,
    MARKS,
    MARKS,
    st.sampled_from(["", "6325"]),
    MARKS,
    st.sampled_from(["", "FG"]),
    st.lists(DIGITS, max_size=3).map(tuple),
    st.just("1"),
    st.text("ABC123+/=", min_size=1, max_size=100),
)


@given(PASSES)
@settings(deadline=None)
def test_every_pass_is_read_back_as_it_was_built(boarding_pass: BoardingPass) -> None:
    """Whatever items are given or left out, on one flight or four."""
    assert read_boarding_pass(write_boarding_pass(boarding_pass)) == boarding_pass


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 300), st.characters()), max_size=6))
@settings(deadline=None)
def test_any_text_is_read_or_refused(noise: str, cuts: list[tuple[int, str]]) -> None:
    """Nothing but a PapersError with a position is raised."""
    damaged = write_boarding_pass(FULL)
    for at, mark in cuts:
        damaged = damaged[:at] + mark + damaged[at + 1 :]
    for text in (noise, MANDATORY + noise, "M3" + noise, damaged, damaged[: len(noise)]):
        position = position_of_refusal(text)
        assert position is not None
        assert 0 <= position <= len(text)


def position_of_refusal(text: str) -> int | None:
    """Return where reading was refused; 0 where it was not."""
    try:
        read_boarding_pass(text)
    except PapersError as refused:
        return refused.position
    return 0


def entry(place: int, family: str, names: str, *, reservation: str = "ABC123", seat: str = "") -> ListedPerson:
    traveller = Traveller(passenger_ref(place), family, names)
    return ListedPerson(traveller, reservation=reservation, details=PersonDetails(seat=seat))


def listed(*people: ListedPerson) -> PassengerList:
    flight = FlightLeg("FG", "0420", "BOS", "LHR", departure=datetime.fromisoformat("2026-11-22T19:00"))
    return PassengerList(MessageFacts(), (flight,), people)


@pytest.mark.parametrize(
    ("family", "names", "agrees"),
    [
        ("DOE", "JANE", True),
        ("Doe", "Jane Mary", True),
        ("DOE", "JANET", False),
        ("DOE", "JOHN", False),
        ("ROE", "JANE", False),
        ("DOE", "", False),
    ],
)
def test_a_pass_belongs_to_the_entry_of_its_name(family: str, names: str, agrees: bool) -> None:
    """Given names may go on in the list; a title on the pass is no name."""
    found = read_boarding_pass(MANDATORY)
    joined = entries_for(found, found.legs[0], listed(entry(1, family, names)))
    assert bool(joined) == agrees


@pytest.mark.parametrize(
    ("name", "family", "names"),
    [
        ("MUELLER/JOERG MR", "MÜLLER", "JÖRG"),
        ("MULLER/JORG", "MÜLLER", "JÖRG"),
        ("GROSS/ANNA", "GROß", "ANNA"),
        ("OBRIEN/SINEAD", "O'BRIEN", "SINÉAD"),
        ("VANDERBERGHE/ANNEMAR", "VAN DER BERGHE", "ANNE MARIE"),
        ("WOLFESCHLEGELSTEINHA", "WOLFESCHLEGELSTEINHAUSEN", "HUBERT"),
    ],
)
def test_what_the_bar_code_cannot_hold_does_not_part_them(name: str, family: str, names: str) -> None:
    """Accents, apostrophes and what is beyond 20 characters."""
    boarding_pass = BoardingPass(name, (LEG,))
    assert len(entries_for(boarding_pass, LEG, listed(entry(1, family, names)))) == 1


def test_reservation_and_seat_tell_namesakes_apart() -> None:
    """One whose reservation or seat differs is out; where nothing tells them apart, both are named."""
    boarding_pass = read_boarding_pass(MANDATORY)
    first, second = entry(1, "DOE", "JANE", seat="025C"), entry(2, "DOE", "JANE", seat="26A")
    (joined,) = entries_for(boarding_pass, LEG, listed(first, second))
    assert (joined.person, joined.reservation, joined.seat) == (first, Agreement.AGREES, Agreement.AGREES)
    assert entries_for(boarding_pass, LEG, listed(entry(1, "DOE", "JANE", reservation="ZZZ999"))) == ()
    assert len(entries_for(boarding_pass, LEG, listed(entry(1, "DOE", "JANE"), entry(2, "DOE", "JANE")))) == 2
    (told,) = entries_for(boarding_pass, LEG, listed(entry(1, "DOE", "JANE", reservation=""), entry(2, "DOE", "JANE")))
    assert told.person.traveller.passenger_ref == "P0002"


def test_only_the_lists_own_flights_are_joined() -> None:
    """Of several flights on a pass, the list's is found by designator and place."""
    assert legs_on(FULL, listed()) == (FULL_LEG,)
