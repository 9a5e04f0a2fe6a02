"""``fairgate rules comment``: say something about a proposed rulebook, or read what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairgate.services.rulebook_records import RulebookComment

EXAMPLES = """Examples:

  fairgate rules comment 3f9a "Fourteen days are too long." --person "A. Traveller"

  fairgate rules comment 3f9a --list

  fairgate rules comment 3f9a --list --json
"""


def comment(
    context: typer.Context,
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="Identifier, or the beginning of it.")],
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What is to be said.")] = None,
    *,
    person: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who says so, if that is to be kept.", show_default=False),
    ] = None,
    list_them: Annotated[bool, typer.Option("--list", metavar="", help="Print every comment instead.")] = False,
    as_json: Json = False,
) -> None:
    """Comment on a proposal: anybody may, with or without a name, until the comment period ends.

    The ledger counts comments and holds nothing of what they say. Text and name go at the deadline of cases.
    """
    if list_them == (text is not None):
        raise typer.BadParameter("say something, or ask for --list.")
    with context.ensure_object(Session).house(for_people=False) as house:
        if text is None:
            _print_all(house.rulebooks.comments(proposal), as_json=as_json)
            return
        kept = house.rulebooks.comment(proposal, text, person=person)
    if as_json:
        print_json(_as_object(kept))
    else:
        print_line(f"Comment {kept.number} on proposal {kept.proposal_id} is kept until {kept.erase_by:%Y-%m-%d}.")


def _print_all(comments: Sequence[RulebookComment], *, as_json: bool) -> None:
    if as_json:
        for one in comments:
            print_json(_as_object(one))
        print_json({"comments": len(comments)})
        return
    for one in comments:
        print_line(f"{one.number}. {one.at:%Y-%m-%d %H:%M} UTC, {one.person or 'no name given'}:")
        print_line(f"   {_one_line(one.text)}" if one.text is not None else "   (erased at its deadline)")
    print_line(f"Comments: {len(comments)}.")


def _as_object(one: RulebookComment) -> dict[str, object]:
    from fairgate.services.records import as_utc_text

    return {
        "proposal": one.proposal_id,
        "number": one.number,
        "at": as_utc_text(one.at),
        "text": one.text,
        "person": one.person,
        "erase_by": as_utc_text(one.erase_by),
        "ledger_index": one.ledger_index,
    }


def _one_line(text: str) -> str:
    """Return a stranger's text so that it cannot steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
