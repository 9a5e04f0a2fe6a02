"""``fairgate opt-out``: decline, before, during or after a capture; report who would not let you; who waits longer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.actor_option import read_actor
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.receipt import as_object, hand_over
from fairgate.cli.session import Session
from fairgate.vocabulary import ActorKind, Direction

if TYPE_CHECKING:
    from fairgate.measure.waiting import Difference, WaitingComparison, Waits
    from fairgate.services.enter_opt_out import OptedOut

app = typer.Typer(help="Decline the comparison of faces, at any time; report who would not let you.")

RECORD_EXAMPLES = """Examples:

  fairgate opt-out record --flight FG420-2026-11-22-BOS --passenger P0007

  fairgate opt-out record --flight FG420-2026-11-22-BOS --capture 3f2a --lane B22 --by officer:o-17

  fairgate opt-out record --lane footbridge-1 --out receipt.html
"""
REPORT_EXAMPLES = """Examples:

  fairgate opt-out report --location B22 --text "I was told there was no other way."

  fairgate opt-out report --location B22 --receipt FGR1AEYO --text "They laughed." --json
"""
REPORTS_EXAMPLES = """Examples:

  fairgate opt-out reports

  fairgate opt-out reports --read 9f8e7d6c5b4a3920 --by overseer:v-2
"""
FINDING_EXAMPLES = """Examples:

  fairgate opt-out finding 9f8e7d6c5b4a3920 --by overseer:v-2 --text "The sign hung behind a door."
"""
WAITING_EXAMPLES = """Examples:

  fairgate opt-out waiting

  fairgate opt-out waiting --flight FG420-2026-11-22-BOS --json
"""
VERDICTS = {
    "equal": "Equally fast: both intervals lie within {within:g} minutes.",
    "slower": "ALARM: whoever opts out waits longer.",
    "not_shown": "Not shown to be equally fast: not both intervals lie within {within:g} minutes.",
}


@app.command("record", epilog=RECORD_EXAMPLES)
def record(
    context: typer.Context,
    *,
    flight: Annotated[
        str, typer.Option(metavar="KEY", help="Flight whose gallery it is. Unset: a lane without a list.")
    ] = "",
    passenger: Annotated[
        str | None, typer.Option(metavar="REF", help="Passenger reference on that flight.", show_default=False)
    ] = None,
    capture: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="The capture that is declined, taken or under way.", show_default=False),
    ] = None,
    lane: Annotated[str, typer.Option(metavar="NAME", help="Lane or place where it was said.")] = "desk",
    direction: Annotated[Direction, typer.Option(help="Without a flight: which way.")] = Direction.ENTRY,
    by: Annotated[str, typer.Option(metavar="KIND:ID", help="Who enters it.")] = "traveller:self",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the receipt: .html, .png or .svg.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Record that somebody declines, with all that goes with it, and print their receipt.

    Before a capture, templates leave the gallery. During one, the comparison is cancelled and the photo destroyed.
    After one, the photo is erased and the match taken back.
    """
    actor = read_actor(by, ActorKind.TRAVELLER, ActorKind.OFFICER, ActorKind.LANE, ActorKind.OPERATOR)
    if passenger is not None and not flight:
        raise typer.BadParameter("--passenger goes with --flight.")
    with context.ensure_object(Session).house() as house:
        opted_out = house.opting_out.opt_out(
            actor, lane=lane, flight_key=flight, passenger_ref=passenger, capture_key=capture, direction=direction
        )
        public_key = house.opting_out.receipt_public_key
    if as_json:
        print_json(_opt_out_as_object(opted_out, public_key, out))
        return
    one = opted_out.record
    print_line("This opt-out was on record already." if opted_out.repeated else "The opt-out is on record.")
    print_line(f"Erased: {one.photos} photos, {one.templates} templates. Matches taken back: {one.matches}.")
    hand_over(opted_out.receipt.code, public_key, out, as_json=False)


@app.command("report", epilog=REPORT_EXAMPLES)
def report(
    context: typer.Context,
    *,
    location: Annotated[str, typer.Option(metavar="NAME", help="Lane or place that it is about.")],
    text: Annotated[str, typer.Option(metavar="TEXT", help="What happened, in your own words; it is sealed.")],
    receipt: Annotated[
        str | None, typer.Option(metavar="CODE", help="Your receipt, if you have one.", show_default=False)
    ] = None,
    by: Annotated[str, typer.Option(metavar="KIND:ID", help="Who enters it.")] = "traveller:self",
    as_json: Json = False,
) -> None:
    """Report that you were told you could not decline. Nobody at that location can change or delete it."""
    actor = read_actor(by, ActorKind.TRAVELLER, ActorKind.OFFICER, ActorKind.OPERATOR, ActorKind.OVERSEER)
    with context.ensure_object(Session).house() as house:
        filed = house.opting_out.report(location, text, actor, receipt=receipt)
    if as_json:
        print_json(
            {
                "report_id": filed.report_id,
                "location": filed.location,
                "receipt_id": filed.receipt_id,
                "ledger_index": filed.ledger_index,
            }
        )
    else:
        print_line(
            f"Report {filed.report_id} about {filed.location} is on record, as ledger entry {filed.ledger_index}."
        )


