"""Travellers, captures, photos, thresholds and an anchor for tests of boarding."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from boarding_fakes import NOW, PACK_DIGEST

from fairgate.face.pack import CalibrationRecord, HeldOut
from fairgate.services.enrol_reference import ReferencePhoto
from fairgate.services.ports import Store
from fairgate.vault.signing_key import SigningKey
from fairgate.vault.vault import Vault, open_vault
from fairgate.vocabulary import Actor, ActorKind, BiometricClaim, Capture, Photo, TravelDocument, Traveller

FLIGHT = "FG420-2026-11-22-BOS"
OPERATOR = Actor(ActorKind.OPERATOR, "test")
PURPOSE = "identity_confirmation"
KEY = SigningKey("fairgate.test/log", bytes(range(32)))
RECEIPT_KEY = SigningKey("fairgate.test/receipts", bytes(range(32, 64)))
BEFORE_THE_RULE = datetime(2025, 12, 25, 20, 0, tzinfo=UTC)
"""Under us-cbp an alien leaving by Boston is asked from 2025-12-26 on, and was not before."""


class MemoryAnchor:
    """The newest checkpoint, in this process."""

    def __init__(self) -> None:
        self.note: bytes | None = None
        self.size = 0

    def newest(self) -> bytes | None:
        return self.note

    def advance(self, note: bytes, size: int) -> None:
        if size > self.size:
            self.note, self.size = note, size


class Camera:
    """Lends photos and remembers them, so that a test can see whether they were erased."""

    def __init__(self) -> None:
        self.lent: list[Photo] = []

    def __call__(self, text: str) -> Callable[[], Photo]:
        def lend() -> Photo:
            self.lent.append(Photo(text.encode()))
            return self.lent[-1]

        return lend

    @property
    def left(self) -> int:
        """Bytes of photos that nobody erased."""
        return sum(photo.size_bytes for photo in self.lent)


def traveller(
    number: int, *, nationality: str = "DEU", documents: tuple[TravelDocument, ...] | None = None
) -> Traveller:
    """Return passenger P000n with passport Xn."""
    own = (TravelDocument("P", f"X{number}", nationality),)
    return Traveller(f"P{number:04d}", "Doe", f"Number {number}", date(1980, 1, 1), "F", nationality, documents or own)


def reference(number: int, read: Callable[[], Photo], *, nationality: str = "DEU") -> ReferencePhoto:
    """Return the reference photo that belongs to passport Xn."""
    return ReferencePhoto(f"row {number}", nationality, f"X{number}", read)


def record(kind: str, threshold: float) -> CalibrationRecord:
    """Return a calibration record of which only identifier and threshold matter."""
    nothing = HeldOut(0, 1, 0.0, 1.0)
    return CalibrationRecord(
        id=f"{kind}-test",
        kind=kind,
        target=1e-4,
        gallery_size=None if kind == "verification" else 1000,
        threshold=threshold,
        threshold_method="chosen for the test",
        data="none",
        data_sha256="0" * 64,
        subjects=1,
        mated=1,
        non_mated=1,
        errors_expected=3.0,
        errors_observed=3.0,
        low=0.0,
        high=1.0,
        interval_method="none",
        resolvable=True,
        held_out_false_positives=nothing,
        held_out_misses=nothing,
        made_on=date(2026, 11, 1),
        pack_digest=PACK_DIGEST,
    )


def never() -> Photo:
    """Stand for a photo that must not be read."""
    raise AssertionError("the photo was read")


def capture(
    key: str,
    *,
    claims: str | None = None,
    opted_out: bool = False,
    lane: str = "B22",
    taken_at: datetime = NOW,
) -> Capture:
    """Return what a lane says about one arrival."""
    return Capture(key, f"{key}.jpg", lane, taken_at, BiometricClaim(opted_out, claims))


def real_vault(folder: Path, store: Store) -> Vault:
    """Return the vault that encrypts, its keys in a folder, which asks the store for entered reads."""

    def leaf_at(index: int) -> bytes | None:
        with store.reading() as transaction:
            row = transaction.ledger_row(index)
        return row.leaf if row else None

    return open_vault(folder, entropy=os.urandom, leaf_at=leaf_at)
