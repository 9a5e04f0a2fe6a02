"""What any store must do, third part: several templates a passenger, and a new generation beside the one in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from fairgate.errors import StagingConflict, StoreFault
from fairgate.services.ports import Store
from fairgate.services.records import (
    FlightRecord,
    PassengerRecord,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)

Enrolled = Callable[..., PassengerRecord]
NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
NEW_PACK = "99" * 32


def result(passenger_ref: str, *envelopes: bytes, generation: int = 2, **otherwise: Any) -> ReextractedPassenger:
    """Return what became of a passenger: enrolled with these templates, or not enrollable where there are none."""
    state = ReferenceState.ENROLLED if envelopes else ReferenceState.NOT_ENROLLABLE
    made = ReextractedPassenger("FG420", generation, passenger_ref, state, sealed_templates=envelopes)
    return replace(made, **otherwise)


@pytest.fixture
def staged(store: Store, enrolled: Enrolled) -> Store:
    """A complete gallery: P1 with two templates, P2 with one, P3 without a photo, and a distractor."""
    with store.writing() as transaction:
        transaction.put_passenger(replace(enrolled("P1"), sealed_templates=(b"one", b"two")))
        transaction.put_passenger(enrolled("P2"))
        transaction.put_passenger(PassengerRecord("FG420", "P3", ReferenceState.NO_PHOTO, sealed_traveller=b"t"))
        transaction.put_passenger(
            PassengerRecord("FG420", "D1", ReferenceState.ENROLLED, sealed_templates=(b"d",), synthetic=True)
        )
        transaction.mark_complete("FG420", [])
    return store


def begun(store: Store) -> Reextraction:
    with store.writing() as transaction:
        return transaction.begin_reextraction("FG420", NEW_PACK, NOW)


def test_templates_come_in_the_order_in_which_they_were_put(store: Store, enrolled: Enrolled) -> None:
    """However many a passenger has."""
    envelopes = tuple(b"%d" % number for number in range(12))
    with store.writing() as transaction:
        transaction.put_passenger(replace(enrolled("P1"), sealed_templates=envelopes))
        transaction.put_passenger(replace(enrolled("P1"), sealed_templates=(b"not put",)))
    with store.reading() as transaction:
        assert transaction.passengers("FG420")[0].sealed_templates == envelopes


def test_withdrawing_erases_every_template_of_every_generation(staged: Store) -> None:
    """Those in force are counted; the passenger has no result in what is being made any more."""
    begun(staged)
    with staged.writing() as transaction:
        assert transaction.put_reextracted(result("P1", b"new"))
        assert transaction.withdraw_reference("FG420", "P1", ReferenceState.OPTED_OUT) == 2
        assert not transaction.put_reextracted(result("P1", b"again"))
    with staged.reading() as transaction:
        assert transaction.reextracted("FG420") == []
        assert [len(row.sealed_templates) for row in transaction.passengers("FG420")] == [1, 0, 1, 0]


def test_findings_are_noted_once(store: Store) -> None:
    """Also before the gallery is complete; a flight that does not exist has none."""
    with store.writing() as transaction:
        transaction.note_findings("FG420", ["a", "b"])
        transaction.note_findings("FG420", ["b", "c"])
    with store.reading() as transaction:
        kept = transaction.flight("FG420")
    assert kept is not None
    assert (kept.findings, kept.complete) == (("a", "b", "c"), False)
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.note_findings("FG9", ["a"])


def test_a_generation_being_made_changes_nothing_that_is_in_force(staged: Store, flight: FlightRecord) -> None:
    """It is begun once; flight and gallery rows read as before, and what was made so far reads by itself."""
    assert begun(staged) == Reextraction("FG420", 2, NEW_PACK, NOW)
    with staged.writing() as transaction:
        again = transaction.begin_reextraction("FG420", NEW_PACK, NOW.replace(hour=23))
        assert again == Reextraction("FG420", 2, NEW_PACK, NOW)
        before = transaction.passengers("FG420")
        assert transaction.put_reextracted(result("P1", b"new one", b"new two", lost=1, reason="no_face"))
    with staged.reading() as transaction:
        assert transaction.flight("FG420") == replace(flight, complete=True)
        assert transaction.passengers("FG420") == before
        assert transaction.reextraction("FG420") == again
        assert transaction.reextracted("FG420") == [result("P1", b"new one", b"new two", lost=1, reason="no_face")]
        assert (transaction.reextraction("FG7"), transaction.reextracted("FG7")) == (None, [])


def test_a_result_gives_way_only_to_one_that_loses_less(staged: Store) -> None:
    """Whatever runs side by side, nothing that was made is taken back."""
    begun(staged)
    offered = [
        (result("P1", lost=2, reason="reference_missing"), True),
        (result("P1", b"x", lost=1), True),
        (result("P1", b"y", lost=1), False),
        (result("P1", lost=2), False),
        (result("P1", b"x", b"y"), True),
        (result("P1", b"z", b"z"), False),
    ]
    for offer, kept in offered:
        with staged.writing() as transaction:
            assert transaction.put_reextracted(offer) is kept
    with staged.reading() as transaction:
        assert transaction.reextracted("FG420") == [result("P1", b"x", b"y")]


def test_the_switch_puts_the_new_generation_in_force_and_erases_the_old(staged: Store, flight: FlightRecord) -> None:
    """Rows take over what became of them; a distractor without a successor goes; nothing is under way any more."""
    begun(staged)
    with staged.writing() as transaction:
        transaction.put_reextracted(result("P1", b"new"))
        transaction.put_reextracted(result("P2", lost=1, reason="reference_missing"))
        assert transaction.switch_generation("FG420", 2) == 4
    with staged.reading() as transaction:
        assert transaction.flight("FG420") == replace(flight, complete=True, pack_digest=NEW_PACK, generation=2)
        rows = transaction.passengers("FG420")
        assert transaction.reextraction("FG420") is None
    assert [(row.passenger_ref, row.state, row.reason, row.sealed_templates) for row in rows] == [
        ("P1", ReferenceState.ENROLLED, None, (b"new",)),
        ("P2", ReferenceState.NOT_ENROLLABLE, "reference_missing", ()),
        ("P3", ReferenceState.NO_PHOTO, None, ()),
    ]
    with staged.writing() as transaction:
        assert transaction.begin_reextraction("FG420", "88" * 32, NOW).generation == 3


def test_a_switch_forgets_nobody(staged: Store) -> None:
    """An enrolled passenger without a result stands in its way; whoever was withdrawn does not."""
    begun(staged)
    with staged.writing() as transaction:
        transaction.put_reextracted(result("P1", b"new"))
        with pytest.raises(StagingConflict):
            transaction.switch_generation("FG420", 2)
        transaction.withdraw_reference("FG420", "P2", ReferenceState.OPTED_OUT)
        assert transaction.switch_generation("FG420", 2) == 3


def test_what_was_given_up_leaves_nothing(staged: Store) -> None:
    """What is in force stays; a result of the generation given up is refused from then on."""
    begun(staged)
    with staged.writing() as transaction:
        before = transaction.passengers("FG420")
        transaction.put_reextracted(result("P1", b"new", b"newer"))
        assert transaction.abandon_reextraction("FG420") == 2
        assert transaction.abandon_reextraction("FG420") == 0
        with pytest.raises(StagingConflict):
            transaction.put_reextracted(result("P1", b"new"))
        with pytest.raises(StagingConflict):
            transaction.switch_generation("FG420", 2)
        assert transaction.abandon_reextraction("FG9") == 0
    with staged.reading() as transaction:
        assert (transaction.reextraction("FG420"), transaction.passengers("FG420")) == (None, before)


def test_a_change_of_pack_needs_a_complete_gallery_and_another_pack(store: Store, flight: FlightRecord) -> None:
    """One at a time; each refusal is an answer, after which the transaction goes on."""
    with store.writing() as transaction:
        for flight_key in ("FG9", "FG420"):
            with pytest.raises(StagingConflict):
                transaction.begin_reextraction(flight_key, NEW_PACK, NOW)
        transaction.mark_complete("FG420", [])
        with pytest.raises(StagingConflict):
            transaction.begin_reextraction("FG420", flight.pack_digest, NOW)
        transaction.begin_reextraction("FG420", NEW_PACK, NOW)
        with pytest.raises(StagingConflict):
            transaction.begin_reextraction("FG420", "88" * 32, NOW)
    with pytest.raises(StoreFault), store.writing() as transaction:
        transaction.begin_reextraction("FG420", NEW_PACK, NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": ReferenceState.NOT_ENROLLABLE},
        {"sealed_templates": ()},
        {"lost": -1},
    ],
)
def test_a_result_that_contradicts_itself_is_refused(staged: Store, wrong: dict[str, Any]) -> None:
    """Enrolled is who has a template, and nobody else."""
    begun(staged)
    with pytest.raises(StoreFault), staged.writing() as transaction:
        transaction.put_reextracted(replace(result("P1", b"new"), **wrong))
    with staged.reading() as transaction:
        assert transaction.reextracted("FG420") == []
