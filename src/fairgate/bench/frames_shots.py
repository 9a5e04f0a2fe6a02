"""Features of frames of clips, and of portraits untouched and made worse, for the study of fusing several.

Every photo passes the gate here; whether the default gate would have turned it away is told beside its features.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.detection_clips import SMALLEST_FACE_PX as SMALLEST_CLIP_FACE_PX
from fairgate.bench.detection_clips import Clip, frames_of
from fairgate.bench.quality_photos import SMALLEST_FACE_PX, Degrade, Photo
from fairgate.errors import InputRefused
from fairgate.face.pipeline import Extracted, Role
from fairgate.face.quality import QualityGate

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fairgate.bench.timing import Progress
    from fairgate.face.pipeline import Pipeline

IDENTITIES = "identities.csv"
FRAMES_A_CLIP = 18
"""A clip lasts two to four seconds, so the frames lie 90 to 200 ms apart, as those of a capture at a gate may."""

_GATE = QualityGate()


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One photo with features.

    Args:
        person: number of who it shows.
        source: number of the clip, or of the portrait that it was made from.
        vector: float32, shape (d,), unit norm.
        quality: unified, 0-100.
        refused: the default gate would have turned it away.
    """

    person: int
    source: int
    vector: NDArray[np.float32] = field(repr=False)
    quality: int
    refused: bool


@dataclass(frozen=True, slots=True)
class Shots:
    """What was made of some photos.

    Args:
        rows: a sequence of photos each (a clip, or one person's renderings), ``None`` where a photo has no features.
        extract_ms: median processor time of one extraction.
    """

    rows: tuple[tuple[Shot | None, ...], ...]
    extract_ms: float


def clip_frames(folder: Path) -> tuple[tuple[int, tuple[NDArray[np.uint8], ...]], ...]:
    """Return each clip's person, by number only, with its frames.

    Args:
        folder: holds the clips and ``identities.csv`` with the columns ``file,identity``.

    Raises:
        InputRefused: the table or a clip is missing or cannot be read, or shows fewer than two people.
    """
    table = folder / IDENTITIES
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            listed = [(row["file"].rsplit("/", 1)[-1], row["identity"]) for row in csv.DictReader(lines)]
    except (OSError, KeyError, UnicodeDecodeError) as cause:
        raise InputRefused(
            f"There is no {IDENTITIES} with the columns file,identity in {folder}.",
            way_out="Name a folder of clips with that table.",
        ) from cause
    numbers = {name: number for number, name in enumerate(sorted({identity for _, identity in listed}))}
    if len(numbers) < 2:
        raise InputRefused(f"{IDENTITIES} names fewer than two people.", way_out="Name a folder with more.")
    return tuple(
        (numbers[identity], tuple(frames_of(Clip(folder / file, "facing", FRAMES_A_CLIP)))) for file, identity in listed
    )


def shots_of_clips(
    clips: Sequence[tuple[int, Sequence[NDArray[np.uint8]]]], pipeline: Pipeline, progress: Progress | None = None
) -> Shots:
    """Return the features of every frame.

    Args:
        clips: as :func:`clip_frames` gives them.
        pipeline: with a gate that lets everything pass.
        progress: called with (clips done, clips).
    """
    watch = _Watch(pipeline, SMALLEST_CLIP_FACE_PX)
    rows = []
    for source, (person, frames) in enumerate(clips):
        rows.append(tuple(watch.shot(frame, person, source, Role.PROBE) for frame in frames))
        if progress is not None:
            progress(source + 1, len(clips))
    return Shots(tuple(rows), watch.median_ms())


@dataclass(frozen=True, slots=True)
class PortraitShots:
    """Portraits untouched and made worse.

    Args:
        untouched: every portrait with features, older and newer.
        older: whether each of them is of the older year.
        degraded: a row of renderings of the newer portrait of each person who is in both years.
    """

    untouched: tuple[Shot, ...]
    older: tuple[bool, ...]
    degraded: Shots


def shots_of_portraits(
    photos: Sequence[Photo],
    same_photo: frozenset[str],
    pipeline: Pipeline,
    renderings: Callable[[Photo, int], Sequence[NDArray[np.uint8]]],
    progress: Progress | None = None,
) -> PortraitShots:
    """Return the features of portraits, and of renderings of newer ones.

    Args:
        photos: of two years.
        same_photo: subjects whose two photos are one: they are no mated pair.
        pipeline: with a gate that lets everything pass.
        renderings: newer portrait and its person's number → the same made worse, each in its own way.
        progress: called with (photos done, photos).
    """
    people = {name: number for number, name in enumerate(sorted({photo.subject for photo in photos}))}
    watch = _Watch(pipeline, SMALLEST_FACE_PX)
    paired = {photo.subject for photo in photos if photo.older} - same_photo
    untouched: list[Shot] = []
    older: list[bool] = []
    rows: list[tuple[Shot | None, ...]] = []
    for done, photo in enumerate(photos, start=1):
        person = people[photo.subject]
        made = watch.shot(photo.rgb(), person, done, Role.REFERENCE)
        if made is not None:
            untouched.append(made)
            older.append(photo.older)
        if not photo.older and photo.subject in paired:
            rows.append(tuple(watch.shot(rgb, person, done, Role.PROBE) for rgb in renderings(photo, len(rows))))
        if progress is not None:
            progress(done, len(photos))
    return PortraitShots(tuple(untouched), tuple(older), Shots(tuple(rows), watch.median_ms()))


def renderings_of(degrade: Degrade, draws: int) -> Callable[[Photo, int], Sequence[NDArray[np.uint8]]]:
    """Return what makes renderings, each newer portrait's kept: every pack sees the same pixels.

    Args:
        degrade: makes one.
        draws: how many of each portrait.
    """
    kept: dict[int, tuple[NDArray[np.uint8], ...]] = {}

    def render(photo: Photo, number: int) -> Sequence[NDArray[np.uint8]]:
        if number not in kept:
            made = (degrade(photo, number, draw) for draw in range(draws))
            kept[number] = tuple(rgb for rgb in made if rgb is not None)
        return kept[number]

    return render


class _Watch:
    """Extracts, and keeps the time that each extraction took."""

    def __init__(self, pipeline: Pipeline, smallest_face_px: int) -> None:
        self._pipeline, self._smallest_face_px = pipeline, smallest_face_px
        self._taken: list[float] = []

    def shot(self, rgb: NDArray[np.uint8], person: int, source: int, role: Role) -> Shot | None:
        started = time.thread_time()
        made = self._pipeline.extract(rgb, smallest_face_px=self._smallest_face_px, timer=time.perf_counter, role=role)
        self._taken.append((time.thread_time() - started) * 1000)
        if not isinstance(made, Extracted):
            return None
        refused = bool(_GATE.failed(made.quality.components))
        return Shot(person, source, made.features.vector, made.quality.unified, refused)

    def median_ms(self) -> float:
        return float(np.median(self._taken)) if self._taken else 0.0


def lost(shots: Shots) -> Mapping[str, int]:
    """Return how many photos there are, how many have no features, and how many the gate would have turned away."""
    every = [shot for row in shots.rows for shot in row]
    found = [shot for shot in every if shot is not None]
    return {
        "photos": len(every),
        "without_features": len(every) - len(found),
        "refused_by_gate": sum(shot.refused for shot in found),
    }
