"""The how-to on passports names every reason that a lane can end with, and where minted passports are believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairgate.measure.words import REASON_WORDS
from fairgate.outside.rulebook_files import open_rulebook, rulebook_names
from fairgate.vocabulary import MatchReason, NotAttemptedReason, OfficerReason

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
REASONS = [*MatchReason, *OfficerReason, *NotAttemptedReason]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_documented_and_has_words(reason: str) -> None:
    """At a lane with a list or at one without, and in the words of a report."""
    documented = "".join(
        (HOW_TO / name).read_text(encoding="utf-8") for name in ("board-a-flight.md", "verify-a-passport.md")
    )
    assert f"`{reason}`" in documented
    assert reason in REASON_WORDS


def test_only_the_invented_rulebook_believes_utopia() -> None:
    """As the reference on trust lists says."""
    assert [name for name in rulebook_names() if open_rulebook(name).trusts_imaginary_state] == ["example-eu-ees"]
