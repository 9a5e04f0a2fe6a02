"""``fairgate simulate``: worlds of drawn people, to see whether the service does what the rules' text says."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.simulate.boardings_wanted import Fault, Wanted

if TYPE_CHECKING:
    from fairgate.simulate.boardings import SimulatedBoardings

_SHOWN = 20
"""Disagreements that a table shows; ``--json`` has all of them."""

BOARDINGS_EXAMPLES = """Examples:

  fairgate simulate boardings --seed 7

  fairgate simulate boardings --flights 20 --ship 200 --json

  fairgate --rulebook example-eu-ees simulate boardings

  fairgate simulate boardings --flights 20 --ship 0 --break midnight
"""

app = typer.Typer(help="Worlds of drawn people, to see whether the service does what the rules' text says.")


@app.callback()
def _simulate() -> None:
    pass


@app.command("boardings", epilog=BOARDINGS_EXAMPLES)
def boardings(
    context: typer.Context,
    *,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Draws the same world again.")] = 1,
    flights: Annotated[
        int, typer.Option(min=1, max=2000, metavar="N", help="Flights; several may arrive at one gallery.")
    ] = 200,
    ship: Annotated[
        int, typer.Option(min=0, max=10_000, metavar="N", help="Passengers of the ship that debarks; 0 for none.")
    ] = 4000,
    broken: Annotated[
        Fault | None,
        typer.Option("--break", help="Break one thing on purpose, to see that it is noticed.", show_default=False),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Keep database, keys and ledger there. Unset: nothing is.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Board drawn people across 26 December 2025, and compare each outcome with what the rules' text says.

    Store, vault, ledger, rulebooks and services are the real ones. Faces are drawn numbers: how well faces are told
    apart is not shown. The exit code is 1 where service and text disagree.
    """
    session = context.ensure_object(Session)
    doors = session.doors
    with progress_shown(doors.timer, "Boarding travellers") as (boarding,):
        result = doors.simulate_boardings(session.settings, Wanted(seed, flights, ship, broken, keep), boarding)
    if as_json:
        print_json(_as_object(result))
    else:
        _print(result)
    if result.disagreements or not result.ledger_holds:
        raise typer.Exit(1)


def _as_object(result: SimulatedBoardings) -> dict[str, object]:
    told = asdict(result)
    found = told.pop("disagreements")
    return {**told, "disagreements": len(found), "found": found}


def _print(result: SimulatedBoardings) -> None:
    disagreements = result.disagreements
    rows: list[tuple[str, object]] = [
        ("travellers", result.travellers),
        ("galleries", result.galleries),
        ("visits before a camera", result.visits),
        ("asked", result.asked),
        ("compared and found", result.compared),
        ("opted out", result.opted_out),
        ("taken for somebody else, and put right", result.mistaken),
        ("looks at a deadline", result.looks),
        ("ledger entries", result.ledger_entries),
        ("disagreements", len(disagreements)),
    ]
    print_table(f"Simulated boardings, rulebook {result.rulebook}, seed {result.seed}", ("what", "count"), rows)
    for one in disagreements[:_SHOWN]:
        facts = ", ".join(f"{name} {value}" for name, value in one.facts.items() if value not in (None, "", []))
        print_line(f"{one.voyage} {one.passenger_ref}, {one.about}: the service {one.service}; the text {one.text}.")
        print_line(f"  {facts}")
    if len(disagreements) > _SHOWN:
        print_line(f"{len(disagreements) - _SHOWN} more; --json lists all.")
    copies = result.copies_of_withdrawn
    print_line(f"Copies, as in a backup, that still opened when their record had left the store: {copies}.")
    print_line("The ledger verifies." if result.ledger_holds else "The ledger does NOT verify.")
    if not disagreements:
        print_line("Service and text agree on every traveller: asked or not, compared or not, kept until when.")
