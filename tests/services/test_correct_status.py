"""An officer corrects what is known of somebody listed: what follows at once, and what never follows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from boarding_fakes import FakeVault
from boarding_parts import BEFORE_THE_RULE, FLIGHT, OPERATOR, capture, real_vault, reference, traveller
from boarding_room import Room
from manual_room import OFFICER, AtTheDesk

from fairgate.errors import CorrectionRefused, LedgerFault, ManualResultRefused, NoSuchRecord, NothingStaged
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.ledger.manual_codes import CorrectionReason, UndoReason
from fairgate.services.correct_facts import CorrectedFacts
from fairgate.services.correct_status import CorrectionMade, CorrectStatus
from fairgate.store.sqlite import SqliteStore
from fairgate.vault.sealed_record import SealedRecord
from fairgate.vocabulary import Actor, Photo, TravelDocument, Traveller

AMERICAN = CorrectedFacts(further_nationalities=("USA",))
GERMAN = CorrectedFacts(nationality="DEU")
FIRST = "person=1 sample=1"
HALF_A_DAY = timedelta(hours=12)
"""What us-cbp lets a citizen's template live."""


def citizen(number: int) -> Traveller:
    """Return an American who is listed with a German document."""
    return traveller(number, nationality="USA", documents=(TravelDocument("P", f"X{number}", "DEU"),))


def correct(
    room: Room, facts: CorrectedFacts, passenger_ref: str = "P0001", *, actor: Actor = OFFICER
) -> CorrectionMade:
    desk = AtTheDesk(room).desk
    return CorrectStatus(desk, room.vault)(FLIGHT, passenger_ref, facts, CorrectionReason.PAPERS_SEEN, actor)


def deadlines(room: Room, envelopes: Sequence[bytes]) -> list[datetime]:
    assert isinstance(room.vault, FakeVault)
    return [room.vault.deadline(envelope) for envelope in envelopes]


def staged(first: Traveller, *, at: datetime | None = None) -> Room:
    room = Room()
    if at is not None:
        room.clock.now = at
    room.stage([first, traveller(2), traveller(3)])
    return room


def test_an_alien_found_to_be_a_citizen_is_kept_as_one_from_staging_on() -> None:
    """Two hours after staging: the template is sealed anew until twelve hours after it, and the old one is gone."""
    room = staged(traveller(1))
    began, before = room.clock(), room.passenger("P0001")
    room.clock.forward(hours=2)
    made = correct(room, AMERICAN)
    after = room.passenger("P0001")
    assert (made.state, made.record.templates_resealed, made.record.templates_erased) == ("enrolled", 1, 0)
    assert not set(before.sealed_templates) & set(after.sealed_templates)
    assert deadlines(room, before.sealed_templates)[0] - began > HALF_A_DAY
    assert deadlines(room, after.sealed_templates)[0] - began <= HALF_A_DAY
    assert after.sealed_traveller != before.sealed_traveller
    assert room.opened().travellers["P0001"].further_nationalities == ("USA",)
    assert room.ledger_is_whole()


def test_a_citizen_whose_twelve_hours_have_passed_loses_the_template_at_once() -> None:
    """Counted from staging and not from the correction; everybody else boards."""
    room = staged(traveller(1))
    room.clock.forward(hours=13)
    made = correct(room, AMERICAN)
    assert (made.state, made.record.templates_erased) == ("no_photo", 1)
    assert room.passenger("P0001").sealed_templates == ()
    assert set(room.opened().references) == {"P0002", "P0003"}
    assert room.ledger_is_whole()


def test_a_citizen_found_to_be_an_alien_is_kept_no_longer() -> None:
    """Neither by that correction, nor by one there and back, nor by one that follows."""
    room = staged(citizen(1))
    began, before = room.clock(), room.passenger("P0001").sealed_templates
    assert correct(room, GERMAN).record.templates_resealed == 0
    assert room.passenger("P0001").sealed_templates == before
    for nationality in ("USA", "DEU", "FRA"):
        correct(room, CorrectedFacts(nationality=nationality))
        kept = room.passenger("P0001").sealed_templates
        assert deadlines(room, kept)[0] - began <= HALF_A_DAY
    assert room.ledger_is_whole()


def test_somebody_of_whom_nothing_was_known_is_kept_no_longer_once_something_is() -> None:
    """The protective reading of an unknown status was what they were told."""
    room = staged(traveller(1, nationality="", documents=(TravelDocument("P", "X1", "DEU"),)))
    began, before = room.clock(), room.passenger("P0001")
    made = correct(room, CorrectedFacts(nationality="USA"))
    assert (made.state, made.record.facts) == (before.state.value, ("nationality",))
    assert made.record.template_erase_by - began <= HALF_A_DAY


