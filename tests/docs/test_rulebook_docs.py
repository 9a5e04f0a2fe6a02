"""The reference of rulebooks is complete: answers, facts, tables, faults, and what the how-to says comes out."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from fairgate.outside.rulebook_files import open_rulebook, rulebook_names, rulebook_text
from fairgate.rules.explanation import PERMISSIONS, explain
from fairgate.rules.facts_form import FACT_KEYS, facts_from
from fairgate.rules.faults import FAULTS
from fairgate.vocabulary import Guardian, LaneKind, Modality, Status

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs/reference/rulebooks.md").read_text(encoding="utf-8")
HOW_TO = (ROOT / "docs/how-to/explain-a-rule.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*PERMISSIONS, *FACT_KEYS, *Status, *LaneKind, *Modality, *Guardian])
def test_every_answer_and_every_fact_is_documented(word: str) -> None:
    """Each stands in the reference as it is spelled."""
    assert f"`{word}`" in REFERENCE


@pytest.mark.parametrize("name", rulebook_names())
def test_every_key_of_a_rulebook_is_documented(name: str) -> None:
    """No table and no key is shipped that the reference does not name."""
    text = rulebook_text(name)
    tables = {match[1] for match in re.finditer(r"^(\[\[?[a-z_.]+\]?\])", text, flags=re.MULTILINE)}
    keys = {match[1] for match in re.finditer(r"^([a-z_]+)[a-z.]* =", text, flags=re.MULTILINE)}
    assert all(f"`{table}`" in REFERENCE for table in tables)
    assert all(f"`{key}`" in REFERENCE for key in keys)


def test_every_fault_is_documented() -> None:
    """Each code, without what they have in common."""
    for fault in FAULTS:
        assert f"`{fault.code.removeprefix('config.rulebook_')}`" in REFERENCE


def test_the_how_to_says_what_comes_out() -> None:
    """Both sentences are those of the shipped rulebook."""
    book = open_rulebook("us-cbp")
    block = re.search(r"```json\n(.*?)\n```", HOW_TO, flags=re.DOTALL)
    assert block is not None
    facts = facts_from(book, json.loads(block[1]))
    quoted = " ".join(HOW_TO.replace("\n> ", " ").split())
    assert explain(book, facts, date(2025, 12, 25), "en").sentence in quoted
    assert explain(book, facts, date(2025, 12, 26), "es").sentence in quoted
