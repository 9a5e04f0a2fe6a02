"""Quality in plain sentences."""

from __future__ import annotations

from fairgate.measure.discard import UNLABELLED, GroupDiscard, Quality
from fairgate.measure.share_words import rate_told
from fairgate.measure.words import count, k_of_n, percent

SIDE_WORDS = {
    "probe": "the captured photo's quality",
    "reference": "the reference photo's quality",
    "lower_of_both": "the lower quality of the two photos",
}


def quality_in_words(quality: Quality) -> tuple[str, ...]:
    """Return what the curve says, sentence by sentence."""
    start = quality.points[0].fnmr
    lines = [
        f"Without any discard {k_of_n(start)} comparisons of one person with themself were missed ({rate_told(start)})."
    ]
    if quality.example is not None and quality.example.count:
        shown = [point for point in quality.points if point.discarded.count <= quality.example.count]
        lines.append(
            f"Judged by {SIDE_WORDS[quality.side]}, taking again the poorest ({rate_told(shown[-1].discarded)}) would "
            f"leave {k_of_n(shown[-1].fnmr)} missed ({rate_told(shown[-1].fnmr)}), if those taken again came out like "
            "the ones kept."
        )
    if start.count == 0:
        lines.append("No miss was seen, so these data cannot say whether quality foretells one.")
    else:
        lines.append(
            f"Up to {percent(quality.area_up_to)} discarded, the area between this curve and the best possible one is "
            f"{quality.area:.2g}; discarding blindly would give {quality.area_unsorted:.2g}."
        )
    if quality.without_quality:
        one = quality.without_quality == 1
        who = "1 comparison states" if one else f"{count(quality.without_quality)} comparisons state"
        lines.append(f"{who} no such quality and {'is' if one else 'are'} left out.")
    if not quality.every_value:
        lines.append("There are more distinct qualities than are kept apart; the points shown are exact all the same.")
    return tuple(lines)


def group_discard_in_words(row: GroupDiscard) -> str:
    """Return one group's share, e.g. ``sex f: 3 of 60 (5 %; 1.0 % to 13.9 %)``."""
    label = "not stated" if row.label == UNLABELLED else row.label
    shown = f"{row.attribute} {label}: {k_of_n(row.discarded)}"
    return shown if row.discarded.value is None else f"{shown} ({rate_told(row.discarded)})"
