"""What the rules' text expects of one traveller, given what they are and do; see rules_by_the_text.

Nothing here has looked at what the service did, or at the rulebook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from fairgate.simulate.boardings_plans import Change, Declines, Plan, Visit
from fairgate.simulate.boardings_world import Voyage
from fairgate.simulate.rules_by_the_text import Asked, Kept, Person, Place, Standing


class Text(Protocol):
    """One state's rules as sentences."""

    def standing(self, person: Person, /) -> Standing:
        """Return what somebody is to the state."""
        ...

    def cared_for(self, person: Person, place: Place, moment: datetime, /) -> bool:
        """Say whether somebody is, or may be, a child or an older person."""
        ...

    def asked(self, person: Person, place: Place, moment: datetime, /) -> Asked:
        """Return what the text says to a person at a place."""
        ...

    def kept_until(self, kept: Kept, person: Person, place: Place, since: datetime, /) -> datetime:
        """Return when a record made at a moment must be gone."""
        ...


@dataclass(frozen=True, slots=True)
class Life:
    """How long one record lives.

    Args:
        made_at: when it came to be.
        until: when every copy must be gone.
        gone_at: when it must be gone from the store already, because of a choice or a correction; ``None`` for no such.
    """

    made_at: datetime
    until: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AtCamera:
    """What the text expects of one visit.

    Args:
        asked: what is said to the traveller.
        compared: their face is compared with their own reference, which is alike.
        taken_for: the passenger whom the machine takes them for.
        is_first: nothing has boarded them before.
        cared_for: they are, or may be, a child or an older person.
        photo: how long the photo lives; ``None`` where none may be kept at all.
        may_be_unkept: the photo may as well not be kept, since nobody was matched.
        no_camera: the photo is not even to be taken.
        crossing_until: until when the record of the crossing is kept.
    """

    asked: Asked
    compared: bool
    taken_for: str | None
    is_first: bool
    cared_for: bool
    photo: Life | None
    may_be_unkept: bool
    no_camera: bool
    crossing_until: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """What the text expects of one traveller.

    Args:
        asked_at_staging: what the text said when the gallery was made.
        lists: lives of their listed facts, as first listed and as corrected.
        relisted: life of their listed facts where later messages name them again: a list of its own.
        templates: lives of their reference's templates.
        visits: one by one.
    """

    asked_at_staging: Asked
    lists: tuple[Life, ...]
    relisted: Life | None
    templates: tuple[Life, ...]
    visits: tuple[AtCamera, ...]


def expect(voyage: Voyage, plan: Plan, text: Text, taken_for: Plan | None = None) -> Expected:
    """Return what the text expects of one traveller of a voyage.

    Args:
        voyage: where and when.
        plan: who, and what they do.
        text: in force.
        taken_for: the plan of the passenger whom the machine takes them for.
    """
    one = _One(voyage, plan, text)
    templates = one.templates()
    victim = _One(voyage, taken_for, text) if taken_for is not None else None
    visits = tuple(one.visits(templates, victim))
    boarded = one.is_boarded(visits)
    return Expected(
        asked_at_staging=text.asked(_listed(plan.person), voyage.place, voyage.staged_at),
        lists=one.lists(boarded),
        relisted=one.relisted(),
        templates=one.templates(boarded),
        visits=visits,
    )


