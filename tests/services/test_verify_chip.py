"""A passport's chip and its holder: every verdict leads where it must, and no face is looked at before it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from boarding_fakes import PACK_DIGEST, vanished
from boarding_parts import BEFORE_THE_RULE, OPERATOR, PURPOSE, never
from chip_room import HOLDER, NOW, ChipRoom, mint, recorded, trust_in, zone

from fairgate.errors import ImageRefused, LedgerFault, PapersError
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.papers.chip.exchange_file import ActiveExchange, RecordedExchanges
from fairgate.papers.chip.verdicts import PassiveReason, StepOutcome, Undecided
from fairgate.papers.consistency import SignalCode
from fairgate.papers.document_facts import PartialDate, Source
from fairgate.papers.mint.breaks import NAMED_BY, BreakKind
from fairgate.services.append_entry import Registrar
from fairgate.services.examine_chip import IMAGINARY_STATE, NO_RECORD, Demands, ReaderRecord, examine
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow
from fairgate.services.verify_chip import AtTheLane
from fairgate.services.verify_claim import CLAIMED
from fairgate.vocabulary import Direction, Matched, NotAttempted, NotAttemptedReason, OfficerReason, Outcome, SeeOfficer

REQUIRED = "us-alien-entry-2025"
NO_CSCA = {BreakKind.NO_CSCA, BreakKind.CSCA_NEW_KEY}
COPIED = {
    BreakKind.ACTIVE_ANSWER,
    BreakKind.CHIP_CHECKSUM,
    BreakKind.CHIP_CLONED,
    BreakKind.EXCHANGE_REPLAYED,
}
HARMLESS = {BreakKind.COM_LISTS_ABSENT, BreakKind.REVOCATION_LIST_EXPIRED}
BELIEVED = Demands(believes_imaginary_state=True)


@pytest.mark.parametrize(
    ("live", "outcome"),
    [
        ("person=1 sample=1", Matched(CLAIMED)),
        ("person=2 sample=1", SeeOfficer(OfficerReason.NO_MATCH)),
        ("no_face", SeeOfficer(OfficerReason.NO_FACE)),
        ("poor=roll", SeeOfficer(OfficerReason.POOR_IMAGE, "roll")),
        ("broken=damaged", SeeOfficer(OfficerReason.UNREADABLE_IMAGE, "damaged")),
        ("engine_fault", SeeOfficer(OfficerReason.ENGINE_FAULT)),
    ],
)
def test_a_genuine_chip_is_compared_with_the_live_photo(live: str, outcome: Outcome) -> None:
    """The outcome is told and entered, with rule, rulebook, pack and threshold; the photo is erased."""
    room = ChipRoom()
    verified = room.verify(mint(), live)
    assert (verified.outcome, verified.rule_id, verified.findings) == (outcome, REQUIRED, 0)
    assert all(step.ok for step in verified.steps)
    (leaf,) = room.leaves()
    entry = parse_leaf(leaf)
    assert (entry.kind, entry.outcome, entry.reason) == (EntryKind.CROSSING, outcome.kind, outcome.reason)
    assert (entry.rule_id, entry.purpose, entry.actor) == (REQUIRED, PURPOSE, OPERATOR)
    assert (entry.threshold_id, entry.pack_sha256) == ("verification-test", PACK_DIGEST)
    assert entry.counts == (("test_papers", 1),)
    assert entry.commitments == ()
    assert room.camera.left == 0
    assert room.ledger_is_whole()


@pytest.mark.parametrize("portrait", ["no_face", "broken=truncated", "engine_fault"])
def test_a_portrait_that_cannot_be_compared_leads_to_an_officer(portrait: str) -> None:
    """There is no reference then; why is told."""
    verified = ChipRoom().verify(mint(portrait))
    assert verified.outcome == SeeOfficer(OfficerReason.NO_REFERENCE, portrait.removeprefix("broken="))


@pytest.mark.parametrize("broken", [kind for kind in BreakKind if kind not in HARMLESS])
def test_a_broken_passport_is_named_and_nobodys_face_is_looked_at(broken: BreakKind) -> None:
    """The code is that of its way of being broken; no CSCA is a reason apart; the live photo is not even read."""
    room = ChipRoom()
    verified = room.verify(mint(broken=broken), read_live=never)
    named = str(NAMED_BY[broken])
    reason = OfficerReason.NO_CSCA if broken in NO_CSCA else OfficerReason.CHIP_NOT_GENUINE
    reason = OfficerReason.CHIP_COPIED if broken in COPIED else reason
    assert verified.outcome == SeeOfficer(reason, named)
    assert room.engine.seen == []
    (leaf,) = room.leaves()
    entry = parse_leaf(leaf)
    failed = {step.code for step in verified.steps if step.outcome is StepOutcome.FAILED}
    assert {code for code, _ in entry.counts} == failed | {"test_papers"}
    assert (entry.threshold_id, entry.reason) == (None, reason.value)
    assert room.ledger_is_whole()


def test_a_copy_passes_only_where_nobody_asked() -> None:
    """The same files to the last octet: told from the chip by a recorded exchange, and by nothing else."""
    good, clone = mint(), mint(broken=BreakKind.CHIP_CLONED)
    room = ChipRoom()
    stopped = room.verify(clone, read_live=never)
    assert stopped.outcome == SeeOfficer(OfficerReason.CHIP_COPIED, "answer_wrong")
    assert [step.code for step in stopped.steps[7:]] == ["answer_wrong", "checksum_wrong"]
    assert dict(parse_leaf(room.leaves()[0]).counts)["checksum_wrong"] == 1
    unasked = room.verify(clone, record=NO_RECORD)
    assert unasked.outcome == Matched(CLAIMED)
    assert [step.code for step in unasked.not_shown] == ["exchange_not_recorded"] * 2
    assert unasked.findings == 2
    assert room.verify(good).not_shown == ()


def test_an_exchange_of_another_session_is_refused() -> None:
    """The reader drew one challenge, and the recording holds another; without the reader's word it cannot be told."""
    room = ChipRoom()
    said = recorded(mint())
    stale = replace(said, sent=(bytes(8),))
    assert room.verify(mint(), record=stale).outcome == SeeOfficer(OfficerReason.CHIP_COPIED, "challenge_replayed")
    silent = ReaderRecord(sent=said.sent)
    assert room.verify(mint(), record=silent).outcome == SeeOfficer(OfficerReason.CHIP_COPIED, "answer_missing")
    unsaid = replace(said, sent=())
    assert room.verify(mint(), record=unsaid).outcome == Matched(CLAIMED)


