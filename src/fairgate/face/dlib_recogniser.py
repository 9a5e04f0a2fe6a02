"""Write dlib's residual recogniser as an ONNX model.

Every scaling, and the normalisation of the pixels, is folded into a convolution. Padding between layers is a copying
convolution, and a filter that sees one pixel is cut to its centre; both keep the runtime in its quick layout, and
neither changes a result.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fairgate.face.dlib_graph import (
    Block,
    Graph,
    block_of,
    pixels_input,
    refused,
    scaled,
    serialised,
    with_normalisation,
)
from fairgate.face.dlib_layers import AddBranch, Branch, ChannelScale, Convolution, Dense, Network, Pool, Rectifier

_Folded = Block | Rectifier | Pool | Branch | AddBranch | Dense


def recogniser_to_onnx(network: Network) -> bytes:
    """Return the recogniser as an ONNX model of any batch size.

    It takes ``pixels``, float32 of shape (batch, 3, rows, columns) with the network's own rows and columns, RGB 0 to
    255, not normalised; it gives ``features``, float32 of shape (batch, outputs), not normalised either.

    Raises:
        PackRefused: the layers are not those of a residual network ending in a dense layer.
    """
    if network.input_size is None or not network.layers or not isinstance(network.layers[-1], Dense):
        raise refused("it does not end in a dense layer")
    walk = _Walk(Graph(), "pixels", (3, *network.input_size))
    for layer in _folded(network):
        walk.step(layer)
    pixels = pixels_input(["batch", 3, *network.input_size])
    return serialised(walk.graph.proto("recogniser", [pixels], "features", ["batch", walk.shape[0]]))


def _folded(network: Network) -> list[_Folded]:
    """Return the layers with each scaling folded into its convolution, and the normalisation into the first."""
    folded: list[_Folded] = []
    for layer in network.layers:
        if isinstance(layer, Convolution):
            block = block_of(layer)
            folded.append(block if folded else with_normalisation(block, network.mean_rgb))
        elif isinstance(layer, ChannelScale):
            last = folded[-1] if folded else None
            if not isinstance(last, Block):
                raise refused("a scaling does not stand behind a convolution")
            folded[-1] = scaled(last, layer)
        else:
            folded.append(layer)
    return folded


class _Walk:
    """The way through a residual network: where it stands, and the branches it left open."""

    def __init__(self, graph: Graph, value: str, shape: tuple[int, int, int]) -> None:
        self.graph = graph
        self.value = value
        self.shape = shape
        self._open: list[tuple[str, tuple[int, int, int]]] = []

    def step(self, layer: _Folded) -> None:
        """Take one layer."""
        match layer:
            case Block():
                layer = _without_unseen(layer, self.shape[1:])
                size = self._size_after((layer.filters.shape[2], layer.filters.shape[3]), layer.stride, layer.padding)
                self.value, channels = self.graph.convolution(self.value, self.shape[0], layer)
                self.shape = (channels, *size)
            case Rectifier():
                self.value = self.graph.node("Relu", [self.value])
            case Pool():
                self._pool(layer)
            case Branch():
                self._branch()
            case AddBranch():
                self._add()
            case Dense():
                self._dense(layer)

    def _branch(self) -> None:
        """Open a branch; the third mark in a row of open ones is dlib's way back to the first."""
        if len(self._open) < 2:
            self._open.append((self.value, self.shape))
            return
        (self.value, self.shape), block = self._open
        self._open = [block]

    def _pool(self, pool: Pool) -> None:
        if pool.window == (0, 0):
            self.value = self.graph.node("GlobalAveragePool", [self.value])
            self.shape = (self.shape[0], 1, 1)
            return
        size = self._size_after(pool.window, pool.stride, pool.padding)
        if pool.kind == "max":
            pads = [*pool.padding, *pool.padding]
            self.value = self.graph.node(
                "MaxPool", [self.value], kernel_shape=list(pool.window), strides=list(pool.stride), pads=pads
            )
        else:
            self._mean_of_shortcut(pool)
        self.shape = (self.shape[0], *size)

    def _mean_of_shortcut(self, pool: Pool) -> None:
        """Average a shortcut down, and give it as many channels as the branch that it will be added to."""
        if not self._open or pool.padding != (0, 0):
            raise refused("a mean stands where no shortcut is")
        self.value = self.graph.node(
            "AveragePool", [self.value], kernel_shape=list(pool.window), strides=list(pool.stride)
        )
        channels, wanted = self.shape[0], self._open[-1][1][0]
        if wanted > channels:
            widen = np.eye(wanted, channels)[:, :, None, None]
            block = Block(widen, np.zeros(wanted))
            self.value, wanted = self.graph.convolution(self.value, channels, block)
            self.shape = (wanted, *self.shape[1:])

    def _add(self) -> None:
        if len(self._open) != 1:
            raise refused("a sum has no branch to add")
        other, other_shape = self._open.pop()
        if other_shape[0] != self.shape[0]:
            raise refused("a sum's channels differ")
        size = (max(self.shape[1], other_shape[1]), max(self.shape[2], other_shape[2]))
        parts = [
            self._filled_to(size, value, shape) for value, shape in ((other, other_shape), (self.value, self.shape))
        ]
        self.value = self.graph.node("Add", parts)
        self.shape = (self.shape[0], *size)

    def _filled_to(self, size: tuple[int, int], value: str, shape: tuple[int, int, int]) -> str:
        """Add zero rows below and columns to the right, as dlib does where the parts of a sum differ in size.

        A convolution with one for a weight copies each channel and pads it; unlike the operator for padding it keeps
        the runtime's blocked layout.
        """
        channels, rows, columns = shape
        if (rows, columns) == size:
            return value
        return self.graph.node(
            "Conv",
            [value, self.graph.weight(np.ones((channels, 1, 1, 1), np.float32))],
            kernel_shape=[1, 1],
            group=channels,
            pads=[0, 0, size[0] - rows, size[1] - columns],
        )

    def _dense(self, layer: Dense) -> None:
        inputs, outputs = layer.weights.shape
        if self.shape != (inputs, 1, 1) or self._open:
            raise refused("the dense layer does not fit what precedes it")
        value = self.graph.node("Flatten", [self.value], axis=1)
        weights = [self.graph.weight(layer.weights)]
        if layer.bias is not None:
            weights.append(self.graph.weight(layer.bias))
        self.value = self.graph.node("Gemm", [value, *weights])
        self.shape = (outputs, 1, 1)

    def _size_after(
        self, window: tuple[int, int], stride: tuple[int, int], padding: tuple[int, int]
    ) -> tuple[int, int]:
        rows = (self.shape[1] + 2 * padding[0] - window[0]) // stride[0] + 1
        columns = (self.shape[2] + 2 * padding[1] - window[1]) // stride[1] + 1
        if rows < 1 or columns < 1:
            raise refused("the image is smaller than a window")
        return rows, columns


def _without_unseen(block: Block, size: tuple[int, int]) -> Block:
    """Drop the rim of a filter that on a single pixel sees nothing but padding."""
    _, _, rows, columns = block.filters.shape
    down, across = block.padding
    if size != (1, 1) or (rows, columns) != (2 * down + 1, 2 * across + 1):
        return block
    centre = block.filters[:, :, down : down + 1, across : across + 1]
    return replace(block, filters=centre, stride=(1, 1), padding=(0, 0))