def test_an_exemption_found_later_ends_the_match_and_keeps_nothing() -> None:
    """Before 26 December 2025 officials were not asked: template and photo go, and an officer settles the match."""
    room = Room()
    room.clock.now = BEFORE_THE_RULE
    room.stage(port="ATL")
    walked = room.walks_up(room.lane(), FIRST, taken_at=room.clock())
    assert walked.crossing.outcome == "match"
    made = correct(room, CorrectedFacts(visa_class="A-1"))
    record = made.record
    assert (made.state, record.templates_erased, record.photos_erased, record.matches_undone) == ("not_asked", 1, 1, 1)
    [crossing] = room.crossings()
    assert (crossing.outcome, crossing.sealed_photo) == ("match", None)
    with room.store.reading() as transaction:
        assert transaction.boarding_of(FLIGHT, "P0001") is None
        assert [undo.reason for undo in transaction.undos(FLIGHT)] == [UndoReason.RULE_FORBIDS]
    assert AtTheDesk(room).numbers() == [(1, "match_undone")]
    assert room.ledger_is_whole()


def test_once_the_flight_has_left_the_match_stands_in_doubt() -> None:
    """Who flew is a fact by then; the record says that it should not have been so."""
    room = Room()
    room.clock.now = BEFORE_THE_RULE
    room.stage(port="ATL")
    room.walks_up(room.lane(), FIRST, taken_at=room.clock())
    AtTheDesk(room).close(FLIGHT, OFFICER)
    record = correct(room, CorrectedFacts(visa_class="A-1")).record
    assert (record.matches_undone, record.matches_in_doubt, record.photos_erased) == (0, 1, 1)
    assert room.ledger_is_whole()


def test_a_match_that_stays_allowed_stays() -> None:
    """A citizen is asked too, and may decline: the boarding is not touched, and crossings are never changed."""
    room = staged(traveller(1))
    walked = room.walks_up(room.lane(), FIRST).crossing
    record = correct(room, AMERICAN).record
    assert (record.matches_undone, record.matches_in_doubt) == (0, 0)
    assert [one.canonical() for one in room.crossings()] == [walked.canonical()]
    assert record.crossing_erase_by is not None


def test_the_same_correction_again_is_the_first_one() -> None:
    """Nothing is sealed, erased or entered again but the read."""
    room = staged(traveller(1))
    first = correct(room, AMERICAN)
    row = room.passenger("P0001")
    again = correct(room, AMERICAN)
    assert (again.record, again.repeated) == (first.record, True)
    assert room.passenger("P0001") == row
    kinds = [parse_leaf(leaf).kind for leaf in room.leaves()]
    assert kinds.count(EntryKind.CORRECTION) == 1


def test_a_lane_that_is_open_compares_nobody_by_what_was_known_before() -> None:
    """By face or by name they see an officer; the others board."""
    room = staged(traveller(1))
    lane = room.lane()
    correct(room, AMERICAN)
    by_name = room.walks_up(lane, FIRST, claims="P0001", key="named").crossing
    by_face = room.walks_up(lane, FIRST, key="faced").crossing
    other = room.walks_up(lane, "person=2 sample=1").crossing
    assert (by_name.outcome, by_name.reason, by_name.sealed_photo) == ("see_officer", "no_reference", None)
    assert (by_face.outcome, by_face.passenger_ref) == ("see_officer", None)
    assert (other.outcome, other.passenger_ref) == ("match", "P0002")
    assert room.walks_up(room.lane(), FIRST, key="later").crossing.passenger_ref == "P0001"


@pytest.mark.parametrize(
    ("at", "facts", "expected"),
    [
        (None, AMERICAN, ("see_officer", "no_reference")),
        (BEFORE_THE_RULE, CorrectedFacts(visa_class="A-1"), ("not_attempted", "rule_forbids")),
    ],
)
def test_a_correction_while_the_engine_compares_settles_the_crossing(
    at: datetime | None, facts: CorrectedFacts, expected: tuple[str, str]
) -> None:
    """It is on record before the crossing is, so nobody is matched and no photo is kept."""
    room = Room()
    room.clock.now = at or room.clock()
    room.stage(port="ATL")
    lane, lend = room.lane(), room.camera(FIRST)

    def lend_and_correct() -> Photo:
        correct(room, facts)
        return lend()

    crossing = lane(capture("c", taken_at=room.clock()), lend_and_correct).crossing
    assert (crossing.outcome, crossing.reason, crossing.sealed_photo) == (*expected, None)
    assert room.ledger_is_whole()


