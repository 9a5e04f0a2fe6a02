"""``fairgate export``: records leave the house under one purpose, and with the day on which it expires."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.services.export_records import ReadExport

app = typer.Typer(help="Records that leave the house: each file names its purpose and when that expires.")

CROSSINGS_EXAMPLES = """Examples:

  fairgate export crossings FG420-2026-11-22-BOS --purpose accuracy_report --out crossings.export

  fairgate export crossings FG420-2026-11-22-BOS --purpose audit --out crossings.export --json
"""

READ_EXAMPLES = """Examples:

  fairgate export read crossings.export

  fairgate export read crossings.export --purpose accuracy_report --json

  fairgate export read crossings.export --signer fairgate.local+0a1b2c3d+AQID
"""


@app.command("crossings", epilog=CROSSINGS_EXAMPLES)
def crossings(
    context: typer.Context,
    flight: Annotated[str, typer.Argument(metavar="FLIGHT", help="Key of the flight.")],
    *,
    purpose: Annotated[str, typer.Option(metavar="CODE", help="What they will be used for; the rulebook names it.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where they go.")],
    as_json: Json = False,
) -> None:
    """Write a flight's crossings to a signed file: outcomes, reasons and times; no name, photo, score or rank.

    The ledger says so first. The file may be used until the day that the rulebook sets for its purpose.
    """
    with context.ensure_object(Session).house() as house:
        header = house.export_crossings(flight, purpose=purpose, out=out)
    if as_json:
        import json

        print_json({**json.loads(header.canonical()), "file": str(out)})
        return
    print_line(f"{header.records} crossings of {header.flight_key} are in {out}.")
    print_line(f"Purpose: {header.purpose}, until {header.expires_at:%Y-%m-%d %H:%M} UTC. {header.purpose_text}")
    print_line(f"Ledger entry {header.ledger_index}.")


@app.command("read", epilog=READ_EXAMPLES)
def read(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `fairgate export crossings` wrote.")],
    *,
    purpose: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="What they are to be used for. Unset: the file's own.", show_default=False),
    ] = None,
    signer: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="Public key of the ledger that it came from. Unset: this house's.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check an export and print it; one that was altered, or whose purpose has expired or is another, is refused.

    With --json: the file's own line, then one line for each record.
    """
    session = context.ensure_object(Session)
    if signer is None:
        with session.house(for_people=False) as house:
            signer = house.ledger_key
    found = session.doors.read_export(file, signer, session.doors.now(), purpose)
    if as_json:
        print_json(found.header)
        for record in found.records:
            print_json(record)
    else:
        _say(found)


def _say(found: ReadExport) -> None:
    header = found.header
    print_line(f"{header['records']} crossings of {header['flight']}, exported by {header['exported_by']}.")
    print_line(f"Purpose: {header['purpose']}, until {header['expires_at']}. {header['purpose_text']}")
    counted = Counter((record["outcome"], record["reason"]) for record in found.records)
    rows = [(_plain(outcome), _plain(reason), count) for (outcome, reason), count in sorted(counted.items())]
    print_table("", ("outcome", "reason", "crossings"), rows)


def _plain(code: str) -> str:
    return code.replace("_", " ")
