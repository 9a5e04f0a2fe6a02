"""Wires a look at photos: the pack's engine, the decode worker, and annotated copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from fairgate.bootstrap.parts import MEGABYTE, decoder_for, engine_for
from fairgate.config import Settings
from fairgate.outside.annotated_copy import AnnotatedCopies
from fairgate.outside.photo_files import read_photo
from fairgate.services.detect_faces import LookedAt, NotLookedAt, PhotoToLookAt, detect_faces
from fairgate.services.ports import Progress


def detect_in_files(
    settings: Settings,
    images: Sequence[Path],
    *,
    out: Path | None,
    on_photo: Callable[[LookedAt | NotLookedAt], None],
    progress: Progress,
) -> int:
    """Look at photos in files with the pack in the settings, and return how many could not be looked at.

    Args:
        settings: as loaded.
        images: the files.
        out: folder for the copies; ``None`` for beside each photo.
        on_photo: told of each photo as soon as it is done.
        progress: told (done, total).

    Raises:
        PackRefused: the pack cannot be used.
    """
    limit = settings.photo_max_mb * MEGABYTE
    _, engine = engine_for(settings)
    with decoder_for(settings) as decoder:
        return detect_faces(
            [PhotoToLookAt(str(path), partial(read_photo, path, limit)) for path in images],
            decoder=decoder,
            engine=engine,
            copies=AnnotatedCopies(out),
            smallest_face_px=settings.smallest_probe_face_px,
            on_photo=on_photo,
            progress=progress,
        )
