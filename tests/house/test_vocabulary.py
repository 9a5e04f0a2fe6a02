"""A photo keeps its bytes to itself, and outcomes are values."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from collections.abc import Callable

import pytest

from fairgate.errors import PhotoIsSealed
from fairgate.vocabulary import Actor, ActorKind, Matched, NotAttempted, NotAttemptedReason, Photo

CONTENT = b"\xff\xd8canary-of-a-face\xff\xd9"


@pytest.mark.parametrize(
    "leak",
    [
        repr,
        str,
        bytes,
        "{}".format,
        lambda photo: f"{photo!r}",
        lambda photo: f"{photo}",
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        json.dumps,
        list,
        hash,
    ],
)
def test_a_photo_refuses_every_way_out(leak: Callable[[Photo], object]) -> None:
    """Printing, formatting, copying, pickling and serialising a photo raise, and the message holds no content."""
    with pytest.raises(TypeError) as refused:
        leak(Photo(CONTENT))
    assert "canary" not in str(refused.value)


def test_a_logged_photo_leaks_nothing(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    """Even a careless log call does not write a photo's bytes."""
    with pytest.raises(PhotoIsSealed):
        logging.getLogger("careless").warning("photo %s", Photo(CONTENT))
    assert "canary" not in caplog.text
    assert "canary" not in capsys.readouterr().err


def test_a_photo_lends_its_bytes_inside_a_block_only() -> None:
    """The view is read-only, and released when the block ends."""
    photo = Photo(CONTENT)
    with photo.open() as view:
        assert bytes(view) == CONTENT
        with pytest.raises(TypeError):
            view[0] = 0
    with pytest.raises(ValueError, match="released"):
        view[0]


def test_an_erased_photo_is_gone() -> None:
    """Erasing empties the photo, may be repeated, and opening it afterwards is refused."""
    photo = Photo(CONTENT)
    photo.erase()
    photo.erase()
    assert photo.size_bytes == 0
    with pytest.raises(PhotoIsSealed), photo.open():
        pass


def test_outcomes_compare_by_value() -> None:
    """Outcomes are frozen values."""
    assert Matched("P0001") == Matched("P0001")
    assert NotAttempted(NotAttemptedReason.OPTED_OUT) != NotAttempted(NotAttemptedReason.RULE_FORBIDS)
    with pytest.raises(AttributeError):
        Matched("P0001").passenger_ref = "P0002"  # type: ignore[misc]
    assert str(Actor(ActorKind.LANE, "gate-1")) == "lane:gate-1"
