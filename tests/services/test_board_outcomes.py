"""Each capture ends in one outcome with its reason, one crossing and one entry; the outcome is the right one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from boarding_fakes import PACK_DIGEST, FakeEngine, FakeVault, vanished, vector_of
from boarding_parts import BEFORE_THE_RULE, FLIGHT, capture, never, reference, traveller
from boarding_room import Room

from fairgate.face.pipeline import Extracted, Extraction
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.records import PassengerRecord, ReferenceState
from fairgate.services.sealed_forms import template_to_bytes
from fairgate.vocabulary import Features, RecordClass


@pytest.fixture
def room() -> Room:
    """A flight staged with three passengers."""
    room = Room()
    room.stage()
    return room


@pytest.mark.parametrize(
    ("text", "outcome", "reason", "component"),
    [
        ("person=2 sample=1", "match", "matched", None),
        ("person=77 sample=1", "see_officer", "no_match", None),
        ("poor=sharpness", "see_officer", "poor_image", "sharpness"),
        ("no_face", "see_officer", "no_face", None),
        ("several", "see_officer", "several_faces", None),
        ("broken=truncated", "see_officer", "unreadable_image", "truncated"),
        ("engine_fault", "see_officer", "engine_fault", None),
    ],
)
def test_what_the_camera_saw_decides(room: Room, text: str, outcome: str, reason: str, component: str | None) -> None:
    """One crossing, one entry of kind crossing, and nobody named but who was matched."""
    lane = room.lane()
    entries = len(room.leaves())
    crossing = room.walks_up(lane, text).crossing
    assert (crossing.outcome, crossing.reason, crossing.component) == (outcome, reason, component)
    assert crossing.passenger_ref == ("P0002" if outcome == "match" else None)
    assert room.crossings() == [crossing]
    assert len(room.leaves()) == entries + 1
    entry = parse_leaf(room.leaves()[crossing.ledger_index])
    assert (entry.kind, entry.outcome, entry.reason) == (EntryKind.CROSSING, outcome, reason)
    assert room.ledger_is_whole()


def test_a_match_names_rule_and_threshold(room: Room) -> None:
    """The rule that permitted it once the match said who it is, and the record of the threshold."""
    crossing = room.walks_up(room.lane(), "person=1 sample=5").crossing
    assert (crossing.rule_id, crossing.threshold_id) == ("us-alien-exit-2025", "identification-test")


def test_a_file_that_vanished(room: Room) -> None:
    """Is a missing capture, not an unreadable one."""
    crossing = room.lane()(capture("gone"), vanished).crossing
    assert (crossing.outcome, crossing.reason, crossing.component) == ("see_officer", "capture_missing", None)
    assert room.ledger_is_whole()


def test_who_comes_again_meets_an_officer_and_reopens_the_first_match(room: Room) -> None:
    """The entry is a reopening and points at the match; a third time points at the first match as well."""
    lane = room.lane()
    first = room.walks_up(lane, "person=3 sample=1").crossing
    for sample in (2, 3):
        again = room.walks_up(lane, f"person=3 sample={sample}").crossing
        assert (again.outcome, again.reason, again.passenger_ref) == ("see_officer", "already_boarded", "P0003")
        assert again.reopens == first.crossing_id
        entry = parse_leaf(room.leaves()[again.ledger_index])
        assert (entry.kind, entry.refers_to) == (EntryKind.REOPENING, first.ledger_index)
    assert room.ledger_is_whole()


def test_a_claim_is_compared_one_to_one_with_its_own_threshold(room: Room) -> None:
    """Where the threshold of a search would have found nobody."""
    lane = room.lane(identification=0.999, verification=0.7)
    assert room.walks_up(lane, "person=1 sample=1").crossing.reason == "no_match"
    claimed = room.walks_up(lane, "person=1 sample=2", claims="P0001").crossing
    assert (claimed.outcome, claimed.passenger_ref, claimed.threshold_id) == ("match", "P0001", "verification-test")


def test_a_false_claim_matches_nobody(room: Room) -> None:
    """Even though the face is another passenger's, whom nobody claimed to be; and the strict threshold holds 1:1."""
    lane = room.lane()
    crossing = room.walks_up(lane, "person=2 sample=1", claims="P0001").crossing
    assert (crossing.reason, crossing.passenger_ref, crossing.threshold_id) == ("no_match", None, "verification-test")
    strict = room.lane(identification=-1.0, verification=0.999)
    assert room.walks_up(strict, "person=1 sample=1", claims="P0001").crossing.reason == "no_match"


def test_a_claim_to_be_nobody_listed_is_not_looked_at(room: Room) -> None:
    """There is nothing to compare with, so the photo is not read."""
    crossing = room.lane()(capture("c", claims="P9999"), never).crossing
    assert (crossing.reason, crossing.passenger_ref, crossing.had_photo) == ("no_reference", None, False)
    assert room.ledger_is_whole()


