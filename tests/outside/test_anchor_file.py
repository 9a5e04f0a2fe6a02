"""The newest checkpoint outside the database: it only ever moves forward, and is whole or absent."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest

from fairgate.errors import LedgerFault
from fairgate.outside.anchor_file import AnchorFile
from fairgate.services.ports import Anchor


def note_of(size: int, signature: str = "AAAA") -> bytes:
    return f"fairgate.example/bos\n{size}\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— x {signature}\n".encode()


def size_kept(path: Path) -> int:
    return int(path.read_bytes().split(b"\n")[1])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "newest-checkpoint"


def test_before_the_first_entry_there_is_no_note(path: Path) -> None:
    """A folder that does not exist yet holds no note either."""
    anchor: Anchor = AnchorFile(path)
    assert anchor.newest() is None


def test_the_note_is_kept_as_it_came(path: Path) -> None:
    """Another process finds exactly the bytes that were handed in."""
    AnchorFile(path).advance(note_of(3), 3)
    assert AnchorFile(path).newest() == note_of(3)


def test_a_larger_log_replaces_a_smaller_one_and_never_the_other_way(path: Path) -> None:
    """A note that comes late, from a slower process, is let go; so is a second note of the same size."""
    anchor = AnchorFile(path)
    for size in (1, 5, 4, 5, 2):
        anchor.advance(note_of(size, f"SIG{len(str(size))}"), size)
    anchor.advance(note_of(5, "OTHER"), 5)
    assert anchor.newest() == note_of(5, "SIG1")


def test_only_the_owner_may_use_the_file(path: Path) -> None:
    """Folder 700, note and lock 600."""
    AnchorFile(path).advance(note_of(1), 1)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_nothing_else_is_left_in_the_folder(path: Path) -> None:
    """Replacing leaves no temporary file behind."""
    for size in range(1, 6):
        AnchorFile(path).advance(note_of(size), size)
    assert {file.name for file in path.parent.iterdir()} == {path.name, f"{path.name}.lock"}


@pytest.mark.parametrize(
    "note", [note_of(4), b"", b"x", b"x\n3\n", b"x\n-3\ny\n\n", b"x\n 3\ny\n\n", b"x\n" + b"9" * 5000 + b"\ny\n\n"]
)
def test_a_note_of_another_size_is_refused(path: Path, note: bytes) -> None:
    """The size said must be the one that the note was signed for; nothing is written."""
    with pytest.raises(LedgerFault):
        AnchorFile(path).advance(note, 3)
    assert not path.exists()


@pytest.mark.parametrize("damaged", [b"", b"rubbish", note_of(7)[:22]])
def test_a_damaged_note_is_not_papered_over(path: Path, damaged: bytes) -> None:
    """Whoever damaged the anchor must not have it repaired by the next crossing: it stays for the verifier to see."""
    AnchorFile(path).advance(note_of(7), 7)
    path.write_bytes(damaged)
    with pytest.raises(LedgerFault):
        AnchorFile(path).advance(note_of(8), 8)
    assert AnchorFile(path).newest() == damaged


def test_a_place_that_cannot_be_used_is_a_ledger_fault(tmp_path: Path) -> None:
    """Neither reading nor writing lets an OSError out."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(LedgerFault):
        AnchorFile(tmp_path / "taken").newest()
    with pytest.raises(LedgerFault):
        AnchorFile(tmp_path / "taken").advance(note_of(1), 1)
    (tmp_path / "file").touch()
    with pytest.raises(LedgerFault):
        AnchorFile(tmp_path / "file" / "anchor").advance(note_of(1), 1)


def _advance_all(path: Path, sizes: list[int]) -> None:
    for size in sizes:
        AnchorFile(path).advance(note_of(size), size)


def test_processes_that_race_leave_the_largest(path: Path) -> None:
    """Three processes advance interleaved, one of them downwards; the largest of all is kept."""
    spawn = multiprocessing.get_context("spawn")
    orders = [list(range(1, 40, 2)), list(range(2, 41, 2)), list(range(38, 0, -1))]
    racers = [spawn.Process(target=_advance_all, args=(path, sizes)) for sizes in orders]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert [racer.exitcode for racer in racers] == [0, 0, 0]
    assert size_kept(path) == 40
