"""Entries, their one way of being written, and what they refuse to hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import LedgerFault
from fairgate.ledger.commitment import Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind, Erased, ErasureReason, Swept
from fairgate.ledger.leaf import leaf_bytes, parse_leaf
from fairgate.vocabulary import Actor, ActorKind, RecordClass

AT = datetime(2026, 11, 22, 10, 15, 30, 123_456, tzinfo=UTC)
GATE = Actor(ActorKind.LANE, "gate-b22")
DIGEST = "ab" * 32
CROSSING = Entry(
    kind=EntryKind.CROSSING,
    at=AT,
    actor=GATE,
    purpose="exit_boarding",
    rule_id="us-exit-air",
    rulebook_sha256=DIGEST,
    pack_sha256="cd" * 32,
    threshold_id="dlib-cc0/1n/fpir-0.003",
    outcome="match",
    reason="matched",
    commitments=(Commitment(RecordClass.CROSSING, "ef" * 32, AT + timedelta(days=14)),),
)
ERASURE = Entry(
    kind=EntryKind.ERASURE,
    at=AT,
    actor=Actor(ActorKind.SYSTEM, "sweep"),
    purpose="retention",
    reason=ErasureReason.DEADLINE,
    erased=(Erased(7, RecordClass.PHOTO), Erased(3, RecordClass.PHOTO)),
    swept=(Swept(RecordClass.TEMPLATE, AT), Swept(RecordClass.PHOTO, AT)),
    destroyed_keys=("photo/2026-11-22T10Z/0123456789abcdef",),
)


def test_a_crossing_is_written_so() -> None:
    """The leaf format, version 1: changing this line changes the hash of every entry ever written."""
    assert leaf_bytes(CROSSING) == (
        b'{"actor":"lane:gate-b22","at":"2026-11-22T10:15:30.123Z",'
        b'"commitments":[{"erase_by":"2026-12-06T10:00:00Z","of":"crossing","sha256":"' + b"ef" * 32 + b'"}],'
        b'"kind":"crossing","outcome":"match","pack_sha256":"' + b"cd" * 32 + b'","purpose":"exit_boarding",'
        b'"reason":"matched","rule":"us-exit-air","rulebook_sha256":"' + b"ab" * 32 + b'",'
        b'"threshold":"dlib-cc0/1n/fpir-0.003","v":1}'
    )


def test_an_erasure_is_written_so() -> None:
    """Lists are sorted, whatever order they came in."""
    assert leaf_bytes(ERASURE) == (
        b'{"actor":"system:sweep","at":"2026-11-22T10:15:30.123Z",'
        b'"destroyed_keys":["photo/2026-11-22T10Z/0123456789abcdef"],'
        b'"erased":[{"leaf":3,"of":"photo"},{"leaf":7,"of":"photo"}],"kind":"erasure","purpose":"retention",'
        b'"reason":"deadline","swept":[{"of":"photo","to":"2026-11-22T10:00:00Z"},'
        b'{"of":"template","to":"2026-11-22T10:00:00Z"}],"v":1}'
    )


@given(st.data())
def test_every_entry_comes_back(entries: st.SearchStrategy[Entry], data: st.DataObject) -> None:
    """Writing and reading gives the same entry, and the same bytes again."""
    entry = data.draw(entries)
    leaf = leaf_bytes(entry)
    assert parse_leaf(leaf) == entry
    assert leaf_bytes(parse_leaf(leaf)) == leaf
    assert leaf.isascii()


@given(st.data())
def test_a_changed_leaf_is_refused_or_says_something_else(
    entries: st.SearchStrategy[Entry], data: st.DataObject
) -> None:
    """No two spellings mean the same entry: a changed byte is refused, or is another entry's only spelling."""
    entry = data.draw(entries)
    leaf = bytearray(leaf_bytes(entry))
    leaf[data.draw(st.integers(0, len(leaf) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        other = parse_leaf(bytes(leaf))
    except LedgerFault:
        return
    assert other != entry
    assert leaf_bytes(other) == leaf


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing but LedgerFault comes out of reading what is not a leaf."""
    with pytest.raises(LedgerFault):
        parse_leaf(content)


def test_time_is_kept_in_utc_to_the_millisecond() -> None:
    """The same moment in another zone is the same entry."""
    boston = AT.astimezone(timezone(timedelta(hours=-5)))
    assert replace(CROSSING, at=boston) == CROSSING
    assert leaf_bytes(replace(CROSSING, at=boston)) == leaf_bytes(CROSSING)


def respelled(**changes: Any) -> bytes:
    fields = json.loads(leaf_bytes(CROSSING)) | changes
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "leaf",
    [
        respelled(v=2),
        respelled(v=True),
        respelled(v="1"),
        respelled(surname="GARCIA"),
        respelled(purpose="exit boarding"),
        respelled(outcome=None),
        respelled(counts={}),
        respelled(refers_to=1.0),
        respelled(at="2026-11-22T10:15:30Z"),
        respelled(at="2026-13-22T10:15:30.000Z"),
        respelled(actor="gate-b22"),
        respelled(actor="robot:gate-b22"),
        respelled(kind="party"),
        respelled(commitments=[{"of": "crossing"}]),
        respelled(commitments=[{"of": "crossing", "sha256": "ef" * 32, "note": "x"}]),
        respelled(commitments="none"),
        leaf_bytes(CROSSING).replace(b'{"actor"', b'{ "actor"'),
        leaf_bytes(CROSSING).replace(b'"v":1', b'"v":1,"v":1'),
        leaf_bytes(CROSSING).replace(b"match", b"\\u006datch"),
        leaf_bytes(CROSSING) + b"\n",
        b"[]",
        b"[" * 60_000,
        b"\xff\xfe",
        b"x" * 70_000,
    ],
)
def test_leaves_that_are_not_ours_are_refused(leaf: bytes) -> None:
    """Unknown fields, versions, spellings, kinds and shapes are refused, not skipped."""
    with pytest.raises(LedgerFault):
        parse_leaf(leaf)


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "María García"},
        {"purpose": ""},
        {"purpose": "X1234567"},
        {"rule_id": "rule with spaces"},
        {"threshold_id": "García"},
        {"rulebook_sha256": DIGEST.upper()},
        {"pack_sha256": DIGEST[:-1]},
        {"outcome": "overstayed"},
        {"reason": "looked nervous"},
        {"reason": "garcia"},
        {"outcome": None, "reason": None},
        {"actor": Actor(ActorKind.OFFICER, "Jane Doe")},
        {"actor": Actor(ActorKind.TRAVELLER, "FG420-017")},
        {"at": AT.replace(tzinfo=None)},
        {"counts": (("García", 1),)},
        {"counts": (("listed", -1),)},
        {"counts": (("listed", 1), ("listed", 2))},
        {"counts": tuple((f"c{number}", 1) for number in range(33))},
        {"refers_to": -1},
        {"erased": (Erased(0, RecordClass.PHOTO),)},
        {"destroyed_keys": ("photo/2026-11-22T10Z/0123456789abcdef",)},
        {"commitments": (Commitment(RecordClass.PHOTO, DIGEST), Commitment(RecordClass.PHOTO, "cd" * 32))},
        {"kind": EntryKind.READ},
        {"kind": EntryKind.REOPENING},
    ],
)
def test_an_entry_refuses_what_does_not_belong(change: dict[str, Any]) -> None:
    """Free text, names, unknown codes and fields of other kinds have no place in an entry."""
    with pytest.raises(LedgerFault):
        replace(CROSSING, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": None},
        {"erased": (Erased(-1, RecordClass.PHOTO),)},
        {"erased": tuple(Erased(number, RecordClass.PHOTO) for number in range(257))},
        {"swept": (Swept(RecordClass.PHOTO, AT), Swept(RecordClass.PHOTO, AT + timedelta(hours=3)))},
        {"destroyed_keys": ("María García",)},
    ],
)
def test_an_erasure_refuses_what_cannot_be(change: dict[str, Any]) -> None:
    """An erasure has a reason and names entries, hours and keys that can exist."""
    with pytest.raises(LedgerFault):
        replace(ERASURE, **change)


def test_a_leaf_fits_a_tile() -> None:
    """The longest entry that the fields allow is shorter than C2SP tlog-tiles can carry."""
    entry = replace(
        ERASURE,
        erased=tuple(Erased(2**53 - 1 - number, RecordClass.PASSENGER_LIST) for number in range(256)),
        destroyed_keys=tuple(f"passenger_list/2026-11-22T10Z/{number:016x}" for number in range(256)),
        swept=tuple(Swept(kind, AT) for kind in RecordClass),
        counts=tuple((f"c{number:046}", 2**53 - 1) for number in range(32)),
        commitments=tuple(Commitment(kind, DIGEST, AT) for kind in RecordClass),
    )
    assert len(leaf_bytes(entry)) < 40_000


def test_commitments_hide_and_bind() -> None:
    """Another salt, class or record gives another commitment; the known answer fixes what is hashed."""
    salt, record = bytes(range(32)), b'{"crossing_id":"c1"}'
    known = commit(RecordClass.CROSSING, salt, record)
    assert known == "5784f9aa7733e0ede05a576a7084bdef9e6d1f9e2d15aff2f3b1126475f8e3f6"
    assert known != commit(RecordClass.PHOTO, salt, record)
    assert known != commit(RecordClass.CROSSING, salt[::-1], record)
    assert known != commit(RecordClass.CROSSING, salt, record + b" ")


@pytest.mark.parametrize("salt", [b"", b"x" * 31, b"x" * 33])
def test_salts_have_one_length(salt: bytes) -> None:
    """A salt of another length could move the border between salt and record."""
    with pytest.raises(LedgerFault):
        commit(RecordClass.CROSSING, salt, b"record")


def test_deadlines_are_kept_to_the_hour_and_never_late() -> None:
    """A deadline within an hour is rounded down to it, in UTC."""
    zone = timezone(timedelta(hours=5, minutes=30))
    commitment = Commitment(RecordClass.PHOTO, DIGEST, datetime(2026, 1, 2, 3, 4, 5, tzinfo=zone))
    assert commitment.erase_by == datetime(2026, 1, 1, 21, tzinfo=UTC)
    with pytest.raises(LedgerFault):
        Commitment(RecordClass.PHOTO, DIGEST, datetime.fromisoformat("2026-01-02T03:04:05"))
