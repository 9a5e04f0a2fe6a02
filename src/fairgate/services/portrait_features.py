"""Portraits in, features out: what calibrating and measuring a pack both begin with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import assert_never

import numpy as np

from fairgate.errors import ImageRefused, ScoresRefused
from fairgate.face.pipeline import Extracted, Extraction, NoFace, PoorImage, SeveralFaces
from fairgate.measure.portraits import Portraits, portraits
from fairgate.services.faces import FaceReader
from fairgate.services.ports import Progress
from fairgate.vocabulary import Photo

_NAMED = 20
"""So many photos without features are named in a note; all are counted."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """One portrait to calibrate or measure with.

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


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPortraits:
    """Every portrait that features could be made of, compared with every other.

    Args:
        faces: subjects and scores.
        left_out: names of the other portraits, with the reason.
        data_sha256: digest of every portrait that could be read, in order, with its name.
    """

    faces: Portraits = field(repr=False)
    left_out: tuple[tuple[str, str], ...]
    data_sha256: str


def compare_portraits(
    reader: FaceReader, people: Sequence[Portrait], *, same_photo: frozenset[str], progress: Progress
) -> ComparedPortraits:
    """Extract every portrait, once, and compare all with all. Nothing is recorded.

    Args:
        reader: decodes and extracts with the pack in question.
        people: at most two portraits a person, one of them the older.
        same_photo: people whose two portraits are one photo.
        progress: told after each portrait.

    Raises:
        ScoresRefused: there are fewer than two to compare.
    """
    digest = hashlib.sha256()
    kept, vectors, left_out = [], [], []
    for done, portrait in enumerate(people, start=1):
        extraction: Extraction | None = None
        reason = ""
        try:
            photo = portrait.read()
            try:
                with photo.open() as content:
                    digest.update(portrait.name.encode() + b"\0" + hashlib.sha256(content).digest())
                extraction = reader.read_reference(photo) if portrait.older else reader.read_probe(photo).extraction
            finally:
                photo.erase()
        except ImageRefused as refused:
            reason = refused.reason
        if isinstance(extraction, Extracted):
            kept.append(portrait)
            vectors.append(extraction.features.vector)
        else:
            left_out.append((portrait.name, why_none(extraction) if extraction else reason))
        progress(done, len(people))
    if len(kept) < 2:
        raise ScoresRefused("No two portraits could be compared.", way_out="Name a folder of portraits with pairs.csv.")
    matrix = np.stack(vectors).astype(np.float64)
    return ComparedPortraits(
        faces=portraits([one.subject for one in kept], [one.older for one in kept], matrix @ matrix.T, same_photo),
        left_out=tuple(left_out),
        data_sha256=digest.hexdigest(),
    )


def why_none(without: NoFace | SeveralFaces | PoorImage) -> str:
    """Return why there are no features, as a stable word; of a poor image, with the component that failed."""
    match without:
        case NoFace():
            return "no_face"
        case SeveralFaces():
            return "several_faces"
        case PoorImage():
            return f"poor_image: {without.component}"
        case _:
            assert_never(without)


def photo_notes(photos: int, data_sha256: str, not_usable: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return what was read and what could not be used, in whole sentences.

    Args:
        photos: how many there were.
        data_sha256: digest over their names and digests.
        not_usable: name and reason of each without features.
    """
    told = f"{photos} photos were read; the SHA-256 over their names and digests is {data_sha256}."
    if not not_usable:
        return (told, "Features could be made of every photo.")
    listed = ", ".join(f"{name} ({reason})" for name, reason in not_usable[:_NAMED])
    more = f" and {len(not_usable) - _NAMED} more" if len(not_usable) > _NAMED else ""
    return (told, f"Without features: {len(not_usable)} of them: {listed}{more}.")
