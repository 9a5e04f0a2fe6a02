"""The doors from the command line into the house: the one place where real things are named and can be replaced."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fairgate.cli.progress import Progress

if TYPE_CHECKING:
    from fairgate.bootstrap import BoardingSummary, Check, StagingReport
    from fairgate.bootstrap.measuring import PackOnPairs
    from fairgate.bootstrap.officer import OfficerDesk
    from fairgate.bootstrap.opting_out import OptingOutDesk
    from fairgate.bootstrap.rulebooks import RulebookOffice
    from fairgate.bootstrap.verifying import ChipToVerify
    from fairgate.config import Settings
    from fairgate.ledger.manual_codes import CorrectionReason
    from fairgate.outside.pack_files import Finding, InstalledPack
    from fairgate.outside.pack_store import AddedPack
    from fairgate.services.correct_facts import CorrectedFacts
    from fairgate.services.correct_status import CorrectionMade
    from fairgate.services.describe_gallery import GalleryFacts
    from fairgate.services.detect_faces import LookedAt, NotLookedAt
    from fairgate.services.export_records import ExportHeader, ReadExport
    from fairgate.services.find_shared_faces import SharedFaces
    from fairgate.services.measure_portraits import MeasuredPortraits
    from fairgate.services.record_crossing import Boarded
    from fairgate.services.record_without_list import LanePlace
    from fairgate.services.reextraction_report import ReextractionReport
    from fairgate.services.verify_chip import ChipVerified
    from fairgate.simulate.boardings import SimulatedBoardings
    from fairgate.simulate.boardings_wanted import Wanted
    from fairgate.simulate.demo import DemoResult
    from fairgate.verifier import LedgerReport
    from fairgate.vocabulary import Actor, Capture, Direction, LaneKind, Outcome


class House(Protocol):
    """What the commands need of an opened house."""

    def stage(
        self,
        passenger_lists: Sequence[Path],
        references: Path,
        *,
        port: str | None = None,
        direction: Direction | None = None,
        lane: LaneKind = ...,
        gallery: str | None = None,
        top_up_to: int | None = None,
        progress: Progress = ...,
    ) -> StagingReport:
        """Make a flight's gallery."""
        ...

    def correct(
        self, flight_key: str, passenger_ref: str, facts: CorrectedFacts, reason: CorrectionReason, actor: Actor
    ) -> CorrectionMade:
        """Correct what is known of somebody listed."""
        ...

    def board(
        self,
        flight_key: str | None,
        captures: Path,
        *,
        truth: Path | None = None,
        report: Path | None = None,
        progress: Progress = ...,
        on_outcome: Callable[[Capture, Boarded], None] = ...,
    ) -> BoardingSummary:
        """Turn captures into crossings."""
        ...

    def reextract(
        self,
        flight_key: str,
        references: Path,
        *,
        allow_fewer: bool = False,
        start_over: bool = False,
        progress: Progress = ...,
    ) -> ReextractionReport:
        """Change a staged gallery to the pack in use."""
        ...

    def gallery(self, flight_key: str | None) -> GalleryFacts:
        """Say what a gallery holds."""
        ...

    def shared_faces(self, flight_key: str | None) -> SharedFaces:
        """Compare a staged list among itself."""
        ...

    def verify_faces(
        self, probe: Path, reference: Path, *, declines: bool = False, place: LanePlace = ...
    ) -> tuple[Outcome, str]:
        """Compare two photos 1:1."""
        ...

    def verify_chip(self, asked: ChipToVerify) -> ChipVerified:
        """Verify a passport by its chip, and its holder by its portrait."""
        ...

    def verify_ledger(self) -> LedgerReport:
        """Check the ledger with independent code."""
        ...

    def doctor(self) -> Sequence[Check]:
        """Look at everything that needs an open house."""
        ...

    @property
    def ledger_key(self) -> str:
        """Return the ledger's public key."""
        ...

    def export_crossings(self, flight_key: str, *, purpose: str, out: Path) -> ExportHeader:
        """Write a flight's crossings to a signed file."""
        ...

    @property
    def rulebooks(self) -> RulebookOffice:
        """Return where rulebooks are proposed, commented on and adopted."""
        ...

    @property
    def opting_out(self) -> OptingOutDesk:
        """Return where travellers decline, are told what was kept, and report who would not let them."""
        ...


