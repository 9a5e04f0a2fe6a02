"""What packs make of portraits, on the terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fairgate.cli.measure_cells import errors, mean, sentence, signed, small_errors, target
from fairgate.cli.output import print_line, print_table
from fairgate.measure.words import count, k_of_n, percent, rate_percent

if TYPE_CHECKING:
    from fairgate.measure.paired_portraits import PairedPacks
    from fairgate.measure.portrait_figures import PortraitFigures


def print_portraits(figures: PortraitFigures) -> None:
    """Print 1:1 and 1:N figures of one pack, and what was left out."""
    print_line(
        f"{figures.pack_id}: {count(figures.portraits)} portraits of {count(figures.people)} people, "
        f"{count(figures.mated)} mated and {count(figures.non_mated)} non-mated comparisons."
    )
    print_table(
        "1:1, tried on people whom the threshold was not chosen on",
        ("FMR asked", "FNMR", "FMR", ""),
        [
            (
                target(one.target),
                errors(one.fnmr),
                small_errors(one.fmr),
                "" if one.resolvable else "threshold extrapolated",
            )
            for one in figures.comparisons
        ],
    )
    rows = []
    for one in figures.searches:
        remark = "extrapolated" if one.assumption else ("" if one.resolvable else "threshold extrapolated")
        rows.append((count(one.size), percent(one.target), mean(one.fnir), mean(one.fpir), remark))
    print_table("1:N, likewise", ("gallery", "FPIR asked", "FNIR", "FPIR", ""), rows)
    for one in figures.searches:
        if one.assumption:
            print_line(f"Gallery of {count(one.size)}: {sentence(one.assumption)}")
    print_line(f"Folds: {sentence(figures.folds)}")
    if figures.left_out:
        reasons = Counter(reason for _, reason in figures.left_out)
        told = ", ".join(f"{reason} {number}" for reason, number in sorted(reasons.items()))
        print_line(f"Portraits without features, left out: {count(len(figures.left_out))} ({told}).")
    print_line(f"Pack digest {figures.pack_digest[:16]}…, portraits' digest {figures.data_sha256[:16]}…")


def print_paired(packs: PairedPacks) -> None:
    """Print which pairs two packs miss, at each operating point."""
    rows = []
    for one in packs.points:
        missed = one.missed
        at = f"FMR {target(one.target)}" if one.size is None else f"gallery of {count(one.size)}"
        rows.append(
            (
                at,
                k_of_n(missed.first),
                k_of_n(missed.second),
                f"{missed.only_first} / {missed.only_second} / {one.both}",
                f"{missed.p_value:.2g}",
                f"{signed(missed.difference)} ({signed(missed.low)} to {signed(missed.high)})",
                rate_percent(missed.visible),
            )
        )
    heads = ("at", packs.first, packs.second, "only the first / second / both", "McNemar p", "difference", "visible")
    print_table(f"Pairs missed by {packs.second} beside {packs.first}", heads, rows)
    print_line("Visible: the smallest difference that so many pairs could show, in four cases of five.")
