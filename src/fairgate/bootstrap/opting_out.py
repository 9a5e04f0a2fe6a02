"""Wires opting out: receipts with a key of their own, notices, reports, waiting times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from fairgate.bootstrap.parts import MEGABYTE, Parts
from fairgate.measure.boarding_report import BoardingReport
from fairgate.outside.photo_files import read_photo
from fairgate.outside.private_folder import make_private_folder, write_whole
from fairgate.services.compare_waiting import WaitingFacts, compare_waiting
from fairgate.services.desk import Desk
from fairgate.services.enter_opt_out import Declared, EnterOptOut, OptedOut
from fairgate.services.issue_receipt import IssueReceipt, MakeReceipt
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.opt_out import OptOut
from fairgate.services.opting_out_records import DeniedOptOutRecord, NoticeRecord, ReceiptRecord, ReportFindingRecord
from fairgate.services.permissions import LaneRules
from fairgate.services.record_notice import Notices, RecordNotice, SignSeen, notices_of
from fairgate.services.record_without_list import RecordWithoutList
from fairgate.services.report_denied_opt_out import DeniedOptOuts, ReportRead, ReportsAt
from fairgate.services.undo_match import UndoForOptOut
from fairgate.vault.signing_key import SigningKey, load_or_create_signing_key
from fairgate.vocabulary import Actor, Capture, Direction, LaneKind, Traveller

RECEIPT_KEY = "receipts.key"
SIGNS = "signs"
"""Folder of the pictures of signs, within the data folder."""
WAITING_SEED = 20251226
"""Of the bootstrap of waiting times, so that the same records give the same figures."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign, as the command line names it.

    Args:
        locations: lanes that it is for.
        languages: ISO 639-1 codes of what stands on it.
        text: its whole text.
        picture: a picture of it.
        taken_at: aware time of the picture; ``None`` for now.
        expires_at: aware time from which it counts no more.
        taken_by: who took the picture.
    """

    locations: Sequence[str]
    languages: Sequence[str]
    text: str
    picture: Path
    expires_at: datetime
    taken_by: Actor
    taken_at: datetime | None = None


def receipt_key(parts: Parts) -> SigningKey:
    """Return the key that signs receipts and nothing else; the first to ask makes it.

    Raises:
        VaultFault: its file cannot be used.
    """
    name = f"{parts.settings.ledger_name}/receipts"
    return load_or_create_signing_key(parts.folder / RECEIPT_KEY, name=name, entropy=parts.entropy)


def make_receipt(parts: Parts) -> MakeReceipt:
    """Return what makes receipts under the rulebook in force."""
    return MakeReceipt(receipt_key(parts), rulebook_sha256=parts.rulebook.sha256, entropy=parts.entropy)


def enter_opt_out(parts: Parts, rules: LaneRules | None = None) -> EnterOptOut:
    """Return what enters opt-outs at lanes.

    Args:
        parts: of the house.
        rules: of the lane; unset, those of boarding.
    """
    own = rules or parts.rules
    desk = Desk(store=parts.store, registrar=parts.registrar, rules=own, clock=parts.clock, entropy=parts.entropy)
    return EnterOptOut(
        registrar=parts.registrar,
        rules=own,
        make_receipt=make_receipt(parts),
        entropy=parts.entropy,
        undo=UndoForOptOut(desk),
    )


def open_lanes(parts: Parts, opened: OpenedFlight, captures: Iterable[Capture]) -> Notices:
    """Return the notices that lanes go by, once every lane may open.

    A lane opens at its first capture that has no crossing yet. Later ones are looked at one by one: where a notice
    expires meanwhile, whoever comes after that sees an officer.

    Raises:
        LaneNotOpen: a lane has no current notice in each language then.
    """
    with parts.store.reading() as transaction:
        done = transaction.captures_recorded(opened.flight.flight_key)
    first: dict[str, datetime] = {}
    for capture in captures:
        if capture.capture_key not in done and not capture.claim.opted_out:
            first[capture.lane] = min(capture.taken_at, first.get(capture.lane, capture.taken_at))
    notices = notices_of(parts.store, parts.rulebook.languages)
    notices.require_open(first)
    return notices


def record_without_list(parts: Parts, rules: LaneRules) -> RecordWithoutList:
    """Return what records acts at lanes without a list."""
    return RecordWithoutList(store=parts.store, registrar=parts.registrar, opt_outs=enter_opt_out(parts, rules))


def open_lane(parts: Parts, lane: str) -> None:
    """Let a lane without a list open.

    Raises:
        LaneNotOpen: it has no current notice in each language.
    """
    notices_of(parts.store, parts.rulebook.languages).require_open({lane: parts.clock()})


def with_waiting(parts: Parts, report: BoardingReport) -> BoardingReport:
    """Return a boarding's report with the waiting times of both paths."""
    return replace(report, waiting=OptingOutDesk(parts).waiting(report.flight.flight_key).compared)


