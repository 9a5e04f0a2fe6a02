"""Board one traveller: from a capture to exactly one recorded outcome.

The order is the design's: permission, capture, quality, features, bounded search or 1:1, permission again now that the
match says who it is, and the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

from fairgate.errors import FairgateError, ImageRefused
from fairgate.face.frames import NotOnePerson
from fairgate.face.pack import CalibrationRecord
from fairgate.face.pipeline import Extracted, NoFace, PoorImage, SeveralFaces
from fairgate.rules.permission import Permission, Refusal, RefusalReason
from fairgate.services.care_at_lane import MANUAL_CHECK, CareAtLane
from fairgate.services.decide import identify, verify_among
from fairgate.services.faces import FaceReader, Lent, ReadCapture, frames_of
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Timer
from fairgate.services.record_crossing import Boarded, Finding, RecordCrossing
from fairgate.services.shared_faces import SharedFace
from fairgate.vocabulary import (
    Capture,
    Features,
    Guardian,
    Matched,
    NotAttempted,
    NotAttemptedReason,
    OfficerReason,
    Photo,
    SeeOfficer,
    Traveller,
)

NOBODY: Mapping[str, SharedFace] = MappingProxyType({})


def notices_not_looked_for(lane: str, at: datetime) -> bool:
    """Take every lane for one whose notices hang: for places that have no lanes, such as simulations."""
    return True


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The calibration records in use.

    Args:
        identification: for the flight's gallery, calibrated for at least its size.
        verification: for 1:1 against a claimed passenger.
    """

    identification: CalibrationRecord
    verification: CalibrationRecord


