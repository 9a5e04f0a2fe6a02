"""``fairgate rules check``: load a rulebook, and say what it holds or at which line it is not sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line, print_note, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.errors import RulebookRefused
    from fairgate.rules.inventory import Inventory
    from fairgate.rules.rulebook import Rulebook

REFUSED = 3
EXAMPLES = """Examples:

  fairgate rules check

  fairgate rules check example-eu-ees --json

  fairgate rules check new-rules.toml
"""


def check(
    context: typer.Context,
    rulebook: Annotated[
        str | None,
        typer.Argument(
            metavar="RULEBOOK",
            help="A rulebook's file, or the name of one that is shipped. Unset: the one in the settings.",
            show_default=False,
        ),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Check a rulebook wholly, and say what it covers, its periods, its rules by status and what has not been verified.

    A text that is not sound is refused with the fault's code and the line, and the exit code is 3.
    """
    from fairgate.errors import RulebookRefused
    from fairgate.outside.rule_inputs import rulebook_named
    from fairgate.rules.inventory import inventory

    try:
        book = rulebook_named(rulebook or context.ensure_object(Session).settings.rulebook)
    except RulebookRefused as refused:
        _tell(refused, as_json=as_json)
        raise typer.Exit(REFUSED) from refused
    held = inventory(book)
    if as_json:
        print_json(_as_object(book, held))
    else:
        _print(book, held)


def _tell(refused: RulebookRefused, *, as_json: bool) -> None:
    line = getattr(refused, "line", None)
    if as_json:
        told = {"code": refused.code, "text": refused.public_text, "way_out": refused.way_out}
        print_json({"error": {**told, "line": line, "rule": refused.rule_id}})
    else:
        print_note(f"error [{refused.code}]: {refused}")


def _as_object(book: Rulebook, held: Inventory) -> dict[str, object]:
    coverage = book.coverage
    return {
        "rulebook": book.id,
        "title": book.title,
        "sha256": book.sha256,
        "languages": list(book.languages),
        "covers": {
            "from": coverage.first_day.isoformat(),
            "to": coverage.last_day.isoformat() if coverage.last_day else None,
            "directions": list(coverage.directions),
            "lanes": list(coverage.lanes),
            "modalities": list(coverage.modalities),
            "named_ports": sorted(book.calendar.named_ports),
        },
        "periods": [
            {
                "from": period.first_day.isoformat(),
                "to": period.last_day.isoformat() if period.last_day else None,
                "rules": period.rules,
            }
            for period in held.periods
        ],
        "rules": {status.value: count for status, count in held.rules_by_status.items()},
        "sources": held.sources,
        "unchecked": [
            {"what": one.what, "citation": one.basis.citation, "note": one.basis.note} for one in held.unchecked
        ],
    }


def _print(book: Rulebook, held: Inventory) -> None:
    coverage = book.coverage
    print_line(f"{book.id}: {book.title}")
    print_line(f"sha256 {book.sha256}; notices and explanations in {', '.join(book.languages)}")
    print_line(
        f"Covers {', '.join(coverage.directions)}; lanes {', '.join(coverage.lanes)}; "
        f"{', '.join(coverage.modalities)}; "
        f"{len(book.calendar.named_ports)} ports by name. On every day there is exactly one rule for everybody."
    )
    print_table(
        "Periods",
        ("from", "to", "rules in force"),
        [(period.first_day, period.last_day or "no end", period.rules) for period in held.periods],
    )
    print_table("Rules", ("status", "rules"), list(held.rules_by_status.items()))
    if not held.unchecked:
        print_line(f"All {held.sources} sources were compared.")
        return
    print_table(
        f"Not compared with its source: {len(held.unchecked)} of {held.sources}",
        ("what", "citation", "why"),
        [(one.what, one.basis.citation, one.basis.note) for one in held.unchecked],
    )
