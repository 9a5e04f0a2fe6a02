"""kill -9 while a gallery changes its pack: one generation is in force, whole, and the next run does the rest."""

from __future__ import annotations

import multiprocessing
import shutil
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from boarding_fakes import PACK_DIGEST
from boarding_parts import FLIGHT
from killed_boarding import PASSENGERS, main, opened_room
from reextraction_room import NEW_PACK, reextract, results_of, rows_of
from test_board_killed import killed

from fairgate.ledger.entry import EntryKind, ErasureReason
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.reextraction_report import ReextractionState

DISTRACTORS = 5


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Starts real processes from one that has everything imported and nothing open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["fairgate.store.sqlite", "fairgate.vault.vault", "fairgate.lanes.boarding"])
    return context


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a staged flight, to be copied."""
    folder = tmp_path_factory.mktemp("staged")
    with opened_room(folder) as room:
        room.stage(top_up_to=PASSENGERS + DISTRACTORS)
    return folder


# A run writes seven times: it begins, enters two reads, keeps 16 passengers and 4, enters a read, and switches.
@pytest.mark.parametrize(
    ("step", "count", "made", "switched"),
    [
        ("begin_reextraction done", 1, 0, False),
        ("commit done", 1, 0, False),
        ("append_ledger done", 2, 0, False),
        ("seal done", 9, 0, False),
        ("put_reextracted done", 10, 0, False),
        ("commit", 4, 0, False),
        ("commit done", 4, 16, False),
        ("put_reextracted done", 18, 16, False),
        ("commit done", 5, PASSENGERS, False),
        ("seal done", PASSENGERS + 2, PASSENGERS, False),
        ("put_reextracted done", PASSENGERS + 3, PASSENGERS, False),
        ("switch_generation done", 1, PASSENGERS, False),
        ("note_findings done", 1, PASSENGERS, False),
        ("append_ledger done", 4, PASSENGERS, False),
        ("append_ledger done", 5, PASSENGERS, False),
        ("commit", 7, PASSENGERS, False),
        ("commit done", 7, 0, True),
        ("advance done", 4, 0, True),
    ],
)
def test_a_change_of_pack_killed_is_continued(
    processes: ForkServerContext, staged: Path, tmp_path: Path, step: str, count: int, made: int, switched: bool
) -> None:
    """Whole transactions stand; before the switch the old gallery boards; after the next run the new one, once."""
    folder = tmp_path / "flight"
    shutil.copytree(staged, folder)
    killed(processes, folder, "reextract", step, count)
    with opened_room(folder) as room:
        assert room.ledger_is_whole()
        assert len(results_of(room)) == made
        opened = room.open_gallery()(FLIGHT, pack_digest=NEW_PACK if switched else PACK_DIGEST)
        assert (opened.gallery.size, opened.gallery.distractor_count) == (PASSENGERS + DISTRACTORS, DISTRACTORS)
        if not switched:
            assert room.walks_up(room.lane(opened), "person=1 sample=1").crossing.reason == "matched"
        report = reextract(room)
        assert report.state is (ReextractionState.UNCHANGED if switched else ReextractionState.SWITCHED)
        assert len(room.engine.seen) - (not switched) == (0 if switched else PASSENGERS - made)
        opened = room.open_gallery()(FLIGHT, pack_digest=NEW_PACK)
        assert (opened.gallery.size, len(opened.references)) == (PASSENGERS + DISTRACTORS, PASSENGERS)
        assert all(len(row.sealed_templates) == 1 for row in rows_of(room))
        entries = [parse_leaf(leaf) for leaf in room.leaves()]
        assert [entry.kind for entry in entries].count(EntryKind.REEXTRACTION) == 1
        gone = [dict(entry.counts) for entry in entries if entry.reason == ErasureReason.SUPERSEDED]
        assert gone == [{"templates": PASSENGERS + DISTRACTORS}]
        assert room.ledger_is_whole()


def test_two_at_once_make_one_generation(processes: ForkServerContext, staged: Path, tmp_path: Path) -> None:
    """Whoever is second finds the gallery switched, or helped to; nothing is doubled."""
    folder = tmp_path / "flight"
    shutil.copytree(staged, folder)
    both = [processes.Process(target=main, args=(folder, "reextract", "never", 1), daemon=True) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert 0 in [process.exitcode for process in both]
    with opened_room(folder) as room:
        kinds = [parse_leaf(leaf).kind for leaf in room.leaves()]
        assert kinds.count(EntryKind.REEXTRACTION) == 1
        assert all(len(row.sealed_templates) == 1 for row in rows_of(room))
        assert room.open_gallery()(FLIGHT, pack_digest=NEW_PACK).gallery.size == PASSENGERS + DISTRACTORS
        assert room.ledger_is_whole()