class OptingOutDesk:
    """Everything that opting out does for people at the command line.

    Args:
        parts: of the house.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def receipt_public_key(self) -> str:
        """Return the public key of receipts, ``name+id+key``."""
        return receipt_key(self._parts).verifier_key

    def opt_out(
        self,
        actor: Actor,
        *,
        lane: str,
        flight_key: str = "",
        passenger_ref: str | None = None,
        capture_key: str | None = None,
        direction: Direction = Direction.ENTRY,
    ) -> OptedOut:
        """Record that somebody declines.

        Raises:
            NothingStaged: the flight named is not staged.
            NoSuchRecord: the flight's list has no such passenger.
        """
        parts = self._parts
        rules = self._rules(flight_key)
        declare = OptOut(
            store=parts.store,
            enter=enter_opt_out(parts, rules),
            registrar=parts.registrar,
            rules=rules,
            clock=parts.clock,
            traveller_of=self._traveller_of,
        )
        declared = Declared(lane, parts.clock(), flight_key, passenger_ref, capture_key)
        return declare(declared, actor, port=parts.settings.port or "", direction=direction)

    def issue_receipt(self, flight_key: str, capture_key: str) -> ReceiptRecord:
        """Return the receipt of a crossing.

        Raises:
            NoSuchRecord: there is no such crossing.
        """
        parts = self._parts
        rules = self._rules(flight_key)
        with parts.store.reading() as transaction:
            flight = transaction.flight(flight_key)
            crossing = transaction.crossing_for(flight_key, capture_key)
        known = crossing.passenger_ref if crossing is not None else None
        traveller = self._traveller_of(flight_key, known) if known is not None else None
        answer = rules.may_ask(flight, traveller, crossing.taken_at) if flight and traveller and crossing else None
        issue = IssueReceipt(
            store=parts.store,
            registrar=parts.registrar,
            rules=rules,
            make_receipt=make_receipt(parts),
            clock=parts.clock,
            actor=parts.actor,
        )
        if traveller is None:
            return issue(flight_key, capture_key, answer)
        return issue(flight_key, capture_key, answer, status=rules.status(traveller))

    def record_notice(self, sign: Sign) -> tuple[NoticeRecord, ...]:
        """Record a sign that hangs at one or several lanes.

        Raises:
            NoticeRefused: the picture shows a face, or what is said of the sign contradicts itself.
            ImageRefused: the picture cannot be read.
        """
        parts = self._parts
        record = RecordNotice(
            decoder=parts.decoder,
            engine=parts.engine,
            keep_picture=self._keep_picture,
            store=parts.store,
            registrar=parts.registrar,
            rules=parts.rules,
            clock=parts.clock,
            entropy=parts.entropy,
        )
        seen = SignSeen(
            locations=sign.locations,
            languages=sign.languages,
            text=sign.text,
            read_picture=partial(read_photo, sign.picture, parts.settings.photo_max_mb * MEGABYTE),
            taken_at=sign.taken_at or parts.clock(),
            expires_at=sign.expires_at,
            taken_by=sign.taken_by,
        )
        return record(seen, parts.actor)

    def notices(self, location: str | None = None) -> tuple[NoticeRecord, ...]:
        """Return the notices of one location or of all."""
        with self._parts.store.reading() as transaction:
            return tuple(transaction.notices(location))

    def missing_notices(self, location: str) -> tuple[str, ...]:
        """Return the languages in which a location has no current notice."""
        parts = self._parts
        return notices_of(parts.store, parts.rulebook.languages).missing(location, parts.clock())

    def report(self, location: str, text: str, actor: Actor, *, receipt: str | None) -> DeniedOptOutRecord:
        """Record that a traveller was told they could not decline.

        Raises:
            InputRefused: the location is no word, or the text is empty or too long.
            ReceiptRefused: the receipt is not genuine.
        """
        return self._reports.file(location, text, actor, receipt=receipt)

    def reports(self) -> tuple[ReportsAt, ...]:
        """Return how many reports there are about each location."""
        return self._reports.counted()

    def add_finding(self, report_id: str, text: str, overseer: Actor) -> ReportFindingRecord:
        """Record what an overseer found about a report.

        Raises:
            InputRefused: somebody else than an overseer wants to.
            NoSuchRecord: there is no such report.
        """
        return self._reports.find(report_id, text, overseer)

    def read_report(self, report_id: str, overseer: Actor) -> ReportRead:
        """Open a report for an overseer.

        Raises:
            InputRefused: somebody else than an overseer wants to.
            NoSuchRecord: there is no such report.
        """
        return self._reports.read(report_id, overseer)

    def waiting(self, flight_key: str | None) -> WaitingFacts:
        """Return how long people wait on both paths."""
        within = self._parts.rulebook.opting_out.equal_within_minutes
        rng = np.random.default_rng(WAITING_SEED)
        return compare_waiting(self._parts.store, flight_key, within_minutes=within, rng=rng)

    @property
    def _reports(self) -> DeniedOptOuts:
        parts = self._parts
        return DeniedOptOuts(
            store=parts.store,
            vault=parts.vault,
            registrar=parts.registrar,
            rules=parts.rules,
            receipt_key=self.receipt_public_key,
            clock=parts.clock,
            entropy=parts.entropy,
        )

    def _rules(self, flight_key: str) -> LaneRules:
        """Return the rules of the lane that a gallery was staged for; of a lane without a list, a pedestrian's."""
        if not flight_key:
            return self._parts.rules_at(LaneKind.PEDESTRIAN)
        with self._parts.store.reading() as transaction:
            flight = transaction.flight(flight_key)
        return self._parts.rules_at(flight.lane) if flight is not None else self._parts.rules

    def _traveller_of(self, flight_key: str, passenger_ref: str) -> Traveller | None:
        with self._parts.store.reading() as transaction:
            rows = [row for row in transaction.passengers(flight_key) if row.passenger_ref == passenger_ref]
        return self._parts.open_gallery.travellers(rows).get(passenger_ref)

    def _keep_picture(self, name: str, content: bytes) -> None:
        write_whole(make_private_folder(self._parts.folder / SIGNS) / name, content)
