"""``fairgate bench detection``: which faces the detectors find in pictures made worse in known ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairgate.cli.output import Json, print_json, print_line, print_note, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.bench.detection_finders import Finder
    from fairgate.cli.progress import Progress
    from fairgate.face.recogniser import Recogniser
    from fairgate.simulate.degrade_truth import Picture

DETECTION_EXAMPLES = """Examples:

  fairgate bench detection portraits/

  fairgate bench detection portraits/ --clips video/ --portraits 50 --json
"""
SEED = 4
LET_EVERYTHING_PASS = {"sharpness": 0}
"""Lowest value of a gate that turns nothing away, so that what the default gate does can be told apart."""
DEFAULT_PACK, YUNET_PACK = "dlib-cc0", "omz-0095"


def detection(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="Portraits: a folder of .jpg, or one with 2014/ and 2024/. Default: a drawn face."
        ),
    ] = None,
    *,
    clips: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder of video clips, .mkv or .mp4.")] = None,
    packs: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder of packs, if not the one in the settings.")
    ] = None,
    portraits: Annotated[int, typer.Option(help="How many portraits, spread over the folder.", min=1)] = 20,
    cnn_share: Annotated[
        int, typer.Option(help="dlib's CNN, seconds a picture, sees one picture in so many; 0 for none.", min=0)
    ] = 20,
    mated: Annotated[
        int, typer.Option(help="Also compare so many degraded probes a person with their older portrait.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of everything drawn.", min=0)] = SEED,
    as_json: Json = False,
) -> None:
    """Count faces found and false detections by kind and strength of degradation, beside dlib's detectors and YuNet."""
    from fairgate.bench.detection import bench_detection
    from fairgate.bench.detection_clips import clips_in
    from fairgate.simulate.degrade_study import study_cells

    session = context.ensure_object(Session)
    doors = session.doors
    recogniser, finders = _finders(packs or session.settings.packs_dir, cnn_share)
    with progress_shown(doors.timer, "Looking at portraits", "Looking at pictures", "Comparing") as (
        first,
        second,
        third,
    ):
        pictures, left_out = _portraits(folder, portraits, recogniser, finders, first)
        figures = bench_detection(study_cells(pictures, seed), clips_in(clips) if clips else (), finders, second)
        compared = (
            _mated(folder, recogniser, finders, draws=mated, seed=seed, progress=third) if mated and folder else None
        )
    told = {**figures, "portraits": len(pictures), "portraits_left_out": left_out, "seed": seed, "mated": compared}
    if as_json:
        print_json(told)
    else:
        _print_figures(told)


def _finders(packs: Path | None, cnn_share: int) -> tuple[Recogniser, Sequence[Finder]]:
    """Return the default pack's recogniser, and the detectors there are; YuNet's place is noted where it is missing."""
    from fairgate.bench.detection_finders import dlib_cnn, dlib_hog, own_finder
    from fairgate.errors import PackRefused
    from fairgate.face.recogniser import Recogniser
    from fairgate.face.runtime import CPU
    from fairgate.outside.pack_files import load_models, locate, open_pack

    def loaded(name: str) -> Recogniser:
        installed = open_pack(name, packs)
        return Recogniser(installed.pack, load_models(installed), threads=1, provider=CPU)

    own = loaded(DEFAULT_PACK)
    finders = [own_finder("dlib-mmod", f"the detector of {DEFAULT_PACK}, bounded pyramid with scout", own.detector)]
    try:
        finders.append(own_finder("yunet", f"YuNet, the detector of {YUNET_PACK}", loaded(YUNET_PACK).detector))
    except PackRefused as refused:
        print_note(f"Without YuNet: {refused}")
    finders.append(dlib_hog())
    if cnn_share:
        installed = open_pack(DEFAULT_PACK, packs)
        finders.append(dlib_cnn(locate(installed.pack.models()["detector"], installed.folder), cnn_share))
    return own, finders


def _portraits(
    folder: Path | None, count: int, recogniser: Recogniser, finders: Sequence[Finder], progress: Progress
) -> tuple[Sequence[Picture], Sequence[str]]:
    """Return the portraits with known faces, and the names of those left out."""
    from fairgate.bench.detection_portraits import known_drawing, known_portrait, portrait_paths, spread
    from fairgate.simulate.degrade_truth import Picture, TrueFace

    if folder is None:
        print_note("Without portraits: one drawn face, which says little of real ones.")
        rgb, points = known_drawing()
        return (Picture(rgb, (TrueFace(points),)),), ()
    pictures, left_out = [], []
    chosen = spread(portrait_paths(folder), count)
    for done, path in enumerate(chosen, start=1):
        known = known_portrait(path, recogniser, finders[1])
        if known is None:
            left_out.append(path.stem)
        else:
            pictures.append(Picture(known.rgb, (TrueFace(known.points),)))
        progress(done, len(chosen))
    return pictures, left_out


