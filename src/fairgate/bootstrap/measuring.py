"""Wires measurements of a pack: its engine, the decode worker, and portraits or pairs of photos."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fairgate.bootstrap.parts import MEGABYTE, decoder_for, engine_for
from fairgate.config import Settings
from fairgate.errors import InputRefused
from fairgate.face.pack import Pack
from fairgate.measure.measured import SourceFile
from fairgate.measure.scores.in_memory import InMemoryScores
from fairgate.outside.image_pairs import read_image_pairs
from fairgate.outside.photo_files import read_photo
from fairgate.outside.portrait_files import read_portraits
from fairgate.services.faces import FaceReader
from fairgate.services.measure_pairs import TrialPairs, TrialPhoto, measure_pairs
from fairgate.services.measure_portraits import MeasuredPortraits, measure_portraits
from fairgate.services.portrait_features import Portrait, photo_notes
from fairgate.services.ports import Progress

DATA_VARIABLE = "FAIRGATE_DATA"


def portraits_folder(named: Path | None, environ: Mapping[str, str], here: Path) -> Path:
    """Return the folder of portraits that was named, or where the project keeps them.

    Args:
        named: a folder with ``pairs.csv``, or one that holds ``portraits/``; ``None`` to look around.
        environ: ``FAIRGATE_DATA`` names a folder that holds ``portraits/``.
        here: the working folder; the project's data lie beside it.

    Raises:
        InputRefused: there are no portraits.
    """
    variable = environ.get(DATA_VARIABLE)
    look_in = named or (Path(variable) if variable else here.parent / "shared" / "data")
    for folder in (look_in, look_in / "portraits"):
        if (folder / "pairs.csv").is_file():
            return folder
    raise InputRefused(
        f"There are no portraits in {look_in}: no pairs.csv, and no portraits/pairs.csv.",
        way_out=f"Name a folder of portraits, or set {DATA_VARIABLE}.",
    )


def measure_pack_on_portraits(settings: Settings, folder: Path, *, seed: int, progress: Progress) -> MeasuredPortraits:
    """Return what the pack in the settings makes of a folder of portraits. Nothing is recorded.

    Raises:
        InputRefused: the folder holds no portraits.
        PackRefused: the pack cannot be used.
    """
    found = read_portraits(folder)
    limit = settings.photo_max_mb * MEGABYTE
    people = [Portrait(one.name, one.subject, one.older, partial(read_photo, one.path, limit)) for one in found.files]
    with _faces(settings) as (pack, faces):
        return measure_portraits(
            faces,
            people,
            same_photo=found.same_photo,
            pack_id=pack.id,
            pack_digest=pack.digest,
            seed=seed,
            progress=progress,
        )


@dataclass(frozen=True, slots=True, eq=False)
class PackOnPairs:
    """What a pack makes of pairs of photos.

    Args:
        source: every pair, with its score or the reason why it has none.
        pack: id and digest.
        files: the table of pairs with its digest; of a folder, the digest of its photos.
        notes: what was read and what was not used, in whole sentences.
    """

    source: InMemoryScores
    pack: tuple[str, str]
    files: tuple[SourceFile, ...]
    notes: tuple[str, ...]


def measure_pack_on_pairs(settings: Settings, path: Path, *, progress: Progress) -> PackOnPairs:
    """Return the scores that the pack in the settings gives to pairs of photos. Nothing is recorded.

    Raises:
        TableRefused: the pairs cannot be read, or photos are missing.
        ScoresRefused: no photo could be used.
        PackRefused: the pack cannot be used.
    """
    found = read_image_pairs(path)
    limit = settings.photo_max_mb * MEGABYTE
    pairs = TrialPairs(
        photos=[TrialPhoto(one.name, partial(read_photo, one.path, limit, within=one.folder)) for one in found.images],
        probe=found.probe,
        reference=found.reference,
        mated=found.mated,
        probe_subject=found.probe_subject,
        reference_subject=found.reference_subject,
        groups=found.groups,
    )
    with _faces(settings) as (pack, faces):
        measured = measure_pairs(faces, pairs, progress=progress)
    sha256 = measured.data_sha256 if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
    return PackOnPairs(
        source=measured.source,
        pack=(pack.id, pack.digest),
        files=(SourceFile(path.resolve().name, sha256, measured.source.rows),),
        notes=(*found.notes, *photo_notes(measured.photos, measured.data_sha256, measured.not_usable)),
    )


@contextmanager
def _faces(settings: Settings) -> Iterator[tuple[Pack, FaceReader]]:
    installed, engine = engine_for(settings)
    with decoder_for(settings) as decoder:
        yield (
            installed.pack,
            FaceReader(
                decoder=decoder,
                engine=engine,
                timer=time.perf_counter,
                smallest_probe_px=settings.smallest_probe_face_px,
                smallest_reference_px=settings.smallest_reference_face_px,
            ),
        )