class OpenHouse(Protocol):
    """Opens a house under the settings in force."""

    def __call__(self, settings: Settings, *, for_people: bool = True) -> AbstractContextManager[House]:
        """Open it; without an adopted rulebook only for what touches no traveller."""
        ...


def _open_house(settings: Settings, *, for_people: bool = True) -> AbstractContextManager[House]:
    from fairgate.bootstrap import open_house

    return open_house(settings, for_people=for_people)


def _open_desk(settings: Settings) -> AbstractContextManager[OfficerDesk]:
    from fairgate.bootstrap.officer import open_desk

    return open_desk(settings)


def _run_demo(
    settings: Settings, data: Path | None, out: Path, progress: Progress, boarding_progress: Progress
) -> DemoResult:
    from fairgate.simulate.demo import run_demo

    return run_demo(settings, now=_now(), data=data, out=out, progress=progress, boarding_progress=boarding_progress)


def _simulate_boardings(settings: Settings, wanted: Wanted, progress: Progress) -> SimulatedBoardings:
    from fairgate.simulate.boardings import simulate_boardings

    return simulate_boardings(settings, wanted, progress)


def _bench_engine(
    settings: Settings, packs: Sequence[str], rounds: int, progress: Progress, packs_progress: Progress
) -> Mapping[str, object]:
    from fairgate.bench.engine import bench_engine
    from fairgate.bench.engine_packs import PackChoice

    choice = PackChoice(packs, settings.packs_dir, settings.cache_dir, settings.smallest_probe_face_px)
    return bench_engine(rounds=rounds, progress=progress, choice=choice, packs_progress=packs_progress)


def _calibrate(settings: Settings, portraits: Path, progress: Progress) -> str:
    from fairgate.bootstrap import calibrate

    return calibrate(settings, portraits, progress=progress)


def _measure_pairs(settings: Settings, pairs: Path, progress: Progress) -> PackOnPairs:
    from fairgate.bootstrap.measuring import measure_pack_on_pairs

    return measure_pack_on_pairs(settings, pairs, progress=progress)


def _measure_portraits(settings: Settings, folder: Path | None, seed: int, progress: Progress) -> MeasuredPortraits:
    from fairgate.bootstrap.measuring import measure_pack_on_portraits, portraits_folder

    found = portraits_folder(folder, os.environ, Path.cwd())
    return measure_pack_on_portraits(settings, found, seed=seed, progress=progress)


def _detect(
    settings: Settings,
    images: Sequence[Path],
    out: Path | None,
    on_photo: Callable[[LookedAt | NotLookedAt], None],
    progress: Progress,
) -> int:
    from fairgate.bootstrap.detecting import detect_in_files

    return detect_in_files(settings, images, out=out, on_photo=on_photo, progress=progress)


def _pack_names(packs_dir: Path) -> tuple[str, ...]:
    from fairgate.outside.pack_files import pack_names

    return pack_names(packs_dir)


def _open_pack(name: str, packs_dir: Path) -> InstalledPack:
    from fairgate.outside.pack_files import open_pack

    return open_pack(name, packs_dir)


def _verify_pack(installed: InstalledPack, cache_dir: Path) -> tuple[Finding, ...]:
    from fairgate.outside.pack_files import verify_pack

    return verify_pack(installed, cache_dir)


def _add_pack(settings: Settings, what: str, models: Path | None, download: bool, progress: Progress) -> AddedPack:
    from fairgate.bootstrap.packs import add

    return add(settings, what, models, download=download, progress=progress)


def _remove_pack(name: str, packs_dir: Path) -> Path:
    from fairgate.outside.pack_store import remove_pack

    return remove_pack(name, packs_dir)


