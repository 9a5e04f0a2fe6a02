"""Signs: recorded with a picture that shows nobody; a lane without one in each language takes no captures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from boarding_fakes import NOW, FakeDecoder, _Decoded
from boarding_parts import OPERATOR, capture, never
from boarding_room import Room

from fairgate.errors import LaneNotOpen, NoticeRefused
from fairgate.face.inspection import Inspection
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.board_traveller import BoardTraveller
from fairgate.services.opting_out_records import NoticeRecord
from fairgate.services.record_notice import Notices, RecordNotice, SignSeen, notices_of
from fairgate.vocabulary import Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

PNG = b"\x89PNG\r\n\x1a\n"
LANGUAGES = ("en", "es")


class SignDecoder(FakeDecoder):
    """Passes on what stands behind a picture's first bytes."""

    def decode(self, content: memoryview | bytes, /) -> _Decoded:
        return super().decode(bytes(content).removeprefix(PNG))


class Onlooker:
    """Finds a face where the picture says that there is one."""

    def inspect(self, rgb: NDArray[np.uint8], *, smallest_face_px: int) -> Inspection:
        faces = rgb[0, :, 0].tobytes().decode().count("face")
        return Inspection(10, 10, None, (None,) * faces, None)  # type: ignore[arg-type]


def sign(**otherwise: Any) -> SignSeen:
    made = SignSeen(
        ("B22",), LANGUAGES, "You may decline.", lambda: Photo(PNG + b"a sign"), NOW, NOW + timedelta(days=30), OPERATOR
    )
    return replace(made, **otherwise)


def recorder(room: Room, kept: dict[str, bytes]) -> RecordNotice:
    return RecordNotice(
        decoder=SignDecoder(),
        engine=Onlooker(),
        keep_picture=kept.__setitem__,
        store=room.store,
        registrar=room.registrar,
        rules=room.rules,
        clock=room.clock,
        entropy=room.entropy,
    )


def test_a_sign_is_recorded_for_each_lane_and_language_with_its_picture() -> None:
    """One entry each, which commits to the record; the picture lies under its digest."""
    room, kept = Room(), dict[str, bytes]()
    recorded = recorder(room, kept)(sign(locations=("B23", "B22")), OPERATOR)
    assert [(one.location, one.language) for one in recorded] == [
        ("B22", "en"), ("B22", "es"), ("B23", "en"), ("B23", "es")
    ]  # fmt: skip
    assert [parse_leaf(leaf).kind for leaf in room.leaves()] == [EntryKind.NOTICE] * 4
    assert kept == {f"{recorded[0].picture_sha256}.png": PNG + b"a sign"}
    assert room.ledger_is_whole()
    with room.store.reading() as transaction:
        assert list(transaction.notices("B23")) == list(recorded[2:])


@pytest.mark.parametrize(
    "otherwise",
    [
        {"read_picture": lambda: Photo(PNG + b"a face beside a sign")},
        {"read_picture": lambda: Photo(b"GIF a sign")},
        {"expires_at": NOW},
        {"expires_at": NOW + timedelta(days=401)},
        {"taken_at": NOW + timedelta(minutes=1)},
        {"taken_at": NOW.replace(tzinfo=None)},
        {"locations": ()},
        {"locations": ("gate B22",)},
        {"languages": ("english",)},
        {"text": " "},
    ],
)
def test_a_sign_that_cannot_be_evidence_is_refused(otherwise: dict[str, Any]) -> None:
    """A face in the picture, or days, lanes and languages that cannot be; nothing is recorded or kept."""
    room, kept = Room(), dict[str, bytes]()
    with pytest.raises(NoticeRefused):
        recorder(room, kept)(sign(**otherwise), OPERATOR)
    assert (kept, room.leaves()) == ({}, [])


def test_a_lane_does_not_open_without_each_language() -> None:
    """The refusal names lane and languages; the day before and the day after count for nothing."""
    room = Room()
    recorder(room, {})(sign(languages=("en",)), OPERATOR)
    notices = notices_of(room.store, LANGUAGES)
    with pytest.raises(LaneNotOpen, match="B22 in es; B23 in en, es"):
        notices.require_open({"B23": NOW, "B22": NOW})
    recorder(room, {})(sign(languages=("es",)), OPERATOR)
    notices = notices_of(room.store, LANGUAGES)
    notices.require_open({"B22": NOW})
    assert notices.missing("B22", NOW - timedelta(seconds=1)) == LANGUAGES
    assert notices.missing("B22", NOW + timedelta(days=30)) == LANGUAGES


def test_a_sign_that_expires_in_the_middle_of_a_boarding_ends_the_captures() -> None:
    """Before it a match, from then on an officer and no photo looked at; whoever declines needs no sign."""
    room = Room()
    room.stage()
    end = NOW + timedelta(minutes=5)
    recorder(room, {})(sign(expires_at=end), OPERATOR)
    lane = _lane(room, notices_of(room.store, LANGUAGES))
    room.clock.forward(minutes=10)
    before = lane(capture("a", taken_at=end - timedelta(seconds=1)), room.camera("person=1 sample=1")).crossing
    after = lane(capture("b", taken_at=end), never).crossing
    declined = lane(capture("c", taken_at=end, opted_out=True), never).crossing
    assert (before.outcome, after.outcome, after.reason) == ("match", "see_officer", "no_notice")
    assert (declined.outcome, declined.reason) == ("not_attempted", "opted_out")
    assert room.ledger_is_whole()


def _lane(room: Room, notices: Notices) -> BoardTraveller:
    lane = room.lane()
    lane._posted = notices.posted
    return lane


def test_a_notice_counts_from_its_picture_until_it_expires() -> None:
    """The first moment counts, the last does not."""
    notice = NoticeRecord(
        "n", "B22", "en", "0" * 64, "1" * 64, "png", "operator:x", NOW, NOW + timedelta(days=1), NOW, bytes(32), 0
    )
    assert notice.is_current(NOW)
    assert not notice.is_current(NOW + timedelta(days=1))
