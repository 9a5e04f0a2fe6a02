"""The detection study counts what it is shown; slow detectors see a share, and are compared on that share alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from fairgate.bench.detection import bench_detection
from fairgate.bench.detection_clips import Clip, clips_in, frames_of
from fairgate.bench.detection_finders import Finder
from fairgate.bench.detection_match import Box
from fairgate.bench.detection_portraits import portrait_paths, spread
from fairgate.errors import InputRefused

FACE: Box = (10, 10, 60, 60)


@dataclass
class OneFace:
    """Where it is."""

    box: Box


@dataclass
class Shown:
    """A picture whose first byte is its number."""

    rgb: np.ndarray
    faces: tuple[OneFace, ...]


@dataclass
class Shelf:
    """So many pictures with one face each."""

    kind: str
    strength: float
    count: int
    unit: str = "steps"
    smallest_face_px: int = 80

    @property
    def picture(self) -> Callable[[int], Shown]:
        return lambda number: Shown(np.full((100, 100, 3), number, np.uint8), (OneFace(FACE),))


def finder(name: str, misses: set[int], share: int = 1, least_face_px: int = 0) -> Finder:
    """Finds the face except in the pictures named; there it sees one in another place."""
    return Finder(
        name,
        name,
        lambda rgb, _: ((70.0, 70.0, 90.0, 90.0),) if int(rgb[0, 0, 0]) in misses else (FACE,),
        share,
        least_face_px,
    )


def row(rows: object, kind: str, detector: str) -> Any:
    """One row of a result."""
    assert isinstance(rows, list)
    return next(one for one in rows if (one["kind"], one["detector"]) == (kind, detector))


def test_faces_found_and_false_boxes_are_counted_with_intervals() -> None:
    """By kind and strength and detector; all degraded kinds are added up without the untouched ones."""
    told: list[tuple[int, int]] = []
    figures = bench_detection(
        [Shelf("untouched", 0, 4), Shelf("blur", 1, 10), Shelf("noise", 2, 10)],
        (),
        [finder("good", set()), finder("poor", {1, 2, 3})],
        lambda done, total: told.append((done, total)),
    )
    poor = row(figures["rows"], "blur", "poor")
    assert (poor["recall"]["found"], poor["recall"]["of"], poor["false_detections"]) == (7, 10, 3)
    assert (poor["recall"]["low"], poor["recall"]["high"]) == pytest.approx((0.3475, 0.9333), abs=1e-4)
    assert poor["pictures_with_false"]["count"] == 3
    pooled = row(figures["degraded"], "degraded", "poor")
    assert (pooled["recall"]["found"], pooled["recall"]["of"]) == (14, 20)
    assert told[-1] == (24, 24)


def test_a_slow_detector_sees_a_share_and_all_are_compared_on_it() -> None:
    """Whatever it did not see does not count against it, and pictures of small faces are kept from it."""
    slow = finder("slow", {4}, share=4, least_face_px=80)
    figures = bench_detection(
        [Shelf("blur", 1, 12), Shelf("small", 30, 12, smallest_face_px=40)], (), [finder("quick", set()), slow]
    )
    rows = figures["rows"]
    assert [row(rows, "blur", name)["pictures"] for name in ("slow", "quick")] == [3, 12]
    assert isinstance(rows, list)
    assert [one["detector"] for one in rows if one["kind"] == "small"] == ["quick"]
    for name, found in (("quick", 3), ("slow", 2)):
        both = row(figures["degraded_seen_by_all"], "degraded", name)["recall"]
        assert (both["found"], both["of"]) == (found, 3)


def film(path: Path, frames: int) -> Path:
    """A clip whose frames grow brighter."""
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for number in range(frames):
        video.write(np.full((48, 64, 3), number * 10, np.uint8))
    video.release()
    return path


def test_frames_come_from_all_over_a_clip(tmp_path: Path) -> None:
    """Evenly spaced, the first among them."""
    film(tmp_path / "a.mkv", 20)
    (clip,) = clips_in(tmp_path)
    assert clip.group == "facing"
    levels = [round(float(frame.mean()) / 10) for frame in frames_of(clip)]
    assert levels == [0, 5, 10, 15]


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    """And a folder without clips has none."""
    path = tmp_path / "a.mkv"
    path.write_bytes(b"no video")
    with pytest.raises(InputRefused, match=r"a\.mkv"):
        list(frames_of(Clip(path, "facing", 4)))
    assert clips_in(tmp_path / "absent") == ()


def test_on_clips_a_face_is_what_two_detectors_see(tmp_path: Path) -> None:
    """And the third is measured against them."""
    film(tmp_path / "a.mkv", 20)
    nothing = Finder("blind", "blind", lambda *_: ())
    figures = bench_detection((), clips_in(tmp_path), [finder("a", set()), finder("b", set()), nothing])
    assert row(figures["clips"], "facing", "a")["recall"]["found"] == 4
    assert row(figures["clips"], "facing", "blind")["recall"]["found"] == 0
    assert row(figures["clips"], "facing", "blind")["recall"]["of"] == 4


def test_portraits_are_spread_over_the_folder(tmp_path: Path) -> None:
    """The newer year's where there are years; an empty folder is refused."""
    with pytest.raises(InputRefused):
        portrait_paths(tmp_path)
    for year in ("2014", "2024"):
        (tmp_path / year).mkdir()
        for number in range(10):
            Image.new("RGB", (4, 4)).save(tmp_path / year / f"{number}.jpg")
    paths = portrait_paths(tmp_path)
    assert {path.parent.name for path in paths} == {"2024"}
    assert [path.stem for path in spread(paths, 3)] == ["0", "3", "6"]
    assert spread(paths, 50) == paths


@pytest.mark.slow
@pytest.mark.needs_component
def test_the_command_studies_the_drawn_face_where_there_is_no_portrait(tmp_path: Path) -> None:
    """And goes on without YuNet where its pack is not installed."""
    from fairgate.cli.app import app

    runner = CliRunner()
    shown = runner.invoke(app, ["bench", "detection", "--packs", str(tmp_path), "--cnn-share", "0"])
    assert shown.exit_code == 0, shown.output
    assert "dlib-mmod" in shown.output
    assert "95 % intervals" in shown.output
