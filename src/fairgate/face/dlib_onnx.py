"""Write dlib's networks as ONNX models, with every scaling folded into the convolution before it.

Both models take float32 ``pixels`` of shape (batch, 3, rows, columns), RGB, 0 to 255, not normalised: no network here
pads its first convolution, so that the normalisation folds into it exactly. The bytes depend on the network alone: the
same ``.dat`` gives the same ONNX digest on every machine.

Three rearrangements make the models quick without changing what they compute: channels are filled up to a multiple
of eight with zeros, which suits the runtime's blocked layout; the detector's last, single-channel convolution is split
into rows and their sum; and padding between layers is a copying convolution.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from fairgate.errors import PackRefused
from fairgate.face.dlib_format import AddBranch, Branch, ChannelScale, Convolution, Dense, Network, Pool, Rectifier

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import NodeProto

    from fairgate.face.dlib_format import Layer, WindowOptions

DIVIDE_BY = 256.0
"""What dlib divides the centred pixels by. Source: dlib 19, dnn/input.h."""

_OPSET = 17
_IR_VERSION = 8
_CHANNEL_BLOCK = 8


def detector_to_onnx(network: Network) -> bytes:
    """Return the sliding-window detector as an ONNX model of any image size.

    Its input ``pixels`` has shape (1, 3, rows, columns); its output ``scores`` has one float32 score for each window.

    Raises:
        PackRefused: the network is not a plain chain of convolutions that ends in one map.
    """
    graph = _Graph()
    blocks = _blocks(network.layers)
    if network.windows is None or not blocks or blocks[-1].rectified or blocks[-1].filters.shape[0] != 1:
        raise _refused("it does not end in one map of scores")
    value, channels = "pixels", 3
    for block in (_with_normalisation(blocks[0], network.mean_rgb), *blocks[1:-1]):
        value, channels = graph.convolution(value, channels, block, fill_up=True)
    graph.single_map(value, channels, blocks[-1])
    return graph.model(
        "detector",
        [1, 3, "rows", "columns"],
        ("scores", [1, 1, "down", "across"]),
        _window_facts(network.windows, blocks),
    )


def _window_facts(windows: WindowOptions, blocks: list[_Block]) -> dict[str, str]:
    """Return what turns a position on the map of scores into a rectangle; decoding needs it beside the scores."""
    step, first_centre = 1, 0
    for block in blocks:
        (_, columns), (_, across), (_, stride) = block.filters.shape[2:], block.padding, block.stride
        first_centre += step * (columns // 2 - across)
        step *= stride
    return {
        "window_width_px": str(windows.width_px),
        "window_height_px": str(windows.height_px),
        "step_px": str(step),
        "first_centre_px": str(first_centre),
        "nms_iou": repr(windows.nms_iou),
        "nms_covered": repr(windows.nms_covered),
    }


def recogniser_to_onnx(network: Network) -> bytes:
    """Return the residual recogniser as an ONNX model of any batch size.

    Its input ``pixels`` has shape (batch, 3, rows, columns) with the network's own rows and columns; its output
    ``features`` has shape (batch, outputs), not normalised.

    Raises:
        PackRefused: the layers are not those of a residual network ending in a dense layer.
    """
    if network.input_size is None or not network.layers or not isinstance(network.layers[-1], Dense):
        raise _refused("it does not end in a dense layer")
    walk = _Walk(_Graph(), "pixels", (3, *network.input_size))
    for layer in _folded(network):
        walk.step(layer)
    rows, columns = network.input_size
    return walk.graph.model("recogniser", ["batch", 3, rows, columns], ("features", ["batch", walk.shape[0]]))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """A convolution with what followed it folded in."""

    filters: NDArray[np.float64] = field(repr=False)
    bias: NDArray[np.float64] = field(repr=False)
    stride: tuple[int, int]
    padding: tuple[int, int]
    rectified: bool


_Folded = _Block | Rectifier | Pool | Branch | AddBranch | Dense


def _blocks(layers: tuple[Layer, ...]) -> list[_Block]:
    """Return a plain chain of convolutions, each with its scaling and rectifier folded in."""
    blocks: list[_Block] = []
    for layer in layers:
        if isinstance(layer, Convolution):
            blocks.append(
                _Block(
                    layer.filters.astype(np.float64), layer.bias.astype(np.float64), layer.stride, layer.padding, False
                )
            )
        elif isinstance(layer, ChannelScale) and blocks and not blocks[-1].rectified:
            blocks[-1] = _scaled(blocks[-1], layer)
        elif isinstance(layer, Rectifier) and blocks:
            last = blocks[-1]
            blocks[-1] = _Block(last.filters, last.bias, last.stride, last.padding, True)
        else:
            raise _refused("it is not a chain of convolutions")
    return blocks


def _scaled(block: _Block, scale: ChannelScale) -> _Block:
    if scale.gain.shape != block.bias.shape:
        raise _refused("a scaling does not fit the convolution before it")
    filters = block.filters * scale.gain[:, None, None, None]
    return _Block(filters, block.bias * scale.gain + scale.offset, block.stride, block.padding, block.rectified)


def _with_normalisation(block: _Block, mean_rgb: tuple[float, float, float]) -> _Block:
    """Fold ``(pixel - mean) / 256`` into a first convolution, which is exact where that one pads nothing."""
    if block.padding != (0, 0) or block.filters.shape[1] != len(mean_rgb):
        raise _refused("the first convolution is not one over plain RGB pixels")
    filters = block.filters / DIVIDE_BY
    bias = block.bias - np.einsum("ocyx,c->o", filters, np.array(mean_rgb))
    return _Block(filters, bias, block.stride, block.padding, block.rectified)


def _folded(network: Network) -> list[_Folded]:
    """Return the layers with each scaling folded into its convolution, and the normalisation into the first."""
    folded: list[_Folded] = []
    for layer in network.layers:
        if isinstance(layer, Convolution):
            (block,) = _blocks((layer,))
            folded.append(block if folded else _with_normalisation(block, network.mean_rgb))
        elif isinstance(layer, ChannelScale):
            if not folded or not isinstance(folded[-1], _Block):
                raise _refused("a scaling does not stand behind a convolution")
            folded[-1] = _scaled(folded[-1], layer)
        else:
            folded.append(layer)
    return folded


class _Graph:
    """Nodes and weights under construction."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._weights: list[TensorProto] = []

    def node(self, kind: str, inputs: list[str], **attributes: object) -> str:
        """Add a node and return the name of its output."""
        name = f"{kind.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def weight(self, values: NDArray[np.generic]) -> str:
        name = f"weight{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def convolution(self, value: str, channels: int, block: _Block, *, fill_up: bool = False) -> tuple[str, int]:
        """Add a convolution over ``channels``; ``fill_up`` adds outputs that are zero, up to a full block."""
        outputs, inputs, rows, columns = block.filters.shape
        if inputs > channels:
            raise _refused("a convolution takes more channels than there are")
        made = -(-outputs // _CHANNEL_BLOCK) * _CHANNEL_BLOCK if fill_up else outputs
        filters = np.zeros((made, channels, rows, columns), np.float32)
        filters[:outputs, :inputs] = block.filters
        bias = np.zeros(made, np.float32)
        bias[:outputs] = block.bias
        value = self.node(
            "Conv",
            [value, self.weight(filters), self.weight(bias)],
            kernel_shape=[rows, columns],
            strides=list(block.stride),
            pads=[*block.padding, *block.padding],
        )
        return (self.node("Relu", [value]) if block.rectified else value), made

    def single_map(self, value: str, channels: int, block: _Block) -> None:
        """Add a convolution with one output as one output for each row of its filter, then their shifted sum."""
        _, inputs, rows, columns = block.filters.shape
        if block.stride != (1, 1):
            raise _refused("the last convolution skips positions")
        by_row = np.zeros((rows, inputs, 1, columns))
        by_row[:, :, 0, :] = block.filters[0].transpose(1, 0, 2)
        shifted = np.zeros((1, rows, rows, 1))
        shifted[0, np.arange(rows), np.arange(rows), 0] = 1.0
        down, across = block.padding
        first = _Block(by_row, np.zeros(rows), (1, 1), (0, across), False)
        value, channels = self.convolution(value, channels, first, fill_up=True)
        self.convolution(value, channels, _Block(shifted, block.bias, (1, 1), (down, 0), False))

    def model(
        self, name: str, takes: list[int | str], gives: tuple[str, list[int | str]], facts: dict[str, str] | None = None
    ) -> bytes:
        """Return the serialised model that takes ``pixels`` and gives the last node's value under another name."""
        self._nodes[-1].output[0] = gives[0]
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, takes)],
            [helper.make_tensor_value_info(gives[0], TensorProto.FLOAT, gives[1])],
            self._weights,
        )
        model = helper.make_model(
            graph, producer_name="fairgate", opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
        )
        helper.set_model_props(model, facts or {})
        return bytes(model.SerializeToString(deterministic=True))


