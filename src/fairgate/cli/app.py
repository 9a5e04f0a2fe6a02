"""The command ``fairgate``: its global options and its commands."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Annotated

import typer

from fairgate.cli import (
    actors,
    bench,
    board,
    config,
    demo,
    detect,
    doctor,
    export,
    gallery,
    gallery_shared_faces,
    ledger,
    measure,
    measure_faces,
    notices,
    officer,
    officer_correct,
    officer_paper,
    officer_undo,
    opt_out,
    packs,
    papers,
    receipt,
    rules,
    rules_adopt,
    rules_comment,
    rules_history,
    rules_propose,
    simulate,
    stage,
    verify,
)
from fairgate.cli.output import print_line
from fairgate.cli.session import Session

app = typer.Typer(
    name="fairgate",
    help="Confirm by face that a traveller is who their travel papers say, and keep the proof.",
    epilog="Try it:  fairgate demo\n\nGlobal options may stand before or after the command.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print_line(f"fairgate {importlib.metadata.version('fairgate')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _global_options(
    context: typer.Context,
    *,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="TOML file with settings.", show_default=False)
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", metavar="FOLDER", help="Where everything is kept.", show_default=False)
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", metavar="NAME", help="Models to compare faces with.", show_default=False)
    ] = None,
    rulebook: Annotated[
        str | None, typer.Option("--rulebook", metavar="NAME", help="Rules to decide by.", show_default=False)
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", metavar="", help="Show the log, with tracebacks, on standard error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", metavar="", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    session = context.ensure_object(Session)
    session.flags = {"data_dir": data_dir, "pack": pack, "rulebook": rulebook, "log_level": "debug" if debug else None}
    session.config_file = config_file
    session.command = context.invoked_subcommand or ""
    if debug:
        session.log_to_terminal()
    if context.invoked_subcommand is None:
        print_line(context.get_help())
        raise typer.Exit(2)


app.command("demo", epilog=demo.EXAMPLES)(demo.demo)
app.command("verify", epilog=verify.EXAMPLES)(verify.verify)
app.command("detect", epilog=detect.EXAMPLES)(detect.detect)
app.command("stage", epilog=stage.EXAMPLES)(stage.stage)
app.command("board", epilog=board.EXAMPLES)(board.board)
gallery.app.command("shared-faces", epilog=gallery_shared_faces.EXAMPLES)(gallery_shared_faces.shared_faces)
app.add_typer(gallery.app, name="gallery")
officer.app.command("open", epilog=officer_paper.OPEN_EXAMPLES)(officer_paper.open_entry)
officer.app.command("undo", epilog=officer_undo.UNDO_EXAMPLES)(officer_undo.undo)
officer.app.command("correct", epilog=officer_correct.CORRECT_EXAMPLES)(officer_correct.correct)
officer.app.command("close", epilog=officer_undo.CLOSE_EXAMPLES)(officer_undo.close)
officer.app.command("form", epilog=officer_paper.FORM_EXAMPLES)(officer_paper.form)
officer.app.command("enter", epilog=officer_paper.ENTER_EXAMPLES)(officer_paper.enter)
app.add_typer(officer.app, name="officer")
app.add_typer(packs.app, name="packs")
app.add_typer(papers.app, name="papers")
rules.app.command("propose", epilog=rules_propose.EXAMPLES)(rules_propose.propose)
rules.app.command("comment", epilog=rules_comment.EXAMPLES)(rules_comment.comment)
rules.app.command("adopt", epilog=rules_adopt.EXAMPLES)(rules_adopt.adopt)
rules.app.command("history", epilog=rules_history.EXAMPLES)(rules_history.history)
app.add_typer(rules.app, name="rules")
app.add_typer(actors.app, name="actors")
app.add_typer(export.app, name="export")
app.add_typer(notices.app, name="notices")
app.add_typer(opt_out.app, name="opt-out")
app.add_typer(receipt.app, name="receipt")
app.add_typer(ledger.app, name="ledger")
app.add_typer(config.app, name="config")
app.command("doctor", epilog=doctor.EXAMPLES)(doctor.doctor)
measure.app.command("pairs", epilog=measure_faces.PAIRS_EXAMPLES)(measure_faces.pairs)
measure.app.command("portraits", epilog=measure_faces.PORTRAITS_EXAMPLES)(measure_faces.portraits)
app.add_typer(measure.app, name="measure")
app.add_typer(bench.app, name="bench")
app.add_typer(simulate.app, name="simulate")
