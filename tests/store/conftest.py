"""Records to store, and the stores that must pass the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fairgate.services.ports import ReadTransaction, Store, WriteTransaction
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord, ReferenceState
from fairgate.store.memory import MemoryStore
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import Direction

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@pytest.fixture
def flight() -> FlightRecord:
    return FlightRecord(
        flight_key="FG420",
        direction=Direction.EXIT,
        port="BOS",
        list_sha256="11" * 32,
        pack_digest="22" * 32,
        rulebook_sha256="33" * 32,
        staged_at=NOW,
    )


@pytest.fixture
def crossing() -> Callable[..., CrossingRecord]:
    """A maker of crossings: the number is that of the ledger entry, and anything may be said otherwise."""

    def make(number: int, **otherwise: Any) -> CrossingRecord:
        made = CrossingRecord(
            crossing_id=f"crossing-{number}",
            flight_key="FG420",
            capture_key=f"capture-{number}",
            lane="B22",
            taken_at=NOW + timedelta(seconds=number),
            recorded_at=NOW + timedelta(seconds=number, milliseconds=180),
            outcome="match",
            reason="matched",
            component=None,
            passenger_ref=f"P{number:03d}",
            rule_id="exit-2025",
            threshold_id="fpir-0.003",
            reopens=None,
            had_photo=True,
            was_usable=True,
            salt=hashlib.sha256(str(number).encode()).digest(),
            ledger_index=number,
            sealed_photo=b"sealed photo %d" % number,
        )
        return replace(made, **otherwise)

    return make


@pytest.fixture
def append() -> Callable[[WriteTransaction], LedgerRow]:
    """Appends the next ledger entry with a frontier of the right form."""

    def append_next(transaction: WriteTransaction) -> LedgerRow:
        index = transaction.ledger_size()
        row = LedgerRow(index, b"leaf %d" % index, b"checkpoint %d" % index)
        nodes = (index + 1).bit_count()
        transaction.append_ledger(row, [hashlib.sha256(b"%d %d" % (index, node)).digest() for node in range(nodes)])
        return row

    return append_next


@pytest.fixture
def record(append: Callable[[WriteTransaction], LedgerRow]) -> Callable[[WriteTransaction, CrossingRecord], None]:
    """Adds a crossing together with its ledger entry, as services do."""

    def add(transaction: WriteTransaction, crossing: CrossingRecord) -> None:
        append(transaction)
        transaction.add_crossing(crossing)

    return add


@pytest.fixture
def enrolled() -> Callable[..., PassengerRecord]:
    """A maker of enrolled passengers."""

    def make(passenger_ref: str, flight_key: str = "FG420") -> PassengerRecord:
        return PassengerRecord(
            flight_key=flight_key,
            passenger_ref=passenger_ref,
            state=ReferenceState.ENROLLED,
            sealed_traveller=b"sealed traveller",
            sealed_templates=(b"sealed template",),
        )

    return make


@pytest.fixture
def seen() -> Callable[[Store], list[object]]:
    """Asks a store for all that a reader can see."""

    def ask(store: Store) -> list[object]:
        with store.reading() as transaction:
            return _everything(transaction)

    return ask


def _everything(transaction: ReadTransaction) -> list[object]:
    flights = transaction.flights()
    return [
        *flights,
        *(row for flight in flights for row in transaction.passengers(flight.flight_key)),
        *transaction.crossings(),
        *((flight.flight_key, transaction.stage_times(flight.flight_key)) for flight in flights),
        transaction.ledger_size(),
        tuple(transaction.ledger_frontier()),
        *transaction.ledger_rows(),
    ]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a database file will lie."""
    return tmp_path / "data" / "fairgate.sqlite3"


@pytest.fixture(params=["memory", "sqlite"])
def open_store(request: pytest.FixtureRequest, database: Path) -> Iterator[Callable[[float], Store]]:
    """Opens the store under test with the time to wait for a writer, in seconds."""
    opened: list[SqliteStore] = []

    def open_one(wait_for_writer_s: float) -> Store:
        if request.param == "memory":
            return MemoryStore(wait_for_writer_s=wait_for_writer_s)
        opened.append(SqliteStore.open(database, wait_for_writer_s=wait_for_writer_s))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[float], Store], flight: FlightRecord) -> Store:
    """A store with one staged flight."""
    store = open_store(30.0)
    with store.writing() as transaction:
        transaction.add_flight(flight)
    return store