class _Walk:
    """The way through a residual network: where it stands, and the branches it left open."""

    def __init__(self, graph: _Graph, value: str, shape: tuple[int, int, int]) -> None:
        self.graph = graph
        self.value = value
        self.shape = shape
        self._open: list[tuple[str, tuple[int, int, int]]] = []

    def step(self, layer: _Folded) -> None:
        """Take one layer."""
        match layer:
            case _Block():
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
            raise _refused("a mean stands where no shortcut is")
        self.value = self.graph.node(
            "AveragePool", [self.value], kernel_shape=list(pool.window), strides=list(pool.stride)
        )
        channels, wanted = self.shape[0], self._open[-1][1][0]
        if wanted > channels:
            widen = np.eye(wanted, channels)[:, :, None, None]
            block = _Block(widen, np.zeros(wanted), (1, 1), (0, 0), False)
            self.value, wanted = self.graph.convolution(self.value, channels, block)
            self.shape = (wanted, *self.shape[1:])

    def _add(self) -> None:
        if len(self._open) != 1:
            raise _refused("a sum has no branch to add")
        other, other_shape = self._open.pop()
        if other_shape[0] != self.shape[0]:
            raise _refused("a sum's channels differ")
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
            raise _refused("the dense layer does not fit what precedes it")
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
            raise _refused("the image is smaller than a window")
        return rows, columns


def _without_unseen(block: _Block, size: tuple[int, int]) -> _Block:
    """Drop the rim of a filter that on a single pixel sees nothing but padding."""
    _, _, rows, columns = block.filters.shape
    down, across = block.padding
    if size != (1, 1) or (rows, columns) != (2 * down + 1, 2 * across + 1):
        return block
    centre = block.filters[:, :, down : down + 1, across : across + 1]
    return _Block(centre, block.bias, (1, 1), (0, 0), block.rectified)


def _refused(reason: str) -> PackRefused:
    return PackRefused(
        f"A dlib network cannot be written as ONNX: {reason}.",
        way_out="Use the model files that the pack names, and run `fairgate packs verify`.",
    )
