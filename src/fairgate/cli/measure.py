"""``fairgate measure``: score files into figures and reports. Needs ``fairgate[measure]`` and nothing more.

Neither the settings nor a data folder is looked at: a laboratory measures scores, wherever they came from.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from fairgate.cli.measure_options import (
    SEED,
    Asked,
    Confidence,
    Fmr,
    Out,
    Report,
    Resamples,
    Seed,
    Title,
    takes_options,
)
from fairgate.cli.output import COMMAND_LINE, Json
from fairgate.cli.progress import progress_shown

app = typer.Typer(help="Error rates with their intervals, from score files, pairs of photos or portraits.")

DEFAULT_REPORT = Path("fairgate-measuring-report.html")

SCORES_EXAMPLES = """Examples:

  fairgate measure scores scores.csv

  fairgate measure scores scores.parquet --at-fmr 1e-4 --report report.html

  fairgate measure scores part-1.csv part-2.csv --fmr 1e-3 --fmr 1e-4 --json
"""
COMPARE_EXAMPLES = """Examples:

  fairgate measure compare old-pack.csv new-pack.csv

  fairgate measure compare old-pack.csv new-pack.csv --fmr 1e-4 --report difference.html

  fairgate measure compare old-pack.csv new-pack.csv --fmr 1e-4 --json
"""
REPORT_EXAMPLES = """Examples:

  fairgate measure report scores.csv

  fairgate measure report scores.parquet --title "Gate trial, November" --out trial.html
"""

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="Score files, CSV, Parquet or NPZ; several are read as one."),
]


@app.command("scores", epilog=SCORES_EXAMPLES)
@takes_options
def scores(context: typer.Context, files: Files, *, asked: Asked, report: Report = None, as_json: Json = False) -> None:
    """Measure comparison scores: error rates, searches, attempts, groups, quality and attacks, as the columns allow."""
    _measure(context, files, asked, report, as_json=as_json)


@app.command("report", epilog=REPORT_EXAMPLES)
@takes_options
def report_on(
    context: typer.Context,
    files: Files,
    *,
    asked: Asked,
    out: Out = DEFAULT_REPORT,
    as_json: Json = False,
) -> None:
    """Measure comparison scores and write the report: one HTML page with plots and tables, which needs no network."""
    _measure(context, files, asked, out, as_json=as_json)


@app.command("compare", epilog=COMPARE_EXAMPLES)
def compare(
    context: typer.Context,
    first: Annotated[Path, typer.Argument(metavar="A", help="Score file of the first pack.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Score file of the second, on the same comparisons.")],
    *,
    fmr: Fmr = None,
    resamples: Resamples = None,
    confidence: Confidence = None,
    seed: Seed = SEED,
    title: Title = "",
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Compare two packs on the same comparisons, each at the threshold that gives it the same FMR."""
    from fairgate.cli.measure_compare import compare_files

    asked = Asked(fmr=fmr, resamples=resamples, confidence=confidence, seed=seed, title=title)
    command = context.meta.get(COMMAND_LINE, "")
    compare_files(first, second, asked, command=command, report=report, as_object=as_json)


def _measure(context: typer.Context, files: list[Path], asked: Asked, report: Path | None, *, as_json: bool) -> None:
    from fairgate.cli.measure_run import Passes, measure_source, tell
    from fairgate.outside.score_files import open_score_files

    with progress_shown(time.monotonic, "Pass 1, bytes", "Pass 2, bytes") as shown:

        def progress(done: int, total: int) -> None:
            shown[counted.number - 1](done, total)

        source = open_score_files(files, progress=progress)
        counted = Passes(source)
        measured = measure_source(
            counted,
            asked,
            title=", ".join(file.name for file in files),
            command=context.meta.get(COMMAND_LINE, ""),
            read=lambda: (source.facts, source.notes),
        )
    tell(measured, report, as_object=as_json)