def test_a_claim_of_a_passenger_without_reference() -> None:
    """Is a usable photo that met no reference; nothing of it is kept."""
    room = Room()
    room.stage(photos=[reference(1, room.camera("person=1 sample=0"))])
    crossing = room.walks_up(room.lane(), "person=2 sample=1", claims="P0002").crossing
    assert (crossing.reason, crossing.had_photo, crossing.was_usable) == ("no_reference", True, True)
    assert crossing.sealed_photo is None


def test_a_distractor_on_top_is_no_match(room: Room) -> None:
    """Whoever resembles a synthetic row most is nobody, however high the score and whoever comes second."""
    envelope = room.vault.seal(
        template_to_bytes(Features(PACK_DIGEST, vector_of(50, 0))),
        record_class=RecordClass.TEMPLATE,
        record_id="D0001",
        crossing_id=FLIGHT,
        erase_by=room.clock.now.replace(year=2027),
    )
    with room.store.writing() as transaction:
        transaction.put_passenger(
            PassengerRecord(FLIGHT, "D0001", ReferenceState.ENROLLED, sealed_templates=(envelope,), synthetic=True)
        )
    lane = room.lane(identification=-1.0)
    crossing = room.walks_up(lane, "person=50 sample=1").crossing
    assert (crossing.outcome, crossing.reason, crossing.passenger_ref) == ("see_officer", "no_match", None)
    assert room.walks_up(lane, "person=1 sample=1").crossing.passenger_ref == "P0001"


def test_the_rule_may_forbid_before_anything_is_captured(room: Room) -> None:
    """A claim says who it is, so the photo is not read."""
    crossing = room.lane()(capture("c", claims="P0001", taken_at=BEFORE_THE_RULE), never).crossing
    assert (crossing.outcome, crossing.reason) == ("not_attempted", "rule_forbids")
    assert (crossing.rule_id, crossing.had_photo) == ("us-alien-exit-elsewhere-2018", False)
    assert room.ledger_is_whole()


def test_the_rule_may_forbid_once_a_match_says_who_it_is(room: Room) -> None:
    """Then the match is undone and nothing is kept: no photo, no name, no features."""
    assert isinstance(room.vault, FakeVault)
    lane = room.lane()
    sealed = len(room.vault.kept)
    boarded = room.walks_up(lane, "person=1 sample=1", taken_at=BEFORE_THE_RULE)
    crossing = boarded.crossing
    assert (crossing.outcome, crossing.reason) == ("not_attempted", "rule_forbids")
    assert (crossing.passenger_ref, crossing.sealed_photo, boarded.features) == (None, None, None)
    assert len(room.vault.kept) == sealed
    assert room.camera.left == 0


def test_an_exempt_traveller_is_not_asked_at_staging_nor_matched() -> None:
    """Before the rule of 2025 a Canadian at a designated port is spared; the German beside them is not."""
    room = Room(passengers=2)
    room.clock.now = BEFORE_THE_RULE
    people = [traveller(1, nationality="CAN"), traveller(2)]
    photos = [
        reference(1, room.camera("person=1 sample=0"), nationality="CAN"),
        reference(2, room.camera("person=2 sample=0")),
    ]
    report = room.stage(people, photos, port="ATL")
    assert [(one.passenger_ref, one.state, one.reason) for one in report.not_enrolled] == [
        ("P0001", ReferenceState.NOT_ASKED, "us-alien-exit-pilot-2018")
    ]
    assert room.engine.seen == ["person=2 sample=0"]
    lane = room.lane()
    assert room.walks_up(lane, "person=1 sample=1", taken_at=BEFORE_THE_RULE).crossing.reason == "no_match"
    assert room.walks_up(lane, "person=2 sample=1", taken_at=BEFORE_THE_RULE).crossing.reason == "matched"


class _Broken(FakeEngine):
    """Returns features that are no numbers, as a failing accelerator does."""

    def extract(self, *given: Any, **named: Any) -> Extraction:
        found = FakeEngine.extract(self, *given, **named)
        assert isinstance(found, Extracted)
        return replace(found, features=Features(PACK_DIGEST, np.full(128, np.nan, dtype=np.float32)))


def test_features_that_cannot_be_searched_are_a_fault_of_the_engine() -> None:
    """They lead to an officer, and the next traveller is served."""
    room = Room()
    room.stage()
    opened = room.opened()
    room.engine = _Broken()
    room.__post_init__()
    crossing = room.walks_up(room.lane(opened), "person=1 sample=1").crossing
    assert (crossing.outcome, crossing.reason) == ("see_officer", "engine_fault")
    assert room.camera.left == 0


@pytest.mark.parametrize("hours", [-14, 14])
@pytest.mark.parametrize("taken_at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_clock_at_the_end_of_the_calendar_stops_nobody(hours: int, taken_at: datetime) -> None:
    """Such a capture is decided like any other, wherever the port lies."""
    room = Room(port_zone=timezone(timedelta(hours=hours)))
    room.stage()
    crossing = room.walks_up(room.lane(), "person=1 sample=1", taken_at=taken_at).crossing
    assert crossing.reason == ("matched" if taken_at.year == 9999 else "rule_forbids")
    assert room.crossings() == [crossing]
