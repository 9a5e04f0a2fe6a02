"""``fairgate bench quality``: whether poor quality foretells misses, and which component stands in for brightness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairgate.cli.output import Json, print_json, print_line, print_note, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fairgate.bench.quality_photos import Degrade, Photo, Relight
    from fairgate.face.recogniser import Recogniser

QUALITY_EXAMPLES = """Examples:

  fairgate bench quality portraits/

  fairgate bench quality portraits/ --portraits 100 --json
"""
SEED = 4
DEFAULT_PACK = "dlib-cc0"
DARKER, BRIGHTER = "2 stops darker", "1 stop brighter"

VERDICTS = {
    "hits_darker": "discards darker faces more: no tight limit",
    "hits_lighter": "discards lighter faces more: no tight limit",
    "hits_either": "discards either more, by the light: no tight limit",
    "follows_luma": "follows brightness: no tight limit",
    "no_sign": "no sign of it",
}


def quality(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="Portraits: a folder with 2014/, 2024/ and pairs.csv. Default: a drawn face."
        ),
    ] = None,
    *,
    portraits: Annotated[
        int | None, typer.Option(help="How many portraits, spread over the people; default all.", min=4)
    ] = None,
    draws: Annotated[int, typer.Option(help="Degraded probes of each person who is in both years.", min=1)] = 8,
    seed: Annotated[int, typer.Option(help="Of everything drawn.", min=0)] = SEED,
    fit: Annotated[
        bool, typer.Option("--fit", help="Train the unified score anew and print its table; nothing is measured.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell what discarding by each quality component does to misses, to untouched portraits, and to darker faces."""
    from fairgate.bench.quality import quality_study, verification_threshold
    from fairgate.bench.quality_photos import EVERYTHING_PASSES, Photo, chosen_photos, look_at
    from fairgate.face.pipeline import Pipeline
    from fairgate.outside.pack_files import load_models, open_pack
    from fairgate.outside.portrait_files import read_portraits

    doors = context.ensure_object(Session).doors
    if fit:
        from fairgate.cli.bench_quality_fit import print_fit

        if folder is None:
            raise typer.BadParameter("Name a folder of portraits.", param_hint="--fit")
        print_fit(folder, DEFAULT_PACK, doors.timer, as_json=as_json)
        return
    installed = open_pack(DEFAULT_PACK)
    threshold = verification_threshold(installed.pack)
    if folder is None:
        print_note("Without portraits: one drawn face, which says little of real ones.")
        photos = tuple(Photo("drawn face", "drawn", older, None) for older in (True, False))
        same = frozenset[str]()
    else:
        read = read_portraits(folder)
        photos, same = chosen_photos(read, portraits), read.same_photo
    pipeline = Pipeline(installed.pack, load_models(installed), gate=EVERYTHING_PASSES)
    with progress_shown(doors.timer, "Looking at portraits", "Comparing degraded probes") as (first, second):
        looked = look_at(
            photos,
            same,
            pipeline,
            degrade=degrader(pipeline.first, seed),
            lights=_lights(),
            draws=draws,
            progress=(first, second),
        )
    told = {**quality_study(looked, threshold), "draws": draws, "seed": seed, "pack": DEFAULT_PACK}
    if as_json:
        print_json(told)
    else:
        _print_figures(told)


def degrader(recogniser: Recogniser, seed: int) -> Degrade:
    """Return what makes probes: the same as those of ``bench detection --mated`` with this seed."""
    import functools

    import numpy as np

    from fairgate.bench.detection_finders import dlib_hog
    from fairgate.bench.detection_portraits import known_drawing, known_portrait
    from fairgate.simulate.degrade_mixture import mixed_portrait
    from fairgate.simulate.degrade_truth import Picture, TrueFace

    witness = dlib_hog()

    @functools.lru_cache(maxsize=1)
    def picture(path: Path | None) -> Picture | None:
        if path is None:
            rgb, points = known_drawing()
            return Picture(rgb, (TrueFace(points),))
        known = known_portrait(path, recogniser, witness)
        return None if known is None else Picture(known.rgb, (TrueFace(known.points),))

    def degrade(photo: Photo, number: int, draw: int) -> NDArray[np.uint8] | None:
        portrait = picture(photo.path)
        return None if portrait is None else mixed_portrait(portrait, np.random.default_rng([seed, number, draw])).rgb

    return degrade


