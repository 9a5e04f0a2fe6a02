"""Children and older people: match or manual check, no trace that could follow them, no child alone with a machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from boarding_fakes import FakeVault, vanished
from boarding_parts import capture, never, reference, traveller
from boarding_room import Room
from manual_room import AtTheDesk

from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.shared_faces import PairKind, SharedFace
from fairgate.vocabulary import AgeBand, BiometricClaim, Capture, Guardian, Traveller

CHILD, GROWN, OLDER, UNKNOWN = "P0001", "P0002", "P0003", "P0004"


def people() -> list[Traveller]:
    """Return a child of 9, an adult, somebody of 84, and somebody of whom the list gives no date of birth."""
    born = (date(2017, 3, 1), date(1980, 1, 1), date(1942, 5, 5), None)
    return [replace(traveller(number), born_on=day) for number, day in enumerate(born, start=1)]


@pytest.fixture
def room() -> Room:
    """A flight with these four, each with a reference photo."""
    room = Room(passengers=4)
    room.stage(people(), [reference(number, room.camera(f"person={number} sample=0")) for number in range(1, 5)])
    return room


def at_lane(
    key: str,
    *,
    claims: str | None = None,
    guardian: Guardian = Guardian.UNKNOWN,
    band: AgeBand | None = None,
) -> Capture:
    """Return a capture with what was said at the lane."""
    return replace(capture(key), claim=BiometricClaim(False, claims, guardian, band))


WITH_GUARDIAN = Guardian.PRESENT


@pytest.mark.parametrize(("who", "guardian"), [(CHILD, WITH_GUARDIAN), (OLDER, Guardian.UNKNOWN)])
def test_who_is_matched_is_matched(room: Room, who: str, guardian: Guardian) -> None:
    """By name or in the gallery; a child beside a guardian like anybody."""
    lane, person = room.lane(), int(who[1:])
    by_name = lane(at_lane("a", claims=who, guardian=guardian), room.camera(f"person={person} sample=1")).crossing
    assert (by_name.outcome, by_name.passenger_ref) == ("match", who)


@pytest.mark.parametrize(("who", "guardian"), [(CHILD, WITH_GUARDIAN), (OLDER, Guardian.UNKNOWN)])
@pytest.mark.parametrize(
    "text", ["person=77 sample=1", "poor=sharpness", "no_face", "several", "broken=truncated", "engine_fault"]
)
def test_whatever_fails_is_one_and_the_same_manual_check(room: Room, who: str, guardian: Guardian, text: str) -> None:
    """Crossing, ledger entry and times say nothing of the cause, and nothing of the person; no photo is kept."""
    lane = room.lane()
    boarded = lane(at_lane("a", claims=who, guardian=guardian), room.camera(text))
    crossing = boarded.crossing
    assert (crossing.outcome, crossing.reason) == ("see_officer", "manual_check")
    assert (crossing.component, crossing.passenger_ref, crossing.rule_id, crossing.threshold_id) == (None,) * 4
    assert (crossing.reopens, crossing.sealed_photo, boarded.features) == (None, None, None)
    assert (crossing.had_photo, crossing.was_usable) == (False, False)
    entry = parse_leaf(room.leaves()[crossing.ledger_index])
    assert (entry.kind, entry.threshold_id, entry.rule_id, entry.refers_to) == (EntryKind.CROSSING, None, None, None)
    with room.store.reading() as transaction:
        assert transaction.stage_times(crossing.flight_key) == {}
    assert room.camera.left == 0
    assert room.ledger_is_whole()


def test_a_file_that_is_missing_is_a_manual_check_too(room: Room) -> None:
    """Whatever the cause."""
    assert room.lane()(at_lane("a", claims=OLDER), vanished).crossing.reason == "manual_check"


@pytest.mark.parametrize("claims", [None, OLDER])
def test_nothing_is_reopened_on_account_of_them(room: Room, claims: str | None) -> None:
    """Who comes a second time sees an officer, and the record puts no match in doubt."""
    lane = room.lane()
    lane(at_lane("a", claims=claims), room.camera("person=3 sample=1"))
    again = lane(at_lane("b", claims=claims), room.camera("person=3 sample=2")).crossing
    assert (again.reason, again.passenger_ref, again.reopens, again.threshold_id) == ("manual_check", None, None, None)
    assert (again.had_photo, again.was_usable, again.sealed_photo) == (False, False, None)
    assert parse_leaf(room.leaves()[-1]).kind is EntryKind.CROSSING


def test_a_shared_face_is_no_flag_on_them(room: Room) -> None:
    """The pair's other passenger, who is grown, is told apart as before."""
    pair = SharedFace(GROWN, OLDER, PairKind.POSSIBLE_RELATIVES, (), ())
    lane = room.lane(shared_faces={GROWN: pair, OLDER: pair})
    older = lane(at_lane("a"), room.camera("person=3 sample=1")).crossing
    grown = lane(at_lane("b"), room.camera("person=2 sample=1")).crossing
    assert (older.reason, older.component, older.passenger_ref) == ("manual_check", None, None)
    assert (grown.reason, grown.passenger_ref) == ("shared_face", GROWN)


