"""The house of the simulated boardings: real store, vault, ledger and services; drawn faces, and a set clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Self

from fairgate.bootstrap.opting_out import enter_opt_out
from fairgate.bootstrap.parts import Parts
from fairgate.bootstrap.places import BOARDING_PURPOSE
from fairgate.config import Settings
from fairgate.errors import RecordExpired
from fairgate.ledger.leaf import parse_leaf
from fairgate.ledger.manual_codes import ManualReason, ManualResult, UndoReason
from fairgate.services.board_traveller import BoardTraveller
from fairgate.services.desk import Desk
from fairgate.services.enrol_reference import ReferencePhoto
from fairgate.services.enter_opt_out import Declared
from fairgate.services.erase_expired import erase_expired
from fairgate.services.faces import FaceReader
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.opt_out import OptOut
from fairgate.services.permissions import LaneRules
from fairgate.services.record_crossing import RecordCrossing
from fairgate.services.record_manual_result import RecordManualResult, Stated
from fairgate.services.record_notice import RecordNotice, SignSeen, notices_of
from fairgate.services.records import CrossingRecord, FlightRecord, PassengerRecord
from fairgate.services.rulebook_line import AdoptedLine, staged_under
from fairgate.services.stage_flight import FlightToStage, StageFlight
from fairgate.services.undo_match import ToUndo, UndoMatch
from fairgate.simulate.boardings_adoption import adopt_first
from fairgate.simulate.boardings_chance import Chance
from fairgate.simulate.boardings_expected import corrected
from fairgate.simulate.boardings_faces import (
    PACK_DIGEST,
    PICTURE_OF_A_SIGN,
    DrawnDecoder,
    DrawnEngine,
    SeesNobody,
    drawn_photo,
    drawn_thresholds,
)
from fairgate.simulate.boardings_people import traveller_of
from fairgate.simulate.boardings_plans import Change, Plan
from fairgate.simulate.boardings_world import Voyage
from fairgate.vocabulary import Actor, ActorKind, Direction, LaneKind, Photo, RecordClass, Traveller

OFFICER = Actor(ActorKind.OFFICER, "simulated")
_TRAVELLER = Actor(ActorKind.TRAVELLER, "self")


class SetClock:
    """Shows the moment that it was set to, and is never set back.

    Args:
        now: aware.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """Return the moment."""
        return self._now

    def set_to(self, moment: datetime) -> None:
        """Go forward to a moment; one that lies behind changes nothing."""
        self._now = max(self._now, moment)


