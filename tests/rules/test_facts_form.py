"""Facts as JSON: everything is read strictly, and a refusal names the key."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.rules.facts_form import FACT_KEYS, facts_as_object, facts_from
from fairgate.rules.faults import FactsRefused
from fairgate.rules.permission import Facts
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, Status

LEAST: dict[str, object] = {"status": "alien", "direction": "exit", "lane": "boarding", "port": "ORD"}
MOST: dict[str, object] = {
    **LEAST,
    "modality": "fingerprints",
    "nationality": "GBR",
    "further_nationalities": ["CAN"],
    "born_on": "1980-02-29",
    "visa_class": "NATO-6",
    "on_waiver": True,
    "trusted_traveller": True,
    "exemptions": ["jointly-exempted"],
    "opted_out": True,
    "guardian": "absent",
}


def test_what_is_not_stated_is_not_known(us_cbp: Rulebook) -> None:
    """Four keys are enough."""
    assert facts_from(us_cbp, LEAST) == Facts(Status.ALIEN, Direction.EXIT, LaneKind.BOARDING, "ORD")
    nothing: dict[str, object] = {
        "born_on": None,
        "nationality": "",
        "visa_class": "",
        "exemptions": [],
        "guardian": "unknown",
    }
    assert facts_from(us_cbp, {**LEAST, **nothing}) == facts_from(us_cbp, LEAST)


def test_everything_may_be_stated(us_cbp: Rulebook) -> None:
    """Every key has its place in the facts."""
    assert set(MOST) == set(FACT_KEYS)
    assert facts_from(us_cbp, MOST) == Facts(
        Status.ALIEN,
        Direction.EXIT,
        LaneKind.BOARDING,
        "ORD",
        Modality.FINGERPRINTS,
        nationality="GBR",
        born_on=date(1980, 2, 29),
        visa_class="NATO-6",
        on_waiver=True,
        trusted_traveller=True,
        exemptions=frozenset({"jointly-exempted"}),
        opted_out=True,
        guardian=Guardian.ABSENT,
        further_nationalities=("CAN",),
    )


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("colour", "blue", "Unknown key 'colour'"),
        ("Status", "alien", "Unknown key 'Status'"),
        ("status", "foreigner", "'status' must be one of: citizen, national"),
        ("status", None, "'status' must be one of"),
        ("direction", "in", "'direction' must be one of: entry, exit"),
        ("lane", 3, "'lane' must be one of"),
        ("port", "", "'port' must be a code such as 'BOS'"),
        ("port", "boston", "'port' must be a code such as 'BOS'"),
        ("modality", "iris", "'modality' must be one of: photograph, fingerprints"),
        ("nationality", "us", "'nationality' must be a code such as 'CAN', or empty"),
        ("nationality", None, "'nationality' must be a code"),
        ("further_nationalities", "CAN", "'further_nationalities' must be a list"),
        ("further_nationalities", ["can"], "'further_nationalities' must be a list of codes"),
        ("born_on", "1980-02-30", "'born_on' must be a day of the calendar"),
        ("born_on", "19800201", "'born_on' must be a day of the calendar"),
        ("born_on", "1980-W01-1", "'born_on' must be a day of the calendar"),
        ("born_on", 1980, "'born_on' must be a day of the calendar"),
        ("visa_class", "b2", "'visa_class' must be a code such as 'B-2', or empty"),
        ("on_waiver", "true", "'on_waiver' must be true or false"),
        ("trusted_traveller", 1, "'trusted_traveller' must be true or false"),
        ("exemptions", ["jester"], "'exemptions': rulebook 'us-cbp' has no exemption 'jester'"),
        ("exemptions", [1], "'exemptions' must be a list of texts"),
        ("opted_out", None, "'opted_out' must be true or false"),
        ("guardian", "none", "'guardian' must be one of: present, absent, unknown"),
    ],
)
def test_each_fault_names_the_key(us_cbp: Rulebook, key: str, value: object, words: str) -> None:
    """One clear sentence, and no guess at what was meant."""
    with pytest.raises(FactsRefused) as refused:
        facts_from(us_cbp, {**LEAST, key: value})
    assert words in refused.value.public_text


@pytest.mark.parametrize("key", FACT_KEYS[:4])
def test_what_must_be_stated_is_missed_by_name(us_cbp: Rulebook, key: str) -> None:
    """Status, direction, lane and port have no default."""
    with pytest.raises(FactsRefused, match=f"'{key}' is missing"):
        facts_from(us_cbp, {one: value for one, value in LEAST.items() if one != key})


@pytest.mark.parametrize("value", [None, [], "alien", 3, [LEAST]])
def test_only_an_object_states_facts(us_cbp: Rulebook, value: object) -> None:
    """Anything else is refused as such."""
    with pytest.raises(FactsRefused, match="not a JSON object"):
        facts_from(us_cbp, value)


@given(
    st.builds(
        Facts,
        status=st.sampled_from(Status),
        direction=st.sampled_from(Direction),
        lane=st.sampled_from(LaneKind),
        port=st.from_regex(r"[A-Z0-9]{1,16}", fullmatch=True),
        modality=st.sampled_from(Modality),
        nationality=st.sampled_from(["", "D", "CAN"]),
        born_on=st.none() | st.dates(),
        visa_class=st.sampled_from(["", "H-1B", "NATO-6"]),
        on_waiver=st.booleans(),
        trusted_traveller=st.booleans(),
        exemptions=st.sampled_from([frozenset[str](), frozenset({"official-visa"})]),
        opted_out=st.booleans(),
        guardian=st.sampled_from(Guardian),
        further_nationalities=st.sampled_from([(), ("CAN", "GBR")]),
    )
)
@settings(deadline=None)
def test_what_is_written_is_read_again(us_cbp: Rulebook, facts: Facts) -> None:
    """The object that states some facts is read as the same facts."""
    assert facts_from(us_cbp, facts_as_object(facts)) == facts


def refusal_of(rulebook: Rulebook, values: object) -> str | None:
    """Return why the facts are refused, or nothing where they are read."""
    try:
        facts_from(rulebook, values)
    except FactsRefused as refused:
        return refused.public_text
    return None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one, max_size=3)))
@settings(deadline=None)
def test_any_value_is_read_or_refused(us_cbp: Rulebook, value: object) -> None:
    """Whatever stands at a key, the answer is facts or a refusal that names it."""
    for key in FACT_KEYS:
        refusal = refusal_of(us_cbp, {**LEAST, key: value})
        assert refusal is None or f"'{key}'" in refusal
