"""What any store must do, first part: flights, passengers and crossings as fairgate.services.ports describes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fairgate.errors import AlreadyRecorded, LedgerFault, StagingConflict, StoreFault
from fairgate.services.ports import Store, WriteTransaction
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord, ReferenceState
from fairgate.vocabulary import Direction

Crossing = Callable[..., CrossingRecord]
Append = Callable[[WriteTransaction], LedgerRow]
Record = Callable[[WriteTransaction, CrossingRecord], None]
Enrolled = Callable[..., PassengerRecord]
Seen = Callable[[Store], list[object]]

NODE = bytes(32)
NO_MOMENT = datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None)


# --- Flights and passengers ---------------------------------------------------------------------------------------


def test_a_flight_is_read_back_as_it_was_staged(store: Store, flight: FlightRecord) -> None:
    """Zone and microseconds survive; a flight that was not staged is None."""
    east = timezone(timedelta(hours=5, minutes=30))
    staged_at = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=east)
    other = replace(flight, flight_key="FG7", direction=Direction.ENTRY, staged_at=staged_at, findings=("a: ü", "b"))
    with store.writing() as transaction:
        transaction.add_flight(other)
    with store.reading() as transaction:
        kept = transaction.flight("FG7")
        assert kept == other
        assert kept is not None
        assert kept.staged_at.utcoffset() is not None
        assert transaction.flight("FG8") is None


def test_flights_are_listed_oldest_first(store: Store, flight: FlightRecord) -> None:
    """By moment, not by the clock on some wall; by key where two are of the same moment."""
    west = timezone(timedelta(hours=-8))
    with store.writing() as transaction:
        transaction.add_flight(replace(flight, flight_key="LATE", staged_at=flight.staged_at.astimezone(west)))
        transaction.add_flight(replace(flight, flight_key="EARLY", staged_at=flight.staged_at - timedelta(seconds=1)))
    with store.reading() as transaction:
        assert [row.flight_key for row in transaction.flights()] == ["EARLY", "FG420", "LATE"]


def test_staging_from_the_same_again_changes_nothing(store: Store, flight: FlightRecord) -> None:
    """The first staging's time and findings stay."""
    with store.writing() as transaction:
        transaction.mark_complete("FG420", ["kept"])
        transaction.add_flight(replace(flight, staged_at=flight.staged_at + timedelta(hours=1), findings=("new",)))
    with store.reading() as transaction:
        assert transaction.flight("FG420") == replace(flight, complete=True, findings=("kept",))


@pytest.mark.parametrize(
    "otherwise",
    [
        {"list_sha256": "44" * 32},
        {"pack_digest": "44" * 32},
        {"rulebook_sha256": "44" * 32},
        {"direction": Direction.ENTRY},
        {"port": "JFK"},
    ],
)
def test_staging_from_something_else_is_a_conflict(
    store: Store, flight: FlightRecord, otherwise: dict[str, Any], enrolled: Enrolled
) -> None:
    """The flight stays as it is; the conflict is an answer, after which the transaction goes on."""
    with store.writing() as transaction:
        with pytest.raises(StagingConflict):
            transaction.add_flight(replace(flight, **otherwise))
        transaction.put_passenger(enrolled("P1"))
    with store.reading() as transaction:
        assert transaction.flight("FG420") == flight
        assert len(transaction.passengers("FG420")) == 1


def test_completing_adds_the_findings_that_are_not_noted_yet(store: Store, flight: FlightRecord) -> None:
    """What the list showed stays, what the photos showed comes after it; completing twice adds nothing."""
    with store.writing() as transaction:
        transaction.add_flight(replace(flight, flight_key="FG7", findings=("list",)))
        transaction.mark_complete("FG7", ["list", "photo", "photo"])
        transaction.mark_complete("FG7", ["photo", "list"])
    with store.reading() as transaction:
        kept = transaction.flight("FG7")
    assert kept is not None
    assert kept.complete
    assert kept.findings == ("list", "photo", "photo")


def test_a_flight_that_does_not_exist_has_no_rows(store: Store, enrolled: Enrolled) -> None:
    """It cannot be completed, nobody can be put on it, and no capture crosses with it."""
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.mark_complete("FG9", [])
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.put_passenger(enrolled("P1", "FG9"))


def test_passengers_come_in_the_order_of_their_references(store: Store, enrolled: Enrolled) -> None:
    """By code point, whatever the order of adding, and only those of the flight asked for."""
    references = ["P2", "P10", "é", "a", "Z", "P1"]
    with store.writing() as transaction:
        for reference in references:
            transaction.put_passenger(enrolled(reference))
    with store.reading() as transaction:
        assert [row.passenger_ref for row in transaction.passengers("FG420")] == sorted(references)
        assert transaction.passengers("FG7") == []


