"""Models converted once and kept in the user's cache, each with its digest beside it."""

from __future__ import annotations

import hashlib
import importlib
import importlib.resources
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fairgate.errors import ConfigurationRefused
from fairgate.face.dlib_shapes import read_shape_predictor
from fairgate.face.dlib_trees import compact
from fairgate.outside.private_folder import make_private_folder, one_at_a_time, write_whole

if TYPE_CHECKING:
    from fairgate.face.dlib_format import Network

Convert = Callable[[str, bytes], bytes]
"""From a stage's kind and the ``.dat`` file's bytes to an ONNX model's bytes, or to landmark trees in compact form."""

CONVERTED_KINDS = ("dlib-mmod", "dlib-resnet", "dlib-trees")
"""Kinds of stages whose ``.dat`` files are converted."""

_TREES = "dlib-trees"


def entry_of(cache_folder: Path, source_sha256: str, kind: str) -> Path:
    """Return the file that holds, or will hold, the model converted from a source by this converter."""
    suffix = "trees" if kind == _TREES else "onnx"
    return cache_folder / "models" / f"{source_sha256}-{_converter_version()}.{suffix}"


def cached(entry: Path) -> bytes | None:
    """Return a cached model whose digest is the one stored beside it, or ``None``."""
    try:
        content, digest = entry.read_bytes(), _beside(entry).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest().encode() == digest.strip() else None


def converted(kind: str, source: bytes, entry: Path, convert: Convert) -> bytes:
    """Return the converted model: from the cache where it is intact there, else made now and kept for the next time.

    Of several processes one converts and the others wait for it. A folder that is not this user's alone is not used.

    Raises:
        PackRefused: the source cannot be converted.
    """
    try:
        make_private_folder(entry.parent)
    except (OSError, ConfigurationRefused):
        return convert(kind, source)
    kept = cached(entry)
    if kept is not None:
        return kept
    try:
        with one_at_a_time(entry.with_suffix(".lock")):
            kept = cached(entry)
            if kept is None:
                kept = convert(kind, source)
                write_whole(entry, kept)
                write_whole(_beside(entry), hashlib.sha256(kept).hexdigest().encode())
    except OSError:
        return kept if kept is not None else convert(kind, source)
    return kept


def convert_dlib_file(kind: str, content: bytes) -> bytes:
    """Convert a ``.dat`` file: a network with :mod:`fairgate.face.dlib_onnx`, trees to their compact form.

    The converter of networks is loaded here and not above, because it takes a second to load and is needed once.

    Raises:
        PackRefused: the bytes are not such a file.
    """
    if kind == _TREES:
        return compact(read_shape_predictor(content))
    read_network = cast("Callable[[bytes], Network]", importlib.import_module("fairgate.face.dlib_format").read_network)
    onnx = importlib.import_module("fairgate.face.dlib_onnx")
    write = onnx.detector_to_onnx if kind == "dlib-mmod" else onnx.recogniser_to_onnx
    return cast("Callable[[Network], bytes]", write)(read_network(content))


def _converter_version() -> str:
    """Return a digest of the converter's own source: a changed converter finds no stale model."""
    face = importlib.resources.files("fairgate.face")
    sources = sorted(entry.name for entry in face.iterdir() if entry.name.startswith("dlib_"))
    digest = hashlib.sha256()
    for name in (name for name in sources if name.endswith(".py")):
        digest.update(face.joinpath(name).read_bytes())
    return digest.hexdigest()[:16]


def _beside(entry: Path) -> Path:
    return entry.with_suffix(".sha256")
