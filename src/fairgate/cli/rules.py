"""``fairgate rules``: the law as data, and how it is changed."""

from __future__ import annotations

import typer

from fairgate.cli import rules_check, rules_diff, rules_explain

app = typer.Typer(help="Rulebooks: who may be asked, for how long records live, and how that is changed.")
app.command("check", epilog=rules_check.EXAMPLES)(rules_check.check)
app.command("explain", epilog=rules_explain.EXAMPLES)(rules_explain.explain)
app.command("diff", epilog=rules_diff.EXAMPLES)(rules_diff.diff)
