"""Staging gives every listed passenger one row that says what became of them, however often it is interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from boarding_fakes import FakeVault, vanished
from boarding_parts import BEFORE_THE_RULE, FLIGHT, capture, never, reference, traveller
from boarding_room import Room

from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.enrol_reference import MOST_PHOTOS, ReferencePhoto
from fairgate.services.records import PassengerRecord, ReferenceState
from fairgate.vocabulary import TravelDocument


def rows_of(room: Room) -> Sequence[PassengerRecord]:
    with room.store.reading() as transaction:
        return transaction.passengers(FLIGHT)


def staging_counts(room: Room) -> list[dict[str, int]]:
    """Return the counts of each entry on a staging."""
    entries = [parse_leaf(leaf) for leaf in room.leaves()]
    return [dict(entry.counts) for entry in entries if entry.kind is EntryKind.STAGING]


def test_every_passenger_gets_a_row_that_says_what_became_of_them() -> None:
    """Enrolled, without a photo, not enrollable with the reason: nobody is skipped silently."""
    room = Room()
    shown = ("person=1 sample=0", "no_face", "several", "poor=yaw", "broken=damaged")
    photos = [reference(number, room.camera(text)) for number, text in enumerate(shown, start=1)]
    photos.append(reference(6, vanished))
    report = room.stage([traveller(number) for number in range(1, 8)], photos)
    assert (report.listed, report.enrolled, report.distractors) == (7, 1, 0)
    assert [(one.passenger_ref, one.state.value, one.reason) for one in report.not_enrolled] == [
        ("P0002", "not_enrollable", "no_face"),
        ("P0003", "not_enrollable", "several_faces"),
        ("P0004", "not_enrollable", "poor_image_yaw"),
        ("P0005", "not_enrollable", "image_damaged"),
        ("P0006", "not_enrollable", "image_missing"),
        ("P0007", "no_photo", None),
    ]
    assert [bool(row.sealed_templates) for row in rows_of(room)] == [True] + [False] * 6
    assert all(row.sealed_traveller is not None for row in rows_of(room))
    assert staging_counts(room) == [{"listed": 7, "enrolled": 1, "templates": 1, "synthetic": 0}]
    assert room.camera.left == 0
    assert room.ledger_is_whole()


def test_whom_the_rule_does_not_ask_is_not_looked_at() -> None:
    """Before the rule an alien at Boston is not asked: the photo stays closed."""
    room = Room(passengers=1)
    room.clock.now = BEFORE_THE_RULE
    report = room.stage(photos=[reference(1, never)])
    assert [(one.state, one.reason) for one in report.not_enrolled] == [
        (ReferenceState.NOT_ASKED, "us-alien-exit-elsewhere-2018")
    ]


def test_an_opt_out_shows_as_such_in_the_report_of_the_staging() -> None:
    """Even though the passenger had been enrolled."""
    room = Room()
    room.stage()
    room.lane()(capture("c", opted_out=True, claims="P0002"), never)
    report = room.stage()
    assert [(one.passenger_ref, one.state) for one in report.not_enrolled] == [("P0002", ReferenceState.OPTED_OUT)]


def test_topping_up_counts_whom_it_could_not_enrol_as_missing() -> None:
    """The gallery has the size asked for, whoever had no photo."""
    room = Room(passengers=2)
    report = room.stage([traveller(number) for number in range(1, 5)], top_up_to=6)
    assert (report.listed, report.enrolled, report.distractors) == (4, 2, 4)
    opened = room.opened()
    assert (opened.gallery.size, opened.gallery.passenger_refs) == (6, ("P0001", "P0002"))
    assert set(opened.travellers) == {"P0001", "P0002", "P0003", "P0004"}


def several(room: Room, number: int, *texts: str) -> list[ReferencePhoto]:
    """Return several photos that are said to show one passenger."""
    return [
        replace(reference(number, room.camera(text)), label=f"photo {place} of {number}")
        for place, text in enumerate(texts, start=1)
    ]


def test_several_photos_of_a_passenger_are_all_enrolled() -> None:
    """Each is a template of its own, sealed by itself, and counts towards the gallery's bound and the search's N."""
    room = Room(passengers=2)
    photos = several(room, 1, *(f"person=1 sample={n}" for n in range(3)))
    report = room.stage(photos=[*photos, reference(2, room.camera("person=2 sample=0"))], top_up_to=6)
    assert (report.enrolled, report.templates, report.distractors) == (2, 4, 2)
    assert [len(row.sealed_templates) for row in rows_of(room)] == [1, 1, 3, 1]
    assert staging_counts(room) == [{"listed": 2, "enrolled": 2, "templates": 4, "synthetic": 2}]
    opened = room.opened()
    assert (opened.gallery.size, opened.gallery.bound, opened.gallery.passenger_refs) == (6, 6, ("P0001", "P0002"))
    assert room.walks_up(room.lane(opened), "person=1 sample=2").crossing.reason == "matched"
    assert room.walks_up(room.lane(opened), "person=2 sample=1", claims="P0002").crossing.reason == "matched"
    assert room.camera.left == 0


def test_a_bad_photo_among_good_ones_is_a_finding_and_not_the_passengers_failure() -> None:
    """The same photo given twice gives one template; where no photo is usable, the first one's reason is given."""
    room = Room(passengers=2)
    good = ("person=1 sample=0", "poor=yaw", "person=1 sample=0", "broken=damaged", "person=1 sample=1")
    report = room.stage(photos=[*several(room, 1, *good), *several(room, 2, "no_face", "several")])
    assert (report.enrolled, report.templates) == (1, 2)
    assert [(one.passenger_ref, one.reason) for one in report.not_enrolled] == [("P0002", "no_face")]
    assert report.findings == (
        "reference_not_used: photo 2 of 1 is not used for P0001: poor_image_yaw",
        "reference_not_used: photo 3 of 1 is not used for P0001: photo_repeated",
        "reference_not_used: photo 4 of 1 is not used for P0001: image_damaged",
        "reference_not_used: photo 1 of 2 is not used for P0002: no_face",
        "reference_not_used: photo 2 of 2 is not used for P0002: several_faces",
    )


