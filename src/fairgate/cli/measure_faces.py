"""``fairgate measure pairs`` and ``measure portraits``: a pack makes the scores first. Needs ``fairgate[service]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.measure_options import SEED, Asked, Report, Seed, takes_options
from fairgate.cli.output import COMMAND_LINE, Json, print_json, print_line, print_note
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session
from fairgate.errors import PackRefused, ScoresRefused

if TYPE_CHECKING:
    from fairgate.measure.paired_portraits import PairedPacks
    from fairgate.services.measure_portraits import MeasuredPortraits

DEFAULT_PACK = "dlib-cc0"
"""Measured first, so that every other pack is compared with it."""

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
    """Print each installed pack's error rates on portraits (with --pack, that one's). With --json: one line a pack.

    Every further pack is compared with the first, pair by pair; that is the default pack where it is among them.
    """
    session = context.ensure_object(Session)
    named = session.flags.get("pack")
    names = (str(named),) if named else _default_first(session.doors.pack_names(session.settings.packs_dir))
    measured: list[MeasuredPortraits] = []
    paired: list[PairedPacks] = []
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
        against = _against(measured, found, seed)
        measured.append(found)
        paired += [against] if against else []
        if as_json:
            from fairgate.measure.measured_json import portraits_as_json

            print_json(portraits_as_json(found.figures, against))
        else:
            from fairgate.cli.measure_portrait_table import print_paired, print_portraits

            print_portraits(found.figures)
            if against is not None:
                print_paired(against)
    if not measured:
        raise PackRefused("No pack could be used.", way_out="`fairgate packs verify` says why.")
    if report is not None:
        _write_report(context, measured, paired, seed, report)
        if not as_json:
            print_line(f"Report: {report}")


def _default_first(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: name != DEFAULT_PACK))


def _against(measured: list[MeasuredPortraits], found: MeasuredPortraits, seed: int) -> PairedPacks | None:
    """Compare a pack with the first one; ``None`` for the first itself, and where no pair is common to both."""
    if not measured:
        return None
    from fairgate.services.measure_portraits import compare_packs

    try:
        return compare_packs(measured[0], found, seed=seed)
    except ScoresRefused as refused:
        print_note(f"{found.figures.pack_id} is not compared with {measured[0].figures.pack_id}: {refused}")
        return None


def _write_report(
    context: typer.Context, measured: list[MeasuredPortraits], paired: list[PairedPacks], seed: int, report: Path
) -> None:
    from fairgate.cli.measure_run import method_of, write_page
    from fairgate.web.measuring_portraits import render_portraits_report

    notes = dict.fromkeys(note for one in measured for note in one.notes())
    method = method_of(Asked(seed=seed), context.meta.get(COMMAND_LINE, ""), notes=tuple(notes))
    write_page(render_portraits_report([one.figures for one in measured], method, paired=paired), report)
