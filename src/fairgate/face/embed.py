"""Turn aligned chips into features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import EngineFault, FaceContractBroken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.runtime import Network


@dataclass(frozen=True, slots=True)
class PixelForm:
    """How a network wants its pixels: ``(pixel - mean) / divide_by``.

    Args:
        bgr: blue first.
        mean: of each channel, in the network's colour order.
        divide_by: of all channels.
    """

    bgr: bool
    mean: tuple[float, float, float]
    divide_by: float

    def formed(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return pixels as the network wants them.

        Args:
            pixels: float32, shape (batch, 3, rows, columns), RGB 0-255.
        """
        ordered = pixels[:, ::-1] if self.bgr else pixels
        mean = np.array(self.mean, np.float32)[:, None, None]
        return np.ascontiguousarray((ordered - mean) / np.float32(self.divide_by))


class Embedder:
    """The recogniser.

    Args:
        session: the network: float32 (batch, 3, rows, columns) in, features out.
        size_px: side of the chip.
        feature_length: how many numbers come out.
        mirrored_average: whether a chip's features are averaged with those of its mirror image.
        one_at_a_time: the network takes a batch of one and no other.
        pixels: what the network wants of the pixels; ``None`` for RGB 0-255 as they are.
    """

    def __init__(
        self,
        session: Network,
        *,
        size_px: int,
        feature_length: int,
        mirrored_average: bool,
        one_at_a_time: bool = False,
        pixels: PixelForm | None = None,
    ) -> None:
        self._session = session
        self._size_px = size_px
        self._feature_length = feature_length
        self._mirrored_average = mirrored_average
        self._one_at_a_time = one_at_a_time
        self._pixels = pixels

    @property
    def size_px(self) -> int:
        """Return the side of the chips that it takes."""
        return self._size_px

    def raw(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the network's own output, not normalised.

        Args:
            chips: uint8, shape (batch, size, size, 3), RGB 0-255.

        Returns:
            float32, shape (batch, feature_length).

        Raises:
            FaceContractBroken: the chips are not of that shape.
            EngineFault: the runtime failed, or what came out is not finite.
        """
        found = self._run(chips)
        if found.shape != (len(chips), self._feature_length) or not np.isfinite(found).all():
            raise EngineFault("The recogniser's output is not as its pack says.")
        return found

    def length_of(self, chip: NDArray[np.uint8]) -> int:
        """Return how many numbers come out for one chip, whatever the pack says.

        Args:
            chip: uint8, shape (1, size, size, 3), RGB 0-255.

        Raises:
            FaceContractBroken: the chip is not of that shape.
            EngineFault: the runtime failed.
        """
        return int(self._run(chip).shape[1])

    def _run(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        if chips.dtype != np.uint8 or chips.shape[1:] != (self._size_px, self._size_px, 3) or len(chips) == 0:
            raise FaceContractBroken(f"Chips must be uint8 of {self._size_px} x {self._size_px} x 3.")
        pixels = np.ascontiguousarray(chips.transpose(0, 3, 1, 2), np.float32)
        if self._pixels is not None:
            pixels = self._pixels.formed(pixels)
        batches = np.split(pixels, len(pixels)) if self._one_at_a_time else [pixels]
        return np.concatenate([self._session.run(batch)[0].reshape(len(batch), -1) for batch in batches])

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return features of unit norm, averaged with the mirror image's where the pack says so.

        Args:
            chips: uint8, shape (batch, size, size, 3), RGB 0-255.

        Returns:
            float32, shape (batch, feature_length), unit norm.

        Raises:
            FaceContractBroken, EngineFault: as :meth:`raw`.
        """
        if self._mirrored_average:
            both = self.raw(np.concatenate([chips, chips[:, :, ::-1]]))
            found = both[: len(chips)] + both[len(chips) :]
        else:
            found = self.raw(chips)
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        if not (norms > 0).all():
            raise EngineFault("The recogniser's output is zero.")
        return np.asarray(found / norms, np.float32)
