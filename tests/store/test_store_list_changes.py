"""What any store must do when the list of a staged gallery changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fairgate.errors import StagingConflict, StoreFault
from fairgate.services.ports import Store
from fairgate.services.records import FlightRecord, PassengerRecord, ReextractedPassenger, ReferenceState
from fairgate.vocabulary import Direction, LaneKind

ROW = PassengerRecord(
    "FG420", "P1", ReferenceState.ENROLLED, None, b"sealed facts", (b"one", b"two"), mention="first of message 1"
)


@pytest.fixture
def staged(store: Store) -> Store:
    """A complete gallery of one passenger with two templates."""
    with store.writing() as transaction:
        transaction.put_passenger(ROW)
        transaction.mark_complete("FG420", ["of the first list"])
    return store


def rows_of(store: Store) -> list[PassengerRecord]:
    with store.reading() as transaction:
        return list(transaction.passengers("FG420"))


def test_a_gallery_says_what_it_is_for_and_made_of(store: Store, flight: FlightRecord) -> None:
    """Lane, files and flights are read back, and so is what a passenger is known by."""
    hall = replace(
        flight,
        flight_key="HALL",
        direction=Direction.ENTRY,
        lane=LaneKind.ARRIVAL,
        list_files=("aa", "bb"),
        flights=("FG1 BOS 2026-11-22", "FG2 JFK 2026-11-22"),
    )
    with store.writing() as transaction:
        transaction.add_flight(hall)
    with store.reading() as transaction:
        assert transaction.flight("HALL") == hall
        assert transaction.flight("FG420") == flight
    assert (set(hall.files), set(flight.files)) == ({"aa", "bb"}, {flight.list_sha256})


def test_a_changed_list_makes_the_gallery_incomplete(staged: Store, flight: FlightRecord) -> None:
    """List, files, flights and findings are the new ones; when and with what it was staged stays."""
    later = replace(
        flight,
        list_sha256="44" * 32,
        list_files=("11" * 32, "55" * 32),
        flights=("FG420 BOS 2026-11-22",),
        findings=("kept",),
        staged_at=flight.staged_at.replace(year=2027),
    )
    with staged.writing() as transaction:
        transaction.change_list(later)
    with staged.reading() as transaction:
        assert transaction.flight("FG420") == replace(later, staged_at=flight.staged_at)
    assert rows_of(staged) == [ROW]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"flight_key": "FG9"},
        {"pack_digest": "66" * 32},
        {"rulebook_sha256": "66" * 32},
        {"direction": Direction.ENTRY},
        {"port": "JFK"},
        {"lane": LaneKind.SEA},
    ],
)
def test_nothing_but_the_list_changes(staged: Store, flight: FlightRecord, otherwise: dict[str, Any]) -> None:
    """A flight that is not staged, or was with another pack, rulebook, lane, direction or port, is a conflict."""
    with staged.writing() as transaction, pytest.raises(StagingConflict):
        transaction.change_list(replace(flight, list_sha256="44" * 32, **otherwise))
    with staged.reading() as transaction:
        kept = transaction.flight("FG420")
    assert kept is not None
    assert (kept.complete, kept.list_sha256) == (True, flight.list_sha256)


def test_a_row_takes_the_place_of_another(staged: Store) -> None:
    """Facts alone leave the templates; other templates, or none, take the old ones away, and they are counted."""
    resealed = replace(ROW, sealed_traveller=b"other facts")
    waiting = replace(resealed, state=ReferenceState.WAITING, sealed_templates=())
    anew = replace(resealed, sealed_templates=(b"three",))
    gone = replace(ROW, state=ReferenceState.CANCELLED, sealed_traveller=None, sealed_templates=())
    for row, erased in ((resealed, 0), (waiting, 2), (anew, 0), (gone, 1)):
        with staged.writing() as transaction:
            assert transaction.replace_passenger(row) == erased
        assert rows_of(staged) == [row]


def test_a_result_of_a_change_of_pack_goes_with_the_templates(staged: Store, flight: FlightRecord) -> None:
    """Where they stay it stays; where others take their place it is made again."""
    result = ReextractedPassenger("FG420", 2, "P1", ReferenceState.ENROLLED, sealed_templates=(b"new",))
    with staged.writing() as transaction:
        transaction.begin_reextraction("FG420", "77" * 32, flight.staged_at)
        transaction.put_reextracted(result)
        transaction.replace_passenger(replace(ROW, sealed_traveller=b"other facts"))
        assert transaction.reextracted("FG420") == [result]
        transaction.replace_passenger(replace(ROW, sealed_templates=(b"three",)))
        assert transaction.reextracted("FG420") == []


def test_whoever_has_no_row_has_none_to_be_replaced(staged: Store) -> None:
    """Nor does a flight that is not staged; and nobody has a template who is not enrolled."""
    for row in (
        replace(ROW, passenger_ref="P2"),
        replace(ROW, flight_key="FG9"),
        replace(ROW, state=ReferenceState.CANCELLED),
    ):
        with pytest.raises(StoreFault), staged.writing() as transaction:
            transaction.replace_passenger(row)
    assert rows_of(staged) == [ROW]