def test_a_document_that_is_not_theirs_takes_the_template_with_it() -> None:
    """The reference photo was joined by it, so it may show somebody else."""
    room = staged(traveller(1))
    made = correct(room, CorrectedFacts(documents=(TravelDocument("P", "Y9", "DEU"),)))
    assert (made.state, made.record.templates_erased) == ("no_photo", 1)


def test_a_later_message_does_not_undo_a_correction() -> None:
    """The carrier repeats what it said; the person is a citizen still, and their template lives no longer."""
    room = staged(traveller(1))
    began = room.clock()
    correct(room, AMERICAN)
    room.clock.forward(hours=1)
    everybody = [traveller(number) for number in (1, 2, 3, 4)]
    photos = [reference(number, room.camera(f"person={number} sample=0")) for number in (1, 2, 3, 4)]
    room.stage(everybody, photos, list_sha256="22" * 32, list_files=("11" * 32, "22" * 32))
    assert room.opened().travellers["P0001"].further_nationalities == ("USA",)
    assert deadlines(room, room.passenger("P0001").sealed_templates)[0] - began <= HALF_A_DAY


def test_a_date_of_birth_that_makes_a_child_puts_the_match_before_an_officer() -> None:
    """A child is not asked by a machine alone, and nobody had looked whether somebody stood beside it."""
    room = staged(traveller(1))
    room.walks_up(room.lane(), FIRST)
    made = correct(room, CorrectedFacts(born_on=date(2020, 1, 1)))
    assert (made.state, made.record.matches_undone, made.record.facts) == ("enrolled", 1, ("born_on",))
    assert AtTheDesk(room).numbers() == [(1, "match_undone")]


def test_killed_before_the_commit_nothing_of_it_happened() -> None:
    """The ledger refuses, so neither row nor record changed; done again, it is done once."""
    room = staged(traveller(1))
    before = room.passenger("P0001")
    desk = AtTheDesk(room).desk

    class Dying:
        def __call__(self, size: int) -> bytes:
            raise LedgerFault("killed")

    object.__setattr__(desk, "entropy", Dying())
    with pytest.raises(LedgerFault):
        CorrectStatus(desk, room.vault)(FLIGHT, "P0001", AMERICAN, CorrectionReason.PAPERS_SEEN, OFFICER)
    assert room.passenger("P0001") == before
    with room.store.reading() as transaction:
        assert not transaction.corrections()
    assert not correct(room, AMERICAN).repeated
    assert room.ledger_is_whole()


def test_refusals() -> None:
    """Each has its code, and none repeats what was typed."""
    room = staged(traveller(1))
    with pytest.raises(ManualResultRefused):
        correct(room, AMERICAN, actor=OPERATOR)
    with pytest.raises(NoSuchRecord):
        correct(room, AMERICAN, "P0099")
    for facts in (
        CorrectedFacts(),
        GERMAN,
        CorrectedFacts(nationality="german"),
        CorrectedFacts(visa_class="?"),
        CorrectedFacts(born_on=date(2999, 1, 1)),
        CorrectedFacts(further_documents=(TravelDocument("P", "a b", "DEU"),)),
    ):
        with pytest.raises(CorrectionRefused) as refused:
            correct(room, facts)
        assert "german" not in str(refused.value)
    with pytest.raises(NothingStaged):
        correct(Room(), AMERICAN)


def left_of(secret: bytes, folder: Path) -> int:
    """How many pieces of some bytes are found in any file below a folder."""
    content = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()]
    pieces = [secret[start : start + 24] for start in range(0, len(secret) - 24, 24)]
    return sum(any(piece in one for one in content) for piece in pieces)


def test_no_file_holds_what_was_sealed_before(tmp_path: Path) -> None:
    """Template and list entry; the scan finds the new ones, and a planted old one."""
    with SqliteStore.open(tmp_path / "data" / "fairgate.db") as store:
        room = Room(store=store, vault=real_vault(tmp_path / "keys", store), entropy=os.urandom)
        room.clock.now = datetime.now(room.clock().tzinfo)
        room.stage()
        row = room.passenger("P0001")
        old = [*row.sealed_templates, row.sealed_traveller or b""]
        secrets = [one[len(SealedRecord.decode(one).authenticated) :] for one in old]
        assert all(left_of(one, tmp_path) > 0 for one in secrets)
        assert correct(room, AMERICAN).record.templates_resealed == 1
        assert [left_of(one, tmp_path) for one in secrets] == [0, 0]
        assert left_of(room.passenger("P0001").sealed_templates[0], tmp_path) > 0
        (tmp_path / "data" / "canary").write_bytes(b"before" + secrets[0] + b"after")
        assert [left_of(one, tmp_path) > 0 for one in secrets] == [True, False]
        assert room.ledger_is_whole()
