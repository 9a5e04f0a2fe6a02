"""Stage a flight: passenger list and reference photos become one named, bounded gallery.

Every listed passenger gets exactly one row that says what became of their reference; nobody is skipped silently. Rows
are written in small transactions, so a staging that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from fairgate.errors import EngineFault, ImageRefused, StagingConflict
from fairgate.face.pipeline import Extracted, NoFace, PoorImage, SeveralFaces
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.rules.permission import Permission, Refusal
from fairgate.services.append_entry import Registrar
from fairgate.services.distractors import synthetic_vectors
from fairgate.services.faces import FaceReader
from fairgate.services.open_gallery import OpenTemplates
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Progress, Store, Vault
from fairgate.services.records import FlightRecord, PassengerRecord, ReferenceState
from fairgate.services.sealed_forms import template_to_bytes, traveller_to_bytes
from fairgate.vocabulary import Actor, Features, Photo, RecordClass, Status, Traveller

_ROWS_A_TRANSACTION = 16


@dataclass(frozen=True, slots=True)
class ReferencePhoto:
    """A reference photo and the passenger it is said to show.

    Args:
        label: how a finding names it, e.g. the table's line; no personal data.
        issuer: state that issued the passenger's document.
        number: the document's number.
        read: lends the photo when its turn comes; raises ``ImageRefused``.
    """

    label: str
    issuer: str
    number: str
    read: Callable[[], Photo] = field(repr=False)


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
        findings: deviations in the list or the photos, without names.
    """

    flight_key: str
    listed: int
    enrolled: int
    not_enrolled: tuple[NotEnrolled, ...]
    unlisted_photos: int
    distractors: int
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
        self._vault = vault
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
        photo_of, findings = _match_photos(to_stage.travellers, photos)
        findings = [*to_stage.findings, *set_aside, *findings]
        unlisted = sum(finding.startswith("photo_not_listed") for finding in findings)
        with self._store.writing() as transaction:
            transaction.add_flight(replace(flight, complete=False))
            known = {row.passenger_ref for row in transaction.passengers(flight.flight_key)}
            staged = transaction.flight(flight.flight_key)
        waiting = [traveller for traveller in to_stage.travellers if traveller.passenger_ref not in known]
        done = len(to_stage.travellers) - len(waiting)
        progress(done, len(to_stage.travellers))
        for start in range(0, len(waiting), _ROWS_A_TRANSACTION):
            rows = []
            for traveller in waiting[start : start + _ROWS_A_TRANSACTION]:
                rows.append(self._enrol(flight, traveller, photo_of.get(traveller.passenger_ref)))
                done += 1
                progress(done, len(to_stage.travellers))
            with self._store.writing() as transaction:
                for row in rows:
                    transaction.put_passenger(row)
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
            findings=flight.findings,
        )

    def _enrol(self, flight: FlightRecord, traveller: Traveller, photo: ReferencePhoto | None) -> PassengerRecord:
        """Return the passenger's row."""
        now = self._clock()
        status = self._rules.status(traveller)
        sealed_traveller = self._seal(
            flight,
            traveller.passenger_ref,
            traveller_to_bytes(traveller),
            RecordClass.PASSENGER_LIST,
            status=status,
            now=now,
        )

        def row(state: ReferenceState, reason: str | None, template: bytes | None = None) -> PassengerRecord:
            return PassengerRecord(
                flight_key=flight.flight_key,
                passenger_ref=traveller.passenger_ref,
                state=state,
                reason=reason,
                sealed_traveller=sealed_traveller,
                sealed_template=template,
            )

        match self._rules.may_ask(flight, traveller, now):
            case Refusal() as refusal:
                return row(ReferenceState.NOT_ASKED, refusal.rule_id)
            case Permission():
                pass
        if photo is None:
            return row(ReferenceState.NO_PHOTO, None)
        features, reason = self._extract(photo)
        if features is None:
            return row(ReferenceState.NOT_ENROLLABLE, reason)
        sealed = self._seal(
            flight, traveller.passenger_ref, template_to_bytes(features), RecordClass.TEMPLATE, status=status, now=now
        )
        return row(ReferenceState.ENROLLED, None, sealed)

    def _extract(self, photo: ReferencePhoto) -> tuple[Features | None, str | None]:
        """Return the features, or why there are none; one bad photo keeps nobody else from being staged."""
        try:
            content = photo.read()
            try:
                extraction = self._faces.read_reference(content)
            finally:
                content.erase()
        except ImageRefused as refused:
            return None, f"image_{refused.reason}"
        except EngineFault:
            return None, "engine_fault"
        match extraction:
            case Extracted(features=features):
                return features, None
            case NoFace():
                return None, "no_face"
            case SeveralFaces():
                return None, "several_faces"
            case PoorImage(component=component):
                return None, f"poor_image_{component}"

    def _seal(
        self,
        flight: FlightRecord,
        passenger_ref: str,
        content: bytes,
        record_class: RecordClass,
        *,
        status: Status,
        now: datetime,
    ) -> bytes:
        return self._vault.seal(
            content,
            record_class=record_class,
            record_id=f"{flight.flight_key}/{passenger_ref}",
            crossing_id=flight.flight_key,
            erase_by=self._rules.erase_by(record_class, status, now),
        )

    def _top_up(self, flight: FlightRecord, size: int) -> None:
        with self._store.reading() as transaction:
            rows = transaction.passengers(flight.flight_key)
        missing = size - sum(row.state is ReferenceState.ENROLLED for row in rows)
        real = self._open_templates(flight, [row for row in rows if not row.synthetic]) if missing > 0 else ()
        if not real:
            return
        generator = np.random.Generator(np.random.PCG64(int.from_bytes(self._entropy(16), "big")))
        vectors = synthetic_vectors(missing, [template.features.vector for template in real], generator)
        taken = sum(row.synthetic for row in rows)
        now = self._clock()
        sealed = [
            self._seal(
                flight,
                f"D{taken + number:04d}",
                template_to_bytes(Features(flight.pack_digest, vector)),
                RecordClass.TEMPLATE,
                status=Status.UNKNOWN,
                now=now,
            )
            for number, vector in enumerate(vectors, start=1)
        ]
        with self._store.writing() as transaction:
            for number, envelope in enumerate(sealed, start=1):
                transaction.put_passenger(
                    PassengerRecord(
                        flight_key=flight.flight_key,
                        passenger_ref=f"D{taken + number:04d}",
                        state=ReferenceState.ENROLLED,
                        sealed_template=envelope,
                        synthetic=True,
                    )
                )

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
                    ("synthetic", len(rows) - len(listed)),
                ),
            )
            appended = self._registrar.append(transaction, entry)
        self._registrar.committed(appended)


def _match_photos(
    travellers: Sequence[Traveller], photos: Sequence[ReferencePhoto]
) -> tuple[dict[str, ReferencePhoto], list[str]]:
    """Join photos to passengers by document; photos of nobody listed and second photos become findings.

    A document that several passengers share, as an infant does a parent's, does not say whose face its photo shows:
    enrolling it would board one of them under the other's name.
    """
    holders: dict[tuple[str, str], set[str]] = {}
    for traveller in travellers:
        for document in traveller.documents:
            holders.setdefault((document.issuer, document.number), set()).add(traveller.passenger_ref)
    photo_of: dict[str, ReferencePhoto] = {}
    findings = []
    for photo in photos:
        holding = holders.get((photo.issuer, photo.number), set())
        passenger_ref = next(iter(holding), "")
        if not holding:
            findings.append(f"photo_not_listed: {photo.label} belongs to nobody on the list")
        elif len(holding) > 1:
            findings.append(f"photo_of_shared_document: {photo.label} could show any of {len(holding)} passengers")
        elif passenger_ref in photo_of:
            findings.append(f"second_photo: {photo.label} is a second photo of {passenger_ref}; the first is used")
        else:
            photo_of[passenger_ref] = photo
    return photo_of, findings
