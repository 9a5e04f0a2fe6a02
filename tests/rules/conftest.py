"""The rulebooks that ship with Fairgate, read once, and a small one to break."""

from __future__ import annotations

import importlib.resources

import pytest

from fairgate.rules.rulebook import Rulebook, read_rulebook

SMALL_BOOK = """
id = "small"
title = "A small rulebook"
languages = ["en", "es"]
[state]
codes = ["QMA"]
citizen_document_kinds = ["P"]
citation = "Example Act, section 1"
text_checked = true
[coverage]
from = 2025-01-01
directions = ["exit"]
lanes = ["boarding"]
modalities = ["photograph"]
[[exemptions]]
id = "envoy"
words.en = "envoys"
words.es = "enviados"
nationalities = ["QZZ"]
citation = "Example Act, section 2"
text_checked = true
[[port_sets]]
id = "pilot"
ports = ["AAA", "BBB"]
citation = "Example Notice"
text_checked = true
[[rules]]
id = "citizen"
status = "in force"
directions = ["exit"]
lanes = ["boarding"]
ports = ["any"]
modalities = ["photograph"]
ask = "voluntary"
citation = "Example Act, section 3"
text_checked = true
effective_from = 2025-01-01
[rules.who]
status = ["citizen", "national"]
[[rules]]
id = "alien-young"
status = "in force"
directions = ["exit"]
lanes = ["boarding"]
ports = ["any"]
modalities = ["photograph"]
ask = "not asked"
citation = "Example Act, section 4"
text_checked = true
effective_from = 2025-01-01
[rules.who]
status = ["permanent_resident", "alien"]
age_to = 13
[[rules]]
id = "alien-pilot"
status = "in force"
directions = ["exit"]
lanes = ["boarding"]
ports = ["set:pilot"]
modalities = ["photograph"]
ask = "required"
citation = "Example Act, section 5"
text_checked = true
effective_from = 2025-01-01
[rules.who]
status = ["permanent_resident", "alien"]
age_from = 14
exempt = ["envoy"]
[[rules]]
id = "alien-elsewhere"
status = "in force"
directions = ["exit"]
lanes = ["boarding"]
ports = ["elsewhere"]
modalities = ["photograph"]
ask = "voluntary"
citation = "Example Act, section 6"
text_checked = true
effective_from = 2025-01-01
[rules.who]
status = ["permanent_resident", "alien"]
age_from = 14
[[retention]]
record_classes = ["any"]
status = ["citizen", "national"]
hours = 12
citation = "Example Act, section 7"
text_checked = true
[[retention]]
record_classes = ["any"]
status = ["permanent_resident", "alien"]
days = 14
citation = "Example Act, section 7"
text_checked = true
[[purposes]]
id = "identity_confirmation"
text = "To confirm an identity."
record_classes = ["photo", "template"]
citation = "Example Act, section 8"
text_checked = true
[care]
child_under = 14
older_from = 80
guardian_required_under = 14
reference_age_years = { child = 5, adult = 10, older = 10 }
citation = "Example Act, section 9"
text_checked = true
[opting_out]
equal_within_minutes = 5
when_voluntary = "manual check"
when_required = "see officer"
citation = "Example Act, section 10"
text_checked = true
[changes]
comment_days = 30
approvers = 2
citation = "Example Act, section 11"
text_checked = true
[others]
partners_keep_hours = 0
bystanders_kept_hours = 0
citation = "Example Act, section 12"
text_checked = true
[operating_point]
verification_fmr = 1e-4
identification_fpir = 0.003
match_floor = 0.97
citation = "Example Decree"
text_checked = true
"""


def shipped(name: str) -> Rulebook:
    """Return a rulebook of the package."""
    return read_rulebook(
        importlib.resources.files("fairgate.rules").joinpath(f"rulebooks/{name}.toml").read_text("utf-8")
    )


@pytest.fixture(scope="session")
def us_cbp() -> Rulebook:
    """The rulebook of the United States."""
    return shipped("us-cbp")


@pytest.fixture(scope="session")
def example_eu() -> Rulebook:
    """The invented rulebook of an invented union."""
    return shipped("example-eu-ees")


@pytest.fixture(scope="session")
def small_text() -> str:
    """The text of a small, sound rulebook."""
    return SMALL_BOOK


@pytest.fixture(scope="session")
def small() -> Rulebook:
    """The small rulebook, read."""
    return read_rulebook(SMALL_BOOK)
