"""Which gallery some passenger lists make, and who on them travels.

One flight, or one ship, names its gallery itself. A gallery of several flights, as an arrivals hall expects them, has a
name of its own. Everybody in it keeps the flight that lists them, sealed with their facts; their references are
numbered through the gallery, so that the same reference on two lists names two people.

Somebody whom two lists name is one person in one gallery, with one reference and both flights: they are compared once,
and stay while either list names them. Two entries of different flights are one person where they share a document
(kind, issuer, number) and the name or the birth date is the same. A carrier's reference says nothing between flights,
and name and birth date alone are not enough among thousands. What the two say differently is taken from the first
flight; documents and nationalities are taken from both, because a citizen by any of them is a citizen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from fairgate.errors import InputRefused
from fairgate.papers.paxlst.facts import FlightLeg, PassengerList, passenger_ref
from fairgate.papers.paxlst.identity import folded_name
from fairgate.services.bookings import Booking, ListedAs, ListedLeg
from fairgate.services.merge_lists import MergedLists
from fairgate.services.records import FlightRecord
from fairgate.services.stage_flight import FlightToStage
from fairgate.vocabulary import Direction, LaneKind, Traveller

LANES = (LaneKind.BOARDING, LaneKind.ARRIVAL, LaneKind.SEA)
"""The kinds of lane that a gallery is made for; others compare with a document, or borrow a gallery."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FLIGHTS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gallery is for.

    Args:
        lane: the kind of lane.
        direction: which way the border is crossed there; ``None`` for entry at an arrivals hall and exit elsewhere.
        port: where the lane stands; ``None`` to take it from the lists: the place of departure on exit, of arrival on
            entry.
        name: of the gallery; ``None`` to take the one flight's.
    """

    lane: LaneKind = LaneKind.BOARDING
    direction: Direction | None = None
    port: str | None = None
    name: str | None = None

    @property
    def way(self) -> Direction:
        """Return the direction."""
        return self.direction or (Direction.ENTRY if self.lane is LaneKind.ARRIVAL else Direction.EXIT)


@dataclass(slots=True)
class _Person:
    """Somebody while lists are joined."""

    traveller: Traveller
    mentions: list[str]
    bookings: list[Booking]


def gallery_from_lists(
    merged: MergedLists, place: Place, *, pack_digest: str, rulebook_sha256: str, now: datetime
) -> FlightToStage:
    """Return the gallery that lists describe, ready for staging.

    Args:
        merged: the lists as read.
        place: where the gallery is for.
        pack_digest: of the pack in use.
        rulebook_sha256: of the rulebook in force.
        now: when staging begins.

    Raises:
        InputRefused: several flights and no name, a name that is none, a lane that has no gallery or no exit, crew
            alone, no leg that touches the port, or flights that meet no one port.
    """
    _require_place(merged, place)
    legs = [_leg(one.listed, place.way, place.port) for one in merged.flights]
    ports = {_port(leg, place.way) for leg in legs}
    if place.port is None and len(ports) > 1:
        raise InputRefused(f"The flights meet {len(ports)} ports.", way_out="Name the gallery's with --port.")
    port = place.port or ports.pop()
    flight = FlightRecord(
        flight_key=place.name or _flight_key(legs[0], place.way, port, now),
        direction=place.way,
        port=port,
        list_sha256=merged.sha256,
        pack_digest=pack_digest,
        rulebook_sha256=rulebook_sha256,
        staged_at=now,
        lane=place.lane,
        list_files=merged.files,
        flights=tuple(sorted(one.flight for one in merged.flights)),
    )
    people = _people(merged)
    if not people and any(one.listed.people for one in merged.flights):
        raise InputRefused(
            "The list names crew and no passenger.", way_out="Stage the list of the flight's passengers."
        )
    notes = [finding for one in merged.flights for finding in one.listed.findings]
    findings = [f"{finding.code}: {finding.text}" for finding in (*merged.findings, *notes)]
    findings += [f"flight_without_passengers: {one.nobody}" for one in merged.flights if one.nobody]
    return FlightToStage(
        flight=flight,
        travellers=tuple(one.traveller for one in people),
        findings=tuple(findings),
        listed_as={one.traveller.passenger_ref: ListedAs(tuple(one.mentions), tuple(one.bookings)) for one in people},
    )


def _require_place(merged: MergedLists, place: Place) -> None:
    if place.lane not in LANES:
        raise InputRefused(
            f"No gallery is made for the lane {place.lane.value}.",
            way_out=f"Choose one of {', '.join(lane.value for lane in LANES)}.",
        )
    if place.lane is LaneKind.ARRIVAL and place.way is not Direction.ENTRY:
        raise InputRefused("Nobody leaves by an arrivals hall.", way_out="Use --lane boarding or sea for exit.")
    if place.name is not None and not _NAME.fullmatch(place.name):
        raise InputRefused(
            "A gallery's name is up to 64 letters, digits, dots, dashes and underscores.",
            way_out="Choose one such as BOS-2026-11-22-evening.",
        )
    if place.name is None and len(merged.flights) > 1:
        named = ", ".join(one.flight for one in merged.flights[:_FLIGHTS_NAMED])
        more = len(merged.flights) - _FLIGHTS_NAMED
        raise InputRefused(
            f"The messages are about {len(merged.flights)} flights: {named}{f' and {more} more' if more > 0 else ''}.",
            way_out="Stage one flight at a time, or give a gallery of several a name with --gallery.",
        )


def _people(merged: MergedLists) -> list[_Person]:
    """Return who travels, each once, with the references of their one list or numbered through the gallery."""
    people: list[_Person] = []
    known: dict[object, _Person] = {}
    for one in merged.flights:
        legs = tuple(map(_listed_leg, one.listed.legs))
        added: list[tuple[_Person, Traveller]] = []
        for listed, mentions in zip(one.listed.people, one.mentions, strict=True):
            if listed.role.is_crew:
                continue
            booking = Booking(one.flight, legs, listed.reservation, listed.details.seat)
            same = next((known[key] for key in _keys(listed.traveller) if key in known), None)
            if same is None:
                same = _Person(listed.traveller, [], [])
                people.append(same)
            else:
                same.traveller = _joined(same.traveller, listed.traveller)
            same.mentions += mentions
            same.bookings.append(booking)
            added.append((same, listed.traveller))
        # Only now: within one list its own reading has said who is one person and who is not.
        for person, traveller in added:
            known.update(dict.fromkeys(_keys(traveller), person))
    # Whoever was taken off one flight is known by its messages still, so that they keep their reference on another.
    for one in merged.flights:
        for listed, mentions in one.absent:
            keys = () if listed.role.is_crew else _keys(listed.traveller)
            same = next((known[key] for key in keys if key in known), None)
            if same is not None and all(booking.flight != one.flight for booking in same.bookings):
                same.mentions += mentions
    if len(merged.flights) > 1:
        for number, person in enumerate(people, start=1):
            person.traveller = replace(person.traveller, passenger_ref=passenger_ref(number))
    return people


def _keys(traveller: Traveller) -> Iterable[object]:
    name = folded_name(traveller)
    for document in traveller.documents:
        if document.number:
            own = (document.kind, document.issuer, "".join(document.number.upper().split()))
            yield from ((*own, what) for what in (name, traveller.born_on) if what)


def _joined(first: Traveller, other: Traveller) -> Traveller:
    nationalities = dict.fromkeys(
        filter(None, (*first.further_nationalities, other.nationality, *other.further_nationalities))
    )
    nationalities.pop(first.nationality, None)
    return replace(
        first,
        documents=tuple(dict.fromkeys((*first.documents, *other.documents))),
        further_nationalities=tuple(nationalities),
    )


def _listed_leg(leg: FlightLeg) -> ListedLeg:
    return ListedLeg(leg.carrier, leg.flight_number, leg.departs_from, leg.departure and leg.departure.date())


def _port(leg: FlightLeg, way: Direction) -> str:
    return leg.departs_from if way is Direction.EXIT else leg.arrives_at


def _flight_key(leg: FlightLeg, way: Direction, port: str, now: datetime) -> str:
    moment = leg.departure if way is Direction.EXIT else leg.arrival
    day: date = (moment or leg.departure or leg.arrival or now).date()
    return f"{leg.designator}-{day.isoformat()}-{port}"


def _leg(listed: PassengerList, way: Direction, port: str | None) -> FlightLeg:
    """Return the leg that crosses the border at the port: the one that leaves from it, or arrives there."""
    touching = [leg for leg in listed.legs if port is None or port == _port(leg, way)]
    if not touching:
        raise InputRefused(
            f"No flight of the list {'leaves' if way is Direction.EXIT else 'arrives at'} {port or 'any place'}.",
            way_out="Check --port and --direction against the list.",
        )
    return touching[-1] if way is Direction.EXIT else touching[0]