def test_photos_beyond_the_bound_are_findings_and_stay_closed() -> None:
    """The first of them are used, whichever of the passenger's documents they are given for."""
    room = Room(passengers=1)
    photos = several(room, 1, *(f"person=1 sample={n}" for n in range(MOST_PHOTOS)))
    report = room.stage(photos=[*photos, replace(reference(1, never), label="one more")])
    assert report.templates == MOST_PHOTOS
    assert report.findings == ("photo_beyond_bound: one more is one more than the 5 photos that a passenger may have",)


def test_an_opt_out_erases_every_template_of_the_passenger() -> None:
    """And the ledger says how many those were."""
    room = Room(passengers=1)
    room.stage(photos=several(room, 1, "person=1 sample=0", "person=1 sample=1"))
    room.lane()(capture("c", opted_out=True, claims="P0001"), never)
    assert rows_of(room)[0].sealed_templates == ()
    assert dict(parse_leaf(room.leaves()[-1]).counts)["templates"] == 2


def test_photos_of_nobody_listed_are_findings_and_stay_closed() -> None:
    """They are named by their place in the table, never by a person."""
    room = Room(passengers=1)
    first = reference(1, room.camera("person=1 sample=0"))
    report = room.stage(photos=[first, reference(8, never), reference(9, never)], findings=["list_finding: something"])
    assert report.findings == (
        "list_finding: something",
        "photo_not_listed: row 8 belongs to nobody on the list",
        "photo_not_listed: row 9 belongs to nobody on the list",
    )
    assert report.unlisted_photos == 2
    assert room.engine.seen == ["person=1 sample=0"]


def test_a_document_that_two_passengers_share_names_neither() -> None:
    """A parent's passport lists the infant too: enrolling its photo for one of them would board the other as them."""
    room = Room()
    shared = TravelDocument("P", "X1", "DEU")
    own = TravelDocument("P", "X2", "DEU")
    people = [
        traveller(1, documents=(shared,)),
        traveller(2, documents=(shared,)),
        traveller(3, documents=(shared, own)),
    ]
    photos = [ReferencePhoto("row 1", "DEU", "X1", never), reference(2, room.camera("person=3 sample=0"))]
    report = room.stage(people, photos)
    assert report.findings == ("photo_of_shared_document: row 1 could show any of 3 passengers",)
    assert [one.state for one in report.not_enrolled] == [ReferenceState.NO_PHOTO] * 2
    assert room.opened().gallery.passenger_refs == ("P0003",)
    assert (report.unlisted_photos, report.enrolled) == (0, 1)


def test_deadlines_follow_standing() -> None:
    """A citizen's template is gone after 12 hours, an alien's after 14 days, and a distractor's with the soonest."""
    room = Room()
    people = [traveller(1, nationality="USA"), traveller(2), traveller(3, nationality="")]
    photos = [
        reference(number, room.camera(f"person={number} sample=0"), nationality=nationality)
        for number, nationality in enumerate(("USA", "DEU", ""), start=1)
    ]
    room.stage(people, photos, top_up_to=4)
    assert isinstance(room.vault, FakeVault)
    kept = room.vault.kept
    due = {row.passenger_ref: kept[row.sealed_templates[0]][2] - room.clock.now for row in rows_of(room)}
    assert due == {
        "P0001": timedelta(hours=12),
        "P0002": timedelta(days=14),
        "P0003": timedelta(hours=12),
        "D0001": timedelta(hours=12),
    }
