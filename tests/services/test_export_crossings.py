"""Records leave under a purpose of the rulebook, with its expiry, signed, and entered first."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from boarding_fakes import PACK_DIGEST
from boarding_parts import FLIGHT, KEY, OPERATOR
from boarding_room import Room
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import ExportRefused, LedgerFault, NothingStaged
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.ledger.note import sign_note
from fairgate.outside.rulebook_files import open_rulebook, rulebook_text
from fairgate.rules.rulebook import Rulebook, read_rulebook
from fairgate.services.append_entry import Registrar
from fairgate.services.export_crossings import ExportCrossings, Exported
from fairgate.services.export_records import ExportRecord, read_export
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow
from fairgate.services.rulebook_line import OneRulebook
from fairgate.vault.signing_key import SigningKey

US = open_rulebook("us-cbp")


def exporting(room: Room, rulebook: Rulebook = US, registrar: Registrar | None = None) -> ExportCrossings:
    return ExportCrossings(
        store=room.store,
        line=OneRulebook(rulebook),
        registrar=registrar or room.registrar,
        signer=KEY,
        clock=room.clock,
        entropy=room.entropy,
        actor=OPERATOR,
    )


@pytest.fixture
def boarded() -> Room:
    """Three captures: two passengers, and nobody."""
    room = Room()
    room.stage()
    lane = room.lane()
    room.walks_up(lane, "person=1 sample=1")
    room.walks_up(lane, "person=2 sample=1")
    room.walks_up(lane, "no_face", key="nobody-was-there")
    return room


@pytest.fixture
def exported(boarded: Room) -> Exported:
    """Their crossings, exported for the report of accuracy."""
    return exporting(boarded)(FLIGHT, "accuracy_report")


def test_an_export_holds_outcomes_and_nobody(boarded: Room, exported: Exported) -> None:
    """Codes, times and ledger entries; no reference, score, rank, file or capture, and the ledger said so first."""
    found = read_export(exported.content, KEY.verifier_key, now=boarded.clock())
    assert [record["outcome"] for record in found.records] == ["match", "match", "see_officer"]
    allowed = {
        "component",
        "had_photo",
        "lane",
        "ledger_index",
        "outcome",
        "reason",
        "recorded_at",
        "reopens",
        "rule_id",
        "taken_at",
        "threshold_id",
        "was_usable",
    }
    assert all(set(record) <= allowed for record in found.records)
    for crossing in boarded.crossings():
        for private in (crossing.passenger_ref, crossing.capture_key, crossing.crossing_id, crossing.salt.hex()):
            assert not private or private.encode() not in exported.content
    with boarded.store.reading() as transaction:
        row = transaction.ledger_row(exported.header.ledger_index)
    assert row is not None
    entry = parse_leaf(row.leaf)
    assert (entry.kind, entry.purpose, entry.counts) == (EntryKind.EXPORT, "accuracy_report", (("records", 3),))
    assert boarded.ledger_is_whole()


def test_the_purpose_travels_with_its_expiry(boarded: Room, exported: Exported) -> None:
    """The rulebook's days, to the hour and never late; afterwards nobody reads it."""
    header = exported.header
    assert header.purpose == "accuracy_report"
    assert header.exported_by == OPERATOR
    limit = boarded.clock() + timedelta(days=US.purposes["accuracy_report"].export_days)
    assert limit - timedelta(hours=1) < header.expires_at <= limit
    read_export(exported.content, KEY.verifier_key, now=header.expires_at - timedelta(seconds=1))
    with pytest.raises(ExportRefused) as caught:
        read_export(exported.content, KEY.verifier_key, now=header.expires_at)
    assert caught.value.reason == "expired"


def test_no_purpose_outlives_a_record(boarded: Room) -> None:
    """Where a crossing's own deadline comes first, that is the expiry; past it nothing leaves at all."""
    forever = read_rulebook(rulebook_text("us-cbp").replace("export_days = 90", "export_days = 50000"))
    header = exporting(boarded, forever)(FLIGHT, "accuracy_report").header
    assert header.expires_at < boarded.clock() + timedelta(days=20 * 366)
    boarded.clock.forward(days=90 * 366)
    with pytest.raises(ExportRefused) as caught:
        exporting(boarded, forever)(FLIGHT, "accuracy_report")
    assert caught.value.reason == "expired"


