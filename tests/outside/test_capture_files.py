"""Captures in files: a photo, or a folder of frames that nothing leads out of."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairgate.errors import ImageRefused
from fairgate.outside.capture_files import read_capture
from fairgate.vocabulary import Photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Captures: one photo, one folder with twelve frames, a hidden file and a folder in it."""
    inside = tmp_path / "captures"
    (inside / "many" / "nested").mkdir(parents=True)
    (inside / "one.jpg").write_bytes(b"one")
    (inside / "many" / ".hidden").write_bytes(b"hidden")
    for number in range(12):
        (inside / "many" / f"{number:02}.jpg").write_bytes(f"{number:02}".encode())
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "secret.jpg").write_bytes(b"secret")
    return inside


def contents(path: Path, most: int, within: Path | None = None) -> list[str]:
    """What the frames hold."""
    lent = read_capture(path, 1000, most=most, within=within)
    texts = []
    for photo in (lent,) if isinstance(lent, Photo) else lent:
        with photo.open() as content:
            texts.append(bytes(content).decode())
    return texts


def test_a_file_is_one_photo(folder: Path) -> None:
    """It is lent as it always was, not as a sequence of one."""
    assert isinstance(read_capture(folder / "one.jpg", 1000, most=5, within=folder), Photo)
    assert contents(folder / "one.jpg", 5) == ["one"]


def test_a_folder_is_its_frames_in_order_of_their_names(folder: Path) -> None:
    """Where there are more than are looked at, they are spread over the folder; hidden files are none."""
    for within in (None, folder):
        assert contents(folder / "many", 12, within) == [f"{number:02}" for number in range(12)]
        assert contents(folder / "many", 3, within) == ["00", "04", "08"]


def test_a_frame_that_cannot_be_read_is_left_out(folder: Path) -> None:
    """And where none can be read the first one's reason is the capture's."""
    (folder / "many" / "00.jpg").write_bytes(b"")
    assert contents(folder / "many", 3, folder) == ["04", "08"]
    (folder / "empty").mkdir()
    (folder / "bad").mkdir()
    (folder / "bad" / "a.jpg").write_bytes(b"x" * 2000)
    (folder / "bad" / "b.jpg").write_bytes(b"")
    for name, reason in (("empty", "empty"), ("bad", "too_many_bytes"), ("gone", "missing")):
        with pytest.raises(ImageRefused) as refused:
            read_capture(folder / name, 1000, most=5, within=folder)
        assert refused.value.reason == reason


def test_nothing_leads_out_of_the_folder(folder: Path) -> None:
    """Neither a folder elsewhere, by path or by link, nor a link among the frames."""
    (folder / "linked").symlink_to(folder.parent / "beside")
    (folder / "frames").mkdir()
    (folder / "frames" / "a.jpg").symlink_to(folder.parent / "beside" / "secret.jpg")
    for path in (folder / "linked", folder / ".." / "beside", folder / "frames"):
        with pytest.raises(ImageRefused) as refused:
            read_capture(path, 1000, most=5, within=folder)
        assert refused.value.reason == "missing"
    with pytest.raises(ImageRefused):
        read_capture(folder / "frames", 1000, most=5)
