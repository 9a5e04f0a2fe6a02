"""kill -9 within the critical section: run again, every capture has one crossing and the ledger one history."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from boarding_parts import FLIGHT
from killed_boarding import PASSENGERS, arrivals, main, opened_room

from fairgate.lanes.boarding import board
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.records import ReferenceState

EXPECTED = [
    ("match", "match", "matched", "P0001"),
    ("poor", "see_officer", "poor_image", None),
    ("again", "see_officer", "already_boarded", "P0001"),
    ("declines", "not_attempted", "opted_out", "P0002"),
    ("missing", "see_officer", "capture_missing", None),
    ("claims", "match", "matched", "P0003"),
    ("stranger", "see_officer", "no_match", None),
]
KEYS = [row[0] for row in EXPECTED]
PATIENCE_S = 60


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Starts real processes from one that has everything imported and nothing open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["fairgate.store.sqlite", "fairgate.vault.vault", "fairgate.lanes.boarding"])
    return context


def killed(processes: ForkServerContext, folder: Path, what: str, step: str, count: int = 1) -> None:
    """Run the other process until it has killed itself."""
    process = processes.Process(target=main, args=(folder, what, step, count), daemon=True)
    process.start()
    process.join(PATIENCE_S)
    assert process.exitcode == -signal.SIGKILL


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a staged flight, to be copied."""
    folder = tmp_path_factory.mktemp("staged")
    with opened_room(folder) as room:
        room.stage(top_up_to=PASSENGERS + 5)
    return folder


@pytest.mark.parametrize(
    ("step", "done_before"),
    [
        ("seal@match", 0),
        ("seal done@match", 0),
        ("append_ledger done@match", 0),
        ("add_crossing done@match", 0),
        ("commit@match", 0),
        ("commit done@match", 1),
        ("advance done@match", 1),
        ("commit@again", 2),
        ("commit done@again", 3),
        ("withdraw_reference done@declines", 3),
        ("commit@declines", 3),
        ("commit done@declines", 4),
        ("add_crossing@missing", 4),
        ("add_stage_times done@claims", 5),
        ("commit done@stranger", 7),
    ],
)
def test_a_boarding_killed_is_continued(
    processes: ForkServerContext, staged: Path, tmp_path: Path, step: str, done_before: int
) -> None:
    """What was committed stands, what was not leaves no trace, and the next run does the rest and nothing twice."""
    folder = tmp_path / "flight"
    shutil.copytree(staged, folder)
    killed(processes, folder, "board", step)
    with opened_room(folder) as room:
        assert [one.capture_key for one in room.crossings()] == KEYS[:done_before]
        assert room.ledger_is_whole()
        repeated: list[bool] = []
        board(room.lane(), arrivals(), on_boarded=lambda _, boarded: repeated.append(boarded.repeated))
        crossings = room.crossings()
        kinds = [parse_leaf(leaf).kind for leaf in room.leaves()]
        with room.store.reading() as transaction:
            newest = list(transaction.ledger_rows())[-1]
            times = transaction.stage_times(FLIGHT)
        assert repeated == [True] * done_before + [False] * (len(KEYS) - done_before)
        assert [(one.capture_key, one.outcome, one.reason, one.passenger_ref) for one in crossings] == EXPECTED
        assert (kinds.count(EntryKind.CROSSING), kinds.count(EntryKind.REOPENING)) == (6, 1)
        assert kinds.count(EntryKind.ERASURE) == 1
        assert (room.passenger("P0002").state, room.passenger("P0002").sealed_templates) == (
            ReferenceState.OPTED_OUT,
            (),
        )
        assert [one.sealed_photo is not None for one in crossings] == [True, True, True, False, False, True, True]
        assert len(times["seal"]) == len(KEYS)
        assert len(times["total"]) in {len(KEYS), len(KEYS) - 1}
        assert room.ledger_is_whole()
        assert newest.index + 1 == len(kinds)
        assert room.anchor.newest() == newest.checkpoint


@pytest.mark.parametrize(
    ("step", "count", "rows"),
    [
        ("add_flight done", 1, 0),
        ("put_passenger done", 10, 0),
        ("put_passenger done", 18, 16),
        ("put_passenger done", PASSENGERS + 3, PASSENGERS),
        ("mark_complete done", 1, PASSENGERS + 5),
        ("append_ledger done", 2, PASSENGERS + 5),
    ],
)
def test_a_staging_killed_is_continued(
    processes: ForkServerContext, tmp_path: Path, step: str, count: int, rows: int
) -> None:
    """Whole transactions stand; run again, the gallery is complete, of the size asked for, and entered once."""
    killed(processes, tmp_path, "stage", step, count)
    with opened_room(tmp_path) as room:
        with room.store.reading() as transaction:
            flight = transaction.flight(FLIGHT)
            assert len(transaction.passengers(FLIGHT)) == rows
        assert flight is None or not flight.complete
        report = room.stage(top_up_to=PASSENGERS + 5)
        assert (report.listed, report.enrolled, report.distractors) == (PASSENGERS, PASSENGERS, 5)
        assert len(room.engine.seen) == PASSENGERS - min(rows, PASSENGERS)
        assert [parse_leaf(leaf).kind for leaf in room.leaves()].count(EntryKind.STAGING) == 1
        assert room.opened().gallery.size == PASSENGERS + 5
        assert room.ledger_is_whole()
