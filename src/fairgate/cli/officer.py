"""``fairgate officer``: who waits for an officer, and what the officer states."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.officer_options import (
    ActorOption,
    FlightOption,
    LaneOption,
    MinutesOption,
    PassengerOption,
    entry_as_object,
    officer,
    result_as_object,
)
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session
from fairgate.ledger.manual_codes import ManualReason, ManualResult

if TYPE_CHECKING:
    from fairgate.measure.endings import Endings
    from fairgate.services.manual_records import ManualResultRecord
    from fairgate.services.officer_queue import Waiting

app = typer.Typer(
    help="The officer's desk: who waits, what the officer states, a match taken back. Needs neither engine nor camera."
)

QUEUE_EXAMPLES = """Examples:

  fairgate officer queue

  fairgate officer queue --flight FG420-2026-11-22-BOS --json
"""
CALL_EXAMPLES = """Examples:

  fairgate officer call 12 --actor officer:o-17

  fairgate officer call 12 --flight FG420-2026-11-22-BOS --actor officer:o-17 --json
"""
RESULT_EXAMPLES = """Examples:

  fairgate officer result 12 --result confirmed --reason papers_checked --passenger P0042 --actor officer:o-17

  fairgate officer result 13 --result sent_on --reason not_confirmed --minutes 6 --actor officer:o-17 --json
"""


@app.command("queue", epilog=QUEUE_EXAMPLES)
def queue(context: typer.Context, *, flight: FlightOption = None, as_json: Json = False) -> None:
    """Show who waits, oldest first, with the reason and the minutes; and what became of everybody."""
    with context.ensure_object(Session).desk() as desk:
        waiting, endings = desk.waiting(flight)
    if as_json:
        print_json(
            {"flight_key": flight, "waiting": [_as_object(one) for one in waiting], "counts": endings.for_scripts()}
        )
        return
    if waiting:
        print_table(
            f"Waiting for an officer: {len(waiting)}",
            ("number", "flight or lane", "lane", "minutes", "called", "why"),
            [_row(one) for one in waiting],
        )
    else:
        print_line("Nobody waits for an officer.")
    print_line(endings_in_words(endings))


@app.command("call", epilog=CALL_EXAMPLES)
def call(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The number to call.")],
    *,
    actor: ActorOption,
    flight: FlightOption = None,
    lane: LaneOption = None,
    as_json: Json = False,
) -> None:
    """Note that a number is called; the first call ends the waiting."""
    from fairgate.services.records import as_utc_text

    with context.ensure_object(Session).desk() as desk:
        entry, called_at = desk.call(number, officer(actor), flight_key=flight, lane=lane)
    if as_json:
        print_json({**entry_as_object(entry), "called_at": as_utc_text(called_at)})
    else:
        print_line(f"Number {entry.number} of {entry.series}, lane {entry.lane}: {_why(entry.reason)}.")
        print_line(f"First called at {as_utc_text(called_at)}.")


@app.command("result", epilog=RESULT_EXAMPLES)
def result(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The number that was called.")],
    *,
    stated: Annotated[ManualResult, typer.Option("--result", help="What the officer states.")],
    reason: Annotated[ManualReason, typer.Option("--reason", help="Why; one that goes with the result.")],
    actor: ActorOption,
    minutes: MinutesOption = None,
    passenger: PassengerOption = None,
    flight: FlightOption = None,
    lane: LaneOption = None,
    day: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of the number, at the port. Unset: today.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Record what the officer states of whoever has a number: once, with reason and minutes.

    Whoever is confirmed boards. The statement is the officer's; the machine denies nobody anything.
    """
    with context.ensure_object(Session).desk() as desk:
        recorded = desk.result(
            number,
            stated.value,
            reason.value,
            officer(actor),
            minutes=minutes,
            passenger_ref=passenger,
            flight_key=flight,
            lane=lane,
            day=_day(day),
        )
    if as_json:
        entry = entry_as_object(recorded.entry)
        print_json({"entry": entry, **result_as_object(recorded.result), "repeated": recorded.repeated})
        return
    again = " It was recorded before and is not done again." if recorded.repeated else ""
    print_line(f"Number {number} of {recorded.entry.series}: {result_in_words(recorded.result)}.{again}")
    if recorded.result.reopens:
        print_line(
            f"Somebody was aboard as this passenger already, by {recorded.result.reopens}: both stand, and count once. "
            "Undo the wrong one with `fairgate officer undo`."
        )


def endings_in_words(endings: Endings) -> str:
    """Return the counts in a few lines."""
    from fairgate.measure.ending_words import counts_in_words

    return "\n".join(counts_in_words(endings))


def result_in_words(record: ManualResultRecord) -> str:
    """Return a result in a few words."""
    words = "sent on to a further inspection" if record.result is ManualResult.SENT_ON else record.result.value
    who = f" as {record.passenger_ref}" if record.passenger_ref else ""
    return f"{words}{who} ({_why(record.reason.value)}), {record.minutes} min, by {record.officer}"


def _as_object(one: Waiting) -> dict[str, object]:
    from fairgate.services.records import as_utc_text

    return {
        **entry_as_object(one.entry),
        "why": _why(one.entry.reason),
        "minutes": one.minutes,
        "called_at": as_utc_text(one.called_at) if one.called_at else None,
        "doubt_settled": one.doubt_settled,
    }


def _row(one: Waiting) -> tuple[object, ...]:
    settled = "; the match that put them in doubt is undone" if one.doubt_settled else ""
    called = one.called_at.strftime("%H:%MZ") if one.called_at else ""
    entry = one.entry
    return entry.number, entry.series, entry.lane, one.minutes, called, f"{_why(entry.reason)}{settled}"


def _why(reason: str) -> str:
    from fairgate.measure.words import reason_in_words

    return reason_in_words(reason)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter("it is no day such as 2026-11-22.", param_hint="--day") from error
