"""``fairgate demo``: the whole way on real faces."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fairgate.cli.output import Json, mark_as_demo, print_json, print_line
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.cli.summary import print_summary, summary_as_json

EXAMPLES = """Examples:

  fairgate demo

  fairgate demo --data ../shared/data --out /tmp/demo

  fairgate demo --json | tail -1
"""


def demo(
    context: typer.Context,
    *,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder that holds portraits/. Unset: FAIRGATE_DATA, else ../shared/data, else a pinned download.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the demo keeps its input, its own database and the report.")
    ] = Path("fairgate-demo"),
    as_json: Json = False,
) -> None:
    """Board a demonstration flight: real photographs, invented passengers, and a report at the end."""
    session = context.ensure_object(Session)
    doors = session.doors
    mark_as_demo()
    with progress_shown(doors.timer, "Enrolling references", "Boarding captures") as (enrolling, boarding):
        result = doors.run_demo(session.settings, data, out, enrolling, boarding)
    if as_json:
        print_json(summary_as_json(result.summary))
        return
    print_line(f"People: {result.source}.")
    print_line(f"Enrolled {result.staging.enrolled} of {result.staging.listed} passengers on the list.")
    print_summary(result.summary)
