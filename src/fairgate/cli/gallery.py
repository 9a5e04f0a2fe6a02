"""``fairgate gallery``: what a staged gallery holds, and changing its pack."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.errors import StagingConflict

if TYPE_CHECKING:
    from fairgate.services.describe_gallery import GalleryFacts
    from fairgate.services.reextraction_report import ReextractionReport

app = typer.Typer(help="Galleries: what a staged one holds, and changing the pack that its templates are made with.")

SHOW_EXAMPLES = """Examples:

  fairgate gallery show

  fairgate gallery show FG420-2026-11-22-BOS --json
"""
REEXTRACT_EXAMPLES = """Examples:

  fairgate gallery reextract FG420-2026-11-22-BOS --references photos/ --pack dlib-cc0

  fairgate gallery reextract FG420-2026-11-22-BOS --references references.csv --allow-fewer --json
"""


@app.command("show", epilog=SHOW_EXAMPLES)
def show(
    context: typer.Context,
    flight: Annotated[
        str | None, typer.Argument(metavar="[FLIGHT]", help="Key of the flight. Unset: the only one that is staged.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a gallery holds, with which pack, and how far a change of its pack has come."""
    from fairgate.measure.ending_words import counts_in_words

    session = context.ensure_object(Session)
    with session.house(for_people=False) as house:
        facts = house.gallery(flight)
    if as_json:
        print_json(_facts_as_json(facts))
        return
    print_line(
        f"Flight {facts.flight_key}: {facts.enrolled} of {facts.listed} passengers enrolled, {facts.templates} "
        f"templates, {facts.distractors} distractors{'' if facts.complete else '; staging is not complete'}."
    )
    flights = f"{len(facts.flights)} flights from " if len(facts.flights) > 1 else ""
    lists = f"{facts.lists} list files" if facts.lists > 1 else "1 list file"
    print_line(f"For the {facts.lane.value} lane at {facts.port}, {facts.direction.value}; {flights}{lists}.")
    print_line(f"Pack {facts.pack_digest}, generation {facts.generation}.")
    if facts.under_way is not None:
        print_line(
            f"On its way to pack {facts.under_way.pack_digest}: {facts.under_way.done} of {facts.enrolled} passengers "
            f"done, templates without a successor: {facts.under_way.lost}."
        )
    for said in counts_in_words(facts.endings):
        print_line(said)


@app.command("reextract", epilog=REEXTRACT_EXAMPLES)
def reextract(
    context: typer.Context,
    flight: Annotated[str, typer.Argument(metavar="FLIGHT", help="Key of the flight.")],
    *,
    references: Annotated[
        Path, typer.Option(metavar="PATH", help="The reference photos that it was staged from: a folder or a CSV file.")
    ],
    allow_fewer: Annotated[
        bool, typer.Option("--allow-fewer", help="Switch although templates have no successor.")
    ] = False,
    start_over: Annotated[
        bool, typer.Option("--start-over", help="Erase first what an unfinished change of pack has made.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a staged gallery's templates anew with the pack in use, then switch to them and erase the old ones.

    Until the switch, boarding goes on with the old ones. Running it again goes on where it stopped.
    """
    session = context.ensure_object(Session)
    with session.house() as house, progress_shown(session.doors.timer, "Making templates anew") as (progress,):
        report = house.reextract(flight, references, allow_fewer=allow_fewer, start_over=start_over, progress=progress)
    if as_json:
        print_json(_report_as_json(report))
    else:
        _print(report)
    if report.state == "waiting":
        raise StagingConflict(
            f"The gallery {flight} is not switched: templates that would have no successor: {report.lost}.",
            way_out="Give the photos that it was staged from and run it again, or switch with --allow-fewer.",
        )


def _facts_as_json(facts: GalleryFacts) -> dict[str, object]:
    under_way = facts.under_way
    return {
        "flight_key": facts.flight_key,
        "lane": facts.lane.value,
        "direction": facts.direction.value,
        "port": facts.port,
        "flights": list(facts.flights),
        "lists": facts.lists,
        "complete": facts.complete,
        "pack_digest": facts.pack_digest,
        "generation": facts.generation,
        "listed": facts.listed,
        "enrolled": facts.enrolled,
        "templates": facts.templates,
        "distractors": facts.distractors,
        "counts": facts.endings.for_scripts(),
        "under_way": None
        if under_way is None
        else {
            "pack_digest": under_way.pack_digest,
            "generation": under_way.generation,
            "done": under_way.done,
            "lost": under_way.lost,
        },
    }


def _report_as_json(report: ReextractionReport) -> dict[str, object]:
    return {
        "flight_key": report.flight_key,
        "state": report.state.value,
        "from_pack": report.from_pack,
        "to_pack": report.to_pack,
        "generation": report.generation,
        "enrolled": report.enrolled,
        "templates": report.templates,
        "lost": report.lost,
        "left_out": [{"passenger_ref": one.passenger_ref, "reason": one.reason} for one in report.left_out],
        "distractors": report.distractors,
        "erased": report.erased,
        "findings": list(report.findings),
    }


def _print(report: ReextractionReport) -> None:
    made = f"{report.enrolled} passengers, {report.templates} templates"
    match report.state.value:
        case "switched":
            print_line(f"Flight {report.flight_key} is switched: {made}; {report.erased} old templates are erased.")
        case "waiting":
            print_line(f"Flight {report.flight_key} boards with the old pack still; made so far: {made}.")
        case _:
            print_line(f"Flight {report.flight_key} is of that pack already: {made}.")
    if report.left_out:
        rows = [(one.passenger_ref, one.reason) for one in report.left_out]
        title = "Would not be enrolled any more" if report.state == "waiting" else "Not enrolled any more"
        print_table(title, ("passenger", "reason"), rows)
    if report.findings:
        counted = Counter(finding.partition(": ")[::2] for finding in report.findings)
        print_table("Findings", ("code", "text", "times"), [(code, text, n) for (code, text), n in counted.items()])
