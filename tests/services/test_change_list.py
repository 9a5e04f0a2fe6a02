"""Later messages change a gallery that is staged: at once, once, and however they are delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from boarding_fakes import FakeVault
from boarding_parts import BEFORE_THE_RULE, capture, never
from list_messages import FLIGHT, message
from list_room import ListRoom

from fairgate.errors import InputRefused, StagingConflict
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.staged_before import under_its_first_name
from fairgate.vocabulary import RecordClass

LIST = message(0, "", "FL:A", "FL:B", "FL:C", "FM:P")
ADDITION = message(1, "CP", "FL:D")
CANCELLATION = message(2, "XR", "FL:B")


def entries(room: ListRoom, since: int) -> list[tuple[str, str | None, dict[str, int]]]:
    """Return kind, reason and counts of entries that are about more than a read."""
    parsed = [parse_leaf(leaf) for leaf in room.leaves()[since:]]
    return [(one.kind.value, one.reason, dict(one.counts)) for one in parsed if one.kind is not EntryKind.READ]


def test_who_is_added_is_enrolled_and_who_is_cancelled_is_withdrawn() -> None:
    """References stay; templates and list entry of whoever is off the list are gone, and the ledger says how many."""
    room = ListRoom()
    assert room.stage_lists(LIST).enrolled == 3
    kept = {row.passenger_ref: row for row in room.rows()}
    since = len(room.leaves())
    report = room.stage_lists(LIST, ADDITION, CANCELLATION)
    assert room.states() == {"P0001": "enrolled", "P0003": "enrolled", "P0005": "enrolled"}
    assert report.change is not None
    assert dict(report.change.counts()) == {
        "added": 1,
        "cancelled": 1,
        "changed": 0,
        "not_asked": 0,
        "enrolled_anew": 0,
        "boarded": 0,
    }
    rows = {row.passenger_ref: row for row in room.rows()}
    gone = rows["P0002"]
    assert (gone.state.value, gone.sealed_traveller, gone.sealed_templates) == ("cancelled", None, ())
    assert rows["P0001"] == kept["P0001"]
    assert entries(room, since) == [
        ("staging", None, {"lists": 3, **dict(report.change.counts())}),
        ("erasure", "cancelled", {"templates": 1, "list_entries": 1}),
        ("staging", None, {"listed": 3, "enrolled": 3, "templates": 3, "synthetic": 0}),
    ]
    assert room.ledger_is_whole()
    assert room.camera.left == 0


def test_the_same_lists_again_change_nothing() -> None:
    """Not a row, not an entry, no photo opened; nor does a file given twice."""
    room = ListRoom()
    room.stage_lists(LIST)
    room.stage_lists(LIST, CANCELLATION)
    rows, leaves, lent = room.rows(), room.leaves(), len(room.camera.lent)
    report = room.stage_lists(CANCELLATION, LIST, LIST)
    assert (room.rows(), room.leaves(), len(room.camera.lent), report.change) == (rows, leaves, lent, None)


def test_whose_facts_change_keeps_reference_and_templates() -> None:
    """A name is corrected: the facts are sealed anew, the photo is not opened again."""
    room = ListRoom()
    room.stage_lists(LIST)
    kept = {row.passenger_ref: row for row in room.rows()}
    lent = len(room.camera.lent)
    report = room.stage_lists(LIST, message(3, "CP", "FL:A").replace(b"DOE:A", b"DOE:ANNA"))
    assert report.change is not None
    assert (report.change.changed, report.change.enrolled_anew, len(room.camera.lent)) == (1, 0, lent)
    row = {row.passenger_ref: row for row in room.rows()}["P0001"]
    assert row.sealed_templates == kept["P0001"].sealed_templates
    assert room.open_gallery().listed(room.rows())["P0001"].traveller.given_names == "ANNA"


def test_a_document_that_changes_takes_the_template_with_it() -> None:
    """The photo was joined by the old passport, and may show somebody else; without a photo of the new one, none is."""
    room = ListRoom(pictured=["XA", "XB", "XC", "XC2"])
    room.stage_lists(LIST)
    report = room.stage_lists(LIST, message(3, "CP", "FL:A2", "FL:C2"))
    assert report.change is not None
    assert report.change.enrolled_anew == 2
    assert room.states() == {"P0001": "no_photo", "P0002": "enrolled", "P0003": "enrolled"}


def test_whose_standing_changes_gets_another_deadline() -> None:
    """An alien on the first list is a citizen by a later message: the template lives 12 hours and not 14 days."""
    room = ListRoom()
    room.stage_lists(LIST)
    assert isinstance(room.vault, FakeVault)
    report = room.stage_lists(LIST, message(3, "CP", "FL:A", nationality="USA"))
    assert report.change is not None
    assert (report.change.changed, report.change.enrolled_anew) == (1, 1)
    row = {row.passenger_ref: row for row in room.rows()}["P0001"]
    _, record_class, erase_by = room.vault.kept[row.sealed_templates[0]]
    assert (record_class, erase_by - room.clock.now) == (RecordClass.TEMPLATE, timedelta(hours=12))


def test_whoever_opted_out_stays_so_cancelled_and_named_again() -> None:
    """A later message does not enrol them again."""
    room = ListRoom()
    room.stage_lists(LIST)
    room.lane()(capture("c", opted_out=True, claims="P0002"), never)
    room.stage_lists(LIST, CANCELLATION)
    assert "P0002" not in room.states()
    room.stage_lists(LIST, CANCELLATION, message(3, "CP", "FL:B"))
    assert room.states() == {"P0001": "enrolled", "P0002": "opted_out", "P0003": "enrolled"}


def test_whoever_boarded_and_is_cancelled_is_a_finding() -> None:
    """Nothing of them is removed; crossings stay as they are."""
    room = ListRoom()
    room.stage_lists(LIST)
    assert room.walks_up(room.lane(), "person=2 sample=1").crossing.passenger_ref == "P0002"
    crossings, before = room.crossings(), room.passenger("P0002")
    report = room.stage_lists(LIST, CANCELLATION)
    assert "cancelled_after_boarding: P0002 is off the list and had boarded before" in report.findings
    assert report.change is not None
    assert (report.change.boarded, report.change.cancelled) == (1, 0)
    assert (room.crossings(), room.passenger("P0002")) == (crossings, before)


def test_a_lane_that_has_the_gallery_open_does_not_match_whom_a_message_took_off() -> None:
    """Neither by search nor by claim: a person finds out. Who was added is known to the next lane that opens."""
    room = ListRoom()
    room.stage_lists(LIST)
    lane = room.lane()
    room.stage_lists(LIST, ADDITION, CANCELLATION)
    for key, claims in (("searched", None), ("claimed", "P0002")):
        crossing = room.walks_up(lane, "person=2 sample=1", key=key, claims=claims).crossing
        assert (crossing.outcome, crossing.reason) == ("see_officer", "no_reference")
    assert room.walks_up(lane, "person=4 sample=1", key="early").crossing.reason == "no_match"
    assert room.walks_up(room.lane(), "person=4 sample=1", key="later").crossing.reason == "matched"
    assert room.walks_up(lane, "person=1 sample=1").crossing.reason == "matched"


def test_whom_a_rule_does_not_let_ask_any_more_is_withdrawn() -> None:
    """Before the rule citizens are asked at Boston and aliens are not; who turns out to be one loses the template."""
    room = ListRoom()
    room.clock.now = BEFORE_THE_RULE
    citizens = LIST.replace(b"GBR", b"USA")
    assert room.stage_lists(citizens).enrolled == 3
    since = len(room.leaves())
    report = room.stage_lists(citizens, message(3, "CP", "FL:A"))
    assert report.change is not None
    assert report.change.not_asked == 1
    assert room.states() == {"P0001": "not_asked", "P0002": "enrolled", "P0003": "enrolled"}
    assert room.passenger("P0001").sealed_templates == ()
    assert ("erasure", "rule_forbids", {"templates": 1}) in entries(room, since)


def test_a_flight_that_is_cancelled_empties_its_gallery() -> None:
    """It stays, complete and with nobody in it; where nothing is staged there is nothing to empty."""
    room = ListRoom()
    with pytest.raises(InputRefused):
        room.stage_lists(LIST, message(3, "XF"))
    room.stage_lists(LIST)
    report = room.stage_lists(LIST, message(3, "XF"))
    assert (report.listed, room.states(), room.opened().gallery.size) == (0, {}, 0)
    assert any(finding.startswith("flight_without_passengers") for finding in report.findings)


def test_close_out_withdraws_who_stayed_behind() -> None:
    """Who is on board stays in the gallery, for those who are met where the flight arrives."""
    room = ListRoom()
    room.stage_lists(LIST)
    room.stage_lists(LIST, message(4, "CLOB", "FL:A", "FL:C"))
    assert set(room.states()) == {"P0001", "P0003"}


@pytest.mark.parametrize("others", [(ADDITION,), (ADDITION, CANCELLATION), (LIST.replace(b"DOE:A", b"DOE:Z"),)])
def test_lists_that_do_not_contain_the_first_ones_are_a_conflict(others: Sequence[bytes]) -> None:
    """With the way out; nothing is changed."""
    room = ListRoom()
    room.stage_lists(LIST, CANCELLATION)
    rows, leaves = room.rows(), room.leaves()
    with pytest.raises(StagingConflict) as refused:
        room.stage_lists(*others)
    assert "with them those that came later" in (refused.value.way_out or "")
    assert (room.rows(), room.leaves()) == (rows, leaves)


def test_messages_that_cannot_be_told_apart_do_not_change_a_gallery() -> None:
    """Two messages with the same references and other people: nobody could say who is who."""
    room = ListRoom()
    room.stage_lists(LIST, message(0, "", "FL:E", "FL:F", "FL:G"))
    with pytest.raises(StagingConflict, match="Who is who"):
        room.stage_lists(LIST, message(0, "", "FL:E", "FL:F", "FL:G"), CANCELLATION)


def test_a_delay_past_midnight_keeps_the_gallery() -> None:
    """The key of an entry names the day of arrival; the gallery keeps the first one."""
    room = ListRoom()
    first = room.to_stage(LIST)
    late = FLIGHT.replace("2611230630", "2611240130")
    from_entry = replace(room.place, direction=None)
    room.place = from_entry
    room.stage_lists(LIST)
    moved = room.to_stage(LIST, message(1, "CP", "FL:D", flight=late))
    renamed = replace(moved, flight=replace(moved.flight, flight_key="FG420-2026-11-24-BOS"))
    found = under_its_first_name(room.store, renamed)
    assert found.flight.flight_key == first.flight.flight_key
    assert any(finding.startswith("flight_moved") for finding in found.findings)
