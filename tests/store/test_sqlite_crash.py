"""Processes that die, race or run out of disk: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from fairgate.errors import FairgateError, StoreFault
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow
from fairgate.store.sqlite import SqliteStore

Crossing = Callable[..., CrossingRecord]
Record = Callable[[WriteTransaction, CrossingRecord], None]

PATIENCE_S = 60


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Starts real processes from one that has the store imported already and no database open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["fairgate.store.sqlite", "fairgate.store.migrate"])
    return context


def append_one(transaction: WriteTransaction, template: CrossingRecord, step: Callable[[str], None]) -> None:
    """Record one crossing as services do, telling each step."""
    index = transaction.ledger_size()
    name = f"{index}"
    crossing = replace(template, crossing_id=name, capture_key=name, ledger_index=index)
    transaction.add_crossing(crossing)
    step("crossing")
    transaction.add_stage_times(name, {"embed": 1.0, "record": 2.0})
    nodes = [hashlib.sha256(b"%d" % node).digest() for node in range((index + 1).bit_count())]
    transaction.append_ledger(LedgerRow(index, b"leaf", b"note"), nodes)
    step("entry")


def _append_until_killed(database: Path, template: CrossingRecord, told: Connection) -> None:
    with SqliteStore.open(database) as store:
        for _ in count():
            with store.writing() as transaction:
                append_one(transaction, template, told.send)
            told.send("committed")


def _append_in_step(database: Path, template: CrossingRecord, told: Connection) -> None:
    def step(name: str) -> None:
        told.send(name)
        told.recv()

    with SqliteStore.open(database) as store:
        while True:
            with store.writing() as transaction:
                append_one(transaction, template, step)
            step("committed")


def _append_until_full(database: Path, template: CrossingRecord, told: Connection) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with SqliteStore.open(database) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        for committed in count():
            try:
                with store.writing() as transaction:
                    append_one(transaction, template, lambda _: None)
            except Exception as error:
                told.send((committed, type(error).__name__, str(error)))
                return


def _hold_the_write_lock(database: Path, flight: FlightRecord, told: Connection) -> None:
    with SqliteStore.open(database) as store:
        with store.writing() as transaction:
            transaction.add_flight(flight)
            told.send("held")
            told.recv()
        told.send("let go")


def _open_and_add(database: Path, flight: FlightRecord, told: Connection) -> None:
    told.send("ready")
    told.recv()
    with SqliteStore.open(database) as store:
        with store.writing() as transaction:
            transaction.add_flight(flight)
        told.send("done")


def started(
    processes: ForkServerContext, target: Callable[..., None], *given: object
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    ours, theirs = processes.Pipe()
    process = processes.Process(target=target, args=(*given, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def heard(told: Connection) -> object:
    assert told.poll(PATIENCE_S), "the other process says nothing"
    return told.recv()


def killed(process: multiprocessing.process.BaseProcess) -> None:
    process.kill()
    process.join(PATIENCE_S)
    assert process.exitcode == -signal.SIGKILL


def whole_crossings(database: Path) -> int:
    """How many crossings there are, each whole and with its entry."""
    with SqliteStore.open(database) as store, store.reading() as transaction:
        crossings = list(transaction.crossings())
        entries = list(transaction.ledger_rows())
        assert [row.ledger_index for row in crossings] == list(range(len(crossings)))
        assert [row.index for row in entries] == list(range(len(crossings)))
        assert transaction.ledger_size() == len(crossings)
        assert len(transaction.ledger_frontier()) == len(crossings).bit_count()
        times = transaction.stage_times("FG420")
        assert all(len(times[stage]) == len(crossings) for stage in times)
        assert len(times) == (2 if crossings else 0)
        return len(crossings)


@pytest.fixture
def staged(database: Path, flight: FlightRecord) -> Path:
    """A closed database with one staged flight."""
    with SqliteStore.open(database) as store, store.writing() as transaction:
        transaction.add_flight(flight)
    return database


def test_a_process_killed_at_any_point_leaves_no_half_of_anything(
    processes: ForkServerContext, staged: Path, crossing: Crossing
) -> None:
    """Killed again and again wherever it happens to be; whatever it had said was committed is there."""
    template = crossing(0, sealed_photo=bytes(20_000))
    dice = random.Random(420)
    before = 0
    for _ in range(8):
        process, told = started(processes, _append_until_killed, staged, template)
        acknowledged = sum(heard(told) == "committed" for _ in range(dice.randrange(1, 60)))
        killed(process)
        while told.poll():
            try:
                acknowledged += told.recv() == "committed"
            except EOFError:
                break
        told.close()
        after = whole_crossings(staged)
        # The last one may have been committed without the process living to say so.
        assert before + acknowledged <= after <= before + acknowledged + 1
        before = after


@pytest.mark.parametrize(("last_step", "kept"), [("crossing", 1), ("entry", 1), ("committed", 2)])
def test_a_process_killed_within_a_transaction_leaves_what_was_there(
    processes: ForkServerContext, staged: Path, crossing: Crossing, last_step: str, kept: int
) -> None:
    """Killed in its second transaction after each of its steps; the next writer finds the way free."""
    process, told = started(processes, _append_in_step, staged, crossing(0))
    for step in ("crossing", "entry", "committed", "crossing", "entry", "committed"):
        assert heard(told) == step
        if step == last_step and told.fileno() and kept_after(staged) == 1:
            break
        told.send("go on")
    killed(process)
    told.close()
    assert whole_crossings(staged) == kept
