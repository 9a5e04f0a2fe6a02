"""``packs add`` and ``packs remove``: what reaches the doors, what is said, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fairgate.errors import PackDigestMismatch
from fairgate.outside.pack_catalogue import recipe
from fairgate.outside.pack_files import InstalledPack, open_pack
from fairgate.outside.pack_store import AddedPack, AddedState

if TYPE_CHECKING:
    from tests.cli.conftest import Run

    from fairgate.cli.progress import Progress
    from fairgate.config import Settings


class _Adding:
    """Answers as told, and remembers what it was asked."""

    def __init__(self, *, calibrated: bool = True, error: Exception | None = None) -> None:
        pack = open_pack("dlib-cc0", Path("nowhere")).pack
        self._pack = replace(pack, id="other", calibration=pack.calibration if calibrated else ())
        self._error = error
        self.asked: list[tuple[str, Path | None, bool]] = []

    def __call__(
        self, settings: Settings, what: str, models: Path | None, download: bool, progress: Progress
    ) -> AddedPack:
        self.asked.append((what, models, download))
        if self._error:
            raise self._error
        progress(10, 10)
        return AddedPack(InstalledPack(self._pack, settings.packs_dir / "other"), AddedState.ADDED, ("a.onnx",))


def test_adding_says_what_was_done_and_where(run: Run, tmp_path: Path) -> None:
    """Downloading is asked for by option, or by naming no folder; progress is told in bytes."""
    door = _Adding()
    ended = run("packs", "add", "other", "--models", "m", add_pack=door)
    assert (ended.code, ended.out.split()[:2]) == (0, ["other:", "added,"])
    assert str(tmp_path / "packs" / "other") in ended.out.replace("\n", "")
    assert "Downloading, bytes: 10 of 10" in ended.err
    told = json.loads(run("packs", "add", "p.toml", "--download", "--json", add_pack=door).out)
    assert (told["pack"], told["state"], told["files"], told["in_use"]) == ("other", "added", ["a.onnx"], False)
    assert door.asked == [("other", Path("m"), False), ("p.toml", None, True)]


def test_a_pack_without_records_is_named_as_such(run: Run) -> None:
    """It will not be operated, and the way to change that is named."""
    assert "packs calibrate" in run("packs", "add", "other", add_pack=_Adding(calibrated=False)).out


def test_a_refusal_keeps_its_code(run: Run) -> None:
    """As every refused pack."""
    ended = run("packs", "add", "other", "--json", add_pack=_Adding(error=PackDigestMismatch("differs")))
    assert ended.code == 4
    assert json.loads(ended.out)["error"]["code"] == "config.pack_digest"


def test_removing_names_the_folder_and_whether_the_settings_still_name_it(run: Run) -> None:
    """The default pack is refused by the real door."""
    doors = {"remove_pack": lambda name, folder: folder / name, "flights_staged_with": lambda settings, digest: ()}
    told = json.loads(run("packs", "remove", "dlib-cc0", "--json", **doors).out)
    assert told["pack"] == "dlib-cc0"
    assert told["in_use"] is True
    assert "settings still name it" in run("packs", "remove", "dlib-cc0", **doors).out
    assert run("packs", "remove", "dlib-cc0").code == 4
    assert run("packs", "remove", "absent", "--even-if-used").code == 4


def test_a_pack_that_flights_are_staged_with_is_kept(run: Run) -> None:
    """Unless it is said that this does not matter."""
    removed: list[str] = []

    def remove(name: str, folder: Path) -> Path:
        removed.append(name)
        return folder / name

    doors = {
        "remove_pack": remove,
        "flights_staged_with": lambda settings, digest: ("FG1", "FG2"),
    }
    ended = run("packs", "remove", "dlib-cc0", **doors)
    assert (ended.code, removed) == (4, [])
    assert "config.pack_conflict" in ended.err
    assert "FG2" in ended.err
    assert run("packs", "remove", "dlib-cc0", "--even-if-used", **doors).code == 0
    assert removed == ["dlib-cc0"]


def test_the_list_names_what_can_be_added(run: Run) -> None:
    """To people; scripts get the packs that are installed."""
    ended = run("packs", "list", recipe_names=lambda: ("omz-0095", "dlib-cc0"))
    assert "packs add NAME`: omz-0095." in ended.out.replace("\n", " ")
    assert len(run("packs", "list", "--json").out.splitlines()) == 1


def test_a_real_recipe_is_added_used_and_removed(run: Run, shared_data: Path, tmp_path: Path) -> None:
    """Through the real doors, into a folder of this test; a model that is nowhere is named."""
    folder = tmp_path / "packs"
    assert run("packs", "add", "omz-0095", "--models", str(shared_data / "models")).code == 0
    assert (folder / "omz-0095" / "pack.toml").read_text("utf-8") == recipe("omz-0095")
    assert run("packs", "verify", "omz-0095").code == 0
    assert run("config", "check", "--pack", "omz-0095").code == 0
    assert "already there" in run("packs", "add", "omz-0095", "--models", str(tmp_path)).out
    assert run("packs", "remove", "omz-0095").code == 0
    assert not (folder / "omz-0095").exists()
    ended = run("packs", "add", "omz-0095", "--models", str(tmp_path))
    assert ended.code == 4
    assert "config.pack_model_missing" in ended.err
