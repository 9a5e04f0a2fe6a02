"""What a passenger list says, as frozen facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fairgate.papers.findings import Finding
from fairgate.papers.paxlst.details import NO_DETAILS, ContactNumber, PersonDetails
from fairgate.vocabulary import TravelDocument, Traveller


class Role(StrEnum):
    """Why a person is on the list.

    Source: UN/EDIFACT code list 3035; WCO/IATA/ICAO PAXLST implementation guide, NAD of group 4.
    """

    PASSENGER = "passenger"
    CREW = "crew"
    TRANSIT_PASSENGER = "transit_passenger"
    TRANSIT_CREW = "transit_crew"

    @property
    def is_crew(self) -> bool:
        """Tell whether the person works on board."""
        return self in (Role.CREW, Role.TRANSIT_CREW)


@dataclass(frozen=True, slots=True)
class FlightLeg:
    """One flight from one place to the next. Times are local to their place and have no zone.

    Args:
        carrier: airline designator, two or three characters; ``""`` where not given.
        flight_number: as listed, without the carrier, leading zeros kept, e.g. ``"0989"``.
        departs_from: location code, e.g. ``"FRA"``; ``""`` where not given.
        arrives_at: location code.
        departure: scheduled local time of departure, to the minute.
        arrival: scheduled local time of arrival, to the minute.
        crosses_border: the leg leaves one country for another, as its LOC qualifiers say.
    """

    carrier: str
    flight_number: str
    departs_from: str
    arrives_at: str
    departure: datetime | None = None
    arrival: datetime | None = None
    crosses_border: bool = True

    @property
    def designator(self) -> str:
        """Return carrier and number without leading zeros, e.g. ``"UA989"``."""
        return f"{self.carrier}{self.flight_number.lstrip('0') or self.flight_number}"


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """Who sent the list, to whom, and under which references.

    Args:
        sender: interchange sender.
        recipient: interchange recipient.
        sender_qualifier: code of UN/EDIFACT 0007, e.g. ``"ZZ"``.
        recipient_qualifier: as above.
        prepared_at: when the interchange was prepared, in the sender's own time, without a zone.
        control_reference: of the interchange.
        group_sender: application sender of the functional group; ``""`` where there is no group.
        group_recipient: application recipient of the functional group.
        message_reference: of the first message.
        directory: e.g. ``"D:02B:UN:IATA"``.
        kind: document name code, ``"745"`` for passengers and ``"250"`` for crew.
        function: document identifier, e.g. ``"CP"`` or ``"C"``; ``""`` for a plain list.
        function_code: code of UN/EDIFACT 1225, e.g. ``"9"`` for an original; ``""`` where not given.
        transaction_reference: the sender's reference for the transaction (RFF+TN).
        revision: number of the transaction's revision, as listed.
        access_reference: common access reference of the message, which answers repeat.
        reported_by: the party or person who reports.
        contacts: how to reach them.
    """

    sender: str = ""
    recipient: str = ""
    sender_qualifier: str = ""
    recipient_qualifier: str = ""
    prepared_at: datetime | None = None
    control_reference: str = ""
    group_sender: str = ""
    group_recipient: str = ""
    message_reference: str = ""
    directory: str = "D:02B:UN:IATA"
    kind: str = "745"
    function: str = ""
    function_code: str = ""
    transaction_reference: str = ""
    revision: str = ""
    access_reference: str = ""
    reported_by: str = ""
    contacts: tuple[ContactNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person of the list.

    Args:
        traveller: the person's facts; ``passenger_ref`` is :func:`passenger_ref` of their place in the list.
        role: why they are on the list.
        embarks_at: location code; ``""`` where not given.
        disembarks_at: location code.
        reservation: the carrier's reservation reference (RFF+AVF).
        carrier_ref: the carrier's own reference for the person (RFF+ABO).
        details: whatever else the list says of them.
    """

    traveller: Traveller
    role: Role = Role.PASSENGER
    embarks_at: str = ""
    disembarks_at: str = ""
    reservation: str = ""
    carrier_ref: str = ""
    details: PersonDetails = NO_DETAILS

    @property
    def visas(self) -> tuple[TravelDocument, ...]:
        """Return those of the person's documents that are visas (kind V; ICAO Doc 9303-7)."""
        return tuple(document for document in self.traveller.documents if document.kind.startswith("V"))

    def is_infant(self, on: date) -> bool:
        """Tell whether the person is under two on a day; lists name infants like everybody else.

        Source: IATA's passenger type INF, under the second birthday on the day of travel.
        """
        born = self.traveller.born_on
        return born is not None and born <= on and (born.year + 2, born.month, born.day) > (on.year, on.month, on.day)

    @property
    def further_nationalities(self) -> tuple[str, ...]:
        """Return the traveller's nationalities beside the first."""
        return self.traveller.further_nationalities


@dataclass(frozen=True, slots=True)
class PassengerList:
    """A passenger list as read, or to be written.

    Args:
        message: sender and references.
        legs: the flight's legs, in the list's order.
        people: everyone listed, in the list's order, duplicates left out.
        findings: every deviation met in reading.
    """

    message: MessageFacts
    legs: tuple[FlightLeg, ...]
    people: tuple[ListedPerson, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def passengers(self) -> tuple[Traveller, ...]:
        """Return those who travel, in transit or not, without the crew."""
        return tuple(person.traveller for person in self.people if not person.role.is_crew)

    @property
    def crew(self) -> tuple[Traveller, ...]:
        """Return those who work on board."""
        return tuple(person.traveller for person in self.people if person.role.is_crew)


class Action(StrEnum):
    """What a message wants done with the list of its flight."""

    LIST = "list"
    """Those named are expected; says nothing of others."""
    REPLACE = "replace"
    """Those named are expected, and nobody else."""
    CHANGE = "change"
    """Those named are added, or their facts changed."""
    CANCEL_PEOPLE = "cancel_people"
    """Those named are no longer expected."""
    CANCEL_FLIGHT = "cancel_flight"
    """Nobody is expected."""
    CLOSED = "closed"
    """The flight is closed with whoever is expected on board."""
    CLOSED_ON_BOARD = "closed_on_board"
    """The flight is closed, and those named are on board."""
    CLOSED_NOT_ON_BOARD = "closed_not_on_board"
    """The flight is closed, and those named stayed behind."""

    @property
    def takes_away(self) -> bool:
        """Tell whether the people named are not those who are expected."""
        return self not in (Action.LIST, Action.REPLACE, Action.CHANGE)

    @property
    def closes(self) -> bool:
        """Tell whether the flight is closed by it."""
        return self in (Action.CLOSED, Action.CLOSED_ON_BOARD, Action.CLOSED_NOT_ON_BOARD)


@dataclass(frozen=True, slots=True)
class ListMessage:
    """One message as read, whatever it wants.

    Args:
        message: sender and references.
        action: what it wants.
        legs: the flight's legs.
        people: those named; may be nobody.
        place: of the message in its interchange, from 1.
    """

    message: MessageFacts
    action: Action
    legs: tuple[FlightLeg, ...]
    people: tuple[ListedPerson, ...]
    place: int = 1


@dataclass(frozen=True, slots=True)
class Interchange:
    """Every message of one interchange.

    Args:
        messages: in their order, at least one.
        findings: every deviation met in reading.
    """

    messages: tuple[ListMessage, ...]
    findings: tuple[Finding, ...] = ()


def passenger_ref(place: int) -> str:
    """Return the opaque reference of the person at a place in the list, counted from 1, e.g. ``"P0001"``.

    It says nothing about the person, and is the same each time the same list is read.
    """
    return f"P{place:04d}"