def test_an_exchange_that_cannot_be_judged_leads_to_an_officer() -> None:
    """A recording was made, and says nothing either way."""
    odd = ReaderRecord(RecordedExchanges(ActiveExchange(bytes(5), bytes(64))))
    outcome = ChipRoom().verify(mint(), read_live=never, record=odd).outcome
    assert outcome == SeeOfficer(OfficerReason.CHIP_UNDECIDED, "challenge_malformed")


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("lists", ["none", "expired", "current"])
def test_revocation_is_demanded_or_not(lists: str, required: bool) -> None:
    """By default a list that is missing or old stops nobody, and the step says so; where it is demanded it does."""
    paper = mint(broken=BreakKind.REVOCATION_LIST_EXPIRED if lists == "expired" else None)
    room = ChipRoom(revocation_required=required)
    service = room.service(trust_in(paper) if lists != "none" else replace(trust_in(paper), revocation_lists={}))
    person = AtTheLane(paper.files, room.camera("person=1 sample=1"), record=recorded(paper))
    verified = service(person, pack=PACK_DIGEST)
    code = {"none": "no_revocation_list", "expired": "revocation_list_expired"}.get(lists)
    stopped = required and code is not None
    assert verified.outcome == (SeeOfficer(OfficerReason.CHIP_UNDECIDED, code) if stopped else Matched(CLAIMED))
    assert verified.revocation is not None
    assert verified.revocation.code == (code or "passed")
    assert verified.revocation_required is required


