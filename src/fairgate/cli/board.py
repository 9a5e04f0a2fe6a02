"""``fairgate board``: captures become crossings, each with exactly one outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.cli.summary import print_summary, summary_as_json

if TYPE_CHECKING:
    from fairgate.services.record_crossing import Boarded
    from fairgate.vocabulary import Capture

EXAMPLES = """Examples:

  fairgate board captures.csv --report report.html

  fairgate board captures.csv --flight FG420-2026-11-22-BOS

  fairgate board captures.csv --json
"""


def board(
    context: typer.Context,
    captures: Annotated[Path, typer.Argument(metavar="CAPTURES", help="CSV: file,lane,time,opted_out,claim.")],
    *,
    flight: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Flight to board. Unset: the only one that is staged.", show_default=False),
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="file,document,case; read by the report alone.", show_default=False),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="HTML", help="Write the report to this file.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare captures with a staged flight's gallery and record each crossing.

    Running it again goes on where it stopped. With --json: one line for each crossing, then the summary.
    """
    session = context.ensure_object(Session)
    with session.house() as house, progress_shown(session.doors.timer, "Boarding captures") as (progress,):
        summary = house.board(
            flight,
            captures,
            truth=truth,
            report=report,
            progress=progress,
            on_outcome=_print_crossing if as_json else _say_nothing,
        )
    if as_json:
        print_json(summary_as_json(summary))
    else:
        print_summary(summary)


def _say_nothing(_capture: Capture, _boarded: Boarded) -> None:
    return


def _print_crossing(capture: Capture, boarded: Boarded) -> None:
    from fairgate.services.records import as_utc_text

    crossing = boarded.crossing
    print_json(
        {
            "crossing_id": crossing.crossing_id,
            "capture_key": crossing.capture_key,
            "file": capture.file,
            "lane": crossing.lane,
            "taken_at": as_utc_text(crossing.taken_at),
            "outcome": crossing.outcome,
            "reason": crossing.reason,
            "component": crossing.component,
            "passenger_ref": crossing.passenger_ref,
            "reopens": crossing.reopens,
            "rule_id": crossing.rule_id,
            "threshold_id": crossing.threshold_id,
            "ledger_index": crossing.ledger_index,
            "queue_number": boarded.queue_number,
            "repeated": boarded.repeated,
        }
    )
