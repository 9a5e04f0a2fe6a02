"""Loading a rulebook: what is sound is read whole, and each thing that is not is refused, naming the rule."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import RulebookRefused
from fairgate.rules.rule import Ask, RuleStatus
from fairgate.rules.rulebook import Rulebook, read_rulebook


def changed(text: str, rule: str, old: str, new: str) -> str:
    """Return the text with one thing changed in one rule's part of it."""
    before, found, after = text.partition(f'id = "{rule}"')
    assert found
    assert old in after
    return before + found + after.replace(old, new, 1)


def test_the_digest_is_over_the_exact_text(small_text: str) -> None:
    """A comment or a space more is another rulebook."""
    assert read_rulebook(small_text).sha256 == hashlib.sha256(small_text.encode()).hexdigest()
    assert read_rulebook(small_text + "\n").sha256 != read_rulebook(small_text).sha256


def test_a_rule_is_read_with_its_dates_and_basis(small: Rulebook) -> None:
    """Everything a rule says is kept; sets of ports are replaced by their ports."""
    rule = small.rule("alien-pilot")
    assert rule is not None
    assert rule.status is RuleStatus.IN_FORCE
    assert rule.ask is Ask.REQUIRED
    assert rule.ports == {"AAA", "BBB"}
    assert (rule.who.age_from, rule.who.age_to, rule.who.exempt) == (14, None, ("envoy",))
    assert rule.basis.citation == "Example Act, section 5"
    assert small.rule("none") is None


@pytest.mark.parametrize(
    ("rule", "old", "new", "words"),
    [
        ("alien-pilot", "ask =", "colour = 1\nask =", "unknown key 'colour'"),
        ("alien-pilot", "age_from = 14", "age_from = 14\nheight = 1", "unknown key 'height'"),
        ("alien-pilot", 'citation = "Example Act, section 5"\n', "", "citation is missing"),
        ("alien-pilot", 'citation = "Example Act, section 5"', 'citation = " "', "not empty"),
        ("alien-pilot", "text_checked = true", "text_checked = false", "'note' must say why"),
        ("alien-pilot", "text_checked = true", 'text_checked = "yes"', "true or false"),
        ("alien-pilot", 'ask = "required"', 'ask = "demanded"', "'demanded' is no value of 'ask'"),
        ("alien-pilot", 'status = "in force"', 'status = "valid"', "'valid' is no value of 'status'"),
        ("alien-pilot", 'status = ["permanent_resident", "alien"]', 'status = ["unknown"]', "most protective reading"),
        ("alien-pilot", 'lanes = ["boarding"]', 'lanes = ["hallway"]', "'hallway' is no value of 'lanes'"),
        ("alien-pilot", 'lanes = ["boarding"]', "lanes = []", "list of texts"),
        ("alien-pilot", 'lanes = ["boarding"]', 'lanes = ["boarding", "boarding"]', "repeats a value"),
        ("alien-pilot", '"set:pilot"', '"set:other"', "unknown set of ports 'other'"),
        ("alien-pilot", '"set:pilot"', '"any", "AAA"', "stands alone"),
        ("alien-pilot", '"set:pilot"', '"aaa"', "no location code"),
        ("alien-pilot", '["envoy"]', '["jester"]', "unknown exemption 'jester'"),
        ("alien-pilot", "age_from = 14", "age_from = -1", "whole number"),
        ("alien-pilot", "age_from = 14", "age_from = true", "whole number"),
        ("alien-pilot", "age_from = 14", "age_from = 14\nage_to = 13", "lies below"),
        ("alien-pilot", "effective_from = 2025-01-01\n", "", "needs 'effective_from'"),
        ("alien-pilot", "effective_from = 2025-01-01", "effective_from = 2025-01-01T00:00:00", "without a time"),
        (
            "alien-pilot",
            "effective_from = 2025-01-01",
            "effective_from = 2025-01-01\neffective_to = 2024-12-31",
            "end lies before its start",
        ),
        (
            "alien-pilot",
            "effective_from = 2025-01-01",
            "effective_from = 2024-12-31",
            "outside what the rulebook covers",
        ),
        ("alien-pilot", 'directions = ["exit"]', 'directions = ["entry"]', "outside what the rulebook covers"),
        ("alien-pilot", 'lanes = ["boarding"]', 'lanes = ["sea"]', "outside what the rulebook covers"),
        ("alien-pilot", 'modalities = ["photograph"]', 'modalities = ["fingerprints"]', "outside what"),
        ("alien-young", "age_to = 13", "age_to = 14", "overlap"),
        ("alien-elsewhere", '["elsewhere"]', '["any"]', "overlap"),
        ("alien-young", 'status = ["permanent_resident", "alien"]', 'status = ["any"]', "overlap"),
        ("alien-young", "age_to = 13", "age_to = 12", "No rule in force decides for permanent_resident aged 13"),
        (
            "alien-young",
            "age_to = 13",
            "age_to = 13\nage_from = 1",
            "No rule in force decides for permanent_resident aged 0",
        ),
        (
            "alien-pilot",
            "age_from = 14",
            "age_from = 14\nage_to = 79",
            "No rule in force decides for permanent_resident aged 80",
        ),
        ("alien-pilot", '"set:pilot"', '"AAA"', ""),
        (
            "alien-pilot",
            "effective_from = 2025-01-01",
            "effective_from = 2025-01-01\neffective_to = 2026-06-30",
            "from 2026-07-01",
        ),
        (
            "alien-young",
            'status = "in force"',
            'status = "repealed"',
            "No rule in force decides for permanent_resident aged 0",
        ),
    ],
)
def test_each_fault_of_a_rule_is_refused(small_text: str, rule: str, old: str, new: str, words: str) -> None:
    """Unknown keys, missing citations, impossible dates, gaps and overlaps are refused, and a rule is named."""
    text = changed(small_text, rule, old, new)
    if not words:
        assert read_rulebook(text).calendar.named_ports == {"AAA"}
        return
    with pytest.raises(RulebookRefused, match=words) as refused:
        read_rulebook(text)
    assert refused.value.rule_id in {"alien-young", "alien-pilot", "alien-elsewhere", "citizen"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "small"', "id = ", "not TOML"),
        ('id = "small"', 'id = "Small Book"', "lower-case"),
        ('title = "A small rulebook"', 'title = "A small rulebook"\nmotto = "x"', "unknown key 'motto'"),
        ("[state]", "[realm]", "'state' is missing"),
        ("from = 2025-01-01\ndirections", "directions", "'from' is missing"),
        ("from = 2025-01-01\ndirections", "from = 2025-01-01\nto = 2024-01-01\ndirections", "end lies before"),
        ("from = 2025-01-01\ndirections", "from = 2025-01-01\nto = 2026-01-01\ndirections", "reaches outside"),
        ('id = "alien-young"', 'id = "alien-pilot"', "identifier is used twice"),
        ("hours = 12", "hours = 12\ndays = 1", "exactly one of"),
        ("hours = 12", "hours = 0", "exactly one of"),
        ("hours = 12", "", "exactly one of"),
        (
            'record_classes = ["any"]\nstatus = ["citizen", "national"]',
            'record_classes = ["photo"]\nstatus = ["citizen"]',
            "no deadline",
        ),
        (
            'record_classes = ["any"]\nstatus = ["permanent_resident", "alien"]',
            'record_classes = ["any"]\nstatus = ["any"]',
            "overlaps",
        ),
        (
            'record_classes = ["any"]\nstatus = ["permanent_resident", "alien"]',
            'record_classes = ["any"]\nstatus = ["unknown"]',
            "soonest deadline",
        ),
        ("[[purposes]]", "[[port_sets]]", "'ports' is missing"),
        ("verification_fmr = 1e-4", "verification_fmr = 1.0", "rate between 0 and 1"),
        ("verification_fmr = 1e-4", "verification_fmr = nan", "rate between 0 and 1"),
        ("match_floor = 0.97", "", "'match_floor' is missing"),
        ("[operating_point]", "[[operating_point]]", "must be a table"),
        ("[[exemptions]]", "[exemptions]", "list of tables"),
    ],
)
def test_each_fault_outside_the_rules_is_refused(small_text: str, old: str, new: str, words: str) -> None:
    """The other tables are read as strictly as the rules."""
    assert old in small_text
    with pytest.raises(RulebookRefused, match=words):
        read_rulebook(small_text.replace(old, new, 1))


