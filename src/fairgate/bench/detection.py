"""Recall and false detections by kind and strength of degradation: the pack's detector beside its rivals.

What the pictures are is handed in; this counts. Every detector sees the same pixels, is used as shipped, with its own
threshold, and is told the same smallest face.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fairgate.bench.detection_clips import SMALLEST_FACE_PX, Clip, frames_of
from fairgate.bench.detection_match import HIT, Tally, agreed
from fairgate.bench.machine import describe_machine
from fairgate.measure.intervals import clopper_pearson, wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fairgate.bench.detection_finders import Finder
    from fairgate.bench.detection_match import Box
    from fairgate.bench.timing import Progress


class Face(Protocol):
    """A face that is known to be there."""

    @property
    def box(self) -> Box:
        """Its own box."""
        ...


class Shown(Protocol):
    """A picture with known faces."""

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """Pixels: uint8, shape (height, width, 3), RGB."""
        ...

    @property
    def faces(self) -> Sequence[Face]:
        """Every face in it."""
        ...


class Cell(Protocol):
    """Pictures of one kind and strength."""

    @property
    def kind(self) -> str:
        """Stable word."""
        ...

    @property
    def strength(self) -> float:
        """How strong, in :attr:`unit`."""
        ...

    @property
    def unit(self) -> str:
        """What the strength counts."""
        ...

    @property
    def smallest_face_px(self) -> int:
        """What a detector is told to look for."""
        ...

    @property
    def count(self) -> int:
        """How many pictures there are."""
        ...

    @property
    def picture(self) -> Callable[[int], Shown]:
        """Makes one of them."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One detector on one kind and strength.

    Args:
        kind, strength, unit: what was shown.
        finder: the detector's name.
        tally: what it did.
    """

    kind: str
    strength: float
    unit: str
    finder: str
    tally: Tally

    def as_json(self) -> Mapping[str, object]:
        """Return the row for scripts; error rates with exact intervals, shares of pictures with Wilson's."""
        tally = self.tally
        return {
            "kind": self.kind,
            "strength": self.strength,
            "unit": self.unit,
            "detector": self.finder,
            "recall": clopper_pearson(tally.found, tally.faces).as_json("found"),
            "false_detections": tally.false,
            "pictures": tally.pictures,
            "pictures_with_false": wilson(tally.pictures_with_false, tally.pictures).as_json(),
        }


def bench_detection(
    cells: Sequence[Cell], clips: Sequence[Clip], finders: Sequence[Finder], progress: Progress | None = None
) -> Mapping[str, object]:
    """Show every picture to every detector and return what they found.

    Args:
        cells: pictures with known faces.
        clips: videos; there a face is what at least two detectors see, those left out that see only a share.
        finders: the detectors.
        progress: called with (pictures done, pictures).
    """
    total = sum(cell.count for cell in cells) + sum(clip.frames for clip in clips)
    done = 0

    def step(pictures: int = 1) -> None:
        nonlocal done
        done += pictures
        if progress is not None:
            progress(done, total)

    rows: list[Row] = []
    shared: list[Row] = []
    for number, cell in enumerate(cells):
        every, seen_by_all = _of_cell(cell, number, finders, step)
        rows += every
        shared += seen_by_all
    on_clips = list(_of_clips(clips, finders, step))
    return {
        "rows": [row.as_json() for row in rows],
        "degraded": [row.as_json() for row in pooled(rows)],
        "degraded_seen_by_all": [row.as_json() for row in pooled(shared)],
        "clips": [row.as_json() for row in on_clips],
        "setting": {
            "hit": f"IoU of at least {HIT} with the true box, each face once",
            "truth_of_portraits": "landmarks of the untouched portrait, moved with the pixels",
            "truth_of_clips": "boxes that at least two detectors agree on; nobody marked them",
            "detectors": {
                one.name: {"title": one.title, "sees_one_picture_in": one.share, "smallest_face_px": one.least_face_px}
                for one in finders
            },
        },
        "machine": describe_machine(),
    }


def pooled(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield, for each detector, its sum over every degraded kind: neither untouched nor empty pictures."""
    for finder in dict.fromkeys(row.finder for row in rows):
        own = [row.tally for row in rows if row.finder == finder and row.kind not in ("untouched", "empty")]
        yield Row(
            "degraded",
            0.0,
            "all kinds and strengths together",
            finder,
            Tally(
                *(
                    sum(getattr(tally, name) for tally in own)
                    for name in ("found", "faces", "false", "pictures", "pictures_with_false")
                )
            ),
        )


def _of_cell(
    cell: Cell, number: int, finders: Sequence[Finder], step: Callable[[], None]
) -> tuple[list[Row], list[Row]]:
    """Return the rows of one cell: over all its pictures, and over those that every detector sees."""
    every = {finder.name: Tally() for finder in finders}
    shared = dict(every)
    for place in range(cell.count):
        picture = cell.picture(place)
        size = (picture.rgb.shape[1], picture.rgb.shape[0])
        truth = [face.box for face in picture.faces]
        # Shifted from cell to cell, so that the share a slow detector sees is of all portraits.
        looking = [finder for finder in finders if finder.sees(place + number, cell.smallest_face_px)]
        for finder in looking:
            boxes = finder.find(picture.rgb, cell.smallest_face_px)
            for tallies in (every, shared) if len(looking) == len(finders) else (every,):
                tallies[finder.name] = tallies[finder.name].with_picture(truth, boxes, size)
        step()
    whole, part = (
        [Row(cell.kind, cell.strength, cell.unit, name, tally) for name, tally in tallies.items() if tally.pictures]
        for tallies in (every, shared)
    )
    return whole, part


def _of_clips(clips: Sequence[Clip], finders: Sequence[Finder], step: Callable[[int], None]) -> Iterator[Row]:
    witnesses = [finder for finder in finders if finder.share == 1]
    tallies: dict[tuple[str, str], Tally] = {}
    for clip in clips:
        for frame in frames_of(clip):
            boxes = {finder.name: finder.find(frame, SMALLEST_FACE_PX) for finder in witnesses}
            truth = agreed(boxes)
            for finder in witnesses:
                before = tallies.get((clip.group, finder.name), Tally())
                tallies[clip.group, finder.name] = before.with_picture(
                    truth, boxes[finder.name], (frame.shape[1], frame.shape[0])
                )
        step(clip.frames)
    for (group, name), tally in tallies.items():
        yield Row(group, 0.0, "frames of clips", name, tally)
