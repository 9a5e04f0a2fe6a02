"""Measure a pack on pairs of photos: each photo is read once for each side it stands on, and every pair is counted.

Nothing is recorded: these are consented or public photos of a trial, not travellers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fairgate.errors import ImageRefused, ScoresRefused
from fairgate.face.pipeline import Extracted, Extraction, Role
from fairgate.measure.scores.batch import Failure
from fairgate.measure.scores.in_memory import InMemoryScores, from_arrays
from fairgate.services.faces import FaceReader
from fairgate.services.portrait_features import why_none
from fairgate.services.ports import Progress
from fairgate.vocabulary import Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AT_ONCE = 1 << 16
"""Pairs whose features are side by side in memory at once."""


@dataclass(frozen=True, slots=True)
class TrialPhoto:
    """One photo of a trial.

    Args:
        name: as the pairs file names it.
        read: lends the photo.
    """

    name: str
    read: Callable[[], Photo] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class TrialPairs:
    """Which photos are to be compared.

    Args:
        photos: each once.
        probe: int32, shape (n,): index of each pair's probe.
        reference: int32, shape (n,): of its reference.
        mated: bool, shape (n,).
        probe_subject: who is on each probe, shape (n,); empty where unknown.
        reference_subject: likewise.
        groups: labels of the probes and of the references by attribute, each of length n.
    """

    photos: Sequence[TrialPhoto]
    probe: NDArray[np.int32] = field(repr=False)
    reference: NDArray[np.int32] = field(repr=False)
    mated: NDArray[np.bool_] = field(repr=False)
    probe_subject: Sequence[str] | None = field(default=None, repr=False)
    reference_subject: Sequence[str] | None = field(default=None, repr=False)
    groups: Mapping[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredPairs:
    """What became of the pairs.

    Args:
        source: every pair, with its score or the reason why it has none.
        not_usable: name and reason of each photo without features, in order.
        photos: how many there were.
        data_sha256: digest of every photo that could be read, in order, with its name.
    """

    source: InMemoryScores
    not_usable: tuple[tuple[str, str], ...]
    photos: int
    data_sha256: str


def measure_pairs(faces: FaceReader, pairs: TrialPairs, *, progress: Progress) -> MeasuredPairs:
    """Extract every photo and compare every pair.

    A probe without features is not usable, and a reference without features is no reference; the pair stays a row.

    Args:
        faces: decodes and extracts with the pack in question.
        pairs: what to compare.
        progress: told after each photo.

    Raises:
        ImageRefused: a photo is not there.
        ScoresRefused: there is no pair, or no photo could be used.
    """
    if not len(pairs.probe):
        raise ScoresRefused("There is no pair to compare.")
    read = _Readings(faces, len(pairs.photos))
    as_probe, as_reference = (np.isin(np.arange(len(pairs.photos)), side) for side in (pairs.probe, pairs.reference))
    for number, photo in enumerate(pairs.photos):
        read.take(number, photo, probe=bool(as_probe[number]), reference=bool(as_reference[number]))
        progress(number + 1, len(pairs.photos))
    probes, references = read.vectors[Role.PROBE], read.vectors[Role.REFERENCE]
    if not probes or not references:
        raise ScoresRefused("No photo could be used.", way_out="Look at the photos.")
    no_probe, no_reference = (
        ~np.isin(side, list(vectors)) for side, vectors in ((pairs.probe, probes), (pairs.reference, references))
    )
    failure = np.where(no_probe, Failure.NOT_USABLE, np.where(no_reference, Failure.NO_REFERENCE, Failure.NONE))
    given: dict[str, Any] = {
        "probe": pairs.probe,
        "reference": pairs.reference,
        "probe_subject": pairs.probe_subject,
        "reference_subject": pairs.reference_subject,
    }
    source = from_arrays(
        _scores(pairs, probes, references, compared=failure == Failure.NONE),
        pairs.mated,
        groups=pairs.groups,
        failure=failure.astype(np.uint8),
        probe_quality=read.quality[Role.PROBE][pairs.probe],
        reference_quality=read.quality[Role.REFERENCE][pairs.reference],
        **{name: column for name, column in given.items() if column is not None},
    )
    return MeasuredPairs(source, tuple(read.not_usable.items()), len(pairs.photos), read.digest.hexdigest())


class _Readings:
    """What became of each photo, on each side that it stands on."""

    def __init__(self, faces: FaceReader, photos: int) -> None:
        self._faces = faces
        self.digest = hashlib.sha256()
        self.vectors: dict[Role, dict[int, NDArray[np.float32]]] = {role: {} for role in Role}
        self.quality = {role: np.full(photos, np.nan, dtype=np.float32) for role in Role}
        self.not_usable: dict[str, str] = {}

    def take(self, number: int, photo: TrialPhoto, *, probe: bool, reference: bool) -> None:
        """Read one photo as a probe, as a reference, or as both."""
        try:
            lent = photo.read()
            try:
                with lent.open() as content:
                    self.digest.update(photo.name.encode() + b"\0" + hashlib.sha256(content).digest())
                if probe:
                    self._keep(Role.PROBE, number, photo.name, self._faces.read_probe(lent).extraction)
                if reference:
                    self._keep(Role.REFERENCE, number, photo.name, self._faces.read_reference(lent))
            finally:
                lent.erase()
        except ImageRefused as refused:
            if refused.reason == "missing":
                raise
            self.not_usable[photo.name] = refused.reason

    def _keep(self, role: Role, number: int, name: str, extraction: Extraction) -> None:
        if isinstance(extraction, Extracted):
            self.vectors[role][number] = extraction.features.vector
            self.quality[role][number] = extraction.quality.unified
        else:
            self.not_usable[name] = why_none(extraction)


def _scores(
    pairs: TrialPairs,
    probes: Mapping[int, NDArray[np.float32]],
    references: Mapping[int, NDArray[np.float32]],
    *,
    compared: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return the cosine of each pair's features; NaN where one side has none."""
    scores = np.full(len(pairs.probe), np.nan)
    sides = [_stacked(vectors, len(pairs.photos)) for vectors in (probes, references)]
    rows = np.flatnonzero(compared)
    for start in range(0, rows.size, _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        first, second = sides[0][pairs.probe[part]], sides[1][pairs.reference[part]]
        scores[part] = np.einsum("ij,ij->i", first, second)
    return scores


def _stacked(vectors: Mapping[int, NDArray[np.float32]], photos: int) -> NDArray[np.float64]:
    length = len(next(iter(vectors.values())))
    table = np.zeros((photos, length))
    for number, vector in vectors.items():
        table[number] = vector
    return table
