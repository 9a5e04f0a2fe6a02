"""The demonstration: boards one flight of real photographs and invented passengers, from list to report."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fairgate.bootstrap import BoardingSummary, Progress, StagingReport, open_house
from fairgate.bootstrap.opting_out import Sign
from fairgate.config import Settings
from fairgate.errors import InputRefused
from fairgate.simulate.demo_captures import LANE
from fairgate.simulate.demo_input import build_demo_input
from fairgate.simulate.demo_photos import find_photos
from fairgate.simulate.demo_sign import LANGUAGES, draw_sign
from fairgate.vocabulary import Actor, ActorKind, Direction

GALLERY_SIZE = 420
"""Source: NISTIR 8381 (July 2021) simulates boarding with galleries of 420, the seats of a large aircraft."""
_MARK = ".fairgate-demo"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo did.

    Args:
        source: where the photographs come from.
        staging: what became of the list and the reference photos.
        summary: what became of the captures, and where the report lies.
    """

    source: str
    staging: StagingReport
    summary: BoardingSummary


def run_demo(
    settings: Settings, *, now: datetime, data: Path | None, out: Path, progress: Progress, boarding_progress: Progress
) -> DemoResult:
    """Build the demo's input, stage it, board it and write the report.

    Args:
        settings: pack, rulebook and limits; the data folder is the demo's own, below ``out``.
        now: the present, aware; boarding has just ended then.
        data: folder with real portraits; ``None`` to look where the project keeps them, else to use a package's.
        out: folder of the demo; one that an earlier demo made is emptied first.
        progress: told while references are enrolled.
        boarding_progress: told while captures are boarded.

    Raises:
        InputRefused: ``out`` holds something that no demo made, or there are no photographs to be had.
    """
    _prepare(out)
    photos = find_photos(data, out / "download")
    with open_house(settings.model_copy(update={"data_dir": out / "data", "demo_mode": True})) as house:
        house.require_ready(GALLERY_SIZE)
        inputs = build_demo_input(photos, out / "input", now=now)
        hung_at = now - timedelta(hours=1)
        sign = draw_sign(out / "input")
        house.opting_out.record_notice(
            Sign(
                locations=(LANE,),
                languages=LANGUAGES,
                text=sign.text.read_text(encoding="utf-8"),
                picture=sign.picture,
                expires_at=hung_at + timedelta(days=365),
                taken_by=Actor(ActorKind.OPERATOR, "demo"),
                taken_at=hung_at,
            )
        )
        staging = house.stage(
            [inputs.passenger_list],
            inputs.references,
            direction=Direction.EXIT,
            top_up_to=GALLERY_SIZE,
            progress=progress,
        )
        summary = house.board(
            staging.flight_key,
            inputs.captures,
            truth=inputs.truth,
            truth_source=f"{photos.source}.",
            report=out / "report.html",
            progress=boarding_progress,
        )
    return DemoResult(photos.source, staging, summary)


def _prepare(out: Path) -> None:
    """Empty the folder of an earlier demo, and nobody else's; the downloaded photographs stay."""
    if out.exists() and any(out.iterdir()) and not (out / _MARK).is_file():
        raise InputRefused(f"The folder {out} is not empty and no demo made it.", way_out="Name another with --out.")
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    (out / _MARK).touch()
    for name in ("input", "data"):
        shutil.rmtree(out / name, ignore_errors=True)
    (out / "report.html").unlink(missing_ok=True)
