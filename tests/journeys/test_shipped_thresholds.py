"""The shipped thresholds are what the shipped command measures, and hold what the default pack promises."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from journey import Run

from fairgate.face.pack import threshold_for_identification, threshold_for_verification
from fairgate.outside.pack_files import open_pack

pytestmark = [pytest.mark.slow, pytest.mark.needs_portraits]

SAME_WITHIN = 0.0005
"""Another processor rounds differently; thresholds lie 0.01 apart."""


def test_calibrating_again_gives_the_shipped_records(shared_data: Path, run: Run) -> None:
    """On the same portraits: the same thresholds, counts, and errors on people left out.

    At least 76 of 78 pairs match 1:1 at FMR 1e-4, and at least 70 of 78 among 420 at FPIR 0.003.
    """
    measured = tomllib.loads(run("packs", "calibrate", shared_data / "portraits").stdout)["calibration"]
    pack = open_pack("dlib-cc0").pack
    assert [record["id"] for record in measured] == [record.id for record in pack.calibration]
    for again, shipped in zip(measured, pack.calibration, strict=True):
        assert again["threshold"] == pytest.approx(shipped.threshold, abs=SAME_WITHIN)
        assert (again["subjects"], again["mated"], again["non_mated"]) == (
            shipped.subjects,
            shipped.mated,
            shipped.non_mated,
        )
        assert abs(again["held_out_misses"]["errors"] - shipped.held_out_misses.errors) <= 1
    verification = threshold_for_verification(pack, 1e-4)
    identification = threshold_for_identification(pack, 0.003, 420)
    assert verification.held_out_misses.of == identification.held_out_misses.of == 78
    assert verification.held_out_misses.errors <= 78 - 76
    assert identification.held_out_misses.errors <= 78 - 70
    assert verification.resolvable
    assert not identification.resolvable
