"""Enrol one listed passenger: their row of the gallery, whatever becomes of their reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fairgate.ledger.commitment import whole_hour
from fairgate.rules.permission import Permission, Refusal
from fairgate.services.care_at_lane import is_older
from fairgate.services.correction_records import Standing
from fairgate.services.enrol_reference import ReferencePhoto, SealReferences, Unusable, Usable, read_reference
from fairgate.services.faces import FaceReader
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy
from fairgate.services.records import FlightRecord, PassengerRecord, ReferenceState
from fairgate.services.sealed_forms import PROOF_KEY_BYTES, PhotoProof
from fairgate.services.who_is_listed import Expected
from fairgate.vocabulary import OfficerReason, Photo


class EnrolPassenger:
    """Makes the rows of a gallery; writes nothing.

    Args:
        faces: decodes and extracts.
        rules: decides who may be asked.
        seal: seals facts and templates.
        clock: the present.
        entropy: keys of the photos' proofs.
    """

    def __init__(
        self, faces: FaceReader, rules: LaneRules, seal: SealReferences, *, clock: Clock, entropy: Entropy
    ) -> None:
        self._faces = faces
        self._rules = rules
        self._seal = seal
        self._clock = clock
        self._entropy = entropy

    def __call__(
        self,
        flight: FlightRecord,
        expected: Expected,
        photos: Sequence[ReferencePhoto],
        standing: Standing | None = None,
    ) -> tuple[PassengerRecord, list[str]]:
        """Return the passenger's row, and what is to be said of the photos.

        Args:
            flight: as staged.
            expected: the passenger.
            photos: said to show them; read only where the rulebook lets them be asked.
            standing: what an officer's corrections hold to; nothing of them lives longer.

        Raises:
            RecordExpired: what the list says of them may not be kept any more.
        """
        now = self._clock()
        traveller = expected.traveller
        status = self._rules.status(traveller)
        exempt = self._rules.is_exempt(flight.port, flight.direction, traveller, now)
        row = PassengerRecord(
            flight_key=flight.flight_key,
            passenger_ref=traveller.passenger_ref,
            state=ReferenceState.NO_PHOTO,
            sealed_traveller=self._seal.listed(
                flight,
                expected.listed,
                status=status,
                since=now,
                exempt=exempt,
                no_later_than=standing.list_erase_by if standing else None,
            ),
            mention=expected.mention,
        )
        match self._rules.may_ask(flight, traveller, now):
            case Refusal() as refusal:
                return replace(row, state=ReferenceState.NOT_ASKED, reason=refusal.rule_id), []
            case Permission():
                pass
        if not photos or (standing is not None and whole_hour(standing.template_erase_by) <= now):
            return row, []
        today = self._rules.day(now)
        longest = self._rules.care(now).longest_reference_age_years(traveller.born_on, today)
        young = [photo for photo in photos if not is_older(photo.taken_on, longest, today)]
        made, unusable = self._read_all(young)
        too_old = Unusable(OfficerReason.REFERENCE_TOO_OLD.value)
        unusable += [(photo, too_old) for photo in photos if photo not in young]
        findings = [
            f"reference_not_used: {photo.label} is not used for {traveller.passenger_ref}: {why.reason}"
            for photo, why in unusable
            if len(photos) > 1
        ]
        if not made:
            return replace(row, state=ReferenceState.NOT_ENROLLABLE, reason=unusable[0][1].reason), findings
        sealed = self._seal.templates(
            flight,
            traveller.passenger_ref,
            [(one.features, one.proof) for one in made],
            generation=flight.generation,
            status=status,
            since=now,
            exempt=exempt,
            no_later_than=standing.template_erase_by if standing else None,
        )
        return replace(row, state=ReferenceState.ENROLLED, sealed_templates=sealed), findings

    def _read_all(self, photos: Sequence[ReferencePhoto]) -> tuple[list[Usable], list[tuple[ReferencePhoto, Unusable]]]:
        """Return what each photo of one passenger gives; the same bytes given twice give one template."""
        made: list[Usable] = []
        unusable: list[tuple[ReferencePhoto, Unusable]] = []

        def prove(content: Photo) -> PhotoProof | Unusable:
            if any(one.proof.proves(content) for one in made):
                return Unusable("photo_repeated")
            return PhotoProof.of(content, self._entropy(PROOF_KEY_BYTES))

        for photo in photos:
            read = read_reference(self._faces, photo, prove)
            if isinstance(read, Usable):
                made.append(read)
            else:
                unusable.append((photo, read))
        return made, unusable
