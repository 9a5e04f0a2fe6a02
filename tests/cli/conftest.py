"""A command line with a house of cardboard behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate.bootstrap import BoardingSummary, Check
from fairgate.bootstrap.verifying import ChipToVerify
from fairgate.cli import main
from fairgate.cli.house import Doors
from fairgate.cli.progress import Progress
from fairgate.ledger.manual_codes import CorrectionReason
from fairgate.measure.endings import count_endings
from fairgate.papers.consistency import SignalCode
from fairgate.services.correct_facts import CorrectedFacts
from fairgate.services.correct_status import CorrectionMade
from fairgate.services.correction_records import CorrectionRecord
from fairgate.services.describe_gallery import GalleryFacts, UnderWay
from fairgate.services.find_shared_faces import SharedFaces
from fairgate.services.record_crossing import Boarded
from fairgate.services.record_without_list import UNNAMED, LanePlace
from fairgate.services.records import CrossingRecord, ReferenceState
from fairgate.services.reextraction_report import LeftOut, ReextractionReport, ReextractionState
from fairgate.services.shared_faces import Fact, PairKind, SharedFace
from fairgate.services.staging_report import ListChange, NotEnrolled, StagingReport
from fairgate.services.verify_chip import ChipVerified
from fairgate.verifier import LedgerReport
from fairgate.vocabulary import Actor, Capture, Direction, LaneKind, Matched, Outcome

if TYPE_CHECKING:
    from fairgate.bootstrap.opting_out import OptingOutDesk
    from fairgate.bootstrap.rulebooks import RulebookOffice
    from fairgate.config import Settings
    from fairgate.services.export_records import ExportHeader

COUNTS = {
    "offered": 3,
    "captured": 3,
    "usable": 2,
    "with_reference": 2,
    "matched": 1,
    "see_officer": 1,
    "not_attempted": 1,
    "strangers_offered": 1,
    "strangers_matched": 0,
}

CROSSING = CrossingRecord(
    crossing_id="c1",
    flight_key="FG420-2026-11-22-BOS",
    capture_key="0" * 32,
    lane="gate-1",
    taken_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    recorded_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    outcome="match",
    reason="matched",
    component=None,
    passenger_ref="P0001",
    rule_id="rule-1",
    threshold_id="identification-fpir-3e-3-n420",
    reopens=None,
    had_photo=True,
    was_usable=True,
    salt=bytes(32),
    ledger_index=1,
)


@dataclass(slots=True)
class CardboardHouse:
    """Answers what it was told to, and remembers what it was asked."""

    asked: list[tuple[object, ...]] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Matched("claimed"))
    ledger: LedgerReport = field(default_factory=lambda: LedgerReport(4, ok=True, first_bad=None, problems=()))
    checks: tuple[Check, ...] = (Check("database", ok=True, text="opens"),)
    staged_flights: tuple[str, ...] = ()
    list_change: ListChange | None = None
    verified: ChipVerified = field(default_factory=lambda: ChipVerified(Matched("claimed"), "rule-1", ()))
    error: BaseException | None = None

    def stage(
        self,
        passenger_lists: Sequence[Path],
        references: Path,
        *,
        port: str | None = None,
        direction: Direction | None = None,
        lane: LaneKind = LaneKind.BOARDING,
        gallery: str | None = None,
        top_up_to: int | None = None,
        progress: Progress = lambda done, total: None,
    ) -> StagingReport:
        self._ask("stage", *passenger_lists, references, port, direction, lane, gallery, top_up_to)
        progress(1, 2)
        progress(2, 2)
        return StagingReport(
            flight_key="FG420-2026-11-22-BOS",
            listed=2,
            enrolled=1,
            not_enrolled=(NotEnrolled("P0002", ReferenceState.NOT_ENROLLABLE, "no_face"),),
            unlisted_photos=1,
            distractors=0,
            templates=2,
            findings=("photo_not_listed: file 3 of the folder belongs to nobody on the list",),
            flights=self.staged_flights,
            change=self.list_change,
        )

    def board(
        self,
        flight_key: str | None,
        captures: Path,
        *,
        truth: Path | None = None,
        report: Path | None = None,
        progress: Progress = lambda done, total: None,
        on_outcome: Callable[[Capture, Boarded], None] = lambda capture, boarded: None,
    ) -> BoardingSummary:
        self._ask("board", flight_key, captures, truth, report)
        progress(1, 1)
        on_outcome(
            Capture(CROSSING.capture_key, "capture-0001.jpg", CROSSING.lane, CROSSING.taken_at), Boarded(CROSSING)
        )
        return BoardingSummary(
            flight_key="FG420-2026-11-22-BOS",
            counts=COUNTS,
            reasons=(
                ("match", "matched", None, 1),
                ("see_officer", "poor_image", "sharpness", 1),
                ("not_attempted", "opted_out", None, 1),
            ),
            repeated=0,
            deviations=("captures.csv line 3: the time has no zone [row_time]",),
            report=report,
        )

    def reextract(
        self,
        flight_key: str,
        references: Path,
        *,
        allow_fewer: bool = False,
        start_over: bool = False,
        progress: Progress = lambda done, total: None,
    ) -> ReextractionReport:
        self._ask("reextract", flight_key, references, allow_fewer, start_over)
        progress(2, 2)
        lost = 0 if flight_key == "FG420-2026-11-22-BOS" else 1
        state = ReextractionState.WAITING if lost and not allow_fewer else ReextractionState.SWITCHED
        return ReextractionReport(
            flight_key=flight_key,
            state=state,
            from_pack="11" * 32,
            to_pack="22" * 32,
            generation=2,
            enrolled=1,
            templates=2,
            lost=lost,
            left_out=(LeftOut("P0002", "reference_missing"),) if lost else (),
            distractors=0,
            erased=0 if state is ReextractionState.WAITING else 3,
            findings=("reference_missing: the photo of template 1 of P0002 was not given",) if lost else (),
        )

    def gallery(self, flight_key: str | None) -> GalleryFacts:
        self._ask("gallery", flight_key)
        return GalleryFacts(
            flight_key="FG420-2026-11-22-BOS",
            lane=LaneKind.BOARDING,
            direction=Direction.EXIT,
            port="BOS",
            flights=("FG420 BOS 2026-11-22",),
            lists=1,
            complete=True,
            pack_digest="11" * 32,
            generation=1,
            listed=2,
            enrolled=2,
            templates=3,
            distractors=0,
            under_way=UnderWay("22" * 32, 2, 1, 0),
            endings=count_endings([]),
        )

    def shared_faces(self, flight_key: str | None) -> SharedFaces:
        self._ask("shared_faces", flight_key)
        pair = SharedFace(
            "P0001",
            "P0002",
            PairKind.ONE_PERSON_TWO_IDENTITIES,
            agree=(Fact.SEX,),
            differ=(SignalCode.NAME_DIFFERS, SignalCode.NUMBER_DIFFERS),
        )
        return SharedFaces(
            flight_key="FG420-2026-11-22-BOS",
            passengers=2,
            templates=3,
            comparisons=2,
            expired=0,
            threshold_id="among-themselves-alarms-0.01-n-50",
            resolvable=False,
            same_photo_id="same-photo",
            pairs=(pair,) if flight_key != "CLEAN" else (),
            left_out=0,
        )

    def verify_faces(
        self, probe: Path, reference: Path, *, declines: bool = False, place: LanePlace = UNNAMED
    ) -> tuple[Outcome, str]:
        self._ask("verify_faces", probe, reference, *(("declines", place) if declines else ()))
        return self.outcome, ""

    def verify_chip(self, asked: ChipToVerify) -> ChipVerified:
        self._ask("verify_chip", asked)
        return self.verified

    def verify_ledger(self) -> LedgerReport:
        self._ask("verify_ledger")
        return self.ledger

    @property
    def ledger_key(self) -> str:
        return "fairgate.local+00000000+AQ"

    def correct(
        self, flight_key: str, passenger_ref: str, facts: CorrectedFacts, reason: CorrectionReason, actor: Actor
    ) -> CorrectionMade:
        self._ask("correct", flight_key, passenger_ref, facts, reason, actor)
        moment = CROSSING.taken_at
        record = CorrectionRecord(
            correction_id="k1",
            flight_key=flight_key,
            passenger_ref=passenger_ref,
            facts=("documents", "nationality"),
            reason=reason,
            recorded_at=moment,
            officer=str(actor),
            list_erase_by=moment,
            template_erase_by=moment,
            crossing_erase_by=None,
            templates_erased=0,
            templates_resealed=1,
            photos_erased=2,
            matches_undone=1,
            matches_in_doubt=0,
            salt=bytes(32),
            ledger_index=7,
        )
        return CorrectionMade(record, "enrolled")

    def export_crossings(self, flight_key: str, *, purpose: str, out: Path) -> ExportHeader:
        raise NotImplementedError("exports are tried with a real house")

    @property
    def opting_out(self) -> OptingOutDesk:
        raise NotImplementedError("opting out is tried with a real house")

    @property
    def rulebooks(self) -> RulebookOffice:
        raise NotImplementedError("changes of rulebooks are tried with a real house")

    def doctor(self) -> tuple[Check, ...]:
        self._ask("doctor")
        return self.checks

    def _ask(self, *question: object) -> None:
        self.asked.append(question)
        if self.error is not None:
            raise self.error


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def house() -> CardboardHouse:
    """The house behind the command line."""
    return CardboardHouse()


@pytest.fixture
def doors(house: CardboardHouse, tmp_path: Path) -> Doors:
    """Doors into that house, with data and cache folders of their own and no configuration from the machine."""

    @contextmanager
    def open_house(settings: Settings, *, for_people: bool = True) -> Iterator[CardboardHouse]:
        house.asked.append(("open", settings))
        yield house

    config = tmp_path / "empty.toml"
    config.touch()
    environ = {
        "FAIRGATE_CONFIG": str(config),
        "FAIRGATE_DATA_DIR": str(tmp_path / "data"),
        "FAIRGATE_CACHE_DIR": str(tmp_path / "cache"),
        "FAIRGATE_PACKS_DIR": str(tmp_path / "packs"),
    }
    seconds = iter(range(10_000))
    return Doors(
        open_house=open_house,
        rulebook_names=lambda: ("example-eu-ees", "us-cbp"),
        environ=environ,
        now=lambda: datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
        timer=lambda: float(next(seconds)),
    )


@pytest.fixture
def run(doors: Doors, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; keyword arguments replace doors."""

    def _run(*argv: str, **replaced: object) -> Ended:
        capsys.readouterr()
        code = main(argv, doors=replace(doors, **replaced))  # type: ignore[arg-type]
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return _run
