"""Epoch keys: made once however many ask, private, destroyed where they lie."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fairgate.errors import RecordExpired, VaultFault
from fairgate.vault.key_slots import SLOT_BYTES
from fairgate.vocabulary import RecordClass

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.conftest import Room

NOW = datetime.fromisoformat("2026-11-22T10:15:00+00:00")

ANOTHER_PROCESS = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from fairgate.vault.vault import open_vault
from fairgate.vocabulary import RecordClass
vault = open_vault(Path(sys.argv[1]), entropy=os.urandom, leaf_at=lambda index: None)
sys.stdin.readline()
for number in range(5):
    envelope = vault.seal(
        b"mine", record_class=RecordClass.PHOTO, record_id="r", crossing_id="c",
        erase_by=datetime(2026, 11, 22, 11 + number, tzinfo=UTC),
    )
    sys.stdout.write(envelope.hex() + "\\n")
"""


def slots(room: Room) -> list[Path]:
    return sorted(room.folder.rglob("*.slot"))


def test_processes_that_ask_at_once_get_the_same_key(room: Room) -> None:
    """Four processes seal under five new epochs at the same moment: one key each, and every envelope opens."""
    command = [sys.executable, "-c", ANOTHER_PROCESS, str(room.folder)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # all wait for a line
        for _ in range(4)
    ]
    outputs = []
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        outputs.append(process.communicate(timeout=60)[0].split())
        assert process.returncode == 0
    envelopes = [bytes.fromhex(text) for output in outputs for text in output]
    assert len(envelopes) == 20
    assert len(slots(room)) == 5
    assert all(room.open(envelope) == b"mine" for envelope in envelopes)
    assert len(room.vault.held_keys()) == 5


def test_keys_are_kept_by_class_and_hour(room: Room) -> None:
    """Records of one class and hour share a key; another class or hour has another."""
    for of, hours in [
        (RecordClass.PHOTO, 12.0),
        (RecordClass.PHOTO, 12.5),
        (RecordClass.PHOTO, 13.0),
        (RecordClass.TEMPLATE, 12.0),
    ]:
        room.seal(of=of, hours=hours)
    named = [key_id.rpartition("/")[0] for key_id in room.vault.held_keys()]
    assert named == ["photo/2026-11-22T22Z", "photo/2026-11-22T23Z", "template/2026-11-22T22Z"]


def test_files_and_folders_are_private(room: Room) -> None:
    """Folders have mode 700 and files 600, whatever the umask; slots have one size."""
    room.seal()
    modes = {
        path.name if path.is_file() else "folder": stat.S_IMODE(path.stat().st_mode)
        for path in [room.folder, *room.folder.rglob("*")]
    }
    assert modes.pop("folder") == 0o700
    assert set(modes.values()) == {0o600}
    assert [path.stat().st_size for path in slots(room)] == [SLOT_BYTES]


def test_a_destroyed_key_is_overwritten_where_it_lay(room: Room) -> None:
    """Another name for the same file shows zeros where the key was; the name itself is gone."""
    room.seal()
    slot = slots(room)[0]
    before, other_name = slot.read_bytes(), room.folder / "other-name"
    os.link(slot, other_name)
    held = room.vault.held_keys()
    assert room.vault.destroy_expired(NOW + timedelta(hours=12)) == held
    assert slots(room) == []
    after = other_name.read_bytes()
    assert after == before[:16] + bytes(64)
    assert any(before[16:])


def test_only_what_is_due_is_destroyed(room: Room) -> None:
    """A sweep leaves later hours alone, and a second sweep finds nothing."""
    early, late = room.seal(hours=12), room.seal(hours=30)
    destroyed = room.vault.destroy_expired(NOW + timedelta(hours=12))
    assert [key_id[:20] for key_id in destroyed] == ["photo/2026-11-22T22Z"]
    assert room.open(late, now=NOW + timedelta(hours=12)) == b"content"
    with pytest.raises(RecordExpired):
        room.open(early)
    assert room.vault.destroy_expired(NOW + timedelta(hours=12)) == ()


def test_a_sweep_killed_half_way_is_taken_up(room: Room) -> None:
    """A slot overwritten but not removed opens nothing and is reported by the next sweep."""
    envelope, held = room.seal(), room.vault.held_keys()
    slot = slots(room)[0]
    slot.write_bytes(slot.read_bytes()[:16] + bytes(64))
    with pytest.raises(RecordExpired):
        room.open(envelope)
    with pytest.raises(RecordExpired):
        room.seal()
    assert room.vault.held_keys() == ()
    assert room.vault.destroy_expired(NOW + timedelta(hours=12)) == held


def test_another_process_that_destroyed_a_key_is_noticed(room: Room) -> None:
    """A key opened before is not used once its slot is gone."""
    envelope = room.seal()
    assert room.open(envelope) == b"content"
    slots(room)[0].unlink()
    with pytest.raises(RecordExpired):
        room.open(envelope)


@pytest.mark.parametrize("position", [0, 8, 20, 60, 79])
def test_a_damaged_slot_is_refused(room: Room, position: int) -> None:
    """A slot with one changed byte is damaged, not another key; it can still be destroyed."""
    envelope = room.seal()
    slot = slots(room)[0]
    content = bytearray(slot.read_bytes())
    content[position] ^= 1
    slot.write_bytes(content)
    with pytest.raises(VaultFault):
        room.open(envelope)
    assert len(room.vault.destroy_expired(NOW + timedelta(hours=12))) == 1
    assert slots(room) == []


def test_a_slot_that_others_may_read_is_refused(room: Room) -> None:
    """A key that others could have copied is not used as if it were secret."""
    envelope = room.seal()
    slots(room)[0].chmod(0o644)
    with pytest.raises(VaultFault):
        room.open(envelope)


def test_what_a_killed_process_left_is_wiped(room: Room) -> None:
    """A key half-made by a process that died is overwritten before it is removed."""
    room.seal(hours=12)
    left = slots(room)[0].with_name(".part-2026-11-22T23Z.slot")
    left.write_bytes(b"a key that nobody uses")
    other_name = room.folder / "other-name"
    os.link(left, other_name)
    room.seal(hours=13)
    assert not left.exists()
    assert not any(other_name.read_bytes())


def test_keys_without_the_record_of_time_are_refused(room: Room) -> None:
    """If the record of time is lost, nothing says what has expired, so nothing opens."""
    room.seal()
    (room.folder / "high-water").unlink()
    with pytest.raises(VaultFault):
        room.reopen()


@pytest.mark.parametrize("content", [b"", b"yesterday", b"2026-11-22T10:15:00Z", b"\xff"])
def test_a_damaged_record_of_time_is_refused(room: Room, content: bytes) -> None:
    """A record of time that cannot be read does not become the beginning of time."""
    (room.folder / "high-water").write_bytes(content)
    with pytest.raises(VaultFault):
        room.reopen()


def test_a_folder_that_is_a_link_is_refused(room: Room, tmp_path: Path) -> None:
    """Keys are not put where a link leads."""
    (tmp_path / "link").symlink_to(room.folder)
    room.folder = tmp_path / "link"
    with pytest.raises(VaultFault):
        room.reopen()
