"""Files of trust, of a chip and of a zone are read where they are, and refused where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairgate.errors import InputRefused, TrustRefused
from fairgate.outside.trust_files import LARGEST_CHIP_BYTES, read_chip_folder, read_trust_files, read_zone


def _folder(tmp_path: Path, **files: bytes) -> Path:
    for name, content in files.items():
        (tmp_path / name.replace("_", ".")).write_bytes(content)
    return tmp_path


def test_named_files_stand_in_for_the_folder(tmp_path: Path) -> None:
    """The folder counts only where no file is named; hidden files and folders inside it do not count."""
    folder = _folder(tmp_path, a_ml=b"a", b_crl=b"b")
    (folder / ".hidden").write_bytes(b"c")
    (folder / "inside").mkdir()
    assert set(read_trust_files([], folder).values()) == {b"a", b"b"}
    assert list(read_trust_files([folder / "a.ml"], folder).values()) == [b"a"]


def test_without_trust_nobody_is_believed(tmp_path: Path) -> None:
    """Nothing configured, an empty folder, no folder, no file: each is refused with a way out or a name."""
    with pytest.raises(TrustRefused, match="--trust"):
        read_trust_files([], None)
    with pytest.raises(TrustRefused, match="empty"):
        read_trust_files([], tmp_path)
    with pytest.raises(TrustRefused, match="absent"):
        read_trust_files([], tmp_path / "absent")
    with pytest.raises(TrustRefused, match=r"gone\.ml"):
        read_trust_files([tmp_path / "gone.ml"], tmp_path)


def test_a_chips_files_are_told_from_others(tmp_path: Path) -> None:
    """By first octet or name; where none is a chip's, the reader is left to say so."""
    folder = _folder(tmp_path, DG1_bin=b"\x61\x00", list_ml=b"\x30\x00", note_txt=b"hello")
    assert read_chip_folder(folder) == {"DG1.bin": b"\x61\x00"}
    (folder / "DG1.bin").unlink()
    assert set(read_chip_folder(folder)) == {"list.ml", "note.txt"}


def test_a_chips_folder_is_not_left_and_not_filled(tmp_path: Path) -> None:
    """No folder, a link out of it, a file larger than any chip's: refused."""
    with pytest.raises(InputRefused):
        read_chip_folder(tmp_path / "absent")
    folder = tmp_path / "chip"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(b"\x61\x00")
    (folder / "DG1.bin").symlink_to(tmp_path / "secret.bin")
    with pytest.raises(InputRefused, match="outside"):
        read_chip_folder(folder)
    (folder / "DG1.bin").unlink()
    (folder / "DG2.bin").write_bytes(bytes(LARGEST_CHIP_BYTES + 1))
    with pytest.raises(InputRefused, match="too large"):
        read_chip_folder(folder)


def test_a_zone_is_text_or_a_file(tmp_path: Path) -> None:
    """No file is called like a zone; what is neither is refused."""
    (tmp_path / "zone.txt").write_bytes(b"P<UTO\n")
    assert read_zone("P<UTOERIKSSON<<") == "P<UTOERIKSSON<<"
    assert read_zone(str(tmp_path / "zone.txt")) == "P<UTO\n"
    with pytest.raises(InputRefused, match="missing"):
        read_zone("L898902C36UTO7408122")
