"""``fairgate rules adopt``: sign a proposal; the second person's signature puts it in force."""

from __future__ import annotations

from typing import Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.rules_options import ActorOption, KeyOption, adoption_as_object, proposal_as_object
from fairgate.cli.session import Session

EXAMPLES = """Examples:

  fairgate rules adopt 3f9a --actor officer:o-17 --key o-17.key

  fairgate rules adopt 3f9a --actor overseer:v-2 --key v-2.key --json
"""


def adopt(
    context: typer.Context,
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="Identifier, or the beginning of it.")],
    *,
    actor: ActorOption,
    key: KeyOption,
    as_json: Json = False,
) -> None:
    """Sign a proposal once its comment period is over; with the last signature that is needed it is adopted."""
    with context.ensure_object(Session).house(for_people=False) as house:
        adopting = house.rulebooks.adopt(proposal, actor=actor, key=key)
    adoption, terms = adopting.adoption, adopting.proposal.terms
    if as_json:
        print_json(
            {
                **proposal_as_object(adopting.proposal),
                "signatures": len(adopting.signed),
                "needed": adopting.needed,
                "adopted": adoption is not None,
                "adoption": adoption_as_object(adoption) if adoption else None,
            }
        )
    elif adoption is None:
        signed = ", ".join(str(one.actor) for one in adopting.signed)
        print_line(f"Signed by {signed}: {len(adopting.signed)} of {adopting.needed}. Another person must sign too.")
    else:
        signed = " and ".join(str(one.actor) for one in adoption.signed)
        print_line(f"Adopted by {signed}: {terms.rulebook_id}, {terms.sha256[:12]}…")
        print_line(f"In force from {adoption.effective_from}; ledger entry {adoption.ledger_index}.")
