"""Verify a passport by its chip: its data are what the state signed, and the person before the camera is its holder.

Where no list of passengers is known in advance, the chip's portrait is the reference. The act is recorded; neither the
chip's data nor a photo is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import assert_never

from fairgate.face.pack import CalibrationRecord
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.papers.chip.key_proof import ProofResult, not_shown
from fairgate.papers.chip.verdicts import PassiveStep, StepOutcome, StepResult
from fairgate.papers.document_facts import DocumentFacts
from fairgate.papers.trust.store import TrustStore
from fairgate.rules.permission import Permission, Refusal
from fairgate.services.examine_chip import NO_RECORD, Demands, Difference, ExaminedPapers, ReaderRecord, examine
from fairgate.services.faces import FaceReader, Lent
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock
from fairgate.services.record_without_list import UNNAMED, LanePlace, RecordWithoutList
from fairgate.services.trust_from_files import without_imaginary_state
from fairgate.services.verify_claim import CLAIMED, compare_photos
from fairgate.vocabulary import (
    Actor,
    Direction,
    NotAttempted,
    NotAttemptedReason,
    OfficerReason,
    Outcome,
    SeeOfficer,
    TravelDocument,
    Traveller,
)

UNREADABLE = "unreadable_file"
TEST_PAPERS = "test_papers"
"""Marks entries made while papers of the imaginary state were believed."""


@dataclass(frozen=True, slots=True)
class AtTheLane:
    """A person with a passport at a lane without a list.

    Args:
        files: what was read of the chip, by name.
        read_live: lends the live photo, or several frames of one capture; called only if a face may be compared.
        zone: the machine-readable zone as printed, where it was read; ``None`` where it was not.
        record: what the reader recorded of talking to the chip.
        direction: which way the border is crossed.
        port: location code of the lane; ``""`` where it is not known.
        declines: the person does not want their face compared.
        place: the lane, and the capture's key where it may be declined meanwhile.
    """

    files: Mapping[str, bytes] = field(repr=False)
    read_live: Callable[[], Lent] = field(repr=False)
    zone: str | None = field(default=None, repr=False)
    record: ReaderRecord = field(default=NO_RECORD, repr=False)
    direction: Direction = Direction.ENTRY
    port: str = ""
    declines: bool = False
    place: LanePlace = UNNAMED


@dataclass(frozen=True, slots=True)
class ChipVerified:
    """What became of one passport and its holder.

    Args:
        outcome: one of three; never a denial.
        rule_id: the rule that permitted or forbade comparing the face.
        steps: all of passive authentication in order, then those in which the chip shows its key.
        differences: between the printed zone, where it was given, and the chip.
        findings: deviations of the papers, counted.
        tests_only: papers of the imaginary state are believed; no such answer lets anybody cross.
        revocation_required: the answer would not be *match* without a whole and current revocation list.
        receipt: code of the receipt of whoever declined here; ``""`` for everybody else.
    """

    outcome: Outcome
    rule_id: str | None
    steps: tuple[StepResult | ProofResult, ...]
    differences: tuple[Difference, ...] = ()
    findings: int = 0
    tests_only: bool = False
    revocation_required: bool = False
    receipt: str = ""

    @property
    def revocation(self) -> StepResult | None:
        """Return the step that looks for the signer in revocation lists."""
        return next((one for one in self.steps if one.step is PassiveStep.REVOCATION), None)

    @property
    def not_shown(self) -> tuple[ProofResult, ...]:
        """Return the ways in which the chip could have shown that it is no copy, and was not asked."""
        return not_shown(one for one in self.steps if isinstance(one, ProofResult))


class VerifyChip:
    """Verifies passports at one lane.

    Args:
        threshold: calibrated for 1:1.
        faces: decodes in disposable processes, and extracts.
        rules: of the lane; name the purpose and who may be asked.
        trust: whom to believe; anchors of the imaginary state are not, unless the next argument says so.
        demands: of the chip. That minted passports are believed is for tests and demonstrations.
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
        trust: TrustStore,
        demands: Demands,
        record: RecordWithoutList,
        clock: Clock,
        actor: Actor,
    ) -> None:
        self._threshold = threshold
        self._faces = faces
        self._rules = rules
        self._trust = trust if demands.believes_imaginary_state else without_imaginary_state(trust)
        self._demands = demands
        self._tests_only = demands.believes_imaginary_state
        self._record = record
        self._clock = clock
        self._actor = actor

    def __call__(self, person: AtTheLane, *, pack: str) -> ChipVerified:
        """Return the outcome after it has been entered in the ledger.

        1. The chip's files are read.
        2. The rulebook says whether this person may be asked for a photograph; if not, no face is looked at.
        3. Passive authentication; what the security object does not cover is not used.
        4. What the reader recorded shows that the chip holds its private key; revocation was checked, if demanded.
        5. The printed zone, where there is one, is compared with the chip's.
        6. The document has not expired on the port's own day.
        7. The chip's portrait is compared with the live photo.

        The first that goes against a match decides the outcome; the papers are examined to the end in any case, since
        that takes no biometrics.

        Args:
            person: with their passport.
            pack: digest of the pack in use, for the ledger.

        Raises:
            PapersError: no file is a chip's, or the printed zone is none.
            ImageRefused: the live photo is not there.
            LedgerFault: the act could not be recorded, so there is no answer.
        """
        now = self._clock()
        day = self._rules.day(now)
        papers = examine(person.files, person.zone, self._trust, at=now, day=day, record=person.record)
        holder = _holder(papers.zone)
        try:
            answer = self._rules.may_ask_at(person.port, person.direction, holder, now, opted_out=person.declines)
            outcome, compared = self._decide(person, papers, answer, day)
        finally:
            for image in papers.chip.faces.images if papers.chip.faces is not None else ():
                image.photo.erase()
        rule_id, declined = answer.rule_id, answer if person.declines and isinstance(answer, Refusal) else None
        outcome, receipt = self._record(
            outcome,
            lambda settled: self._entry(papers, settled, rule_id, compared=compared, at=now, pack=pack),
            person.place,
            declined=declined,
            status=self._rules.status(holder),
            actor=self._actor,
            now=now,
        )
        return ChipVerified(
            outcome,
            rule_id,
            (*papers.authentication.steps, *papers.proofs),
            papers.differences,
            papers.findings,
            self._tests_only,
            self._demands.revocation,
            receipt,
        )

    def _decide(
        self, person: AtTheLane, papers: ExaminedPapers, answer: Permission | Refusal, day: date
    ) -> tuple[Outcome, bool]:
        """Return the outcome, and whether faces were compared."""
        match answer:
            case Refusal(rule_id=rule_id):
                reason = NotAttemptedReason.OPTED_OUT if person.declines else NotAttemptedReason.RULE_FORBIDS
                return NotAttempted(reason, rule_id), False
            case Permission():
                pass
            case _ as unreachable:
                assert_never(unreachable)
        doubt = papers.doubt(day, self._demands)
        if doubt is not None:
            return doubt, False
        faces = papers.chip.faces
        if faces is None:
            return SeeOfficer(OfficerReason.NO_REFERENCE, UNREADABLE), False
        portrait = faces.images[0].photo
        return compare_photos(self._faces, self._threshold, person.read_live, lambda: portrait), True

    def _entry(
        self, papers: ExaminedPapers, outcome: Outcome, rule_id: str | None, *, compared: bool, at: datetime, pack: str
    ) -> Entry:
        codes = {step.code for step in papers.authentication.failed} | {str(one.code) for one in papers.differences}
        codes |= {one.code for one in papers.proofs if one.outcome is StepOutcome.FAILED}
        return Entry(
            kind=EntryKind.CROSSING,
            at=at,
            actor=self._actor,
            purpose=self._rules.purpose,
            rule_id=rule_id,
            rulebook_sha256=self._rules.rulebook_sha256,
            pack_sha256=pack,
            threshold_id=self._threshold.id if compared else None,
            outcome=outcome.kind,
            reason=outcome.reason,
            counts=tuple((code, 1) for code in (*codes, *((TEST_PAPERS,) if self._tests_only else ()))),
        )


def _holder(zone: DocumentFacts | None) -> Traveller:
    """Return what the chip says of its holder, as far as permission needs it; of an unreadable chip, nothing."""
    if zone is None:
        return Traveller(CLAIMED, "", "")
    return Traveller(
        CLAIMED,
        "",
        "",
        born_on=zone.born.exact if zone.born is not None else None,
        nationality=zone.nationality,
        documents=(TravelDocument(zone.document_code, zone.number, zone.issuer, zone.expires_on),),
    )