def test_a_rulebook_in_production_does_not_believe_utopia() -> None:
    """Even where its authority stands in the trust list; its forgeries are told apart no less."""
    room = ChipRoom(believes=False)
    verified = room.verify(mint(), read_live=never)
    assert verified.outcome == SeeOfficer(OfficerReason.NO_CSCA, IMAGINARY_STATE)
    assert not verified.tests_only
    assert parse_leaf(room.leaves()[0]).counts == ()
    forged = room.verify(mint(broken=BreakKind.DG2_CHANGED), read_live=never)
    assert forged.outcome == SeeOfficer(OfficerReason.CHIP_NOT_GENUINE, "data_group_changed")


def test_a_step_that_could_not_be_done_leads_to_an_officer() -> None:
    """Undecided is neither genuine nor not."""
    minted = mint()
    papers = examine(minted.files, None, trust_in(minted), at=NOW, day=NOW.date())
    assert papers.doubt(NOW.date(), BELIEVED) is None
    undecided = replace(papers.authentication, verdict=Undecided((PassiveReason.SIGNING_TIME_UNKNOWN,)))
    doubt = replace(papers, authentication=undecided).doubt(NOW.date(), BELIEVED)
    assert doubt == SeeOfficer(OfficerReason.CHIP_UNDECIDED, "signing_time_unknown")


@pytest.mark.parametrize(("covered", "trusted"), [((1, 2, 14), True), ((1, 14), False), ((2,), False), ((), False)])
def test_only_what_the_security_object_covers_is_relied_on(covered: tuple[int, ...], trusted: bool) -> None:
    """Zone and portrait both; whatever the verdict says."""
    minted = mint()
    papers = examine(minted.files, None, trust_in(minted), at=NOW, day=NOW.date())
    less = replace(papers, authentication=replace(papers.authentication, covered=covered))
    doubt = less.doubt(NOW.date(), BELIEVED)
    assert doubt == (None if trusted else SeeOfficer(OfficerReason.CHIP_NOT_GENUINE, "data_group_not_signed"))


def test_who_may_not_be_asked_is_not_compared() -> None:
    """A child of twelve before the rule changed, and not after; the papers are examined in either case."""
    child = mint(text=zone(born=PartialDate(2013, 6, 1)), at=BEFORE_THE_RULE)
    room = ChipRoom()
    room.clock.now = BEFORE_THE_RULE
    verified = room.verify(child, read_live=never)
    assert verified.outcome == NotAttempted(NotAttemptedReason.RULE_FORBIDS, "us-alien-entry-young-2018")
    assert len(verified.steps) == 9
    room.clock.now = datetime(2025, 12, 26, 12, tzinfo=UTC)
    assert room.verify(child).outcome == Matched(CLAIMED)
    assert [parse_leaf(leaf).outcome for leaf in room.leaves()] == ["not_attempted", "match"]


def test_the_reading_that_protects_applies_where_the_chip_does_not_say() -> None:
    """A birth date without its year, in the years in which children and the old were not asked."""
    unknown = mint(text=zone(born=PartialDate(None, 6, 1)), at=BEFORE_THE_RULE)
    room = ChipRoom()
    room.clock.now = BEFORE_THE_RULE
    assert isinstance(room.verify(unknown, read_live=never).outcome, NotAttempted)


