"""The reference of zones and transactions is complete: every finding, and every confusion no check digit sees."""

from __future__ import annotations

from pathlib import Path

from fairgate.papers.mrz.alphabet import blind_confusions, blind_groups, blind_look_alikes
from fairgate.papers.mrz.facts import MrzFindingCode
from fairgate.papers.nist_itl.facts import NistFindingCode
from fairgate.papers.recognise import PaperKind

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_finding_of_zones_and_transactions_is_documented() -> None:
    """Each code stands in its table."""
    for name, codes in (("mrz.md", MrzFindingCode), ("nist-itl.md", NistFindingCode)):
        text = (DOCS / "reference" / name).read_text(encoding="utf-8")
        assert [code for code in codes if f"| `{code.value}` |" not in text] == []


def test_blind_confusions_in_the_reference_are_the_computed_ones() -> None:
    """The table and the pairs that look alike are what the code computes."""
    text = (DOCS / "reference" / "mrz.md").read_text(encoding="utf-8")
    for value, group in enumerate(blind_groups()):
        assert f"| {value} | {' '.join(f'`{one}`' for one in group)} |" in text
    assert f"make {len(blind_confusions())} pairs" in text
    assert ", ".join(f"`{one}`/`{other}`" for one, other in blind_look_alikes()) in text


def test_every_kind_of_paper_is_documented() -> None:
    """Each kind that is recognised stands in the how-to."""
    text = (DOCS / "how-to" / "read-papers.md").read_text(encoding="utf-8")
    assert [kind for kind in PaperKind if f"`{kind.value}`" not in text] == []