@pytest.mark.parametrize("guardian", [Guardian.ABSENT, Guardian.UNKNOWN])
@pytest.mark.parametrize(("claims", "band"), [(CHILD, None), (None, AgeBand.CHILD), (GROWN, AgeBand.CHILD)])
def test_a_child_alone_is_not_asked(room: Room, guardian: Guardian, claims: str | None, band: AgeBand | None) -> None:
    """By the list or by what was said at the lane: the photo is not read, and an officer is called."""
    boarded = room.lane()(at_lane("a", claims=claims, guardian=guardian, band=band), never)
    crossing = boarded.crossing
    assert (crossing.outcome, crossing.reason) == ("not_attempted", "unaccompanied_child")
    assert (crossing.had_photo, crossing.passenger_ref, boarded.queue_number) == (False, None, 1)
    assert AtTheDesk(room).numbers() == [(1, "unaccompanied_child")]


def test_a_child_alone_found_in_the_gallery_leaves_nothing(room: Room) -> None:
    """Only the match says who it is; then the match is undone in memory and nothing of it is kept."""
    assert isinstance(room.vault, FakeVault)
    sealed = len(room.vault.kept)
    boarded = room.lane()(at_lane("a"), room.camera("person=1 sample=1"))
    crossing = boarded.crossing
    assert (crossing.outcome, crossing.reason) == ("not_attempted", "unaccompanied_child")
    assert (crossing.passenger_ref, crossing.threshold_id, crossing.sealed_photo) == (None, None, None)
    assert (boarded.features, len(room.vault.kept), room.camera.left) == (None, sealed, 0)


def test_a_child_beside_a_guardian_is_found_in_the_gallery(room: Room) -> None:
    """What was said at the lane opens the way."""
    said = at_lane("a", guardian=WITH_GUARDIAN, band=AgeBand.CHILD)
    assert room.lane()(said, room.camera("person=1 sample=1")).crossing.passenger_ref == CHILD


def test_whom_nobody_knows_and_nobody_said_anything_of_is_no_match(room: Room) -> None:
    """The record names nobody; where the lane said a band, it protects."""
    lane = room.lane()
    assert lane(at_lane("a"), room.camera("person=77 sample=1")).crossing.reason == "no_match"
    older = lane(at_lane("b", band=AgeBand.OLDER), room.camera("person=77 sample=2")).crossing
    assert (older.reason, older.sealed_photo) == ("manual_check", None)


def test_an_age_that_nobody_knows_is_read_protectively(room: Room) -> None:
    """Without a date of birth somebody may be a child; a person at the lane can say that they are not."""
    lane = room.lane()
    assert lane(at_lane("a", claims=UNKNOWN), never).crossing.reason == "unaccompanied_child"
    grown = at_lane("b", claims=UNKNOWN, band=AgeBand.ADULT)
    assert lane(grown, room.camera("person=77 sample=1")).crossing.reason == "no_match"
    assert lane(replace(grown, capture_key="c"), room.camera("person=4 sample=1")).crossing.outcome == "match"


@pytest.mark.parametrize(
    ("born_on", "reason"),
    [
        (date(2012, 11, 23), "manual_check"),
        (date(2012, 11, 22), "no_match"),
        (date(1946, 11, 23), "no_match"),
        (date(1946, 11, 22), "manual_check"),
    ],
)
def test_the_bands_end_on_the_birthday(born_on: date, reason: str) -> None:
    """On 22 November 2026: under 14 until the birthday, 80 from the birthday on."""
    room = Room(passengers=1)
    room.stage([replace(traveller(1), born_on=born_on)])
    said = at_lane("a", claims="P0001", guardian=WITH_GUARDIAN)
    assert room.lane()(said, room.camera("person=77 sample=1")).crossing.reason == reason


def test_who_is_said_to_be_grown_needs_no_guardian(room: Room) -> None:
    """Nobody beside an adult of unknown age is no child alone, whether or not the lane says that nobody is there."""
    said = at_lane("a", claims=UNKNOWN, guardian=Guardian.ABSENT, band=AgeBand.ADULT)
    assert room.lane()(said, room.camera("person=4 sample=1")).crossing.outcome == "match"


def test_a_child_that_declines_has_declined(room: Room) -> None:
    """An opt-out comes before everything else."""
    declined = replace(capture("a", opted_out=True), claim=BiometricClaim(True, None, Guardian.ABSENT, AgeBand.CHILD))
    assert room.lane()(declined, never).crossing.reason == "opted_out"
