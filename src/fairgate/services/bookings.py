"""Which flight somebody is listed on: what a traveller keeps of it in a gallery, sealed with their listed facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fairgate.vocabulary import Traveller


class ListedLeg(NamedTuple):
    """One leg of the flight that a list is about.

    Args:
        carrier: airline designator, as listed.
        flight_number: as listed.
        departs_from: location code.
        departs_on: scheduled local day of departure, where given.
    """

    carrier: str
    flight_number: str
    departs_from: str
    departs_on: date | None


@dataclass(frozen=True, slots=True)
class Booking:
    """One list's entry for a person.

    Args:
        flight: designator, place and day of departure, e.g. ``"FG420 BOS 2026-11-22"``.
        legs: of that flight.
        reservation: the carrier's reservation reference; ``""`` where not given.
        seat: as listed; ``""`` where not given.
    """

    flight: str
    legs: tuple[ListedLeg, ...]
    reservation: str = ""
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a gallery keeps, sealed, of somebody listed.

    Args:
        traveller: the listed facts.
        bookings: one for each flight that lists them.
    """

    traveller: Traveller
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedAs:
    """How the lists name one person.

    Args:
        mentions: digests of the messages and of the places in them that name the person, the first one first.
        bookings: one for each flight that lists them.
    """

    mentions: tuple[str, ...] = ()
    bookings: tuple[Booking, ...] = ()


NOT_SAID = ListedAs()
"""Of somebody who was not read from a list: known again by their reference alone."""
