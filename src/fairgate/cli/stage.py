"""``fairgate stage``: passenger lists and reference photos become a flight's gallery."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.vocabulary import Direction

if TYPE_CHECKING:
    from fairgate.services.stage_flight import StagingReport

EXAMPLES = """Examples:

  fairgate stage list.edi --references photos/

  fairgate stage list.edi --references references.csv --port BOS --direction exit

  fairgate stage list.edi update.edi cancellations.edi --references photos/

  fairgate stage list.edi --references photos/ --json
"""


def stage(
    context: typer.Context,
    passenger_lists: Annotated[
        list[Path], typer.Argument(metavar="LIST", help="The passenger list, or all messages of the flight, as PAXLST.")
    ],
    *,
    references: Annotated[
        Path, typer.Option(metavar="PATH", help="Folder of ISSUER-NUMBER.jpg (-2.jpg …), or a CSV file,issuer,number.")
    ],
    port: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Where the lane stands. Unset: as configured, else as the list says."),
    ] = None,
    direction: Annotated[Direction, typer.Option(help="Which way the border is crossed.")] = Direction.EXIT,
    top_up_to: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Fill up with synthetic distractors; for trials only.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Enrol the reference photos of everybody on a passenger list, and name everybody who could not be enrolled.

    Several lists are applied one upon another, in the order in which they were prepared; whom they cancel is not
    listed. Running it again with the same lists goes on where it stopped.
    """
    session = context.ensure_object(Session)
    with session.house() as house, progress_shown(session.doors.timer, "Enrolling references") as (progress,):
        report = house.stage(
            passenger_lists,
            references,
            port=port or session.settings.port,
            direction=direction,
            top_up_to=top_up_to,
            progress=progress,
        )
    if as_json:
        print_json(_as_json(report))
    else:
        _print(report)


def _as_json(report: StagingReport) -> dict[str, object]:
    return {
        "flight_key": report.flight_key,
        "listed": report.listed,
        "enrolled": report.enrolled,
        "not_enrolled": [
            {"passenger_ref": one.passenger_ref, "state": one.state.value, "reason": one.reason}
            for one in report.not_enrolled
        ],
        "templates": report.templates,
        "unlisted_photos": report.unlisted_photos,
        "distractors": report.distractors,
        "findings": list(report.findings),
    }


def _print(report: StagingReport) -> None:
    enrolled = f"{report.enrolled} of {report.listed} passengers enrolled"
    print_line(f"Flight {report.flight_key}: {enrolled}, {report.templates} templates.")
    if report.distractors:
        print_line(f"Synthetic distractors: {report.distractors}.")
    if report.unlisted_photos:
        print_line(f"Photos of nobody on the list, not opened: {report.unlisted_photos}.")
    if report.not_enrolled:
        rows = [(one.passenger_ref, one.state.value, one.reason) for one in report.not_enrolled]
        print_table("Not enrolled", ("passenger", "state", "reason"), rows)
    if report.findings:
        counted = Counter(finding.partition(": ")[::2] for finding in report.findings)
        print_table("Findings", ("code", "text", "times"), [(code, text, n) for (code, text), n in counted.items()])
