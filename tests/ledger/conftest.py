"""Ledger entries of every kind, for property tests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st

from fairgate.ledger.commitment import Commitment
from fairgate.ledger.entry import ANONYMOUS_TRAVELLER, OUTCOMES, REASONS, WITH_REASON, Entry, EntryKind, Erased, Swept
from fairgate.vocabulary import Actor, ActorKind, RecordClass

_CODES = st.from_regex(r"\A[a-z][a-z0-9_]{0,15}\Z")
_NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:/@-]{0,15}\Z")
_DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
_TIMES = st.datetimes(datetime.fromisoformat("2000-01-01"), timezones=st.just(UTC))
_CLASSES = st.sampled_from(RecordClass)
_INDEXES = st.integers(0, 2**40)
_KEYS = st.builds("{}/2026-11-22T10Z/{:016x}".format, _CLASSES, st.integers(0, 2**64 - 1))


@st.composite
def _entries(draw: st.DrawFn) -> Entry:
    kind = draw(st.sampled_from(EntryKind))
    refers = kind in (EntryKind.REOPENING, EntryKind.MATCH_UNDONE)
    decides, erases = kind in (EntryKind.CROSSING, EntryKind.REOPENING), kind is EntryKind.ERASURE
    actor_kind = draw(st.sampled_from(ActorKind))
    actor_id = ANONYMOUS_TRAVELLER if actor_kind is ActorKind.TRAVELLER else draw(_NAMES)
    classes = draw(st.lists(_CLASSES, unique=True, max_size=3))
    return Entry(
        kind=kind,
        at=draw(_TIMES),
        actor=Actor(actor_kind, actor_id),
        purpose=draw(_CODES),
        rule_id=draw(st.none() | _NAMES),
        rulebook_sha256=draw(st.none() | _DIGESTS),
        pack_sha256=draw(st.none() | _DIGESTS),
        threshold_id=draw(st.none() | _NAMES),
        outcome=draw(st.sampled_from(sorted(OUTCOMES))) if decides else None,
        reason=draw(st.sampled_from(sorted(REASONS))) if decides or kind in WITH_REASON else None,
        counts=tuple(draw(st.dictionaries(_CODES, st.integers(0, 2**53 - 1), max_size=3)).items()),
        commitments=tuple(Commitment(of, draw(_DIGESTS), draw(st.none() | _TIMES)) for of in classes),
        refers_to=draw(_INDEXES if refers else st.none() | _INDEXES),
        erased=tuple(draw(st.sets(st.builds(Erased, _INDEXES, _CLASSES), max_size=3))) if erases else (),
        swept=tuple(Swept(of, draw(_TIMES)) for of in classes) if erases else (),
        destroyed_keys=tuple(draw(st.sets(_KEYS, max_size=2))) if erases else (),
    )


@pytest.fixture(scope="session")
def entries() -> st.SearchStrategy[Entry]:
    """Entries that the ledger takes."""
    return _entries()
