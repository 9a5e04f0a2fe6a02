"""A model that reaches outside itself never comes to the runtime."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto, TensorProto, helper, numpy_helper

from fairgate.errors import EngineFault, ExecutionProviderRefused, PackRefused
from fairgate.face.onnx_guard import refuse_unsafe
from fairgate.face.runtime import Session


def model(*, node_domain: str = "", opset_domain: str = "") -> ModelProto:
    """A model that adds one to two numbers."""
    one = numpy_helper.from_array(np.ones(2, np.float32), "one")
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "one"], ["y"], domain=node_domain)],
        "add",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2])],
        [one],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid(opset_domain, 17)], ir_version=8)


def with_branch(inner: ModelProto) -> ModelProto:
    """A model whose node holds another graph."""
    node = helper.make_node("If", ["x"], ["y"], then_branch=inner.graph, else_branch=model().graph)
    graph = helper.make_graph([node], "outer", [], [])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def test_a_model_of_standard_operators_passes_and_runs() -> None:
    """The guard lets through what the converter makes."""
    content = model().SerializeToString()
    refuse_unsafe(content)
    (found,) = Session(content).run(np.array([1, 2], np.float32))
    assert found.tolist() == [2, 3]


@pytest.mark.parametrize(
    "unsafe", [model(node_domain="com.example"), model(opset_domain="com.example"), with_branch(model(node_domain="x"))]
)
def test_operators_of_other_libraries_are_refused(unsafe: ModelProto) -> None:
    """In a node, in the list of imports, and in a graph inside a node."""
    with pytest.raises(PackRefused, match="not standard"):
        Session(unsafe.SerializeToString())


@pytest.mark.parametrize("nested", [False, True])
def test_weights_outside_the_file_are_refused(nested: bool) -> None:
    """A weight may name any file of the machine; none is opened."""
    inner = model()
    weight = inner.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="somewhere.bin")
    with pytest.raises(PackRefused, match="outside"):
        refuse_unsafe((with_branch(inner) if nested else inner).SerializeToString())


@pytest.mark.parametrize("content", [b"", b"\x00", b"text that is no model", b"\x3a\xff\xff\xff\xff\x0f", b"\x0b\x0c"])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    """With one error, before the runtime sees it."""
    with pytest.raises(PackRefused):
        Session(content)


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 10**6), put=st.binary(min_size=1, max_size=6))
def test_changed_bytes_pass_or_are_refused(at: int, put: bytes) -> None:
    """The walk ends with nothing but its own refusal."""
    content = with_branch(model()).SerializeToString()
    at %= len(content)
    try:
        refuse_unsafe(content[:at] + put + content[at + len(put) :])
    except PackRefused:
        return


def test_a_model_that_the_runtime_cannot_load_is_refused() -> None:
    """The guard sees nothing wrong with an operator that does not exist; the runtime does."""
    broken = model()
    broken.graph.node[0].op_type = "NoSuchOperator"
    with pytest.raises(PackRefused, match="cannot be loaded"):
        Session(broken.SerializeToString())


def test_a_provider_that_is_not_installed_is_refused() -> None:
    """The text names those that are."""
    with pytest.raises(ExecutionProviderRefused, match="CPUExecutionProvider"):
        Session(model().SerializeToString(), provider="NoSuchProvider")


def test_a_failing_run_is_a_fault_of_the_engine() -> None:
    """A wrong shape is no refusal and no result."""
    session = Session(model().SerializeToString())
    with pytest.raises(EngineFault):
        session.run(np.zeros(3, np.float32))
    with pytest.raises(EngineFault):
        session.run()
