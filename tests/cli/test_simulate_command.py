"""``fairgate simulate boardings``: what is asked for, what is said, and how it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fairgate.simulate.boardings import SimulatedBoardings
from fairgate.simulate.boardings_judge import Disagreement
from fairgate.simulate.boardings_wanted import Fault, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run

    from fairgate.cli.progress import Progress
    from fairgate.config import Settings

AGREED = SimulatedBoardings(
    seed=7,
    rulebook="us-cbp",
    broken=None,
    galleries=3,
    flights=4,
    ship=5,
    travellers=50,
    visits=51,
    asked=40,
    compared=30,
    opted_out=6,
    mistaken=1,
    outcomes={"match: matched": 30},
    looks=200,
    copies_of_withdrawn=2,
    disagreements=(),
    ledger_entries=99,
    ledger_holds=True,
)
DISAGREED = replace(
    AGREED, disagreements=(Disagreement("SG1", "P0007", "asked: visit 1", "required", "not asked", {"born_on": None}),)
)


def answering(
    result: SimulatedBoardings, asked: list[tuple[str, Wanted]]
) -> Callable[[Settings, Wanted, Progress], SimulatedBoardings]:
    """Return a door that gives this answer and remembers the question."""

    def simulate(settings: Settings, wanted: Wanted, progress: Progress) -> SimulatedBoardings:
        asked.append((settings.rulebook, wanted))
        progress(1, 1)
        return result

    return simulate


def test_agreement_ends_with_0_and_says_so(run: Run, tmp_path: Path) -> None:
    """What was wanted reaches the simulation, defaults included."""
    asked: list[tuple[str, Wanted]] = []
    door = answering(AGREED, asked)
    ended = run("simulate", "boardings", "--seed", "7", simulate_boardings=door)
    assert ended.code == 0
    assert "agree on every traveller" in ended.out
    keep = tmp_path / "kept"
    words = ("--flights", "4", "--ship", "5", "--break", "midnight", "--keep", str(keep))
    run("--rulebook", "example-eu-ees", "simulate", "boardings", *words, simulate_boardings=door)
    assert asked == [("us-cbp", Wanted(7, 200, 4000)), ("example-eu-ees", Wanted(1, 4, 5, Fault.MIDNIGHT, keep))]


def test_a_disagreement_ends_with_1_and_is_shown(run: Run) -> None:
    """Who, about what, what the service did and what the text says."""
    ended = run("simulate", "boardings", simulate_boardings=answering(DISAGREED, []))
    assert ended.code == 1
    for word in ("SG1 P0007", "asked: visit 1", "the service required", "the text not asked"):
        assert word in ended.out


def test_a_ledger_that_does_not_verify_ends_with_1(run: Run) -> None:
    """Even where everybody agrees."""
    ended = run("simulate", "boardings", simulate_boardings=answering(replace(AGREED, ledger_holds=False), []))
    assert (ended.code, "does NOT verify" in ended.out) == (1, True)


def test_scripts_get_counts_and_every_disagreement(run: Run) -> None:
    """One object, on one line."""
    ended = run("simulate", "boardings", "--json", simulate_boardings=answering(DISAGREED, []))
    said = json.loads(ended.out)
    assert {name: said[name] for name in ("travellers", "asked", "opted_out", "disagreements")} == {
        "travellers": 50,
        "asked": 40,
        "opted_out": 6,
        "disagreements": 1,
    }
    assert said["found"][0]["passenger_ref"] == "P0007"
    assert ended.code == 1
