"""Calibrate a pack: portraits in, thresholds with their evidence out, as the tables of a pack's TOML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from fairgate.measure.calibration import CalibrationRecord, Provenance, calibrate
from fairgate.measure.calibration_among import calibrate_among
from fairgate.measure.calibration_same_photo import calibrate_same_photo
from fairgate.services.faces import FaceReader
from fairgate.services.portrait_features import Portrait, compare_portraits
from fairgate.services.ports import Progress

SEED = 20261122
"""Of the folds and of the bootstrap, so that a calibration can be repeated to the digit."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What calibrating found.

    Args:
        records: one for each operating point, for each size of a list compared among itself, and for one photo used
            twice where the portraits can tell.
        left_out: names of the portraits that no features could be made of, with the reason.
    """

    records: tuple[CalibrationRecord, ...]
    left_out: tuple[tuple[str, str], ...]


def calibrate_pack(
    faces: FaceReader,
    people: Sequence[Portrait],
    *,
    same_photo: frozenset[str],
    data: str,
    pack_digest: str,
    made_on: date,
    progress: Progress,
) -> Calibrated:
    """Extract every portrait, compare all with all, and choose thresholds.

    Args:
        faces: decodes and extracts with the pack in question.
        people: at most two portraits a person, one of them the older.
        same_photo: people whose two portraits are one photo.
        data: the set, in words.
        pack_digest: of the pack.
        made_on: today.
        progress: told after each portrait.

    Raises:
        ScoresRefused: there are too few portraits to say anything.
    """
    compared = compare_portraits(faces, people, same_photo=same_photo, progress=progress)
    provenance = Provenance(data=data, data_sha256=compared.data_sha256, pack_digest=pack_digest, made_on=made_on)
    records = (
        *calibrate(compared.faces, provenance, np.random.Generator(np.random.PCG64(SEED))),
        *calibrate_among(compared.faces, provenance, np.random.Generator(np.random.PCG64(SEED))),
        *calibrate_same_photo(compared.faces, provenance),
    )
    return Calibrated(records, compared.left_out)
