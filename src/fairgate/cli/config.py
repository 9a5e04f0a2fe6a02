"""``fairgate config``: what is set, where it was said, and whether it can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.config import Problem, Settings

app = typer.Typer(help="Settings: defaults, a TOML file, the environment, flags; each overrides the one before.")

SHOW_EXAMPLES = """Examples:

  fairgate config show

  fairgate --config house.toml config show --json
"""
CHECK_EXAMPLES = """Examples:

  fairgate config check

  fairgate --config house.toml config check --json
"""


@app.command("show", epilog=SHOW_EXAMPLES)
def show(context: typer.Context, as_json: Json = False) -> None:
    """Print every setting in force and where its value came from."""
    configured = context.ensure_object(Session).configured()
    values = configured.settings.model_dump(mode="json")
    if as_json:
        settings = {
            name: {"value": value, "origin": configured.origins[name].kind, "from": configured.origins[name].name}
            for name, value in values.items()
        }
        print_json({"settings": settings})
        return
    rows = [(name, values[name], _unit(configured.settings, name), configured.origins[name]) for name in values]
    print_table("", ("setting", "value", "unit", "origin"), rows)


@app.command("check", epilog=CHECK_EXAMPLES)
def check(context: typer.Context, as_json: Json = False) -> None:
    """List everything that is wrong with the configuration; exit 1 if anything is."""
    from fairgate.config import settings_problems

    session = context.ensure_object(Session)
    problems = settings_problems(session.flags, session.doors.environ, session.config_file)
    if not problems:
        problems = _unknown_names(session)
    if as_json:
        listed = [{"text": problem.text, "way_out": problem.way_out} for problem in problems]
        print_json({"ok": not problems, "problems": listed})
    elif problems:
        for problem in problems:
            print_line(f"{problem.text} {problem.way_out}".strip())
    else:
        print_line("The configuration can be used.")
    if problems:
        raise typer.Exit(1)


def _unknown_names(session: Session) -> tuple[Problem, ...]:
    """Return a problem for a pack or rulebook that is not installed."""
    from fairgate.config import Problem

    doors, settings, origins = session.doors, session.settings, session.configured().origins
    known = {"pack": doors.pack_names(settings.packs_dir), "rulebook": doors.rulebook_names()}
    return tuple(
        Problem(f"{name} ({origins[name]}): there is no {name} {getattr(settings, name)}.", _choice(names))
        for name, names in known.items()
        if getattr(settings, name) not in names
    )


def _choice(names: tuple[str, ...]) -> str:
    return f"Use {' or '.join(names)}." if names else "None is installed."


def _unit(settings: Settings, name: str) -> str:
    extra = type(settings).model_fields[name].json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""
