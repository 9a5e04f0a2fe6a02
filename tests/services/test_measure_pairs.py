"""Pairs of photos: every pair stays a row, with its score or the reason why it has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from boarding_fakes import FakeDecoder, FakeEngine, FakeTimer

from fairgate.errors import ImageRefused, ScoresRefused
from fairgate.measure.scores.batch import Failure
from fairgate.services.faces import FaceReader
from fairgate.services.measure_pairs import TrialPairs, TrialPhoto, measure_pairs
from fairgate.vocabulary import Photo

TEXTS = ("person=1 sample=1", "person=1 sample=2", "person=2 sample=1", "no_face", "broken=truncated", "poor=sharpness")


def _reader(engine: FakeEngine) -> FaceReader:
    return FaceReader(
        decoder=FakeDecoder(), engine=engine, timer=FakeTimer(), smallest_probe_px=80, smallest_reference_px=80
    )


def _photo(text: str) -> TrialPhoto:
    return TrialPhoto(text, lambda: Photo(bytearray(text.encode())))


def _silent(done: int, total: int) -> None:
    return


def _pairs(*pairs: tuple[int, int], **more: Any) -> TrialPairs:
    probe, reference = (np.array(side, dtype=np.int32) for side in zip(*pairs, strict=True))
    mated = np.array([TEXTS[one][:8] == TEXTS[two][:8] for one, two in pairs])
    return TrialPairs([_photo(text) for text in TEXTS], probe, reference, mated, **more)


def test_scores_are_cosines_and_failures_stay_rows() -> None:
    """A probe without features is not usable; a reference without is no reference; nothing is dropped."""
    engine = FakeEngine()
    found = measure_pairs(_reader(engine), _pairs((0, 1), (0, 2), (3, 1), (0, 4), (5, 4)), progress=_silent)
    (batch,) = found.source.batches()
    assert batch.score[0] > 0.9 > 0.5 > batch.score[1]
    assert np.isnan(batch.score[2:]).all()
    assert batch.failure is not None
    assert batch.failure.tolist() == [
        Failure.NONE,
        Failure.NONE,
        Failure.NOT_USABLE,
        Failure.NO_REFERENCE,
        Failure.NOT_USABLE,
    ]
    assert batch.mated.tolist() == [True, False, False, False, False]
    assert dict(found.not_usable) == {"no_face": "no_face", TEXTS[4]: "truncated", TEXTS[5]: "poor_image: sharpness"}


def test_each_photo_is_extracted_once_for_each_side() -> None:
    """However many pairs it is in."""
    engine = FakeEngine()
    measure_pairs(_reader(engine), _pairs((0, 1), (0, 2), (1, 2), (0, 1)), progress=_silent)
    assert sorted(engine.seen) == sorted([TEXTS[0], TEXTS[1], TEXTS[1], TEXTS[2]])


def test_quality_and_people_and_groups_are_columns() -> None:
    """So that the same figures can be told as of a score file."""
    pairs = _pairs(
        (0, 1),
        (2, 1),
        probe_subject=["a", "b"],
        reference_subject=["a", "a"],
        groups={"sex": (["F", "M"], ["F", "F"])},
    )
    found = measure_pairs(_reader(FakeEngine()), pairs, progress=_silent)
    (batch,) = found.source.batches()
    assert found.source.names.subjects == ["a", "b"]
    assert batch.probe_quality is not None
    assert batch.probe_quality.tolist() == [90, 90]
    assert batch.groups["sex"].probe.tolist() == [0, 1]


def test_the_digest_tells_photos_apart() -> None:
    """The same photos give the same digest, others another."""
    one, same, other = (
        measure_pairs(_reader(FakeEngine()), TrialPairs(photos, *_sides()), progress=_silent).data_sha256
        for photos in ([_photo(TEXTS[0]), _photo(TEXTS[1])],) * 2 + ([_photo(TEXTS[0]), _photo(TEXTS[2])],)
    )
    assert one == same != other


def _sides() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array([0], dtype=np.int32), np.array([1], dtype=np.int32), np.array([True])


def test_nothing_to_compare_is_refused() -> None:
    """No pair, or no photo with features."""
    empty = TrialPairs([], *(np.zeros(0, dtype=np.int32),) * 2, np.zeros(0, dtype=np.bool_))
    for pairs in (empty, _pairs((3, 4))):
        with pytest.raises(ScoresRefused):
            measure_pairs(_reader(FakeEngine()), pairs, progress=_silent)


def test_a_photo_that_is_not_there_stops_it() -> None:
    """A table that names a file that is missing is wrong, not a system that failed to capture."""

    def missing() -> Photo:
        raise ImageRefused("There is no file.", reason="missing")

    read: Callable[[], Photo] = missing
    pairs = TrialPairs([TrialPhoto("a", read), _photo(TEXTS[1])], *_sides())
    with pytest.raises(ImageRefused):
        measure_pairs(_reader(FakeEngine()), pairs, progress=_silent)