@pytest.mark.parametrize("purpose", ["invented", "", "identity_confirmation", "error_follow_up", "Accuracy_Report"])
def test_a_purpose_that_is_not_the_rulebooks_own_is_refused(boarded: Room, purpose: str) -> None:
    """Invented, not for crossings, or not for exports: nothing is entered and nothing leaves."""
    with boarded.store.reading() as transaction:
        before = transaction.ledger_size()
    with pytest.raises(ExportRefused) as caught:
        exporting(boarded)(FLIGHT, purpose)
    assert caught.value.reason == "purpose"
    with boarded.store.reading() as transaction:
        assert transaction.ledger_size() == before


def test_an_export_serves_its_own_purpose_alone(boarded: Room, exported: Exported) -> None:
    """Whoever reads it for another is refused."""
    now = boarded.clock()
    assert read_export(exported.content, KEY.verifier_key, now=now, purpose="accuracy_report").records
    with pytest.raises(ExportRefused) as caught:
        read_export(exported.content, KEY.verifier_key, now=now, purpose="audit")
    assert caught.value.reason == "purpose"


def test_no_flight_no_export(boarded: Room) -> None:
    """There is no export of everything."""
    with pytest.raises(NothingStaged):
        exporting(boarded)("ALL", "accuracy_report")


def test_nothing_leaves_that_the_ledger_cannot_enter(boarded: Room) -> None:
    """An entry that fails is an export denied."""

    class Full(Registrar):
        def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
            raise LedgerFault("full")

    with pytest.raises(LedgerFault):
        exporting(boarded, registrar=Full(KEY, boarded.anchor))(FLIGHT, "accuracy_report")
    with boarded.store.reading() as transaction:
        assert transaction.exports() == []


def test_another_key_signs_nothing(boarded: Room, exported: Exported) -> None:
    """An export signed by somebody else, also under the same name, is refused."""
    now = boarded.clock()
    forged = sign_note(exported.header.canonical().decode() + "\n", [SigningKey(KEY.name, bytes(32))])
    body = exported.content.split(b"\n\n", 2)[2]
    for content, key in (
        (forged + b"\n" + body, KEY.verifier_key),
        (exported.content, SigningKey("other.test", bytes(32)).verifier_key),
        (exported.content, "no key"),
    ):
        with pytest.raises(ExportRefused) as caught:
            read_export(content, key, now=now)
        assert caught.value.reason in {"altered", "other_key"}


def test_a_later_expiry_written_into_the_file_is_seen(boarded: Room, exported: Exported) -> None:
    """Nor can its purpose be changed, nor a record be left out, added, or put elsewhere."""
    now, content = boarded.clock(), exported.content
    lines = content.splitlines(keepends=True)
    later = json.loads(lines[0])["expires_at"]
    for altered in (
        content.replace(later.encode(), b"2099-01-01T00:00:00.000Z", 1),
        content.replace(b'"accuracy_report"', b'"audit"', 1),
        b"".join(lines[:-1]),
        b"".join([*lines, lines[-1]]),
        b"".join([*lines[:4], lines[5], lines[4], *lines[6:]]),
        content.replace(b'"match"', b'"see_officer"', 1),
    ):
        with pytest.raises(ExportRefused) as caught:
            read_export(altered, KEY.verifier_key, now=now)
        assert caught.value.reason == "altered"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_what_is_no_export_is_refused(content: bytes) -> None:
    """Whatever the bytes, the answer is one refusal."""
    with pytest.raises(ExportRefused):
        read_export(content, KEY.verifier_key, now=Room().clock())


def test_every_changed_byte_is_seen(exported: Exported) -> None:
    """One bit anywhere, and it is refused."""
    now = Room().clock()
    for position in range(0, len(exported.content), 7):
        changed = bytearray(exported.content)
        changed[position] ^= 1
        with pytest.raises(ExportRefused):
            read_export(bytes(changed), KEY.verifier_key, now=now)


def test_the_record_of_an_export_opens_its_entry(boarded: Room, exported: Exported) -> None:
    """The store keeps the file's own line, so that an overseer can ask for the file and compare."""
    with boarded.store.reading() as transaction:
        (kept,) = transaction.exports()
    assert isinstance(kept, ExportRecord)
    assert kept.header == exported.header.canonical()
    assert exported.content.startswith(kept.header)
    assert PACK_DIGEST.encode() not in kept.header