def test_a_rulebook_without_purposes_is_refused(small_text: str) -> None:
    """Nothing may be used for nothing."""
    before, _, after = small_text.partition("[[purposes]]")
    with pytest.raises(RulebookRefused, match="names no purpose"):
        read_rulebook(before + "[operating_point]" + after.partition("[operating_point]")[2])


@pytest.mark.parametrize("status", ["planned", "proposed", "dropped", "repealed"])
def test_a_rule_that_is_not_in_force_neither_applies_nor_overlaps(small_text: str, status: str) -> None:
    """A plan may stand beside the law that it would change."""
    planned = small_text.replace(
        "[[retention]]",
        f"""[[rules]]
id = "citizen-required"
status = "{status}"
directions = ["any"]
lanes = ["any"]
ports = ["CCC"]
modalities = ["any"]
ask = "required"
citation = "Example Agenda"
text_checked = true
[rules.who]
status = ["citizen"]
[[retention]]""",
        1,
    )
    book = read_rulebook(planned)
    assert book.rule("citizen-required") is not None
    assert book.calendar.named_ports == {"AAA", "BBB"}


@given(st.integers(0, 4000), st.text(max_size=8))
@settings(deadline=None)
def test_a_damaged_text_is_read_or_refused(small_text: str, place: int, noise: str) -> None:
    """Whatever is inserted anywhere, the text is a sound rulebook or is refused as such."""
    try:
        rules = len(read_rulebook(small_text[:place] + noise + small_text[place:]).rules)
    except RulebookRefused:
        rules = 4
    assert rules == 4


def test_a_rulebook_believes_no_imaginary_state_unless_it_says_so(small_text: str) -> None:
    """Absent means no; anything but true or false is refused, and so is another spelling."""
    assert not read_rulebook(small_text).trusts_imaginary_state
    assert not read_rulebook(f"trusts_imaginary_state = false\n{small_text}").trusts_imaginary_state
    assert read_rulebook(f"trusts_imaginary_state = true\n{small_text}").trusts_imaginary_state
    for wrong in ('trusts_imaginary_state = "true"', "trusts_imaginary_state = 1", "trust_imaginary_state = true"):
        with pytest.raises(RulebookRefused):
            read_rulebook(f"{wrong}\n{small_text}")
