"""``fairgate verify``: a live photo, or frames of one capture, and a reference; one answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.vocabulary import Outcome

EXAMPLES = """Examples:

  fairgate verify live.jpg passport.jpg

  fairgate verify live/ passport.jpg

  fairgate verify live.jpg passport.jpg --json
"""


def verify(
    context: typer.Context,
    probe: Annotated[Path, typer.Argument(metavar="PROBE", help="The live photo, or a folder of frames.")],
    reference: Annotated[Path, typer.Argument(metavar="REFERENCE", help="The photo it is compared with.")],
    as_json: Json = False,
) -> None:
    """Compare two photos 1:1 and answer match or see officer, never a score. The comparison enters the ledger.

    Instead of a live photo: a folder with frames of one capture.
    """
    with context.ensure_object(Session).house() as house:
        outcome = house.verify_faces(probe, reference)
    component = getattr(outcome, "component", None)
    if as_json:
        print_json({"outcome": outcome.kind, "reason": outcome.reason.value, "component": component})
    else:
        print_line(_in_words(outcome, component))


def _in_words(outcome: Outcome, component: str | None) -> str:
    detail = f" ({component})" if component else ""
    return f"{outcome.kind.replace('_', ' ')}: {outcome.reason.value.replace('_', ' ')}{detail}"
