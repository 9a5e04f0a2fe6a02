"""What is erased is gone from the files, not merely from the answers; the scan is shown to find what is still there."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fairgate.services.ports import WriteTransaction
from fairgate.services.records import CrossingRecord, FlightRecord, PassengerRecord, ReferenceState
from fairgate.store.sqlite import SqliteStore

Crossing = Callable[..., CrossingRecord]
Record = Callable[[WriteTransaction, CrossingRecord], None]

TEMPLATE_BYTES = 700
PHOTO_BYTES = 60_000
SCANNED_BYTES = 24


def envelope(name: str, size: int) -> bytes:
    """Bytes that occur nowhere else."""
    return hashlib.shake_256(name.encode()).digest(size)


def passenger(number: int) -> PassengerRecord:
    name = f"P{number:03d}"
    return PassengerRecord(
        "FG420",
        name,
        ReferenceState.ENROLLED,
        sealed_traveller=envelope(f"traveller {name}", 300),
        sealed_templates=(envelope(f"template {name}", TEMPLATE_BYTES),),
    )


def left_of(erased: bytes, folder: Path) -> int:
    """How many pieces of some bytes are still found in a folder's files, at any place."""
    files = [file.read_bytes() for file in sorted(folder.iterdir())]
    pieces = [erased[start : start + SCANNED_BYTES] for start in range(0, len(erased) - SCANNED_BYTES, SCANNED_BYTES)]
    return sum(any(piece in content for content in files) for piece in pieces)


def template(number: int) -> bytes:
    return envelope(f"template P{number:03d}", TEMPLATE_BYTES)


def photo(number: int) -> bytes:
    return envelope(f"photo {number}", PHOTO_BYTES)


@pytest.fixture
def store(database: Path, flight: FlightRecord, crossing: Crossing, record: Record) -> Iterator[SqliteStore]:
    """Sixty passengers and six crossings with photos, added in no particular order."""
    with SqliteStore.open(database) as store:
        with store.writing() as transaction:
            transaction.add_flight(flight)
        for half in (0, 1):
            with store.writing() as transaction:
                for number in range(30):
                    transaction.put_passenger(passenger((number * 7 + half * 30) % 60))
        for number in range(6):
            with store.writing() as transaction:
                record(transaction, crossing(number, sealed_photo=photo(number)))
        yield store


def test_a_withdrawn_template_is_in_no_file(store: SqliteStore, database: Path) -> None:
    """While the store stays open; the traveller's listed facts and everybody else's template are still found."""
    folder = database.parent
    pieces = left_of(template(8), folder)
    assert pieces == len(range(0, TEMPLATE_BYTES - SCANNED_BYTES, SCANNED_BYTES))
    with store.writing() as transaction:
        transaction.withdraw_reference("FG420", "P008", ReferenceState.OPTED_OUT)
    assert left_of(template(8), folder) == 0
    assert left_of(envelope("traveller P008", 300), folder) > 0
    assert [left_of(template(number), folder) for number in range(60) if number != 8] == [pieces] * 59


def test_photos_let_go_are_in_no_file(store: SqliteStore, database: Path, crossing: Crossing) -> None:
    """Photos span many pages; every page of those let go is overwritten, and none of those kept."""
    folder = database.parent
    whole = left_of(photo(5), folder)
    with store.writing() as transaction:
        assert transaction.erase_photos(crossing(3).recorded_at) == 3
    assert [left_of(photo(number), folder) for number in range(6)] == [0, 0, 0, whole, whole, whole]


def test_everything_erased_one_by_one_is_in_no_file(store: SqliteStore, database: Path, crossing: Crossing) -> None:
    """Whatever the pages look like after many erasures and new rows among them."""
    for number in range(0, 60, 2):
        with store.writing() as transaction:
            transaction.withdraw_reference("FG420", f"P{number:03d}", ReferenceState.OPTED_OUT)
            transaction.put_passenger(passenger(100 + number))
    left = [left_of(template(number), database.parent) for number in range(60)]
    assert all(pieces == 0 for pieces in left[0::2])
    assert all(pieces > 0 for pieces in left[1::2])


def test_a_reader_delays_the_erasure_no_longer_than_it_reads(store: SqliteStore, database: Path) -> None:
    """An older snapshot keeps the log alive; the next write transaction after it empties the log."""
    folder = database.parent
    with store.reading() as reader:
        reader.flights()
        with store.writing() as transaction:
            transaction.withdraw_reference("FG420", "P008", ReferenceState.OPTED_OUT)
        assert left_of(template(8), folder) > 0
        assert store.purge_log() is False
    with store.writing() as transaction:
        transaction.put_passenger(passenger(200))
    assert left_of(template(8), folder) == 0
    assert store.purge_log() is True


def test_an_erasure_that_a_crash_cut_short_is_finished_on_opening(
    store: SqliteStore, database: Path, tmp_path: Path
) -> None:
    """The commit was on disk, the log not yet emptied: opening the database empties it."""
    with store.reading() as reader:
        reader.flights()
        with store.writing() as transaction:
            transaction.withdraw_reference("FG420", "P008", ReferenceState.OPTED_OUT)
        crashed = shutil.copytree(database.parent, tmp_path / "crashed")
    (crashed / f"{database.name}-shm").unlink()
    assert left_of(template(8), crashed) > 0
    with SqliteStore.open(crashed / database.name) as reopened:
        assert left_of(template(8), crashed) == 0
        with reopened.reading() as transaction:
            assert transaction.reference_state("FG420", "P008") is ReferenceState.OPTED_OUT


def test_a_transaction_that_erases_nothing_leaves_the_log_alone(
    store: SqliteStore, database: Path, crossing: Crossing
) -> None:
    """Emptying the log costs time that a crossing does not have."""
    log = database.with_name(f"{database.name}-wal")
    assert store.purge_log() is True
    with store.writing() as transaction:
        transaction.put_passenger(passenger(200))
        transaction.withdraw_reference("FG420", "nobody", ReferenceState.OPTED_OUT)
        transaction.erase_photos(crossing(0).recorded_at - timedelta(days=1))
    assert log.stat().st_size > 0
