"""The reference on chips and trust lists is complete: every step, reason, verdict, finding and way of breaking."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

from fairgate.papers.chip.active import ActiveAuthentication
from fairgate.papers.chip.chip_authentication import ChipAuthentication
from fairgate.papers.chip.verdicts import PassiveReason, PassiveStep, Verdict
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.mint.breaks import NAMED_BY, BreakKind
from fairgate.papers.mint.keys import ALGORITHMS
from fairgate.papers.trust.anchors import AnchorKind, SetAsideReason
from fairgate.papers.trust.master_list import ListTrust

DOCS = Path(__file__).resolve().parents[2] / "docs"
CHIPS = (DOCS / "reference" / "passport-chips.md").read_text(encoding="utf-8")
TRUST = (DOCS / "reference" / "trust-lists.md").read_text(encoding="utf-8")
MINT = (DOCS / "how-to" / "mint-papers.md").read_text(encoding="utf-8")


def _rows(text: str) -> dict[str, str]:
    """Return table rows by the word in their first cell."""
    return {match[1]: match[0] for match in re.finditer(r"^\| `([\w-]+)` \|.*$", text, flags=re.MULTILINE)}


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        (ChipFindingCode, CHIPS),
        (ActiveAuthentication, CHIPS),
        (ChipAuthentication, CHIPS),
        (ListTrust, TRUST),
        (AnchorKind, TRUST),
        (SetAsideReason, TRUST),
    ],
)
def test_every_code_has_its_row(codes: type[Enum], text: str) -> None:
    """Of findings, exchanges, lists and their certificates."""
    assert {str(code.value) for code in codes} <= set(_rows(text))


def test_every_step_reason_and_verdict_is_documented() -> None:
    """A step in its own row with its number, a reason in the table of steps."""
    section = CHIPS.split("## Steps of passive authentication")[1].split("\n## ")[0]
    for step in PassiveStep:
        assert f"| {step.value} `{step.name}` |" in section
    for reason in PassiveReason:
        assert f"`{reason.value}`" in section, reason
    for verdict in get_args(Verdict):
        assert f"| `{verdict.__name__}` |" in CHIPS


def test_every_way_of_breaking_and_algorithm_is_documented() -> None:
    """With the code that names it; no row is left of one that is gone."""
    rows = _rows(MINT.split("## Ways to be broken")[1])
    assert set(rows) == {kind.value for kind in BreakKind}
    for kind, named in NAMED_BY.items():
        assert f"| `{named.value}` |" in rows[kind.value]
    for name in ALGORITHMS:
        assert f"`{name}`" in MINT
