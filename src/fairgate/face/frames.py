"""Several frames of one capture: what they show together.

The rule: frames that cannot be compared are left out; those that remain must show one person; the capture's score
against a reference is the mean of its frames' scores. It is carried as the mean of their vectors, not brought back to
unit norm: its product with a reference is that mean.

Source: ours, measured (docs/discussion/several-photos.md). A mean of scores spreads less among strangers than one score
does, so the threshold of a pack keeps what its calibration record promises; bringing the mean of vectors to unit norm,
or taking the best score, misses a little less and matches up to three times as many strangers at that threshold. The
frame of the best quality alone was as good on portraits made worse, and no better than any one frame on clips.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from fairgate.face.pack_calibration import VERIFICATION
from fairgate.face.pipeline import Extracted, Extraction, PoorImage, SeveralFaces
from fairgate.vocabulary import Features

if TYPE_CHECKING:
    from fairgate.face.pack import Pack

MOST_FRAMES = 5
"""Frames of a capture that are looked at. Each costs a whole extraction, while a person waits at a gate; nine frames
gained next to nothing over five (docs/discussion/several-photos.md)."""

NEVER_ALIKE = 2.0
"""No cosine reaches it: with it as the bound nothing is ever fused."""


@dataclass(frozen=True, slots=True)
class NotOnePerson:
    """Two frames are not alike enough to be of one person: somebody took another's place, or a frame misleads.

    Args:
        count: frames that were compared with one another.
        stage_ms: milliseconds by stage, over all frames.
    """

    count: int
    stage_ms: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """What became of a capture.

    Args:
        answer: of the capture as a whole; where it is features, quality, face and landmarks are the best frame's.
        best: place of the frame that the answer describes: the best in quality of those compared, or the one that came
            closest to being compared.
        used: places of the frames that were compared, in order.
    """

    answer: Extraction | NotOnePerson
    best: int
    used: tuple[int, ...]


def join(frames: Sequence[Extraction], least_alike: float) -> Joined:
    """Return what several frames of one capture show together.

    1. A frame with no face, several faces or poor quality is left out. Where none is left, the answer is that of the
       frame that came closest: poor quality before several faces before no face, the better quality first.
    2. Of a single frame the answer is its own, unchanged.
    3. Every two frames must be as alike as two photos of one person; otherwise nothing is fused.
    4. The vectors' mean is the capture's.

    Args:
        frames: in order of capture, at least one; all made by one pack.
        least_alike: cosine that any two frames must reach, as :func:`least_alike` gives it.
    """
    stage_ms = _summed(frames)
    usable = [(place, frame) for place, frame in enumerate(frames) if isinstance(frame, Extracted)]
    if not usable:
        best = max(range(len(frames)), key=lambda place: _closeness(frames[place]))
        return Joined(_timed(frames[best], stage_ms), best, ())
    used = tuple(place for place, _ in usable)
    best, sharpest = max(usable, key=lambda one: one[1].quality.unified)
    if len(usable) == 1:
        return Joined(_timed(sharpest, stage_ms), best, used)
    vectors = np.stack([frame.features.vector for _, frame in usable])
    if float((vectors @ vectors.T).min()) < least_alike:
        return Joined(NotOnePerson(len(usable), stage_ms), best, used)
    mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    features = Features(sharpest.features.pack_digest, mean)
    return Joined(replace(sharpest, features=features, stage_ms=stage_ms), best, used)


def least_alike(pack: Pack) -> float:
    """Return how alike two frames of one capture must be: the pack's lowest threshold of 1:1.

    Frames of one moment are far more alike than photos years apart, which that threshold is for. Measured on captures
    of two to five frames: of one person's 0 to 3 % were parted; where one frame was of another person before the same
    camera, 75 to 90 % were found, and where it was of another photo, all but 1 of 2125.
    A pack without such a record fuses nothing.
    """
    thresholds = [record.threshold for record in pack.calibration if record.kind == VERIFICATION]
    return min(thresholds, default=NEVER_ALIKE)


def _closeness(frame: Extraction) -> tuple[int, int]:
    match frame:
        case PoorImage(quality=quality):
            return 2, quality.unified
        case SeveralFaces():
            return 1, 0
        case _:
            return 0, 0


def _timed(frame: Extraction, stage_ms: Mapping[str, float]) -> Extraction:
    return frame if frame.stage_ms == stage_ms else replace(frame, stage_ms=stage_ms)


def _summed(frames: Sequence[Extraction]) -> Mapping[str, float]:
    summed: dict[str, float] = {}
    for frame in frames:
        for stage, taken in frame.stage_ms.items():
            summed[stage] = summed.get(stage, 0.0) + taken
    return MappingProxyType(summed)
