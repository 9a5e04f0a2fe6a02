"""``fairgate bench engine``: the engine's stages beside dlib's own, then every installed pack on the same scene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.progress import progress_shown
from fairgate.cli.session import Session

ENGINE_EXAMPLES = """Examples:

  fairgate bench engine

  fairgate bench engine --packs dlib-cc0 --rounds 3 --json
"""


def engine(
    context: typer.Context,
    *,
    packs: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Measure this pack, and other named ones; default: every installed pack."),
    ] = None,
    rounds: Annotated[int, typer.Option(help="How often everything takes its turn.", min=1)] = 7,
    as_json: Json = False,
) -> None:
    """Time decode, detect, landmarks, embed, a whole probe and a search beside dlib's own; then every pack's stages."""
    session = context.ensure_object(Session)
    doors = session.doors
    with progress_shown(doors.timer, "Taking turns", "Measuring packs") as (turns, on_packs):
        figures = doors.bench_engine(session.settings, packs or [], rounds, turns, on_packs)
    if as_json:
        print_json(figures)
    else:
        _print_figures(figures)
        _print_packs(figures)


STAGES = (
    ("decode", "decode a 1 Mpx JPEG", None),
    ("detect", "detect, 640×480, faces from 80 px", "dlib_detect_cnn"),
    ("detect_thorough", "the same, the exact network everywhere", "dlib_detect_cnn"),
    ("detect", "against the HOG detector", "dlib_detect_hog"),
    ("landmarks", "landmarks", None),
    ("quality", "quality", None),
    ("align", "align", None),
    ("embed", "embed, one pass", "dlib_embed"),
    ("embed_mirrored", "embed, mirrored average", "dlib_embed"),
    ("probe", "whole probe, JPEG to features", None),
    ("search_42000", "search 42 000 × 128", None),
)
"""Row of the figures, how a person reads it, and dlib's row for the same work."""


def _print_figures(figures: Mapping[str, Any]) -> None:
    """Print the two sides side by side, then what they were measured on."""
    rows, shown = figures["rows"], []
    for own, title, peer in STAGES:
        mine = rows[own]["median_ms"]
        theirs = rows[peer]["median_ms"] if peer else None
        shown.append(
            (title, _ms(rows[own]), _ms(rows[peer]) if peer else "", f"{theirs / mine:.1f} ×" if theirs else "")
        )
    print_table("Milliseconds, median (least to most)", ("stage", "Fairgate", "dlib", "ratio"), shown)
    machine, setting = figures["machine"], figures["setting"]
    print_line(f"Peak memory: {figures['peak_rss_mb']:.0f} MB before dlib was loaded.")
    print_line(
        f"Machine: {machine['processor']} ({', '.join(machine['instructions'])}), {machine['logical_cores']} cores, "
        f"one thread on each side, load {setting['load_average_before']:.1f} before."
    )
    print_line(f"Looked at: {setting['face']}. Versions: {_versions(machine['packages'])}.")


def _ms(row: Mapping[str, float]) -> str:
    digits = 0 if row["median_ms"] >= 1000 else 2
    return f"{row['median_ms']:.{digits}f} ({row['min_ms']:.{digits}f} to {row['max_ms']:.{digits}f})"


def _versions(packages: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in packages.items())


def _print_packs(figures: Mapping[str, Any]) -> None:
    """Print what each pack takes, then which share of the machine's best its networks reach."""
    packs, setting = figures["packs"], figures["packs_setting"]
    for left_out in figures["packs_left_out"]:
        print_line(f"Not measured: {left_out['pack']} ({left_out['code']}): {left_out['reason']}")
    if not packs:
        return
    smallest = setting["smallest_face_px"]
    print_table(
        "Packs: milliseconds, median; memory in MB",
        ("pack", "start", "memory", f"probe, {smallest} px", "probe, 192 px", "slowest stage"),
        [_pack_row(name, pack) for name, pack in packs.items()],
    )
    recognisers = [(name, one) for name, pack in packs.items() for one in pack["recognisers"]]
    print_table(
        "Stages: milliseconds, median; detect at 640×480",
        ("pack", "detect, 100 px", "detect, 80 px", "landmarks"),
        [
            (
                _recogniser_name(name, one),
                f"{one['detect_100_ms']:.2f}",
                f"{one['detect_80_ms']:.2f}",
                "the detector's" if one["landmarks_ms"] is None else f"{one['landmarks_ms']:.2f}",
            )
            for name, one in recognisers
        ],
    )
    print_table(
        "Embed: milliseconds a face by the clock, so many faces at once; one thread where nothing is said",
        ("pack", *(_embed_title(cell) for cell in recognisers[0][1]["embed"])),
        [
            (_recogniser_name(name, one), *(f"{cell['clock_ms_per_face']:.2f}" for cell in one["embed"]))
            for name, one in recognisers
        ],
    )
    print_table(
        "Networks, one thread: share of the peak",
        ("pack", "network", "input", "million multiply-adds", "ms", "GFLOP/s", "share"),
        _network_rows(packs),
    )
    print_line(f"Peak: {figures['peak_gflops']:.1f} GFLOP/s, {setting['peak']}.")
    print_line("Start and memory: from reading the models to the first features, in a process of its own.")
    runtime = figures["runtime"]
    print_line(f"The runtime offers {runtime['providers']}; measured on {runtime['measured_on']} only.")


def _pack_row(name: str, pack: Mapping[str, Any]) -> Sequence[str]:
    slowest = pack["slowest_stage"]
    return (
        name,
        f"{pack['start_ms']:.0f}",
        f"{pack['rss_added_mb']:.0f}",
        f"{pack['probe_ms']:.1f}",
        f"{pack['probe_192_ms']:.1f}",
        f"{slowest}, {pack['stages_ms'][slowest]:.1f}",
    )


def _recogniser_name(pack: str, recogniser: Mapping[str, Any]) -> str:
    return pack if recogniser["recogniser"] == pack else f"{pack}: {recogniser['recogniser']}"


def _embed_title(cell: Mapping[str, Any]) -> str:
    return f"{cell['batch']}" if cell["threads"] == 1 else f"{cell['batch']}, {cell['threads']} threads"


def _network_rows(packs: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for name, pack in packs.items():
        for network in pack["networks"]:
            yield (
                name,
                network["network"],
                " × ".join(str(side) for side in network["input_shape"]),
                f"{network['multiply_adds'] / 1e6:.0f}",
                f"{network['median_ms']:.2f}",
                f"{network['gflops']:.1f}",
                f"{100 * network['share_of_peak']:.0f} %",
            )
