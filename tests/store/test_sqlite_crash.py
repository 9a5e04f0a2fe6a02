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
from typing import Any

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
            except FairgateError as error:
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


def heard(told: Connection) -> Any:
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
    steps = ["crossing", "entry", "committed"]
    for step in steps + steps[: steps.index(last_step)]:
        assert heard(told) == step
        told.send("go on")
    assert heard(told) == last_step
    killed(process)
    told.close()
    assert whole_crossings(staged) == kept
    with SqliteStore.open(staged, wait_for_writer_s=1.0) as store, store.writing() as transaction:
        append_one(transaction, crossing(0), lambda _: None)


def test_a_log_cut_at_any_byte_gives_back_whole_transactions(staged: Path, crossing: Crossing, tmp_path: Path) -> None:
    """As a power cut may leave it: each cut gives some number of first transactions, never a part of one."""
    with SqliteStore.open(staged) as store:
        for _ in range(6):
            with store.writing() as transaction:
                append_one(transaction, crossing(0, sealed_photo=bytes(5000)), lambda _: None)
        database = staged.read_bytes()
        log = staged.with_name(f"{staged.name}-wal").read_bytes()
    dice = random.Random(420)
    cuts = sorted([0, 1, 32, len(log), *(dice.randrange(len(log)) for _ in range(40))])
    kept: list[int] = []
    for cut in cuts:
        folder = tmp_path / f"cut-{len(kept)}"
        folder.mkdir(mode=0o700)
        for name, content in ((staged.name, database), (f"{staged.name}-wal", log[:cut])):
            (folder / name).touch(mode=0o600)
            (folder / name).write_bytes(content)
        kept.append(whole_crossings(folder / staged.name))
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (0, 6)
    assert len(set(kept)) > 3


def test_a_full_disk_is_a_fault_of_ours_and_keeps_what_was_committed(
    processes: ForkServerContext, staged: Path, crossing: Crossing
) -> None:
    """Here the process may make no file larger than 600 kB; the crossing that did not fit is not there at all."""
    process, told = started(processes, _append_until_full, staged, crossing(0, sealed_photo=bytes(40_000)))
    committed, kind, text = heard(told)
    process.join(PATIENCE_S)
    assert (process.exitcode, kind) == (0, "StoreFault")
    assert "SQL" not in text
    assert whole_crossings(staged) == committed > 0


def test_a_writer_in_another_process_is_waited_for_only_so_long(
    processes: ForkServerContext, staged: Path, flight: FlightRecord
) -> None:
    """Readers are not held up by it; the way is free when it is done."""
    other = replace(flight, flight_key="FG7")
    process, told = started(processes, _hold_the_write_lock, staged, other)
    assert heard(told) == "held"
    with SqliteStore.open(staged, wait_for_writer_s=0.05) as store:
        with pytest.raises(StoreFault, match="too long"), store.writing():
            pytest.fail("two writers at once")
        with store.reading() as transaction:
            assert transaction.flights() == [flight]
        told.send("go on")
        assert heard(told) == "let go"
        with store.writing() as transaction:
            assert transaction.flight("FG7") == other
    process.join(PATIENCE_S)
    assert process.exitcode == 0


def test_processes_that_open_a_new_database_at_once_do_not_collide(
    processes: ForkServerContext, database: Path, flight: FlightRecord
) -> None:
    """One of them makes the file and its tables, all of them use it."""
    keys = [f"FG{number}" for number in range(4)]
    opening = [started(processes, _open_and_add, database, replace(flight, flight_key=key)) for key in keys]
    for _, told in opening:
        assert heard(told) == "ready"
    for _, told in opening:
        told.send("go on")
    assert [heard(told) for _, told in opening] == ["done"] * 4
    for process, _ in opening:
        process.join(PATIENCE_S)
    with SqliteStore.open(database) as store, store.reading() as transaction:
        assert [row.flight_key for row in transaction.flights()] == keys
