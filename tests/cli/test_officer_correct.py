"""``fairgate officer correct``: what is asked of the house, what is said, and that nothing of a person is said."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from fairgate.ledger.manual_codes import CorrectionReason
from fairgate.services.correct_facts import CorrectedFacts
from fairgate.vocabulary import TravelDocument

if TYPE_CHECKING:
    from tests.cli.conftest import CardboardHouse, Run

FLIGHT = "FG420-2026-11-22-BOS"
BY = ("--reason", "papers_seen", "--actor", "officer:o-17")


def test_what_is_typed_reaches_the_house(run: Run, house: CardboardHouse) -> None:
    """Documents are added to those known; with --only-documents they are all."""
    typed = ("--nationality", "USA", "--document", "P:X1:USA", "--born", "1980-02-29", "--visa-class", "")
    assert run("officer", "correct", FLIGHT, "P0042", *typed, *BY).code == 0
    assert run("officer", "correct", FLIGHT, "P0042", "--document", "P:X1:USA", "--only-documents", *BY).code == 0
    assert run("officer", "correct", FLIGHT, "P0042", "--further-nationality", "USA", *BY).code == 0
    passport = (TravelDocument("P", "X1", "USA"),)
    assert [asked[3] for asked in house.asked if asked[0] == "correct"] == [
        CorrectedFacts(nationality="USA", further_documents=passport, visa_class="", born_on=date(1980, 2, 29)),
        CorrectedFacts(documents=passport),
        CorrectedFacts(further_nationalities=("USA",)),
    ]
    assert next(asked for asked in house.asked if asked[0] == "correct")[4] is CorrectionReason.PAPERS_SEEN


def test_neither_form_repeats_a_fact(run: Run) -> None:
    """Names of facts, counts and the ledger's entry; no value."""
    typed = ("officer", "correct", FLIGHT, "P0042", "--nationality", "USA", "--document", "P:X1234567:USA", *BY)
    for_people, for_scripts = run(*typed).out, run(*typed, "--json").out
    assert "1 sealed anew" in for_people
    assert "fairgate officer queue" in for_people
    said = json.loads(for_scripts)
    assert (said["facts"], said["photos_erased"], said["matches_undone"]) == (["documents", "nationality"], 2, 1)
    assert not any("X1234567" in text or "USA" in text for text in (for_people, for_scripts))


@pytest.mark.parametrize(
    "typed",
    [("--document", "X1234567"), ("--born", "31/1/1980"), ("--nationality", "USA", "--actor", "lane:B22")],
)
def test_what_is_no_such_value_is_refused(run: Run, house: CardboardHouse, typed: tuple[str, ...]) -> None:
    """Nothing is asked of the house."""
    ended = run("officer", "correct", FLIGHT, "P0042", "--reason", "papers_seen", "--actor", "officer:o-17", *typed)
    assert ended.code == 2
    assert not house.asked
    assert "X1234567" not in ended.out
