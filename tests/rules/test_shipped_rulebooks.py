"""What ships: every rulebook is sound, says where each rule comes from, and admits what was not checked."""

from __future__ import annotations

import importlib.resources

import pytest

from fairgate.rules.rule import RuleStatus
from fairgate.rules.rulebook import Rulebook, read_rulebook

NAMES = sorted(
    entry.name.removesuffix(".toml")
    for entry in importlib.resources.files("fairgate.rules").joinpath("rulebooks").iterdir()
    if entry.name.endswith(".toml")
)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_rulebook_loads_and_is_called_as_its_file(name: str) -> None:
    """The identifier, which the records carry, is the file's name."""
    text = importlib.resources.files("fairgate.rules").joinpath(f"rulebooks/{name}.toml").read_text("utf-8")
    book = read_rulebook(text)
    assert book.id == name
    assert all(rule.basis.note for rule in book.rules if not rule.basis.text_checked)


def test_there_are_two_states() -> None:
    """One rulebook would prove nothing."""
    assert {"us-cbp", "example-eu-ees"} <= set(NAMES)


def test_the_plan_of_2019_is_in_the_book_as_dropped(us_cbp: Rulebook) -> None:
    """It is remembered, and never applies; so is the proposal that became the rule of 2025."""
    plan, proposal = us_cbp.rule("us-citizen-required-2019"), us_cbp.rule("us-alien-proposed-2020")
    assert plan is not None
    assert proposal is not None
    assert plan.status is RuleStatus.DROPPED
    assert proposal.status is RuleStatus.PROPOSED


def test_the_pilot_had_at_most_fifteen_air_and_sea_ports(us_cbp: Rulebook) -> None:
    """The regulation's own limit holds for the list we have of them."""
    assert 0 < len(us_cbp.calendar.named_ports) <= 15
