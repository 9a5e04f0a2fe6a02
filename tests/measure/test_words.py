"""Figures and codes in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.ledger.manual_codes import ManualReason, OpenedReason, UndoReason
from fairgate.measure.words import (
    NARROW,
    OUTCOME_WORDS,
    REASON_WORDS,
    bracket,
    count,
    milliseconds,
    one_in,
    percent,
    reason_in_words,
)
from fairgate.vocabulary import MatchReason, NotAttemptedReason, OfficerReason


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.97, "97 %"), (72 / 78, "92.3 %"), (0.42, "42 %"), (0.4203, "42.0 %")],
)
def test_percentages_by_hand(share: float, text: str) -> None:
    """Whole percentages have no decimal, others one."""
    assert percent(share) == text.replace(" ", NARROW)


@given(st.floats(1e-9, 1 - 1e-9))
def test_only_exact_shares_are_called_0_or_100(share: float) -> None:
    """However near to an end, a share that is not the end is not rounded to it, and is right to a tenth of a point."""
    text = percent(share).removesuffix(f"{NARROW}%")
    assert "e" not in text
    assert 0 < float(text) < 100
    assert float(text) == pytest.approx(100 * share, abs=0.0501)


@pytest.mark.parametrize(
    ("rate", "text"),
    [(1e-4, "1 in 10 000"), (1e-3, "1 in 1 000"), (0.003, "3 in 1 000"), (7.15e-6, "1 in 139 860"), (0.0, "0")],
)
def test_small_rates_as_people_say_them(rate: float, text: str) -> None:
    """Round rates in powers of ten, others as one in so many."""
    assert one_in(rate) == text.replace(" 0", f"{NARROW}0").replace("139 860", f"139{NARROW}860")


def test_numbers_and_times() -> None:
    """Thousands are set apart; times have two digits, or whole milliseconds."""
    assert count(180_811) == f"180{NARROW}811"
    assert milliseconds(0.0613) == f"0.061{NARROW}ms"
    assert milliseconds(45.4) == f"45{NARROW}ms"
    assert bracket(0.842, 0.964) == f"84.2{NARROW}% to 96.4{NARROW}%"


def test_every_reason_and_outcome_has_words() -> None:
    """Nobody has to read a code: each reason of the vocabulary is worded, and no word is left without a reason."""
    reasons = {*MatchReason, *OfficerReason, *NotAttemptedReason, *OpenedReason, *ManualReason, *UndoReason}
    assert {str(reason) for reason in reasons} == set(REASON_WORDS)
    assert set(OUTCOME_WORDS) == {"match", "see_officer", "not_attempted"}
    assert reason_in_words("poor_image", "head_pose") == "image too poor (head pose)"
    assert reason_in_words("new_code") == "new code"
