"""The simulated boardings: service and text agree on everybody, and a service that is broken is found out."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from fairgate.config import Settings
from fairgate.errors import InputRefused
from fairgate.outside.rulebook_files import rulebook_names
from fairgate.simulate.boardings import TEXTS, SimulatedBoardings, simulate_boardings
from fairgate.simulate.boardings_people import HOMES
from fairgate.simulate.boardings_wanted import Fault, Wanted
from fairgate.simulate.boardings_world import draw_voyages

SIMULATE = Path(__file__).resolve().parents[2] / "src" / "fairgate" / "simulate"
SMALL = Wanted(seed=7, flights=8, ship=60)
AT_THE_EDGES = Wanted(seed=10, flights=4, ship=0)
"""Has somebody of 13 who arrives before the change, and visits around midnight far from UTC."""


def run(folder: Path, wanted: Wanted, rulebook: str = "us-cbp") -> SimulatedBoardings:
    """Simulate with everything below a folder of the test."""
    return simulate_boardings(Settings(data_dir=folder, rulebook=rulebook), wanted, lambda done, total: None)


def about(result: SimulatedBoardings) -> Counter[str]:
    """Count disagreements by what they are about."""
    return Counter(one.about.partition(":")[0] for one in result.disagreements)


def imported(file: Path) -> set[str]:
    """Return every module that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = {f"{node.module}.{one.name}" for one in node.names}
            found |= parts if node.module == "fairgate.simulate" else {str(node.module)}
    return found


def test_the_second_opinion_knows_nothing_of_the_code() -> None:
    """It imports the standard library and itself; what it expects of a plan needs no rule and no service either."""
    texts = sorted(SIMULATE.glob("rules_by_the_text*.py"))
    assert len(texts) >= 4
    for file in texts:
        for module in imported(file):
            own = module.startswith("fairgate.simulate.rules_by_the_text")
            assert own or module.split(".")[0] in sys.stdlib_module_names, f"{file.name} imports {module}"
    expected = imported(SIMULATE / "boardings_expected.py")
    assert not [one for one in expected if one.startswith("fairgate.") and "fairgate.simulate." not in one]


def test_that_look_finds_an_import_of_the_rules(tmp_path: Path) -> None:
    """Planted ones are seen, in both forms."""
    planted = tmp_path / "planted.py"
    planted.write_text("import fairgate.rules\nfrom fairgate.services.permissions import LaneRules\n")
    assert imported(planted) == {"fairgate.rules", "fairgate.services.permissions"}


@pytest.mark.parametrize("rulebook", ["us-cbp", "example-eu-ees"])
def test_service_and_text_agree_on_everybody(tmp_path: Path, rulebook: str) -> None:
    """Asked or not, compared or not, kept until when; nobody is left out, and the ledger verifies."""
    result = run(tmp_path, SMALL, rulebook)
    assert result.disagreements == ()
    assert result.ledger_holds
    assert 0 < result.compared < result.asked < result.travellers
    assert result.opted_out > 10
    assert result.mistaken > 0 or rulebook != "us-cbp"
    assert result.looks > result.travellers
    assert {"match: matched", "not_attempted: opted_out", "see_officer: no_match"} <= set(result.outcomes)


@pytest.mark.parametrize(
    ("broken", "noticed"),
    [
        (Fault.AGE, "asked"),
        (Fault.MIDNIGHT, "asked"),
        (Fault.CITIZEN_RETENTION, "kept"),
        (Fault.OPT_OUT, "compared"),
    ],
)
def test_what_is_broken_on_purpose_is_noticed(tmp_path: Path, broken: Fault, noticed: str) -> None:
    """A second opinion that agreed with everything would say nothing; unbroken, the same world agrees."""
    assert about(run(tmp_path, replace(AT_THE_EDGES, broken=broken)))[noticed] > 0


def test_one_seed_is_one_world() -> None:
    """Drawn again it is the same; another seed draws another."""
    home = HOMES["us-cbp"]
    first, again, other = (tuple(draw_voyages(seed, home, flights=6, ship=20)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_a_world_has_what_it_is_asked_for() -> None:
    """Every flight, in galleries of one or several; and one ship with all its passengers, who are numbered once."""
    voyages = tuple(draw_voyages(11, HOMES["us-cbp"], flights=60, ship=500))
    ship = voyages[-1]
    assert (ship.place.lane, len(ship.plans), ship.lanes > 1) == ("sea", 500, True)
    assert sum(voyage.flights for voyage in voyages[:-1]) == 60
    assert max(voyage.flights for voyage in voyages) > 1
    numbers = [plan.number for voyage in voyages for plan in voyage.plans]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_every_shipped_rulebook_has_its_text() -> None:
    """A rulebook that nobody has read would be simulated without a second opinion."""
    assert set(TEXTS) == set(HOMES) == set(rulebook_names())


def test_a_rulebook_without_a_second_opinion_is_refused(tmp_path: Path) -> None:
    """Nothing is simulated that nobody could judge."""
    with pytest.raises(InputRefused):
        run(tmp_path, SMALL, "no-such-rulebook")


def test_a_folder_with_something_in_it_is_not_used(tmp_path: Path) -> None:
    """What lies there may be somebody's data folder."""
    (tmp_path / "theirs").write_text("")
    with pytest.raises(InputRefused):
        run(tmp_path, replace(SMALL, keep=tmp_path))


@pytest.mark.slow
def test_twenty_flights_and_a_ship_of_two_hundred_agree(tmp_path: Path) -> None:
    """The same with more of everything, under another seed."""
    result = run(tmp_path, Wanted(seed=20251226, flights=20, ship=200))
    assert result.disagreements == ()
    assert result.ledger_holds
