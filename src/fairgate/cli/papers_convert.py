"""``fairgate papers convert``: a passenger list from one form to another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.list_files import read_list_file, write_new_file
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.papers.paxlst.facts import PassengerList

EXAMPLES = """Examples:

  fairgate papers convert list.edi list.csv --to csv

  fairgate papers convert list.csv list.edi --to paxlst

  fairgate papers convert list.edi list.json --to json --json
"""


class FormName(StrEnum):
    """Forms of a passenger list, as the command line spells them."""

    PAXLST = "paxlst"
    CSV = "csv"
    JSON = "json"


def convert(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="A passenger list: PAXLST, CSV or JSON.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="A new file.")],
    *,
    to: Annotated[FormName, typer.Option("--to", metavar="FORM", help="paxlst, csv or json.")],
    as_json: Json = False,
) -> None:
    """Write a passenger list in another form, and tell what in it deviates from the standard.

    The form of IN is recognised. OUT is readable by this user alone, and is never written over another file.
    """
    from fairgate.papers.paxlst.forms import ListForm, read_list, recognised_form, write_list

    content = read_list_file(source)
    form = recognised_form(content)
    listed = read_list(content, form, on=context.ensure_object(Session).doors.now().date())
    write_new_file(target, write_list(listed, ListForm(to.value)))
    if as_json:
        print_json(_facts(listed, form.value, to.value))
        return
    _print_findings(listed)
    flights = ", ".join(f"{leg.designator} {leg.departs_from}-{leg.arrives_at}" for leg in listed.legs) or "no flight"
    passengers, crew = len(listed.passengers), len(listed.crew)
    print_line(f"{form.value} to {to.value}: {passengers} passengers and {crew} crew, {flights}.")


def _facts(listed: PassengerList, form: str, to: str) -> dict[str, object]:
    return {
        "from": form,
        "to": to,
        "legs": len(listed.legs),
        "passengers": len(listed.passengers),
        "crew": len(listed.crew),
        "findings": [{"code": one.code, "where": one.where, "text": one.text} for one in listed.findings],
    }


def _print_findings(listed: PassengerList) -> None:
    if listed.findings:
        rows = [(one.code, one.where, one.text) for one in listed.findings]
        print_table("Findings", ("code", "where", "text"), rows)
