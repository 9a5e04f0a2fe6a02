"""``fairgate rules propose``: lay a whole rulebook open for comment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.rules_options import DAY, ActorOption, KeyOption, proposal_as_object
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.services.propose_rulebook import Founding

EXAMPLES = """Examples:

  fairgate rules propose us-cbp-2.toml --actor officer:o-17 --key o-17.key

  fairgate rules propose us-cbp-2.toml --actor officer:o-17 --key o-17.key --comment-days 60 --effective 2027-03-01

  fairgate rules propose us-cbp --actor officer:o-1 --key o.key --held-at DHS-1 --from 2025-10-27 --until 2025-11-26
"""


def propose(
    context: typer.Context,
    rulebook: Annotated[
        str, typer.Argument(metavar="RULEBOOK", help="A rulebook's file, or the name of one that is shipped.")
    ],
    *,
    actor: ActorOption,
    key: KeyOption,
    comment_days: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="DAYS", help="Take comments for so long. Unset: as the rulebook says.", show_default=False
        ),
    ] = None,
    effective: Annotated[
        datetime | None,
        typer.Option(
            formats=[DAY],
            metavar="DATE",
            help="First day at the port. Unset: the day of adoption.",
            show_default=False,
        ),
    ] = None,
    held_elsewhere: Annotated[
        str | None,
        typer.Option(
            "--held-at",
            metavar="REFERENCE",
            help="For a house's first rulebook: where comments were taken.",
            show_default=False,
        ),
    ] = None,
    comments_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=[DAY], metavar="DATE", help="First day of those comments.", show_default=False),
    ] = None,
    comments_until: Annotated[
        datetime | None,
        typer.Option("--until", formats=[DAY], metavar="DATE", help="Last day of those comments.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a rulebook wholly and propose it: comments are taken for as long as the rulebook in force says, or longer.

    The first rulebook of a house that has governed nobody may name a comment period that was held elsewhere.
    """
    session = context.ensure_object(Session)
    founding = _founding(session, held_elsewhere, comments_from, comments_until)
    if founding is not None and comment_days is not None:
        raise typer.BadParameter("comments were taken elsewhere, so --comment-days says nothing.")
    with session.house(for_people=False) as house:
        proposal = house.rulebooks.propose(
            rulebook,
            actor=actor,
            key=key,
            comment_days=comment_days,
            effective_from=effective.date() if effective else None,
            founding=founding,
        )
    if as_json:
        print_json(proposal_as_object(proposal))
        return
    terms = proposal.terms
    print_line(f"Proposed {terms.rulebook_id}, {terms.sha256[:12]}…, as proposal {proposal.proposal_id}.")
    if terms.held_elsewhere:
        print_line(f"Comments were taken elsewhere: {terms.held_elsewhere}.")
    else:
        print_line(f"Comments are taken until {terms.comments_until:%Y-%m-%d %H:%M} UTC.")
    print_line("Two different people adopt it after that: fairgate rules adopt.")


def _founding(
    session: Session, held_elsewhere: str | None, comments_from: datetime | None, comments_until: datetime | None
) -> Founding | None:
    if held_elsewhere is None and comments_from is None and comments_until is None:
        return None
    if held_elsewhere is None or comments_from is None or comments_until is None:
        raise typer.BadParameter("--held-at goes with --from and --until.")
    from fairgate.bootstrap.rulebooks import founding_of

    return founding_of(held_elsewhere, comments_from.date(), comments_until.date(), session.settings)
