"""Wires a calibration: the pack's engine, the decode worker and a folder of portraits."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from fairgate.bootstrap.parts import MEGABYTE, decoder_for, engine_for, utc_now
from fairgate.config import Settings
from fairgate.measure.calibration_toml import render_calibration_toml
from fairgate.outside.photo_files import read_photo
from fairgate.outside.portrait_files import read_portraits
from fairgate.services.calibrate_pack import calibrate_pack
from fairgate.services.faces import FaceReader
from fairgate.services.portrait_features import Portrait
from fairgate.services.ports import Progress


def calibrate(settings: Settings, folder: Path, *, progress: Progress) -> str:
    """Return the ``[[calibration]]`` tables for the pack in the settings, measured on a folder of portraits.

    Nothing is recorded: a calibration looks at consented or public portraits, not at travellers.

    Raises:
        InputRefused: the folder holds no portraits.
        PackRefused: the pack cannot be used.
    """
    found = read_portraits(folder)
    with ExitStack() as closing:
        installed, engine = engine_for(settings)
        faces = FaceReader(
            decoder=closing.enter_context(decoder_for(settings)),
            engine=engine,
            timer=time.perf_counter,
            smallest_probe_px=settings.smallest_probe_face_px,
            smallest_reference_px=settings.smallest_reference_face_px,
        )
        limit = settings.photo_max_mb * MEGABYTE
        people = [
            Portrait(one.name, one.subject, one.older, partial(read_photo, one.path, limit)) for one in found.files
        ]
        subjects = len({one.subject for one in found.files})
        calibrated = calibrate_pack(
            faces,
            people,
            same_photo=found.same_photo,
            data=f"{len(found.files)} official portraits of {subjects} people, two years",
            pack_digest=installed.pack.digest,
            made_on=utc_now().date(),
            progress=progress,
        )
    left_out = "".join(f"# Not used: {name} ({reason})\n" for name, reason in calibrated.left_out)
    return left_out + render_calibration_toml(calibrated.records)
