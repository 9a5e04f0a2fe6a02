"""Verify a claim 1:1: is the person in this photo the person in that one? The act is recorded, the photos are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from fairgate.errors import FairgateError, ImageRefused
from fairgate.face.frames import NotOnePerson
from fairgate.face.pack import CalibrationRecord
from fairgate.face.pipeline import Extracted, Extraction, NoFace, PoorImage, SeveralFaces
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.services.decide import verify
from fairgate.services.faces import FaceReader, Lent, frames_of
from fairgate.services.opt_out import SOMEBODY, declining
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock
from fairgate.services.record_without_list import UNNAMED, LanePlace, RecordWithoutList
from fairgate.vocabulary import (
    Actor,
    Direction,
    Matched,
    NotAttempted,
    NotAttemptedReason,
    OfficerReason,
    Outcome,
    Photo,
    SeeOfficer,
    Template,
)

CLAIMED = "claimed"
"""Stands for the one passenger that a 1:1 comparison is about."""


class VerifyClaim:
    """Compares one live photo with one reference.

    Args:
        threshold: calibrated for 1:1.
        faces: decodes and extracts.
        rules: names the purpose.
        record: enters acts in the ledger, and what is declined.
        clock: the present.
        actor: who asks.
    """

    def __init__(
        self,
        threshold: CalibrationRecord,
        *,
        faces: FaceReader,
        rules: LaneRules,
        record: RecordWithoutList,
        clock: Clock,
        actor: Actor,
    ) -> None:
        self._threshold = threshold
        self._faces = faces
        self._rules = rules
        self._record = record
        self._clock = clock
        self._actor = actor

    def __call__(
        self,
        read_probe: Callable[[], Lent],
        read_reference: Callable[[], Photo],
        *,
        pack: str,
        declines: bool = False,
        place: LanePlace = UNNAMED,
    ) -> tuple[Outcome, str]:
        """Return the outcome after it has been entered in the ledger, and the receipt's code of whoever declines.

        Args:
            read_probe: lends the live photo, or several frames of one capture.
            read_reference: lends the reference photo.
            pack: digest of the pack in use, for the ledger.
            declines: the person does not want their face compared; no photo is read.
            place: the lane, and the capture's key where it may be declined meanwhile.

        Raises:
            LedgerFault: the comparison could not be recorded, so there is no answer.
        """
        now, declined, outcome = self._clock(), None, None
        if declines:
            declined = declining(self._rules, "", Direction.ENTRY, SOMEBODY, now)
            outcome = NotAttempted(NotAttemptedReason.OPTED_OUT, declined.rule_id)
        found = outcome or compare_photos(self._faces, self._threshold, read_probe, read_reference)
        return self._record(
            found,
            lambda settled: Entry(
                kind=EntryKind.CROSSING,
                at=now,
                actor=self._actor,
                purpose=self._rules.purpose,
                rulebook_sha256=self._rules.rulebook_sha256,
                pack_sha256=pack,
                threshold_id=None if declines else self._threshold.id,
                outcome=settled.kind,
                reason=settled.reason,
            ),
            place,
            declined=declined,
            status=self._rules.status(SOMEBODY),
            actor=self._actor,
            now=now,
        )


def compare_photos(
    faces: FaceReader,
    threshold: CalibrationRecord,
    read_probe: Callable[[], Lent],
    read_reference: Callable[[], Photo],
) -> Matched | SeeOfficer:
    """Return what a 1:1 comparison comes to; every photo lent is erased, and nothing is recorded.

    Args:
        faces: decodes and extracts.
        threshold: calibrated for 1:1.
        read_probe: lends the live photo, or several frames of one capture.
        read_reference: lends the reference photo.

    Raises:
        ImageRefused: a photo is not there.
    """
    reference = _extract(read_reference, lambda frames: faces.read_reference(frames[0]))
    if isinstance(reference, SeeOfficer):
        detail = reference.component or reference.reason.value
        return SeeOfficer(OfficerReason.NO_REFERENCE, detail)
    probe = _extract(read_probe, lambda frames: faces.read_capture(frames).joined.answer)
    if isinstance(probe, SeeOfficer):
        return probe
    if verify(Template(CLAIMED, reference.features), probe.features, threshold):
        return Matched(CLAIMED)
    return SeeOfficer(OfficerReason.NO_MATCH)


def _extract(
    read: Callable[[], Lent], extract: Callable[[tuple[Photo, ...]], Extraction | NotOnePerson]
) -> Extracted | SeeOfficer:
    frames: tuple[Photo, ...] = ()
    try:
        frames = frames_of(read())
        extraction = extract(frames)
    except ImageRefused as refusal:
        if refusal.reason == "missing":
            raise
        return SeeOfficer(OfficerReason.UNREADABLE_IMAGE, refusal.reason)
    except FairgateError:
        return SeeOfficer(OfficerReason.ENGINE_FAULT)
    finally:
        for frame in frames:
            frame.erase()
    match extraction:
        case Extracted():
            return extraction
        case NoFace():
            return SeeOfficer(OfficerReason.NO_FACE)
        case SeveralFaces() | NotOnePerson():
            return SeeOfficer(OfficerReason.SEVERAL_FACES)
        case PoorImage(component=component):
            return SeeOfficer(OfficerReason.POOR_IMAGE, component)
        case _ as unreachable:
            assert_never(unreachable)
