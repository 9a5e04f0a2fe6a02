"""Who is missed when probes are degraded: what was refused counts as missed, and every reading is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fairgate.bench.detection_mated import MatedProbe, missed


def probe(mated: float | None, refused: str = "", others: int = 100) -> MatedProbe:
    """One probe whose scores against others rise evenly to 0.5."""
    scores = np.linspace(0, 0.5, others).astype(np.float32) if mated is not None else np.zeros(0, np.float32)
    return MatedProbe(mated, scores, refused)


def test_missed_are_counted_with_and_without_the_gate() -> None:
    """Low scores, refused by the gate, and without features."""
    probes = [*(probe(0.9) for _ in range(6)), probe(0.1), probe(0.1, "sharpness"), probe(0.9, "sharpness")]
    found: Any = missed([*probes, probe(None, "NoFace")], 0.6)
    at = found["at_pack_threshold"]
    assert (at["fnmr_without_gate"]["errors"], at["fnmr_without_gate"]["of"]) == (2, 9)
    assert (at["fnmr_with_gate"]["errors"], at["fnmr_with_gate"]["of"]) == (1, 7)
    assert (at["missed_without_gate"]["errors"], at["missed_without_gate"]["of"]) == (3, 10)
    assert (at["missed_with_gate"]["errors"], at["missed_with_gate"]["of"]) == (4, 10)
    assert found["refused"] == {"sharpness": 2, "NoFace": 1}
    assert at["false_matches"] == 0


def test_the_second_threshold_gives_the_rate_on_the_degraded_probes_themselves() -> None:
    """Of 2000 comparisons of two people, at most two are at or above it."""
    rng = np.random.default_rng(1)
    probes = [MatedProbe(0.9, rng.random(200).astype(np.float32), "") for _ in range(10)]
    found: Any = missed(probes, 0.6)
    assert found["non_mated"] == 2000
    assert 1 <= found["at_fmr_of_degraded"]["false_matches"] <= 2
    assert found["at_fmr_of_degraded"]["threshold"] == pytest.approx(0.999, abs=0.002)


def test_nothing_compared_is_all_missed() -> None:
    """And no threshold is made up."""
    found: Any = missed([probe(None, "NoFace")], 0.6)
    assert found["at_fmr_of_degraded"]["threshold"] == 0.6
    assert found["at_pack_threshold"]["missed_with_gate"]["errors"] == 1
    assert found["at_pack_threshold"]["fnmr_with_gate"]["of"] == 0
