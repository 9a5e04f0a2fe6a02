"""What became of everybody, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from fairgate.measure.endings import Ending, Endings, Minutes
from fairgate.measure.words import count

ENDING_WORDS = {
    Ending.MATCHED: "Matched by the machine",
    Ending.CONFIRMED: "Confirmed by an officer",
    Ending.SENT_ON: "Sent on by an officer to a further inspection",
    Ending.LEFT: "Left without an answer",
    Ending.WAITING: "Still waiting for an officer",
    Ending.NOT_QUEUED: "Recorded before there was a queue",
}

_SHORT = {
    Ending.MATCHED: "matched",
    Ending.CONFIRMED: "confirmed by an officer",
    Ending.SENT_ON: "sent on",
    Ending.LEFT: "left",
    Ending.WAITING: "still waiting",
    Ending.NOT_QUEUED: "from before there was a queue",
}


def counts_in_words(endings: Endings) -> list[str]:
    """Return the counts as sentences: captures first, then people without one, then minutes."""
    captures = "1 capture" if endings.captures == 1 else f"{count(endings.captures)} captures"
    said = [f"{captures}: {_listed(endings.of_captures)}." if endings.captures else "No captures yet."]
    if endings.without_capture:
        said.append(f"{_people(endings.without_capture)} without a capture: {_listed(endings.of_others)}.")
    aside = [f"Aboard: {count(endings.boarded)}, each counted once"]
    aside += [f"of all, {count(endings.opted_out)} declined"] if endings.opted_out else []
    aside += [f"taken back: {count(endings.undone)}"] if endings.undone else []
    aside += [f"in doubt, an officer settles: {count(endings.in_doubt)}"] if endings.in_doubt else []
    said.append(f"{'; '.join(aside)}.")
    for title, minutes in (
        ("Minutes with an officer, as stated", endings.served),
        ("Minutes waited until called or served", endings.waited),
        ("Minutes waited so far", endings.still_waiting),
    ):
        if minutes.people:
            said.append(f"{title}: {minutes_in_words(minutes)}.")
    return said


def minutes_in_words(minutes: Minutes) -> str:
    """Return median and longest, and of how many people."""
    return f"median {_rounded(minutes.median)}, longest {_rounded(minutes.longest)} ({_people(minutes.people)})"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{count(number)} people"


def _rounded(minutes: float) -> str:
    return f"{minutes:.0f}" if minutes >= 10 or float(minutes).is_integer() else f"{minutes:.1f}"


def _listed(of: Mapping[Ending, int]) -> str:
    found = [f"{count(number)} {_SHORT[ending]}" for ending, number in of.items() if number]
    return ", ".join(found) or "none"
