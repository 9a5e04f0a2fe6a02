"""Change the pack of a staged gallery: make its templates anew from their reference photos, then switch at once.

Until the switch everybody boards with the old templates. The new ones are kept apart, in a generation of their own, in
small transactions, so a run that was killed goes on where it stopped. A template is made anew only from the photo that
it was made of, byte for byte, which the proof sealed with it tells; nobody joins a gallery this way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fairgate.errors import NothingStaged, RecordExpired
from fairgate.rules.permission import Refusal
from fairgate.services.append_entry import Registrar
from fairgate.services.correction_records import standing_of
from fairgate.services.enrol_reference import ReferencePhoto, SealReferences, match_photos
from fairgate.services.faces import FaceReader
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Progress, Store, Vault
from fairgate.services.records import (
    FlightRecord,
    PassengerRecord,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)
from fairgate.services.reextraction_report import LeftOut, ReextractionReport, ReextractionState, unchanged
from fairgate.services.remake_templates import Remade, RemakeTemplates
from fairgate.services.sealed_forms import PhotoProof, proof_from_bytes
from fairgate.services.switch_generation import SwitchGeneration
from fairgate.vocabulary import Actor, Traveller

_ROWS_A_TRANSACTION = 16
EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class _Person:
    """One passenger whose templates are to be made anew."""

    passenger_ref: str
    traveller: Traveller | None
    proofs: Sequence[PhotoProof | None]
    photos: Sequence[ReferencePhoto]


class ReextractGallery:
    """Changes packs.

    Args:
        store: keeps both generations.
        vault: seals the new templates.
        faces: decodes and extracts, with the new pack.
        rules: decides who may be asked, and how long a record lives.
        registrar: appends to the ledger.
        open_gallery: opens what is sealed, each read entered in the ledger.
        clock: the present.
        entropy: keys of proofs, and the seed of the distractors.
        actor: who does it.
    """

    def __init__(
        self,
        *,
        store: Store,
        vault: Vault,
        faces: FaceReader,
        rules: LaneRules,
        registrar: Registrar,
        open_gallery: OpenGallery,
        clock: Clock,
        entropy: Entropy,
        actor: Actor,
    ) -> None:
        self._store = store
        self._seal = SealReferences(vault, rules)
        self._remake = RemakeTemplates(faces, entropy)
        self._switch = SwitchGeneration(
            store=store,
            seal=self._seal,
            rules=rules,
            registrar=registrar,
            open_gallery=open_gallery,
            clock=clock,
            entropy=entropy,
            actor=actor,
        )
        self._rules = rules
        self._open_gallery = open_gallery
        self._clock = clock

    def __call__(
        self,
        flight_key: str,
        photos: Sequence[ReferencePhoto],
        *,
        pack_digest: str,
        allow_fewer: bool = False,
        start_over: bool = False,
        set_aside: Sequence[str] = (),
        require_ready: Callable[[int], object] = lambda size: None,
        progress: Progress = lambda done, total: None,
    ) -> ReextractionReport:
        """Make what is missing of the new generation, and switch to it if nothing would be lost.

        Args:
            flight_key: which gallery.
            photos: the reference photos that it was staged from, in any order.
            pack_digest: of the pack that ``faces`` extracts with.
            allow_fewer: switch although templates have no successor.
            start_over: erase first what an unfinished change of pack has made.
            set_aside: what the table of photos held that could not be used, as ``code: text`` without names.
            require_ready: refuses a gallery of that size if it could not be boarded with the new pack.
            progress: told after each passenger.

        Raises:
            NothingStaged: there is no such complete gallery.
            StagingConflict: the gallery is on its way to another pack, nobody would be left, or another process
                switched or gave up meanwhile.
            LedgerFault: the switch could not be recorded, so it did not happen.
        """
        flight, rows = self._staged(flight_key)
        if flight.pack_digest == pack_digest:
            return unchanged(flight, rows)
        require_ready(sum(len(row.sealed_templates) for row in rows))
        with self._store.writing() as transaction:
            if start_over:
                transaction.abandon_reextraction(flight_key)
            under_way = transaction.begin_reextraction(flight_key, pack_digest, self._clock())
            complete = {row.passenger_ref for row in transaction.reextracted(flight_key) if not row.lost}
        enrolled = [row for row in rows if row.state is ReferenceState.ENROLLED and not row.synthetic]
        waiting = [row for row in enrolled if row.passenger_ref not in complete]
        progress(len(enrolled) - len(waiting), len(enrolled))
        findings = self._make(
            flight,
            under_way,
            waiting,
            photos,
            lambda done: progress(len(enrolled) - len(waiting) + done, len(enrolled)),
        )
        return self._finish(flight, under_way, [*set_aside, *findings], allow_fewer=allow_fewer)

    def _staged(self, flight_key: str) -> tuple[FlightRecord, Sequence[PassengerRecord]]:
        with self._store.reading() as transaction:
            flight, rows = transaction.flight(flight_key), transaction.passengers(flight_key)
        if flight is None or not flight.complete:
            raise NothingStaged(
                f"The flight {flight_key} has no complete gallery.", way_out="Run `fairgate stage` for it first."
            )
        return flight, rows

    def _make(
        self,
        flight: FlightRecord,
        under_way: Reextraction,
        waiting: Sequence[PassengerRecord],
        photos: Sequence[ReferencePhoto],
        progress: Callable[[int], None],
    ) -> list[str]:
        """Make and keep what became of everybody who waits, and return the findings."""
        travellers = self._open_gallery.travellers(waiting)
        photos_of, findings = match_photos(tuple(travellers.values()), photos)
        # Photos of whoever is not waiting are not looked for among the listed, so they are no finding.
        findings = [one for one in findings if not one.startswith("photo_not_listed")]
        proofs = self._proofs(flight, waiting)
        for start in range(0, len(waiting), _ROWS_A_TRANSACTION):
            made = []
            some = waiting[start : start + _ROWS_A_TRANSACTION]
            for done, row in enumerate(some, start=start + 1):
                ref = row.passenger_ref
                person = _Person(ref, travellers.get(ref), proofs.get(ref, ()), photos_of.get(ref, ()))
                result, said = self._passenger(flight, under_way, person)
                made.append(result)
                findings.extend(said)
                progress(done)
            with self._store.writing() as transaction:
                for result in made:
                    transaction.put_reextracted(result)
        return findings

    def _proofs(
        self, flight: FlightRecord, rows: Sequence[PassengerRecord]
    ) -> Mapping[str, Sequence[PhotoProof | None]]:
        """Return the proof of each template that still opens."""
        sealed = [(row.passenger_ref, envelope) for row in rows for envelope in row.sealed_templates]
        proofs: dict[str, list[PhotoProof | None]] = {}
        if sealed:
            for passenger_ref, content in self._open_gallery.contents(sealed, flight.pack_digest):
                proofs.setdefault(passenger_ref, []).append(proof_from_bytes(content))
        return proofs

    def _passenger(
        self, flight: FlightRecord, under_way: Reextraction, person: _Person
    ) -> tuple[ReextractedPassenger, Sequence[str]]:
        """Return what becomes of one passenger, and the findings about the photos."""

        def left_out(state: ReferenceState, reason: str | None, lost: int = 0) -> ReextractedPassenger:
            return ReextractedPassenger(
                flight.flight_key, under_way.generation, person.passenger_ref, state, lost=lost, reason=reason
            )

        if person.traveller is None or not person.proofs:
            return left_out(ReferenceState.NOT_ENROLLABLE, EXPIRED), ()
        match self._rules.may_ask(flight, person.traveller, self._clock()):
            case Refusal() as refusal:
                return left_out(ReferenceState.NOT_ASKED, refusal.rule_id), ()
            case _:
                pass
        remade = self._remake(person.passenger_ref, person.proofs, person.photos, under_way.pack_digest)
        if not remade.made:
            return left_out(ReferenceState.NOT_ENROLLABLE, remade.reason, remade.lost), remade.findings
        try:
            sealed = self._sealed(flight, under_way, remade, person.traveller)
        except RecordExpired:
            return left_out(ReferenceState.NOT_ENROLLABLE, EXPIRED), ()
        return (
            ReextractedPassenger(
                flight.flight_key,
                under_way.generation,
                person.passenger_ref,
                ReferenceState.ENROLLED,
                lost=remade.lost,
                reason=remade.reason,
                sealed_templates=sealed,
            ),
            remade.findings,
        )

    def _sealed(
        self, flight: FlightRecord, under_way: Reextraction, remade: Remade, traveller: Traveller
    ) -> tuple[bytes, ...]:
        """Seal the new templates until the deadline of a template made when staging began: nothing lives longer."""
        return self._seal.templates(
            flight,
            traveller.passenger_ref,
            remade.made,
            generation=under_way.generation,
            status=self._rules.status(traveller),
            since=flight.staged_at,
            exempt=self._rules.is_exempt(flight.port, flight.direction, traveller, flight.staged_at),
            no_later_than=self._until(flight, traveller.passenger_ref),
        )

    def _until(self, flight: FlightRecord, passenger_ref: str) -> datetime | None:
        """Return the deadline that an officer's correction set, if one did."""
        with self._store.reading() as transaction:
            standing = standing_of(transaction.corrections(flight.flight_key)).get(passenger_ref)
        return standing.template_erase_by if standing is not None else None

    def _finish(
        self, flight: FlightRecord, under_way: Reextraction, findings: Sequence[str], *, allow_fewer: bool
    ) -> ReextractionReport:
        """Switch, unless something would be lost that may not be."""
        with self._store.reading() as transaction:
            results = transaction.reextracted(flight.flight_key)
            synthetic = sum(row.synthetic for row in transaction.passengers(flight.flight_key))
        lost = sum(row.lost for row in results)
        erased = None if lost and not allow_fewer else self._switch(flight, under_way, results, findings)
        return ReextractionReport(
            flight_key=flight.flight_key,
            state=ReextractionState.WAITING if erased is None else ReextractionState.SWITCHED,
            from_pack=flight.pack_digest,
            to_pack=under_way.pack_digest,
            generation=under_way.generation,
            enrolled=sum(bool(row.sealed_templates) for row in results),
            templates=sum(len(row.sealed_templates) for row in results),
            lost=lost,
            left_out=tuple(LeftOut(row.passenger_ref, row.reason) for row in results if not row.sealed_templates),
            distractors=synthetic,
            erased=erased or 0,
            findings=tuple(findings),
        )
