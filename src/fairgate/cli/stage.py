"""``fairgate stage``: passenger lists and reference photos become a flight's gallery."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.vocabulary import Direction, LaneKind

if TYPE_CHECKING:
    from fairgate.services.staging_report import ListChange, StagingReport


class GalleryLane(StrEnum):
    """The kinds of lane that a gallery is made for."""

    BOARDING = LaneKind.BOARDING.value
    ARRIVAL = LaneKind.ARRIVAL.value
    SEA = LaneKind.SEA.value


EXAMPLES = """Examples:

  fairgate stage list.edi --references photos/

  fairgate stage list.edi --references references.csv --port BOS --direction exit

  fairgate stage list.edi update.edi cancellations.edi --references photos/

  fairgate stage one.edi two.edi --gallery BOS-evening --lane arrival --port BOS --references photos/

  fairgate stage ship.edi --lane sea --direction entry --references photos/

  fairgate stage list.edi --references photos/ --json
"""


def stage(
    context: typer.Context,
    passenger_lists: Annotated[
        list[Path], typer.Argument(metavar="LIST", help="The passenger list, or all messages by now, as PAXLST.")
    ],
    *,
    references: Annotated[
        Path, typer.Option(metavar="PATH", help="Folder of ISSUER-NUMBER.jpg (-2.jpg …), or a CSV file,issuer,number.")
    ],
    port: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Where the lane stands. Unset: as configured, else as the list says."),
    ] = None,
    direction: Annotated[
        Direction | None,
        typer.Option(
            help="Which way the border is crossed. Unset: entry at an arrivals hall, exit elsewhere.",
            show_default=False,
        ),
    ] = None,
    lane: Annotated[
        GalleryLane, typer.Option(help="The kind of lane that the gallery is for; the rulebook is asked for that one.")
    ] = GalleryLane.BOARDING,
    gallery: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name of a gallery of several flights. Unset: the one flight's key."),
    ] = None,
    top_up_to: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Fill up with synthetic distractors; for trials only.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Enrol the reference photos of everybody on a passenger list, and name everybody who could not be enrolled.

    Several messages of one flight are applied one upon another, in the order in which they were prepared; whom they
    cancel is not listed. Running it again with the same lists goes on where it stopped. Running it with later messages
    beside them changes the gallery: who is new is enrolled, who is cancelled is withdrawn at once.
    """
    session = context.ensure_object(Session)
    with session.house() as house, progress_shown(session.doors.timer, "Enrolling references") as (progress,):
        report = house.stage(
            passenger_lists,
            references,
            port=port or session.settings.port,
            direction=direction,
            lane=LaneKind(lane.value),
            gallery=gallery,
            top_up_to=top_up_to,
            progress=progress,
        )
    if as_json:
        print_json(_as_json(report))
    else:
        _print(report)


def _changes(change: ListChange) -> str:
    words = {
        "added": "added",
        "cancelled": "withdrawn",
        "changed": "with other facts",
        "not_asked": "not to be asked any more",
        "enrolled_anew": "enrolled anew",
        "boarded": "off the list after boarding",
    }
    told = [f"{count} {words[name]}" for name, count in change.counts() if count]
    return ", ".join(told) or "nobody is affected"


def _as_json(report: StagingReport) -> dict[str, object]:
    return {
        "flight_key": report.flight_key,
        "lane": report.lane.value,
        "flights": list(report.flights),
        "listed": report.listed,
        "enrolled": report.enrolled,
        "not_enrolled": [
            {"passenger_ref": one.passenger_ref, "state": one.state.value, "reason": one.reason}
            for one in report.not_enrolled
        ],
        "templates": report.templates,
        "unlisted_photos": report.unlisted_photos,
        "distractors": report.distractors,
        "change": None if report.change is None else dict(report.change.counts()),
        "findings": list(report.findings),
    }


def _print(report: StagingReport) -> None:
    enrolled = f"{report.enrolled} of {report.listed} passengers enrolled"
    what = "Flight" if len(report.flights) < 2 else f"Gallery of {len(report.flights)} flights"
    print_line(f"{what} {report.flight_key}: {enrolled}, {report.templates} templates.")
    if report.change is not None:
        print_line(f"The list changed: {_changes(report.change)}.")
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
