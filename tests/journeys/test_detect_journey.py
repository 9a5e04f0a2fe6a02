"""``fairgate detect`` as a user runs it: the real engine and decode worker, drawn faces, copies in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fairgate.bench.drawn_face import drawn_face
from fairgate.cli import main
from fairgate.cli.house import Doors

pytestmark = pytest.mark.needs_component


def _doors(folder: Path) -> Doors:
    """Return the real doors, with every folder a new one."""
    config = folder / "empty.toml"
    config.touch()
    return Doors(
        environ={
            "FAIRGATE_CONFIG": str(config),
            "FAIRGATE_DATA_DIR": str(folder / "data"),
            "FAIRGATE_PACKS_DIR": str(folder / "packs"),
        }
    )


def test_photos_are_looked_at_and_nothing_else_is_left_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line for each photo, copies for those that could be read, the photos as they were, no house opened."""
    photos = tmp_path / "photos"
    photos.mkdir()
    two = np.full((480, 640, 3), 150, np.uint8)
    for left in (10, 330):
        two[100:400, left : left + 300] = drawn_face(300)
    Image.fromarray(drawn_face(480)).save(photos / "one.png")
    Image.fromarray(two).save(photos / "two.jpg", quality=95)
    (photos / "none.jpg").write_bytes(b"no image")
    before = {path.name: path.read_bytes() for path in photos.iterdir()}
    names = [str(photos / name) for name in ("one.png", "none.jpg", "two.jpg")]
    out = tmp_path / "out"

    assert main(["detect", *names, "--out", str(out), "--json"], doors=_doors(tmp_path)) == 3

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.get("file") for one in told] == [*names, None]
    one, none, both, summary = told
    assert (len(one["faces"]), one["subject"]) == (1, 0)
    left, top, right, bottom = one["faces"][0]["box"]
    assert 80 < left < right < 400
    assert all(left < x < right and top < y < bottom for x, y in one["faces"][0]["landmarks"])
    assert none["error"]["reason"] == "not_an_image"
    assert (len(both["faces"]), both["subject"]) == (2, None)
    assert [advice["code"] for advice in both["feedback"]] == ["one_person_please"]
    assert summary == {"summary": {"images": 3, "failed": 1}}
    assert {path.name: path.read_bytes() for path in photos.iterdir()} == before
    assert sorted(path.name for path in out.iterdir()) == ["one.detected.png", "two.detected.png"]
    assert not list((tmp_path / "data").glob("*.db"))
    assert not list((tmp_path / "data").glob("ledger*"))