class BoardTraveller:
    """Boards the travellers of one opened flight.

    Args:
        opened: the flight, its gallery and its list.
        thresholds: the operating point, as calibrated.
        faces: decodes and extracts.
        rules: decides who may be asked.
        record: records what was found.
        timer: measures the search.
        shared_faces: by passenger reference, who looks like another passenger of the list; a match sees an officer.
        posted: says whether a lane has a current notice in each language at a moment; without one, whoever comes there
            sees an officer and nothing is captured.
    """

    def __init__(
        self,
        opened: OpenedFlight,
        thresholds: Thresholds,
        *,
        faces: FaceReader,
        rules: LaneRules,
        record: RecordCrossing,
        timer: Timer,
        shared_faces: Mapping[str, SharedFace] = NOBODY,
        posted: Callable[[str, datetime], bool] = notices_not_looked_for,
    ) -> None:
        self._posted = posted
        self._shared_faces = shared_faces
        self._opened = opened
        self._gallery = opened.gallery
        self._withdrawn: set[str] = set()
        self._expired: set[str] = set()
        self._expires = list(reversed(opened.expires))
        self._corrected: frozenset[str] = frozenset()
        self._thresholds = thresholds
        self._faces = faces
        self._rules = rules
        self._record = record
        self._timer = timer
        self._care = CareAtLane(rules)

    def __call__(self, capture: Capture, read_photo: Callable[[], Lent]) -> Boarded:
        """Decide one capture and record it.

        Args:
            capture: what the lane saw.
            read_photo: lends the photo, or several frames; called only if the subject may be compared. Of several
                frames one at most is kept, the best in quality; the others are erased before anything is compared.

        Returns:
            The crossing; the one already on record where this capture was delivered before.

        Raises:
            LedgerFault: the entry could not be written, so the crossing did not happen.
        """
        before = self._record.before(capture)
        if before is not None:
            return self._withdraw(before)
        withdrawn, corrected = self._record.meanwhile()
        self._forget(withdrawn)
        self._forget_corrected(corrected)
        self._forget_expired(self._record.now())
        began = self._timer()
        frames: tuple[Photo, ...] = ()
        try:
            refused = self._permission_before(capture)
            if refused is not None:
                return self._withdraw(self._record(capture, self._careful(capture, refused), None, began=began))
            try:
                frames = frames_of(read_photo())
            except ImageRefused as refusal:
                unread = self._careful(capture, Finding(_unreadable(refusal)))
                return self._record(capture, unread, None, began=began)
            found, best = self._compare(capture, frames)
            finding = self._careful(capture, self._permission_after(capture, found))
            return self._record(capture, finding, frames[best], began=began)
        finally:
            for frame in frames:
                frame.erase()

    def finish(self) -> None:
        """End the boarding: write what only the end can tell."""
        self._record.finish()

    def _withdraw(self, boarded: Boarded) -> Boarded:
        """Take whoever opted out by name out of the gallery in memory; the record took them out of the store."""
        crossing = boarded.crossing
        if crossing.reason == NotAttemptedReason.OPTED_OUT and crossing.passenger_ref is not None:
            self._forget({crossing.passenger_ref})
        return boarded

    def _forget(self, withdrawn: Set[str]) -> None:
        """Take passengers out of the gallery in memory; nobody is compared with them any more."""
        for passenger_ref in withdrawn - self._withdrawn:
            self._gallery = self._gallery.without(passenger_ref)
            self._withdrawn.add(passenger_ref)

    def _forget_expired(self, now: datetime) -> None:
        """Take references out of memory whose deadline came since the gallery was opened."""
        while self._expires and self._expires[-1][0] <= now:
            _, passenger_ref = self._expires.pop()
            self._gallery = self._gallery.without(passenger_ref)
            self._expired.add(passenger_ref)

    def _forget_corrected(self, corrected: frozenset[str]) -> None:
        """Compare nobody by what was known of them before a correction; an officer looks at their papers."""
        for passenger_ref in corrected - self._corrected - self._withdrawn:
            self._gallery = self._gallery.without(passenger_ref)
        self._corrected = corrected

    def _permission_before(self, capture: Capture) -> Finding | None:
        """Return the finding that ends the crossing before anything is captured, if one does."""
        claim = capture.claim
        claimed = self._opened.travellers.get(claim.passenger_ref) if claim.passenger_ref else None
        if claim.opted_out:
            rule_id = None
            if claimed is not None:
                rule_id = self._rules.may_ask(self._opened.flight, claimed, capture.taken_at, opted_out=True).rule_id
            return Finding(NotAttempted(NotAttemptedReason.OPTED_OUT, rule_id), rule_id=rule_id)
        if not self._posted(capture.lane, capture.taken_at):
            return Finding(SeeOfficer(OfficerReason.NO_NOTICE))
        if self._care.alone(claim, capture.taken_at):
            return Finding(NotAttempted(NotAttemptedReason.UNACCOMPANIED_CHILD))
        if claim.passenger_ref is None:
            return None
        return Finding(SeeOfficer(OfficerReason.NO_REFERENCE)) if claimed is None else self._claimed(capture, claimed)

    def _claimed(self, capture: Capture, claimed: Traveller) -> Finding | None:
        """Return the finding that ends the crossing of whoever claims to be a passenger, if one does."""
        if claimed.passenger_ref in self._withdrawn:
            # They declined before, at another lane or a kiosk: no camera looks at them again.
            rule_id = self._rules.may_ask(self._opened.flight, claimed, capture.taken_at, opted_out=True).rule_id
            return Finding(NotAttempted(NotAttemptedReason.OPTED_OUT, rule_id), rule_id=rule_id)
        if claimed.passenger_ref in self._corrected:
            return Finding(SeeOfficer(OfficerReason.NO_REFERENCE))
        permission = self._permission(capture, claimed)
        if isinstance(permission, Finding):
            return permission
        if self._opened.left_out.get(claimed.passenger_ref) == OfficerReason.REFERENCE_TOO_OLD:
            return Finding(SeeOfficer(OfficerReason.REFERENCE_TOO_OLD))
        return None

    def _permission(self, capture: Capture, traveller: Traveller) -> Permission | Finding:
        """Return the rulebook's permission for a traveller who is known, or what ends the crossing."""
        claim = capture.claim
        guardian = Guardian.UNKNOWN if self._care.is_said_grown(traveller, claim) else claim.guardian
        match self._rules.may_ask(self._opened.flight, traveller, capture.taken_at, guardian=guardian):
            case Refusal(rule_id=rule_id, reason=RefusalReason.GUARDIAN_ABSENT):
                return Finding(NotAttempted(NotAttemptedReason.UNACCOMPANIED_CHILD, rule_id), rule_id=rule_id)
            case Refusal(rule_id=rule_id):
                return Finding(NotAttempted(NotAttemptedReason.RULE_FORBIDS, rule_id), rule_id=rule_id)
            case Permission() as permission:
                if self._care.alone_by_list(permission, traveller, claim):
                    alone = NotAttempted(NotAttemptedReason.UNACCOMPANIED_CHILD, permission.rule_id)
                    return Finding(alone, rule_id=permission.rule_id)
                return permission

    def _careful(self, capture: Capture, finding: Finding) -> Finding:
        """Return a manual check, which says nothing more, where the machine did not match a child or an older person.

        A reference too old for their age is a fact about a document, found before anything was compared, and stays.
        """
        outcome = finding.outcome
        if not isinstance(outcome, SeeOfficer) or outcome.reason is OfficerReason.REFERENCE_TOO_OLD:
            return finding
        known = outcome.passenger_ref or capture.claim.passenger_ref
        traveller = self._opened.travellers.get(known) if known else None
        if not self._care.applies(traveller, capture.claim, capture.taken_at):
            return finding
        return Finding(MANUAL_CHECK)

    def _compare(self, capture: Capture, frames: tuple[Photo, ...]) -> tuple[Finding, int]:
        """Return what was found, and the place of the one frame that may be kept; the others are erased."""
        try:
            read = self._faces.read_capture(frames)
            for place, frame in enumerate(frames):
                if place != read.joined.best:
                    frame.erase()
            return self._found(capture, read), read.joined.best
        except ImageRefused as refusal:
            return Finding(_unreadable(refusal)), 0
        except FairgateError:
            # An engine that fails leads to an officer, never to admit or deny; so do features that cannot be searched.
            return Finding(SeeOfficer(OfficerReason.ENGINE_FAULT)), 0

    def _found(self, capture: Capture, read: ReadCapture) -> Finding:
        answer = read.joined.answer
        stage_ms = {"decode": read.decode_ms, **answer.stage_ms}
        match answer:
            case NoFace():
                return Finding(SeeOfficer(OfficerReason.NO_FACE), had_photo=True, stage_ms=stage_ms)
            case SeveralFaces() | NotOnePerson():
                # Bystanders are in the picture, so nothing of it is kept.
                return Finding(SeeOfficer(OfficerReason.SEVERAL_FACES), had_photo=True, stage_ms=stage_ms)
            case PoorImage(component=component):
                outcome = SeeOfficer(OfficerReason.POOR_IMAGE, component)
                return Finding(outcome, had_photo=True, keep_photo=True, stage_ms=stage_ms)
            case Extracted(features=features):
                return self._search(capture, features, stage_ms)
            case _ as unreachable:
                assert_never(unreachable)

    def _search(self, capture: Capture, features: Features, stage_ms: dict[str, float]) -> Finding:
        started = self._timer()
        claimed = capture.claim.passenger_ref
        if claimed is None:
            threshold = self._thresholds.identification
            found = identify(self._gallery, features, threshold)
        else:
            threshold = self._thresholds.verification
            gone = self._withdrawn | self._corrected | self._expired
            reference = self._opened.references.get(claimed) if claimed not in gone else None
            if reference is None:
                return Finding(
                    SeeOfficer(OfficerReason.NO_REFERENCE), had_photo=True, was_usable=True, stage_ms=stage_ms
                )
            found = claimed if verify_among(reference, features, threshold) else None
        stage_ms["search"] = (self._timer() - started) * 1000
        return Finding(
            outcome=Matched(found) if found is not None else SeeOfficer(OfficerReason.NO_MATCH),
            threshold_id=threshold.id,
            had_photo=True,
            was_usable=True,
            keep_photo=True,
            features=features,
            stage_ms=stage_ms,
        )

    def _permission_after(self, capture: Capture, finding: Finding) -> Finding:
        """Ask the rulebook again, now that a match says who it is; a refusal undoes the match and keeps nothing.

        Where that passenger's reference looks like another's, a person says which of the two it is.
        """
        if not isinstance(finding.outcome, Matched):
            return finding
        traveller = self._opened.travellers[finding.outcome.passenger_ref]
        permission = self._permission(capture, traveller)
        if isinstance(permission, Finding):
            is_child = permission.outcome.reason is NotAttemptedReason.UNACCOMPANIED_CHILD
            return permission if is_child else replace(permission, stage_ms=finding.stage_ms)
        pair = self._shared_faces.get(traveller.passenger_ref)
        outcome = finding.outcome if pair is None else pair.outcome_for(traveller.passenger_ref)
        return replace(finding, outcome=outcome, rule_id=permission.rule_id)


def _unreadable(refusal: ImageRefused) -> SeeOfficer:
    if refusal.reason == "missing":
        return SeeOfficer(OfficerReason.CAPTURE_MISSING)
    return SeeOfficer(OfficerReason.UNREADABLE_IMAGE, refusal.reason)
