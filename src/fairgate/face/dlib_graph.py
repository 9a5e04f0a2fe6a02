"""ONNX graphs under construction, and convolutions with everything that followed them folded in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from fairgate.errors import PackRefused
from fairgate.face.dlib_layers import ChannelScale, Convolution, Layer, Rectifier

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import GraphProto, NodeProto, ValueInfoProto

DIVIDE_BY = 256.0
"""What dlib divides the centred pixels by. Source: dlib 19, dnn/input.h."""

CHANNEL_BLOCK = 8
"""The runtime's blocked layout holds channels in groups of eight; zeros fill the last one up."""

_OPSET = 17
_IR_VERSION = 8

Side = int | str | None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A convolution with what followed it folded in.

    Args:
        filters: float64, shape (outputs, inputs, rows, columns).
        bias: float64, shape (outputs,).
        stride: rows, columns.
        padding: rows, columns.
        rectified: whether a rectifier follows.
    """

    filters: NDArray[np.float64] = field(repr=False)
    bias: NDArray[np.float64] = field(repr=False)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    rectified: bool = False


def block_of(layer: Convolution) -> Block:
    """Return a convolution alone."""
    return Block(layer.filters.astype(np.float64), layer.bias.astype(np.float64), layer.stride, layer.padding)


def chain_of(layers: tuple[Layer, ...]) -> list[Block]:
    """Return a plain chain of convolutions, each with its scaling and rectifier folded in.

    Raises:
        PackRefused: there is something else among the layers.
    """
    blocks: list[Block] = []
    for layer in layers:
        if isinstance(layer, Convolution):
            blocks.append(block_of(layer))
        elif isinstance(layer, ChannelScale) and blocks and not blocks[-1].rectified:
            blocks[-1] = scaled(blocks[-1], layer)
        elif isinstance(layer, Rectifier) and blocks:
            blocks[-1] = replace(blocks[-1], rectified=True)
        else:
            raise refused("it is not a chain of convolutions")
    return blocks


def scaled(block: Block, scale: ChannelScale) -> Block:
    """Fold a scaling by channel into the convolution before it."""
    if scale.gain.shape != block.bias.shape:
        raise refused("a scaling does not fit the convolution before it")
    filters = block.filters * scale.gain[:, None, None, None]
    return replace(block, filters=filters, bias=block.bias * scale.gain + scale.offset)


def with_normalisation(block: Block, mean_rgb: tuple[float, float, float]) -> Block:
    """Fold ``(pixel - mean) / 256`` into a first convolution, which is exact where that one pads nothing."""
    if block.padding != (0, 0) or block.filters.shape[1] != len(mean_rgb):
        raise refused("the first convolution is not one over plain RGB pixels")
    filters = block.filters / DIVIDE_BY
    bias = block.bias - np.einsum("ocyx,c->o", filters, np.array(mean_rgb))
    return replace(block, filters=filters, bias=bias)


class Graph:
    """Nodes and weights under construction.

    Args:
        prefix: before every name, so that two graphs can stand in one model.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._nodes: list[NodeProto] = []
        self._weights: list[TensorProto] = []

    def node(self, kind: str, inputs: list[str], **attributes: object) -> str:
        """Add a node and return the name of its output."""
        name = f"{self._prefix}{kind.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def weight(self, values: NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        name = f"{self._prefix}weight{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def convolution(self, value: str, channels: int, block: Block, *, fill_up: bool = False) -> tuple[str, int]:
        """Add a convolution over ``channels``; ``fill_up`` adds outputs that are zero, up to a full block."""
        outputs, inputs, rows, columns = block.filters.shape
        if inputs > channels:
            raise refused("a convolution takes more channels than there are")
        made = -(-outputs // CHANNEL_BLOCK) * CHANNEL_BLOCK if fill_up else outputs
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

    def proto(self, name: str, takes: list[ValueInfoProto], gives: str, shape: list[Side]) -> GraphProto:
        """Return the graph; the last node's value becomes ``gives``."""
        self._nodes[-1].output[0] = gives
        made = helper.make_tensor_value_info(gives, TensorProto.FLOAT, shape)
        return helper.make_graph(self._nodes, name, takes, [made], self._weights)


def pixels_input(shape: list[Side]) -> ValueInfoProto:
    """Return the input that every model here takes: float32 ``pixels``."""
    return helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)


def serialised(graph: GraphProto, facts: dict[str, str] | None = None) -> bytes:
    """Return a model's bytes, which depend on the graph and the facts alone."""
    model = helper.make_model(
        graph, producer_name="fairgate", opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
    )
    helper.set_model_props(model, facts or {})
    return bytes(model.SerializeToString(deterministic=True))


def refused(reason: str) -> PackRefused:
    """Return the refusal to raise."""
    return PackRefused(
        f"A dlib network cannot be written as ONNX: {reason}.",
        way_out="Use the model files that the pack names, and run `fairgate packs verify`.",
    )
