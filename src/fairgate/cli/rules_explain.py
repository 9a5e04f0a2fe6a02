"""``fairgate rules explain``: why somebody was asked, or was not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fairgate.cli.output import Json, print_json, print_line
from fairgate.cli.session import Session

EXAMPLES = """Examples:

  fairgate rules explain --facts facts.json --on 2026-01-15

  fairgate rules explain --facts facts.json --on 2026-01-15 --language es

  fairgate rules explain example-eu-ees --facts facts.json --on 2026-01-15 --json
"""


def explain(
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
    facts: Annotated[Path, typer.Option("--facts", metavar="FILE", help="What is known of the person, as JSON.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The calendar day at the port.")],
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="en or es. Unset: the rulebook's first language.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer "why was I asked?" and "why was I not asked?" in one sentence, with the rule and what it rests on."""
    from fairgate.outside.rule_inputs import facts_in, rulebook_named
    from fairgate.rules.explanation import explain as explanation_of
    from fairgate.rules.explanation import languages_of

    book = rulebook_named(rulebook or context.ensure_object(Session).settings.rulebook)
    told = explanation_of(book, facts_in(facts, book), on.date(), language or languages_of(book)[0])
    if as_json:
        print_json(
            {
                "permission": told.permission,
                "rule": told.rule_id,
                "citation": told.citation,
                "sentence": told.sentence,
            }
        )
    else:
        print_line(told.sentence)
