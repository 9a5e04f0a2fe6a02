"""Waiting times of both paths, for the report of a boarding: whether declining is as fast as the machine."""

from __future__ import annotations

from fairgate.measure.plots import Table
from fairgate.measure.waiting import Difference, WaitingComparison, WaitingVerdict, Waits
from fairgate.measure.words import count


def waiting_table(found: WaitingComparison | None) -> Table | None:
    """Return how long people waited on each path, or ``None`` where one of them has nobody."""
    if found is None or not (found.machine.people and found.opted_out.people):
        return None
    return Table(
        "Minutes waited, by path",
        ("Path", "People", "Half within", "Mean", "Nine of ten within"),
        (("Let go on by the machine", *_cells(found.machine)), ("Declined", *_cells(found.opted_out))),
    )


def waiting_sentences(found: WaitingComparison | None) -> tuple[str, ...]:
    """Return what the waits mean, one thought a sentence."""
    if found is None or not (found.machine.people and found.opted_out.people):
        return ("Whether declining is as fast cannot be said: nobody who declined was let go on yet.",)
    said = []
    for what, one in (("median", found.medians), ("mean", found.means)):
        if one is not None:
            said.append(_difference(what, one))
    within = f"{found.within_minutes:g} minutes"
    match found.verdict:
        case WaitingVerdict.EQUAL:
            said.append(f"The two paths are equally fast: both intervals lie within {within}.")
        case WaitingVerdict.SLOWER:
            said.append("Alarm: whoever declines waits longer.")
        case _:
            said.append(f"That the two paths are equally fast is not shown: it takes both intervals within {within}.")
    return tuple(said)


def _difference(what: str, one: Difference) -> str:
    return (
        f"The {what} of those who declined is {one.value:+.1f} minutes off, interval {one.low:+.1f} to {one.high:+.1f}."
    )


def _cells(waits: Waits) -> tuple[str, str, str, str]:
    figures = (waits.median, waits.mean, waits.ninth_decile)
    half, mean, nine = ("" if one is None else f"{one:.1f}" for one in figures)
    return count(waits.people), half, mean, nine
