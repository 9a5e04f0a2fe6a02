"""Which flight a passenger list is for, and who on it travels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from fairgate.errors import InputRefused
from fairgate.papers.paxlst.facts import FlightLeg, PassengerList
from fairgate.services.records import FlightRecord
from fairgate.services.stage_flight import FlightToStage
from fairgate.vocabulary import Direction


def flight_from_list(
    listed: PassengerList,
    list_sha256: str,
    *,
    direction: Direction,
    port: str | None,
    pack_digest: str,
    rulebook_sha256: str,
    now: datetime,
) -> FlightToStage:
    """Return the flight that a list describes, ready for staging.

    Args:
        listed: the list as read.
        list_sha256: hex digest by which the list's files are known again.
        direction: which way the border is crossed.
        port: where the lane stands; ``None`` to take it from the list: the place of departure on exit, of arrival on
            entry.
        pack_digest: of the pack in use.
        rulebook_sha256: of the rulebook in force.
        now: when staging begins.

    Raises:
        InputRefused: the list names no flight or no passenger, or no leg touches the port.
    """
    leg = _leg(listed, direction, port)
    place = leg.departs_from if direction is Direction.EXIT else leg.arrives_at
    moment = leg.departure if direction is Direction.EXIT else leg.arrival
    day: date = (moment or leg.departure or leg.arrival or now).date()
    flight = FlightRecord(
        flight_key=f"{leg.designator}-{day.isoformat()}-{port or place}",
        direction=direction,
        port=port or place,
        list_sha256=list_sha256,
        pack_digest=pack_digest,
        rulebook_sha256=rulebook_sha256,
        staged_at=now,
    )
    findings = tuple(f"{finding.code}: {finding.text}" for finding in listed.findings)
    travellers = tuple(
        replace(person.traveller, further_nationalities=person.further_nationalities)
        for person in listed.people
        if not person.role.is_crew
    )
    if not travellers:
        raise InputRefused(
            "The list names crew and no passenger.", way_out="Stage the list of the flight's passengers."
        )
    return FlightToStage(flight=flight, travellers=travellers, findings=findings)


def _leg(listed: PassengerList, direction: Direction, port: str | None) -> FlightLeg:
    """Return the leg that crosses the border at the port: the one that leaves from it, or arrives there."""
    touching = [
        leg
        for leg in listed.legs
        if port is None or port == (leg.departs_from if direction is Direction.EXIT else leg.arrives_at)
    ]
    if not touching:
        raise InputRefused(
            f"No flight of the list {'leaves' if direction is Direction.EXIT else 'arrives at'} {port or 'any place'}.",
            way_out="Check --port and --direction against the list.",
        )
    return touching[-1] if direction is Direction.EXIT else touching[0]
