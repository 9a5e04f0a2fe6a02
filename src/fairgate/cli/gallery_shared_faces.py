"""``fairgate gallery shared-faces``: one face under two identities on a staged list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.services.find_shared_faces import SharedFaces

EXAMPLES = """Examples:

  fairgate gallery shared-faces

  fairgate gallery shared-faces FG420-2026-11-22-BOS --json
"""


def shared_faces(
    context: typer.Context,
    flight: Annotated[
        str | None, typer.Argument(metavar="[FLIGHT]", help="Key of the flight. Unset: the only one that is staged.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare the references of a list with one another; both passengers of a pair see an officer, nobody is denied.

    A list larger than any that the pack was calibrated for cannot be checked: exit 4.
    """
    session = context.ensure_object(Session)
    with session.house() as house:
        found = house.shared_faces(flight)
    if as_json:
        print_json(_as_json(found))
    else:
        _print(found)


def _as_json(found: SharedFaces) -> dict[str, object]:
    return {
        "flight_key": found.flight_key,
        "passengers": found.passengers,
        "templates": found.templates,
        "comparisons": found.comparisons,
        "expired": found.expired,
        "threshold_id": found.threshold_id,
        "resolvable": found.resolvable,
        "same_photo_id": found.same_photo_id,
        "pairs": [
            {
                "passengers": [pair.first, pair.second],
                "outcome": pair.outcomes[0].kind,
                "reason": pair.outcomes[0].reason.value,
                "kind": pair.kind.value,
                "agree": [fact.value for fact in pair.agree],
                "differ": [code.value for code in pair.differ],
            }
            for pair in found.pairs
        ],
        "left_out": found.left_out,
    }


def _print(found: SharedFaces) -> None:
    extrapolated = "" if found.resolvable else ", extrapolated"
    print_line(
        f"Flight {found.flight_key}: {found.passengers} passengers compared among themselves ({found.templates} "
        f"references, {found.comparisons} comparisons; threshold {found.threshold_id}{extrapolated})."
    )
    if found.expired:
        print_line(f"Past their deadline and not compared: {found.expired}.")
    if found.same_photo_id is None:
        print_line("The pack cannot tell one photo used twice: no pair is called one.")
    if not found.pairs:
        print_line("No two of them look like one person.")
        return
    rows = [
        (
            pair.first,
            pair.second,
            pair.kind.value,
            ", ".join(fact.value for fact in pair.agree),
            ", ".join(code.value for code in pair.differ),
        )
        for pair in found.pairs
    ]
    print_table("Both see an officer", ("passenger", "passenger", "kind", "agree", "differ"), rows)
    if found.left_out:
        print_line(f"Further pairs, too many to list: {found.left_out}.")
