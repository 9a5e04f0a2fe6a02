"""What measuring writes, a pack reads."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from importlib import resources

import numpy as np
import pytest

from fairgate.face.pack import read_pack
from fairgate.measure.calibration import Provenance, calibrate
from fairgate.measure.calibration_among import calibrate_among
from fairgate.measure.calibration_same_photo import calibrate_same_photo
from fairgate.measure.calibration_toml import render_calibration_toml
from fairgate.measure.portraits import portraits


def test_a_pack_takes_the_records() -> None:
    """The default pack with fresh records appended reads back with exactly those, and its digest is unchanged."""
    text = (resources.files("fairgate.face") / "packs" / "dlib-cc0.toml").read_text(encoding="utf-8")
    bare = read_pack(text.split("[[calibration]]")[0])
    rng = np.random.default_rng(2)
    features = rng.normal(size=(200, 64))
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    names = [f"s{index // 2}" for index in range(200)]
    faces = portraits(names, [index % 2 == 0 for index in range(200)], features @ features.T, names[:20])
    provenance = Provenance("noise", "0" * 64, bare.digest, date(2026, 11, 22))
    made = (
        *calibrate(faces, provenance, rng, folds=5, resamples=20),
        *calibrate_among(faces, provenance, rng, folds=5, resamples=20),
        *calibrate_same_photo(faces, provenance),
    )
    assert {record.kind for record in made} == {"verification", "identification", "among_themselves", "same_photo"}
    whole = read_pack(text.split("[[calibration]]")[0] + "\n" + render_calibration_toml(made))
    assert whole.digest == bare.digest
    for ours, theirs in zip(made, whole.calibration, strict=True):
        assert set(asdict(ours)) == set(asdict(theirs))
        assert (theirs.id, theirs.threshold, theirs.resolvable) == (ours.id, ours.threshold, ours.resolvable)
        assert asdict(theirs.held_out_misses) == pytest.approx(asdict(ours.held_out_misses), rel=1e-8)
