"""``fairgate measure compare``: two packs' scores of the same comparisons, from their files to the result."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fairgate.cli.measure_cells import errors, missing, sentence, signed, small_errors, target
from fairgate.cli.measure_options import Asked
from fairgate.cli.measure_run import method_of, write_page
from fairgate.cli.output import print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.measure.intervals import Proportion
from fairgate.measure.measured import SourceFile
from fairgate.measure.measured_json import compared_as_json, plain
from fairgate.measure.paired import PairedPoint
from fairgate.measure.paired_comparison import compare_pairs
from fairgate.measure.rates import NotResolvable
from fairgate.measure.words import rate_percent
from fairgate.outside.matched_score_files import open_matched

TITLE = "Two packs on the same comparisons"


def compare_files(
    first: Path, second: Path, asked: Asked, *, command: str, report: Path | None, as_object: bool
) -> None:
    """Compare two score files, print the result, and write the report where one is wanted.

    Args:
        first: scores of the first pack.
        second: of the second, on the same comparisons.
        asked: the options; only those of a comparison count.
        command: the command line.
        report: where the report goes.
        as_object: print JSON.
    """
    plan = asked.plan()
    with progress_shown(time.monotonic, "Reading") as (reading,):
        matched = open_matched(first, second, progress=reading)
        rng = np.random.Generator(np.random.PCG64(asked.seed))
        points = compare_pairs(matched, plan.fmr_targets, rng, resamples=plan.resamples, confidence=plan.confidence)
    method = method_of(asked, command, notes=matched.notes)
    title = asked.title or TITLE
    if report is not None:
        from fairgate.web.measuring_comparison import render_comparing_report

        write_page(render_comparing_report(points, matched.facts, method, title=title), report)
    if as_object:
        told = {"title": title, "at_fmr": compared_as_json(points), "files": plain(matched.facts)}
        print_json({**told, "method": plain(method), "report": str(report) if report else None})
        return
    _print(matched.facts, points, title)
    for note in matched.notes:
        print_line(f"Note: {sentence(note)}")
    if report is not None:
        print_line(f"Report: {report}")


def _print(files: Sequence[SourceFile], points: Sequence[PairedPoint | NotResolvable], title: str) -> None:
    print_line(f"A: {files[0].name}. B: {files[1].name}.")
    columns = ("FMR asked", "rate", "A", "B", "only A / only B wrong", "McNemar p", "B minus A", "visible")
    print_table(title, columns, [row for point in points for row in _rows(point)])
    print_line("Visible: the smallest difference that so many comparisons could show, in four cases of five.")


def _rows(point: PairedPoint | NotResolvable) -> list[tuple[str, ...]]:
    if isinstance(point, NotResolvable):
        return [(target(point.target), *missing(point), "", "", "", "", "")]
    return [
        (
            target(point.target),
            one.rate.upper(),
            _rate(one.rate, one.first),
            _rate(one.rate, one.second),
            f"{one.only_first} / {one.only_second}",
            f"{one.p_value:.2g}",
            f"{signed(one.difference)} ({signed(one.low)} to {signed(one.high)})",
            rate_percent(one.visible),
        )
        for one in point.differences
    ]


def _rate(name: str, share: Proportion) -> str:
    return small_errors(share) if name == "fmr" else errors(share)
