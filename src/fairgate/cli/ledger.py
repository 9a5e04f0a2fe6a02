"""``fairgate ledger``: whether the record is whole."""

from __future__ import annotations

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

app = typer.Typer(help="The ledger: the append-only record of everything that was decided.")

EXAMPLES = """Examples:

  fairgate ledger verify

  fairgate ledger verify --json
"""


@app.callback()
def _group() -> None:
    """Keep ``verify`` a command of its own, although it is the only one yet."""


@app.command("verify", epilog=EXAMPLES)
def verify_ledger(context: typer.Context, as_json: Json = False) -> None:
    """Check every entry, checkpoint and crossing with independent code; exit 1 if one is not as it was signed."""
    with context.ensure_object(Session).house(for_people=False) as house:
        report = house.verify_ledger()
    if as_json:
        problems = [{"code": one.code.value, "index": one.index, "text": one.text} for one in report.problems]
        print_json(
            {
                "ok": report.ok,
                "entries": report.entries,
                "first_bad": report.first_bad,
                "problems": problems,
                "unlisted": report.unlisted,
            }
        )
    elif report.ok:
        print_line(f"The ledger holds: {report.entries} entries, each as it was signed.")
    else:
        print_line(f"The ledger does NOT hold: {report.entries} entries read.")
        print_table("", ("entry", "code", "text"), [(one.index, one.code.value, one.text) for one in report.problems])
        if report.unlisted:
            print_line(f"And {report.unlisted} more of these kinds.")
    if not report.ok:
        raise typer.Exit(1)
