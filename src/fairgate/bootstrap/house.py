"""The house that commands open: each method is one job, done by services with their parts handed in."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from fairgate.bootstrap import correcting, galleries, opting_out
from fairgate.bootstrap.arrivals import arrivals_of, holders_of
from fairgate.bootstrap.doctor import look_around
from fairgate.bootstrap.exports import export_crossings
from fairgate.bootstrap.parts import MEGABYTE, Parts
from fairgate.bootstrap.results import BoardingSummary, Check
from fairgate.bootstrap.rulebooks import RulebookOffice
from fairgate.bootstrap.verifying import ChipToVerify, verify_chip
from fairgate.errors import ImageRefused, NothingStaged
from fairgate.face.frames import MOST_FRAMES
from fairgate.face.pipeline import Extracted
from fairgate.lanes.boarding import Arrival, board
from fairgate.ledger.manual_codes import CorrectionReason
from fairgate.measure.boarding import CrossingTruth
from fairgate.outside.capture_files import read_capture
from fairgate.outside.photo_files import read_photo
from fairgate.outside.private_folder import write_whole
from fairgate.outside.tables import CaptureTable, TruthRow, read_captures, read_truth
from fairgate.rules.purposes import permitted_purpose
from fairgate.services.board_traveller import BoardTraveller
from fairgate.services.care_at_lane import bands_of
from fairgate.services.check_ledger import check_ledger
from fairgate.services.correct_facts import CorrectedFacts
from fairgate.services.correct_status import CorrectionMade
from fairgate.services.describe_gallery import GalleryFacts, describe_gallery
from fairgate.services.export_records import ExportHeader
from fairgate.services.faces import frames_of
from fairgate.services.find_shared_faces import SharedFaces
from fairgate.services.gallery_from_lists import Place
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.ports import Progress
from fairgate.services.record_crossing import Boarded, RecordCrossing
from fairgate.services.record_without_list import UNNAMED, LanePlace
from fairgate.services.reextraction_report import ReextractionReport
from fairgate.services.report_boarding import InForce, ReportBoarding, Truth
from fairgate.services.staging_report import StagingReport
from fairgate.services.verify_chip import ChipVerified
from fairgate.services.verify_claim import VerifyClaim
from fairgate.verifier import LedgerReport
from fairgate.vocabulary import Actor, Capture, Direction, Features, LaneKind, Outcome, RecordClass
from fairgate.web.boarding_report import render_boarding_report

REPORT_PURPOSE = "accuracy_report"
"""What crossings are read again for once a boarding is over; the rulebook must name it."""
_NOBODY = frozenset({"no_face", "several_faces"})
"""Cases of a truth table in which nobody stands before the camera alone."""


def _no_progress(done: int, total: int) -> None:
    return


def _no_outcome(capture: Capture, boarded: Boarded) -> None:
    return


class House:
    """Everything wired together for one data folder; :func:`fairgate.bootstrap.opening.open_house` makes one."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

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
        progress: Progress = _no_progress,
    ) -> StagingReport:
        """Make a gallery from passenger lists and reference photos, or take over what later messages change in one.

        Args:
            passenger_lists: of one flight or ship, or of several flights where the gallery has a name.
            references: folder or table of photos.
            port: where the lane stands; ``None`` as the lists say.
            direction: ``None`` for entry at an arrivals hall and exit elsewhere.
            lane: the kind of lane that the gallery is for.
            gallery: its name; ``None`` for the one flight's.
            top_up_to: fill up with synthetic distractors to this size.
            progress: told after each passenger.

        Raises:
            PapersError: a list cannot be read.
            InputRefused: the lists do not make the one gallery asked for, or leave nobody in one that is not staged.
            TableRefused: the table of references cannot be read.
            StagingConflict: the gallery was staged from lists that these do not contain, or with another pack or
                rulebook, or for another lane, direction or port.
            CalibrationMissing: the pack has no threshold for a gallery so large.
        """
        return galleries.stage(
            self._parts,
            passenger_lists,
            references,
            Place(lane, direction, port, gallery),
            top_up_to=top_up_to,
            progress=progress,
        )

    def reextract(
        self,
        flight_key: str,
        references: Path,
        *,
        allow_fewer: bool = False,
        start_over: bool = False,
        progress: Progress = _no_progress,
    ) -> ReextractionReport:
        """Change a staged gallery to the pack in use; until it is done the old one is boarded with.

        Raises:
            NothingStaged: there is no such complete gallery.
            TableRefused: the table of references cannot be read.
            StagingConflict: the gallery is on its way to another pack, or nobody would be left.
            CalibrationMissing: the pack has no threshold for a gallery of that size.
        """
        return galleries.reextract(
            self._parts, flight_key, references, allow_fewer=allow_fewer, start_over=start_over, progress=progress
        )

    def gallery(self, flight_key: str | None) -> GalleryFacts:
        """Say what a gallery holds; nothing sealed is opened.

        Raises:
            NothingStaged: there is no such flight, or none or several where one was not named.
        """
        return describe_gallery(self._parts.store, flight_key or self._only_flight(), self._parts.clock())

    def shared_faces(self, flight_key: str | None) -> SharedFaces:
        """Compare the references of a flight's list with one another; both passengers of a pair see an officer.

        Raises:
            NothingStaged: there is no such flight, or none or several where one was not named.
            PackMismatch: it was staged with another pack.
            CalibrationMissing: no threshold holds for a list of that size, so it cannot be checked.
        """
        parts = self._parts
        opened = parts.open_gallery(flight_key or self._only_flight(), pack_digest=parts.pack.digest)
        return galleries.find_shared_faces(parts)(opened)

    def board(
        self,
        flight_key: str | None,
        captures: Path,
        *,
        truth: Path | None = None,
        truth_source: str = "",
        report: Path | None = None,
        progress: Progress = _no_progress,
        on_outcome: Callable[[Capture, Boarded], None] = _no_outcome,
    ) -> BoardingSummary:
        """Board everybody in a captures file, and report on the flight.

        Args:
            flight_key: which flight; ``None`` for the only one staged.
            captures: table of captures.
            truth: table of who really walked up, which only the report reads.
            truth_source: one sentence saying where those people are from.
            report: where to write the report; ``None`` for nowhere.
            progress: told after each capture.
            on_outcome: told after each capture, once it is durable.

        Raises:
            NothingStaged: there is no such flight, or none or several where one was not named.
            TableRefused: a table cannot be read.
            CalibrationMissing: no threshold is calibrated for a gallery of that size.
            LaneNotOpen: a lane had no current notice in each language when its first capture was taken.
            PurposeRefused: the rulebook does not let crossings be counted for a report.
        """
        parts = self._parts
        permitted_purpose(parts.rulebook, REPORT_PURPOSE, RecordClass.CROSSING)
        table = read_captures(captures)
        known = read_truth(truth) if truth is not None else None
        opened = parts.open_gallery(flight_key or self._only_flight(), pack_digest=parts.pack.digest)
        thresholds = parts.thresholds(opened.gallery.size)
        arrivals, unread = arrivals_of(parts, table, opened)
        notices = opting_out.open_lanes(parts, opened, [arrival.capture for arrival in arrivals.values()])
        rules = parts.rules_at(opened.flight.lane)
        shared, unchecked = galleries.shared_faces_for_boarding(parts, opened)
        features: dict[str, Features] = {}
        repeated = 0

        def on_boarded(capture: Capture, boarded: Boarded) -> None:
            nonlocal repeated
            repeated += boarded.repeated
            if known is not None:
                usable = boarded.features or self._features_again(boarded, arrivals)
                if usable is not None:
                    features[capture.capture_key] = usable
            on_outcome(capture, boarded)

        record = RecordCrossing(
            opened,
            store=parts.store,
            vault=parts.vault,
            rules=rules,
            registrar=parts.registrar,
            clock=parts.clock,
            timer=parts.timer,
            entropy=parts.entropy,
            opt_outs=opting_out.enter_opt_out(parts, rules),
        )
        traveller = BoardTraveller(
            opened,
            thresholds,
            faces=parts.faces,
            rules=rules,
            record=record,
            timer=parts.timer,
            shared_faces=shared,
            posted=notices.posted,
        )
        board(traveller, list(arrivals.values()), on_boarded=on_boarded, progress=progress)
        facts = ReportBoarding(store=parts.store, clock=parts.clock, made_by=_made_by())(
            opened,
            InForce(
                pack=parts.pack,
                thresholds=thresholds,
                rulebook_id=parts.rulebook.id,
                rulebook_sha256=parts.rulebook.sha256,
                match_floor=parts.rulebook.operating_point.match_floor,
                origin=parts.signing_key.name,
                rulebook_adopted=not parts.settings.demo_mode,
                band_of=bands_of(parts.rules, opened.travellers, opened.flight.staged_at),
            ),
            truth=None
            if known is None
            else Truth(
                source=truth_source or "Who walked up was known beforehand and handed in for this report.",
                of_capture=_truth_of(table, {row.file: row for row in known.rows}, opened),
                features=features,
            ),
        )
        if report is not None:
            told = opting_out.with_waiting(parts, facts)
            write_whole(report, render_boarding_report(told).encode("utf-8"))
        deviations = [str(one) for one in (*table.deviations, *unread, *(known.deviations if known else ()))]
        deviations += unchecked
        if opened.expired:
            deviations.append(
                f"{opened.expired} references are past their deadline and in no gallery any more [expired]"
            )
        return BoardingSummary(
            flight_key=opened.flight.flight_key,
            counts=facts.figures.for_scripts(),
            reasons=tuple((one.outcome, one.reason, one.component, one.share.count) for one in facts.figures.reasons),
            repeated=repeated,
            deviations=tuple(deviations),
            report=report,
            endings=facts.endings,
        )

    def verify_faces(
        self, probe: Path, reference: Path, *, declines: bool = False, place: LanePlace = UNNAMED
    ) -> tuple[Outcome, str]:
        """Compare a photo, or a folder of frames of one capture, with a photo 1:1, and record it.

        Args:
            probe: the live photo, or a folder of frames.
            reference: the photo that it is compared with.
            declines: the person does not want that; no photo is read.
            place: where it is.

        Returns:
            The outcome, and the receipt's code of whoever declines.

        Raises:
            ImageRefused: one of the files is not there.
        """
        parts = self._parts
        limit = parts.settings.photo_max_mb * MEGABYTE
        verify = VerifyClaim(
            parts.verification_threshold,
            faces=parts.faces,
            rules=parts.rules,
            record=opting_out.record_without_list(parts, parts.rules),
            clock=parts.clock,
            actor=parts.actor,
        )
        live = partial(read_capture, probe, limit, most=MOST_FRAMES)
        reference_photo = partial(read_photo, reference, limit)
        return verify(live, reference_photo, pack=parts.pack.digest, declines=declines, place=place)

    def verify_chip(self, asked: ChipToVerify) -> ChipVerified:
        """Verify a passport by its chip, compare its portrait with a live photo 1:1, and record it.

        Raises:
            InputRefused: a file is not there, or the folder holds no chip's files.
            TrustRefused: nobody is named whom to believe about passports.
        """
        return verify_chip(self._parts, asked)

    def verify_ledger(self) -> LedgerReport:
        """Check the ledger, its checkpoints and the crossings behind it with independent code."""
        parts = self._parts
        return check_ledger(parts.store, parts.anchor, parts.signing_key.verifier_key)

    @property
    def ledger_key(self) -> str:
        """Return the ledger's public key, as a verifier is told it."""
        return self._parts.signing_key.verifier_key

    def export_crossings(self, flight_key: str, *, purpose: str, out: Path) -> ExportHeader:
        """Write a flight's crossings to a signed file, for one purpose of the rulebook.

        Raises:
            ExportRefused: the rulebook does not let them be exported for that.
            NothingStaged: there is no such flight.
        """
        return export_crossings(self._parts, flight_key, purpose=purpose, out=out)

    def correct(
        self, flight_key: str, passenger_ref: str, facts: CorrectedFacts, reason: CorrectionReason, actor: Actor
    ) -> CorrectionMade:
        """Correct what is known of somebody listed; see :mod:`fairgate.services.correct_status`."""
        return correcting.correct_status(self._parts, flight_key)(flight_key, passenger_ref, facts, reason, actor)

    @property
    def rulebooks(self) -> RulebookOffice:
        """Return where rulebooks are proposed, commented on and adopted."""
        return RulebookOffice(self._parts)

    @property
    def opting_out(self) -> opting_out.OptingOutDesk:
        """Return where travellers decline, are told what was kept, and report who would not let them."""
        return opting_out.OptingOutDesk(self._parts)

    def require_ready(self, gallery_size: int) -> None:
        """Refuse before any work is done if boarding with so large a gallery could not end well.

        Raises:
            PackRefused: the pack cannot be used.
            CalibrationMissing: no threshold is calibrated for a gallery of that size.
        """
        self._parts.thresholds(gallery_size)

    def doctor(self) -> Sequence[Check]:
        """Look at everything that needs an open house."""
        return look_around(self._parts)

    def _only_flight(self) -> str:
        with self._parts.store.reading() as transaction:
            staged = [flight.flight_key for flight in transaction.flights() if flight.complete]
        if len(staged) == 1:
            return staged[0]
        if not staged:
            raise NothingStaged("No flight is staged.", way_out="Run `fairgate stage` first.")
        raise NothingStaged("Several flights are staged.", way_out=f"Name one with --flight: {', '.join(staged)}.")

    def _features_again(self, boarded: Boarded, arrivals: Mapping[str, Arrival]) -> Features | None:
        """Extract once more what an earlier run extracted and did not keep; only where the truth is known."""
        if not (boarded.repeated and boarded.crossing.was_usable):
            return None
        try:
            frames = frames_of(arrivals[boarded.crossing.capture_key].read_photo())
            try:
                answer = self._parts.faces.read_capture(frames).joined.answer
            finally:
                for frame in frames:
                    frame.erase()
        except ImageRefused:
            return None
        return answer.features if isinstance(answer, Extracted) else None


def _truth_of(table: CaptureTable, rows: Mapping[str, TruthRow], opened: OpenedFlight) -> dict[str, CrossingTruth]:
    holders = holders_of(opened)
    return {
        row.capture_key: CrossingTruth(
            passenger_ref=holders.get(rows[row.file].document or ""),
            same_photo=rows[row.file].case == "same_photo",
            nobody=rows[row.file].case in _NOBODY,
        )
        for row in table.rows
        if row.file in rows
    }


def _made_by() -> str:
    return f"fairgate {importlib.metadata.version('fairgate')}"
