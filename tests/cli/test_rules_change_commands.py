"""Actors, proposals, comments and adoptions through the command line, in a real house without an engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fairgate.bootstrap.opening import open_house
from fairgate.cli import main
from fairgate.cli.house import Doors, House
from fairgate.errors import RulebookNotAdopted

if TYPE_CHECKING:
    from fairgate.config import Settings

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@dataclass
class Desk:
    """Runs commands on one data folder at a time of the test's own."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    environ: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW

    def __call__(self, *argv: str, expect: int = 0) -> str:
        self.capsys.readouterr()
        config = self.folder / "empty.toml"
        config.touch()
        environ = {"FAIRGATE_CONFIG": str(config), "FAIRGATE_DATA_DIR": str(self.folder / "data"), **self.environ}

        def open_then(settings: Settings, *, for_people: bool = True) -> AbstractContextManager[House]:
            return open_house(settings, for_people=for_people, clock=lambda: self.now)

        doors = replace(Doors(open_house=open_then, environ=environ), now=lambda: self.now)
        code = main(argv, doors=doors)
        captured = self.capsys.readouterr()
        assert code == expect, captured
        return captured.out + captured.err

    def json(self, *argv: str, expect: int = 0) -> dict[str, Any]:
        printed = self(*argv, "--json", expect=expect)
        return dict(json.loads(printed.splitlines()[-1]))

    def enrol(self, actor: str) -> str:
        """Make and enrol a key, and return its file."""
        file = str(self.folder / f"{actor.partition(':')[2]}.key")
        self("actors", "enrol", self.json("actors", "key", actor, "--out", file)["public_key"])
        return file


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_from_an_empty_house_to_an_adopted_rulebook(desk: Desk) -> None:
    """Two keys, a founding, a change with comments, two signatures each; the house starts after the first."""
    anna, bert = desk.enrol("officer:anna"), desk.enrol("overseer:bert")
    refused = desk("stage", "list.edi", "--references", "photos", expect=4)
    assert refused.startswith("error [rules.not_adopted]: Rulebook 'us-cbp' was not adopted in this data folder.")
    by_anna, by_bert = ("--actor", "officer:anna", "--key", anna), ("--actor", "overseer:bert", "--key", bert)
    held = ("--held-at", "DHS-2025-0001", "--from", "2025-10-27", "--until", "2025-11-26")
    proposed = desk.json("rules", "propose", "us-cbp", *by_anna, *held)
    assert proposed["held_elsewhere"] == "DHS-2025-0001"
    assert proposed["comments_until"] == "2025-11-27T00:00:00.000Z"
    first = desk.json("rules", "adopt", proposed["proposal"], *by_anna)
    assert (first["adopted"], first["signatures"], first["needed"]) == (False, 1, 2)
    adopted = desk.json("rules", "adopt", proposed["proposal"][:8], *by_bert)
    assert adopted["adopted"] is True
    assert [one["actor"] for one in adopted["adoption"]["signed"]] == ["officer:anna", "overseer:bert"]
    assert desk.json("ledger", "verify")["ok"] is True

    text = desk.folder / "second.toml"
    text.write_text(Path(_shipped("us-cbp")).read_text("utf-8") + "# A second text.\n", "utf-8")
    second = desk.json("rules", "propose", str(text), *by_bert)
    assert second["previous_sha256"] == proposed["sha256"]
    desk("rules", "comment", second["proposal"], "Against.\x1b[2J", "--person", "A. Traveller")
    listed = desk("rules", "comment", second["proposal"], "--list")
    assert "A. Traveller" in listed
    assert "\x1b" not in listed
    assert desk.json("rules", "adopt", second["proposal"], *by_anna, expect=3)["error"]["reason"] == "comments_open"
    desk.now += timedelta(days=30)
    desk("rules", "adopt", second["proposal"], *by_anna)
    assert "In force from 2026-12-22" in desk("rules", "adopt", second["proposal"], *by_bert)
    history = [json.loads(line) for line in desk("rules", "history", "--json").splitlines()]
    assert [(one["state"], one["comments"]) for one in history[:-1]] == [("replaced", 0), ("in_force", 1)]
    assert history[-1] == {"proposals": 2}
    assert desk.json("ledger", "verify")["ok"] is True


def _shipped(name: str) -> str:
    import fairgate.rules

    return str(Path(fairgate.rules.__file__).parent / "rulebooks" / f"{name}.toml")


