"""Thirteen hours later nothing of a captured face can be opened, from the database or from a copy of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from journey import Flight

from fairgate.bootstrap.opening import open_house
from fairgate.bootstrap.parts import Parts
from fairgate.config import Settings
from fairgate.errors import RecordExpired
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.services.append_entry import Registrar
from fairgate.vocabulary import Actor, ActorKind

pytestmark = pytest.mark.needs_portraits
OFFICER = Actor(ActorKind.OFFICER, "desk-1")


def sealed_photos(database: Path) -> list[bytes]:
    """Return the envelopes of photos in a database file."""
    with sqlite3.connect(database) as opened:
        return [row[0] for row in opened.execute("select sealed_photo from crossing where sealed_photo is not null")]


def try_to_open(parts: Parts, envelope: bytes, now: datetime) -> bytes:
    """Enter one read in the ledger, then open an envelope under it."""
    entry = Entry(kind=EntryKind.READ, at=now, actor=OFFICER, purpose="officer_review", counts=(("photos", 1),))
    registrar: Registrar = parts.registrar
    with parts.store.writing() as transaction:
        row = registrar.append(transaction, entry)
    return parts.vault.open(envelope, actor=OFFICER, purpose="officer_review", ledger_index=row.index, now=now)


def test_photos_open_before_the_deadline_and_never_after(copy_of_boarded: Flight, tmp_path: Path) -> None:
    """The live canary opens; after twelve hours the same envelope, even from a copied database, does not."""
    from contextlib import ExitStack

    settings = Settings(data_dir=copy_of_boarded.data, cache_dir=tmp_path / "cache", demo_mode=True)
    backup = tmp_path / "backup.db"
    shutil.copyfile(copy_of_boarded.data / "fairgate.db", backup)
    envelopes = sealed_photos(backup)
    now = datetime.now(UTC)
    with ExitStack() as closing:
        parts = Parts(settings, closing, clock=lambda: now, timer=time.perf_counter, entropy=os.urandom)
        canary = try_to_open(parts, envelopes[0], now)
        assert canary.startswith(b"\xff\xd8")
    later = now + timedelta(hours=13)
    with open_house(settings, clock=lambda: later) as house:
        assert house.verify_ledger().ok
    assert sealed_photos(copy_of_boarded.data / "fairgate.db") == []
    with ExitStack() as closing:
        parts = Parts(settings, closing, clock=lambda: now, timer=time.perf_counter, entropy=os.urandom)
        for envelope in envelopes:
            with pytest.raises(RecordExpired):
                try_to_open(parts, envelope, now)
