"""``fairgate officer undo`` and ``close``: a wrong match taken back before departure, and when that is."""

from __future__ import annotations

from typing import Annotated

import typer

from fairgate.cli.officer import result_in_words
from fairgate.cli.officer_options import (
    ActorOption,
    MinutesOption,
    entry_as_object,
    moment_of,
    officer,
    result_as_object,
)
from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.session import Session
from fairgate.ledger.manual_codes import UndoReason

UNDO_EXAMPLES = """Examples:

  fairgate officer undo 6f1c0a3e8b9d4f52a1c07d3e5b6f8091 --reason wrong_person --actor officer:o-17

  fairgate officer undo 6f1c0a3e8b9d4f52a1c07d3e5b6f8091 --reason wrong_person --really P0043 --actor officer:o-17
"""
CLOSE_EXAMPLES = """Examples:

  fairgate officer close FG420-2026-11-22-BOS --actor officer:o-17

  fairgate officer close FG420-2026-11-22-BOS --at 2026-11-22T18:40:00Z --actor officer:o-17 --json
"""


def undo(
    context: typer.Context,
    crossing: Annotated[
        str, typer.Argument(metavar="CROSSING", help="Identifier of the crossing; without a capture, of the entry.")
    ],
    *,
    reason: Annotated[UndoReason, typer.Option("--reason", help="Why it is taken back.")],
    actor: ActorOption,
    really: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Who really stood there, confirmed by the officer.", show_default=False),
    ] = None,
    minutes: MinutesOption = None,
    as_json: Json = False,
) -> None:
    """Take back a wrong match, or a wrong confirmation, before departure; both passengers are put right.

    Whoever was boarded wrongly may board again. Whoever stood there is confirmed, or gets a number in the queue.
    """
    with context.ensure_object(Session).desk() as desk:
        undone = desk.undo(crossing, reason.value, officer(actor), really=really, minutes=minutes)
    record = undone.undo
    if as_json:
        print_json(
            {
                "undo_id": record.undo_id,
                "flight_key": record.flight_key,
                "crossing_id": record.crossing_id,
                "result_id": record.result_id,
                "passenger_ref": record.passenger_ref,
                "really": record.really,
                "reason": record.reason.value,
                "ledger_index": record.ledger_index,
                "entry": entry_as_object(undone.entry) if undone.entry else None,
                "result": result_as_object(undone.result) if undone.result else None,
                "repeated": undone.repeated,
            }
        )
        return
    again = " It was undone before and is not done again." if undone.repeated else ""
    print_line(f"Undone: {record.passenger_ref} may board again. Ledger entry {record.ledger_index}.{again}")
    if undone.result is not None:
        print_line(f"Whoever stood there: {result_in_words(undone.result)}.")
    elif undone.entry is not None:
        print_line(f"Whoever stood there waits for an officer under number {undone.entry.number}.")


def close(
    context: typer.Context,
    flight: Annotated[str, typer.Argument(metavar="FLIGHT", help="Key of the flight.")],
    *,
    actor: ActorOption,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it departs. Unset: it has left.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """State when a flight departs; after that no match of it is undone. Results are still recorded."""
    from fairgate.services.records import as_utc_text

    with context.ensure_object(Session).desk() as desk:
        departure = desk.close(flight, officer(actor), departs_at=moment_of(at, "--at") if at else None)
    departs_at = as_utc_text(departure.departs_at)
    if as_json:
        print_json({"flight_key": flight, "departs_at": departs_at, "ledger_index": departure.ledger_index})
    else:
        print_line(f"Flight {flight} departs at {departs_at}. Nothing of its boarding is undone after that.")
