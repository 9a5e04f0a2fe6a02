"""How long a pack takes from nothing to the first features, and what memory it adds: each time in a process of its own.

In a process that has run before, the runtime and the allocator are warm and keep what they once held.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from fairgate.bench.machine import peak_rss_mb
from fairgate.bench.scene import decode
from fairgate.errors import EngineFault
from fairgate.face.pipeline import Pipeline
from fairgate.outside.pack_files import load_models, open_pack

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_MEMORY = ("VmRSS", "VmHWM")


@dataclass(frozen=True, slots=True)
class Start:
    """What starting a pack took.

    Args:
        ms: by the clock, until the first features; Python's own imports, and converting models, are done before.
        rss_added_mb: memory held more after it than before it, in MB (10^6 bytes).
        peak_rss_added_mb: the most held, less what was held before.
    """

    ms: float
    rss_added_mb: float
    peak_rss_added_mb: float


def start_in_own_process(name: str, packs_dir: Path, cache_dir: Path, jpeg: bytes, smallest_face_px: int) -> Start:
    """Start a pack in a new process.

    Args:
        name: of the pack.
        packs_dir: where packs lie that a person added.
        cache_dir: where converted models lie already.
        jpeg: a frame with one face.
        smallest_face_px: width of the smallest face looked for.

    Raises:
        EngineFault: it ended badly.
    """
    command = [sys.executable, "-m", __name__, name, str(packs_dir), str(cache_dir), str(smallest_face_px)]
    ended = subprocess.run(command, input=jpeg, capture_output=True, check=False, env={**os.environ, **_ONE_THREAD})
    if ended.returncode != 0:
        raise EngineFault(f"The pack {name} could not be started in a process of its own.")
    return Start(**json.loads(ended.stdout))


def middle(starts: list[Start]) -> dict[str, float | int]:
    """Return the medians, by name."""
    return {
        "start_ms": statistics.median(one.ms for one in starts),
        "start_runs": len(starts),
        "rss_added_mb": statistics.median(one.rss_added_mb for one in starts),
        "peak_rss_added_mb": statistics.median(one.peak_rss_added_mb for one in starts),
    }


def start_here(name: str, packs_dir: Path, cache_dir: Path, jpeg: bytes, smallest_face_px: int) -> Start:
    """Start a pack in this process, which should have run nothing yet; arguments as for the other."""
    rgb = decode(jpeg)
    (held, _), began = _memory_mb(), time.perf_counter()
    installed = open_pack(name, packs_dir)
    pipeline = Pipeline(installed.pack, load_models(installed, cache_dir), threads=1)
    pipeline.extract(rgb, smallest_face_px=smallest_face_px, timer=time.perf_counter)
    ms = (time.perf_counter() - began) * 1000
    held_now, most_now = _memory_mb()
    return Start(ms, held_now - held, most_now - held)


def _memory_mb() -> tuple[float, float]:
    """Return the memory that this process holds now, and the most that it has held since it began.

    The system's own count of the most would not do where it tells more: a process begins with its parent's.
    """
    try:
        lines = Path("/proc/self/status").read_text("utf-8", errors="replace").splitlines()
        told = {
            key: int(value.split()[0]) * 1024 / 1e6
            for key, _, value in (line.partition(":") for line in lines)
            if key in _MEMORY
        }
        return told["VmRSS"], told["VmHWM"]
    except (OSError, KeyError):
        return peak_rss_mb(), peak_rss_mb()


def _main(name: str, packs_dir: str, cache_dir: str, smallest_face_px: str) -> None:
    started = start_here(name, Path(packs_dir), Path(cache_dir), sys.stdin.buffer.read(), int(smallest_face_px))
    sys.stdout.write(json.dumps(asdict(started)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
