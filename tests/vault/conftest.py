"""A vault in a temporary folder, with a ledger that is a list of leaves."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import leaf_bytes
from fairgate.vault.vault import Vault, open_vault
from fairgate.vocabulary import Actor, ActorKind, Photo, RecordClass

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
GATE = Actor(ActorKind.LANE, "gate-b22")
PURPOSE = "exit_boarding"


@dataclass
class Room:
    """A vault, the folder it lies in, and the ledger it asks.

    Args:
        folder: of the keys.
        entropy: where randomness comes from.
    """

    folder: Path
    entropy: Callable[[int], bytes] = os.urandom
    leaves: list[bytes] = field(default_factory=list)
    vault: Vault = field(init=False)

    def __post_init__(self) -> None:
        self.reopen()

    def reopen(self) -> None:
        """Open the vault anew, as another process would."""
        self.vault = open_vault(self.folder, entropy=self.entropy, leaf_at=self._leaf_at)

    def _leaf_at(self, index: int) -> bytes | None:
        return self.leaves[index] if 0 <= index < len(self.leaves) else None

    def enter(
        self, *, kind: EntryKind = EntryKind.READ, actor: Actor = GATE, purpose: str = PURPOSE, count: int = 1
    ) -> int:
        """Put an entry into the ledger and return its index."""
        outcome, reason = ("match", "matched") if kind is EntryKind.CROSSING else (None, None)
        entry = Entry(kind, NOW, actor, purpose, outcome=outcome, reason=reason, counts=(("records", count),))
        self.leaves.append(leaf_bytes(entry))
        return len(self.leaves) - 1

    def seal(
        self,
        content: Photo | bytes = b"content",
        *,
        of: RecordClass = RecordClass.PHOTO,
        hours: float = 12.0,
        **ids: str,
    ) -> bytes:
        """Seal something until some hours from now."""
        record_id, crossing_id = ids.get("record_id", "r-1"), ids.get("crossing_id", "c-1")
        erase_by = NOW + timedelta(hours=hours)
        return self.vault.seal(
            content, record_class=of, record_id=record_id, crossing_id=crossing_id, erase_by=erase_by
        )

    def open(self, envelope: bytes, *, now: datetime = NOW) -> bytes:
        """Open something after entering the read."""
        index = self.enter()
        return self.vault.open(envelope, actor=GATE, purpose=PURPOSE, ledger_index=index, now=now)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A new vault."""
    return Room(tmp_path / "keys")


@pytest.fixture(scope="module")
def shared_room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A vault for property tests, which open many records in it."""
    return Room(tmp_path_factory.mktemp("vault") / "keys")
