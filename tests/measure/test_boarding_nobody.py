"""A picture of nobody, or of several people, holds neither a passenger nor a stranger."""

from __future__ import annotations

from fairgate.measure.boarding import boarding_figures
from fairgate.measure.crossings import CrossingSeen, CrossingTruth


def test_an_empty_wall_is_no_stranger() -> None:
    """It counts as offered and as sent to the officer, and not among the strangers."""
    wall = CrossingSeen("see_officer", "no_face", None, None, True, False, CrossingTruth(None, nobody=True))
    stranger = CrossingSeen("see_officer", "no_match", None, None, True, True, CrossingTruth(None))
    counts = boarding_figures([wall, stranger], ["P0001"], {}).for_scripts()
    assert (counts["offered"], counts["see_officer"], counts["strangers_offered"]) == (2, 2, 1)
