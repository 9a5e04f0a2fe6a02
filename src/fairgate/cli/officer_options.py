"""Options that the commands at an officer's desk share, and how they print what is on record."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.vocabulary import Actor, ActorKind

if TYPE_CHECKING:
    from fairgate.services.manual_records import ManualResultRecord, QueueEntry

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

ActorOption = Annotated[
    str, typer.Option("--actor", metavar="officer:ID", help="Who acts; an identifier, never a name.")
]
FlightOption = Annotated[
    str | None, typer.Option("--flight", metavar="KEY", help="Key of the flight.", show_default=False)
]
LaneOption = Annotated[
    str | None,
    typer.Option("--lane", metavar="LANE", help="Lane without a flight, whose number it is.", show_default=False),
]
PassengerOption = Annotated[
    str | None,
    typer.Option("--passenger", metavar="REF", help="Whom the officer confirmed, as on the list.", show_default=False),
]
MinutesOption = Annotated[
    int | None,
    typer.Option(
        "--minutes", metavar="M", help="Minutes it took the traveller. Unset: those since joining.", show_default=False
    ),
]


def actor_of(text: str, *kinds: ActorKind) -> Actor:
    """Return the actor that ``KIND:ID`` names.

    Raises:
        typer.BadParameter: it names none of these kinds.
    """
    kind, _, identifier = text.partition(":")
    if kind not in kinds or not _ID.fullmatch(identifier):
        wanted = " or ".join(f"{one.value}:ID" for one in kinds)
        raise typer.BadParameter(f"it is not {wanted}, such as officer:o-17.", param_hint="--actor")
    return Actor(ActorKind(kind), identifier)


def officer(text: str) -> Actor:
    """Return the officer that ``officer:ID`` names."""
    return actor_of(text, ActorKind.OFFICER)


def moment_of(text: str, option: str) -> datetime:
    """Return a time with its zone.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("it is no time such as 2026-11-22T10:15:00Z.", param_hint=option) from error
    if moment.tzinfo is None:
        raise typer.BadParameter("it has no zone; end it with Z or +00:00.", param_hint=option)
    return moment


def entry_as_object(entry: QueueEntry) -> dict[str, object]:
    """Return a queue entry for scripts."""
    from fairgate.services.records import as_utc_text

    return {
        "number": entry.number,
        "day": entry.day.isoformat(),
        "flight_key": entry.flight_key,
        "lane": entry.lane,
        "reason": entry.reason,
        "joined_at": as_utc_text(entry.joined_at),
        "late": entry.late,
        "entry_id": entry.entry_id,
        "crossing_id": entry.crossing_id,
        "ledger_index": entry.ledger_index,
    }


def result_as_object(result: ManualResultRecord) -> dict[str, object]:
    """Return an officer's result for scripts."""
    from fairgate.services.records import as_utc_text

    return {
        "result": result.result.value,
        "reason": result.reason.value,
        "passenger_ref": result.passenger_ref,
        "boards": result.boards,
        "minutes": result.minutes,
        "decided_at": as_utc_text(result.decided_at),
        "recorded_at": as_utc_text(result.recorded_at),
        "officer": result.officer,
        "late": result.late,
        "reopens": result.reopens,
        "photo_erased": result.photo_erased,
        "result_id": result.result_id,
        "ledger_index": result.ledger_index,
    }
