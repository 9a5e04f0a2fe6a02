"""A flight to stage and board in tests: rules, gallery, ledger and store are real; engine, vault and clock are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import Any

from boarding_fakes import PACK_DIGEST, CountingEntropy, FakeClock, FakeDecoder, FakeEngine, FakeTimer, FakeVault
from boarding_parts import (
    FLIGHT,
    KEY,
    OPERATOR,
    PURPOSE,
    RECEIPT_KEY,
    Camera,
    MemoryAnchor,
    capture,
    record,
    reference,
    traveller,
)

from fairgate.outside.rulebook_files import open_rulebook
from fairgate.services.append_entry import Registrar
from fairgate.services.board_traveller import NOBODY, BoardTraveller, Thresholds
from fairgate.services.check_ledger import check_ledger
from fairgate.services.desk import Desk
from fairgate.services.enrol_reference import ReferencePhoto
from fairgate.services.enter_opt_out import EnterOptOut
from fairgate.services.faces import FaceReader
from fairgate.services.issue_receipt import MakeReceipt
from fairgate.services.open_gallery import OpenedFlight, OpenGallery
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Anchor, Entropy, Store, Timer
from fairgate.services.ports_deadlines import DeadlineVault
from fairgate.services.record_crossing import Boarded, RecordCrossing
from fairgate.services.records import CrossingRecord, FlightRecord, PassengerRecord
from fairgate.services.shared_faces import SharedFace
from fairgate.services.stage_flight import FlightToStage, StageFlight
from fairgate.services.staging_report import StagingReport
from fairgate.services.undo_match import UndoForOptOut
from fairgate.store.memory import MemoryStore
from fairgate.vocabulary import Direction, LaneKind, Traveller


@dataclass
class Room:
    """Everything that one boarding needs, ready to be taken apart.

    Args:
        store: the real one in memory, unless told otherwise.
        vault: the fake, unless encryption is the point.
        passengers: how many are listed and have a reference photo of themselves.
    """

    store: Store = field(default_factory=MemoryStore)
    vault: DeadlineVault = field(default_factory=FakeVault)
    passengers: int = 3
    anchor: Anchor = field(default_factory=MemoryAnchor)
    entropy: Entropy = field(default_factory=CountingEntropy)
    clock: FakeClock = field(default_factory=FakeClock)
    timer: Timer = field(default_factory=FakeTimer)
    engine: FakeEngine = field(default_factory=FakeEngine)
    camera: Camera = field(default_factory=Camera)
    port_zone: tzinfo = UTC

    def __post_init__(self) -> None:
        self.rulebook = open_rulebook("us-cbp")
        self.registrar = Registrar(KEY, self.anchor)
        self.rules = LaneRules(self.rulebook, lane=LaneKind.BOARDING, purpose=PURPOSE, port_zone=self.port_zone)
        self.faces = FaceReader(
            decoder=FakeDecoder(), engine=self.engine, timer=self.timer, smallest_probe_px=80, smallest_reference_px=80
        )

    def open_gallery(self) -> OpenGallery:
        return OpenGallery(
            store=self.store,
            vault=self.vault,
            rules=self.rules,
            registrar=self.registrar,
            clock=self.clock,
            actor=OPERATOR,
        )

    def opened(self) -> OpenedFlight:
        return self.open_gallery()(FLIGHT, pack_digest=PACK_DIGEST)

    def flight(self, **otherwise: Any) -> FlightRecord:
        made = FlightRecord(
            flight_key=FLIGHT,
            direction=Direction.EXIT,
            port="BOS",
            list_sha256="11" * 32,
            pack_digest=PACK_DIGEST,
            rulebook_sha256=self.rulebook.sha256,
            staged_at=self.clock(),
        )
        return replace(made, **otherwise)

    def stage(
        self,
        travellers: Sequence[Traveller] | None = None,
        photos: Sequence[ReferencePhoto] | None = None,
        *,
        top_up_to: int | None = None,
        findings: Sequence[str] = (),
        **otherwise: Any,
    ) -> StagingReport:
        """Stage the flight: everybody with a photo of themselves, unless told otherwise."""
        everybody = range(1, self.passengers + 1)
        stage = StageFlight(
            store=self.store,
            vault=self.vault,
            faces=self.faces,
            rules=self.rules,
            registrar=self.registrar,
            open_gallery=self.open_gallery(),
            clock=self.clock,
            entropy=self.entropy,
            actor=OPERATOR,
        )
        listed = [traveller(number) for number in everybody] if travellers is None else travellers
        own = [reference(number, self.camera(f"person={number} sample=0")) for number in everybody]
        to_stage = FlightToStage(self.flight(**otherwise), listed, findings)
        return stage(to_stage, own if photos is None else photos, top_up_to=top_up_to)

    def recorder(self, opened: OpenedFlight, store: Store | None = None) -> RecordCrossing:
        return RecordCrossing(
            opened,
            store=store or self.store,
            vault=self.vault,
            rules=self.rules,
            registrar=self.registrar,
            clock=self.clock,
            timer=self.timer,
            entropy=self.entropy,
            opt_outs=self.opt_outs(),
        )

    def opt_outs(self) -> EnterOptOut:
        return EnterOptOut(
            registrar=self.registrar,
            rules=self.rules,
            make_receipt=MakeReceipt(RECEIPT_KEY, rulebook_sha256=self.rulebook.sha256, entropy=self.entropy),
            entropy=self.entropy,
            undo=UndoForOptOut(Desk(self.store, self.registrar, self.rules, self.clock, self.entropy)),
        )

    def lane(
        self,
        opened: OpenedFlight | None = None,
        *,
        identification: float = 0.8,
        verification: float = 0.7,
        shared_faces: Mapping[str, SharedFace] = NOBODY,
    ) -> BoardTraveller:
        """Return a lane that has just opened the flight."""
        opened = opened or self.opened()
        return BoardTraveller(
            opened,
            Thresholds(record("identification", identification), record("verification", verification)),
            faces=self.faces,
            rules=self.rules,
            record=self.recorder(opened),
            timer=self.timer,
            shared_faces=shared_faces,
        )

    def walks_up(self, lane: BoardTraveller, text: str, /, *, key: str = "", **otherwise: Any) -> Boarded:
        """Board whoever the text describes; by default everything else is new and ordinary."""
        return lane(capture(key or text, **otherwise), self.camera(text))

    def crossings(self) -> list[CrossingRecord]:
        with self.store.reading() as transaction:
            return list(transaction.crossings())

    def passenger(self, passenger_ref: str) -> PassengerRecord:
        with self.store.reading() as transaction:
            return next(row for row in transaction.passengers(FLIGHT) if row.passenger_ref == passenger_ref)

    def leaves(self) -> list[bytes]:
        with self.store.reading() as transaction:
            return [row.leaf for row in transaction.ledger_rows()]

    def ledger_is_whole(self) -> bool:
        """Let the verifier, which is other code, look at ledger, anchor and crossings."""
        return check_ledger(self.store, self.anchor, KEY.verifier_key).ok
