"""``fairgate rules diff``: who is treated differently by another rulebook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.rules.difference import Difference

EXAMPLES = """Examples:

  fairgate rules diff us-cbp new-rules.toml --on 2027-03-01

  fairgate rules diff us-cbp us-cbp --on 2025-12-25 --new-on 2025-12-26 --population 100000 --seed 7

  fairgate rules diff us-cbp new-rules.toml --people people.jsonl --language es --json
"""
_DAY = ["%Y-%m-%d"]


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A rulebook's file, or the name of one that is shipped.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another.")],
    *,
    on: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, metavar="DATE", help="The day at the port. Unset: today.", show_default=False),
    ] = None,
    new_on: Annotated[
        datetime | None,
        typer.Option(
            formats=_DAY, metavar="DATE", help="The day for NEW, where it is another one.", show_default=False
        ),
    ] = None,
    size: Annotated[int, typer.Option("--population", metavar="N", min=1, help="How many people to invent.")] = 10_000,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="The same people for the same seed.")] = 0,
    people: Annotated[
        Path | None,
        typer.Option(
            "--people",
            metavar="FILE",
            help="A population of your own: facts, one JSON object a line.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[str, typer.Option(metavar="CODE", help="Of the sentences: en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """Count on a population who is treated differently, and say what travellers would be told before and after."""
    from fairgate.outside.rule_inputs import people_in, rulebook_named
    from fairgate.rules.difference import diff as difference_of
    from fairgate.simulate.rule_population import population

    session = context.ensure_object(Session)
    books = rulebook_named(old), rulebook_named(new)
    day = (on or session.doors.now().astimezone(ZoneInfo(session.settings.port_time_zone))).date()
    found = difference_of(
        *books,
        people_in(people, books[0]) if people else population(books, size, seed, day),
        day,
        language=language,
        new_on=new_on.date() if new_on else None,
    )
    if as_json:
        print_json(_as_object(found))
    else:
        _print(found, "the file" if people else f"an invented population, seed {seed}")


def _as_object(found: Difference) -> dict[str, object]:
    from fairgate.rules.facts_form import facts_as_object

    return {
        "people": found.people,
        "treated_differently": found.treated_differently,
        "by_another_rule": found.by_another_rule,
        "changes": [
            {
                "count": change.count,
                "other_treatment": change.is_other_treatment,
                **{
                    name: {
                        "permission": told.permission,
                        "rule": told.rule_id,
                        "citation": told.citation,
                        "sentence": told.sentence,
                    }
                    for name, told in (("before", change.before), ("after", change.after))
                },
                "example": facts_as_object(change.example),
            }
            for change in found.changes
        ],
        "deadlines": [
            {
                "record_class": one.record_class.value,
                "status": one.status.value,
                "exempt": one.exempt,
                "before": one.before.isoformat(),
                "after": one.after.isoformat(),
            }
            for one in found.deadlines
        ],
        "other_parts": list(found.parts),
    }


def _by_deadline(found: Difference) -> dict[tuple[str, str, str], list[str]]:
    """Return whose records change alike, by class of record, deadline before and deadline after."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for one in found.deadlines:
        key = (one.record_class.value, f"{one.before:%Y-%m-%d %H:%M}", f"{one.after:%Y-%m-%d %H:%M}")
        together.setdefault(key, []).append(f"{one.status} not asked" if one.exempt else one.status.value)
    return together


def _print(found: Difference, of_whom: str) -> None:
    share = 100 * found.treated_differently / found.people
    print_line(
        f"{found.treated_differently} of {found.people} people ({share:.1f} %) are treated differently, and "
        f"{found.by_another_rule} alike by another rule ({of_whom})."
    )
    for change in found.changes:
        if change.is_other_treatment:
            who = "1 person" if change.count == 1 else f"{change.count} people"
            print_line()
            print_line(f"{who}: {change.before.permission} → {change.after.permission}")
            print_line(f"  before: {change.before.sentence}")
            print_line(f"  after:  {change.after.sentence}")
    alike = [change for change in found.changes if not change.is_other_treatment]
    if alike:
        print_line()
        print_table(
            "Alike, by another rule",
            ("people", "as before", "rule before", "rule after"),
            [(change.count, change.after.permission, change.before.rule_id, change.after.rule_id) for change in alike],
        )
    if found.deadlines:
        print_line()
        print_table(
            "Records of noon on that day would be gone",
            ("class", "status", "before", "after"),
            [(key[0], ", ".join(whose), *key[1:]) for key, whose in _by_deadline(found).items()],
        )
    if found.parts:
        print_line(f"Other parts that differ: {', '.join(found.parts)}.")
