"""``bench engine`` shows every pack: what it takes, stage by stage, and how much of the machine its networks use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Run

    from fairgate.cli.progress import Progress
    from fairgate.config import Settings

_ROW = {"median_ms": 2.5, "min_ms": 2.25, "max_ms": 4.0}
_ROWS = (
    "decode detect detect_thorough landmarks quality align embed embed_mirrored probe search_42000 "
    "dlib_embed dlib_detect_cnn dlib_detect_hog"
)


def _recogniser(name: str, landmarks_ms: float | None) -> dict[str, object]:
    embed = [
        {"threads": threads, "batch": batch, "clock_ms_per_face": 10.0 * batch + threads, "processor_ms_per_face": None}
        for threads in (1, 2)
        for batch in (1, 8, 32)
    ]
    return {
        "recogniser": name,
        "detect_100_ms": 21.0,
        "detect_80_ms": 34.0,
        "landmarks_ms": landmarks_ms,
        "embed": embed,
    }


FIGURES: dict[str, object] = {
    "peak_rss_mb": 310.0,
    "rows": dict.fromkeys(_ROWS.split(), _ROW),
    "machine": {"processor": "A processor", "instructions": [], "logical_cores": 2, "packages": {}},
    "setting": {"load_average_before": 0.5, "face": "a drawn face"},
    "packs": {
        "pair": {
            "start_ms": 1234.4,
            "rss_added_mb": 141.6,
            "probe_ms": 88.04,
            "probe_192_ms": 55.02,
            "stages_ms": {"decode": 7.0, "embed": 60.04},
            "slowest_stage": "embed",
            "recognisers": [_recogniser("pair", 4.25), _recogniser("other", None)],
            "networks": [
                {
                    "network": "other.embedder",
                    "input_shape": [1, 3, 128, 128],
                    "multiply_adds": 288_699_392,
                    "median_ms": 21.39,
                    "gflops": 26.99,
                    "share_of_peak": 0.337,
                }
            ],
        }
    },
    "packs_left_out": [],
    "packs_setting": {"smallest_face_px": 80, "peak": "a product of matrices"},
    "peak_gflops": 80.01,
    "runtime": {"onnxruntime": "1", "providers": "One, CPUExecutionProvider", "measured_on": "CPUExecutionProvider"},
}


def test_every_pack_is_shown_with_its_slowest_stage(run: Run) -> None:
    """A fused pack's recognisers each have a row; what ran where is said."""

    def bench_engine(
        _settings: Settings, _packs: Sequence[str], _rounds: int, _progress: Progress, _packs_progress: Progress
    ) -> dict[str, object]:
        return FIGURES

    out = run("bench", "engine", bench_engine=bench_engine).out
    cells = {tuple(line.split()) for line in out.splitlines()}
    assert ("pair", "1234", "142", "88.0", "55.0", "embed,", "60.0") in cells
    assert ("pair", "21.00", "34.00", "4.25") in cells
    assert ("pair:", "other", "21.00", "34.00", "the", "detector's") in cells
    assert ("pair", "11.00", "81.00", "321.00", "12.00", "82.00", "322.00") in cells
    assert ("pair", "other.embedder", "1", "×", "3", "×", "128", "×", "128", "289", "21.39", "27.0", "34", "%") in cells
    assert "Peak: 80.0 GFLOP/s, a product of matrices." in out
    assert "The runtime offers One, CPUExecutionProvider; measured on CPUExecutionProvider only." in out
