"""Parametric rectifiers are written as quicker operators, and give the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, load_model_from_string, numpy_helper

from fairgate.errors import PackModelFormat
from fairgate.face.prelu import without_prelu
from fairgate.face.runtime import Session

SHAPE = [1, 3, 2, 2]


def with_prelu(slope: NDArray[np.float32], *, slope_is_input: bool = False, opset: int = 10) -> ModelProto:
    """A model of one rectifier whose slope is per channel."""
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, SHAPE)]
    if slope_is_input:
        inputs.append(helper.make_tensor_value_info("slope", TensorProto.FLOAT, list(slope.shape)))
    graph = helper.make_graph(
        [helper.make_node("PRelu", ["x", "slope"], ["y"])],
        "rectify",
        inputs,
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, SHAPE)],
        [numpy_helper.from_array(slope, "slope")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=5)


def operators(model: bytes) -> set[str]:
    """The kinds of a model's operators."""
    return {node.op_type for node in load_model_from_string(model).graph.node}


slopes = st.lists(st.floats(-8, 8, width=32), min_size=3, max_size=3)
values = st.lists(st.floats(-100, 100, width=32), min_size=12, max_size=12)


@given(slope=slopes, value=values)
def test_the_same_comes_out(slope: list[float], value: list[float]) -> None:
    """For slopes below nought and above one too, which trained networks do have."""
    a = np.array(slope, np.float32).reshape(3, 1, 1)
    x = np.array(value, np.float32).reshape(SHAPE)
    (found,) = Session(with_prelu(a).SerializeToString()).run(x)
    np.testing.assert_allclose(found, np.where(x < 0, a * x, x), rtol=1e-5, atol=1e-4)


def test_no_rectifier_is_left() -> None:
    """The slow operator is gone; what replaces it is standard."""
    model = with_prelu(np.full((3, 1, 1), 0.25, np.float32)).SerializeToString()
    assert operators(without_prelu(model)) == {"Mul", "Relu", "Add"}


@pytest.mark.parametrize(("slope_is_input", "opset"), [(True, 10), (False, 6)])
def test_what_is_not_fixed_or_spreads_otherwise_is_left_alone(slope_is_input: bool, opset: int) -> None:
    """A slope that a caller may set is no constant, and before operator set 7 a slope was spread another way."""
    slope = np.full((3, 1, 1), 0.25, np.float32)
    model = with_prelu(slope, slope_is_input=slope_is_input, opset=opset).SerializeToString()
    assert without_prelu(model) == model


def test_a_model_without_rectifiers_is_not_touched() -> None:
    """Not even read."""
    assert without_prelu(b"no such operator in here") == b"no such operator in here"


def test_what_cannot_be_read_is_refused() -> None:
    """With one error."""
    with pytest.raises(PackModelFormat):
        without_prelu(b"\xff\xffPRelu")
