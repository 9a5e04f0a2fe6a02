"""What each traveller of the simulated boardings will do: come, decline, look like somebody else, be put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from fairgate.simulate.boardings_chance import Chance
from fairgate.simulate.rules_by_the_text import Person


class Declines(StrEnum):
    """When somebody opts out."""

    NEVER = "never"
    BEFORE = "between gallery and gate"
    AT_LANE = "at the lane"
    NAMELESS = "at the lane, without a name"
    DURING = "while the photo is taken"
    AFTER = "after the capture"


class Change(StrEnum):
    """What later messages say of somebody on the list."""

    NOTHING = "nothing"
    CORRECTED = "turns out to be a citizen too"
    CANCELLED = "is no longer on the list"


@dataclass(frozen=True, slots=True)
class Visit:
    """One arrival before a camera.

    Args:
        at: aware time of capture.
        claims: the boarding pass is read first, so the lane knows who it is said to be.
        photo: what the camera sees, as drawn photos say it.
        sees_face: the photo shows a face that can be compared.
        kept: one face is in it, so it may be kept until an officer has decided.
    """

    at: datetime
    claims: bool
    photo: str
    sees_face: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What one traveller is and does.

    Args:
        passenger_ref: opaque, unique on the voyage.
        number: unique in the world; names the face and the documents.
        person: the facts, as the papers have them.
        has_reference: a photo of theirs is among the references.
        visits: in order; none for somebody who does not come.
        declines: when they opt out.
        declines_at: the moment, where they do so apart from a visit.
        change: what later messages say of them.
        officer_at: when an officer confirms them after the first visit, where the machine did not match them.
        taken_for: the passenger whom the machine takes them for, since the photo shows that one's face.
        put_right_at: when an officer undoes that match, and confirms who they are.
    """

    passenger_ref: str
    number: int
    person: Person
    has_reference: bool
    visits: tuple[Visit, ...]
    declines: Declines = Declines.NEVER
    declines_at: datetime | None = None
    change: Change = Change.NOTHING
    officer_at: datetime | None = None
    taken_for: str | None = None
    put_right_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """When a voyage's gallery is made, and when its lane is open."""

    staged_at: datetime
    opens_at: datetime
    closes_at: datetime


_PHOTOS = {"good": 90, "no_face": 2, "several": 2, "poor=sharpness": 3, "broken=truncated": 2, "engine_fault": 1}
_DECLINING = {
    Declines.NEVER: 81,
    Declines.BEFORE: 5,
    Declines.AT_LANE: 6,
    Declines.NAMELESS: 2,
    Declines.DURING: 3,
    Declines.AFTER: 3,
}
_CHANGES = {Change.NOTHING: 93, Change.CORRECTED: 4, Change.CANCELLED: 3}


def draw_plan(draw: Chance, person: Person, number: int, passenger_ref: str, hours: Hours) -> Plan:
    """Return what one traveller of a voyage will do."""
    declines = draw.weighted(_DECLINING)
    at = hours.opens_at + (hours.closes_at - hours.opens_at) * draw.between(0, 1)
    visits = [_draw_visit(draw, number, at)] if draw.happens(0.96) else []
    if visits and draw.happens(0.05):
        visits.append(_draw_visit(draw, number, at + timedelta(minutes=draw.between(1, 15)), take=2))
    declines_at = None
    if declines is Declines.BEFORE:
        declines_at = hours.staged_at + (at - hours.staged_at) * draw.between(0.05, 0.95)
    elif declines is Declines.AFTER:
        declines_at = at + timedelta(minutes=draw.between(0.5, 14 * 60))
    return Plan(
        passenger_ref=passenger_ref,
        number=number,
        person=person,
        has_reference=draw.happens(0.95),
        visits=tuple(visits),
        declines=declines,
        declines_at=declines_at,
        change=draw.weighted(_CHANGES),
        officer_at=at + timedelta(minutes=draw.between(0.5, 12)) if visits and draw.happens(0.7) else None,
    )


def mistaken(intruder: Plan, victim: Plan) -> tuple[Plan, Plan]:
    """Return both as they are if the machine takes the first for the second, who comes once that was put right.

    The first walks up without a boarding pass, under the second's face.
    """
    visit = intruder.visits[0]
    put_right_at = visit.at + timedelta(minutes=4)
    wrong = replace(visit, claims=False, photo=f"face={victim.number} take=9", sees_face=True, kept=True)
    later = victim.visits[0]
    right = replace(later, at=put_right_at + timedelta(minutes=3), photo=f"face={victim.number} take=1")
    return (
        replace(
            intruder,
            visits=(wrong,),
            declines=Declines.NEVER,
            declines_at=None,
            change=Change.NOTHING,
            officer_at=None,
            taken_for=victim.passenger_ref,
            put_right_at=put_right_at,
        ),
        replace(
            victim,
            visits=(replace(right, sees_face=True, kept=True),),
            declines=Declines.NEVER,
            declines_at=None,
            change=Change.NOTHING,
            officer_at=None,
        ),
    )


def _draw_visit(draw: Chance, number: int, at: datetime, take: int = 1) -> Visit:
    seen = draw.weighted(_PHOTOS)
    is_good = seen == "good"
    return Visit(
        at=at,
        claims=draw.happens(0.5),
        photo=f"face={number} take={take}" if is_good else seen,
        sees_face=is_good,
        kept=is_good or seen.startswith("poor"),
    )