def _mated(
    folder: Path, recogniser: Recogniser, finders: Sequence[Finder], *, draws: int, seed: int, progress: Progress
) -> Mapping[str, object]:
    """Return how often the default pack misses people whose probe is a mixture of degradations."""
    import numpy as np

    from fairgate.bench.detection_mated import bench_mated
    from fairgate.bench.detection_portraits import known_portrait
    from fairgate.errors import InputRefused
    from fairgate.face.pipeline import Pipeline
    from fairgate.face.quality import QualityGate
    from fairgate.outside.pack_files import load_models, open_pack
    from fairgate.outside.portrait_files import read_portraits
    from fairgate.simulate.degrade_mixture import mixed_portrait
    from fairgate.simulate.degrade_truth import Picture, TrueFace

    def degraded(path: Path, number: int, draw: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        known = known_portrait(path, recogniser, finders[1])
        if known is None:
            raise InputRefused(f"Two detectors do not agree on one face in {path.name}.", way_out="Take it out.")
        rng = np.random.default_rng([seed, number, draw])
        return mixed_portrait(Picture(known.rgb, (TrueFace(known.points),)), rng).rgb

    installed = open_pack(DEFAULT_PACK)
    pipeline = Pipeline(installed.pack, load_models(installed), gate=QualityGate(LET_EVERYTHING_PASS))
    return bench_mated(read_portraits(folder), pipeline, degraded, draws, progress)


def _print_mated(compared: Mapping[str, Any]) -> None:
    """Print who was missed, counted every way that a reader may mean."""
    shown = []
    for name, title in (
        ("at_pack_threshold", "the pack's threshold"),
        ("at_fmr_of_degraded", "FMR 1e-3 on these probes"),
    ):
        at = compared[name]
        rates = ("fnmr_without_gate", "fnmr_with_gate", "missed_without_gate", "missed_with_gate")
        shown.append((title, f"{at['threshold']:.4f}", *(_rate(at[rate]) for rate in rates)))
    print_table(
        f"Degraded probes of {compared['people']} people, {compared['probes']} in all, against their older portraits",
        ("at", "threshold", "FNMR, no gate", "FNMR, gate", "missed, no gate", "missed, gate"),
        shown,
    )
    refused = ", ".join(f"{reason} {count}" for reason, count in compared["refused"].items())
    print_line(f"Turned away, and counted as missed: {refused or 'none'}.")


def _rate(rate: Mapping[str, Any]) -> str:
    return f"{rate['errors']} of {rate['of']} ({100 * rate['low']:.1f} to {100 * rate['high']:.1f} %)"


def _print_figures(figures: Mapping[str, Any]) -> None:
    """Print recall and false detections, a line a kind and strength, the detectors side by side."""
    detectors = list(figures["setting"]["detectors"])
    for title, rows in (
        ("Faces found of those there, and boxes that are no face", figures["rows"]),
        ("All degraded pictures together, with 95 % intervals", figures["degraded"]),
        ("The same, those that every detector saw", figures["degraded_seen_by_all"]),
        (
            "Clips: faces that at least two detectors see; +n: seen by it alone, which may be a face all the same",
            figures["clips"],
        ),
    ):
        if rows and (rows is not figures["degraded_seen_by_all"] or rows != figures["degraded"]):
            _print_rows(title, rows, detectors, with_interval=rows is not figures["rows"])
    if figures["mated"]:
        _print_mated(figures["mated"])
    for name, facts in figures["setting"]["detectors"].items():
        share = facts["sees_one_picture_in"]
        print_line(
            f"{name}: {facts['title']}{f'; sees one picture in {share}, none of the small faces' if share > 1 else ''}."
        )
    print_line(f"A hit: {figures['setting']['hit']}. +n: boxes that hit no face.")
    left_out = figures["portraits_left_out"]
    print_line(
        f"{figures['portraits']} portraits, seed {figures['seed']}; left out because two detectors did not agree on "
        f"one face: {', '.join(left_out) if left_out else 'none'}."
    )
    print_line(f"Machine: {figures['machine']['processor']}, one thread.")


def _print_rows(
    title: str, rows: Sequence[Mapping[str, Any]], detectors: Sequence[str], *, with_interval: bool
) -> None:
    cells: dict[tuple[str, float, str], dict[str, str]] = {}
    for row in rows:
        key = (row["kind"], row["strength"], row["unit"])
        cells.setdefault(key, {})[row["detector"]] = _told(row, with_interval)
    shown = [
        (kind, f"{strength:g}" if strength else "", unit, *(by.get(name, "") for name in detectors))
        for (kind, strength, unit), by in cells.items()
    ]
    print_table(title, ("kind", "strength", "unit", *detectors), shown)


def _told(row: Mapping[str, Any], with_interval: bool) -> str:
    recall = row["recall"]
    counts = f"{recall['found']} of {recall['of']}" if recall["of"] else f"{row['pictures']} pictures"
    false = f" +{row['false_detections']}" if row["false_detections"] else ""
    if with_interval and recall["of"]:
        return f"{counts}{false} ({100 * recall['low']:.1f} to {100 * recall['high']:.1f} %)"
    return counts + false
