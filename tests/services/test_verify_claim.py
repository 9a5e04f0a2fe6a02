"""A 1:1 comparison of two photos: the outcome is in the ledger before it is told, and no photo is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from boarding_fakes import PACK_DIGEST, FakeDecoder, vanished, vector_of
from boarding_parts import KEY, OPERATOR, record
from boarding_room import Room

from fairgate.errors import ImageRefused, LedgerFault
from fairgate.gallery.flight_gallery import FlightGallery
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.append_entry import Registrar
from fairgate.services.decide import verify_among
from fairgate.services.faces import FaceReader, Lent
from fairgate.services.ports import WriteTransaction
from fairgate.services.record_without_list import RecordWithoutList
from fairgate.services.records import LedgerRow
from fairgate.services.verify_claim import CLAIMED, VerifyClaim
from fairgate.vocabulary import Features, Matched, OfficerReason, Outcome, Photo, SeeOfficer, Template


def verify(room: Room, probe: Callable[[], Lent], reference: Callable[[], Photo], threshold: float = 0.7) -> Outcome:
    """Compare two photos in a room."""
    service = VerifyClaim(
        record("verification", threshold),
        faces=room.faces,
        rules=room.rules,
        record=RecordWithoutList(store=room.store, registrar=room.registrar, opt_outs=room.opt_outs()),
        clock=room.clock,
        actor=OPERATOR,
    )
    outcome, _ = service(probe, reference, pack=PACK_DIGEST)
    return outcome


@pytest.mark.parametrize(
    ("probe", "reference", "outcome"),
    [
        ("person=1 sample=1", "person=1 sample=0", Matched(CLAIMED)),
        ("person=2 sample=1", "person=1 sample=0", SeeOfficer(OfficerReason.NO_MATCH)),
        ("no_face", "person=1 sample=0", SeeOfficer(OfficerReason.NO_FACE)),
        ("several", "person=1 sample=0", SeeOfficer(OfficerReason.SEVERAL_FACES)),
        ("poor=roll", "person=1 sample=0", SeeOfficer(OfficerReason.POOR_IMAGE, "roll")),
        ("broken=damaged", "person=1 sample=0", SeeOfficer(OfficerReason.UNREADABLE_IMAGE, "damaged")),
        ("engine_fault", "person=1 sample=0", SeeOfficer(OfficerReason.ENGINE_FAULT)),
        ("person=1 sample=1", "no_face", SeeOfficer(OfficerReason.NO_REFERENCE, "no_face")),
        ("person=1 sample=1", "several", SeeOfficer(OfficerReason.NO_REFERENCE, "several_faces")),
        ("person=1 sample=1", "poor=roll", SeeOfficer(OfficerReason.NO_REFERENCE, "roll")),
        ("person=1 sample=1", "broken=truncated", SeeOfficer(OfficerReason.NO_REFERENCE, "truncated")),
        ("person=1 sample=1", "engine_fault", SeeOfficer(OfficerReason.NO_REFERENCE, "engine_fault")),
    ],
)
def test_the_outcome_is_told_and_entered(probe: str, reference: str, outcome: Outcome) -> None:
    """One entry that says what was decided with which threshold and pack; both photos are erased."""
    room = Room()
    assert verify(room, room.camera(probe), room.camera(reference)) == outcome
    (leaf,) = room.leaves()
    entry = parse_leaf(leaf)
    assert (entry.kind, entry.outcome, entry.reason) == (EntryKind.CROSSING, outcome.kind, outcome.reason)
    assert (entry.threshold_id, entry.pack_sha256, entry.actor) == ("verification-test", PACK_DIGEST, OPERATOR)
    assert room.camera.left == 0
    assert room.ledger_is_whole()


def test_the_score_must_reach_the_threshold() -> None:
    """The same pair is no match where the threshold is higher."""
    room = Room()
    outcome = verify(room, room.camera("person=1 sample=1"), room.camera("person=1 sample=0"), threshold=0.999)
    assert outcome == SeeOfficer(OfficerReason.NO_MATCH)


@pytest.mark.parametrize("missing", ["probe", "reference"])
def test_a_file_that_is_not_there_is_refused(missing: str) -> None:
    """It is a mistake of whoever asks, not an outcome; nothing is entered and no photo is left."""
    room = Room()
    there = room.camera("person=1 sample=0")
    with pytest.raises(ImageRefused) as refused:
        verify(room, vanished if missing == "probe" else there, vanished if missing == "reference" else there)
    assert refused.value.reason == "missing"
    assert room.leaves() == []
    assert room.camera.left == 0


class _Closed(Registrar):
    """A registrar whose ledger is closed."""

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        raise LedgerFault("No entry can be appended.")


def test_without_an_entry_there_is_no_answer() -> None:
    """A ledger that takes nothing denies."""
    room = Room()
    room.registrar = _Closed(KEY, room.anchor)
    with pytest.raises(LedgerFault):
        verify(room, room.camera("person=1 sample=1"), room.camera("person=1 sample=0"))
    assert room.camera.left == 0


@pytest.mark.parametrize(
    ("frames", "outcome"),
    [
        (("person=1 sample=1", "no_face", "person=1 sample=2"), Matched(CLAIMED)),
        (("person=1 sample=1", "person=2 sample=1"), SeeOfficer(OfficerReason.SEVERAL_FACES)),
        (("no_face", "poor=roll"), SeeOfficer(OfficerReason.POOR_IMAGE, "roll")),
    ],
)
def test_several_frames_are_one_live_photo(frames: tuple[str, ...], outcome: Outcome) -> None:
    """Fused where they show one person, refused where they show two; each is erased and one act is entered."""
    room = Room()
    room.faces = FaceReader(
        decoder=FakeDecoder(),
        engine=room.engine,
        timer=room.timer,
        smallest_probe_px=80,
        smallest_reference_px=80,
        least_alike=0.7,
    )
    cameras = [room.camera(text) for text in frames]
    assert verify(room, lambda: tuple(lend() for lend in cameras), room.camera("person=1 sample=0")) == outcome
    assert len(room.leaves()) == 1
    assert room.camera.left == 0


def test_a_claim_is_decided_by_the_mean_over_the_references() -> None:
    """One reference that is alike does not outvote another that is not."""
    templates = [Template("P1", Features(PACK_DIGEST, vector_of(person, 0))) for person in (1, 2)]
    probe = Features(PACK_DIGEST, vector_of(1, 1))
    for own, alike in ((templates, False), (templates[:1], True)):
        gallery = FlightGallery(name="claims of P1", bound=2, pack_digest=PACK_DIGEST, templates=own)
        assert verify_among(gallery, probe, record("verification", 0.7)) is alike
