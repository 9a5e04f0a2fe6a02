"""Changing a gallery's pack: the old one boards until the switch, and nobody is enrolled from another photo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from boarding_fakes import PACK_DIGEST, FakeVault, vanished
from boarding_parts import FLIGHT, capture, never, reference, traveller
from boarding_room import Room
from reextraction_room import NEW_PACK, photos, reextract, results_of, rows_of

from fairgate.errors import GalleryRefused, NothingStaged, PackMismatch, StagingConflict
from fairgate.ledger.entry import EntryKind, ErasureReason
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.records import ReferenceState
from fairgate.services.reextraction_report import ReextractionReport, ReextractionState


def reasons(report: ReextractionReport) -> dict[str, str | None]:
    return {one.passenger_ref: one.reason for one in report.left_out}


def codes(report: ReextractionReport) -> list[str]:
    return [finding.partition(": ")[0] for finding in report.findings]


def test_a_gallery_changes_its_pack_at_once() -> None:
    """Every template has a successor of the new pack; flight, rows, distractors and ledger say so together."""
    room = Room()
    room.stage(top_up_to=6)
    seen: list[tuple[int, int]] = []
    report = reextract(room, progress=lambda done, total: seen.append((done, total)))
    assert report == ReextractionReport(
        flight_key=FLIGHT,
        state=ReextractionState.SWITCHED,
        from_pack=PACK_DIGEST,
        to_pack=NEW_PACK,
        generation=2,
        enrolled=3,
        templates=3,
        lost=0,
        left_out=(),
        distractors=3,
        erased=6,
        findings=(),
    )
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    with room.store.reading() as transaction:
        flight = transaction.flight(FLIGHT)
        assert flight is not None
        assert (flight.pack_digest, flight.generation, flight.complete) == (NEW_PACK, 2, True)
        assert transaction.reextraction(FLIGHT) is None
    opened = room.open_gallery()(FLIGHT, pack_digest=NEW_PACK)
    assert (opened.gallery.size, opened.gallery.distractor_count, opened.gallery.passenger_refs) == (
        6,
        3,
        ("P0001", "P0002", "P0003"),
    )
    assert room.camera.left == 0
    assert room.ledger_is_whole()


def test_the_ledger_names_both_packs_and_what_is_gone() -> None:
    """One entry of what is in force with the new pack, then one of what is erased with the old, which refers to it."""
    room = Room()
    room.stage(top_up_to=5)
    reextract(room)
    changed, erased = [parse_leaf(leaf) for leaf in room.leaves()[-2:]]
    assert (changed.kind, changed.pack_sha256) == (EntryKind.REEXTRACTION, NEW_PACK)
    assert dict(changed.counts) == {"listed": 3, "enrolled": 3, "templates": 3, "synthetic": 2}
    assert (erased.kind, erased.reason, erased.pack_sha256) == (
        EntryKind.ERASURE,
        ErasureReason.SUPERSEDED,
        PACK_DIGEST,
    )
    assert dict(erased.counts) == {"templates": 5}
    assert erased.refers_to == len(room.leaves()) - 2


def test_every_photo_of_a_passenger_is_made_anew_in_its_place() -> None:
    """In any order given; a photo that no template was made of joins nobody."""
    room = Room(passengers=1)
    several = [photo for sample in range(3) for photo in photos(room, 1, sample=sample)]
    room.stage(photos=several[:2])
    report = reextract(room, several[::-1])
    assert (report.templates, report.lost, report.findings) == (2, 0, ())
    assert len(rows_of(room)[0].sealed_templates) == 2
    assert [text for text in room.engine.seen if text.startswith("second")] == [
        "second: person=1 sample=1",
        "second: person=1 sample=0",
    ]


def test_another_photo_is_never_enrolled_in_place_of_the_one_that_was() -> None:
    """It is not even decoded; the passenger is kept apart with a finding, and the old gallery stays in force."""
    room = Room()
    room.stage()
    swapped = [*photos(room, 1, 2), reference(3, room.camera("person=3 sample=1"))]
    report = reextract(room, swapped)
    assert (report.state, report.lost, report.erased) == (ReextractionState.WAITING, 1, 0)
    assert reasons(report) == {"P0003": "reference_replaced"}
    assert report.findings == (
        "reference_replaced: what was given is not the photo of template 1 of P0003, and is not used",
    )
    assert "second: person=3 sample=1" not in room.engine.seen
    assert room.opened().gallery.passenger_refs == ("P0001", "P0002", "P0003")
    assert room.walks_up(room.lane(), "person=3 sample=2").crossing.reason == "matched"


def test_what_would_be_lost_stands_in_the_way_unless_it_is_allowed() -> None:
    """Missing, unreadable, or without a face for the new pack; then they are listed as not enrolled, each with why."""
    room = Room(passengers=4)
    room.stage()
    given = [*photos(room, 1), replace(reference(2, vanished), label="row 2"), *photos(room, 4)]
    report = reextract(room, given)
    assert (report.state, report.lost, report.enrolled) == (ReextractionState.WAITING, 2, 2)
    assert reasons(report) == {"P0002": "reference_missing", "P0003": "reference_missing"}
    assert [parse_leaf(leaf).kind for leaf in room.leaves()].count(EntryKind.REEXTRACTION) == 0
    report = reextract(room, given, allow_fewer=True)
    assert (report.state, report.lost, report.enrolled, report.erased) == (ReextractionState.SWITCHED, 2, 2, 4)
    assert [(row.state, row.reason) for row in rows_of(room)] == [
        (ReferenceState.ENROLLED, None),
        (ReferenceState.NOT_ENROLLABLE, "reference_missing"),
        (ReferenceState.NOT_ENROLLABLE, "reference_missing"),
        (ReferenceState.ENROLLED, None),
    ]
    with room.store.reading() as transaction:
        flight = transaction.flight(FLIGHT)
    assert flight is not None
    assert [finding.partition(":")[0] for finding in flight.findings] == ["reference_missing"] * 2


def test_a_photo_found_later_completes_what_waits() -> None:
    """Only what lacked something is looked at again."""
    room = Room()
    room.stage()
    assert reextract(room, photos(room, 1, 2)).state is ReextractionState.WAITING
    before = len(room.engine.seen)
    report = reextract(room, photos(room, 1, 2, 3))
    assert report.state is ReextractionState.SWITCHED
    assert room.engine.seen[before:] == ["second: person=3 sample=0"]


def test_a_run_with_fewer_photos_takes_nothing_back() -> None:
    """What an earlier run made of a photo stays made."""
    room = Room()
    room.stage()
    reextract(room, photos(room, 1, 2))
    report = reextract(room, [])
    assert (report.enrolled, report.lost) == (2, 1)


def test_who_opted_out_or_expired_is_not_made_anew() -> None:
    """Neither stands in the way of the switch, and neither's photo is opened."""
    vault = FakeVault()
    room = Room(vault=vault, passengers=4)
    room.stage()
    room.lane()(capture("c", opted_out=True, claims="P0001"), never)
    (envelope,) = rows_of(room)[1].sealed_templates
    plain, record_class, _ = vault.kept[envelope]
    vault.kept[envelope] = (plain, record_class, room.clock.now)
    given = [reference(1, never), reference(2, never), *photos(room, 3, 4)]
    report = reextract(room, given)
    assert (report.state, report.enrolled, report.lost, report.erased) == (ReextractionState.SWITCHED, 2, 0, 3)
    assert reasons(report) == {"P0002": "expired"}
    assert [row.state.value for row in rows_of(room)] == ["opted_out", "not_enrollable", "enrolled", "enrolled"]


