"""``fairgate bench``: how quick the engine is, against the field's most used open library in the same run."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from fairgate.cli.output import Json, print_json, print_table
from fairgate.cli.session import Session

app = typer.Typer(help="Measurements of speed and memory, as ratios against a named rival in the same run.")

EXAMPLES = """Examples:

  fairgate bench engine

  fairgate bench engine --json
"""


@app.callback()
def _group() -> None:
    """Keep ``engine`` a command of its own, although it is the only one yet."""


@app.command("engine", epilog=EXAMPLES)
def engine(context: typer.Context, as_json: Json = False) -> None:
    """Time decode, detect, landmarks, embed, a whole probe and a search, in one thread, beside dlib's own."""
    figures = context.ensure_object(Session).doors.bench_engine()
    if as_json:
        print_json(figures)
    else:
        print_table("", ("figure", "value"), [(name, _shown(value)) for name, value in _flat(figures)])


def _flat(figures: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            rows += _flat(value, f"{prefix}{name}.")
        else:
            rows.append((prefix + name, value))
    return rows


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
