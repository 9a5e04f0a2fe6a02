"""Runs the simulated boardings, moment by moment, and notes what the services did; nothing is judged here."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count

from fairgate.errors import FairgateError
from fairgate.rules.permission import Permission
from fairgate.services.board_traveller import BoardTraveller
from fairgate.services.care_at_lane import CareAtLane
from fairgate.services.ports import Progress
from fairgate.services.records import CrossingRecord, PassengerRecord, ReferenceState
from fairgate.simulate.boardings_expected import Expected, Text, expect
from fairgate.simulate.boardings_faces import drawn_photo
from fairgate.simulate.boardings_house import SimulatedHouse, lane_of, listed_traveller
from fairgate.simulate.boardings_plans import Change, Declines, Plan, Visit
from fairgate.simulate.boardings_watch import Sealed, Watch
from fairgate.simulate.boardings_world import Voyage
from fairgate.simulate.rules_by_the_text import Asked, Kept
from fairgate.vocabulary import AgeBand, BiometricClaim, Capture, Direction, Guardian, Matched, Photo

_GUARDIAN = {True: Guardian.ABSENT, False: Guardian.PRESENT, None: Guardian.UNKNOWN}


@dataclass(slots=True)
class Visited:
    """What the services did at one visit.

    Args:
        asked: as the rulebook's permission at that moment says.
        crossing: as recorded; ``None`` where the lane could not open.
        photo_read: the camera was used.
        erase_by: until when the ledger says that the record of the crossing is kept.
    """

    asked: Asked
    crossing: CrossingRecord | None
    photo_read: bool
    erase_by: datetime | None


@dataclass(slots=True)
class Happened:
    """What the services did with one traveller.

    Args:
        voyage: on which.
        plan: who.
        expected: by the text.
        state: what became of the reference at staging.
        later_state: what became of it when the list changed.
        visits: one by one.
        faults: what the services refused, by its code.
    """

    voyage: Voyage
    plan: Plan
    expected: Expected
    state: ReferenceState | None = None
    later_state: ReferenceState | None = None
    visits: list[Visited] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Under:
    """A voyage under way."""

    voyage: Voyage
    travellers: dict[str, Happened] = field(default_factory=dict)
    lanes: list[BoardTraveller | None] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)


class Run:
    """Runs voyages in one house.

    Args:
        house: where it all happens.
        watch: follows what is sealed.
        text: the rules as sentences.
        progress: told after each visit.
        heeds_opt_outs: false to see whether the judge notices that nobody's choice is heeded.
    """

    def __init__(
        self, house: SimulatedHouse, watch: Watch, text: Text, progress: Progress, *, heeds_opt_outs: bool = True
    ) -> None:
        self._house = house
        self._watch = watch
        self._text = text
        self._progress = progress
        self._heeds_opt_outs = heeds_opt_outs
        self._order = count()
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._done = 0
        self._visits = 0
        self.happened: list[Happened] = []

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Do something at a moment of the run."""
        heapq.heappush(self._queue, (moment, next(self._order), act))

    def __call__(self, voyages: Sequence[Voyage]) -> None:
        """Run everything, until the last deadline has passed."""
        self._visits = sum(len(plan.visits) for voyage in voyages for plan in voyage.plans)
        for voyage in voyages:
            under = _Under(voyage)
            self.at(voyage.staged_at, partial(self._stage, under))
            self.at(voyage.opens_at, partial(self._open, under))
            if voyage.changes_at is not None:
                self.at(voyage.changes_at, partial(self._change, under))
        while self._queue:
            moment, _, act = heapq.heappop(self._queue)
            self._house.clock.set_to(moment)
            act()

    # --- Galleries ------------------------------------------------------------------------------------------------

    def _stage(self, under: _Under) -> None:
        voyage = under.voyage
        self._house.sweep(voyage)
        rows = {row.passenger_ref: row for row in self._house.stage(voyage)}
        plans = {plan.passenger_ref: plan for plan in voyage.plans}
        for plan in voyage.plans:
            expected = expect(voyage, plan, self._text, plans.get(plan.taken_for or ""))
            happened = Happened(voyage, plan, expected, rows[plan.passenger_ref].state)
            under.travellers[plan.passenger_ref] = happened
            self.happened.append(happened)
            if plan.declines_at is not None and self._heeds_opt_outs:
                self.at(plan.declines_at, partial(self._opt_out, under, happened))
        if voyage.has_notice:
            self._house.post_notice(voyage)
        self._follow_rows(under, rows, voyage.staged_at)

    def _change(self, under: _Under) -> None:
        voyage = under.voyage
        rows = {row.passenger_ref: row for row in self._house.change_list(voyage)}
        for passenger_ref, happened in under.travellers.items():
            happened.later_state = rows[passenger_ref].state
        assert voyage.changes_at is not None
        self._follow_rows(under, rows, voyage.changes_at)

    def _follow_rows(self, under: _Under, rows: dict[str, PassengerRecord], made_at: datetime) -> None:
        """Watch every envelope that is new in a gallery."""
        for passenger_ref, row in rows.items():
            happened = under.travellers[passenger_ref]
            sealed = [(Kept.TEMPLATE, envelope, happened.expected.templates) for envelope in row.sealed_templates]
            if row.sealed_traveller is not None:
                sealed.append((Kept.PASSENGER_LIST, row.sealed_traveller, happened.expected.lists))
            for of, envelope, lives in sealed:
                life = next((life for life in lives if life.made_at == made_at), None)
                if life is None and of is Kept.PASSENGER_LIST:
                    life = happened.expected.relisted
                if envelope not in under.seen and life is not None:
                    self._follow(Sealed(under.voyage.key, passenger_ref, of, envelope, life))
                elif envelope not in under.seen:
                    happened.faults.append(f"{of} is kept, made at {made_at.isoformat()}")
                under.seen.add(envelope)

    def _open(self, under: _Under) -> None:
        under.lanes = [self._house.open_lane(under.voyage) for _ in range(under.voyage.lanes)]
        for happened in under.travellers.values():
            for number, visit in enumerate(happened.plan.visits):
                self.at(visit.at, partial(self._visit, under, happened, number, visit))

    # --- At the lane ----------------------------------------------------------------------------------------------

    def _visit(self, under: _Under, happened: Happened, number: int, visit: Visit) -> None:
        plan, voyage = happened.plan, happened.voyage
        claim = self._claim(plan, visit, number)
        capture = Capture(f"{plan.passenger_ref}-{number}", "drawn", lane_of(voyage), visit.at, claim)
        declines_during = number == 0 and plan.declines is Declines.DURING and self._heeds_opt_outs
        read: list[Photo] = []

        def lend() -> Photo:
            read.append(drawn_photo(visit.photo))
            if declines_during:
                self._house.opt_out(voyage, plan, capture_key=capture.capture_key)
            return read[-1]

        lane = under.lanes[plan.number % len(under.lanes)]
        crossing = lane(capture, lend).crossing if lane is not None else None
        at_closed_lane = lane is None and claim.opted_out and claim.passenger_ref is not None
        if (declines_during and not read) or at_closed_lane:
            self._house.opt_out(voyage, plan, capture_key=capture.capture_key)
        erase_by = self._house.crossing_erase_by(crossing) if crossing is not None else None
        happened.visits.append(Visited(self._asked(happened, visit, claim), crossing, bool(read), erase_by))
        life = happened.expected.visits[number].photo
        if crossing is not None and crossing.sealed_photo is not None and life is not None:
            self._follow(
                Sealed(voyage.key, plan.passenger_ref, Kept.PHOTO, crossing.sealed_photo, life, capture.capture_key)
            )
        if number == 0 and crossing is not None:
            self._later(happened, crossing)
        self._done += 1
        self._progress(self._done, self._visits)

    def _claim(self, plan: Plan, visit: Visit, number: int) -> BiometricClaim:
        """Return what is said at the lane before the photo."""
        declines = number == 0 and plan.declines in (Declines.AT_LANE, Declines.NAMELESS)
        named = visit.claims
        if declines:
            named = plan.declines is Declines.AT_LANE
        return BiometricClaim(
            opted_out=declines and self._heeds_opt_outs,
            passenger_ref=plan.passenger_ref if named else None,
            guardian=_GUARDIAN[plan.person.alone],
            age_band=AgeBand(plan.person.seen_as) if plan.person.seen_as else None,
        )

    def _asked(self, happened: Happened, visit: Visit, claim: BiometricClaim) -> Asked:
        """Return what the service's own rules say to the traveller at that moment."""
        voyage, rules = happened.voyage, self._house.rules(happened.voyage)
        changes_at = voyage.changes_at
        traveller = listed_traveller(happened.plan, voyage, is_later=changes_at is not None and changes_at <= visit.at)
        care = CareAtLane(rules)
        guardian = Guardian.UNKNOWN if care.is_said_grown(traveller, claim) else claim.guardian
        permission = rules.may_ask_at(
            voyage.place.port, Direction(voyage.place.direction), traveller, visit.at, guardian=guardian
        )
        if not isinstance(permission, Permission) or care.alone(claim, visit.at):
            return Asked.NOT_ASKED
        if care.alone_by_list(permission, traveller, claim):
            return Asked.NOT_ASKED
        return Asked.VOLUNTARY if permission.voluntary else Asked.REQUIRED

    # --- Afterwards -----------------------------------------------------------------------------------------------

    def _later(self, happened: Happened, crossing: CrossingRecord) -> None:
        plan, matched = happened.plan, crossing.outcome == Matched.kind
        if plan.put_right_at is not None:
            if matched and crossing.passenger_ref == plan.taken_for:
                self.at(plan.put_right_at, partial(self._undo, happened, crossing.crossing_id))
        elif plan.officer_at is not None and not matched:
            self.at(plan.officer_at, partial(self._confirm, happened, crossing.crossing_id))

    def _confirm(self, happened: Happened, crossing_id: str) -> None:
        voyage, plan = happened.voyage, happened.plan
        cancelled = plan.change is Change.CANCELLED and voyage.changes_at is not None
        is_gone = cancelled and voyage.changes_at is not None and voyage.changes_at <= self._house.clock()
        self._try(happened, partial(self._house.confirm, voyage, crossing_id, None if is_gone else plan.passenger_ref))

    def _undo(self, happened: Happened, crossing_id: str) -> None:
        self._try(happened, partial(self._house.undo, happened.voyage, crossing_id, happened.plan.passenger_ref))

    def _opt_out(self, under: _Under, happened: Happened) -> None:
        plan = happened.plan
        after = plan.declines is Declines.AFTER and bool(plan.visits)
        key = f"{plan.passenger_ref}-0" if after else None
        self._try(happened, partial(self._house.opt_out, under.voyage, plan, capture_key=key))

    @staticmethod
    def _try(happened: Happened, act: Callable[[], None]) -> None:
        try:
            act()
        except FairgateError as error:
            happened.faults.append(f"{type(error).__name__}: {error}")

    def _follow(self, sealed: Sealed) -> None:
        for moment in self._watch.follow(sealed, self._house.clock()):
            self.at(moment, partial(self._watch.look, moment))
