"""Refuse a model that reaches outside itself, before the runtime sees it.

A model may use operators of the standard set alone, and must hold all its weights: an ONNX file can name operators of
other libraries, and weights in other files. The bytes are walked as protocol buffers along the few fields that lead
there; weights are stepped over, not read.

Source: onnx.proto3 of ONNX 1.17 (field numbers).
"""

from __future__ import annotations

from fairgate.errors import PackModelExternal, PackModelFormat, PackModelOperators, PackRefused

STANDARD_DOMAINS = (b"", b"ai.onnx")

_INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 8: "opset", 20: "training", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute", 7: "domain"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "function": {7: "node", 9: "opset"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "external", 14: "location"},
    "opset": {1: "domain"},
}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DEEPEST = 32
_MOST_FIELDS = 1_000_000


def refuse_unsafe(model: bytes) -> None:
    """Return where the model keeps to itself.

    Raises:
        PackModelOperators: it names operators that are not standard.
        PackModelExternal: it names data outside its bytes.
        PackModelFormat: it is not an ONNX model (a pickle, say), is cut short, or holds training steps.
    """
    seen = 0
    found_graph = False
    waiting: list[tuple[str, memoryview, int]] = [("model", memoryview(model), 0)]
    while waiting:
        kind, message, depth = waiting.pop()
        at = 0
        while at < len(message):
            field, value, at = _field(message, at)
            seen += 1
            if seen > _MOST_FIELDS or depth > _DEEPEST:
                raise _refused("it has too many parts")
            inside = _INSIDE[kind].get(field)
            found_graph = found_graph or inside == "graph"
            if inside in _INSIDE and isinstance(value, memoryview):
                waiting.append((inside, value, depth + 1))
            elif inside is not None:
                _check_end(inside, value)
    if not found_graph:
        raise _refused("it holds no graph")


def _check_end(inside: str, value: int | memoryview) -> None:
    """Refuse a field at which the walk ends, unless it says what is harmless."""
    if inside == "domain" and isinstance(value, memoryview):
        if bytes(value) not in STANDARD_DOMAINS:
            raise _refused("it needs operators that are not standard", PackModelOperators)
    elif inside == "location" and value == 0:
        return
    elif inside in ("external", "location"):
        raise _refused("its weights lie outside it", PackModelExternal)
    else:
        raise _refused("it is not an ONNX model, or holds training steps")


def _field(message: memoryview, at: int) -> tuple[int, int | memoryview, int]:
    """Return a field's number, its value, and where the next field starts."""
    key, at = _varint(message, at)
    wire = key & 7
    if wire == _VARINT:
        number, at = _varint(message, at)
        return key >> 3, number, at
    if wire == _BYTES:
        length, at = _varint(message, at)
    elif wire in (_FIXED64, _FIXED32):
        length = 8 if wire == _FIXED64 else 4
    else:
        raise _refused("it is not an ONNX model")
    if length > len(message) - at:
        raise _refused("it is cut short")
    return key >> 3, message[at : at + length], at + length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise _refused("it is cut short")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise _refused("it is not an ONNX model")


def _refused(reason: str, kind: type[PackRefused] = PackModelFormat) -> PackRefused:
    return kind(f"A model was refused: {reason}.", way_out="Use the model files that the pack names.")
