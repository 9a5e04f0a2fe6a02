"""Whatever is done to them, the store in a file and the store in memory answer alike."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fairgate.errors import FairgateError
from fairgate.services.ports import ReadTransaction, Store, WriteTransaction
from fairgate.services.records import (
    CrossingRecord,
    FlightRecord,
    LedgerRow,
    PassengerRecord,
    ReextractedPassenger,
    ReferenceState,
)
from fairgate.store.memory import MemoryStore
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import Direction

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
Change = Callable[[WriteTransaction], object]

few = st.integers(0, 3)
many = st.integers(0, 11)


def mostly(usual: object, *seldom: object) -> st.SearchStrategy[Any]:
    """Mostly the usual, so that blocks get somewhere; each of the others now and then."""
    return st.sampled_from([usual] * 9 * len(seldom) + list(seldom))


flights = st.sampled_from(["FG1", "FG2"])
moments = st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours))
outcomes = mostly("match", "see_officer", "not_attempted", "deny")

flight_changes = st.builds(
    lambda key, digest, moment: (
        lambda transaction: transaction.add_flight(
            FlightRecord(key, Direction.EXIT, "BOS", digest, "pack", "rules", moment)
        )
    ),
    flights,
    mostly("list", "other list"),
    moments,
)
complete_changes = st.builds(
    lambda key, findings: lambda transaction: transaction.mark_complete(key, findings),
    flights,
    st.lists(st.sampled_from(["a", "b"]), max_size=3),
)
passenger_changes = st.builds(
    lambda key, number, state, template: (
        lambda transaction: transaction.put_passenger(
            PassengerRecord(key, f"P{number}", state, sealed_templates=template)
        )
    ),
    flights,
    few,
    mostly(ReferenceState.ENROLLED, ReferenceState.NO_PHOTO),
    st.sampled_from([(b"template",), (b"another template", b"second"), ()]),
)
withdrawal_changes = st.builds(
    lambda key, number, state: lambda transaction: transaction.withdraw_reference(key, f"P{number}", state),
    flights,
    few,
    mostly(ReferenceState.OPTED_OUT, ReferenceState.ENROLLED),
)
begin_changes = st.builds(
    lambda key, pack, moment: lambda transaction: transaction.begin_reextraction(key, pack, moment),
    flights,
    mostly("new pack", "pack", "third pack"),
    moments,
)
result_changes = st.builds(
    lambda key, generation, number, lost, state, templates: (
        lambda transaction: transaction.put_reextracted(
            ReextractedPassenger(key, generation, f"P{number}", state, lost=lost, sealed_templates=templates)
        )
    ),
    flights,
    mostly(2, 1, 3),
    few,
    mostly(0, 1, -1),
    mostly(ReferenceState.ENROLLED, ReferenceState.NOT_ENROLLABLE),
    mostly((b"new",), (), (b"new", b"newer")),
)
switch_changes = st.builds(
    lambda key, generation: lambda transaction: transaction.switch_generation(key, generation),
    flights,
    mostly(2, 1, 3),
)
abandon_changes = st.builds(lambda key: lambda transaction: transaction.abandon_reextraction(key), flights)
note_changes = st.builds(
    lambda key, finding: lambda transaction: transaction.note_findings(key, [finding]),
    flights,
    st.sampled_from(["a", "b"]),
)
erasure_changes = st.builds(lambda moment: lambda transaction: transaction.erase_photos(moment), moments)
time_changes = st.builds(
    lambda number, ms: lambda transaction: transaction.add_stage_times(f"crossing-{number}", ms),
    many,
    st.dictionaries(st.sampled_from(["decode", "embed"]), st.floats(-0.01, 100), max_size=2),
)
entry_changes = st.builds(
    lambda ahead, nodes: lambda transaction: append(transaction, ahead, nodes),
    mostly(0, 1, -1),
    mostly(0, 1),
)
crossing_changes = st.builds(
    lambda key, capture, number, passenger, outcome, moment, behind: (
        lambda transaction: cross(transaction, key, capture, number, passenger, outcome, moment, behind)
    ),
    flights,
    many,
    many,
    few,
    outcomes,
    moments,
    mostly(0, None, 1),
)
changes = st.one_of(
    flight_changes,
    complete_changes,
    passenger_changes,
    withdrawal_changes,
    begin_changes,
    result_changes,
    result_changes,
    switch_changes,
    abandon_changes,
    note_changes,
    erasure_changes,
    time_changes,
    entry_changes,
    crossing_changes,
    crossing_changes,
)


def append(transaction: WriteTransaction, ahead: int = 0, more_nodes: int = 0) -> int:
    index = transaction.ledger_size() + ahead
    nodes = max(index + 1, 0).bit_count() + more_nodes
    frontier = [hashlib.sha256(b"%d %d" % (index, node)).digest() for node in range(nodes)]
    transaction.append_ledger(LedgerRow(index, b"leaf", b"note"), frontier)
    return index


def cross(
    transaction: WriteTransaction,
    flight_key: str,
    capture: int,
    number: int,
    passenger: int,
    outcome: str,
    moment: datetime,
    behind: int | None,
) -> None:
    transaction.add_crossing(
        CrossingRecord(
            crossing_id=f"crossing-{number}",
            flight_key=flight_key,
            capture_key=f"capture-{capture}",
            lane="B22",
            taken_at=moment,
            recorded_at=moment,
            outcome=outcome,
            reason="matched",
            component=None,
            passenger_ref=f"P{passenger}",
            rule_id=None,
            threshold_id=None,
            reopens=None,
            had_photo=True,
            was_usable=True,
            salt=bytes(32),
            ledger_index=transaction.ledger_size() - (behind or 0),
            sealed_photo=b"photo",
        )
    )
    if behind is not None:
        append(transaction)


def answers(transaction: ReadTransaction) -> list[object]:
    """Every answer to every question about the few keys in use."""
    named = ("FG1", "FG2")
    return [
        list(transaction.flights()),
        list(transaction.crossings()),
        transaction.ledger_size(),
        list(transaction.ledger_frontier()),
        list(transaction.ledger_rows()),
        [
            (
                transaction.flight(flight),
                list(transaction.passengers(flight)),
                transaction.reextraction(flight),
                list(transaction.reextracted(flight)),
                list(transaction.crossings(flight)),
                transaction.captures_recorded(flight),
                transaction.stage_times(flight),
            )
            for flight in named
        ],
        [
            (
                transaction.reference_state(flight, f"P{number}"),
                transaction.match_of(flight, f"P{number}"),
                transaction.crossing_for(flight, f"capture-{number}"),
            )
            for flight in named
            for number in range(4)
        ],
    ]


def result_of(store: Store, block: list[Change], swallow: bool) -> list[object]:
    """What one write block answers, change by change, and how it ends."""
    said: list[object] = []
    try:
        with store.writing() as transaction:
            for change in block:
                try:
                    said.append(change(transaction))
                except FairgateError as error:
                    said.append(type(error))
                    if not swallow:
                        raise
                else:
                    said.append(answers(transaction))
    except FairgateError as error:
        said.append(("left by", type(error)))
    return said


class Alike(RuleBasedStateMachine):
    """Does the same to both stores."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.memory = MemoryStore()
        self.file = SqliteStore.open(self.folder / "fairgate.sqlite3")

    @initialize()
    def stage(self) -> None:
        for store in (self.memory, self.file):
            with store.writing() as transaction:
                for key in ("FG1", "FG2"):
                    transaction.add_flight(FlightRecord(key, Direction.EXIT, "BOS", "list", "pack", "rules", NOW))

    @rule(block=st.lists(changes, min_size=1, max_size=4), swallow=st.booleans())
    def write(self, block: list[Change], swallow: bool) -> None:
        assert result_of(self.file, block, swallow) == result_of(self.memory, block, swallow)

    @rule()
    def open_again(self) -> None:
        self.file.close()
        self.file = SqliteStore.open(self.folder / "fairgate.sqlite3")

    @invariant()
    def same_answers(self) -> None:
        with self.file.reading() as ours, self.memory.reading() as theirs:
            assert answers(ours) == answers(theirs)

    def teardown(self) -> None:
        self.file.close()
        shutil.rmtree(self.folder)


@pytest.mark.slow
def test_the_file_and_the_memory_answer_alike() -> None:
    """Any changes in any blocks, errors swallowed or not, closed and opened again at any time."""
    run_state_machine_as_test(
        Alike,
        settings=settings(
            max_examples=12,
            stateful_step_count=50,
            deadline=None,
            # Not shrunk: every attempt commits to a real disk, and that takes minutes.
            phases=[Phase.reuse, Phase.generate],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
