"""Measure a pack on portraits: error rates at thresholds chosen on other people than they are tried on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fairgate.measure.paired_portraits import PairedPacks, compare_portraits_of
from fairgate.measure.portrait_figures import PortraitFigures, portrait_figures
from fairgate.measure.portraits import Portraits
from fairgate.services.faces import FaceReader
from fairgate.services.portrait_features import Portrait, compare_portraits, photo_notes
from fairgate.services.ports import Progress


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredPortraits:
    """What a pack makes of portraits.

    Args:
        figures: error rates.
        faces: every portrait compared with every other.
    """

    figures: PortraitFigures
    faces: Portraits = field(repr=False)

    def notes(self) -> tuple[str, ...]:
        """Return what was read and what could not be used, in whole sentences."""
        figures = self.figures
        return photo_notes(figures.portraits + len(figures.left_out), figures.data_sha256, figures.left_out)


def measure_portraits(
    faces: FaceReader,
    people: Sequence[Portrait],
    *,
    same_photo: frozenset[str],
    pack_id: str,
    pack_digest: str,
    seed: int,
    progress: Progress,
) -> MeasuredPortraits:
    """Extract every portrait, compare all with all, and try thresholds on people they were not chosen on.

    Nothing is recorded: these are consented or public portraits, not travellers.

    Args:
        faces: decodes and extracts with the pack in question.
        people: at most two portraits a person, one of them the older.
        same_photo: people whose two portraits are one photo.
        pack_id: of the pack.
        pack_digest: of the pack.
        seed: of every draw.
        progress: told after each portrait.

    Raises:
        ScoresRefused: there are too few portraits to say anything.
    """
    compared = compare_portraits(faces, people, same_photo=same_photo, progress=progress)
    rng = np.random.Generator(np.random.PCG64(seed))
    figures = portrait_figures(compared.faces, pack_id, pack_digest, compared.left_out, compared.data_sha256, rng=rng)
    return MeasuredPortraits(figures, compared.faces)


def compare_packs(first: MeasuredPortraits, second: MeasuredPortraits, *, seed: int) -> PairedPacks:
    """Compare two packs on the portraits that both could use, pair by pair.

    Args:
        first: what the first made of them.
        second: what the second made of the same.
        seed: of every draw.

    Raises:
        ScoresRefused: there is no pair that both could compare.
    """
    points = compare_portraits_of(first.faces, second.faces, np.random.Generator(np.random.PCG64(seed)))
    one, other = first.figures, second.figures
    return PairedPacks(one.pack_id, one.pack_digest, other.pack_id, other.pack_digest, points)
