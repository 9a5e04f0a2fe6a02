"""``fairgate rules history``: what was proposed, said, signed and adopted."""

from __future__ import annotations

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.rules_options import adoption_as_object, proposal_as_object
from fairgate.cli.session import Session

EXAMPLES = """Examples:

  fairgate rules history

  fairgate rules history --json
"""


def history(context: typer.Context, as_json: Json = False) -> None:
    """Print every proposal, oldest first: its comment period, comments, signatures, and what became of it.

    With --json: one line for each, then how many.
    """
    with context.ensure_object(Session).house(for_people=False) as house:
        proposals = house.rulebooks.history()
    if as_json:
        for one in proposals:
            print_json(
                {
                    **proposal_as_object(one.proposal),
                    "state": one.state.value,
                    "comments": one.comments,
                    "signed_by": [str(approval.signed.actor) for approval in one.approvals],
                    "adoption": adoption_as_object(one.adoption) if one.adoption else None,
                }
            )
        print_json({"proposals": len(proposals)})
        return
    if not proposals:
        print_line("Nothing was proposed.")
        return
    rows = [
        (
            one.proposal.proposal_id[:8],
            one.proposal.terms.rulebook_id,
            one.proposal.terms.sha256[:12],
            one.state.value.replace("_", " "),
            _period(one.proposal.terms.comments_from, one.proposal.terms.comments_until),
            one.comments,
            ", ".join(str(approval.signed.actor) for approval in one.approvals),
            one.adoption.effective_from if one.adoption else None,
        )
        for one in proposals
    ]
    columns = ("proposal", "rulebook", "sha256", "state", "comments taken", "comments", "signed by", "in force from")
    print_table("", columns, rows)
    for one in proposals:
        if one.proposal.terms.held_elsewhere:
            print_line(f"{one.proposal.proposal_id[:8]}: comments taken elsewhere: {one.proposal.terms.held_elsewhere}")


def _period(begins: object, ends: object) -> str:
    return f"{begins:%Y-%m-%d} – {ends:%Y-%m-%d}"
