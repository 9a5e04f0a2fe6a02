"""Each fault of a rulebook has a code of its own and names the line where it stands."""

from __future__ import annotations

import pytest

from fairgate.rules import faults
from fairgate.rules.rulebook import read_rulebook

RULE = 'id = "alien-pilot"'
FAULTS = [
    (faults.NotToml, 'title = "A small rulebook"', 'title = "A small', 'title = "A small'),
    (faults.UnknownKey, "match_floor = 0.97", "match_floor = 0.97\ncolour = 1", "colour = 1"),
    (faults.UnknownKey, "child = 5,", "child = 5, infant = 1,", "reference_age_years = {"),
    (faults.KeyMissing, "equal_within_minutes = 5\n", "", "[opting_out]"),
    (faults.ValueUnfit, "[care]", "[[care]]", "[[care]]"),
    (faults.ValueUnfit, "approvers = 2", "approvers = 1", "approvers = 1"),
    (faults.ValueUnfit, "partners_keep_hours = 0", "partners_keep_hours = 24", "[others]"),
    (faults.ValueUnfit, "older_from = 80", "older_from = 10", "older_from = 10"),
    (faults.ValueUnfit, 'languages = ["en", "es"]', 'languages = ["English"]', 'languages = ["English"]'),
    (faults.ValueUnfit, 'status = "in force"', 'status = "valid"', 'status = "valid"'),
    (faults.CitationMissing, 'citation = "Example Act, section 4"\n', "", "[[rules]]"),
    (faults.CitationMissing, 'citation = "Example Act, section 4"', 'citation = ""', 'citation = ""'),
    (
        faults.NoteMissing,
        'section 12"\ntext_checked = true',
        'section 12"\ntext_checked = false',
        "[others]",
    ),
    (faults.EndBeforeStart, "age_to = 13", "age_from = 20\nage_to = 13", "age_to = 13"),
    (
        faults.EndBeforeStart,
        "effective_from = 2025-01-01\n",
        "effective_from = 2025-01-01\neffective_to = 2024-12-31\n",
        "effective_to = 2024-12-31",
    ),
    (faults.Gap, "age_to = 13", "age_to = 12", "[[rules]]"),
    (faults.Gap, "effective_from = 2025-01-01", "effective_from = 2025-06-01", "[coverage]"),
    (faults.Gap, 'record_classes = ["any"]', 'record_classes = ["photo"]', "[[retention]]"),
    (faults.Overlap, "age_to = 13", "age_to = 14", "[[rules]]"),
    (faults.Overlap, 'status = ["permanent_resident", "alien"]\ndays', 'status = ["any"]\ndays', "[[retention]]"),
    (faults.OutsideCoverage, "effective_from = 2025-01-01", "effective_from = 2024-01-01", "[[rules]]"),
    (faults.UnknownName, 'exempt = ["envoy"]', 'exempt = ["jester"]', 'exempt = ["jester"]'),
    (faults.UnknownName, 'ports = ["set:pilot"]', 'ports = ["set:all"]', 'ports = ["set:all"]'),
    (faults.NameTwice, 'id = "alien-pilot"', 'id = "alien-young"', 'id = "alien-young"'),
]


@pytest.mark.parametrize(("kind", "old", "new", "shown"), FAULTS)
def test_the_line_named_is_the_line_at_fault(
    small_text: str, kind: type[faults.RulebookFault], old: str, new: str, shown: str
) -> None:
    """The exception is of the fault's own kind, and the line it names holds what is wrong, or begins its table."""
    assert old in small_text
    text = small_text.replace(old, new, 1)
    with pytest.raises(kind) as refused:
        read_rulebook(text)
    assert type(refused.value) is kind
    assert refused.value.line is not None
    assert text.split("\n")[refused.value.line - 1].startswith(shown)
    assert refused.value.public_text.startswith(f"Line {refused.value.line}: ")


def test_every_fault_is_tried() -> None:
    """No kind of fault is left without an example, and no two share a code."""
    assert {kind for kind, *_ in FAULTS} == set(faults.FAULTS) == set(faults.RulebookFault.__subclasses__())
    assert len({kind.code for kind in faults.FAULTS}) == len(faults.FAULTS)


def test_a_gap_names_the_line_of_the_rule_beside_it(small_text: str) -> None:
    """With three rules that could be meant, it is the one after which nothing follows."""
    text = small_text.replace("age_to = 13", "age_to = 12", 1)
    with pytest.raises(faults.Gap) as refused:
        read_rulebook(text)
    line = refused.value.line
    assert line is not None
    assert text.split("\n")[line] == 'id = "alien-young"'


def test_a_table_that_is_missing_is_missed_at_the_first_line(small_text: str) -> None:
    """There is no better place to show."""
    before, _, after = small_text.partition("[changes]")
    with pytest.raises(faults.KeyMissing, match=r"^Line 1: rulebook: 'changes' is missing") as refused:
        read_rulebook(before + after[after.index("[others]") :])
    assert refused.value.line == 1


@pytest.mark.parametrize("text", ["a = " + "[" * 20_000, "a = " + "9" * 5000, 'a = "', "a = 1\na = 2", "\ufeffa = 1"])
def test_what_the_parser_gives_up_on_is_not_toml(text: str) -> None:
    """Nested too deep, a number too long to read, cut short, stated twice, with a mark before it: refused as such."""
    with pytest.raises(faults.NotToml) as refused:
        read_rulebook(text)
    assert refused.value.line is not None
