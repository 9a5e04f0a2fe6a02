"""``fairgate measure pairs`` and ``measure portraits``: a pack makes the scores first. Needs ``fairgate[service]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.measure_options import SEED, Asked, Report, Seed, takes_options
from fairgate.cli.output import COMMAND_LINE, Json, print_json, print_line, print_note
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.errors import PackRefused

if TYPE_CHECKING:
    from fairgate.services.measure_portraits import MeasuredPortraits

PAIRS_EXAMPLES = """Examples:

  fairgate --pack dlib-cc0 measure pairs pairs.csv --report report.html

  fairgate measure pairs photos/ --pack dlib-cc0 --json
"""
PORTRAITS_EXAMPLES = """Examples:

  fairgate measure portraits

  fairgate measure portraits ../shared/data/portraits --pack dlib-cc0 --json
"""


@takes_options
def pairs(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV of pairs of photos, or a folder with one subfolder a person.")
    ],
    *,
    asked: Asked,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Compare pairs of photos with the pack in use (--pack NAME), and measure the scores as `measure scores` does."""
    session = context.ensure_object(Session)
    asked.plan()  # what cannot be measured is refused before an hour of extracting, not after
    with progress_shown(session.doors.timer, "Reading photos", "Measuring") as (reading, measuring):
        found = session.doors.measure_pairs(session.settings, file, reading)
        from fairgate.cli.measure_run import measure_source, tell

        measured = measure_source(
            found.source,
            asked,
            title=file.resolve().name,
            command=context.meta.get(COMMAND_LINE, ""),
            read=lambda: (found.files, found.notes),
            progress=measuring,
            pack=found.pack,
        )
    tell(measured, report, as_object=as_json)


def portraits(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]",
            help="Folder with two years of portraits and pairs.csv. "
            "Unset: as FAIRGATE_DATA says, else ../shared/data/portraits.",
        ),
    ] = None,
    *,
    seed: Seed = SEED,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Print each installed pack's error rates on portraits (with --pack, that one's). With --json: one line a pack."""
    session = context.ensure_object(Session)
    named = session.flags.get("pack")
    names = (str(named),) if named else session.doors.pack_names()
    if report is not None and len(names) > 1:
        raise typer.BadParameter("there are several packs; name one with --pack.", param_hint="--report")
    used = 0
    for name in names:
        try:
            with progress_shown(session.doors.timer, f"Portraits, {name}") as (progress,):
                settings = session.settings.model_copy(update={"pack": name})
                found = session.doors.measure_portraits(settings, folder, seed, progress)
        except PackRefused as refused:
            if len(names) == 1:
                raise
            print_note(f"{name} cannot be used: {refused}")
            if as_json:
                print_json({"pack": name, "problem": str(refused)})
            continue
        used += 1
        _tell_portraits(context, found, seed, report, as_object=as_json)
    if not used:
        raise PackRefused("No pack could be used.", way_out="`fairgate packs verify` says why.")


def _tell_portraits(
    context: typer.Context, found: MeasuredPortraits, seed: int, report: Path | None, *, as_object: bool
) -> None:
    from fairgate.cli.measure_portrait_table import print_portraits
    from fairgate.measure.measured_json import portraits_as_json

    figures = found.figures
    if report is not None:
        from fairgate.cli.measure_run import measure_source, write_page

        notes = found.notes()
        measured = measure_source(
            found.newer_with_older(),
            Asked(seed=seed),
            title=f"Portraits, {figures.pack_id}",
            command=context.meta.get(COMMAND_LINE, ""),
            read=lambda: ((), notes),
            pack=(figures.pack_id, figures.pack_digest),
        )
        write_page(measured, report)
    if as_object:
        print_json(portraits_as_json(figures))
        return
    print_portraits(figures)
    if report is not None:
        print_line(f"Report: {report}")
