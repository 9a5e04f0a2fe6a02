"""Decode YuNet: one pass of the network gives faces of all sizes, with five points each.

Three grids of cells (8, 16 and 32 px) each propose a face for every cell: how sure it is, its box and its points.
Source: Wu, Peng and Yu, "YuNet: a tiny millisecond-level face detector", Machine Intelligence Research 20 (2023);
libfacedetection (Yu), read for its facts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import EngineFault, FaceContractBroken
from fairgate.face.detect import MOST_PIXELS, Face
from fairgate.face.image import check_rgb, scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.runtime import Network

STRIDES = (8, 16, 32)

SMALLEST_SEEN_PX = 32.0
"""A frame is shrunk until the smallest face looked for is this wide, which the finest grid still finds."""

_SAME_FACE = 0.3
"""Two proposals that overlap by more than this share of their union are one face; the surer one stays."""

_LARGEST_GROWTH = 8.0
"""Of a box's logarithmic size: a proposal beyond it is a fault, not a face."""


class YunetDetector:
    """The detector.

    Args:
        session: the network: float32 (1, 3, rows, columns) in, both sides multiples of 32; out come, for the three
            grids in turn, class scores, then face scores, then boxes, then points.
        bgr: the network wants blue first.
        mean: subtracted from each pixel, in the network's colour order.
        divide_by: what each pixel is then divided by.
        minimum_score: a proposal scoring lower is no face; in [0, 1].
    """

    def __init__(
        self,
        session: Network,
        *,
        bgr: bool,
        mean: tuple[float, float, float],
        divide_by: float,
        minimum_score: float,
    ) -> None:
        self._session = session
        self._bgr = bgr
        self._mean = np.array(mean, np.float32)
        self._divide_by = np.float32(divide_by)
        self._minimum_score = minimum_score

    def detect(self, rgb: NDArray[np.uint8], *, smallest_face_px: float, ignore_below: float = 0.0) -> tuple[Face, ...]:
        """Return the faces in a frame with their points, the surest first.

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
            smallest_face_px: width of the smallest face box looked for; smaller ones may be found or not.
            ignore_below: faces narrower than this fraction of the widest one are left out; 0 for none.

        Raises:
            FaceContractBroken: the frame is not of the agreed shape, or the bound is not positive.
            EngineFault: the runtime failed, or what came out is not as YuNet gives it.
        """
        check_rgb(rgb)
        if not smallest_face_px > 0:
            raise FaceContractBroken("The smallest face looked for must have a width above 0.")
        height, width = rgb.shape[:2]
        factor = min(1.0, SMALLEST_SEEN_PX / smallest_face_px, math.sqrt(MOST_PIXELS / (height * width)))
        frame = scaled(rgb, factor)
        scores, boxes, points = self._proposals(frame)
        kept = _distinct(scores, boxes)
        across, down = width / frame.shape[1], height / frame.shape[0]
        boxes = boxes[kept] * (across, down, across, down)
        # A pixel's centre stands at a whole number here, and half a pixel further in the network's terms.
        points = points[kept] * (across, down) - 0.5
        found = [
            Face(
                (float(left), float(top), float(right), float(bottom)),
                float(score),
                tuple((float(x), float(y)) for x, y in five),
            )
            for (left, top, right, bottom), score, five in zip(boxes, scores[kept], points, strict=True)
        ]
        least = ignore_below * max((face.width_px for face in found), default=0.0)
        return tuple(face for face in found if face.width_px >= least)

    def _proposals(
        self, frame: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return scores (n,), boxes (n, 4) and points (n, 5, 2) of one frame, the surest first, in its pixels."""
        coarsest = STRIDES[-1]
        rows, columns = (-(-side // coarsest) * coarsest for side in frame.shape[:2])
        padded = np.zeros((rows, columns, 3), np.float32)
        padded[: frame.shape[0], : frame.shape[1]] = (
            (frame[:, :, ::-1] if self._bgr else frame) - self._mean
        ) / self._divide_by
        outputs = self._session.run(np.ascontiguousarray(padded.transpose(2, 0, 1))[None])
        if len(outputs) != 4 * len(STRIDES):
            raise EngineFault("The detector's output is not as YuNet gives it.")
        found = [
            self._of_grid(stride, rows // stride, columns // stride, [outputs[at + 3 * kind] for kind in range(4)])
            for at, stride in enumerate(STRIDES)
        ]
        scores, boxes, points = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(-scores, kind="stable")
        return scores[order], boxes[order], points[order]

    def _of_grid(
        self, stride: int, rows: int, columns: int, outputs: list[NDArray[np.float32]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        cells = rows * columns
        if [one.shape for one in outputs] != [(1, cells, 1), (1, cells, 1), (1, cells, 4), (1, cells, 10)]:
            raise EngineFault("The detector's output is not as YuNet gives it.")
        kind, face, box, five = (np.asarray(one[0], np.float64) for one in outputs)
        score = np.sqrt(np.clip(kind[:, 0], 0, 1) * np.clip(face[:, 0], 0, 1))
        chosen = np.flatnonzero(score >= self._minimum_score)
        corner = np.stack([chosen % columns, chosen // columns], axis=1).astype(np.float64)
        centre = (corner + box[chosen, :2]) * stride
        half = np.exp(np.minimum(box[chosen, 2:], _LARGEST_GROWTH)) * stride / 2
        points = (five[chosen].reshape(-1, 5, 2) + corner[:, None]) * stride
        found = score[chosen], np.concatenate([centre - half, centre + half], axis=1), points
        if not all(np.isfinite(one).all() for one in found):
            raise EngineFault("The detector's output is not finite.")
        return found


def _distinct(scores: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the places of one proposal for each face; boxes come the surest first."""
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    waiting, kept = np.arange(scores.size), []
    while waiting.size:
        best = waiting[0]
        kept.append(best)
        low, high = np.maximum(boxes[best, :2], boxes[waiting, :2]), np.minimum(boxes[best, 2:], boxes[waiting, 2:])
        shared = np.prod(np.maximum(high - low, 0), axis=1)
        waiting = waiting[shared <= _SAME_FACE * (area[best] + area[waiting] - shared)]
    return np.array(kept, np.intp)
