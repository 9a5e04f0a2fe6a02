"""Opting out at every moment: what was captured is gone, what was matched is undone, and a receipt says so."""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, cast

import pytest
from boarding_parts import FLIGHT, OPERATOR, RECEIPT_KEY, capture, never, real_vault, traveller
from boarding_room import Room
from hypothesis import given, settings
from hypothesis import strategies as st
from opt_out_room import SELF, opt_out_service

from fairgate.errors import NoSuchRecord, NothingStaged
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.ledger.receipt import Choice, Moment, Receipt, read_code
from fairgate.services.enter_opt_out import Declared, OptedOut
from fairgate.services.issue_receipt import IssueReceipt, MakeReceipt
from fairgate.services.ports_deadlines import DeadlineVault
from fairgate.services.records import CrossingRecord, ReferenceState
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import Photo, RecordClass


def declines(room: Room, passenger: str | None = None, key: str | None = None, **otherwise: Any) -> OptedOut:
    """Let somebody decline: by name, by capture, or both."""
    return opt_out_service(room)(Declared("B22", room.clock(), FLIGHT, passenger, key), SELF, **otherwise)


def receipt_of(opted_out: OptedOut) -> Receipt:
    return read_code(opted_out.receipt.code, RECEIPT_KEY.verifier_key)


def crossing(room: Room, key: str) -> CrossingRecord:
    with room.store.reading() as transaction:
        found = transaction.crossing_for(FLIGHT, key)
    assert found is not None
    return found


def citizens(room: Room) -> Room:
    """Stage citizens, for whom the photograph is voluntary."""
    room.stage([traveller(number, nationality="USA") for number in (1, 2, 3)], photos_of(room))
    return room


def photos_of(room: Room) -> list[Any]:
    from boarding_parts import reference

    return [reference(number, room.camera(f"person={number} sample=0"), nationality="USA") for number in (1, 2, 3)]


def test_before_capture_the_templates_go_and_nobody_matches_them() -> None:
    """In the store at once, and in a lane that had the gallery open since before."""
    room = citizens(Room())
    lane = room.lane()
    opted_out = declines(room, "P0002")
    assert (opted_out.record.moment, opted_out.record.templates) == (Moment.BEFORE, 1)
    assert room.passenger("P0002").state is ReferenceState.OPTED_OUT
    seen = len(room.engine.seen)
    met = room.walks_up(lane, "person=2 sample=1").crossing
    assert (met.outcome, met.passenger_ref) == ("see_officer", None)
    assert len(room.engine.seen) == seen + 1
    assert room.walks_up(lane, "person=1 sample=1").crossing.outcome == "match"
    assert room.ledger_is_whole()


def test_a_receipt_says_what_the_rule_left_free_and_that_nothing_biometric_is_kept() -> None:
    """A citizen is free; an alien whom the rule requires is honoured all the same, and told so."""
    room = citizens(Room())
    said = receipt_of(declines(room, "P0002"))
    assert (said.choice, said.rule_id) == (Choice.VOLUNTARY, "us-citizen")
    assert {one.of for one in said.kept} == {RecordClass.PASSENGER_LIST, RecordClass.CASE}
    other = Room()
    other.stage()
    required = declines(other, "P0002")
    assert receipt_of(required).choice is Choice.REQUIRED
    assert not other.passenger("P0002").sealed_templates


def test_during_a_comparison_the_opt_out_wins_in_the_crossings_own_transaction() -> None:
    """By capture, while the engine compares: no match, no photo, no features, and the officer's queue."""
    room = citizens(Room())
    lane = room.lane()
    happened: list[OptedOut] = []

    def camera_that_is_declined() -> Photo:
        happened.append(declines(room, key="c"))
        return Photo(b"person=2 sample=1")

    met = lane(capture("c"), camera_that_is_declined)
    assert (met.crossing.outcome, met.crossing.reason) == ("not_attempted", "opted_out")
    assert (met.crossing.sealed_photo, met.crossing.passenger_ref, met.features) == (None, None, None)
    assert met.queue_number is not None
    assert happened[0].record.moment is Moment.DURING
    assert room.ledger_is_whole()


@pytest.mark.parametrize("shown", ["poor=sharpness", "person=3 sample=1", "no_face", "broken=truncated"])
def test_whoever_opts_out_by_name_while_their_claim_is_compared_leaves_no_photo(shown: str) -> None:
    """Also where the face was too poor or another's: the claim says who declined."""
    room = citizens(Room())
    lane = room.lane()

    def camera_that_is_declined() -> Photo:
        declines(room, "P0002")
        return Photo(shown.encode())

    met = lane(capture("c", claims="P0002"), camera_that_is_declined).crossing
    assert (met.reason, met.sealed_photo) == ("opted_out", None)


