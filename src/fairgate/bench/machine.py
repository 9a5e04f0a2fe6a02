"""The machine that figures belong to."""

from __future__ import annotations

import platform
import resource
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("onnxruntime", "numpy", "opencv-python-headless", "pillow", "dlib-bin")
_TELLING_FLAGS = ("avx", "avx2", "fma", "avx512f", "avx512_vnni", "amx_tile")


def describe_machine() -> dict[str, object]:
    """Return processor, cores, system and versions, as far as the system tells."""
    model, flags, cores = _processor()
    return {
        "processor": model or platform.processor() or "unknown",
        "instructions": [flag for flag in _TELLING_FLAGS if flag in flags],
        "logical_cores": cores,
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def peak_rss_mb() -> float:
    """Return the most memory that this process has held so far, in MB (10^6 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _processor() -> tuple[str, frozenset[str], int]:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return "", frozenset(), 0
    facts: dict[str, str] = {}
    cores = 0
    for line in lines:
        key, _, value = line.partition(":")
        cores += key.strip() == "processor"
        facts.setdefault(key.strip(), value.strip())
    return facts.get("model name", ""), frozenset(facts.get("flags", "").split()), cores


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
