"""Stage a flight: passenger list and reference photos become one named, bounded gallery.

Every listed passenger gets exactly one row that says what became of their reference; nobody is skipped silently. Rows
are written in small transactions, so a staging that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fairgate.errors import StagingConflict
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.rules.permission import Permission, Refusal
from fairgate.services.append_entry import Registrar
from fairgate.services.distractors import synthetic_features
from fairgate.services.enrol_reference import (
    ReferencePhoto,
    SealReferences,
    Unusable,
    Usable,
    match_photos,
    read_reference,
    within_bound,
)
from fairgate.services.faces import FaceReader
from fairgate.services.open_gallery import OpenTemplates
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Progress, Store, Vault
from fairgate.services.records import FlightRecord, PassengerRecord, ReferenceState
from fairgate.services.sealed_forms import PROOF_KEY_BYTES, PhotoProof, traveller_to_bytes
from fairgate.vocabulary import Actor, Photo, RecordClass, Status, Traveller

_ROWS_A_TRANSACTION = 16


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """A listed passenger without a reference in the gallery.

    Args:
        passenger_ref: who, opaquely.
        state: why.
        reason: stable reason or rule id.
    """

    passenger_ref: str
    state: ReferenceState
    reason: str | None


@dataclass(frozen=True, slots=True)
class StagingReport:
    """What staging did.

    Args:
        flight_key: names the gallery.
        listed: passengers on the list.
        enrolled: of them, with a reference in the gallery.
        not_enrolled: all the others.
        unlisted_photos: reference photos that belong to nobody on the list; none of them was opened.
        distractors: synthetic rows.
        templates: reference templates of those enrolled; a passenger may have several.
        findings: deviations in the list or the photos, without names.
    """

    flight_key: str
    listed: int
    enrolled: int
    not_enrolled: tuple[NotEnrolled, ...]
    unlisted_photos: int
    distractors: int
    templates: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlightToStage:
    """A flight as its list describes it.

    Args:
        flight: the record to stage under; ``complete`` and ``findings`` are set here.
        travellers: everybody listed, references unique.
        findings: deviations found while reading the list.
    """

    flight: FlightRecord
    travellers: Sequence[Traveller]
    findings: Sequence[str] = ()


class StageFlight:
    """Makes galleries.

    Args:
        store: keeps the rows.
        vault: seals travellers and templates.
        faces: decodes and extracts.
        rules: decides who may be asked, and how long a record lives.
        registrar: appends to the ledger.
        open_templates: opens sealed templates, each read entered in the ledger; only for topping up.
        clock: the present.
        entropy: the seed of the distractors.
        actor: who stages.
    """

    def __init__(
        self,
        *,
        store: Store,
        vault: Vault,
        faces: FaceReader,
        rules: LaneRules,
        registrar: Registrar,
        open_templates: OpenTemplates,
        clock: Clock,
        entropy: Entropy,
        actor: Actor,
    ) -> None:
        self._store = store
        self._seal = SealReferences(vault, rules)
        self._faces = faces
        self._rules = rules
        self._registrar = registrar
        self._open_templates = open_templates
        self._clock = clock
        self._entropy = entropy
        self._actor = actor

    def __call__(
        self,
        to_stage: FlightToStage,
        photos: Sequence[ReferencePhoto],
        *,
        set_aside: Sequence[str] = (),
        top_up_to: int | None = None,
        progress: Progress = lambda done, total: None,
    ) -> StagingReport:
        """Enrol whom the rules and the photos allow, and report on everybody.

        Args:
            to_stage: the flight and its travellers.
            photos: reference photos in any order.
            set_aside: what the table of photos held that could not be used, as ``code: text`` without names.
            top_up_to: fill the gallery with synthetic distractors to this size before it is complete; demonstrations
                only.
            progress: told after each passenger.

        Raises:
            StagingConflict: the flight was staged from another list, pack or rulebook.
            LedgerFault: the staging could not be recorded, so it did not happen.
        """
        flight = to_stage.flight
        photos_of, unmatched = match_photos(to_stage.travellers, photos)
        photos_of, beyond = within_bound(photos_of)
        findings = [*to_stage.findings, *set_aside, *unmatched, *beyond]
        unlisted = sum(finding.startswith("photo_not_listed") for finding in unmatched)
        with self._store.writing() as transaction:
            transaction.add_flight(replace(flight, complete=False))
            known = {row.passenger_ref for row in transaction.passengers(flight.flight_key)}
            staged = transaction.flight(flight.flight_key)
        waiting = [traveller for traveller in to_stage.travellers if traveller.passenger_ref not in known]
        done = len(to_stage.travellers) - len(waiting)
        progress(done, len(to_stage.travellers))
        for start in range(0, len(waiting), _ROWS_A_TRANSACTION):
            rows, said = [], []
            for traveller in waiting[start : start + _ROWS_A_TRANSACTION]:
                row, of_photos = self._enrol(flight, traveller, photos_of.get(traveller.passenger_ref, ()))
                rows.append(row)
                said.extend(of_photos)
                done += 1
                progress(done, len(to_stage.travellers))
            with self._store.writing() as transaction:
                for row in rows:
                    transaction.put_passenger(row)
                transaction.note_findings(flight.flight_key, said)
        if top_up_to is not None and not (staged and staged.complete):
            # A complete gallery is as the ledger's entry counts it; nothing joins it, not even after a withdrawal.
            self._top_up(flight, top_up_to)
        self._complete(flight, findings)
        return self.report(flight.flight_key, unlisted)

    def report(self, flight_key: str, unlisted_photos: int = 0) -> StagingReport:
        """Return what is staged for a flight.

        Raises:
            StagingConflict: nothing is.
        """
        with self._store.reading() as transaction:
            flight = transaction.flight(flight_key)
            rows = transaction.passengers(flight_key)
        if flight is None:
            raise StagingConflict(f"The flight {flight_key} is not staged.")
        listed = [row for row in rows if not row.synthetic]
        return StagingReport(
            flight_key=flight_key,
            listed=len(listed),
            enrolled=sum(row.state is ReferenceState.ENROLLED for row in listed),
            not_enrolled=tuple(
                NotEnrolled(row.passenger_ref, row.state, row.reason)
                for row in listed
                if row.state is not ReferenceState.ENROLLED
            ),
            unlisted_photos=unlisted_photos,
            distractors=len(rows) - len(listed),
            templates=sum(len(row.sealed_templates) for row in listed),
            findings=flight.findings,
        )

    def _enrol(
        self, flight: FlightRecord, traveller: Traveller, photos: Sequence[ReferencePhoto]
    ) -> tuple[PassengerRecord, list[str]]:
        """Return the passenger's row, and what is to be said of the photos."""
        now = self._clock()
        status = self._rules.status(traveller)
        row = PassengerRecord(
            flight_key=flight.flight_key,
            passenger_ref=traveller.passenger_ref,
            state=ReferenceState.NO_PHOTO,
            sealed_traveller=self._seal.record(
                flight,
                traveller.passenger_ref,
                traveller_to_bytes(traveller),
                RecordClass.PASSENGER_LIST,
                status=status,
                since=now,
            ),
        )
        match self._rules.may_ask(flight, traveller, now):
            case Refusal() as refusal:
                return replace(row, state=ReferenceState.NOT_ASKED, reason=refusal.rule_id), []
            case Permission():
                pass
        if not photos:
            return row, []
        made, unusable = self._read_all(photos)
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

    def _top_up(self, flight: FlightRecord, size: int) -> None:
        with self._store.reading() as transaction:
            rows = transaction.passengers(flight.flight_key)
        missing = size - sum(len(row.sealed_templates) for row in rows)
        real = self._open_templates(flight, [row for row in rows if not row.synthetic]) if missing > 0 else ()
        if not real:
            return
        taken, now = sum(row.synthetic for row in rows), self._clock()
        made = [
            PassengerRecord(
                flight_key=flight.flight_key,
                passenger_ref=f"D{number:04d}",
                state=ReferenceState.ENROLLED,
                sealed_templates=self._seal.templates(
                    flight,
                    f"D{number:04d}",
                    [(features, None)],
                    generation=flight.generation,
                    status=Status.UNKNOWN,
                    since=now,
                ),
                synthetic=True,
            )
            for number, features in enumerate(synthetic_features(missing, real, self._entropy), start=taken + 1)
        ]
        with self._store.writing() as transaction:
            for row in made:
                transaction.put_passenger(row)

    def _complete(self, flight: FlightRecord, findings: Sequence[str]) -> None:
        """Mark the gallery complete and record it, once."""
        with self._store.writing() as transaction:
            staged = transaction.flight(flight.flight_key)
            if staged is not None and staged.complete:
                return
            rows = transaction.passengers(flight.flight_key)
            listed = [row for row in rows if not row.synthetic]
            transaction.mark_complete(flight.flight_key, findings)
            entry = Entry(
                kind=EntryKind.STAGING,
                at=self._clock(),
                actor=self._actor,
                purpose=self._rules.purpose,
                rulebook_sha256=flight.rulebook_sha256,
                pack_sha256=flight.pack_digest,
                counts=(
                    ("listed", len(listed)),
                    ("enrolled", sum(row.state is ReferenceState.ENROLLED for row in listed)),
                    ("templates", sum(len(row.sealed_templates) for row in listed)),
                    ("synthetic", len(rows) - len(listed)),
                ),
            )
            appended = self._registrar.append(transaction, entry)
        self._registrar.committed(appended)
