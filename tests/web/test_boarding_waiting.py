"""What a boarding's report says of waiting: a verdict where there is one, an alarm where it must be."""

from __future__ import annotations

import numpy as np
import pytest

from fairgate.measure.waiting import WaitingComparison, compare_waits
from fairgate.web.boarding_waiting import waiting_sentences, waiting_table


def compared(machine: list[float], opted_out: list[float]) -> WaitingComparison:
    return compare_waits(machine, opted_out, within_minutes=5, rng=np.random.default_rng(1), rounds=200)


WAITS = [1.0, 2.0, 3.0] * 15


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "cannot be said"),
        (compared(WAITS, []), "cannot be said"),
        (compared(WAITS, WAITS), "equally fast: both intervals lie within 5 minutes"),
        (compared(WAITS, [one + 30 for one in WAITS]), "Alarm"),
        (compared(WAITS, [2.0, 9.0]), "is not shown"),
    ],
)
def test_the_last_sentence_is_the_verdict(found: WaitingComparison | None, said: str) -> None:
    """With nobody on a path there is none, and no table either."""
    assert said in waiting_sentences(found)[-1]
    assert (waiting_table(found) is None) == ("cannot be said" in said)
