"""``fairgate papers answer``: what was decided of a list's people, as a CUSRES message to its sender."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.list_files import read_list_file, write_new_file
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.papers.cusres.facts import ListAnswer, PersonAnswer
    from fairgate.papers.paxlst.facts import PassengerList

EXAMPLES = """Examples:

  fairgate papers answer list.edi --decisions decisions.csv -o answer.edi

  fairgate papers answer list.edi --decisions decisions.csv -o answer.edi --json
"""
_REFERENCE = re.compile("[A-Z0-9]{1,14}")


def _reference(text: str | None) -> str | None:
    if text is not None and _REFERENCE.fullmatch(text) is None:
        raise typer.BadParameter("1 to 14 capitals and digits are wanted.")
    return text


def answer(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="LIST", help="The passenger list: PAXLST with one message.")],
    *,
    decisions: Annotated[
        Path, typer.Option(metavar="CSV", help="Columns document, carrier_ref, place, verdict and reason.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="A new file.")],
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            callback=_reference,
            help="Control reference of the answer. Unset: the time to the second.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer a passenger list with a CUSRES message: what was decided of some, and acceptance of everybody else.

    The answer goes to the list's sender. It is read back before it is written; FILE is never written over another.
    """
    from fairgate.outside.decision_files import read_decisions
    from fairgate.papers.cusres.writer import write_answer
    from fairgate.services.answer_list import answer_list, read_one_list

    now = context.ensure_object(Session).doors.now()
    listed = read_one_list(read_list_file(source), on=now.date())
    answered = answer_list(
        listed,
        read_decisions(decisions),
        prepared_at=now.replace(second=0, microsecond=0, tzinfo=None),
        control_reference=reference or f"{now:%y%m%d%H%M%S}",
    )
    write_new_file(out, write_answer(answered))
    if as_json:
        print_json(_as_object(answered, listed))
    else:
        _say(answered, listed)


def _counts(answered: ListAnswer) -> dict[str, int]:
    return dict(sorted(Counter(person.verdict.value for person in answered.people).items()))


def _reasons(person: PersonAnswer) -> list[str]:
    return [reason for one in person.answers for reason in one.reasons]


def _as_object(answered: ListAnswer, listed: PassengerList) -> dict[str, object]:
    return {
        "flight": answered.flight,
        "sender": answered.sender,
        "recipient": answered.recipient,
        "control_reference": answered.control_reference,
        "transaction_reference": answered.transaction_reference,
        "people": len(answered.people),
        "people_by_verdict": _counts(answered),
        "not_accepted": [
            {"place": person.place, "verdict": person.verdict.value, "reasons": _reasons(person)}
            for person in answered.people
            if person.verdict.value != "accepted"
        ],
        "findings": [{"code": str(one.code), "where": one.where, "text": one.text} for one in listed.findings],
    }


def _say(answered: ListAnswer, listed: PassengerList) -> None:
    if listed.findings:
        rows = [(one.code, one.where, one.text) for one in listed.findings]
        print_table("Findings in the list", ("code", "where", "text"), rows)
    others = [
        (person.place, person.verdict.replace("_", " "), "; ".join(_reasons(person)))
        for person in answered.people
        if person.verdict.value != "accepted"
    ]
    if others:
        print_table("Not accepted", ("place", "verdict", "reason"), others)
    counts = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in _counts(answered).items())
    print_line(
        f"{answered.flight or 'A list'}: {counts}; answer {answered.control_reference} "
        f"from {answered.sender} to {answered.recipient}."
    )