@dataclass(frozen=True, slots=True)
class _One:
    voyage: Voyage
    plan: Plan
    text: Text

    @property
    def withdrawn_at(self) -> datetime | None:
        """When their reference leaves the gallery because they declined, naming themselves."""
        if self.plan.declines in (Declines.AT_LANE, Declines.DURING):
            return self.plan.visits[0].at if self.plan.visits else None
        return self.plan.declines_at

    def is_listed(self, moment: datetime) -> bool:
        changes_at = self.voyage.changes_at
        return self.plan.change is not Change.CANCELLED or changes_at is None or moment < changes_at

    def person(self, moment: datetime) -> Person:
        """Return the person as known at a moment: corrected from the change on."""
        changes_at = self.voyage.changes_at
        if self.plan.change is not Change.CORRECTED or changes_at is None or moment < changes_at:
            return self.plan.person
        return corrected(self.plan.person, self.voyage.home)

    def is_boarded(self, visits: tuple[AtCamera, ...]) -> bool:
        """Say whether a match or an officer boarded them, at any time."""
        by_officer = self.plan.officer_at is not None and bool(visits) and self.is_listed(self.plan.officer_at)
        return by_officer or any(visit.compared for visit in visits)

    def lists(self, boarded: bool) -> tuple[Life, ...]:
        place, changes_at = self.voyage.place, self.voyage.changes_at
        first = Life(
            self.voyage.staged_at,
            self.text.kept_until(Kept.PASSENGER_LIST, self.plan.person, place, self.voyage.staged_at),
        )
        if changes_at is None or self.plan.change is Change.NOTHING:
            return (first,)
        if self.plan.change is Change.CANCELLED:
            return (first if boarded else replace(first, gone_at=changes_at),)
        again = self.text.kept_until(Kept.PASSENGER_LIST, self.person(changes_at), place, changes_at)
        return replace(first, gone_at=changes_at), Life(changes_at, again)

    def relisted(self) -> Life | None:
        at = self.voyage.changes_at
        if at is None or self.plan.change is Change.CANCELLED:
            return None
        return Life(at, self.text.kept_until(Kept.PASSENGER_LIST, self.person(at), self.voyage.place, at))

    def templates(self, boarded: bool = False) -> tuple[Life, ...]:
        """Return the lives of the templates; who boarded before being cancelled keeps theirs."""
        made = list(self._made(self.voyage.staged_at))
        changes_at, withdrawn_at = self.voyage.changes_at, self.withdrawn_at
        if changes_at is not None and not (withdrawn_at is not None and withdrawn_at <= changes_at):
            made = self._changed(made, changes_at, boarded)
        if made and withdrawn_at is not None and made[-1].gone_at is None:
            made[-1] = replace(made[-1], gone_at=withdrawn_at)
        return tuple(made)

    def _made(self, at: datetime) -> tuple[Life, ...]:
        person, place = _listed(self.person(at)), self.voyage.place
        if not self.plan.has_reference or self.text.asked(person, place, at) is Asked.NOT_ASKED:
            return ()
        return (Life(at, self.text.kept_until(Kept.TEMPLATE, person, place, at)),)

    def _changed(self, made: list[Life], at: datetime, boarded: bool) -> list[Life]:
        """Return the templates once later messages were taken over, which asks anew about everybody."""
        if self.plan.change is Change.CANCELLED:
            return made if boarded else [replace(one, gone_at=at) for one in made]
        again = self._made(at)
        same = self.text.standing(self.plan.person) is self.text.standing(self.person(at))
        if made and again and same:
            return made
        return [*(replace(one, gone_at=at) for one in made), *again]

    def template_at(self, templates: tuple[Life, ...], moment: datetime) -> bool:
        """Say whether a lane that opened in time has their template at a moment.

        Deadlines lie on whole hours, rounded down: then a template is gone from the vault, and from an open lane too.
        """
        opens_at = self.voyage.opens_at
        return any(
            one.made_at <= opens_at < whole_hour(one.until)
            and moment < whole_hour(one.until)
            and (one.gone_at is None or moment < one.gone_at)
            for one in templates
        )

    def visits(self, templates: tuple[Life, ...], victim: _One | None) -> list[AtCamera]:
        found: list[AtCamera] = []
        boarded_at: datetime | None = None
        for number, visit in enumerate(self.plan.visits):
            is_first = boarded_at is None or visit.at < boarded_at
            one = self._visit(number, visit, templates, is_first=is_first, victim=victim)
            found.append(one)
            officer_at = self.plan.officer_at if number == 0 and self.is_listed(visit.at) else None
            if is_first and one.compared:
                boarded_at = visit.at
            elif is_first and officer_at is not None and not (one.compared or one.taken_for):
                boarded_at = officer_at
        return found

    def _visit(
        self, number: int, visit: Visit, templates: tuple[Life, ...], *, is_first: bool, victim: _One | None
    ) -> AtCamera:
        plan, text, place = self.plan, self.text, self.voyage.place
        person, withdrawn_at = self.person(visit.at), self.withdrawn_at
        asked = text.asked(person, place, visit.at)
        declines = number == 0 and plan.declines in (Declines.AT_LANE, Declines.NAMELESS, Declines.DURING)
        has_declined = withdrawn_at is not None and withdrawn_at <= visit.at and not declines
        listed = self.is_listed(visit.at)
        alike = listed and visit.sees_face and self.template_at(templates, visit.at) and plan.taken_for is None
        posted = self.voyage.has_notice
        compared = asked is not Asked.NOT_ASKED and alike and posted and not declines and not has_declined
        taken_for = None
        if victim is not None and posted and victim.template_at(victim.templates(), visit.at):
            is_asked = text.asked(victim.plan.person, place, visit.at) is not Asked.NOT_ASKED
            taken_for = victim.plan.passenger_ref if is_asked else None
        cared = text.cared_for(person, place, visit.at)
        is_said_child = person.seen_as == "child" and asked is Asked.NOT_ASKED and person.alone is not False
        # Whoever is known before the photo, and is not to be compared, is not photographed.
        no_camera = (
            (declines and plan.declines is not Declines.DURING)
            or not posted
            or (visit.claims and (has_declined or not listed or asked is Asked.NOT_ASKED))
            or is_said_child
        )
        known = (visit.claims and listed) or compared or person.seen_as == "child"
        never = (
            no_camera
            or declines
            or not visit.kept
            or (alike and asked is Asked.NOT_ASKED)
            or (cared and known and not (compared and is_first))
        )
        return AtCamera(
            asked=asked,
            compared=compared,
            taken_for=taken_for,
            is_first=is_first,
            cared_for=cared,
            photo=None if never else self._photo(number, visit, matched=bool(compared and is_first) or bool(taken_for)),
            may_be_unkept=not compared,
            no_camera=no_camera,
            crossing_until=text.kept_until(Kept.CROSSING, person, place, visit.at),
        )

    def _photo(self, number: int, visit: Visit, *, matched: bool) -> Life:
        """Return how long a captured photo lives: until an officer has decided, or its subject has declined."""
        plan = self.plan
        gone = [plan.declines_at] if plan.declines is Declines.AFTER and (number == 0 or matched) else []
        if number == 0 and not matched:
            gone.append(plan.officer_at)
        moments = [at for at in gone if at is not None and at > visit.at]
        until = self.text.kept_until(Kept.PHOTO, self.person(visit.at), self.voyage.place, visit.at)
        return Life(visit.at, until, min(moments, default=None))


def corrected(person: Person, home: str) -> Person:
    """Return the person once it is known that they are the state's citizen too."""
    return replace(person, nationalities=(*(code for code in person.nationalities if code), home))


def whole_hour(moment: datetime) -> datetime:
    """Return the start of the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _listed(person: Person) -> Person:
    """Return the person as a list knows them: nobody has seen them yet, nor who stands beside them."""
    return replace(person, alone=False, seen_as="")
