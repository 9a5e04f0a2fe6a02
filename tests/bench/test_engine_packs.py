"""Every pack is measured on the same scene, and says what it stood on; how quick anything is, no test asks."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from fairgate.bench.engine_packs import PackChoice, bench_packs
from fairgate.bench.engine_start import Start, middle, start_in_own_process
from fairgate.bench.scene import make_scene
from fairgate.errors import EngineFault, PackRefused


@pytest.fixture
def packs_dir(tmp_path: Path) -> Path:
    """A folder with one pack that cannot be read."""
    (tmp_path / "packs" / "broken").mkdir(parents=True)
    (tmp_path / "packs" / "broken" / "pack.toml").write_text("schema = 1\n", "utf-8")
    return tmp_path / "packs"


def test_a_pack_that_cannot_be_used_is_named_and_left_out(packs_dir: Path) -> None:
    """With its code; the runtime, and that nothing but the CPU was measured, stand beside."""
    seen: list[tuple[int, int]] = []
    figures: dict[str, Any] = bench_packs(
        PackChoice(["broken"], packs_dir), make_scene(), 1, lambda done, of: seen.append((done, of))
    )
    assert figures["packs"] == {}
    assert [(one["pack"], one["code"]) for one in figures["packs_left_out"]] == [("broken", "config.pack_form")]
    assert figures["packs_left_out"][0]["reason"]
    assert figures["peak_gflops"] > 0
    assert figures["runtime"]["measured_on"] in figures["runtime"]["providers"]
    assert seen == [(0, 1), (0, 1), (1, 1)]


def test_a_named_pack_that_cannot_be_read_is_refused_at_once(packs_dir: Path) -> None:
    """Before minutes of measuring."""
    for name in ("broken", "absent"):
        with pytest.raises(PackRefused):
            PackChoice([name], packs_dir).check()
    PackChoice([], packs_dir).check()


def test_the_middle_of_several_starts_is_given() -> None:
    """One that was disturbed does not count."""
    starts = [Start(100.0, 50.0, 60.0), Start(900.0, 51.0, 90.0), Start(110.0, 52.0, 61.0)]
    assert middle(starts) == {"start_ms": 110.0, "start_runs": 3, "rss_added_mb": 51.0, "peak_rss_added_mb": 61.0}


def test_a_start_that_fails_is_no_figure(tmp_path: Path) -> None:
    """The process that was to start the pack ends with an error."""
    with pytest.raises(EngineFault, match="absent"):
        start_in_own_process("absent", tmp_path, tmp_path, b"", 80)


@pytest.mark.slow
@pytest.mark.needs_component
def test_one_round_gives_every_figure_of_the_default_pack(tmp_path: Path) -> None:
    """The keys that scripts read; the stages are those of the pipeline, and the networks those of the pack."""
    figures: dict[str, Any] = bench_packs(PackChoice(packs_dir=tmp_path / "none"), make_scene(), 1)
    assert figures["packs_left_out"] == []
    pack = figures["packs"]["dlib-cc0"]
    assert pack["start_runs"] == 1
    for key in ("start_ms", "rss_added_mb", "peak_rss_added_mb", "probe_ms", "probe_192_ms"):
        assert math.isfinite(pack[key])
        assert pack[key] > 0, key
    assert {"decode", "detect", "landmarks", "quality", "align", "embed"} <= set(pack["stages_ms"])
    assert pack["stages_ms"][pack["slowest_stage"]] == max(pack["stages_ms"].values())
    (recogniser,) = pack["recognisers"]
    assert recogniser["recogniser"] == "dlib-cc0"
    assert {"detect_100_ms", "detect_80_ms", "landmarks_ms"} <= set(recogniser)
    assert [(cell["threads"], cell["batch"]) for cell in recogniser["embed"]] == [
        (threads, batch) for threads in (1, 2) for batch in (1, 8, 32)
    ]
    networks = {one["network"]: one for one in pack["networks"]}
    assert set(networks) == {"detector, scout", "detector, exact", "embedder"}
    # Per second and per share: the scout is the same network at about half the work.
    scout, exact = (networks[f"detector, {name}"]["multiply_adds"] for name in ("scout", "exact"))
    assert scout < 0.6 * exact
    assert networks["embedder"]["multiply_adds"] == 271_975_424
    assert all(one["share_of_peak"] > 0 for one in pack["networks"])
