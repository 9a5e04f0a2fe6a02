"""``fairgate bench rules``: how quick it is to ask who may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import cycle
from typing import Annotated, Any

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session

RULES_EXAMPLES = """Examples:

  fairgate bench rules

  fairgate bench rules --asked 1000000 --rounds 1 --json
"""
_DAYS = (date(2025, 12, 25), date(2025, 12, 26), date(2026, 11, 22), date(2019, 2, 28))


def rules(
    context: typer.Context,
    *,
    asked: Annotated[int, typer.Option(metavar="N", help="How many questions.", min=1)] = 100_000,
    rounds: Annotated[int, typer.Option(help="How often each is timed; the median is given.", min=1)] = 5,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="The same people for the same seed.")] = 0,
    as_json: Json = False,
) -> None:
    """Time who may be asked, beside a rival that reads the rules one by one, and compare their answers."""
    from fairgate.bench.rules import bench_rules
    from fairgate.outside.rulebook_files import rulebook_text
    from fairgate.rules.rulebook import read_rulebook
    from fairgate.simulate.rule_population import population

    session = context.ensure_object(Session)
    text = rulebook_text(session.settings.rulebook)
    people = population([read_rulebook(text)], asked, seed, _DAYS[-2])
    questions = [(group.facts, day) for group, day in zip(people, cycle(_DAYS), strict=False)]
    with progress_shown(session.doors.timer, "Asking") as (progress,):
        figures: Mapping[str, Any] = bench_rules(text, questions, rounds, progress)
    if as_json:
        print_json(figures)
        return
    print_table(
        f"{figures['rulebook']}, {figures['rules']} rules",
        ("what", "answered", "median, ms", "least, ms", "each, µs"),
        [
            (
                name.replace("_", " "),
                row["answered"],
                f"{row['median_ms']:.1f}",
                f"{row['min_ms']:.1f}",
                f"{row['per_call_us']:.1f}",
            )
            for name, row in figures["rows"].items()
        ],
    )
    print_line(
        f"{figures['asked']} questions in {figures['seconds']:.2f} s of processor time: {figures['ratio']} × as quick "
        f"as rule by rule, which chose another rule {figures['rival_disagrees']} times."
    )
    print_line(
        f"Machine: {figures['machine']['processor']}, {figures['machine']['logical_cores']} cores, load "
        f"{figures['load_average_before']:.1f} before."
    )