@app.command("reports", epilog=REPORTS_EXAMPLES)
def reports(
    context: typer.Context,
    *,
    read: Annotated[
        str | None, typer.Option(metavar="REPORT", help="Open one report; for overseers.", show_default=False)
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="KIND:ID", help="With --read: who reads it.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Count reports by location. With --read an overseer opens one; that is a ledger entry first."""
    if (read is None) != (by is None):
        raise typer.BadParameter("--read and --by go together.")
    with context.ensure_object(Session).house() as house:
        if read is not None and by is not None:
            opened = house.opting_out.read_report(read, read_actor(by, ActorKind.OVERSEER))
            texts = [(one.overseer, text) for one, text in opened.findings]
            if as_json:
                findings = [{"overseer": who, "text": text} for who, text in texts]
                print_json(
                    {"report_id": read, "location": opened.report.location, "text": opened.text}
                    | {"findings": findings}
                )
            else:
                print_line(f"{opened.report.location}: {opened.text or 'the words are past their deadline'}")
                for who, text in texts:
                    print_line(f"- {who}: {text or 'past its deadline'}")
            return
        counted = house.opting_out.reports()
    if as_json:
        print_json(
            {
                "reports": sum(one.reports for one in counted),
                "locations": [
                    {
                        "location": one.location,
                        "reports": one.reports,
                        "with_receipt": one.with_receipt,
                        "looked_into": one.looked_into,
                    }
                    for one in counted
                ],
            }
        )
        return
    rows = [(one.location, one.reports, one.with_receipt, one.looked_into) for one in counted]
    print_table("Told that they could not decline", ("location", "reports", "with a receipt", "looked into"), rows)


@app.command("finding", epilog=FINDING_EXAMPLES)
def finding(
    context: typer.Context,
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help="Identifier of the report.")],
    *,
    by: Annotated[str, typer.Option(metavar="KIND:ID", help="The overseer.")],
    text: Annotated[str, typer.Option(metavar="TEXT", help="What was found; it is sealed.")],
    as_json: Json = False,
) -> None:
    """Add what an overseer found beside a report, which stays as it was filed."""
    overseer = read_actor(by, ActorKind.OVERSEER)
    with context.ensure_object(Session).house() as house:
        found = house.opting_out.add_finding(report_id, text, overseer)
    if as_json:
        print_json({"finding_id": found.finding_id, "report_id": report_id, "ledger_index": found.ledger_index})
    else:
        print_line(f"Finding {found.finding_id} stands beside report {report_id}.")


@app.command("waiting", epilog=WAITING_EXAMPLES)
def waiting(
    context: typer.Context,
    *,
    flight: Annotated[
        str | None, typer.Option(metavar="KEY", help="One flight. Unset: all.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare how long people wait whom the machine let go on, and who declined. An alarm changes no exit code."""
    with context.ensure_object(Session).house() as house:
        facts = house.opting_out.waiting(flight)
    found = facts.compared
    if as_json:
        print_json(
            {
                **waiting_as_object(found),
                "see_officer": len(facts.see_officer_minutes),
                "still_waiting": facts.still_waiting,
                "left": facts.left,
                "clock_faults": facts.clock_faults,
            }
        )
        return
    rows = [("machine", *_cells(found.machine)), ("opted out", *_cells(found.opted_out))]
    print_table("Minutes waited", ("path", "people", "median", "mean", "nine of ten within"), rows)
    print_line(f"Medians: {_in_words(found.medians)} (exact, {found.confidence:.0%}).")
    print_line(f"Means: {_in_words(found.means)} (bootstrap, nominally 99%).")
    print_line(VERDICTS[found.verdict.value].format(within=found.within_minutes))
    print_line(
        f"In neither: {len(facts.see_officer_minutes)} whom the machine sent to an officer, {facts.still_waiting} who "
        f"declined and still wait, {facts.left} who left."
    )
    if facts.clock_faults:
        print_line(f"{facts.clock_faults} matches were recorded before they were taken: a clock is wrong.")


def waiting_as_object(found: WaitingComparison) -> dict[str, object]:
    """Return what a script is told of waiting times."""
    return {
        "machine": _waits(found.machine),
        "opted_out": _waits(found.opted_out),
        "medians": _difference(found.medians),
        "means": _difference(found.means),
        "within_minutes": found.within_minutes,
        "verdict": found.verdict.value,
        "alarm": found.alarm,
        "confidence": found.confidence,
    }


def _waits(waits: Waits) -> dict[str, object]:
    return {
        "people": waits.people,
        "median": waits.median,
        "mean": waits.mean,
        "ninth_decile": waits.ninth_decile,
    }


def _difference(one: Difference | None) -> dict[str, float] | None:
    return None if one is None else {"value": one.value, "low": one.low, "high": one.high}


def _cells(waits: Waits) -> tuple[object, ...]:
    return (
        waits.people,
        *("" if one is None else f"{one:.1f}" for one in (waits.median, waits.mean, waits.ninth_decile)),
    )


def _in_words(one: Difference | None) -> str:
    if one is None:
        return "too few people to say anything"
    return f"whoever opts out waits {one.value:+.1f} minutes, interval {one.low:+.1f} to {one.high:+.1f}"


def _opt_out_as_object(opted_out: OptedOut, public_key: str, out: Path | None) -> dict[str, object]:
    from fairgate.cli.receipt import draw_to
    from fairgate.services.check_receipt import check_receipt

    one, receipt = opted_out.record, check_receipt(opted_out.receipt.code, public_key)
    if out is not None:
        draw_to(receipt, opted_out.receipt.code, public_key, out)
    return {
        "opt_out_id": one.opt_out_id,
        "moment": one.moment.value,
        "choice": one.choice.value,
        "rule_id": one.rule_id,
        "crossing_id": one.crossing_id,
        "photos_erased": one.photos,
        "templates_erased": one.templates,
        "matches_undone": one.matches,
        "ledger_index": one.ledger_index,
        "repeated": opted_out.repeated,
        "receipt": {"code": opted_out.receipt.code, **as_object(receipt)},
        "file": str(out) if out else None,
    }
