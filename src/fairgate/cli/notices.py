"""``fairgate notices``: the signs at each lane, without which it does not open."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.actor_option import read_actor
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session
from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from fairgate.services.opting_out_records import NoticeRecord

app = typer.Typer(help="Signs that tell travellers they may decline; a lane without them does not open.")

RECORD_EXAMPLES = """Examples:

  fairgate notices record --location B22 --language en --language es --text s.txt --picture s.jpg --expires 2027-11-22
"""
LIST_EXAMPLES = """Examples:

  fairgate notices list

  fairgate notices list --location B22 --json
"""
SHOW_EXAMPLES = """Examples:

  fairgate notices show B22
"""
_TEXT_LIMIT_BYTES = 64 * 1024


@app.command("record", epilog=RECORD_EXAMPLES)
def record(
    context: typer.Context,
    *,
    location: Annotated[list[str], typer.Option(metavar="NAME", help="Lane where it hangs; may be repeated.")],
    language: Annotated[list[str], typer.Option(metavar="CODE", help="Language on it, like en; may be repeated.")],
    text: Annotated[Path, typer.Option(metavar="FILE", help="The sign's text; its digest is the version.")],
    picture: Annotated[Path, typer.Option(metavar="FILE", help="Picture of the sign as it hangs, without anybody.")],
    expires: Annotated[str, typer.Option(metavar="TIME", help="From when it counts no more, e.g. 2027-11-22.")],
    taken: Annotated[
        str | None, typer.Option(metavar="TIME", help="When the picture was taken. Unset: now.", show_default=False)
    ] = None,
    taken_by: Annotated[str, typer.Option(metavar="KIND:ID", help="Who took it.")] = "operator:command-line",
    as_json: Json = False,
) -> None:
    """Record a sign. Its picture is kept as evidence; one that shows a face is refused."""
    from fairgate.bootstrap.opting_out import Sign

    sign = Sign(
        locations=location,
        languages=language,
        text=_text(text),
        picture=picture,
        expires_at=_moment(expires, "--expires"),
        taken_by=read_actor(taken_by),
        taken_at=_moment(taken, "--taken") if taken is not None else None,
    )
    session = context.ensure_object(Session)
    with session.house() as house:
        recorded = house.opting_out.record_notice(sign)
    if as_json:
        print_json({"notices": [_as_object(one) for one in recorded]})
    else:
        _table(recorded, session.doors.now())


@app.command("list", epilog=LIST_EXAMPLES)
def list_notices(
    context: typer.Context,
    *,
    location: Annotated[
        str | None, typer.Option(metavar="NAME", help="One lane. Unset: all.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """List the notices on record, past ones too."""
    session = context.ensure_object(Session)
    with session.house() as house:
        found = house.opting_out.notices(location)
    if as_json:
        print_json({"notices": [_as_object(one) for one in found]})
    else:
        _table(found, session.doors.now())


@app.command("show", epilog=SHOW_EXAMPLES)
def show(
    context: typer.Context,
    location: Annotated[str, typer.Argument(metavar="LOCATION", help="The lane.")],
    *,
    as_json: Json = False,
) -> None:
    """Say whether a lane may open now, and which notices it has."""
    session = context.ensure_object(Session)
    with session.house() as house:
        missing = house.opting_out.missing_notices(location)
        found = house.opting_out.notices(location)
    if as_json:
        print_json(
            {
                "location": location,
                "open": not missing,
                "missing_languages": list(missing),
                "notices": [_as_object(one) for one in found],
            }
        )
        return
    print_line(
        f"{location} may open." if not missing else f"{location} does not open: no notice in {', '.join(missing)}."
    )
    _table(found, session.doors.now())


def _table(found: tuple[NoticeRecord, ...], now: datetime) -> None:
    rows = [
        (
            one.location,
            one.language,
            f"{one.taken_at:%Y-%m-%d %H:%M}",
            f"{one.expires_at:%Y-%m-%d %H:%M}",
            "current" if one.is_current(now) else "expired" if one.expires_at <= now else "not yet",
            one.taken_by,
            one.text_sha256[:12],
            one.picture_sha256[:12],
        )
        for one in found
    ]
    columns = ("location", "language", "taken, UTC", "expires, UTC", "state", "taken by", "text", "picture")
    print_table("", columns, rows)


def _as_object(one: NoticeRecord) -> dict[str, object]:
    from fairgate.services.records import as_utc_text

    return {
        "notice_id": one.notice_id,
        "location": one.location,
        "language": one.language,
        "text_sha256": one.text_sha256,
        "picture_sha256": one.picture_sha256,
        "taken_by": one.taken_by,
        "taken_at": as_utc_text(one.taken_at),
        "expires_at": as_utc_text(one.expires_at),
        "recorded_at": as_utc_text(one.recorded_at),
        "ledger_index": one.ledger_index,
    }


def _moment(text: str, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("a day or a time like 2027-11-22T10:00Z is wanted.", param_hint=option) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _text(path: Path) -> str:
    from fairgate.outside.plain_files import Unread, read_plain_file

    content = read_plain_file(path, _TEXT_LIMIT_BYTES)
    if isinstance(content, Unread):
        raise InputRefused(f"The sign's text {path} cannot be read.", way_out="Check the path.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(f"The sign's text {path} is not UTF-8.") from error
