"""The benchmark compares like with like and says what it stood on; how quick anything is, no test asks."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from fairgate.bench.drawn_face import drawn_face
from fairgate.bench.engine import bench_engine
from fairgate.bench.machine import describe_machine
from fairgate.bench.peer import bench_package
from fairgate.bench.scene import decode, make_scene
from fairgate.bench.timing import Turn, take_turns
from fairgate.errors import ConfigurationRefused


def test_everything_is_called_once_unmeasured_and_then_in_turns() -> None:
    """So that neither side has the machine to itself."""
    called: list[str] = []
    turns = [Turn("a", lambda: called.append("a"), 2), Turn("b", lambda: called.append("b"))]
    seen: list[tuple[int, int]] = []
    times = take_turns(turns, 2, lambda done, of: seen.append((done, of)))
    assert called == ["a", "b", "a", "a", "b", "a", "a", "b"]
    assert {name: taken.calls for name, taken in times.items()} == {"a": 4, "b": 2}
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert times["a"].least <= times["a"].median <= times["a"].most
    assert set(times["a"].as_row()) == {"median_ms", "min_ms", "max_ms", "clock_median_ms", "calls"}


def test_the_drawn_scene_is_one_megapixel_and_always_the_same() -> None:
    """Machines without photographs are compared on the same pixels."""
    first, second = make_scene(), make_scene()
    assert first.probe_jpeg == second.probe_jpeg
    assert first.probe.shape == (864, 1152, 3)
    assert first.frame.shape == (480, 640, 3)
    assert "drawn" in first.source
    assert (decode(first.probe_jpeg) == first.probe).all()


@pytest.mark.parametrize("size", [40, 320, 700])
def test_a_drawn_face_has_the_size_asked_for(size: int) -> None:
    """And looks the same at every size: skin in the middle, grey in the corners."""
    picture = drawn_face(size)
    assert picture.shape == (size, size, 3)
    assert picture[0, 0].tolist() == [150, 150, 150]
    red, green, blue = (int(value) for value in picture[int(0.58 * size), int(0.42 * size)])
    assert red > green > blue


def test_the_machine_is_named() -> None:
    """Figures without a machine mean nothing."""
    machine = describe_machine()
    assert machine["processor"]
    assert isinstance(machine["packages"], dict)
    assert "onnxruntime" in machine["packages"]


def test_a_missing_package_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that brings it is named."""
    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(ConfigurationRefused, match="extra 'bench'"):
        bench_package("dlib")


@pytest.mark.slow
@pytest.mark.needs_component
def test_one_round_gives_the_figures_and_both_sides_agree() -> None:
    """The keys that scripts read, and proof that the two sides computed the same."""
    figures = bench_engine(rounds=1)
    for key in (
        "embed_ratio_to_dlib",
        "embed_mirrored_ratio_to_dlib",
        "detect_ratio_to_dlib_cnn",
        "probe_ms",
        "search_42000_ms",
        "peak_rss_mb",
    ):
        value = figures[key]
        assert isinstance(value, float)
        assert np.isfinite(value)
        assert value > 0
    agreement = figures["agreement"]
    assert isinstance(agreement, dict)
    assert agreement["features_max_difference"] < 1e-5
    assert abs(agreement["best_score_difference"]) < 0.1
