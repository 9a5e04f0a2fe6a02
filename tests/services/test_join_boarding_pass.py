"""A scanned boarding pass makes a claim: exactly one passenger, or it is for the face or an officer to say."""

from __future__ import annotations

import pytest
from boarding_fakes import PACK_DIGEST
from list_messages import FLIGHT, message
from list_room import ListRoom

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.facts import BoardingPass, PassLeg
from fairgate.papers.boarding_pass.writer import write_boarding_pass
from fairgate.services.gallery_from_lists import Place
from fairgate.services.join_boarding_pass import UNLISTED, JoinBoardingPass, claimed_by
from fairgate.vocabulary import Direction, LaneKind

BOOKED = message(0, "", "FL:A", "FL:B", "FM:P", booked="RFF+AVF:PNR{letter}'RFF+SEA:1{letter}'")
DAY = 326  # 22 November


def scan(name: str, reservation: str = "PNRA", seat: str = "001A", *, number: str = "0420", day: int = DAY) -> str:
    """Return the text of a pass for a flight from Boston."""
    leg = PassLeg(
        reservation=reservation,
        departs_from="BOS",
        arrives_at="LHR",
        carrier="FG",
        flight_number=number,
        day_of_year=day,
        compartment="Y",
        seat=seat,
        sequence="0007",
        status="1",
    )
    return write_boarding_pass(BoardingPass(name, (leg,)))


@pytest.fixture
def join() -> JoinBoardingPass:
    room = ListRoom()
    room.stage_lists(BOOKED)
    return JoinBoardingPass(room.opened())


def test_a_pass_names_the_one_passenger_listed(join: JoinBoardingPass) -> None:
    """By name, reservation and seat."""
    assert join(scan("DOE/A")) == ("P0001",)
    assert join(scan("DOE/B", "PNRB", "001B")) == ("P0002",)


@pytest.mark.parametrize(
    "text",
    [
        scan("ROE/A"),
        scan("DOE/A", "PNRB"),
        scan("DOE/A", seat="022C"),
        scan("DOE/A", number="0421"),
        scan("DOE/A", day=DAY - 1),
        scan("DOE/P", "PNRP", "001P"),
    ],
)
def test_a_pass_of_another_name_flight_day_or_of_crew_names_nobody(join: JoinBoardingPass, text: str) -> None:
    """Yesterday's pass for the same seat is not today's."""
    assert join(text) == ()


def test_what_is_no_boarding_pass_is_refused(join: JoinBoardingPass) -> None:
    """The caller decides what that means at its lane."""
    with pytest.raises(PapersError):
        join("a ticket to the opera")


def test_two_of_one_name_on_one_reservation_are_several() -> None:
    """The list gives no seats; their faces tell them apart."""
    room = ListRoom()
    content = message(0, "", "FL:A", "FL:B", booked="RFF+AVF:PNRX'").replace(b"DOE:B", b"DOE:A")
    room.stage_lists(content)
    assert JoinBoardingPass(room.opened())(scan("DOE/A", "PNRX")) == ("P0001", "P0002")


def test_in_a_gallery_of_several_flights_a_pass_is_for_its_own() -> None:
    """The same name on both flights is two people, and the pass says which."""
    other = FLIGHT.replace("0420", "0421")
    room = ListRoom(place=Place(lane=LaneKind.SEA, direction=Direction.EXIT, name="both"))
    room.stage_lists(
        message(0, "", "FL:A", booked="RFF+AVF:PNRA'"),
        message(1, "", "FL:A2", flight=other, booked="RFF+AVF:PNRA'").replace(b"DTM+329:8001", b"DTM+329:7001"),
    )
    join = JoinBoardingPass(room.open_gallery()("both", pack_digest=PACK_DIGEST))
    assert join(scan("DOE/A")) == ("P0001",)
    assert join(scan("DOE/A", number="0421")) == ("P0002",)


HOLDERS = {"GBR-X1": "P0001", "GBR-X2": "P0002"}


@pytest.mark.parametrize(
    ("document", "scanned", "claim"),
    [
        (None, None, None),
        ("GBR-X1", None, "P0001"),
        ("GBR-X9", None, UNLISTED),
        (None, ("P0001",), "P0001"),
        (None, ("P0001", "P0002"), None),
        (None, (), UNLISTED),
        ("GBR-X1", ("P0001", "P0002"), "P0001"),
        ("GBR-X1", ("P0002",), UNLISTED),
        ("GBR-X1", (), UNLISTED),
        ("GBR-X9", ("P0001",), UNLISTED),
    ],
)
def test_document_and_pass_together_make_one_claim(
    document: str | None, scanned: tuple[str, ...] | None, claim: str | None
) -> None:
    """Where they contradict each other, an officer looks."""
    assert claimed_by(document, HOLDERS, scanned) == claim
