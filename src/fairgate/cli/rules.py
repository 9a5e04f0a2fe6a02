"""``fairgate rules``: the law as data, and how it is changed."""

from __future__ import annotations

import typer

app = typer.Typer(help="Rulebooks: who may be asked, for how long records live, and how that is changed.")
