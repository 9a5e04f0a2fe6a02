"""Records to rows and back."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row

from fairgate.errors import StoreFault
from fairgate.services.records import (
    CrossingRecord,
    FlightRecord,
    LedgerRow,
    PassengerRecord,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)
from fairgate.store.checks import HASH_BYTES
from fairgate.vocabulary import Direction, LaneKind

Values = dict[str, Any]


def flight_values(flight: FlightRecord) -> Values:
    """Return a flight's columns."""
    return {
        "flight_key": flight.flight_key,
        "direction": flight.direction.value,
        "port": flight.port,
        "list_sha256": flight.list_sha256,
        "pack_digest": flight.pack_digest,
        "rulebook_sha256": flight.rulebook_sha256,
        "staged_at_utc": flight.staged_at,
        "complete": flight.complete,
        "findings_json": json.dumps(flight.findings),
        "generation": flight.generation,
        "lane": flight.lane.value,
        "list_files_json": json.dumps(flight.list_files),
        "flights_json": json.dumps(flight.flights),
    }


def flight_record(row: Row[Any]) -> FlightRecord:
    """Return the flight of a row."""
    return FlightRecord(
        flight_key=row.flight_key,
        direction=Direction(row.direction),
        port=row.port,
        list_sha256=row.list_sha256,
        pack_digest=row.pack_digest,
        rulebook_sha256=row.rulebook_sha256,
        staged_at=row.staged_at_utc,
        complete=row.complete,
        findings=tuple(json.loads(row.findings_json)),
        generation=row.generation,
        lane=LaneKind(row.lane),
        list_files=tuple(json.loads(row.list_files_json)),
        flights=tuple(json.loads(row.flights_json)),
    )


def passenger_values(passenger: PassengerRecord) -> Values:
    """Return a gallery row's columns."""
    return {
        "flight_key": passenger.flight_key,
        "passenger_ref": passenger.passenger_ref,
        "state": passenger.state.value,
        "reason": passenger.reason,
        "sealed_traveller": passenger.sealed_traveller,
        "synthetic": passenger.synthetic,
        "mention": passenger.mention,
    }


def passenger_record(row: Row[Any], sealed_templates: tuple[bytes, ...]) -> PassengerRecord:
    """Return the gallery row of a row and its templates in force."""
    return PassengerRecord(
        flight_key=row.flight_key,
        passenger_ref=row.passenger_ref,
        state=ReferenceState(row.state),
        reason=row.reason,
        sealed_traveller=row.sealed_traveller,
        sealed_templates=sealed_templates,
        synthetic=row.synthetic,
        mention=row.mention,
    )


def template_values(
    flight_key: str, generation: int, passenger_ref: str, pack_digest: str, envelopes: tuple[bytes, ...]
) -> list[Values]:
    """Return the columns of one passenger's templates, numbered from 1."""
    return [
        {
            "flight_key": flight_key,
            "generation": generation,
            "passenger_ref": passenger_ref,
            "number": number,
            "pack_digest": pack_digest,
            "envelope": envelope,
        }
        for number, envelope in enumerate(envelopes, start=1)
    ]


def reextraction_record(row: Row[Any]) -> Reextraction:
    """Return the change of pack of a row."""
    return Reextraction(row.flight_key, row.generation, row.pack_digest, row.begun_at_utc)


def reextracted_values(passenger: ReextractedPassenger) -> Values:
    """Return the columns of what became of a passenger."""
    return {
        "flight_key": passenger.flight_key,
        "generation": passenger.generation,
        "passenger_ref": passenger.passenger_ref,
        "state": passenger.state.value,
        "lost": passenger.lost,
        "reason": passenger.reason,
    }


def reextracted_record(row: Row[Any], sealed_templates: tuple[bytes, ...]) -> ReextractedPassenger:
    """Return what became of a passenger."""
    return ReextractedPassenger(
        flight_key=row.flight_key,
        generation=row.generation,
        passenger_ref=row.passenger_ref,
        state=ReferenceState(row.state),
        lost=row.lost,
        reason=row.reason,
        sealed_templates=sealed_templates,
    )


def crossing_values(crossing: CrossingRecord) -> Values:
    """Return a crossing's columns."""
    return {
        "crossing_id": crossing.crossing_id,
        "flight_key": crossing.flight_key,
        "capture_key": crossing.capture_key,
        "lane": crossing.lane,
        "taken_at_utc": crossing.taken_at,
        "recorded_at_utc": crossing.recorded_at,
        "outcome": crossing.outcome,
        "reason": crossing.reason,
        "component": crossing.component,
        "passenger_ref": crossing.passenger_ref,
        "rule_id": crossing.rule_id,
        "threshold_id": crossing.threshold_id,
        "reopens": crossing.reopens,
        "had_photo": crossing.had_photo,
        "was_usable": crossing.was_usable,
        "salt": crossing.salt,
        "ledger_index": crossing.ledger_index,
        "sealed_photo": crossing.sealed_photo,
    }


def crossing_record(row: Row[Any]) -> CrossingRecord:
    """Return the crossing of a row."""
    return CrossingRecord(
        crossing_id=row.crossing_id,
        flight_key=row.flight_key,
        capture_key=row.capture_key,
        lane=row.lane,
        taken_at=row.taken_at_utc,
        recorded_at=row.recorded_at_utc,
        outcome=row.outcome,
        reason=row.reason,
        component=row.component,
        passenger_ref=row.passenger_ref,
        rule_id=row.rule_id,
        threshold_id=row.threshold_id,
        reopens=row.reopens,
        had_photo=row.had_photo,
        was_usable=row.was_usable,
        salt=_as_bytes(row.salt),
        ledger_index=row.ledger_index,
        sealed_photo=row.sealed_photo,
    )


def ledger_row(row: Row[Any]) -> LedgerRow:
    """Return the ledger entry of a row."""
    return LedgerRow(index=row.entry_index, leaf=_as_bytes(row.leaf), checkpoint=_as_bytes(row.checkpoint))


def _as_bytes(value: object) -> bytes:
    """Return a binary column's content, also where somebody else put text into it: the verifier must get to see it."""
    if isinstance(value, bytes):
        return value
    return str(value).encode("utf-8", "surrogateescape")


def frontier_nodes(hashes: bytes) -> tuple[bytes, ...]:
    """Return the hashes that lie end to end in one column.

    Raises:
        StoreFault: the length is not a multiple of a hash.
    """
    if len(hashes) % HASH_BYTES:
        raise StoreFault("The ledger's frontier is damaged.", way_out="Run `fairgate ledger verify`.")
    return tuple(hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES))
