"""The world of the simulated boardings: ports, voyages and what everybody will do, all drawn from one seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fairgate.simulate.boardings_chance import Chance
from fairgate.simulate.boardings_people import Home, draw_person
from fairgate.simulate.boardings_plans import Change, Declines, Hours, Plan, draw_plan, mistaken
from fairgate.simulate.rules_by_the_text import Person, Place

THE_CHANGE = date(2025, 12, 26)
"""The day around which the voyages lie."""


@dataclass(frozen=True, slots=True)
class Voyage:
    """One gallery: a flight, several flights that arrive together, or a ship.

    Args:
        key: names the gallery.
        place: where its lane stands.
        staged_at: when the gallery is made.
        opens_at: when the lane opens it.
        changes_at: when later messages change its list; ``None`` where none come.
        home: code of the state's citizens.
        has_notice: a sign hangs at the lane, in every language; without it, nobody is compared there.
        plans: everybody listed.
        flights: how many flights are in it.
        lanes: how many lanes open it, each on its own.
    """

    key: str
    place: Place
    staged_at: datetime
    opens_at: datetime
    changes_at: datetime | None
    home: str
    has_notice: bool
    plans: tuple[Plan, ...] = field(repr=False)
    flights: int = 1
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class _Port:
    code: str
    zone: str
    lanes: tuple[tuple[str, str], ...]


_AIR = (("exit", "boarding"), ("exit", "boarding"), ("entry", "arrival"), ("exit", "officer_phone"))
_SEA = (("exit", "sea"), ("entry", "sea"))
_PORTS = (
    _Port("BOS", "America/New_York", _AIR),
    _Port("ATL", "America/New_York", _AIR),
    _Port("DFW", "America/Chicago", _AIR),
    _Port("SFO", "America/Los_Angeles", _AIR),
    _Port("LAX", "America/Los_Angeles", _AIR),
    _Port("HNL", "Pacific/Honolulu", _AIR),
    _Port("GUM", "Pacific/Guam", _AIR),
    _Port("MIASEA", "America/New_York", _SEA),
    _Port("PEVSEA", "America/New_York", _SEA),
)
_SHIP_PORT = _PORTS[-2]
_LEAP_DAYS = (date(2022, 2, 28), date(2022, 3, 1), date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1))
_ON_LEAP_DAYS = 0.04
_HOURS_AHEAD = (1, 2, 2, 3, 3, 4, 6, 11.75, 13, 30)
_ONE_IN_MISTAKEN = 40
_NO_NOTICE = 0.03
_SEATS = (8, 32)
_TOGETHER = (2, 3, 3, 4)


def draw_voyages(seed: int, home: Home, *, flights: int, ship: int) -> Iterator[Voyage]:
    """Yield voyages of so many flights and of one ship, the ship last.

    Args:
        seed: of everything.
        home: the state whose borders are crossed.
        flights: how many flights; those that arrive together share a gallery.
        ship: passengers of the ship that debarks on the day of the change; 0 for no ship.
    """
    draw = Chance(seed)
    people = 0
    left, serial = flights, 0
    while left:
        serial += 1
        port = draw.one_of(_PORTS)
        direction, lane = draw.one_of(port.lanes)
        together = min(left, draw.one_of(_TOGETHER)) if direction == "entry" and lane == "arrival" else 1
        left -= together
        seats = sum(draw.count(*_SEATS) for _ in range(together))
        voyage = _draw_voyage(draw, home, _Gallery(serial, port, direction, lane, seats, together), people)
        people += seats
        yield voyage
    if ship:
        yield _draw_voyage(draw, home, _Gallery(serial + 1, _SHIP_PORT, "entry", "sea", ship, 1, lanes=4), people)


@dataclass(frozen=True, slots=True)
class _Gallery:
    serial: int
    port: _Port
    direction: str
    lane: str
    people: int
    flights: int
    lanes: int = 0


def _draw_voyage(draw: Chance, home: Home, gallery: _Gallery, people: int) -> Voyage:
    place = Place(gallery.direction, gallery.lane, gallery.port.code, ZoneInfo(gallery.port.zone))
    is_ship = gallery.lanes > 0
    opens_at = _draw_start(draw, place) if not is_ship else datetime.combine(THE_CHANGE, time(6), place.zone)
    opens_at = opens_at.astimezone(UTC)
    staged_at = opens_at - timedelta(hours=3 if is_ship else draw.one_of(_HOURS_AHEAD))
    hours = Hours(staged_at, opens_at, opens_at + timedelta(minutes=max(20, gallery.people * 0.05)))
    plans = [
        draw_plan(draw, draw_person(draw, home, place.day(opens_at)), people + listed, f"P{listed:04d}", hours)
        for listed in range(1, gallery.people + 1)
    ]
    changes_at = _draw_change(draw, hours)
    if changes_at is None:
        plans = [replace(plan, change=Change.NOTHING) for plan in plans]
    plans = [
        replace(plan, declines=Declines.NEVER, declines_at=None) if plan.change is Change.CANCELLED else plan
        for plan in plans
    ]
    for place_on_list in range(0, len(plans) - 1, _ONE_IN_MISTAKEN):
        pair = plans[place_on_list], plans[place_on_list + 1]
        if all(_is_grown(plan.person, opens_at.date()) and plan.visits for plan in pair):
            plans[place_on_list : place_on_list + 2] = mistaken(*pair)
    return Voyage(
        key=f"SG{gallery.serial}-{place.day(opens_at).isoformat()}-{place.port}",
        place=place,
        staged_at=staged_at,
        opens_at=opens_at,
        changes_at=changes_at,
        home=home.code,
        has_notice=is_ship or not draw.happens(_NO_NOTICE),
        plans=tuple(plans),
        flights=gallery.flights,
        lanes=gallery.lanes or draw.one_of((1, 1, 2)),
    )


def _is_grown(person: Person, on: date) -> bool:
    return person.born_on is not None and 20 < on.year - person.born_on.year < 70


def _draw_change(draw: Chance, hours: Hours) -> datetime | None:
    """Return when the list changes: before the lane opens, after everybody has come, or never."""
    match draw.one_of(("never", "never", "before", "after")):
        case "before":
            return hours.staged_at + (hours.opens_at - hours.staged_at) * draw.between(0.1, 0.9)
        case "after":
            return hours.closes_at + timedelta(minutes=draw.between(30, 600))
    return None


def _draw_start(draw: Chance, place: Place) -> datetime:
    """Return when the gate opens: often within an hour of the midnight at which the rules change, at the port."""
    if draw.happens(_ON_LEAP_DAYS):
        day, hour = draw.one_of(_LEAP_DAYS), draw.between(0, 23.5)
        return datetime.combine(day, time(0), place.zone) + timedelta(hours=hour)
    midnight = datetime.combine(THE_CHANGE, time(0), place.zone)
    if draw.happens(0.45):
        return midnight + timedelta(minutes=draw.between(-75, 60))
    return midnight + timedelta(hours=draw.between(-60, 72))
