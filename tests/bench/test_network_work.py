"""A network's multiply-adds are counted as they are run; every figure here was worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from fairgate.bench.network_work import multiply_adds
from fairgate.errors import InputRefused

Sides = list[int | str | None]


def _model(
    nodes: list[NodeProto], sides: Sides, weights: dict[str, tuple[int, ...]], *, truth: str | None = None
) -> bytes:
    """Return a model whose input is ``x`` and whose output is ``y``."""
    takes = [helper.make_tensor_value_info("x", TensorProto.FLOAT, sides)]
    if truth is not None:
        takes.append(helper.make_tensor_value_info(truth, TensorProto.BOOL, []))
    graph = helper.make_graph(
        nodes,
        "small",
        takes,
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in weights.items()],
    )
    return bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString())


def _branch(name: str, outputs: int) -> GraphProto:
    weight = numpy_helper.from_array(np.zeros((outputs, 3, 1, 1), np.float32), f"{name}_w")
    nodes = [
        helper.make_node("Conv", ["x", f"{name}_w"], [f"{name}_seen"]),
        helper.make_node("Relu", [f"{name}_seen"], [f"{name}_y"]),
    ]
    return helper.make_graph(
        nodes, name, [], [helper.make_tensor_value_info(f"{name}_y", TensorProto.FLOAT, None)], [weight]
    )


def test_a_convolution_counts_its_filter_at_every_place() -> None:
    """8 outputs of 10 × 10, each from 3 × 3 pixels of 3 channels; twice that for a batch of two."""
    model = _model(
        [helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])],
        ["batch", 3, "rows", "columns"],
        {"w": (8, 3, 3, 3)},
    )
    assert multiply_adds(model, (1, 3, 10, 10)) == 8 * 10 * 10 * 27
    assert multiply_adds(model, (2, 3, 10, 10)) == 2 * 8 * 10 * 10 * 27


def test_a_step_and_no_margin_leave_fewer_places() -> None:
    """11 pixels, a window of three, every second place: five places along each side."""
    model = _model([helper.make_node("Conv", ["x", "w"], ["y"], strides=[2, 2])], [1, 3, 11, 11], {"w": (4, 3, 3, 3)})
    assert multiply_adds(model, (1, 3, 11, 11)) == 4 * 5 * 5 * 27


def test_a_grouped_convolution_sees_its_own_channels_only() -> None:
    """Four channels, each seen by itself."""
    model = _model([helper.make_node("Conv", ["x", "w"], ["y"], group=4)], [1, 4, 5, 5], {"w": (4, 1, 3, 3)})
    assert multiply_adds(model, (1, 4, 5, 5)) == 4 * 3 * 3 * 9


def test_matrix_products_count_what_is_summed_over() -> None:
    """Gemm straight and turned, and a MatMul in a batch; adding a bias is no product."""
    straight = _model([helper.make_node("Gemm", ["x", "w", "b"], ["y"])], ["batch", 20], {"w": (20, 7), "b": (7,)})
    assert multiply_adds(straight, (3, 20)) == 3 * 20 * 7
    turned = _model([helper.make_node("Gemm", ["x", "w"], ["y"], transA=1)], [20, 3], {"w": (20, 7)})
    assert multiply_adds(turned, (20, 3)) == 3 * 20 * 7
    batched = _model([helper.make_node("MatMul", ["x", "w"], ["y"])], [2, 5, 4], {"w": (4, 6)})
    assert multiply_adds(batched, (2, 5, 4)) == 2 * 5 * 4 * 6


def test_what_is_no_product_is_not_counted() -> None:
    """Functions of single values, and pooling."""
    model = _model(
        [helper.make_node("Relu", ["x"], ["r"]), helper.make_node("GlobalAveragePool", ["r"], ["y"])], [1, 3, 9, 9], {}
    )
    assert multiply_adds(model, (1, 3, 9, 9)) == 0


def test_only_the_branch_that_is_run_is_counted() -> None:
    """Two networks in one model, as in the converted detector."""
    fork = helper.make_node("If", ["exact"], ["y"], then_branch=_branch("one", 6), else_branch=_branch("other", 2))
    model = _model([fork], [1, 3, "rows", "columns"], {}, truth="exact")
    assert multiply_adds(model, (1, 3, 4, 4), {"exact": True}) == 6 * 16 * 3
    assert multiply_adds(model, (1, 3, 4, 4), {"exact": False}) == 2 * 16 * 3
    with pytest.raises(InputRefused, match="'exact'"):
        multiply_adds(model, (1, 3, 4, 4))


def test_padding_that_an_input_decides_counts_as_it_is_run() -> None:
    """3 × 3 over 10 × 10: at every place where all edges are padded, and at eight rows of ten where two are not."""
    nodes = [
        helper.make_node("Mul", ["edges", "sides"], ["pads"]),
        helper.make_node("Pad", ["x", "pads"], ["wide"]),
        helper.make_node("Conv", ["wide", "w"], ["y"]),
    ]
    takes = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, "rows", "columns"]),
        helper.make_tensor_value_info("edges", TensorProto.INT64, [8]),
    ]
    weights = {"w": np.zeros((4, 3, 3, 3), np.float32), "sides": np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64)}
    graph = helper.make_graph(
        nodes,
        "padded",
        takes,
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString()
    assert multiply_adds(model, (1, 3, 10, 10), {"edges": [0, 0, 1, 1, 0, 0, 1, 1]}) == 4 * 10 * 10 * 27
    assert multiply_adds(model, (1, 3, 10, 10), {"edges": [0, 0, 0, 1, 0, 0, 0, 1]}) == 4 * 8 * 10 * 27


@pytest.mark.parametrize("shape", [(1, 3, 10), (1, 4, 10, 10)])
def test_a_shape_that_does_not_fit_is_refused(shape: tuple[int, ...]) -> None:
    """Too few sides, or other channels."""
    model = _model([helper.make_node("Conv", ["x", "w"], ["y"])], [1, 3, "rows", "columns"], {"w": (8, 3, 3, 3)})
    with pytest.raises(InputRefused):
        multiply_adds(model, shape)


def test_what_cannot_be_counted_is_refused() -> None:
    """Bytes that are no model, a model that takes nothing, and a value whose size depends on what it holds."""
    with pytest.raises(InputRefused, match="no ONNX model"):
        multiply_adds(b"no model", (1,))
    with pytest.raises(InputRefused, match="takes nothing"):
        multiply_adds(b"", (1,))
    chosen = [helper.make_node("NonZero", ["x"], ["n"]), helper.make_node("Cast", ["n"], ["f"], to=TensorProto.FLOAT)]
    model = _model([*chosen, helper.make_node("MatMul", ["w", "f"], ["y"])], [3, 3], {"w": (4, 2)})
    with pytest.raises(InputRefused, match="cannot be inferred"):
        multiply_adds(model, (3, 3))
