"""Looking at photos: one after the other, whatever becomes of the others; nothing is left of a photo afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from fairgate.errors import EngineFault, ImageRefused, InputRefused, PhotoIsSealed
from fairgate.face.five_points import PointScheme
from fairgate.face.inspection import Inspection
from fairgate.services.detect_faces import LookedAt, NotLookedAt, PhotoToLookAt, detect_faces
from fairgate.vocabulary import Photo

Rgb = NDArray[np.uint8]


@dataclass
class Pixels:
    rgb: Rgb


@dataclass
class Decodes:
    """Refuses what begins with "bad"."""

    def decode(self, content: memoryview | bytes, /) -> Pixels:
        if bytes(content).startswith(b"bad"):
            raise ImageRefused("The file is not an image.", reason="not_an_image")
        return Pixels(np.zeros((4, 6, 3), np.uint8))


@dataclass
class Inspects:
    asked: list[int] = field(default_factory=list)
    fault: bool = False

    def inspect(self, rgb: Rgb, *, smallest_face_px: int) -> Inspection:
        if self.fault:
            raise EngineFault("The network failed.")
        self.asked.append(smallest_face_px)
        return Inspection(rgb.shape[1], rgb.shape[0], PointScheme.EYE_CORNERS, (), None)


@dataclass
class Writes:
    digests: list[str] = field(default_factory=list)

    def write(self, photo: str, rgb: Rgb, found: Inspection, sha256: str) -> str:
        if photo == "taken":
            raise InputRefused("Something else is there.")
        self.digests.append(sha256)
        return f"{photo}.detected.png"


@dataclass
class Desk:
    """Photos by name, and what became of them."""

    engine: Inspects = field(default_factory=Inspects)
    copies: Writes = field(default_factory=Writes)
    told: list[LookedAt | NotLookedAt] = field(default_factory=list)
    steps: list[tuple[int, int]] = field(default_factory=list)
    lent: list[Photo] = field(default_factory=list)

    def look(self, **contents: bytes | None) -> int:
        def lend(name: str, content: bytes | None) -> Photo:
            if content is None:
                raise ImageRefused(f"There is no file {name}.", reason="missing")
            self.lent.append(Photo(content))
            return self.lent[-1]

        return detect_faces(
            [PhotoToLookAt(name, partial(lend, name, content)) for name, content in contents.items()],
            decoder=Decodes(),
            engine=self.engine,
            copies=self.copies,
            smallest_face_px=40,
            on_photo=self.told.append,
            progress=lambda done, total: self.steps.append((done, total)),
        )


def test_a_photo_that_cannot_be_read_does_not_stop_the_others() -> None:
    """Missing, not an image, or its copy's place taken: each is told in its turn, and counted."""
    desk = Desk()
    assert desk.look(first=b"good", gone=None, broken=b"bad", taken=b"good", last=b"good") == 3
    assert [(one.name, isinstance(one, LookedAt)) for one in desk.told] == [
        ("first", True),
        ("gone", False),
        ("broken", False),
        ("taken", False),
        ("last", True),
    ]
    assert desk.steps == [(done, 5) for done in range(6)]
    assert desk.engine.asked == [40, 40, 40]


def test_every_photo_is_erased_whatever_became_of_it() -> None:
    """Also where decoding failed, and where the engine did."""
    desk = Desk()
    desk.look(first=b"good", broken=b"bad")
    desk.engine.fault = True
    with pytest.raises(EngineFault):
        desk.look(second=b"good")
    assert len(desk.lent) == 3
    for photo in desk.lent:
        with pytest.raises(PhotoIsSealed), photo.open():
            pass


def test_a_copy_is_marked_with_its_photos_digest() -> None:
    """Of the encoded bytes: two photos of one name are told apart."""
    desk = Desk()
    desk.look(first=b"good", second=b"good too")
    assert len(set(desk.copies.digests)) == 2
    assert all(len(digest) == 64 for digest in desk.copies.digests)


def test_no_photos_are_no_work() -> None:
    """Progress still says so."""
    desk = Desk()
    assert desk.look() == 0
    assert desk.steps == [(0, 0)]
