"""``fairgate bench papers``: how quick passenger lists and other papers are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session

PAPERS_EXAMPLES = """Examples:

  fairgate bench papers

  fairgate bench papers --rounds 9 --json
"""


def papers(
    context: typer.Context,
    *,
    rounds: Annotated[int, typer.Option(help="How often each is timed; the median is given.", min=1)] = 5,
    as_json: Json = False,
) -> None:
    """Time the parsers of papers, with known libraries beside them where there are any."""
    from fairgate.bench.papers import SECTIONS, bench_papers

    doors = context.ensure_object(Session).doors
    with progress_shown(doors.timer, *(name.replace("_", " ") for name in SECTIONS)) as shown:
        parts = dict(zip(SECTIONS, shown, strict=True))
        figures: Mapping[str, Any] = bench_papers(rounds, parts.__getitem__)
    if as_json:
        print_json(figures)
        return
    for name in SECTIONS:
        section = figures[name]
        rows = [
            (row.replace("_", " "), *(f"{times[column]:.1f}" for column in ("median_ms", "min_ms", "clock_median_ms")))
            for row, times in section["rows"].items()
        ]
        print_table(
            name.replace("_", " ").capitalize(), ("what", "median, ms", "least, ms", "by the clock, median, ms"), rows
        )
    listed = figures["passenger_list"]
    print_line(f"{listed['passengers']} passengers: {listed['passengers_per_second']} a second of processor time.")
    if "ratio" in listed:
        print_line(
            f"Segments alone: {listed['ratio']} × as quick as pydifact {listed['pydifact']}; "
            f"the whole list read against pydifact's segments: {listed['ratio_whole']} ×."
        )
    else:
        print_line("pydifact is not installed.")
    print_line(
        f"Machine: {figures['machine']['processor']}, {figures['machine']['logical_cores']} cores, load "
        f"{figures['load_average_before']:.1f} before."
    )
