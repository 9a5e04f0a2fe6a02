"""Portraits into scores: what cannot be used is named, and what was read can be told again by its digest."""

from __future__ import annotations

import hashlib

import pytest
from boarding_fakes import FakeDecoder, FakeEngine, FakeTimer

from fairgate.errors import ScoresRefused
from fairgate.services.faces import FaceReader
from fairgate.services.portrait_features import ComparedPortraits, Portrait, compare_portraits, photo_notes
from fairgate.vocabulary import Photo


def _portrait(name: str, text: str, *, older: bool) -> Portrait:
    return Portrait(name, name[0], older, lambda: Photo(bytearray(text.encode())))


def _compare(*people: Portrait) -> ComparedPortraits:
    reader = FaceReader(
        decoder=FakeDecoder(), engine=FakeEngine(), timer=FakeTimer(), smallest_probe_px=80, smallest_reference_px=80
    )
    told: list[tuple[int, int]] = []
    found = compare_portraits(
        reader, people, same_photo=frozenset(), progress=lambda done, total: told.append((done, total))
    )
    assert told == [(done, len(people)) for done in range(1, len(people) + 1)]
    return found


A_OLD = _portrait("a/1", "person=1 sample=1", older=True)
A_NEW = _portrait("a/2", "person=1 sample=2", older=False)
B_OLD = _portrait("b/1", "person=2 sample=1", older=True)


def test_every_portrait_is_compared_with_every_other() -> None:
    """Cosines; and a digest over names and contents that anybody can compute again."""
    found = _compare(A_OLD, A_NEW, B_OLD)
    assert found.faces.subjects.tolist() == ["a", "a", "b"]
    assert found.faces.enrolled.tolist() == [True, False, True]
    assert found.faces.scores[0, 1] > 0.9 > 0.5 > found.faces.scores[0, 2]
    digest = hashlib.sha256()
    for name, text in (("a/1", "person=1 sample=1"), ("a/2", "person=1 sample=2"), ("b/1", "person=2 sample=1")):
        digest.update(name.encode() + b"\0" + hashlib.sha256(text.encode()).digest())
    assert found.data_sha256 == digest.hexdigest()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no_face", "no_face"),
        ("several", "several_faces"),
        ("poor=sharpness", "poor_image: sharpness"),
        ("broken=damaged", "damaged"),
    ],
)
def test_what_has_no_features_is_named_with_the_reason(text: str, reason: str) -> None:
    """It is left out of the scores and not out of the result."""
    found = _compare(A_OLD, A_NEW, _portrait("c/1", text, older=True))
    assert found.left_out == (("c/1", reason),)
    assert len(found.faces.subjects) == 2


def test_one_portrait_cannot_be_compared() -> None:
    """Nor can none."""
    with pytest.raises(ScoresRefused):
        _compare(A_OLD, _portrait("c/1", "no_face", older=True))


def test_notes_name_a_few_and_count_all() -> None:
    """A page is not filled with the names of what failed."""
    assert photo_notes(3, "00", [])[1] == "Features could be made of every photo."
    many = photo_notes(99, "00", [(f"{number}.jpg", "no_face") for number in range(30)])[1]
    assert "30 of them" in many
    assert "0.jpg (no_face)" in many
    assert "and 10 more" in many