class SimulatedHouse:
    """One data folder and what is done in it.

    Args:
        settings: with the data folder of the simulation.
        text: of the rulebook that is adopted first.
        seed: of keys, salts and identifiers.
        now: when it begins, aware.
        zone_is_ignored: every port's day begins at midnight in UTC: a fault, to see whether it is noticed.
    """

    def __init__(
        self, settings: Settings, text: str, *, seed: int, now: datetime, zone_is_ignored: bool = False
    ) -> None:
        self._zone_is_ignored = zone_is_ignored
        self.clock = SetClock(now)
        self._closing = ExitStack()
        self.parts = Parts(
            settings, self._closing, clock=self.clock, timer=lambda: 0.0, entropy=Chance(seed, stream=1).bytes
        )
        self._faces = FaceReader(
            decoder=DrawnDecoder(),
            engine=DrawnEngine(),
            timer=self.parts.timer,
            smallest_probe_px=1,
            smallest_reference_px=1,
        )
        self.adoptions = adopt_first(self.parts, text)
        self._rules: dict[tuple[str, str], LaneRules] = {}
        self._lines: dict[tuple[str, str], AdoptedLine] = {}

    def __enter__(self) -> Self:
        """Return this house, to be closed on leaving."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self._closing.close()

    def rules(self, voyage: Voyage) -> LaneRules:
        """Return the adopted rulebooks, as the voyage's lane meets them."""
        place, zone, key = voyage.place, self._zone(voyage), self._key(voyage)
        if key not in self._rules:
            line = self._lines[key] = AdoptedLine(
                self.parts.settings.rulebook,
                store=self.parts.store,
                clock=self.clock,
                timer=self.parts.timer,
                port_zone=zone,
            )
            self._rules[key] = LaneRules(line, lane=LaneKind(place.lane), purpose=BOARDING_PURPOSE, port_zone=zone)
        return self._rules[key]

    def _zone(self, voyage: Voyage) -> tzinfo:
        return UTC if self._zone_is_ignored else voyage.place.zone

    def _key(self, voyage: Voyage) -> tuple[str, str]:
        return voyage.place.lane, str(self._zone(voyage))

    def _line(self, voyage: Voyage) -> AdoptedLine:
        self.rules(voyage)
        return self._lines[self._key(voyage)]

    def stage(self, voyage: Voyage) -> Sequence[PassengerRecord]:
        """Make a voyage's gallery, and return its rows."""
        return self._stage(voyage, voyage.plans, files=("first",))

    def change_list(self, voyage: Voyage) -> Sequence[PassengerRecord]:
        """Take over what later messages change in a voyage's list, and return its rows."""
        plans = [plan for plan in voyage.plans if plan.change is not Change.CANCELLED]
        return self._stage(voyage, plans, files=("first", "later"))

    def _stage(self, voyage: Voyage, plans: Sequence[Plan], *, files: tuple[str, ...]) -> Sequence[PassengerRecord]:
        parts, rules = self.parts, self.rules(voyage)
        stage = StageFlight(
            store=parts.store,
            vault=parts.vault,
            faces=self._faces,
            rules=rules,
            registrar=parts.registrar,
            open_gallery=self._opener(rules),
            clock=parts.clock,
            entropy=parts.entropy,
            actor=parts.actor,
        )
        is_later = len(files) > 1
        travellers = [listed_traveller(plan, voyage, is_later=is_later) for plan in plans]
        photos = [
            ReferencePhoto(
                label=f"row {plan.number}",
                issuer=traveller.documents[0].issuer,
                number=traveller.documents[0].number,
                read=partial(drawn_photo, f"face={plan.number} take=0"),
            )
            for plan, traveller in zip(plans, travellers, strict=True)
            if plan.has_reference
        ]
        digests = [hashlib.sha256(f"{voyage.key} {name}".encode()).hexdigest() for name in files]
        flight = FlightRecord(
            flight_key=voyage.key,
            direction=Direction(voyage.place.direction),
            port=voyage.place.port,
            list_sha256=hashlib.sha256("".join(digests).encode()).hexdigest(),
            pack_digest=PACK_DIGEST,
            rulebook_sha256=rules.rulebook_sha256,
            staged_at=self.clock(),
            lane=LaneKind(voyage.place.lane),
            list_files=tuple(sorted(digests)),
            flights=tuple(f"{voyage.key}-{number}" for number in range(voyage.flights)),
        )
        stage(FlightToStage(staged_under(parts.store, self._line(voyage), flight), travellers), photos)
        with parts.store.reading() as transaction:
            return tuple(transaction.passengers(voyage.key))

    def open_lane(self, voyage: Voyage) -> BoardTraveller | None:
        """Open a voyage at one lane; ``None`` where every reference is past its deadline, so nobody can be compared."""
        rules, parts = self.rules(voyage), self.parts
        try:
            opened = self._opener(rules)(voyage.key, pack_digest=PACK_DIGEST)
        except RecordExpired:
            return None
        record = RecordCrossing(
            opened,
            store=parts.store,
            vault=parts.vault,
            rules=rules,
            registrar=parts.registrar,
            clock=parts.clock,
            timer=parts.timer,
            entropy=parts.entropy,
            opt_outs=enter_opt_out(parts, rules),
        )
        return BoardTraveller(
            opened,
            drawn_thresholds(),
            faces=self._faces,
            rules=rules,
            record=record,
            timer=parts.timer,
            posted=notices_of(parts.store, parts.rulebook.languages).posted,
        )

    def post_notice(self, voyage: Voyage) -> None:
        """Record the sign at a voyage's lane, in every language of the rulebook."""
        parts, now = self.parts, self.clock()
        record = RecordNotice(
            decoder=DrawnDecoder(),
            engine=SeesNobody(),
            keep_picture=lambda name, content: None,
            store=parts.store,
            registrar=parts.registrar,
            rules=self.rules(voyage),
            clock=parts.clock,
            entropy=parts.entropy,
        )
        sign = SignSeen(
            locations=[lane_of(voyage)],
            languages=parts.rulebook.languages,
            text="Cameras compare faces here. You may decline.",
            read_picture=partial(Photo, PICTURE_OF_A_SIGN),
            taken_at=now,
            expires_at=now + timedelta(days=30),
            taken_by=OFFICER,
        )
        record(sign, OFFICER)

    def opt_out(self, voyage: Voyage, plan: Plan, *, capture_key: str | None = None) -> None:
        """Let a traveller decline by name, apart from any lane."""
        parts, rules = self.parts, self.rules(voyage)
        opt_out = OptOut(
            store=parts.store,
            enter=enter_opt_out(parts, rules),
            registrar=parts.registrar,
            rules=rules,
            clock=parts.clock,
            traveller_of=lambda flight_key, passenger_ref: listed_traveller(plan, voyage, is_later=False),
        )
        declared = Declared("kiosk", self.clock(), voyage.key, plan.passenger_ref, capture_key)
        opt_out(declared, _TRAVELLER)

    def confirm(self, voyage: Voyage, crossing_id: str, passenger_ref: str | None) -> None:
        """Let an officer confirm whoever the machine did not match, or send on whom no list names."""
        if passenger_ref is None:
            stated = Stated(ManualResult.SENT_ON, ManualReason.NOT_CONFIRMED)
        else:
            stated = Stated(ManualResult.CONFIRMED, ManualReason.PAPERS_CHECKED, passenger_ref=passenger_ref)
        RecordManualResult(self._desk(voyage)).of_entry(crossing_id, stated, OFFICER)

    def undo(self, voyage: Voyage, crossing_id: str, really: str) -> None:
        """Let an officer undo a match of the wrong passenger, and confirm the right one."""
        UndoMatch(self._desk(voyage))(crossing_id, ToUndo(UndoReason.WRONG_PERSON, really, minutes=4), OFFICER)

    def crossing_erase_by(self, crossing: CrossingRecord) -> datetime | None:
        """Return until when the ledger's entry says that a crossing's record is kept."""
        with self.parts.store.reading() as transaction:
            row = transaction.ledger_row(crossing.ledger_index)
        commitments = parse_leaf(row.leaf).commitments if row is not None else ()
        return next((one.erase_by for one in commitments if one.of is RecordClass.CROSSING), None)

    def sweep(self, voyage: Voyage) -> None:
        """Destroy the keys whose deadline has passed, as every opening of a house does."""
        parts = self.parts
        erase_expired(
            store=parts.store,
            vault=parts.vault,
            rules=self.rules(voyage),
            registrar=parts.registrar,
            clock=parts.clock,
            actor=parts.actor,
        )

    def _desk(self, voyage: Voyage) -> Desk:
        parts = self.parts
        return Desk(parts.store, parts.registrar, self.rules(voyage), parts.clock, parts.entropy)

    def _opener(self, rules: LaneRules) -> OpenGallery:
        parts = self.parts
        return OpenGallery(
            store=parts.store,
            vault=parts.vault,
            rules=rules,
            registrar=parts.registrar,
            clock=parts.clock,
            actor=parts.actor,
        )


def lane_of(voyage: Voyage) -> str:
    """Return the identifier of a voyage's lane."""
    return f"lane-{voyage.key}"


def listed_traveller(plan: Plan, voyage: Voyage, *, is_later: bool) -> Traveller:
    """Return somebody as the voyage's list names them; as corrected by later messages where they are."""
    person = plan.person
    if is_later and plan.change is Change.CORRECTED:
        person = corrected(person, voyage.home)
    return traveller_of(person, plan.passenger_ref, plan.number)
