"""``fairgate papers read``: recognise travel papers, and print what they say and where they deviate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_note
from fairgate.cli.papers_read_tables import Shown, say, shown
from fairgate.cli.session import Session
from fairgate.errors import FairgateError

if TYPE_CHECKING:
    from fairgate.cli.papers_read_files import PaperReader
    from fairgate.papers.read_any import PaperRead

EXAMPLES = """Examples:

  fairgate papers read list.edi answer.edi zone.txt pass.txt

  fairgate papers read page.jpg --json

  fairgate papers read chip/ --trust DE_ML.ml --trust revoked.crl

  fairgate papers read DE_ML.ml --certificates

  fairgate papers read - < zone.txt
"""

STREAM = Path("-")


def read(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="A paper of any kind, a folder with one chip's files, or - for standard input."
        ),
    ],
    *,
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="For chips: whom to believe; may be repeated. Unset: the setting trust_dir.",
            show_default=False,
        ),
    ] = None,
    all_findings: Annotated[
        bool, typer.Option("--all-findings", metavar="", help="Every finding, not one line for each code.")
    ] = False,
    certificates: Annotated[
        bool, typer.Option("--certificates", metavar="", help="Of a master list: every certificate that can be used.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Recognise each file, and print its facts and findings.

    Read are passenger lists (PAXLST, CSV, JSON), answers to them (CUSRES), machine-readable zones as text, pictures of
    data pages, boarding passes, files and folders of chips, master lists, LDIF exports of the ICAO PKD, and
    ANSI/NIST-ITL transactions. A chip's folder is authenticated too. With --json: one object a file, with everything.
    Exit code 3 where one was refused; the others are read nevertheless.
    """
    from fairgate.cli.papers_read_files import PaperReader

    session = context.ensure_object(Session)
    reader = PaperReader(lambda: session.settings, trust or (), at=session.doors.now())
    ended_with = 0
    for path in files:
        try:
            told = _read(reader, path)
        except FairgateError as why:
            ended_with = max(ended_with, why.exit_code)
            _tell_refusal(path, why, as_json=as_json)
            continue
        if as_json:
            print_json(as_object(path, told))
        else:
            say(_name(path), told, Shown(all_findings=all_findings, certificates=certificates))
    if ended_with:
        raise typer.Exit(ended_with)


def as_object(path: Path, told: PaperRead) -> dict[str, object]:
    """Return what is told of one file to a script."""
    return {
        "file": str(path),
        "kind": told.kind.value,
        "facts": dict(told.facts),
        "findings": [{"code": str(one.code), "where": one.where, "text": one.text} for one in told.findings],
    }


def _read(reader: PaperReader, path: Path) -> PaperRead:
    return reader.read_stream(sys.stdin.buffer) if path == STREAM else reader.read(path)


def _name(path: Path) -> str:
    return "standard input" if path == STREAM else str(path)


def _tell_refusal(path: Path, why: FairgateError, *, as_json: bool) -> None:
    position = getattr(why, "position", None)
    if as_json:
        error = {"code": why.code, "text": why.public_text, "way_out": why.way_out}
        print_json({"file": str(path), "error": error if position is None else {**error, "position": position}})
        return
    place = "" if position is None else f" (at byte {position})"
    print_note(f"{shown(_name(path))}: error [{why.code}]{place}: {shown(why)}")