def test_after_a_match_the_photo_goes_and_the_match_is_taken_back() -> None:
    """The crossing stays as it was; its photo, the templates and the boarding do not."""
    room = citizens(Room())
    lane = room.lane()
    before = room.walks_up(lane, "person=2 sample=1", key="c").crossing
    assert before.sealed_photo is not None
    opted_out = declines(room, key="c")
    record = opted_out.record
    assert (record.moment, record.photos, record.templates, record.matches) == (Moment.AFTER, 1, 1, 1)
    after = crossing(room, "c")
    assert after.sealed_photo is None
    assert (after.outcome, after.passenger_ref) == ("match", "P0002")
    with room.store.reading() as transaction:
        assert transaction.match_of(FLIGHT, "P0002") is None
        assert [one.reason for one in transaction.queue_entries(FLIGHT)] == ["match_undone"]
    kinds = [parse_leaf(leaf).kind for leaf in room.leaves()]
    assert kinds[-2:] == [EntryKind.OPT_OUT, EntryKind.ERASURE]
    assert {one.of for one in receipt_of(opted_out).kept} == {
        RecordClass.CROSSING, RecordClass.PASSENGER_LIST, RecordClass.CASE
    }  # fmt: skip
    assert room.ledger_is_whole()


def test_an_opt_out_is_recorded_once_and_its_receipt_is_the_first() -> None:
    """Asked again, also by another process, it is the same."""
    room = citizens(Room())
    first = declines(room, "P0002")
    size = len(room.leaves())
    room.clock.forward(minutes=5)
    again = declines(room, "P0002")
    assert again.repeated
    assert again.receipt == first.receipt
    assert [parse_leaf(leaf).kind for leaf in room.leaves()[size:]] == [EntryKind.READ]


def test_declining_at_the_lane_gives_a_receipt_in_the_crossings_transaction() -> None:
    """By the column of captures; no photo is taken, and an unknown person's receipt names the protecting rule."""
    room = citizens(Room())
    lane = room.lane()
    lane(capture("a", opted_out=True, claims="P0002"), never)
    lane(capture("b", opted_out=True), never)
    with room.store.reading() as transaction:
        named, unknown = transaction.opt_outs(FLIGHT)
        codes = [one.code for one in transaction.receipts()]
    assert (named.moment, named.passenger_ref, named.templates) == (Moment.BEFORE, "P0002", 1)
    assert (unknown.passenger_ref, unknown.rule_id) == (None, "us-citizen")
    assert [read_code(code, RECEIPT_KEY.verifier_key).moment for code in codes] == [Moment.BEFORE] * 2
    assert room.ledger_is_whole()


def test_nobody_unknown_is_withdrawn() -> None:
    """A flight that is not staged, and a passenger whom its list does not name."""
    room = citizens(Room())
    with pytest.raises(NoSuchRecord):
        declines(room, "P9999")
    with pytest.raises(NothingStaged):
        opt_out_service(room)(Declared("B22", room.clock(), "NOWHERE"), SELF)


def test_a_lane_without_a_list_lets_people_decline_too() -> None:
    """Without flight, name or capture; each has a receipt of their own."""
    room = Room()
    first, second = (opt_out_service(room)(Declared("footbridge-1", room.clock()), SELF) for _ in range(2))
    assert first.receipt.receipt_id != second.receipt.receipt_id
    assert receipt_of(first).rule_id == "us-citizen"
    assert room.ledger_is_whole()


def test_every_crossing_has_a_receipt_for_whoever_asks() -> None:
    """What is kept of a match: record, photo, templates, list entry; of an opt-out it is the opt-out's own."""
    room = citizens(Room())
    lane = room.lane()
    room.walks_up(lane, "person=1 sample=1", key="c")
    lane(capture("d", opted_out=True), never)
    issue = IssueReceipt(
        store=room.store,
        registrar=room.registrar,
        rules=room.rules,
        make_receipt=MakeReceipt(RECEIPT_KEY, rulebook_sha256=room.rulebook.sha256, entropy=room.entropy),
        clock=room.clock,
        actor=OPERATOR,
    )
    said = read_code(issue(FLIGHT, "c").code, RECEIPT_KEY.verifier_key)
    assert said.moment is Moment.CROSSING
    kept = {one.of: one.until for one in said.kept}
    assert set(kept) == {RecordClass.CROSSING, RecordClass.PHOTO, RecordClass.PASSENGER_LIST, RecordClass.TEMPLATE}
    assert kept[RecordClass.PHOTO] <= room.clock() + timedelta(hours=12)
    assert issue(FLIGHT, "c") == issue(FLIGHT, "c")
    assert read_code(issue(FLIGHT, "d").code, RECEIPT_KEY.verifier_key).moment is Moment.BEFORE
    with pytest.raises(NoSuchRecord):
        issue(FLIGHT, "e")


