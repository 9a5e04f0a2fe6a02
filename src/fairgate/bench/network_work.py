"""How much a network computes: the multiply-adds of its ONNX graph at one input size.

Counted are the operators that a network's work lies in: convolutions and matrix products. What else it does (adding,
pooling, functions of single values) is left out, so a share of a machine's peak reckoned from this is a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper, shape_inference

from fairgate.errors import InputRefused

_Shapes = Mapping[str, tuple[int, ...]]
_Chosen = bool | Sequence[int]


def multiply_adds(model: bytes, input_shape: Sequence[int], chosen: Mapping[str, _Chosen] | None = None) -> int:
    """Return how many multiplications, each with an addition, one run does; two floating-point operations each.

    Args:
        model: an ONNX model's bytes, with all its weights.
        input_shape: of the model's first input.
        chosen: by name, what inputs hold that decide what is computed: truth values, so that a branch that hangs on
            one is counted as it is run, and whole numbers that say how far something is padded.

    Raises:
        InputRefused: it is no ONNX model, the shape does not fit it, a branch hangs on something else, or how large
            a value is cannot be inferred.
    """
    try:
        loaded = onnx.load_model_from_string(model)
        graph = _without_branches(loaded.graph, chosen or {})
        _set_input(graph, input_shape)
        _fold_wholes(graph, chosen or {})
        inferred = shape_inference.infer_shapes(
            ModelProto(ir_version=loaded.ir_version, opset_import=loaded.opset_import, graph=graph),
            strict_mode=True,
            data_prop=True,
        )
    except InputRefused:
        raise
    except Exception as cause:  # onnx and protobuf raise kinds of their own, without a common base but Exception
        raise _refused("it is no ONNX model, or does not take that shape") from cause
    shapes = dict(_shapes(inferred.graph))
    return sum(_of_node(node, shapes) for node in inferred.graph.node)


def _without_branches(graph: GraphProto, chosen: Mapping[str, _Chosen]) -> GraphProto:
    """Return the graph with the chosen branch of every ``If`` in its place, and without shapes that no run has."""
    flat = GraphProto()
    flat.name = graph.name
    flat.input.extend(graph.input)
    flat.output.extend(helper.make_empty_tensor_value_info(one.name) for one in graph.output)
    flat.initializer.extend(graph.initializer)
    for node in graph.node:
        if node.op_type != "If":
            flat.node.append(node)
            continue
        if node.input[0] not in chosen:
            raise _refused(f"a branch hangs on {node.input[0]!r}, of which nothing is said")
        wanted = "then_branch" if chosen[node.input[0]] else "else_branch"
        branch = _without_branches(next(held.g for held in node.attribute if held.name == wanted), chosen)
        flat.initializer.extend(branch.initializer)
        flat.node.extend(branch.node)
        flat.node.extend(
            helper.make_node("Identity", [inner.name], [outer])
            for inner, outer in zip(branch.output, node.output, strict=True)
        )
    return flat


def _set_input(graph: GraphProto, shape: Sequence[int]) -> None:
    """Give the first input that is no weight its sides."""
    weights = {one.name for one in graph.initializer}
    first = next((one for one in graph.input if one.name not in weights), None)
    if first is None:
        raise _refused("it takes nothing")
    dimensions = first.type.tensor_type.shape.dim
    if len(dimensions) != len(shape) or any(
        one.HasField("dim_value") and one.dim_value != side for one, side in zip(dimensions, shape, strict=True)
    ):
        raise _refused(f"it does not take the shape {tuple(shape)}")
    for one, side in zip(dimensions, shape, strict=True):
        one.dim_value = side


def _fold_wholes(graph: GraphProto, chosen: Mapping[str, _Chosen]) -> None:
    """Make constants of the whole numbers that were chosen, and of products of two constants of that kind."""
    known = {one.name: numpy_helper.to_array(one) for one in graph.initializer if one.data_type == TensorProto.INT64}
    given = {name: np.array(held, np.int64) for name, held in chosen.items() if not isinstance(held, bool)}
    kept_inputs = [one for one in graph.input if one.name not in given]
    kept_nodes = []
    for node in graph.node:
        values = [(known | given).get(name) for name in node.input]
        if node.op_type == "Mul" and len(values) == 2 and values[0] is not None and values[1] is not None:
            given[node.output[0]] = values[0] * values[1]
        else:
            kept_nodes.append(node)
    del graph.input[:], graph.node[:]
    graph.input.extend(kept_inputs)
    graph.node.extend(kept_nodes)
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in given.items())


def _shapes(graph: GraphProto) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield name and shape of every value that has a whole one."""
    for one in (*graph.input, *graph.value_info, *graph.output):
        kind = one.type.tensor_type
        if kind.HasField("shape") and all(side.HasField("dim_value") for side in kind.shape.dim):
            yield one.name, tuple(side.dim_value for side in kind.shape.dim)
    for weight in graph.initializer:
        yield weight.name, tuple(weight.dims)


def _of_node(node: NodeProto, shapes: _Shapes) -> int:
    """Return the multiply-adds of one node: what goes into each number that comes out, times how many come out."""
    match node.op_type:
        case "Conv":
            # Filters have the shape (outputs, inputs of a group, rows, columns): all but the first are summed over.
            return _count(node.output[0], shapes) * math.prod(_shape(node.input[1], shapes)[1:])
        case "Gemm":
            turned = any(held.name == "transA" and held.i for held in node.attribute)
            return _count(node.output[0], shapes) * _shape(node.input[0], shapes)[0 if turned else 1]
        case "MatMul":
            return _count(node.output[0], shapes) * _shape(node.input[0], shapes)[-1]
        case _:
            return 0


def _count(name: str, shapes: _Shapes) -> int:
    return math.prod(_shape(name, shapes))


def _shape(name: str, shapes: _Shapes) -> tuple[int, ...]:
    if name not in shapes:
        raise _refused(f"how large {name!r} is cannot be inferred")
    return shapes[name]


def _refused(reason: str) -> InputRefused:
    return InputRefused(f"The work of a network cannot be counted: {reason}.", way_out="Name another model or shape.")
