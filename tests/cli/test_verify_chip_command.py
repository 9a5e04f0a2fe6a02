"""``fairgate verify --chip``: what is asked of the house, what is told, and what is refused before it opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate.bootstrap.verifying import ChipToVerify
from fairgate.cli.verify import TEST_PAPERS
from fairgate.papers.chip.verdicts import PassiveReason, PassiveStep, StepOutcome, StepResult
from fairgate.papers.consistency import SignalCode
from fairgate.papers.document_facts import Source
from fairgate.services.examine_chip import Difference
from fairgate.services.verify_chip import ChipVerified
from fairgate.vocabulary import Direction, OfficerReason, SeeOfficer

if TYPE_CHECKING:
    from tests.cli.conftest import CardboardHouse, Run

VERIFIED = ChipVerified(
    SeeOfficer(OfficerReason.CHIP_NOT_GENUINE, "signature_invalid"),
    "rule-7",
    (
        StepResult(PassiveStep.SECURITY_OBJECT, StepOutcome.PASSED),
        StepResult(PassiveStep.SIGNATURE, StepOutcome.FAILED, PassiveReason.SIGNATURE_INVALID, "ECDSA"),
    ),
    (Difference(SignalCode.SEX_DIFFERS, (Source.MRZ, Source.CHIP), "The sex differs."),),
    findings=3,
    tests_only=True,
)


def test_the_passport_is_handed_to_the_house(house: CardboardHouse, run: Run) -> None:
    """Every option arrives, and what is not said is entry, without a zone, with the configured trust."""
    run("verify", "--chip", "chip", "--live", "live.jpg")
    assert house.asked[-1] == ("verify_chip", ChipToVerify(Path("chip"), Path("live.jpg")))
    options = ["--trust", "a.ml", "--trust", "b.crl", "--mrz", "zone.txt", "--direction", "exit", "--opted-out"]
    run("verify", "--chip", "chip", "--live", "live", *options, "--test-papers")
    trust = [Path("a.ml"), Path("b.crl")]
    wanted = ChipToVerify(Path("chip"), Path("live"), trust, "zone.txt", Direction.EXIT, True, True)
    assert house.asked[-1] == ("verify_chip", wanted)


def test_a_script_is_told_codes_alone(house: CardboardHouse, run: Run) -> None:
    """Outcome, steps and signals by their codes; how many findings; and that test papers were believed."""
    house.verified = VERIFIED
    told = json.loads(run("verify", "--chip", "chip", "--live", "live.jpg", "--json").out)
    assert told == {
        "outcome": "see_officer",
        "reason": "chip_not_genuine",
        "component": "signature_invalid",
        "rule_id": "rule-7",
        "steps": [
            {"step": "security_object", "outcome": "passed", "code": "passed"},
            {"step": "signature", "outcome": "failed", "code": "signature_invalid"},
        ],
        "signals": [{"code": "sex_differs", "between": ["mrz", "chip"]}],
        "findings": 3,
        "test_papers": True,
    }


def test_people_are_told_loudly_that_test_papers_are_believed(house: CardboardHouse, run: Run) -> None:
    """It is the first line, and stands there only then."""
    house.verified = VERIFIED
    printed = run("verify", "--chip", "chip", "--live", "live.jpg").out
    assert printed.startswith(TEST_PAPERS)
    assert "see officer: chip not genuine (signature_invalid)" in printed
    assert "The sex differs. [sex_differs]" in printed
    house.verified = ChipVerified(SeeOfficer(OfficerReason.NO_MATCH), "rule-7", ())
    assert run("verify", "--chip", "chip", "--live", "live.jpg").out.startswith("see officer: no match")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a.jpg",),
        ("a.jpg", "b.jpg", "--live", "c.jpg"),
        ("a.jpg", "b.jpg", "--mrz", "zone.txt"),
        ("a.jpg", "b.jpg", "--direction", "entry"),
        ("a.jpg", "b.jpg", "--opted-out"),
        ("a.jpg", "b.jpg", "--trust", "a.ml"),
        ("a.jpg", "b.jpg", "--test-papers"),
        ("--chip", "chip"),
        ("a.jpg", "--chip", "chip", "--live", "c.jpg"),
        ("a.jpg", "b.jpg", "--chip", "chip"),
    ],
)
def test_the_two_forms_do_not_mix(house: CardboardHouse, run: Run, arguments: tuple[str, ...]) -> None:
    """Two photos, or a chip and a live photo; anything else is an error of usage, and the house is not asked."""
    ended = run("verify", *arguments)
    assert ended.code == 2
    assert "--chip" in ended.err
    assert house.asked == []
