"""Write a network's parametric rectifiers as operators that the runtime computes faster on a CPU.

ONNX Runtime computes ``PRelu`` value by value, and lays its neighbours out anew for it; multiplications, ``Relu`` and
additions stay in the layout of the convolutions. For a slope ``a``, ``PRelu(x) = a x + (1 - a) Relu(x)`` for every
``x``, up to rounding. The model that a pack names keeps its digest: this happens to the bytes that were checked, in
memory, each time they are loaded.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from fairgate.errors import PackModelFormat

_NAME = b"PRelu"
_BROADCASTS_FROM_OPSET = 7
_PREFIX = "fairgate-prelu"


def without_prelu(model: bytes) -> bytes:
    """Return the model with every ``PRelu`` of a fixed slope replaced; the same bytes where there is none.

    Args:
        model: an ONNX model that :func:`fairgate.face.onnx_guard.refuse_unsafe` let through.

    Raises:
        PackModelFormat: it cannot be read.
    """
    if _NAME not in model:
        return model
    try:
        loaded = onnx.load_model_from_string(model)
        return loaded.SerializeToString() if _rewritten(loaded) else model
    except Exception as cause:  # onnx and protobuf raise kinds of their own, without a common base but Exception
        raise PackModelFormat("A model cannot be read.", way_out="Use the model files that the pack names.") from cause


def _rewritten(model: ModelProto) -> bool:
    """Replace what can be replaced, in place, and say whether anything was."""
    standard = [one.version for one in model.opset_import if one.domain in ("", "ai.onnx")]
    if not standard or min(standard) < _BROADCASTS_FROM_OPSET:
        return False
    graph = model.graph
    fixed = {one.name: one for one in graph.initializer}
    for given in graph.input:  # what a caller may overwrite is not fixed
        fixed.pop(given.name, None)
    nodes: list[NodeProto] = []
    for number, node in enumerate(graph.node):
        slope = fixed.get(node.input[1]) if node.op_type == "PRelu" and len(node.input) == 2 else None
        if slope is None:
            nodes.append(node)
        else:
            nodes.extend(_same_with_relu(graph, node, numpy_helper.to_array(slope), f"{_PREFIX}-{number}"))
    changed = len(nodes) != len(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    return changed


def _same_with_relu(graph: GraphProto, node: NodeProto, slope: np.ndarray, name: str) -> tuple[NodeProto, ...]:
    """Return the four operators for one ``PRelu``; the graph gains the constant that they need."""
    value, slope_name = node.input
    graph.initializer.append(numpy_helper.from_array(np.asarray(1 - slope, slope.dtype), f"{name}-rest"))
    return (
        helper.make_node("Mul", [value, slope_name], [f"{name}-below"]),
        helper.make_node("Relu", [value], [f"{name}-above"]),
        helper.make_node("Mul", [f"{name}-above", f"{name}-rest"], [f"{name}-scaled"]),
        helper.make_node("Add", [f"{name}-below", f"{name}-scaled"], [node.output[0]]),
    )
