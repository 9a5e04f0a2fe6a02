"""Whose boarding pass was scanned: a scan joins a face to a claim, which is then compared 1:1.

One passenger is a claim. Several, as two of one name on one reservation whose seats the list does not give, are told
apart by their faces: identification among the gallery, as without a scan. Nobody – another flight, another day, not
listed – is for an officer, and so is a scan that contradicts the document claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fairgate.papers.boarding_pass.facts import PassLeg
from fairgate.papers.boarding_pass.joining import entries_for, legs_on
from fairgate.papers.boarding_pass.reader import read_boarding_pass
from fairgate.papers.paxlst.details import PersonDetails
from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList
from fairgate.services.bookings import Booking, ListedLeg
from fairgate.services.open_gallery import OpenedFlight

UNLISTED = "unlisted"
"""Stands for a claim to be somebody whom the list does not name; an officer sees them."""


@dataclass(slots=True)
class _Flight:
    """One flight of a gallery, with its people by reservation."""

    legs: tuple[ListedLeg, ...]
    of_reservation: dict[str, list[ListedPerson]] = field(default_factory=dict)

    def listed(self, reservation: str) -> PassengerList:
        """Return those whom a pass of that reservation may name: the list's entries that do not differ in it."""
        wanted = {reservation.upper(), ""} if reservation else set(self.of_reservation)
        people = tuple(person for one in sorted(wanted) for person in self.of_reservation.get(one, ()))
        return replace(self.legs_alone, people=people)

    @property
    def legs_alone(self) -> PassengerList:
        """Return the list without its people."""
        legs = tuple(FlightLeg(leg.carrier, leg.flight_number, leg.departs_from, "") for leg in self.legs)
        return PassengerList(MessageFacts(), legs, ())

    def flies(self, leg: PassLeg) -> bool:
        """Tell whether a pass's flight is of the day listed, as far as both say."""
        days = {
            one.departs_on.timetuple().tm_yday
            for one in self.legs
            if one.departs_on is not None and one.departs_from == leg.departs_from
        }
        return leg.day_of_year is None or not days or leg.day_of_year in days


class JoinBoardingPass:
    """Finds the passengers of a gallery whom a pass may name.

    Args:
        opened: the gallery; its list entries say who is booked on what.
    """

    def __init__(self, opened: OpenedFlight) -> None:
        self._flights: dict[str, _Flight] = {}
        for passenger_ref, bookings in opened.bookings.items():
            for booking in bookings:
                self._add(passenger_ref, booking, opened)

    def __call__(self, text: str) -> tuple[str, ...]:
        """Return whom the pass may name: one is an answer.

        Args:
            text: of the bar code, as scanned.

        Raises:
            PapersError: it is not the text of a boarding pass.
        """
        boarding_pass = read_boarding_pass(text)
        found: set[str] = set()
        for flight in self._flights.values():
            for leg in legs_on(boarding_pass, flight.legs_alone):
                if flight.flies(leg):
                    entries = entries_for(boarding_pass, leg, flight.listed(leg.reservation))
                    found.update(one.person.traveller.passenger_ref for one in entries)
        return tuple(sorted(found))

    def _add(self, passenger_ref: str, booking: Booking, opened: OpenedFlight) -> None:
        flight = self._flights.setdefault(booking.flight, _Flight(booking.legs))
        person = ListedPerson(
            opened.travellers[passenger_ref],
            reservation=booking.reservation,
            details=PersonDetails(seat=booking.seat),
        )
        flight.of_reservation.setdefault(booking.reservation.upper(), []).append(person)


def claimed_by(document: str | None, holders: Mapping[str, str], scanned: Sequence[str] | None) -> str | None:
    """Return whom somebody claims to be: a reference, :data:`UNLISTED`, or ``None`` for identification.

    Args:
        document: ``ISSUER-NUMBER`` that they say is theirs; ``None`` without one.
        holders: passenger reference by document.
        scanned: whom their pass may name; ``None`` where none was scanned.
    """
    of_document = holders.get(document, UNLISTED) if document else None
    if scanned is None:
        return of_document
    if of_document is not None:
        return of_document if of_document in scanned else UNLISTED
    if not scanned:
        return UNLISTED
    return scanned[0] if len(scanned) == 1 else None