steps = st.lists(
    st.one_of(
        st.tuples(st.just("walks"), st.integers(0, 1), st.integers(1, 3), st.integers(1, 4)),
        st.tuples(st.just("name"), st.just(0), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("capture"), st.just(0), st.integers(1, 3), st.integers(1, 4)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(steps, st.data())
def test_in_any_order_there_is_one_state_at_the_end(done: list[tuple[str, int, int, int]], data: st.DataObject) -> None:
    """Whoever declined by name or by capture has no photo, no template by name, and no boarding that stands.

    Two lanes opened before anything; some captures are declined while they are compared, at any step in between.
    """
    room = citizens(Room())
    lanes = [room.lane(), room.lane()]
    named: set[str] = set()
    declined: set[str] = set()

    def meanwhile(person: int, key: str) -> None:
        match data.draw(st.sampled_from(("nothing", "nothing", "name", "capture"))):
            case "name":
                declines(room, f"P000{person}")
                named.add(f"P000{person}")
            case "capture":
                declines(room, key=key)
                declined.add(key)
            case _:
                pass

    for what, lane, person, sample in done:
        key = f"person={person} sample={sample}"
        match what:
            case "walks":

                def lend(person: int = person, key: str = key) -> Photo:
                    meanwhile(person, key)
                    return Photo(key.encode())

                lanes[lane](capture(key), lend)
            case "name":
                declines(room, f"P000{person}")
                named.add(f"P000{person}")
            case _:
                declines(room, key=key)
                declined.add(key)
    with room.store.reading() as transaction:
        crossings = list(transaction.crossings(FLIGHT))
        by_key = {one.capture_key: one for one in crossings}
        gone = named | {ref for key in declined if key in by_key and (ref := by_key[key].passenger_ref)}
        for ref in gone:
            assert transaction.match_of(FLIGHT, ref) is None
            assert transaction.reference_state(FLIGHT, ref) is ReferenceState.OPTED_OUT
        assert not any(
            one.sealed_photo for one in crossings if one.passenger_ref in gone or one.capture_key in declined
        )
        assert not any(row.sealed_templates for row in transaction.passengers(FLIGHT) if row.passenger_ref in gone)
        standing = [one for one in crossings if one.outcome == "match" and one.passenger_ref not in gone]
        assert len({one.passenger_ref for one in standing}) == len(standing)
    assert room.camera.left == 0
    assert room.ledger_is_whole()


def bytes_on_disk(folder: Path, wanted: bytes) -> list[str]:
    """Return the files below a folder that hold some bytes."""
    return [path.name for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]


class WatchingVault:
    """A vault that remembers what it sealed."""

    def __init__(self, vault: DeadlineVault) -> None:
        self._vault = vault
        self.sealed: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._vault, name)

    def seal(self, *content: Any, **said: Any) -> bytes:
        self.sealed.append(self._vault.seal(*content, **said))
        return self.sealed[-1]


@pytest.mark.parametrize("seed", range(4))
def test_two_processes_race_and_nothing_is_left_on_disk(tmp_path: Path, seed: int) -> None:
    """One boards, the other lets the same people decline; what was sealed of them is in no file of the data folder.

    The same scan finds the photo of somebody who did not decline.
    """
    folder = tmp_path / "data"
    with SqliteStore.open(folder / "fairgate.db") as store:
        watching = WatchingVault(real_vault(tmp_path / "keys", store))
        room = Room(store=store, vault=cast("DeadlineVault", watching), entropy=os.urandom, timer=time.perf_counter)
        citizens(room)
        templates = [room.passenger(f"P000{number}").sealed_templates[0] for number in (1, 2)]
        watching.sealed.clear()
        lane = room.lane()
        command = [sys.executable, str(Path(__file__).with_name("racing_opt_out.py")), str(tmp_path), str(seed)]
        with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            assert other.stdout.readline() == "ready\n"
            other.stdin.write("go\n")
            other.stdin.flush()
            for number in (1, 2, 1, 2):
                room.walks_up(lane, f"person={number} sample={len(watching.sealed)}", key=f"c{number}")
            assert other.wait() == 0
        of_decliners = [*templates, *watching.sealed]
        kept = room.walks_up(lane, "person=3 sample=1", key="canary").crossing.sealed_photo
        assert kept is not None
        with room.store.reading() as transaction:
            assert [transaction.match_of(FLIGHT, f"P000{number}") for number in (1, 2)] == [None, None]
            assert transaction.withdrawn(FLIGHT) == {"P0001", "P0002"}
            crossings = [one for one in transaction.crossings(FLIGHT) if one.capture_key != "canary"]
        assert [one.sealed_photo for one in crossings] == [None] * 2
        assert room.ledger_is_whole()
        store.purge_log()
        assert bytes_on_disk(folder, kept[-64:]) != []
        for envelope in of_decliners:
            assert bytes_on_disk(folder, envelope[-64:]) == []