def test_an_opt_out_while_it_is_under_way_erases_what_was_made() -> None:
    """Of both generations; the switch goes on without the passenger."""
    room = Room()
    room.stage()
    reextract(room, photos(room, 1, 2))
    assert [row.passenger_ref for row in results_of(room) if row.sealed_templates] == ["P0001", "P0002"]
    room.lane()(capture("c", opted_out=True, claims="P0002"), never)
    assert [row.passenger_ref for row in results_of(room)] == ["P0001", "P0003"]
    report = reextract(room)
    assert (report.state, report.enrolled, report.erased) == (ReextractionState.SWITCHED, 2, 2)
    assert room.open_gallery()(FLIGHT, pack_digest=NEW_PACK).gallery.passenger_refs == ("P0001", "P0003")


def test_nothing_lives_longer_for_being_made_anew() -> None:
    """The deadline counts from the staging, whenever the change of pack comes."""
    vault = FakeVault()
    room = Room(vault=vault)
    room.stage(
        [traveller(1, nationality="USA"), traveller(2)],
        [
            reference(1, room.camera("person=1 sample=0"), nationality="USA"),
            *photos(room, 2),
        ],
    )
    old = [vault.kept[row.sealed_templates[0]][2] for row in rows_of(room)]
    room.clock.forward(hours=5)
    reextract(room, [reference(1, room.camera("person=1 sample=0"), nationality="USA"), *photos(room, 2)])
    assert [vault.kept[row.sealed_templates[0]][2] for row in rows_of(room)] == old
    assert old[0] - room.clock.now == timedelta(hours=7)