def test_a_key_of_somebody_else_signs_nothing(desk: Desk) -> None:
    """Named otherwise, unreadable, open to others, or missing: one clear refusal each, and no file is overwritten."""
    anna = desk.enrol("officer:anna")
    desk.enrol("officer:bert")
    propose = ("rules", "propose", "us-cbp", "--actor", "officer:bert", "--key")
    assert "is the key of officer:anna, not of officer:bert" in desk(*propose, anna, expect=3)
    assert "There is no key file nowhere" in desk(*propose, "nowhere", expect=3)
    Path(anna).chmod(0o644)
    assert "Others may read the key file" in desk(*propose, anna, expect=5)
    noise = desk.folder / "noise.key"
    noise.write_bytes(b"noise")
    noise.chmod(0o600)
    assert "is no key file" in desk(*propose, str(noise), expect=3)
    assert "no key is written over another" in desk("actors", "key", "officer:x", "--out", str(noise), expect=3)
    assert noise.read_bytes() == b"noise"
    assert "names nobody who may change rules" in desk("actors", "key", "traveller:x", "--out", "x.key", expect=3)
    assert "a letter of it is wrong" in desk("actors", "enrol", "officer:x+00000000+AQID", expect=3)


def test_actors_are_listed_and_withdrawn(desk: Desk) -> None:
    """A withdrawn key stays on the list, and counts no more."""
    desk.enrol("officer:anna")
    desk.enrol("operator:o-2")
    assert desk.json("actors", "list") == {"actors": 2}
    assert desk.json("actors", "withdraw", "officer:anna") == {"actor": "officer:anna", "withdrawn": True}
    assert desk.json("actors", "list") == {"actors": 1}
    assert "2026-11-22" in desk("actors", "list")
    assert desk.json("actors", "withdraw", "officer:anna", expect=3)["error"]["reason"] == "not_enrolled"


def test_only_what_touches_people_needs_an_adopted_rulebook(desk: Desk, tmp_path: Path) -> None:
    """Ledger, history and settings are looked at without; staging, boarding, comparing and exporting are not."""
    photo = tmp_path / "photo.jpg"
    photo.touch()
    for looking in (("ledger", "verify"), ("rules", "history"), ("actors", "list"), ("config", "show")):
        desk(*looking)
    for touching in (
        ("stage", "l.edi", "--references", "r"),
        ("board", "captures.csv"),
        ("verify", str(photo), str(photo)),
        ("verify", "--chip", "c", "--live", "l"),
        ("gallery", "shared-faces"),
        ("export", "crossings", "F", "--purpose", "audit", "--out", "x"),
    ):
        assert desk.json(*touching, expect=4)["error"]["code"] == RulebookNotAdopted.code


def test_demo_mode_says_so_on_every_output(desk: Desk) -> None:
    """One line on standard error beside text, once; a key in every object, errors too; nothing without it."""
    line = "DEMO MODE: nobody adopted these rules, and nobody may be boarded by them.\n"
    assert line not in desk("rules", "history")
    assert "demo_mode" not in desk.json("ledger", "verify")
    desk.environ["FAIRGATE_DEMO_MODE"] = "true"
    said: Callable[..., str] = desk
    assert said("ledger", "verify").count(line) == 1
    assert said("config", "show").count(line) == 1
    assert said("board", "nothing.csv", expect=3).count(line) == 1
    for printed in ("ledger verify", "rules history", "actors list", "config show"):
        found = desk.json(*printed.split())
        assert found["demo_mode"] is True
    assert desk.json("board", "nothing.csv", expect=3)["demo_mode"] is True


def test_a_house_that_adopted_a_rulebook_is_no_demonstration(desk: Desk) -> None:
    """So that nobody boards people by other rules in passing."""
    keys = {actor: desk.enrol(actor) for actor in ("officer:anna", "officer:bert")}
    held = ("--held-at", "DHS-2025-0001", "--from", "2025-10-27", "--until", "2025-11-26")
    proposal = desk.json("rules", "propose", "us-cbp", "--actor", "officer:anna", "--key", keys["officer:anna"], *held)[
        "proposal"
    ]
    for actor, key in keys.items():
        desk("rules", "adopt", proposal, "--actor", actor, "--key", key)
    assert desk.json("board", "nothing.csv", expect=3)["error"]["code"] == "input.table"
    desk.environ["FAIRGATE_DEMO_MODE"] = "true"
    assert desk.json("board", "nothing.csv", expect=4)["error"]["code"] == "rules.demo_mode"
    desk.environ = {"FAIRGATE_RULEBOOK": "example-eu-ees"}
    assert desk.json("board", "nothing.csv", expect=4)["error"]["code"] == "rules.not_adopted"
