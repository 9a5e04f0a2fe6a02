"""``fairgate bench``: how quick the engine and measuring are, each against a known library in the same run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from fairgate.cli.bench_detection import DETECTION_EXAMPLES, detection
from fairgate.cli.bench_engine import ENGINE_EXAMPLES, engine
from fairgate.cli.bench_frames import FRAMES_EXAMPLES, frames
from fairgate.cli.bench_mrz import MRZ_EXAMPLES, mrz
from fairgate.cli.bench_papers import PAPERS_EXAMPLES, papers
from fairgate.cli.bench_quality import QUALITY_EXAMPLES, quality
from fairgate.cli.bench_rules import RULES_EXAMPLES, rules
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session

app = typer.Typer(help="Measurements of speed and memory, as ratios against a named rival in the same run.")
app.command("detection", epilog=DETECTION_EXAMPLES)(detection)
app.command("quality", epilog=QUALITY_EXAMPLES)(quality)
app.command("frames", epilog=FRAMES_EXAMPLES)(frames)
app.command("engine", epilog=ENGINE_EXAMPLES)(engine)
app.command("papers", epilog=PAPERS_EXAMPLES)(papers)
app.command("mrz", epilog=MRZ_EXAMPLES)(mrz)
app.command("rules", epilog=RULES_EXAMPLES)(rules)

MEASURE_EXAMPLES = """Examples:

  fairgate bench measure

  fairgate bench measure --scores 500000000 --rounds 1 --json
"""


@app.command("measure", epilog=MEASURE_EXAMPLES)
def measure(
    context: typer.Context,
    scores: Annotated[int, typer.Option(help="Comparisons in the stream.", min=1000)] = 20_000_000,
    side: Annotated[int, typer.Option(help="Rows and columns of the matrix.", min=100)] = 10_000,
    rounds: Annotated[int, typer.Option(help="How often each is timed; the median is given.", min=1)] = 3,
    as_json: Json = False,
) -> None:
    """Time a matrix of scores and a long stream of them, in two threads, and scikit-learn beside in one."""
    from fairgate.bench.measure import bench_measure

    doors = context.ensure_object(Session).doors
    with progress_shown(doors.timer, "Measuring") as (parts,):
        figures = bench_measure(scores, side, rounds, parts)
    if as_json:
        print_json(figures)
    else:
        _print_measuring(figures)


def _print_measuring(figures: Mapping[str, Any]) -> None:
    """Print what took how long, then what it was measured on."""
    matrix, stream, beside = figures["matrix"], figures["stream"], figures["scikit_learn"]
    shown = [
        (
            f"matrix of {matrix['rows']} × {matrix['columns']}",
            f"{matrix['seconds']:.2f}",
            f"{matrix['processor_seconds']:.2f}",
            f"{matrix['peak_rss_mb']:.0f}",
        ),
        (
            f"stream of {stream['scores']}",
            f"{stream['seconds']:.2f}",
            f"{stream['processor_seconds']:.2f}",
            f"{stream['peak_rss_mb']:.0f}",
        ),
    ]
    print_table("Whole evaluations, median", ("scores", "seconds", "processor seconds", "peak memory, MB"), shown)
    print_line(
        f"{stream['scores_per_second'] / 1e6:.1f} million scores a second; held-out rates and bootstraps included."
    )
    own = beside["rows"]["fairgate"]["median_ms"] / 1000
    if beside["installed"]:
        theirs = beside["rows"]["scikit_learn"]["median_ms"] / 1000
        print_line(
            f"{beside['scores']} scores, one thread: Fairgate {own:.2f} s with intervals, scikit-learn "
            f"{beside['version']}'s det_curve {theirs:.2f} s without: {beside['ratio']:.1f} ×."
        )
    else:
        print_line(f"{beside['scores']} scores, one thread: Fairgate {own:.2f} s. scikit-learn is not installed.")
    machine, setting = figures["machine"], figures["setting"]
    print_line(
        f"Machine: {machine['processor']}, {machine['logical_cores']} cores, load "
        f"{setting['load_average_before']:.1f} before. Each stage's memory counts what came before it."
    )
