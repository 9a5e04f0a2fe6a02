"""``fairgate papers convert``: a passenger list, or a boarding pass, from one form to another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.list_files import read_list_file, write_new_file
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session
from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from fairgate.papers.boarding_pass.facts import BoardingPass
    from fairgate.papers.paxlst.facts import PassengerList

EXAMPLES = """Examples:

  fairgate papers convert list.edi list.csv --to csv

  fairgate papers convert list.csv list.edi --to paxlst

  fairgate papers convert list.edi list.json --to json --json

  fairgate papers convert pass.json pass.txt --to bcbp
"""


class FormName(StrEnum):
    """Forms of a passenger list or a boarding pass, as the command line spells them."""

    PAXLST = "paxlst"
    CSV = "csv"
    JSON = "json"
    BCBP = "bcbp"


def convert(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="A passenger list or a boarding pass.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="A new file.")],
    *,
    to: Annotated[
        FormName, typer.Option("--to", metavar="FORM", help="paxlst, csv or json; of a boarding pass bcbp or json.")
    ],
    as_json: Json = False,
) -> None:
    """Write a passenger list or a boarding pass in another form, and tell what in it deviates from the standard.

    The form of IN is recognised. OUT is readable by this user alone, and is never written over another file.
    """
    from fairgate.papers.paxlst.forms import ListForm, read_list, recognised_form, write_list
    from fairgate.papers.recognise import PaperKind, recognise

    content = read_list_file(source)
    if recognise(content) is PaperKind.BOARDING:
        _convert_pass(content, target, to, as_json=as_json)
        return
    if to is FormName.BCBP:
        raise InputRefused(
            "A passenger list has no form bcbp.", way_out="Hand in a boarding pass, or name another form."
        )
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


def _convert_pass(content: bytes, target: Path, to: FormName, *, as_json: bool) -> None:
    """Write a boarding pass as JSON or as the text of its bar code.

    Raises:
        InputRefused: the form is none of a boarding pass's.
    """
    from fairgate.papers.boarding_pass.forms import is_pass_json, read_pass, write_pass_json, write_pass_text

    read = read_pass(content)
    if to not in (FormName.BCBP, FormName.JSON):
        raise InputRefused(f"A boarding pass has no form {to.value}.", way_out="Its forms are bcbp and json.")
    write_new_file(target, write_pass_json(read) if to is FormName.JSON else write_pass_text(read))
    form = FormName.JSON if is_pass_json(content) else FormName.BCBP
    if as_json:
        findings = [{"code": one.code, "where": one.where, "text": one.text} for one in read.findings]
        print_json({"from": form.value, "to": to.value, "legs": len(read.legs), "findings": findings})
        return
    _print_findings(read)
    flights = ", ".join(f"{leg.designator} {leg.departs_from}-{leg.arrives_at}" for leg in read.legs)
    print_line(f"{form.value} to {to.value}: boarding pass, {flights}.")


def _facts(listed: PassengerList, form: str, to: str) -> dict[str, object]:
    return {
        "from": form,
        "to": to,
        "legs": len(listed.legs),
        "passengers": len(listed.passengers),
        "crew": len(listed.crew),
        "findings": [{"code": one.code, "where": one.where, "text": one.text} for one in listed.findings],
    }


def _print_findings(read: PassengerList | BoardingPass) -> None:
    if read.findings:
        rows = [(one.code, one.where, one.text) for one in read.findings]
        print_table("Findings", ("code", "where", "text"), rows)
