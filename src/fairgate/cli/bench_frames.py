"""``fairgate bench frames``: what several frames a capture and several references a person gain, by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from fairgate.cli.output import Json, print_json, print_line, print_note, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session

FRAMES_EXAMPLES = """Examples:

  fairgate bench frames video/

  fairgate bench frames video/ --portraits portraits/ --json
"""
SEED = 4
DRAWS = 10
STRICT = "0.001"


def frames(
    context: typer.Context,
    clips: Annotated[Path, typer.Argument(metavar="CLIPS", help="Folder of clips with identities.csv.")],
    *,
    portraits: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Also portraits made worse: a folder with 2014/, 2024/ and pairs.csv."),
    ] = None,
    packs: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder of packs, if not the one in the settings.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of everything drawn.", min=0)] = SEED,
    as_json: Json = False,
) -> None:
    """Compare rules for several frames and several references, for every installed pack; who is who is not told."""
    from fairgate.bench.frames import study_clips, study_portraits, thresholds_of
    from fairgate.bench.frames_shots import clip_frames, renderings_of, shots_of_clips, shots_of_portraits
    from fairgate.bench.machine import describe_machine
    from fairgate.bench.quality_photos import EVERYTHING_PASSES, chosen_photos
    from fairgate.cli.bench_quality import DEFAULT_PACK, degrader
    from fairgate.errors import FairgateError
    from fairgate.face.pipeline import Pipeline
    from fairgate.outside.pack_files import load_models, open_pack, pack_names
    from fairgate.outside.portrait_files import read_portraits

    session = context.ensure_object(Session)
    folder = packs or session.settings.packs_dir

    def loaded(name: str) -> Pipeline:
        installed = open_pack(name, folder)
        return Pipeline(installed.pack, load_models(installed), gate=EVERYTHING_PASSES)

    doors = session.doors
    shown = clip_frames(clips)
    read = read_portraits(portraits) if portraits is not None else None
    render = renderings_of(degrader(loaded(DEFAULT_PACK).first, seed), DRAWS) if read is not None else None
    told: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    with progress_shown(doors.timer, "Looking at clips", "Looking at portraits") as (first, second):
        for name in pack_names(folder):
            try:
                pipeline = loaded(name)
            except FairgateError as refused:
                left_out[name] = str(refused)
                continue
            thresholds = thresholds_of(pipeline.pack)
            if not thresholds:
                left_out[name] = "It has no threshold for an FMR of 1 in 1000 or 10 000."
                continue
            told[name] = {"clips": study_clips(shots_of_clips(shown, pipeline, first), thresholds, seed)}
            if read is not None and render is not None:
                shots = shots_of_portraits(chosen_photos(read, None), read.same_photo, pipeline, render, second)
                told[name]["portraits"] = study_portraits(shots, thresholds, seed)
    figures = {"packs": told, "packs_left_out": left_out, "seed": seed, "machine": describe_machine()}
    if as_json:
        print_json(figures)
    else:
        _print_figures(figures)


def _print_figures(figures: Mapping[str, Any]) -> None:
    for name, reason in figures["packs_left_out"].items():
        print_note(f"Without {name}: {reason}")
    for name, told in figures["packs"].items():
        clips, portraits = told["clips"], told.get("portraits")
        _print_rules(f"{name}: frames of clips, against one frame of another clip", clips["frames"])
        _print_rules(f"{name}: references from clips, against one frame of another clip", clips["references"])
        print_line(
            f"{clips['people']} people in {clips['clips']} clips: too few to tell anything of rates. Intervals are "
            f"drawn over people and clips. One frame takes {clips['extract_ms']:.0f} ms."
        )
        _print_one_person(clips["one_person"])
        print_line()
        if portraits is not None:
            _print_portraits(name, portraits)


def _print_portraits(name: str, portraits: Mapping[str, Any]) -> None:
    _print_rules(f"{name}: portraits made worse, as frames, against the older portrait", portraits["frames"])
    _print_rules(f"{name}: portraits made worse, as references", portraits["rendered_references"])
    _print_rules(f"{name}: two real photos, a decade apart, as references", portraits["two_real_references"])
    gate = "; ".join(f"{row['count']}: {row['missed'][STRICT]} of {row['captures']}" for row in portraits["at_gate"])
    print_line(f"Missed as a lane counts, frames that fail the gate left out, by frames a capture: {gate}.")
    print_line(
        f"{portraits['people']} people. Renderings of one photo differ in noise alone: this bounds what frames gain."
    )
    _print_one_person(portraits["one_person"])
    print_line()


def _print_one_person(rows: Sequence[Mapping[str, Any]]) -> None:
    told = "; ".join(
        f"{row['count']}: parted {row['parted']}, found {row['mixed_found']} of {row['captures']}" for row in rows
    )
    print_line(f"Captures of one person that would be parted, and mixed ones found, by frames a capture: {told}.")


def _print_rules(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a line a rule: what it misses and matches at each threshold, and at the FMR of a single photo."""
    if not rows:
        return
    targets = list(rows[0]["at"])
    with_mated = "d_prime" in rows[0]
    heads = ["photos", "rule"]
    for target in targets:
        heads += ([f"FNMR, {target}"] if with_mated else []) + [f"FMR, {target}"]
        heads += [f"at a single's FMR, {target}"] if with_mated else []
    shown = []
    for row in rows:
        cells = [str(row["count"]), row["rule"]]
        for target in targets:
            at = row["at"][target]
            cells += ([_rate(at["fnmr"])] if with_mated else []) + [_rate(at["fmr"])]
            if with_mated:
                equal = row.get("at_equal_fmr", {}).get(target)
                cells.append("" if equal is None else _rate(equal["fnmr"]))
        if with_mated:
            apart = row["d_prime"]
            cells += [f"{apart['value']:.2f} ({apart['low']:.2f} to {apart['high']:.2f})", f"{100 * row['eer']:.2f} %"]
        shown.append(tuple(cells))
    print_table(title, tuple(heads + (["d′", "EER"] if with_mated else [])), shown)


def _rate(rate: Mapping[str, Any]) -> str:
    low, high = rate["low"], rate["high"]
    return f"{rate['errors']} of {rate['of']}" + ("" if low is None else f" ({100 * low:.2f} to {100 * high:.2f} %)")