def _lights() -> Mapping[str, Relight]:
    """Return the lights in which every portrait is measured again."""
    from fairgate.simulate.degrade_light import exposed, lit_from_one_side
    from fairgate.simulate.degrade_truth import Picture, TrueFace

    def relit(change: Callable[[Picture, float], Picture], stops: float) -> Relight:
        return lambda rgb, points: change(Picture(rgb, (TrueFace(points),)), stops).rgb

    return {
        DARKER: relit(exposed, -2),
        "1 stop darker": relit(exposed, -1),
        BRIGHTER: relit(exposed, 1),
        "2 stops from one side": relit(lit_from_one_side, 2),
    }


def _print_figures(told: Mapping[str, Any]) -> None:
    """Print what discarding does, what a better score would do, and what goes with the face's luma."""
    missed, gate, targets = told["missed"], told["at_gate"], told["targets"]
    print_table(
        f"The worst {targets['discard']:.0%} of {told['probes']} degraded probes, by mapped value",
        ("by", "below", "probes", "misses removed", "untouched portraits", "newer alone", "area", "targets"),
        [
            (
                row["component"],
                row["limit"],
                row["discarded"]["discarded"],
                _share(row["misses_removed"], "removed"),
                _share(row["untouched_discarded"], "discarded"),
                _count(row["untouched_newer_discarded"]),
                f"{row['area'] / row['area_unsorted']:.2f}" if row["area_unsorted"] else "–",
                {True: "met", False: "missed", None: "–"}[row["targets_met"]],
            )
            for row in told["curves"]
        ],
    )
    print_line(
        f"{told['people']} people, {told['draws']} probes each, seed {told['seed']}; threshold "
        f"{told['threshold']:.4f}: {_share(missed, 'errors')} missed, of {told['people_missed']} people. Without "
        f"features: {told['probes_without_features']}."
    )
    print_line(
        f"Targets: at least {targets['misses_removed_at_least']:.0%} of the misses, at most "
        f"{targets['untouched_discarded_at_most']:.0%} of the untouched portraits. Area: 1 is discarding blindly, 0 "
        "the best there could be."
    )
    print_line(
        f"The gate as it stands refuses {_share(gate['probes'], 'refused')} of the probes, "
        f"{_share(gate['misses'], 'refused')} of the misses, {_share(gate['untouched'], 'refused')} of the portraits."
    )
    held = told["held_out"]
    halves = "; ".join(f"{', '.join(one['components']) or 'nothing'} below {one['limit']}" for one in held["by_half"])
    print_line(
        f"Chosen on half of the people ({halves}), tried on the other: misses removed "
        f"{_share(held['misses_removed'], 'removed')}, probes discarded {_share(held['discarded'], 'discarded')}, "
        f"untouched {_share(held['untouched_discarded'], 'discarded')}."
    )
    print_line()
    _print_light(told)


def _print_light(told: Mapping[str, Any]) -> None:
    rows = []
    for row in told["light"]:
        rho, within, widest = row["rank_correlation"], row["share_within_person"], row["widest"]
        change = row["mean_change"]
        rows.append(
            (
                row["component"],
                "–" if rho is None else f"{row['share_over_people']:.0%}, {'+' if rho > 0 else '−'}",
                "–" if within is None else f"{within:.0%}",
                f"{change[DARKER]:+.0f}, {change[BRIGHTER]:+.0f}",
                _pair(row["at_gate"][0]) if row["at_gate"] else "",
                _pair(row["at_worst_tenth"][0]) if row["at_worst_tenth"] else "",
                f"{_pair(widest)} below {widest['limit']}, {widest['light']}" if widest else "",
                VERDICTS[row["verdict"]],
            )
        )
    print_table(
        f"Does it stand in for the face's luma? {told['portraits_one_a_person']} people, darkest and lightest quarter",
        ("component", "over people", "re-lit", "points", "gate", "worst tenth", "furthest apart", "verdict"),
        rows,
    )
    print_line(
        "Over people: share of the variation (of ranks within the year) that goes with luma, and whether it rises or "
        f"falls. Re-lit: the same within one photo in several lights. Points: mean change at {DARKER} and {BRIGHTER}. "
        "Gate, worst tenth: discarded of the darkest, of the lightest quarter, untouched. A verdict of discarding more "
        "needs 95 % intervals that do not meet, in any of the lights; with so many looks one of them may be chance."
    )
    print_line(f"Machine: {told['machine']['processor']}, one thread.")


def _pair(row: Mapping[str, Any]) -> str:
    dark, light = row["darkest_quarter"], row["lightest_quarter"]
    return f"{dark['discarded']}, {light['discarded']} of {light['of']}"


def _count(rate: Mapping[str, Any]) -> str:
    return f"{rate['discarded']} of {rate['of']}"


def _share(rate: Mapping[str, Any], key: str) -> str:
    return f"{rate[key]} of {rate['of']} ({100 * rate['low']:.1f} to {100 * rate['high']:.1f} %)"
