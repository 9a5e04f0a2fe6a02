"""Photos in files: read whole or refused with a reason, never waiting, never leaving the folder."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from fairgate.errors import ImageRefused
from fairgate.outside.photo_files import read_photo
from fairgate.outside.plain_files import leads_outside

CONTENT = b"\xff\xd8 not really a photo"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a photo, a folder in it with another, and a secret beside it."""
    inside = tmp_path / "photos"
    (inside / "live").mkdir(parents=True)
    (inside / "a.jpg").write_bytes(CONTENT)
    (inside / "live" / "b.jpg").write_bytes(CONTENT)
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return inside


def _reason(path: Path, max_bytes: int = 1000, within: Path | None = None) -> str:
    with pytest.raises(ImageRefused) as refused:
        read_photo(path, max_bytes, within=within)
    assert "\n" not in str(refused.value)
    return refused.value.reason


def test_a_photo_arrives_byte_for_byte(folder: Path) -> None:
    """The content is handed on as it lies in the file, up to the limit itself."""
    for path in (folder / "a.jpg", folder / "live" / "b.jpg"):
        for within in (None, folder):
            with read_photo(path, len(CONTENT), within=within).open() as content:
                assert bytes(content) == CONTENT


def test_what_is_no_photo_is_refused_with_its_reason(folder: Path) -> None:
    """Absent, empty, too large, a folder."""
    (folder / "empty.jpg").touch()
    for within in (None, folder):
        assert _reason(folder / "gone.jpg", within=within) == "missing"
        assert _reason(folder / "a.jpg" / "b.jpg", within=within) == "missing"
        assert _reason(folder / "nul\0.jpg", within=within) == "missing"
        assert _reason(folder / "empty.jpg", within=within) == "empty"
        assert _reason(folder / "a.jpg", len(CONTENT) - 1, within=within) == "too_many_bytes"
        assert _reason(folder / "live", within=within) == "not_an_image"
        assert _reason(folder, within=within) == "not_an_image"


def test_pipes_sockets_and_devices_do_not_hang(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes to the pipe, and still the answer comes."""
    os.mkfifo(folder / "pipe.jpg")
    assert _reason(folder / "pipe.jpg") == "not_an_image"
    assert _reason(folder / "pipe.jpg", within=folder) == "not_an_image"
    assert _reason(Path("/dev/zero")) == "not_an_image"
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.jpg")
        assert _reason(Path("s.jpg")) == "not_an_image"


def test_no_link_leads_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    """A link to a file outside, a linked folder and ``..`` are refused; a link that stays inside is followed."""
    (folder / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "up").symlink_to(tmp_path)
    (folder / "in.jpg").symlink_to("live/b.jpg")
    for path in (folder / "out.jpg", folder / "up" / "secret.jpg", folder / ".." / "secret.jpg"):
        assert _reason(path, within=folder) == "missing"
        assert leads_outside(path, folder)
    with read_photo(folder / "in.jpg", 1000, within=folder).open() as content:
        assert bytes(content) == CONTENT


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    """It is the folder that was named; only what lies below is held in it."""
    (tmp_path / "linked").symlink_to(folder)
    with read_photo(tmp_path / "linked" / "a.jpg", 1000, within=tmp_path / "linked").open() as content:
        assert bytes(content) == CONTENT


def test_links_in_a_circle_are_refused(folder: Path) -> None:
    """A loop ends with an answer."""
    (folder / "one.jpg").symlink_to("two.jpg")
    (folder / "two.jpg").symlink_to("one.jpg")
    assert _reason(folder / "one.jpg") == "not_an_image"
    assert _reason(folder / "one.jpg", within=folder) in {"missing", "not_an_image"}
