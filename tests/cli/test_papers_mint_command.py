"""``fairgate papers mint``: files in a new folder, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate.papers.mint.breaks import BreakKind

if TYPE_CHECKING:
    from tests.cli.conftest import Run

PHOTO = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x50\x00\x40\x03" + bytes(300) + b"\xff\xd9"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """The head of a JPEG: nothing decodes it here."""
    path = tmp_path / "me.jpg"
    path.write_bytes(PHOTO)
    return path


def test_a_good_paper(run: Run, photo: Path, tmp_path: Path) -> None:
    """As many files as are told, and the photo within DG2."""
    ended = run("papers", "mint", str(photo), "--out", str(tmp_path / "erika"))
    assert ended.code == 0
    written = sorted(path.name for path in (tmp_path / "erika").iterdir())
    assert ended.out.startswith(f"{tmp_path / 'erika'}: {len(written)} files")
    assert {"EF_COM.bin", "EF_SOD.bin", "DG1.bin", "DG2.bin", "DG14.bin", "DG15.bin"} <= set(written)
    assert PHOTO in (tmp_path / "erika" / "DG2.bin").read_bytes()


def test_a_broken_paper_in_json(run: Run, photo: Path, tmp_path: Path) -> None:
    """With the code that must name it."""
    out = tmp_path / "forged"
    ended = run("papers", "mint", str(photo), "--out", str(out), "--break", "dg1-changed", "--json")
    told = json.loads(ended.out)
    assert (told["folder"], told["broken"], told["named_by"]) == (str(out), "dg1-changed", "data_group_changed")


def test_what_is_refused(run: Run, photo: Path, tmp_path: Path) -> None:
    """A folder that is there, a photo that is none or not there, a zone of a real state, and unknown names."""
    out = str(tmp_path / "new")
    assert run("papers", "mint", str(photo), "--out", str(tmp_path)).code == 3
    assert run("papers", "mint", str(tmp_path / "none.jpg"), "--out", out).code == 3
    notes = tmp_path / "notes.txt"
    notes.write_text("no image")
    assert run("papers", "mint", str(notes), "--out", out).code == 3
    assert run("papers", "mint", str(photo), "--out", out, "--mrz", "P<D<<" + "<" * 83).code == 3
    ended = run("papers", "mint", str(photo), "--out", out, "--break", "nonsense")
    assert ended.code == 2
    assert all(kind.value in ended.err for kind in BreakKind)
    assert run("papers", "mint", str(photo), "--out", out, "--algorithm", "md5").code == 2
    assert not (tmp_path / "new").exists()
