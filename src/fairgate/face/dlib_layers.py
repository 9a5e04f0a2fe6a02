"""dlib's layers as frozen values, as :mod:`fairgate.face.dlib_format` reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution with bias.

    Args:
        filters: float32, shape (outputs, inputs, height, width).
        bias: float32, shape (outputs,).
        stride: rows, columns.
        padding: zeros added on each side: rows, columns.
    """

    filters: NDArray[np.float32] = field(repr=False)
    bias: NDArray[np.float32] = field(repr=False)
    stride: tuple[int, int]
    padding: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class ChannelScale:
    """A multiplication and an addition per channel; a batch normalisation at rest is read into this form.

    Args:
        gain: float64, shape (channels,).
        offset: float64, shape (channels,).
    """

    gain: NDArray[np.float64] = field(repr=False)
    offset: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rectifier:
    """The larger of the value and zero."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A maximum or mean over a window.

    Args:
        kind: ``"max"`` or ``"mean"``.
        window: rows, columns; (0, 0) stands for the whole plane.
        stride: rows, columns.
        padding: rows, columns.
    """

    kind: str
    window: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Branch:
    """A place where dlib names a value for later use (a tag), or returns to a named one (a skip)."""


@dataclass(frozen=True, slots=True)
class AddBranch:
    """The sum with the value of an earlier branch, zero-padded where the shapes differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """A matrix product over all inputs of a sample.

    Args:
        weights: float32, shape (inputs, outputs).
        bias: float32, shape (outputs,); ``None`` where the layer has none.
    """

    weights: NDArray[np.float32] = field(repr=False)
    bias: NDArray[np.float32] | None = field(repr=False)


Layer = Convolution | ChannelScale | Rectifier | Pool | Branch | AddBranch | Dense


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What a sliding-window detector's loss layer says of its windows.

    Args:
        width_px, height_px: the window on the level where the object has its size.
        nms_iou: boxes with a larger intersection over union are one object.
        nms_covered: boxes of which a larger share lies within the other are one object.
    """

    width_px: int
    height_px: int
    nms_iou: float
    nms_covered: float


@dataclass(frozen=True, slots=True)
class Network:
    """A network as dlib stored it, input first.

    Args:
        mean_rgb: subtracted from the pixels (0-255), which dlib then divides by 256.
        input_size: rows, columns; ``None`` where any size is taken.
        layers: from the input to the output.
        windows: only for detectors.
    """

    mean_rgb: tuple[float, float, float]
    input_size: tuple[int, int] | None
    layers: tuple[Layer, ...] = field(repr=False)
    windows: WindowOptions | None
