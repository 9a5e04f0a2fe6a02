"""``fairgate papers``: travel papers read, converted, answered and made. One file a command, all registered here."""

from __future__ import annotations

import typer

from fairgate.cli import papers_answer, papers_convert, papers_history, papers_mint, papers_read

app = typer.Typer(help="Travel papers: passenger lists, machine-readable zones, passport chips.")


@app.callback()
def _group() -> None:
    """Keep each command one of its own, however few there are."""


app.command("answer", epilog=papers_answer.EXAMPLES)(papers_answer.answer)
app.command("convert", epilog=papers_convert.EXAMPLES)(papers_convert.convert)
app.command("history", epilog=papers_history.EXAMPLES)(papers_history.history)
app.command("mint", epilog=papers_mint.EXAMPLES)(papers_mint.mint)
app.command("read", epilog=papers_read.EXAMPLES)(papers_read.read)
