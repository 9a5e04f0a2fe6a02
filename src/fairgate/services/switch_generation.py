"""Put a gallery's new generation in force, erase the old one, and record both: one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairgate.errors import RecordExpired, StagingConflict
from fairgate.ledger.entry import Entry, EntryKind, ErasureReason
from fairgate.services.append_entry import Registrar
from fairgate.services.distractors import synthetic_features
from fairgate.services.enrol_reference import SealReferences
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Store, WriteTransaction
from fairgate.services.records import (
    FlightRecord,
    LedgerRow,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)
from fairgate.services.sealed_forms import template_from_bytes
from fairgate.vocabulary import Actor, Features, Status


class SwitchGeneration:
    """Switches.

    Args:
        store: keeps both generations.
        seal: seals the new distractors.
        rules: names purpose and rulebook.
        registrar: appends to the ledger.
        open_gallery: opens the new templates, among which the distractors are drawn.
        clock: the present.
        entropy: the seed of the distractors.
        actor: who does it.
    """

    def __init__(
        self,
        *,
        store: Store,
        seal: SealReferences,
        rules: LaneRules,
        registrar: Registrar,
        open_gallery: OpenGallery,
        clock: Clock,
        entropy: Entropy,
        actor: Actor,
    ) -> None:
        self._store = store
        self._seal = seal
        self._rules = rules
        self._registrar = registrar
        self._open_gallery = open_gallery
        self._clock = clock
        self._entropy = entropy
        self._actor = actor

    def __call__(
        self,
        flight: FlightRecord,
        under_way: Reextraction,
        results: Sequence[ReextractedPassenger],
        findings: Sequence[str],
    ) -> int:
        """Return how many old templates were erased.

        Args:
            flight: as it was before.
            under_way: the change of pack.
            results: what became of everybody enrolled; somebody withdrawn since then is left out all the same.
            findings: to be noted with the flight.

        Raises:
            StagingConflict: nobody would be left, or another process switched or gave up meanwhile.
            LedgerFault: it could not be recorded, so it did not happen.
        """
        if not any(row.sealed_templates for row in results):
            raise StagingConflict(
                f"Nobody would be left in the gallery {flight.flight_key}.",
                way_out="Give the photos that it was staged from, or stage it in a new data folder.",
            )
        distractors = self._distractors(flight, under_way, results)
        with self._store.writing() as transaction:
            for row in distractors:
                transaction.put_reextracted(row)
            erased = transaction.switch_generation(flight.flight_key, under_way.generation)
            transaction.note_findings(flight.flight_key, findings)
            appended = self._record(transaction, flight, under_way, erased)
        self._registrar.committed(appended)
        return erased

    def _distractors(
        self, flight: FlightRecord, under_way: Reextraction, results: Sequence[ReextractedPassenger]
    ) -> list[ReextractedPassenger]:
        """Return new distractors in place of the old ones, drawn among the new templates."""
        with self._store.reading() as transaction:
            rows = transaction.passengers(flight.flight_key)
        synthetic = [row.passenger_ref for row in rows if row.synthetic]
        if not synthetic:
            return []
        sealed = [(row.passenger_ref, envelope) for row in results for envelope in row.sealed_templates]
        real = [
            template_from_bytes(content, passenger_ref=passenger_ref, pack_digest=under_way.pack_digest)
            for passenger_ref, content in self._open_gallery.contents(sealed, under_way.pack_digest)
        ]
        drawn = synthetic_features(len(synthetic), real, self._entropy) if real else ()
        try:
            return self._sealed(flight, under_way, zip(synthetic, drawn, strict=False))
        except RecordExpired:
            return []  # so have the old ones: no gallery holds them any more

    def _sealed(
        self, flight: FlightRecord, under_way: Reextraction, drawn: Iterable[tuple[str, Features]]
    ) -> list[ReextractedPassenger]:
        return [
            ReextractedPassenger(
                flight.flight_key,
                under_way.generation,
                passenger_ref,
                ReferenceState.ENROLLED,
                sealed_templates=self._seal.templates(
                    flight,
                    passenger_ref,
                    [(features, None)],
                    generation=under_way.generation,
                    status=Status.UNKNOWN,
                    since=flight.staged_at,
                ),
            )
            for passenger_ref, features in drawn
        ]

    def _record(
        self, transaction: WriteTransaction, flight: FlightRecord, under_way: Reextraction, erased: int
    ) -> LedgerRow:
        """Append what is in force now, with the new pack, and after it what is gone, with the old one."""
        rows = transaction.passengers(flight.flight_key)
        listed = [row for row in rows if not row.synthetic]
        now = self._clock()
        changed = self._registrar.append(
            transaction,
            Entry(
                kind=EntryKind.REEXTRACTION,
                at=now,
                actor=self._actor,
                purpose=self._rules.purpose,
                rulebook_sha256=self._rules.rulebook_sha256,
                pack_sha256=under_way.pack_digest,
                counts=(
                    ("listed", len(listed)),
                    ("enrolled", sum(row.state is ReferenceState.ENROLLED for row in listed)),
                    ("templates", sum(len(row.sealed_templates) for row in listed)),
                    ("synthetic", len(rows) - len(listed)),
                ),
            ),
        )
        return self._registrar.append(
            transaction,
            Entry(
                kind=EntryKind.ERASURE,
                at=now,
                actor=self._actor,
                purpose=self._rules.purpose,
                rulebook_sha256=self._rules.rulebook_sha256,
                pack_sha256=flight.pack_digest,
                reason=ErasureReason.SUPERSEDED,
                refers_to=changed.index,
                counts=(("templates", erased),),
            ),
        )
