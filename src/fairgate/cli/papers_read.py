"""``fairgate papers read``: recognise travel papers, and print what they say and where they deviate."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_note, print_table
from fairgate.cli.session import Session
from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from fairgate.papers.read_any import PaperRead

EXAMPLES = """Examples:

  fairgate papers read list.edi zone.txt master-list.ml

  fairgate papers read chip/ --json

  fairgate papers read page.jpg
"""

LARGEST_BYTES = 64 * 1024 * 1024
MOST_CHIP_FILES = 64


def read(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="A paper of any kind, or a folder with one chip's files.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Recognise each file, and print its facts and findings.

    Read are passenger lists (PAXLST, CSV, JSON), answers to them (CUSRES), machine-readable zones as text, pictures of
    data pages, boarding passes, files and folders of chips, master lists, and LDIF exports. With --json: one object a
    file. Exit code 3 where one was refused; the others are read nevertheless.
    """
    session = context.ensure_object(Session)
    on = session.doors.now().date()
    refused = 0
    for path in files:
        try:
            told = _read(path, session, on)
        except InputRefused as why:
            refused += 1
            _tell_refusal(path, why, as_json=as_json)
            continue
        if as_json:
            print_json(as_object(path, told))
        else:
            _say(path, told)
    if refused:
        raise typer.Exit(InputRefused.exit_code)


def as_object(path: Path, told: PaperRead) -> dict[str, object]:
    """Return what is told of one file to a script."""
    return {
        "file": str(path),
        "kind": told.kind.value,
        "facts": dict(told.facts),
        "findings": [{"code": str(one.code), "where": one.where, "text": one.text} for one in told.findings],
    }


def _read(path: Path, session: Session, on: date) -> PaperRead:
    from fairgate.papers.read_any import read_chip_folder, read_paper
    from fairgate.papers.recognise import PaperKind, recognise

    if path.is_dir():
        inside = sorted(one for one in path.iterdir() if one.is_file())[:MOST_CHIP_FILES]
        return read_chip_folder({one.name: _content(one) for one in inside}, on=on)
    content = _content(path)
    if recognise(content, name=path.name) is PaperKind.DATA_PAGE:
        return _page(content, session, on)
    return read_paper(content, name=path.name, on=on)


def _page(content: bytes, session: Session, on: date) -> PaperRead:
    from fairgate.bootstrap.reading_papers import read_data_pages
    from fairgate.errors import PapersError
    from fairgate.papers.read_any import PaperRead, zone_facts
    from fairgate.papers.recognise import PaperKind
    from fairgate.vocabulary import Photo

    (page,) = read_data_pages(session.settings, [Photo(content)], on=on)
    if page.zone is None:
        raise PapersError(
            "No machine-readable zone was found in the picture.",
            way_out="Photograph the whole page, sharp, level and evenly lit; or see an officer.",
        )
    return PaperRead(PaperKind.DATA_PAGE, zone_facts(page.zone), page.zone.findings)


def _content(path: Path) -> bytes:
    from fairgate.outside.plain_files import Unread, read_plain_file

    content = read_plain_file(path, LARGEST_BYTES)
    if isinstance(content, Unread):
        raise InputRefused(
            f"The file {path.name} cannot be read: {content.value.replace('_', ' ')}.",
            way_out="Check the path and its permissions.",
        )
    return bytes(content)


def _tell_refusal(path: Path, why: InputRefused, *, as_json: bool) -> None:
    position = getattr(why, "position", None)
    if as_json:
        error = {"code": why.code, "text": why.public_text, "way_out": why.way_out}
        print_json({"file": str(path), "error": error if position is None else {**error, "position": position}})
        return
    place = "" if position is None else f" (at byte {position})"
    print_note(f"{path}: error [{why.code}]{place}: {why}")


def _say(path: Path, told: PaperRead) -> None:
    rows = [(name.replace("_", " "), _words(value)) for name, value in told.facts.items()]
    print_table(f"{path}: {told.kind.value.replace('_', ' ')}", ("fact", "value"), rows)
    if told.findings:
        print_table("Findings", ("code", "where", "text"), [(str(f.code), f.where, f.text) for f in told.findings])
    else:
        print_line("No findings.")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {one}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
