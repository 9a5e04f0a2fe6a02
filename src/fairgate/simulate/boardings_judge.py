"""Compares what the services did with what the text expects, traveller by traveller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fairgate.services.records import ReferenceState
from fairgate.simulate.boardings_expected import AtCamera, Life
from fairgate.simulate.boardings_run import Happened, Visited
from fairgate.simulate.boardings_watch import Wrong
from fairgate.simulate.rules_by_the_text import Asked
from fairgate.vocabulary import MatchReason, NotAttemptedReason, OfficerReason

_COMPARED = frozenset({MatchReason.MATCHED, OfficerReason.ALREADY_BOARDED, OfficerReason.SHARED_FACE})
_NOT_ASKED = frozenset({NotAttemptedReason.RULE_FORBIDS, NotAttemptedReason.UNACCOMPANIED_CHILD})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One point in which service and text differ about one traveller.

    Args:
        voyage: which gallery.
        passenger_ref: who.
        about: ``asked``, ``compared`` or ``kept``, with what.
        service: what it did.
        text: what it says.
        facts: of the person, the place and the plan.
    """

    voyage: str
    passenger_ref: str
    about: str
    service: str
    text: str
    facts: Mapping[str, object]


def judge(happened: Iterable[Happened], wrong: Iterable[Wrong]) -> tuple[Disagreement, ...]:
    """Return every disagreement, by voyage and traveller."""
    known = {(one.voyage.key, one.plan.passenger_ref): one for one in happened}
    found = [disagreement for one in known.values() for disagreement in _of_traveller(one)]
    for one in wrong:
        whose = known[one.sealed.voyage_key, one.sealed.passenger_ref]
        service = f"{one.found} at {one.at.isoformat()}"
        found.append(_disagreement(whose, f"kept: {one.sealed.of}", service, _life(one.sealed.life)))
    return tuple(sorted(found, key=lambda one: (one.voyage, one.passenger_ref, one.about)))


def _of_traveller(one: Happened) -> Iterator[Disagreement]:
    expected, staged_at, changes_at = one.expected, one.voyage.staged_at, one.voyage.changes_at
    for state, at in ((one.state, staged_at), (one.later_state, changes_at)):
        if state is None or at is None:
            continue
        should = any(_lives_after(life, at) for life in expected.templates)
        if (state is ReferenceState.ENROLLED) is not should:
            yield _disagreement(one, f"asked: in the gallery from {at.isoformat()}", state, f"enrolled: {should}")
    if one.state is ReferenceState.NOT_ASKED and expected.asked_at_staging is not Asked.NOT_ASKED:
        yield _disagreement(one, "asked: at staging", one.state, expected.asked_at_staging)
    for number, (visited, text) in enumerate(zip(one.visits, expected.visits, strict=True), start=1):
        yield from _of_visit(one, f"visit {number}", visited, text)
    for fault in one.faults:
        yield _disagreement(one, "kept: by the services", fault, "nothing of the kind")


def _of_visit(one: Happened, which: str, visited: Visited, text: AtCamera) -> Iterator[Disagreement]:
    if visited.asked is not text.asked:
        yield _disagreement(one, f"asked: {which}", visited.asked, text.asked)
    crossing = visited.crossing
    if crossing is None:
        if text.compared:
            yield _disagreement(one, f"compared: {which}", "the lane could not open", "compared")
        return
    what = f"{crossing.outcome}: {crossing.reason}"
    if crossing.reason in _NOT_ASKED and text.asked is not Asked.NOT_ASKED and text.taken_for is None:
        yield _disagreement(one, f"asked: {which}", what, text.asked)
    if visited.photo_read and text.no_camera:
        yield _disagreement(one, f"asked: camera at {which}", f"photo taken, {what}", "no photo")
    yield from _of_comparison(one, which, visited, text)
    kept = crossing.sealed_photo is not None
    if kept and text.photo is None:
        yield _disagreement(one, f"kept: photo of {which}", f"kept, {what}", "never kept")
    if not kept and text.photo is not None and not text.may_be_unkept:
        yield _disagreement(one, f"kept: photo of {which}", f"not kept, {what}", _life(text.photo))
    known = crossing.passenger_ref == one.plan.passenger_ref and visited.erase_by is not None
    if known and visited.erase_by is not None and not _same_hour(visited.erase_by, text.crossing_until):
        yield _disagreement(
            one, f"kept: crossing of {which}", visited.erase_by.isoformat(), text.crossing_until.isoformat()
        )


def _of_comparison(one: Happened, which: str, visited: Visited, text: AtCamera) -> Iterator[Disagreement]:
    crossing = visited.crossing
    assert crossing is not None
    what = f"{crossing.outcome}: {crossing.reason}"
    own = crossing.passenger_ref == one.plan.passenger_ref and crossing.reason in _COMPARED
    if text.cared_for and not text.is_first and crossing.reason == OfficerReason.MANUAL_CHECK:
        return  # Of a child or an older person nothing tells that they were aboard already.
    if own is not text.compared:
        yield _disagreement(one, f"compared: {which}", what, "compared" if text.compared else "not compared")
    elif own and (crossing.reason == MatchReason.MATCHED) is not text.is_first:
        yield _disagreement(one, f"compared: {which}", what, "boards" if text.is_first else "is aboard already")
    other = crossing.passenger_ref if crossing.reason in _COMPARED and not own else None
    if other != text.taken_for:
        yield _disagreement(one, f"compared: {which} as somebody else", f"{what} {other}", str(text.taken_for))


def _lives_after(life: Life, at: datetime) -> bool:
    return life.made_at <= at and (life.gone_at is None or life.gone_at > at)


def _same_hour(said: datetime, text: datetime) -> bool:
    """Say whether a deadline is the text's, rounded down to the hour at most."""
    return timedelta(0) <= text - said < timedelta(hours=1)


def _life(life: Life) -> str:
    gone = f", from the store by {life.gone_at.isoformat()}" if life.gone_at is not None else ""
    return f"gone by {life.until.isoformat()}{gone}"


def _disagreement(one: Happened, about: str, service: str, text: str) -> Disagreement:
    return Disagreement(one.voyage.key, one.plan.passenger_ref, about, str(service), str(text), _facts(one))


def _facts(one: Happened) -> dict[str, object]:
    person, place, plan = one.plan.person, one.voyage.place, one.plan
    changes_at, declines_at = one.voyage.changes_at, plan.declines_at
    return {
        "nationalities": list(person.nationalities),
        "born_on": person.born_on.isoformat() if person.born_on else None,
        "documents": [f"{kind} {issuer}" for kind, issuer in person.documents],
        "visa_class": person.visa_class,
        "alone": person.alone,
        "seen_as": person.seen_as,
        "direction": place.direction,
        "lane": place.lane,
        "port": place.port,
        "zone": str(place.zone),
        "has_reference": plan.has_reference,
        "staged_at": one.voyage.staged_at.isoformat(),
        "changes_at": changes_at.isoformat() if changes_at else None,
        "opens_at": one.voyage.opens_at.isoformat(),
        "visits": [
            f"{visit.at.isoformat()} {visit.photo}{' with boarding pass' if visit.claims else ''}"
            for visit in plan.visits
        ],
        "declines": plan.declines.value,
        "declines_at": declines_at.isoformat() if declines_at else None,
        "change": plan.change.value,
        "officer_at": plan.officer_at.isoformat() if plan.officer_at else None,
        "taken_for": plan.taken_for,
    }
