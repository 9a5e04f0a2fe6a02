"""``fairgate verify --chip``: what is asked of the house, what is told, and what is refused before it opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate.bootstrap.verifying import ChipToVerify
from fairgate.cli.verify import TEST_PAPERS
from fairgate.papers.chip.key_proof import ProofReason, ProofResult, ProofStep
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
        StepResult(PassiveStep.REVOCATION, StepOutcome.NOT_DONE, PassiveReason.NO_REVOCATION_LIST),
        ProofResult(ProofStep.ACTIVE_AUTHENTICATION, StepOutcome.NOT_DONE, ProofReason.NOT_RECORDED),
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
    trust = [Path("a.ml"), Path("b.crl")]
    options += ["--exchange", "said.json", "--challenge", "01:02 030405060708", "--challenge", "04" * 65]
    run("verify", "--chip", "chip", "--live", "live", *options, "--test-papers", "--require-revocation")
    wanted = ChipToVerify(
        Path("chip"),
        Path("live"),
        trust,
        "zone.txt",
        Direction.EXIT,
        declines=True,
        test_papers=True,
        exchange=Path("said.json"),
        sent=(bytes(range(1, 9)), b"\x04" * 65),
        require_revocation=True,
    )
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
            {"step": "revocation", "outcome": "not_done", "code": "no_revocation_list"},
            {"step": "active_authentication", "outcome": "not_done", "code": "exchange_not_recorded"},
        ],
        "revocation": {"checked": False, "required": False},
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
    assert "not told (no revocation list), and not demanded" in printed
    assert "a copy passes. [exchange_not_recorded]" in " ".join(printed.split())
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
        ("a.jpg", "b.jpg", "--trust", "a.ml"),
        ("a.jpg", "b.jpg", "--test-papers"),
        ("a.jpg", "b.jpg", "--require-revocation"),
        ("a.jpg", "b.jpg", "--exchange", "said.json"),
        ("a.jpg", "b.jpg", "--challenge", "0102030405060708"),
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


@pytest.mark.parametrize(
    "written", ["", "01020304050607", "0102030405060708f", "no digits at all", "0x0102030405060708"]
)
def test_a_challenge_is_eight_octets_in_digits_or_more(house: CardboardHouse, run: Run, written: str) -> None:
    """Anything else is an error of usage: a challenge that never counted would be worse than none."""
    assert run("verify", "--chip", "chip", "--live", "live.jpg", "--challenge", written).code == 2
    assert house.asked == []
