"""Write dlib's networks as ONNX models; the same ``.dat`` gives the same bytes every time."""

from __future__ import annotations

from fairgate.face.dlib_detector import detector_to_onnx
from fairgate.face.dlib_recogniser import recogniser_to_onnx

__all__ = ["detector_to_onnx", "recogniser_to_onnx"]