def test_a_passenger_who_has_a_row_keeps_it(store: Store, enrolled: Enrolled) -> None:
    """Staging that continues after a crash does not replace what was enrolled, nor enrol whoever opted out again."""
    rows = [
        PassengerRecord("FG420", "P1", ReferenceState.NOT_ENROLLABLE, reason="no_face", sealed_traveller=b"t"),
        PassengerRecord("FG420", "D0001", ReferenceState.ENROLLED, sealed_templates=(b"x",), synthetic=True),
    ]
    with store.writing() as transaction:
        for row in rows:
            transaction.put_passenger(row)
    with store.writing() as transaction:
        transaction.put_passenger(enrolled("P1"))
    with store.reading() as transaction:
        assert transaction.passengers("FG420") == rows[::-1]


def test_a_template_belongs_to_somebody_enrolled(store: Store, enrolled: Enrolled) -> None:
    """No row says not_asked and yet holds a template."""
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.put_passenger(replace(enrolled("P1"), state=ReferenceState.NOT_ASKED))


def test_withdrawing_erases_the_template_alone(store: Store, enrolled: Enrolled) -> None:
    """The listed facts stay, the state says why, and the answer says whether there was a template."""
    with store.writing() as transaction:
        transaction.put_passenger(enrolled("P1"))
        transaction.put_passenger(enrolled("P2"))
    with store.writing() as transaction:
        assert transaction.withdraw_reference("FG420", "P1", ReferenceState.OPTED_OUT) == 1
        assert transaction.withdraw_reference("FG420", "P1", ReferenceState.OPTED_OUT) == 0
        assert transaction.withdraw_reference("FG420", "nobody", ReferenceState.OPTED_OUT) == 0
    withdrawn = replace(enrolled("P1"), state=ReferenceState.OPTED_OUT, sealed_templates=())
    with store.reading() as transaction:
        assert transaction.passengers("FG420") == [withdrawn, enrolled("P2")]
        assert transaction.reference_state("FG420", "P1") is ReferenceState.OPTED_OUT
        assert transaction.reference_state("FG420", "nobody") is None


def test_whoever_is_withdrawn_is_not_called_enrolled(store: Store, enrolled: Enrolled) -> None:
    """An enrolled row without a template would be counted and never found."""
    with store.writing() as transaction:
        transaction.put_passenger(enrolled("P1"))
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.withdraw_reference("FG420", "P1", ReferenceState.ENROLLED)


# --- Crossings ----------------------------------------------------------------------------------------------------


def test_a_crossing_is_read_back_as_it_was_recorded(store: Store, crossing: Crossing, record: Record) -> None:
    """Full or as empty as it may be, by its capture and among all."""
    full = crossing(0, component="sharpness", reopens="crossing-9", taken_at=datetime(2026, 1, 2, 3, 4, 5, 6, UTC))
    bare = crossing(
        1,
        outcome="not_attempted",
        reason="opted_out",
        passenger_ref=None,
        rule_id=None,
        threshold_id=None,
        had_photo=False,
        was_usable=False,
        sealed_photo=None,
    )
    with store.writing() as transaction:
        record(transaction, full)
        record(transaction, bare)
    with store.reading() as transaction:
        assert list(transaction.crossings()) == [full, bare]
        assert transaction.crossing_for("FG420", "capture-0") == full
        assert transaction.crossing_for("FG420", "capture-2") is None
        assert transaction.crossing_for("FG7", "capture-0") is None
        assert transaction.captures_recorded("FG420") == {"capture-0", "capture-1"}
        assert transaction.captures_recorded("FG7") == frozenset()


def test_a_capture_has_one_crossing(store: Store, crossing: Crossing, record: Record) -> None:
    """The second is told so, the first stays, and the transaction goes on; another flight's capture is another."""
    with store.writing() as transaction:
        record(transaction, crossing(0))
    with store.writing() as transaction:
        with pytest.raises(AlreadyRecorded):
            transaction.add_crossing(crossing(1, capture_key="capture-0", outcome="see_officer"))
        record(transaction, crossing(1))
    with store.reading() as transaction:
        assert list(transaction.crossings()) == [crossing(0), crossing(1)]


def test_the_same_capture_key_on_another_flight_is_another_capture(
    store: Store, flight: FlightRecord, crossing: Crossing, record: Record
) -> None:
    """Keys are unique within a flight only."""
    with store.writing() as transaction:
        transaction.add_flight(replace(flight, flight_key="FG7"))
        record(transaction, crossing(0))
        record(transaction, crossing(1, flight_key="FG7", capture_key="capture-0"))
    with store.reading() as transaction:
        assert [row.ledger_index for row in transaction.crossings("FG7")] == [1]
        assert [row.ledger_index for row in transaction.crossings()] == [0, 1]


def test_crossings_come_in_the_ledgers_order(store: Store, crossing: Crossing, append: Append) -> None:
    """However they were added, and also where an entry of another kind lies between them."""
    with store.writing() as transaction:
        for _ in range(5):
            append(transaction)
        for number in (4, 0, 3, 1):
            transaction.add_crossing(crossing(number))
    with store.reading() as transaction:
        assert [row.ledger_index for row in transaction.crossings("FG420")] == [0, 1, 3, 4]