def _flights_staged_with(settings: Settings, pack_digest: str) -> tuple[str, ...]:
    from fairgate.bootstrap.packs import flights_staged_with

    return flights_staged_with(settings, pack_digest)


def _recipe_names() -> tuple[str, ...]:
    from fairgate.outside.pack_catalogue import recipe_names

    return recipe_names()


def _rulebook_names() -> tuple[str, ...]:
    from fairgate.outside.rulebook_files import rulebook_names

    return rulebook_names()


def _read_export(file: Path, verifier_key: str, now: datetime, purpose: str | None) -> ReadExport:
    from fairgate.bootstrap.exports import read_export_file

    return read_export_file(file, verifier_key, now=now, purpose=purpose)


def _make_actor_key(actor: str, path: Path) -> str:
    from fairgate.bootstrap.rulebooks import make_key

    return make_key(actor, path, entropy=os.urandom)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything that the commands reach out for; tests hand in their own.

    Args:
        open_house: opens the house under the settings in force.
        open_desk: opens an officer's desk, without any engine.
        run_demo: boards the demonstration's flight.
        simulate_boardings: runs and judges boardings of drawn people.
        bench_engine: measures the engine against its rival, then the packs named, or all where none is.
        calibrate: measures thresholds on portraits and returns them as TOML.
        measure_pairs: compares pairs of photos with the pack in the settings.
        measure_portraits: measures the pack in the settings on a folder of portraits.
        detect: looks at photos with the pack in the settings, and returns how many it could not look at.
        pack_names: names of the packs installed, with those in a folder.
        open_pack: reads one pack, out of that folder or of Fairgate itself.
        verify_pack: looks at a pack's files.
        add_pack: adds a pack from a recipe or a file, with a folder of models and leave to download.
        remove_pack: removes a pack that was added.
        flights_staged_with: keys of the flights whose gallery was made with a pack.
        recipe_names: names of the packs that can be added by name.
        rulebook_names: names of the rulebooks.
        make_actor_key: makes a key file for an actor and returns its public half.
        read_export: checks a file of exported records and returns what it holds.
        environ: the process environment.
        now: the present, aware.
        timer: seconds since an arbitrary start.
    """

    open_house: OpenHouse = _open_house
    open_desk: Callable[[Settings], AbstractContextManager[OfficerDesk]] = _open_desk
    run_demo: Callable[[Settings, Path | None, Path, Progress, Progress], DemoResult] = _run_demo
    simulate_boardings: Callable[[Settings, Wanted, Progress], SimulatedBoardings] = _simulate_boardings
    bench_engine: Callable[[Settings, Sequence[str], int, Progress, Progress], Mapping[str, object]] = _bench_engine
    calibrate: Callable[[Settings, Path, Progress], str] = _calibrate
    measure_pairs: Callable[[Settings, Path, Progress], PackOnPairs] = _measure_pairs
    measure_portraits: Callable[[Settings, Path | None, int, Progress], MeasuredPortraits] = _measure_portraits
    detect: Callable[
        [Settings, Sequence[Path], Path | None, Callable[[LookedAt | NotLookedAt], None], Progress], int
    ] = _detect
    pack_names: Callable[[Path], tuple[str, ...]] = _pack_names
    open_pack: Callable[[str, Path], InstalledPack] = _open_pack
    verify_pack: Callable[[InstalledPack, Path], tuple[Finding, ...]] = _verify_pack
    add_pack: Callable[[Settings, str, Path | None, bool, Progress], AddedPack] = _add_pack
    remove_pack: Callable[[str, Path], Path] = _remove_pack
    flights_staged_with: Callable[[Settings, str], tuple[str, ...]] = _flights_staged_with
    recipe_names: Callable[[], tuple[str, ...]] = _recipe_names
    rulebook_names: Callable[[], tuple[str, ...]] = _rulebook_names
    make_actor_key: Callable[[str, Path], str] = _make_actor_key
    read_export: Callable[[Path, str, datetime, str | None], ReadExport] = _read_export
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: Callable[[], datetime] = _now
    timer: Callable[[], float] = time.monotonic
