"""``fairgate gallery``: what is said, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import CardboardHouse, Run

FLIGHT = "FG420-2026-11-22-BOS"


def test_showing_a_gallery_says_how_far_a_change_of_pack_has_come(run: Run, house: CardboardHouse) -> None:
    """For people in sentences, for scripts as one object; without a flight it is the only one."""
    ended = run("gallery", "show")
    assert ended.code == 0
    assert "2 of 2 passengers enrolled, 3 templates" in ended.out
    assert "1 of 2 passengers done" in " ".join(ended.out.split())
    said = json.loads(run("gallery", "show", FLIGHT, "--json").out)
    assert said["under_way"] == {"pack_digest": "22" * 32, "generation": 2, "done": 1, "lost": 0}
    assert [asked[1] for asked in house.asked if asked[0] == "gallery"] == [None, FLIGHT]


def test_a_switch_says_what_was_erased(run: Run, house: CardboardHouse) -> None:
    """Exit 0; the pack is the global option, which may stand after the command."""
    ended = run("gallery", "reextract", FLIGHT, "--references", "photos", "--pack", "omz-0095", "--json")
    assert ended.code == 0
    said = json.loads(ended.out)
    assert (said["state"], said["erased"], said["lost"], said["from_pack"]) == ("switched", 3, 0, "11" * 32)
    assert "pack='omz-0095'" in repr(house.asked[0])
    assert "3 old templates are erased" in run("gallery", "reextract", FLIGHT, "--references", "photos").out


def test_what_would_be_lost_is_refused_after_it_was_reported(run: Run) -> None:
    """Exit 3 with a code of its own after the report; with --allow-fewer it is done."""
    ended = run("gallery", "reextract", "OTHER", "--references", "photos", "--json")
    assert ended.code == 3
    report, error = [json.loads(line) for line in ended.out.splitlines()]
    assert (report["state"], report["left_out"][0]["reason"]) == ("waiting", "reference_missing")
    assert error["error"]["code"] == "input.staging_conflict"
    assert "--allow-fewer" in error["error"]["way_out"]
    allowed = run("gallery", "reextract", "OTHER", "--references", "photos", "--allow-fewer")
    assert allowed.code == 0
    assert "reference_missing" in allowed.out