def test_no_crossing_is_kept_without_its_ledger_entry(
    store: Store, crossing: Crossing, append: Append, record: Record, seen: Seen
) -> None:
    """An audit write that fails is a request denied, even if the caller forgot it or swallowed the error."""
    before = seen(store)
    with pytest.raises(LedgerFault), store.writing() as transaction:
        transaction.add_crossing(crossing(0))
    with pytest.raises(LedgerFault), store.writing() as transaction:
        record(transaction, crossing(0, ledger_index=1))
    assert seen(store) == before
    with store.writing() as transaction:
        transaction.add_crossing(crossing(0))
        append(transaction)
    with store.reading() as transaction:
        assert list(transaction.crossings()) == [crossing(0)]


def test_a_ledger_entry_stands_for_one_crossing(store: Store, crossing: Crossing, record: Record) -> None:
    """Two crossings cannot share the entry that commits to them."""
    with store.writing() as transaction:
        record(transaction, crossing(0))
    with pytest.raises(LedgerFault), store.writing() as transaction:
        record(transaction, crossing(1, ledger_index=0))


@pytest.mark.parametrize(
    "otherwise",
    [
        {"crossing_id": "crossing-0"},
        {"flight_key": "FG9"},
        {"outcome": "deny"},
        {"taken_at": NO_MOMENT},
        {"recorded_at": NO_MOMENT},
    ],
)
def test_a_crossing_that_contradicts_is_refused(
    store: Store, crossing: Crossing, record: Record, otherwise: dict[str, object], seen: Seen
) -> None:
    """A second use of its identifier, a flight or an outcome that does not exist, a time without a zone."""
    with store.writing() as transaction:
        record(transaction, crossing(0))
    before = seen(store)
    with pytest.raises(StoreFault), store.writing() as transaction:
        record(transaction, crossing(1, **otherwise))
    assert seen(store) == before


def test_the_match_of_a_passenger_is_the_first(store: Store, crossing: Crossing, record: Record) -> None:
    """Later matches and crossings that only put it in doubt do not take its place."""
    with store.writing() as transaction:
        record(transaction, crossing(0, outcome="see_officer", reason="no_match", passenger_ref="P1"))
        record(transaction, crossing(1, passenger_ref="P2"))
        record(transaction, crossing(2, passenger_ref="P1"))
        record(transaction, crossing(3, passenger_ref="P1", outcome="see_officer", reason="already_boarded"))
        record(transaction, crossing(4, passenger_ref="P1"))
    with store.reading() as transaction:
        assert transaction.match_of("FG420", "P1") == crossing(2, passenger_ref="P1")
        assert transaction.match_of("FG420", "P3") is None
        assert transaction.match_of("FG7", "P1") is None


def test_photos_are_let_go_by_the_time_of_record(store: Store, crossing: Crossing, record: Record) -> None:
    """Those recorded before the moment and no others; the crossings themselves stay; again there are none."""
    with store.writing() as transaction:
        for number in range(4):
            record(transaction, crossing(number))
        record(transaction, crossing(4, recorded_at=crossing(0).recorded_at, sealed_photo=None))
    until = crossing(2).recorded_at.astimezone(timezone(timedelta(hours=3)))
    with store.writing() as transaction:
        assert transaction.erase_photos(until) == 2
    with store.writing() as transaction:
        assert transaction.erase_photos(until) == 0
    with store.reading() as transaction:
        kept = list(transaction.crossings())
    assert [row.sealed_photo is not None for row in kept] == [False, False, True, True, False]
    assert replace(kept[0], sealed_photo=b"sealed photo 0") == crossing(0)


def test_a_moment_without_a_zone_lets_no_photo_go(store: Store) -> None:
    """Nobody knows which photos were meant."""
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.erase_photos(NO_MOMENT)


def test_stage_times_come_by_stage_in_the_ledgers_order(store: Store, crossing: Crossing, record: Record) -> None:
    """A time known only later may be added in a later transaction."""
    with store.writing() as transaction:
        for number in range(3):
            record(transaction, crossing(number))
        transaction.add_stage_times("crossing-2", {"decode": 3.5, "embed": 9.0})
        transaction.add_stage_times("crossing-0", {"decode": 1.25})
        transaction.add_stage_times("crossing-1", {})
    with store.writing() as transaction:
        transaction.add_stage_times("crossing-0", {"record": 0.0})
    with store.reading() as transaction:
        assert transaction.stage_times("FG420") == {"decode": [1.25, 3.5], "embed": [9.0], "record": [0.0]}
        assert transaction.stage_times("FG7") == {}


@pytest.mark.parametrize(
    ("crossing_id", "stage_ms"),
    [
        ("crossing-9", {"decode": 1.0}),
        ("crossing-0", {"embed": 1.0}),
        ("crossing-0", {"decode": -0.1}),
        ("crossing-0", {"decode": math.nan}),
        ("crossing-0", {"decode": math.inf}),
    ],
)
def test_a_stage_time_that_means_nothing_is_refused(
    store: Store, crossing: Crossing, record: Record, crossing_id: str, stage_ms: dict[str, float]
) -> None:
    """Of no crossing, of a stage timed already, below zero or not a number."""
    with store.writing() as transaction:
        record(transaction, crossing(0))
        transaction.add_stage_times("crossing-0", {"embed": 2.0})
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.add_stage_times(crossing_id, stage_ms)
