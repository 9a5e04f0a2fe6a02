"""Packs that are made for a test: two tiny networks, and the file that names them with their true digests."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

SIDE_PX = 16
FEATURES = 4


def embedder(*, features: int = FEATURES, side_px: int = SIDE_PX, domain: str = "") -> ModelProto:
    """A recogniser: the mean of each channel, times a fixed matrix."""
    weights = np.arange(1, 3 * features + 1, dtype=np.float32).reshape(3, features)
    nodes = [
        helper.make_node("GlobalAveragePool", ["pixels"], ["mean"], domain=domain),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["found"]),
    ]
    return _model(nodes, ["batch", 3, side_px, side_px], ["found"], [numpy_helper.from_array(weights, "weights")])


def failing_embedder() -> ModelProto:
    """A recogniser that loads, and fails on every chip: no mean of three channels has seven values."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["pixels"], ["mean"]),
        helper.make_node("Reshape", ["mean", "seven"], ["found"]),
    ]
    seven = numpy_helper.from_array(np.array([7], np.int64), "seven")
    return _model(nodes, ["batch", 3, SIDE_PX, SIDE_PX], ["found"], [seven])


def detector() -> ModelProto:
    """A network of the shape of YuNet, which never finds a face: three grids of scores, scores, boxes and points."""
    zero = numpy_helper.from_array(np.zeros((), np.float32), "zero")
    shape = numpy_helper.from_array(np.array([1, -1, 1], np.int64), "shape")
    nodes = [
        helper.make_node("ReduceMean", ["pixels"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["grey", "zero"], ["nothing"]),
    ]
    grids = (8, 16, 32)
    for grid in grids:
        size = {"kernel_shape": [grid, grid], "strides": [grid, grid]}
        nodes.append(helper.make_node("AveragePool", ["nothing"], [f"cells{grid}"], **size))
        nodes.append(helper.make_node("Reshape", [f"cells{grid}", "shape"], [f"one{grid}"]))
    outs: list[str] = []
    for width in (1, 1, 4, 10):
        for grid in grids:
            outs.append(f"out{len(outs)}")
            nodes.append(helper.make_node("Concat", [f"one{grid}"] * width, [outs[-1]], axis=2))
    return _model(nodes, [1, 3, "rows", "columns"], outs, [zero, shape])


def no_detector() -> ModelProto:
    """A network that takes a detector's pixels and gives something else."""
    return _model([helper.make_node("Relu", ["pixels"], ["seen"])], [1, 3, "rows", "columns"], ["seen"], [])


def _model(nodes: list[object], shape: list[object], outs: list[str], weights: list[object]) -> ModelProto:
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)
    found = [helper.make_tensor_value_info(out, TensorProto.FLOAT, None) for out in outs]
    graph = helper.make_graph(nodes, "made", [pixels], found, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def pack_text(detector_file: bytes, embedder_file: bytes, *, name: str = "made", features: int = FEATURES) -> str:
    """Return the file of a pack of these two models, with their true sizes and digests."""

    def stage(kind: str, side_px: int, model: str, content: bytes) -> str:
        return f"""
kind = "{kind}"
input_width_px = {side_px}
input_height_px = {side_px}
colour_order = "bgr"
normalisation = {{ mean = [0.0, 0.0, 0.0], divide_by = 1.0 }}
model = {{ file = "{model}", format = "onnx", sha256 = "{hashlib.sha256(content).hexdigest()}", \
size_bytes = {len(content)}, licence = "CC0-1.0", licence_statement = "made", licence_source = "this test" }}
"""

    return f"""schema = 1
id = "{name}"
title = "made for a test"

[detector]{stage("yunet", 32, "models/detector.onnx", detector_file)}minimum_score = 0.6

[landmarks]
kind = "from-detector"
points = 5
enlarge_to_px = 0

[embedder]{stage("onnx", SIDE_PX, "embedder.onnx", embedder_file)}feature_length = {features}
mirrored_average = true
measure = "cosine"
direction = "higher"
padding = 0.0
template = [[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]]
"""


def put(folder: Path, detector_file: bytes, embedder_file: bytes) -> Path:
    """Write the two models as a person would have them: in one folder, whatever the pack's file says."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "detector.onnx").write_bytes(detector_file)
    (folder / "embedder.onnx").write_bytes(embedder_file)
    return folder
