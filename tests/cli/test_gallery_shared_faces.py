"""``fairgate gallery shared-faces``: what is said, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fairgate.errors import CalibrationMissing

if TYPE_CHECKING:
    from tests.cli.conftest import CardboardHouse, Run

FLIGHT = "FG420-2026-11-22-BOS"


def test_a_pair_names_both_entries_and_what_differs(run: Run, house: CardboardHouse) -> None:
    """An answer, exit 0; for scripts one object, without a score."""
    ended = run("gallery", "shared-faces", FLIGHT)
    assert ended.code == 0
    assert {"P0001", "P0002", "officer"} <= set(ended.out.split())
    said = json.loads(run("gallery", "shared-faces", "--json").out)
    assert said["pairs"] == [
        {
            "passengers": ["P0001", "P0002"],
            "outcome": "see_officer",
            "reason": "shared_face",
            "kind": "one_person_two_identities",
            "agree": ["sex"],
            "differ": ["name_differs", "number_differs"],
        }
    ]
    assert "score" not in json.dumps(said)
    assert [asked[1] for asked in house.asked if asked[0] == "shared_faces"] == [FLIGHT, None]


def test_a_clean_list_is_said_to_be_one(run: Run) -> None:
    """With what was compared, and by which threshold."""
    said = " ".join(run("gallery", "shared-faces", "CLEAN").out.split())
    assert "No two of them look like one person" in said
    assert "among-themselves-alarms-0.01-n-50, extrapolated" in said


def test_a_list_that_cannot_be_checked_is_never_clean(run: Run, house: CardboardHouse) -> None:
    """Exit 4, with a code."""
    house.error = CalibrationMissing("A list of 1001 references cannot be checked.")
    ended = run("gallery", "shared-faces", "--json")
    assert ended.code == 4
    assert json.loads(ended.out.splitlines()[-1])["error"]["code"] == "config.calibration_missing"
