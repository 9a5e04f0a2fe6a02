"""``fairgate officer open``, ``form`` and ``enter``: the path on which no camera, engine or centre works."""

from __future__ import annotations

from typing import Annotated

import typer

from fairgate.cli.officer import result_in_words
from fairgate.cli.officer_options import (
    ActorOption,
    FlightOption,
    MinutesOption,
    PassengerOption,
    actor_of,
    entry_as_object,
    moment_of,
    officer,
    result_as_object,
)
from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.session import Session
from fairgate.ledger.manual_codes import REASONS_OF, ManualReason, ManualResult, OpenedReason
from fairgate.vocabulary import ActorKind

OPEN_EXAMPLES = """Examples:

  fairgate officer open --lane B22 --reason camera_down --flight FG420-2026-11-22-BOS --actor officer:o-17

  fairgate officer open --lane F1 --reason centre_down --actor lane:F1 --json
"""
FORM_EXAMPLES = """Examples:

  fairgate officer form --lines 30 > form.txt

  fairgate officer form --lane B22 --flight FG420-2026-11-22-BOS --json
"""
ENTER_EXAMPLES = """Examples:

  fairgate officer enter --form K7QFRX --line 1 --lane B22 --because centre_down --joined 2026-11-22T10:02:00Z \
--decided 2026-11-22T10:05:00Z --result left --reason went_away --actor officer:o-17 --json
"""
_MOST_LINES = 99
_LETTER = {ManualResult.CONFIRMED: "C", ManualResult.SENT_ON: "S", ManualResult.LEFT: "L"}

RequiredLane = Annotated[str, typer.Option("--lane", metavar="LANE", help="Where they wait.")]


def open_entry(
    context: typer.Context,
    *,
    lane: RequiredLane,
    reason: Annotated[OpenedReason, typer.Option("--reason", help="Why no machine looks.")],
    actor: Annotated[str, typer.Option("--actor", metavar="KIND:ID", help="officer:ID or lane:ID.")],
    flight: FlightOption = None,
    as_json: Json = False,
) -> None:
    """Let somebody wait whom no camera saw; nothing is captured, and nothing is compared."""
    who = actor_of(actor, ActorKind.OFFICER, ActorKind.LANE)
    with context.ensure_object(Session).desk() as desk:
        entry = desk.open(lane, reason.value, who, flight_key=flight)
    if as_json:
        print_json(entry_as_object(entry))
    else:
        print_line(f"Number {entry.number} of {entry.series}.")


def form(
    context: typer.Context,
    *,
    lines: Annotated[int, typer.Option(metavar="N", min=1, max=_MOST_LINES, help="Lines on the form.")] = 20,
    lane: Annotated[str, typer.Option(metavar="LANE", help="Printed on it.")] = "________",
    flight: Annotated[str, typer.Option(metavar="KEY", help="Printed on it.")] = "______________________",
    as_json: Json = False,
) -> None:
    """Print a form for paper: it opens no data folder, so it works when nothing else does."""
    from fairgate.bootstrap.officer import name_of_form

    name = name_of_form()
    printed = form_lines(name, lines, lane, flight)
    if as_json:
        print_json({"form": name, "text": "\n".join(printed)})
        return
    for text in printed:
        print_line(text)


def enter(
    context: typer.Context,
    *,
    form_name: Annotated[str, typer.Option("--form", metavar="FORM", help="Name printed on the form.")],
    line: Annotated[int, typer.Option(metavar="N", min=1, max=_MOST_LINES, help="Line of the form.")],
    lane: RequiredLane,
    because: Annotated[OpenedReason, typer.Option("--because", help="Why no machine looked.")],
    joined: Annotated[str, typer.Option(metavar="TIME", help="When they joined, with its zone.")],
    decided: Annotated[str, typer.Option(metavar="TIME", help="When the officer decided, with its zone.")],
    stated: Annotated[ManualResult, typer.Option("--result", help="What the officer stated.")],
    reason: Annotated[ManualReason, typer.Option("--reason", help="Why; one that goes with the result.")],
    actor: ActorOption,
    flight: FlightOption = None,
    passenger: PassengerOption = None,
    minutes: MinutesOption = None,
    as_json: Json = False,
) -> None:
    """Enter a line of a paper form with its own times; it is marked late, and entered once."""
    from fairgate.bootstrap.officer import LateLine

    late = LateLine(
        form=form_name,
        line=line,
        lane=lane,
        flight_key=flight,
        reason=because.value,
        joined_at=moment_of(joined, "--joined"),
        decided_at=moment_of(decided, "--decided"),
        result=stated.value,
        why=reason.value,
        passenger_ref=passenger,
        minutes=minutes,
    )
    with context.ensure_object(Session).desk() as desk:
        recorded = desk.enter(late, officer(actor))
    if as_json:
        entry = entry_as_object(recorded.entry)
        print_json({"entry": entry, **result_as_object(recorded.result), "repeated": recorded.repeated})
        return
    again = " It was entered before and is not done again." if recorded.repeated else ""
    print_line(f"Line {line} of form {form_name}: {result_in_words(recorded.result)}, entered late.{again}")


def form_lines(name: str, lines: int, lane: str, flight: str) -> list[str]:
    """Return the form's text, 78 columns wide."""
    reasons = [f"  {_LETTER[one]} {one.value}: {', '.join(sorted(REASONS_OF[one]))}" for one in ManualResult]
    return [
        f"FAIRGATE   OFFICER'S FORM {name}",
        "",
        f"Flight {flight}   Lane {lane}",
        "Date ____________  Time zone ______  Officer's number ____________",
        "",
        "Write times as HH:MM. No name, no document number: the passenger reference.",
        "",
        "Line | joined | decided | C S L | reason           | passenger | why no machine",
        "-----+--------+---------+-------+------------------+-----------+---------------",
        *(f"{number:>4} |   :    |    :    | C S L |                  |           |" for number in range(1, lines + 1)),
        "",
        *reasons,
        f"  Why no machine: {', '.join(one.value for one in OpenedReason if one is not OpenedReason.MATCH_UNDONE)}",
        "",
        "Afterwards, for each line:",
        f"  fairgate officer enter --form {name} --line N --lane … --because … --joined … --decided …",
        "  --result … --reason … --actor officer:ID",
    ]
