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
from fairgate.outside.rulebook_files import open_rulebook
from fairgate.services.calibrate_pack import calibrate_pack
from fairgate.services.faces import FaceReader
from fairgate.services.not_for_tuning import is_not_for_tuning
from fairgate.services.portrait_features import Portrait
from fairgate.services.ports import Progress


def calibrate(settings: Settings, folder: Path, *, progress: Progress) -> str:
    """Return the ``[[calibration]]`` tables for the pack in the settings, measured on a folder of portraits.

    Nothing is recorded: a calibration looks at consented or public portraits, not at travellers. Portraits of people
    whom the rulebook's purpose of tuning is not for, by their date of birth, are not read.

    Raises:
        InputRefused: the folder holds no portraits.
        PackRefused: the pack cannot be used.
    """
    found = read_portraits(folder)
    rulebook = open_rulebook(settings.rulebook)
    barred = {one.name for one in found.files if is_not_for_tuning(rulebook, one.born_on, one.year)}
    used = [one for one in found.files if one.name not in barred]
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
        people = [Portrait(one.name, one.subject, one.older, partial(read_photo, one.path, limit)) for one in used]
        subjects = len({one.subject for one in used})
        calibrated = calibrate_pack(
            faces,
            people,
            same_photo=found.same_photo,
            data=f"{len(used)} official portraits of {subjects} people, two years",
            pack_digest=installed.pack.digest,
            made_on=utc_now().date(),
            progress=progress,
        )
    not_used = [*((name, "not_for_tuning") for name in sorted(barred)), *calibrated.left_out]
    left_out = "".join(f"# Not used: {name} ({reason})\n" for name, reason in not_used)
    return left_out + render_calibration_toml(calibrated.records)
