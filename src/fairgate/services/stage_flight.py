"""Stage a gallery: passenger lists and reference photos become one named, bounded set of references.

Every listed passenger gets exactly one row that says what became of their reference; nobody is skipped silently. Rows
are written in small transactions, so a staging that was killed goes on where it stopped. What later messages change in
a gallery that is staged already, :mod:`fairgate.services.change_list` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from fairgate.errors import InputRefused, StagingConflict
from fairgate.ledger.entry import Entry, EntryKind, ErasureReason
from fairgate.services.append_entry import Registrar
from fairgate.services.bookings import ListedAs
from fairgate.services.change_list import PlanChange, PlannedChange, cancelled
from fairgate.services.distractors import synthetic_features
from fairgate.services.enrol_passenger import EnrolPassenger
from fairgate.services.enrol_reference import ReferencePhoto, SealReferences, match_photos, within_bound
from fairgate.services.faces import FaceReader
from fairgate.services.keep_corrected import KeepCorrected
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Progress, Store, Vault, WriteTransaction
from fairgate.services.records import FlightRecord, LedgerRow, PassengerRecord, ReferenceState
from fairgate.services.staging_report import ListChange, StagingReport, report_staging
from fairgate.services.who_is_listed import Expected, require_knowable, who_is_listed
from fairgate.vocabulary import Actor, Status, Traveller

_ROWS_A_TRANSACTION = 16
_TRIES = 8
"""A boarding may note an opt-out while a change is prepared, which is then prepared anew."""
_KEPT_FINDING = "reference_not_used: "
"""Findings of single photos stay when the list changes; all others are found again."""


@dataclass(frozen=True, slots=True)
class FlightToStage:
    """A gallery as its lists describe it.

    Args:
        flight: the record to stage under; ``complete`` and ``findings`` are set here.
        travellers: everybody listed, references unique.
        findings: deviations found while reading the lists.
        listed_as: by reference, how the lists name somebody; whoever is not in it is known by the reference.
    """

    flight: FlightRecord
    travellers: Sequence[Traveller]
    findings: Sequence[str] = ()
    listed_as: Mapping[str, ListedAs] = field(default_factory=lambda: MappingProxyType({}))


class StageFlight:
    """Makes galleries, and takes over what later messages change in them.

    Args:
        store: keeps the rows.
        vault: seals travellers and templates.
        faces: decodes and extracts.
        rules: of the gallery's lane: decides who may be asked, and how long a record lives.
        registrar: appends to the ledger.
        open_gallery: opens what is sealed, each read entered in the ledger; for topping up and for changes alone.
        clock: the present.
        entropy: the seed of the distractors, and keys of the photos' proofs.
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
        open_gallery: OpenGallery,
        clock: Clock,
        entropy: Entropy,
        actor: Actor,
    ) -> None:
        self._store = store
        self._seal = SealReferences(vault, rules)
        self._enrol = EnrolPassenger(faces, rules, self._seal, clock=clock, entropy=entropy)
        self._plan = PlanChange(rules, self._seal)
        self._corrected = KeepCorrected(store, open_gallery)
        self._rules = rules
        self._registrar = registrar
        self._open_gallery = open_gallery
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
        require_ready: Callable[[int], object] = lambda references: None,
        progress: Progress = lambda done, total: None,
    ) -> StagingReport:
        """Enrol whom the rules and the photos allow, withdraw who is no longer listed, and report on everybody.

        Args:
            to_stage: the gallery and its travellers.
            photos: reference photos in any order.
            set_aside: what the table of photos held that could not be used, as ``code: text`` without names.
            top_up_to: fill the gallery with synthetic distractors to this size before it is complete; demonstrations
                only.
            require_ready: told how many references there will be at least, before any work is done; raises where no
                threshold is calibrated for so many.
            progress: told after each passenger.

        Raises:
            StagingConflict: the flight was staged from lists that these do not contain, or with another pack or
                rulebook, or for another lane, direction or port.
            InputRefused: nobody is listed, and nothing is staged that could be emptied.
            CalibrationMissing: as ``require_ready`` says.
            LedgerFault: the staging could not be recorded, so it did not happen.
        """
        flight = to_stage.flight
        with self._store.reading() as transaction:
            staged, rows = transaction.flight(flight.flight_key), transaction.passengers(flight.flight_key)
        if staged is None and not to_stage.travellers:
            raise InputRefused("Nobody is listed, so there is nothing to stage.")
        expected = self._expected(to_stage, rows)
        photos_of, findings, unlisted = _joined([one.traveller for one in expected], photos)
        require_ready(max(len(photos_of), top_up_to or 0))
        change = None
        if staged is not None and staged.list_sha256 != flight.list_sha256 and staged.files <= flight.files:
            change = self._take_over(to_stage, photos)
        else:
            with self._store.writing() as transaction:
                transaction.add_flight(replace(flight, complete=False))
        self._enrol_everybody(to_stage, photos_of, progress)
        if top_up_to is not None:
            self._top_up(flight.flight_key, top_up_to)
        self._complete(flight, [*to_stage.findings, *set_aside, *findings])
        return report_staging(self._store, flight.flight_key, unlisted_photos=unlisted, change=change)

    def _expected(self, to_stage: FlightToStage, rows: Sequence[PassengerRecord]) -> Sequence[Expected]:
        expected = who_is_listed(to_stage.travellers, to_stage.listed_as, rows)
        return self._corrected(to_stage.flight.flight_key, expected, rows)

    # --- Lists that changed -------------------------------------------------------------------------------------------

    def _take_over(self, to_stage: FlightToStage, photos: Sequence[ReferencePhoto]) -> ListChange | None:
        """Withdraw and change what later messages say, all at once; ``None`` where another process did it."""
        key = to_stage.flight.flight_key
        for _ in range(_TRIES):
            with self._store.reading() as reading:
                staged, rows = reading.flight(key), reading.passengers(key)
            if staged is None or staged.list_sha256 == to_stage.flight.list_sha256:
                return None
            require_knowable(rows)
            expected = self._expected(to_stage, rows)
            photos_of, _, _ = _joined([one.traveller for one in expected], photos)
            planned = self._plan(
                staged,
                rows,
                self._open_gallery.listed(rows),
                expected,
                pictured=frozenset(photos_of),
                standing=self._corrected.standing(key),
                now=self._clock(),
            )
            with self._store.writing() as transaction:
                if transaction.flight(key) != staged or list(transaction.passengers(key)) != list(rows):
                    continue
                change, appended = self._write(transaction, to_stage.flight, staged, rows, planned)
            self._registrar.committed(appended[-1])
            return change
        raise StagingConflict(
            f"The gallery {key} kept changing while its list was taken over.", way_out="Run it again."
        )

    def _write(
        self,
        transaction: WriteTransaction,
        offered: FlightRecord,
        staged: FlightRecord,
        rows: Sequence[PassengerRecord],
        planned: PlannedChange,
    ) -> tuple[ListChange, list[LedgerRow]]:
        """Write the whole change, with an entry that counts it and one for each reason why something was erased."""
        gone: list[PassengerRecord] = []
        boarded: list[PassengerRecord] = []
        for row in planned.gone:
            has_boarded = transaction.boarding_of(row.flight_key, row.passenger_ref) is not None
            (boarded if has_boarded else gone).append(row)
        findings = [finding for finding in staged.findings if finding.startswith(_KEPT_FINDING)]
        findings += [
            f"cancelled_after_boarding: {row.passenger_ref} is off the list and had boarded before" for row in boarded
        ]
        transaction.change_list(replace(offered, findings=tuple(findings)))
        erased: dict[ErasureReason, Counter[str]] = {}
        for row in gone:
            counted = erased.setdefault(ErasureReason.CANCELLED, Counter())
            counted["templates"] += transaction.replace_passenger(cancelled(row))
            counted["list_entries"] += row.sealed_traveller is not None
        for one in planned.rows:
            templates = transaction.replace_passenger(one.row)
            erased.setdefault(one.lost, Counter())["templates"] += templates
            erased.setdefault(ErasureReason.CORRECTION, Counter())["list_entries"] += one.resealed
        before = {row.passenger_ref: row for row in rows}
        lost = [one.row.state for one in planned.rows if before[one.row.passenger_ref].sealed_templates]
        change = ListChange(
            added=planned.added,
            cancelled=len(gone),
            changed=sum(one.resealed for one in planned.rows),
            not_asked=lost.count(ReferenceState.NOT_ASKED),
            enrolled_anew=lost.count(ReferenceState.WAITING),
            boarded=len(boarded),
        )
        entry = self._entry(EntryKind.STAGING, staged, (("lists", len(offered.files)), *change.counts()))
        appended = [self._registrar.append(transaction, entry)]
        for reason, counted in erased.items():
            if counts := tuple((name, count) for name, count in counted.items() if count):
                entry = self._entry(EntryKind.ERASURE, staged, counts, reason)
                appended.append(self._registrar.append(transaction, entry))
        return change, appended

    # --- Enrolment ----------------------------------------------------------------------------------------------------

    def _enrol_everybody(
        self, to_stage: FlightToStage, photos_of: Mapping[str, Sequence[ReferencePhoto]], progress: Progress
    ) -> None:
        """Give a row to everybody listed who has none, and enrol who waits."""
        key = to_stage.flight.flight_key
        with self._store.reading() as reading:
            staged, rows = reading.flight(key), reading.passengers(key)
        if staged is None:
            raise StagingConflict(f"The flight {key} is not staged.")
        states = {row.passenger_ref: row.state for row in rows}
        expected = self._expected(to_stage, rows)
        standing = self._corrected.standing(key)
        waiting = [
            one for one in expected if states.get(one.passenger_ref, ReferenceState.WAITING) is ReferenceState.WAITING
        ]
        done = len(expected) - len(waiting)
        progress(done, len(expected))
        for start in range(0, len(waiting), _ROWS_A_TRANSACTION):
            made, said = [], []
            for one in waiting[start : start + _ROWS_A_TRANSACTION]:
                row, of_photos = self._enrol(
                    staged, one, photos_of.get(one.passenger_ref, ()), standing.get(one.passenger_ref)
                )
                made.append(row)
                said.extend(of_photos)
                done += 1
                progress(done, len(expected))
            with self._store.writing() as transaction:
                self._require_same(transaction, staged)
                for row in made:
                    if transaction.reference_state(key, row.passenger_ref) is ReferenceState.WAITING:
                        transaction.replace_passenger(row)
                    else:
                        transaction.put_passenger(row)
                transaction.note_findings(key, said)

    def _require_same(self, transaction: WriteTransaction, staged: FlightRecord) -> None:
        """Refuse to add to a gallery whose list or pack another process changed meanwhile."""
        kept = transaction.flight(staged.flight_key)
        if kept is None or (kept.list_sha256, kept.generation) != (staged.list_sha256, staged.generation):
            raise StagingConflict(
                f"Another process changed the gallery {staged.flight_key} meanwhile.",
                way_out="Run it again with all the lists that there are now.",
            )

    def _top_up(self, flight_key: str, size: int) -> None:
        with self._store.reading() as transaction:
            flight, rows = transaction.flight(flight_key), transaction.passengers(flight_key)
        if flight is None or flight.complete:
            # A complete gallery is as the ledger's entry counts it; nothing joins it, not even after a withdrawal.
            return
        missing = size - sum(len(row.sealed_templates) for row in rows)
        listed = [row for row in rows if not row.synthetic]
        real = self._open_gallery.templates(flight, listed) if missing > 0 else ()
        if not real:
            return
        taken, now = sum(row.synthetic for row in rows), self._clock()
        made = [
            PassengerRecord(
                flight_key=flight_key,
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
            self._require_same(transaction, flight)
            for row in made:
                transaction.put_passenger(row)

    def _complete(self, flight: FlightRecord, findings: Sequence[str]) -> None:
        """Mark the gallery complete and record it, once."""
        with self._store.writing() as transaction:
            staged = transaction.flight(flight.flight_key)
            if staged is None or staged.complete:
                return
            if staged.list_sha256 != flight.list_sha256:
                self._require_same(transaction, replace(staged, list_sha256=flight.list_sha256))
            rows = transaction.passengers(flight.flight_key)
            listed = [row for row in rows if row.is_listed]
            transaction.mark_complete(flight.flight_key, findings)
            counts = (
                ("listed", len(listed)),
                ("enrolled", sum(row.state is ReferenceState.ENROLLED for row in listed)),
                ("templates", sum(len(row.sealed_templates) for row in listed)),
                ("synthetic", sum(row.synthetic for row in rows)),
            )
            appended = self._registrar.append(transaction, self._entry(EntryKind.STAGING, staged, counts))
        self._registrar.committed(appended)

    def _entry(
        self,
        kind: EntryKind,
        staged: FlightRecord,
        counts: tuple[tuple[str, int], ...],
        reason: ErasureReason | None = None,
    ) -> Entry:
        return Entry(
            kind=kind,
            at=self._clock(),
            actor=self._actor,
            purpose=self._rules.purpose,
            rulebook_sha256=self._rules.rulebook_sha256,
            pack_sha256=staged.pack_digest,
            reason=reason,
            counts=counts,
        )


def _joined(
    travellers: Sequence[Traveller], photos: Sequence[ReferencePhoto]
) -> tuple[Mapping[str, Sequence[ReferencePhoto]], list[str], int]:
    """Return everybody's photos, what is to be said of the others, and how many belong to nobody."""
    photos_of, unmatched = match_photos(travellers, photos)
    photos_of, beyond = within_bound(photos_of)
    unlisted = sum(finding.startswith("photo_not_listed") for finding in unmatched)
    return photos_of, [*unmatched, *beyond], unlisted
