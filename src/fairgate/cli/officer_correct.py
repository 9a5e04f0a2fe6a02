"""``fairgate officer correct``: what is known of somebody listed was wrong, and what follows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.officer_options import ActorOption, officer
from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.session import Session
from fairgate.ledger.manual_codes import CorrectionReason

if TYPE_CHECKING:
    from fairgate.services.correct_status import CorrectionMade
    from fairgate.vocabulary import TravelDocument

CORRECT_EXAMPLES = """Examples:

  fairgate officer correct FG420-2026-11-22-BOS P0042 --nationality USA --reason papers_seen --actor officer:o-17

  fairgate officer correct ARRIVALS P0042 --document P:X1234567:USA --reason papers_seen --actor officer:o-17 --json
"""


def correct(
    context: typer.Context,
    flight: Annotated[str, typer.Argument(metavar="FLIGHT", help="Key of the flight, or name of the gallery.")],
    passenger: Annotated[str, typer.Argument(metavar="PASSENGER_REF", help="Who, as on the list.")],
    *,
    reason: Annotated[CorrectionReason, typer.Option("--reason", help="How it became known.")],
    actor: ActorOption,
    nationality: Annotated[
        str | None, typer.Option(metavar="CODE", help="The nationality, three letters.", show_default=False)
    ] = None,
    further: Annotated[
        list[str] | None,
        typer.Option(
            "--further-nationality",
            metavar="CODE",
            help="Another one; repeat it. Those given take the place of those known.",
            show_default=False,
        ),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND:NUMBER:ISSUER", help="A document of theirs; repeat it.", show_default=False),
    ] = None,
    only_documents: Annotated[
        bool, typer.Option("--only-documents", help="The documents given are all that are theirs.")
    ] = False,
    visa_class: Annotated[
        str | None, typer.Option(metavar="CLASS", help='Class of the visa; "" for none.', show_default=False)
    ] = None,
    born: Annotated[str | None, typer.Option(metavar="DATE", help="Date of birth.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Correct what is known of a listed passenger; photos, templates and a match follow the corrected rules at once.

    A correction in the traveller's favour takes effect now; one against them makes nothing live longer.
    """
    from fairgate.services.correct_facts import CorrectedFacts

    who = officer(actor)
    documents = tuple(_document(text) for text in document or ())
    facts = CorrectedFacts(
        nationality=nationality,
        further_nationalities=None if further is None else tuple(further),
        documents=documents if only_documents else None,
        further_documents=() if only_documents else documents,
        visa_class=visa_class,
        born_on=_day(born),
    )
    with context.ensure_object(Session).house() as house:
        made = house.correct(flight, passenger, facts, reason, who)
    if as_json:
        print_json(_as_object(made))
    else:
        print_line(_in_words(made))


def _as_object(made: CorrectionMade) -> dict[str, object]:
    from fairgate.services.records import as_utc_text

    record = made.record
    return {
        "correction_id": record.correction_id,
        "flight_key": record.flight_key,
        "passenger_ref": record.passenger_ref,
        "facts": list(record.facts),
        "reason": record.reason.value,
        "state": made.state,
        "template_erase_by": as_utc_text(record.template_erase_by),
        "templates_erased": record.templates_erased,
        "templates_resealed": record.templates_resealed,
        "photos_erased": record.photos_erased,
        "matches_undone": record.matches_undone,
        "matches_in_doubt": record.matches_in_doubt,
        "ledger_index": record.ledger_index,
        "repeated": made.repeated,
    }


def _in_words(made: CorrectionMade) -> str:
    record = made.record
    templates = f"{record.templates_erased} erased, {record.templates_resealed} sealed anew"
    lines = [
        f"Corrected {record.passenger_ref} of {record.flight_key}: {', '.join(record.facts)}.",
        f"Templates: {templates}. Photos erased: {record.photos_erased}. Ledger entry {record.ledger_index}.",
    ]
    if record.matches_undone:
        lines.append("The match is taken back: a machine would not have asked. They wait in `fairgate officer queue`.")
    if record.matches_in_doubt:
        lines.append("The flight has left, so the match stands, in doubt. Write a case; a supervisor follows it up.")
    if made.repeated:
        lines.append("It was corrected before and is not done again.")
    return "\n".join(lines)


def _document(text: str) -> TravelDocument:
    from fairgate.vocabulary import TravelDocument

    parts = text.split(":")
    if len(parts) != 3:
        raise typer.BadParameter("it is not KIND:NUMBER:ISSUER, such as P:X1234567:USA.", param_hint="--document")
    kind, number, issuer = parts
    return TravelDocument(kind, number, issuer)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("it is no date such as 1980-01-31.", param_hint="--born") from error
