"""What became of everybody, for the report of a boarding: the same counts as at the officer's desk."""

from __future__ import annotations

from fairgate.measure.boarding_report import BoardingReport
from fairgate.measure.ending_words import ENDING_WORDS, minutes_in_words
from fairgate.measure.endings import Ending, Endings
from fairgate.measure.plots import Table
from fairgate.measure.words import count

BAND_WORDS = {
    "child": "Children",
    "adult": "Adults",
    "older": "Older people",
    "unknown": "Of an age that the list does not give",
}


def endings_table(endings: Endings) -> Table:
    """Return how everybody ended; a way in which nobody could have ended today is left out where it is empty."""
    shown = [ending for ending in Ending if ending is not Ending.NOT_QUEUED or endings.of_captures[ending]]
    rows = [(ENDING_WORDS[one], count(endings.of_captures[one]), count(endings.of_others[one])) for one in shown]
    rows.append(("Together", count(endings.captures), count(endings.without_capture)))
    return Table(
        "Everybody who walked up, each in one row",
        ("What became of them", "Captures", "Without a capture"),
        tuple(rows),
    )


def bands_table(report: BoardingReport) -> Table | None:
    """Return the list by band of age, or ``None`` where bands are not reported."""
    if not report.bands:
        return None
    return Table(
        "Passengers on the list, by age on the day of staging",
        ("Band", "Listed", "With a reference", "Matched", "Confirmed by an officer"),
        tuple(
            (BAND_WORDS[row.band], count(row.listed), count(row.enrolled), count(row.matched), count(row.confirmed))
            for row in report.bands
        ),
    )


def endings_sentences(endings: Endings) -> tuple[str, ...]:
    """Return what the counts mean, one thought a sentence."""
    aboard = "1 passenger is" if endings.boarded == 1 else f"{count(endings.boarded)} passengers are"
    said = [f"{aboard} aboard, each counted once."]
    if endings.opted_out:
        said.append(f"{count(endings.opted_out)} of all declined the comparison; an officer looks at their papers.")
    if endings.undone:
        were = "boarding was" if endings.undone == 1 else "boardings were"
        said.append(
            f"{count(endings.undone)} {were} taken back before departure; the records in the ledger stay as they were."
        )
    if endings.in_doubt:
        said.append(
            f"{count(endings.in_doubt)} confirmed by an officer although somebody was aboard under the same reference: "
            "not settled yet."
        )
    for title, minutes in (
        ("With an officer, as officers stated it, travellers spent minutes", endings.served),
        ("Until they were called or served they waited minutes", endings.waited),
        ("Whoever waits still has waited minutes", endings.still_waiting),
    ):
        if minutes.people:
            said.append(f"{title}: {minutes_in_words(minutes)}.")
    return tuple(said)
