"""What the commands that change rulebooks share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairgate.services.rulebook_records import RulebookAdoption, RulebookProposal

ActorOption = Annotated[
    str, typer.Option("--actor", metavar="KIND:ID", help="Who acts: officer, operator or overseer, and an identifier.")
]
KeyOption = Annotated[Path, typer.Option("--key", metavar="FILE", help="That actor's key, from `fairgate actors key`.")]
DAY = "%Y-%m-%d"


def proposal_as_object(proposal: RulebookProposal) -> dict[str, object]:
    """Return what a script is told of a proposal; its text is in the store."""
    from fairgate.services.records import as_utc_text

    terms = proposal.terms
    return {
        "proposal": proposal.proposal_id,
        "rulebook": terms.rulebook_id,
        "sha256": terms.sha256,
        "previous_sha256": terms.previous_sha256,
        "proposer": str(terms.proposer),
        "proposed_at": as_utc_text(terms.proposed_at),
        "comments_from": as_utc_text(terms.comments_from),
        "comments_until": as_utc_text(terms.comments_until),
        "held_elsewhere": terms.held_elsewhere,
        "effective_from": terms.effective_from.isoformat() if terms.effective_from else None,
        "ledger_index": proposal.ledger_index,
    }


def adoption_as_object(adoption: RulebookAdoption) -> dict[str, object]:
    """Return what a script, or an overseer who checks the signatures, is told of an adoption."""
    from fairgate.services.records import as_utc_text

    return {
        "adopted_at": as_utc_text(adoption.adopted_at),
        "effective_from": adoption.effective_from.isoformat(),
        "signed": [
            {"actor": str(one.actor), "public_key": one.public_key.hex(), "signature": one.signature.hex()}
            for one in adoption.signed
        ],
        "ledger_index": adoption.ledger_index,
    }
