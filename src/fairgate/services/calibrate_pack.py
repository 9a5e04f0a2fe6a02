"""Calibrate a pack: portraits in, thresholds with their evidence out, as the tables of a pack's TOML file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from fairgate.errors import ImageRefused, ScoresRefused
from fairgate.face.pipeline import Extracted
from fairgate.measure.calibration import CalibrationRecord, Provenance, calibrate
from fairgate.measure.portraits import portraits
from fairgate.services.faces import FaceReader
from fairgate.services.ports import Progress
from fairgate.vocabulary import Photo

SEED = 20261122
"""Of the folds and of the bootstrap, so that a calibration can be repeated to the digit."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """One portrait to calibrate with.

    Args:
        name: relative path in the set, for the digest of the data.
        subject: who it shows.
        older: it is the one that a gallery would hold.
        read: lends the photo.
    """

    name: str
    subject: str
    older: bool
    read: Callable[[], Photo] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What calibrating found.

    Args:
        records: one for each operating point.
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
    digest = hashlib.sha256()
    kept, vectors, left_out = [], [], []
    for done, portrait in enumerate(people, start=1):
        extraction, reason = None, ""
        try:
            photo = portrait.read()
            try:
                with photo.open() as content:
                    digest.update(portrait.name.encode() + b"\0" + hashlib.sha256(content).digest())
                extraction = faces.read_reference(photo) if portrait.older else faces.read_probe(photo).extraction
            finally:
                photo.erase()
        except ImageRefused as refused:
            reason = refused.reason
        if isinstance(extraction, Extracted):
            kept.append(portrait)
            vectors.append(extraction.features.vector)
        else:
            left_out.append((portrait.name, reason or type(extraction).__name__))
        progress(done, len(people))
    if len(kept) < 2:
        raise ScoresRefused("No two portraits could be compared.", way_out="Name a folder of portraits with pairs.csv.")
    matrix = np.stack(vectors).astype(np.float64)
    records = calibrate(
        portraits([one.subject for one in kept], [one.older for one in kept], matrix @ matrix.T, same_photo),
        Provenance(data=data, data_sha256=digest.hexdigest(), pack_digest=pack_digest, made_on=made_on),
        np.random.Generator(np.random.PCG64(SEED)),
    )
    return Calibrated(tuple(records), tuple(left_out))
