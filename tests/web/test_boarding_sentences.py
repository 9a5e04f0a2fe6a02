"""Plain sentences about a boarding."""

from __future__ import annotations

import pytest

from fairgate.measure.floor import check_floor
from fairgate.measure.intervals import wilson
from fairgate.measure.words import NARROW
from fairgate.web.boarding_sentences import floor_in_words


@pytest.mark.parametrize(
    ("count", "of", "text"),
    [
        (990, 1000, "reaches the 97 % floor, with the whole interval above it."),
        (195, 200, "lies at or above the 97 % floor, but too few travellers were counted to prove it"),
        (190, 200, "misses the 97 % floor. The interval still contains the floor"),
        (70, 78, "misses the 97 % floor, and so does the whole interval."),
        (0, 0, "nothing can be said about the 97 % floor."),
    ],
)
def test_the_floor_in_words(count: int, of: int, text: str) -> None:
    """A missed floor is called missed; whether that is proven, the interval says."""
    assert text in floor_in_words(check_floor("comparison", wilson(count, of))).replace(NARROW, " ")


def test_what_too_few_travellers_cannot_show_is_said() -> None:
    """Of 78, a service at the floor would lose 2.3: a narrow miss is not resolvable, a plain one is proven anyway."""
    narrow = floor_in_words(check_floor("comparison", wilson(75, 78)))
    assert "not resolvable" in narrow
    assert "not resolvable" not in floor_in_words(check_floor("comparison", wilson(70, 78)))
    assert "not resolvable" not in floor_in_words(check_floor("comparison", wilson(190, 200)))