@pytest.mark.parametrize(("direction", "rule"), [(Direction.ENTRY, REQUIRED), (Direction.EXIT, "us-alien-exit-2025")])
def test_whoever_declines_is_never_compared(direction: Direction, rule: str) -> None:
    """The live photo is not read; the rule that speaks of them is entered."""
    room = ChipRoom()
    verified = room.verify(mint(), read_live=never, declines=True, direction=direction)
    assert verified.outcome == NotAttempted(NotAttemptedReason.OPTED_OUT, rule)
    assert parse_leaf(room.leaves()[0]).rule_id == rule


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": "L898902C4"}, SignalCode.NUMBER_DIFFERS),
        ({"family_name": "SVENSSON"}, SignalCode.NAME_DIFFERS),
        ({"born": PartialDate(1975, 8, 12)}, SignalCode.BIRTH_DATE_DIFFERS),
        ({"expires_on": date(2034, 1, 5)}, SignalCode.EXPIRY_DIFFERS),
    ],
)
def test_a_printed_zone_that_differs_leads_to_an_officer(changed: dict[str, object], code: SignalCode) -> None:
    """The officer is told what differs, without what either says; the face is not looked at."""
    room = ChipRoom()
    verified = room.verify(mint(), read_live=never, zone=zone(**changed))
    assert verified.outcome == SeeOfficer(OfficerReason.PAPERS_DIFFER, code.value)
    assert [(one.code, one.between) for one in verified.differences] == [(code, (Source.MRZ, Source.CHIP))]
    assert dict(parse_leaf(room.leaves()[0]).counts) == {code.value: 1, "test_papers": 1}
    for told in (HOLDER.number, HOLDER.family_name, "1974"):
        assert told not in repr(verified)


def test_a_printed_zone_that_agrees_is_no_hindrance() -> None:
    """And one that is no zone is refused before anything is entered."""
    room = ChipRoom()
    assert room.verify(mint(), zone=zone()).outcome == Matched(CLAIMED)
    with pytest.raises(PapersError):
        room.verify(mint(), read_live=never, zone="P<UTO")
    assert len(room.leaves()) == 1


@pytest.mark.parametrize(
    ("expires_on", "outcome"),
    [
        (NOW.date(), Matched(CLAIMED)),
        (NOW.date() - timedelta(days=1), SeeOfficer(OfficerReason.DOCUMENT_EXPIRED)),
        (None, SeeOfficer(OfficerReason.DOCUMENT_EXPIRED, "no_date")),
    ],
)
def test_an_expired_passport_leads_to_an_officer(expires_on: date | None, outcome: Outcome) -> None:
    """Its last day is a good one; a passport that does not say when it expires is an officer's business."""
    text = zone(expires_on=expires_on)
    assert ChipRoom().verify(mint(text=text)).outcome == outcome


def test_a_live_photo_that_is_not_there_is_refused() -> None:
    """It is a mistake of whoever asks; so is a folder that holds no chip's files. Nothing is entered."""
    room = ChipRoom()
    with pytest.raises(ImageRefused):
        room.verify(mint(), read_live=vanished)
    with pytest.raises(PapersError):
        room.verify(mint(), files={"note.txt": b"nothing"})
    assert room.leaves() == []


class _Closed(Registrar):
    """A registrar whose ledger is closed."""

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        raise LedgerFault("No entry can be appended.")


def test_without_an_entry_there_is_no_answer() -> None:
    """A ledger that takes nothing denies."""
    room = ChipRoom()
    room.registrar = _Closed(room.registrar._signer, room.anchor)
    with pytest.raises(LedgerFault):
        room.verify(mint())
    assert room.camera.left == 0


def test_nothing_of_the_chip_stands_in_the_ledger_or_the_answer() -> None:
    """No name, number or date of birth; a planted one would be found."""
    room = ChipRoom()
    verified = room.verify(mint(), zone=zone())
    kept = b"".join(room.leaves()) + repr(verified).encode()
    for told in (HOLDER.number, HOLDER.family_name, "1974-08-12", "740812"):
        assert told.encode() not in kept
        assert told.encode() in kept + f"planted {told}".encode()
