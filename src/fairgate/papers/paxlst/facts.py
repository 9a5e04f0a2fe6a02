"""What a passenger list says, as frozen facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fairgate.papers.findings import Finding
from fairgate.vocabulary import Traveller


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
class ContactNumber:
    """A number or address at which the sender can be reached.

    Args:
        number: telephone number, fax number or e-mail address.
        channel: code of UN/EDIFACT 3155, e.g. ``"TE"``, ``"FX"``, ``"EM"``.
    """

    number: str
    channel: str


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
        transaction_reference: the sender's reference for the transaction (RFF+TN).
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
    transaction_reference: str = ""
    reported_by: str = ""
    contacts: tuple[ContactNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person of the list.

    What the list says beyond this (address, place of birth, residence, bags, seat) is recognised and not kept: no part
    of Fairgate has a use for it.

    Args:
        traveller: the person's facts; ``passenger_ref`` is :func:`passenger_ref` of their place in the list.
        role: why they are on the list.
        embarks_at: location code; ``""`` where not given.
        disembarks_at: location code.
        reservation: the carrier's reservation reference (RFF+AVF).
        carrier_ref: the carrier's own reference for the person (RFF+ABO).
    """

    traveller: Traveller
    role: Role = Role.PASSENGER
    embarks_at: str = ""
    disembarks_at: str = ""
    reservation: str = ""
    carrier_ref: str = ""

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


def passenger_ref(place: int) -> str:
    """Return the opaque reference of the person at a place in the list, counted from 1, e.g. ``"P0001"``.

    It says nothing about the person, and is the same each time the same list is read.
    """
    return f"P{place:04d}"