def test_boarding_goes_on_until_the_switch_and_then_says_what_to_do() -> None:
    """A lane that opened the old gallery records nothing with it any more; what it recorded before stands."""
    room = Room()
    room.stage()
    lane = room.lane()
    reextract(room, photos(room, 1))
    matched = room.walks_up(lane, "person=1 sample=1")
    assert matched.crossing.reason == "matched"
    reextract(room)
    with pytest.raises(PackMismatch, match="fairgate board"):
        room.walks_up(lane, "person=2 sample=1")
    with pytest.raises(PackMismatch):
        lane(capture("declines", opted_out=True, claims="P0003"), never)
    assert room.walks_up(lane, "person=1 sample=1").repeated
    assert [one.capture_key for one in room.crossings()] == ["person=1 sample=1"]
    with pytest.raises(PackMismatch, match="gallery reextract"):
        room.opened()
    with room.store.reading() as transaction:
        assert transaction.match_of(FLIGHT, "P0001") == matched.crossing
    assert room.ledger_is_whole()


def test_a_template_of_another_pack_in_the_row_is_found_out_when_it_is_opened() -> None:
    """What is sealed says which pack made it, whatever the flight's row says."""
    vault = FakeVault()
    room = Room(vault=vault)
    room.stage()
    (envelope,) = rows_of(room)[0].sealed_templates
    assert room.opened().gallery.size == 3
    plain, record_class, erase_by = vault.kept[envelope]
    foreign = plain[:6] + bytes.fromhex(NEW_PACK) + plain[38:]
    vault.kept[envelope] = (foreign, record_class, erase_by)
    with pytest.raises(PackMismatch):
        room.opened()


def test_a_template_sealed_without_a_proof_is_not_made_anew() -> None:
    """As those of a database from before there were generations: nothing says which photo it was made of."""
    vault = FakeVault()
    room = Room(vault=vault)
    room.stage()
    (envelope,) = rows_of(room)[0].sealed_templates
    plain, record_class, erase_by = vault.kept[envelope]
    vault.kept[envelope] = (plain[102:], record_class, erase_by)
    report = reextract(room)
    assert (report.state, reasons(report)) == (ReextractionState.WAITING, {"P0001": "reference_unproven"})
    assert room.opened().gallery.size == 3


def test_a_gallery_of_that_pack_already_is_left_alone() -> None:
    """As after a run that was killed once it had switched."""
    room = Room()
    room.stage()
    reextract(room)
    entries = room.leaves()
    report = reextract(room, [reference(1, never)])
    assert (report.state, report.enrolled, report.erased) == (ReextractionState.UNCHANGED, 3, 0)
    assert room.leaves() == entries


def test_a_gallery_on_its_way_to_another_pack_is_finished_or_begun_anew() -> None:
    """Templates of three packs never lie side by side; beginning anew erases what was made."""
    room = Room()
    room.stage()
    reextract(room, photos(room, 1))
    with pytest.raises(StagingConflict, match="--start-over"):
        reextract(room, pack_digest="33" * 32)
    report = reextract(room, photos(room, 2), start_over=True)
    assert (report.enrolled, reasons(report)) == (1, {"P0001": "reference_missing", "P0003": "reference_missing"})


def test_what_cannot_change_its_pack_is_refused_before_a_photo_is_opened() -> None:
    """Not staged; a gallery that the new pack could not board; an engine of a third pack; nobody left."""
    room = Room()
    with pytest.raises(NothingStaged):
        reextract(room, [reference(1, never)])
    room.stage()

    def not_ready(size: int) -> None:
        raise GalleryRefused(f"{size}")

    with pytest.raises(GalleryRefused, match="3"):
        reextract(room, [reference(1, never)], require_ready=not_ready)
    with room.store.reading() as transaction:
        assert transaction.reextraction(FLIGHT) is None
    with pytest.raises(StagingConflict, match="Nobody"):
        reextract(room, [], allow_fewer=True)
    with pytest.raises(PackMismatch):
        reextract(room, pack_digest="33" * 32, start_over=True)
    assert room.opened().gallery.size == 3
