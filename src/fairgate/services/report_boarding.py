"""Gather what the report of one boarding says, from the store and, in a demonstration, from the truth."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from fairgate.face.pack import Pack
from fairgate.gallery.flight_gallery import FlightGallery
from fairgate.ledger.manual_codes import OpenedReason, UndoReason
from fairgate.measure.boarding import BoardingFigures, CrossingSeen, CrossingTruth, boarding_figures
from fairgate.measure.boarding_report import (
    BoardingReport,
    FlightFacts,
    GalleryFacts,
    LedgerFacts,
    PackFacts,
    ReferenceLeftOut,
    RulebookFacts,
)
from fairgate.measure.endings import count_bands, count_endings
from fairgate.measure.histogram import ScoreHistogram, score_histogram
from fairgate.services.board_traveller import Thresholds
from fairgate.services.manual_counts import cases_of
from fairgate.services.manual_records import UndoRecord
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.ports import Clock, ReadTransaction, Store
from fairgate.services.records import CrossingRecord, PassengerRecord, ReferenceState
from fairgate.vocabulary import Features, NotAttempted, NotAttemptedReason, SeeOfficer

STAGES = ("decode", "detect", "landmarks", "align", "quality", "embed", "search", "seal", "record", "total")
"""The stages of a crossing, in the order in which they run."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Who really walked up; known in a demonstration only.

    Args:
        source: one sentence saying where the people are from.
        of_capture: capture key to the truth about it.
        features: capture key to the features extracted; they never leave the process.
    """

    source: str
    of_capture: Mapping[str, CrossingTruth]
    features: Mapping[str, Features]


@dataclass(frozen=True, slots=True)
class InForce:
    """What the boarding ran under.

    Args:
        pack: the models.
        thresholds: the calibration records in use.
        rulebook_id: e.g. ``"us-cbp"``.
        rulebook_sha256: hex digest.
        match_floor: share of comparisons that the rulebook wants matched, in (0, 1).
        origin: the ledger's name.
        rulebook_adopted: ``False`` in demo mode.
        band_of: passenger reference to band of age, for everybody listed; none where bands are not reported.
    """

    pack: Pack
    thresholds: Thresholds
    rulebook_id: str
    rulebook_sha256: str
    match_floor: float
    origin: str
    rulebook_adopted: bool = True
    band_of: Mapping[str, str] = field(default_factory=dict)


class ReportBoarding:
    """Makes reports of boardings.

    Args:
        store: holds crossings, gallery and ledger.
        clock: the present.
        made_by: program and version.
    """

    def __init__(self, *, store: Store, clock: Clock, made_by: str) -> None:
        self._store = store
        self._clock = clock
        self._made_by = made_by

    def __call__(
        self, opened: OpenedFlight, in_force: InForce, *, truth: Truth | None = None, command: str = ""
    ) -> BoardingReport:
        """Return everything that the report says about one flight.

        Args:
            opened: the flight with its gallery.
            in_force: pack, thresholds and rulebook.
            truth: who really walked up, where that is known.
            command: what to run to make the report again.
        """
        flight = opened.flight
        with self._store.reading() as transaction:
            crossings = tuple(transaction.crossings(flight.flight_key))
            rows = transaction.passengers(flight.flight_key)
            times = transaction.stage_times(flight.flight_key)
            ledger = _ledger_facts(transaction, in_force.origin)
            cases = cases_of(transaction, flight.flight_key, self._clock())
            undone = {undo.crossing_id: undo for undo in transaction.undos(flight.flight_key)}
        identification = in_force.thresholds.identification
        claims_compared = any(crossing.threshold_id == in_force.thresholds.verification.id for crossing in crossings)
        return BoardingReport(
            flight=FlightFacts(
                flight_key=flight.flight_key,
                direction=flight.direction.value,
                port=flight.port,
                staged_at=flight.staged_at,
                list_findings=flight.findings,
            ),
            figures=_figures(_seen(crossings, undone, truth), rows, times, floor=in_force.match_floor),
            gallery=_gallery_facts(rows),
            pack=_pack_facts(in_force.pack),
            thresholds=(identification, in_force.thresholds.verification) if claims_compared else (identification,),
            rulebook=RulebookFacts(
                id=in_force.rulebook_id,
                sha256=in_force.rulebook_sha256,
                rules=tuple(sorted(Counter(one.rule_id for one in crossings if one.rule_id).items())),
                adopted=in_force.rulebook_adopted,
            ),
            ledger=ledger,
            made_at=self._clock(),
            made_by=self._made_by,
            command=command,
            demonstration=truth.source if truth else "",
            scores=_histogram(_still_enrolled(opened, rows), truth, identification.threshold) if truth else None,
            endings=count_endings(cases),
            bands=count_bands(cases, in_force.band_of, _enrolled(rows)),
        )


def _seen(
    crossings: Sequence[CrossingRecord], undone: Mapping[str | None, UndoRecord], truth: Truth | None
) -> list[CrossingSeen]:
    """Return the crossings as they stand today."""
    endings = [_as_it_stands(crossing, undone.get(crossing.crossing_id)) for crossing in crossings]
    return [
        CrossingSeen(
            outcome=outcome,
            reason=reason,
            component=crossing.component,
            passenger_ref=crossing.passenger_ref,
            had_photo=crossing.had_photo,
            was_usable=crossing.was_usable,
            truth=truth.of_capture.get(crossing.capture_key) if truth else None,
        )
        for crossing, (outcome, reason) in zip(crossings, endings, strict=True)
    ]


def _as_it_stands(crossing: CrossingRecord, undo: UndoRecord | None) -> tuple[str, str]:
    """Return outcome and reason; a match that was taken back went to an officer, or was declined after it was made."""
    if undo is None:
        return crossing.outcome, crossing.reason
    if undo.reason is UndoReason.OPTED_OUT:
        return NotAttempted.kind, NotAttemptedReason.OPTED_OUT.value
    return SeeOfficer.kind, OpenedReason.MATCH_UNDONE.value


def _enrolled(rows: Sequence[PassengerRecord]) -> frozenset[str]:
    return frozenset(row.passenger_ref for row in rows if row.state is ReferenceState.ENROLLED and not row.synthetic)


def _figures(
    seen: Sequence[CrossingSeen],
    rows: Sequence[PassengerRecord],
    times: Mapping[str, Sequence[float]],
    *,
    floor: float,
) -> BoardingFigures:
    ordered = [*(stage for stage in STAGES if stage in times), *(stage for stage in times if stage not in STAGES)]
    return boarding_figures(seen, _enrolled(rows), {stage: times[stage] for stage in ordered}, floor=floor)


def _gallery_facts(rows: Sequence[PassengerRecord]) -> GalleryFacts:
    listed = [row for row in rows if not row.synthetic]
    left_out = [row for row in listed if row.state is not ReferenceState.ENROLLED]
    return GalleryFacts(
        listed=len(listed),
        enrolled=len(listed) - len(left_out),
        synthetic=len(rows) - len(listed),
        left_out=tuple(ReferenceLeftOut(row.passenger_ref, row.state.value, row.reason) for row in left_out),
    )


def _pack_facts(pack: Pack) -> PackFacts:
    return PackFacts(
        id=pack.id,
        title=pack.title,
        digest=pack.digest,
        licences=tuple((stage, model.licence) for stage, model in pack.models().items()),
    )


def _ledger_facts(transaction: ReadTransaction, origin: str) -> LedgerFacts:
    last = deque(transaction.ledger_rows(), maxlen=1)
    if not last:
        return LedgerFacts(origin=origin, size=0, root="")
    newest = last[0]
    root = newest.checkpoint.split(b"\n")[2].decode()  # a checkpoint's third line: C2SP tlog-checkpoint
    return LedgerFacts(origin=origin, size=newest.index + 1, root=root)


def _still_enrolled(opened: OpenedFlight, rows: Sequence[PassengerRecord]) -> FlightGallery:
    """Return the gallery without those who opted out since it was opened: nothing is compared with them any more."""
    gallery = opened.gallery
    enrolled = {row.passenger_ref for row in rows if row.state is ReferenceState.ENROLLED}
    for passenger_ref in opened.gallery.passenger_refs:
        if passenger_ref not in enrolled:
            gallery = gallery.without(passenger_ref)
    return gallery


def _histogram(gallery: FlightGallery, truth: Truth, threshold: float) -> ScoreHistogram | None:
    """Bin every comparison of a rated capture with a real reference; a repeated or identical photo proves nothing."""
    mated, non_mated = [], []
    met: set[str] = set()
    refs = gallery.passenger_refs
    for capture_key, features in truth.features.items():
        known = truth.of_capture.get(capture_key)
        if known is None or known.same_photo or known.passenger_ref in met:
            continue
        scores = gallery.scores(features)
        own = np.array([ref == known.passenger_ref for ref in refs], dtype=bool)
        mated.append(scores[own])
        non_mated.append(scores[~own])
        if known.passenger_ref is not None:
            met.add(known.passenger_ref)
    if not mated:
        return None
    return score_histogram(np.concatenate(mated), np.concatenate(non_mated), threshold)
