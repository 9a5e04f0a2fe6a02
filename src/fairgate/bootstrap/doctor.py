"""Looks at everything that an open house needs, and says the way out of each fault."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from fairgate.bootstrap.parts import Parts, decoder_for
from fairgate.bootstrap.results import Check
from fairgate.errors import FairgateError
from fairgate.vocabulary import Photo

_LEAST_FREE_BYTES = 500_000_000
_PLAUSIBLE_SINCE = 2026

# A complete 1×1 PNG, so that the decode worker has something harmless to decode.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def look_around(parts: Parts) -> tuple[Check, ...]:
    """Return what was found of data folder, disk, clock, database, ledger, rulebook, pack and decode worker."""
    return tuple(
        _checked(name, look, way_out)
        for name, look, way_out in (
            ("data folder", lambda: _private(parts.folder), f"Run `chmod 700 {parts.folder}`."),
            ("free disk", lambda: _free(parts.folder), "Free some space."),
            ("clock", lambda: _clock(parts), "Set the machine's clock; deadlines depend on it."),
            ("database", lambda: _database(parts), "Restore the database from a backup."),
            ("rulebook", lambda: f"{parts.rulebook.id}, {parts.rulebook.sha256[:12]}…", ""),
            ("pack", lambda: f"{parts.pack.id}, {parts.pack.digest[:12]}…", "Run `fairgate packs verify`."),
            ("thresholds", lambda: _thresholds(parts), "Run `fairgate packs calibrate`."),
            ("decode worker", lambda: _worker(parts), "Check that processes may be started."),
        )
    )


def _checked(name: str, look: Callable[[], str], way_out: str) -> Check:
    try:
        return Check(name, ok=True, text=look())
    except FairgateError as fault:
        return Check(name, ok=False, text=fault.public_text, way_out=fault.way_out or way_out)
    except (OSError, ValueError) as fault:
        return Check(name, ok=False, text=str(fault), way_out=way_out)


def _private(folder: Path) -> str:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode != 0o700:
        raise ValueError(f"{folder} has mode {mode:o}, not 700.")
    return str(folder)


def _free(folder: Path) -> str:
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE_BYTES:
        raise ValueError(f"Only {free // 1_000_000} MB are free.")
    return f"{free / 1e9:.1f} GB"


def _clock(parts: Parts) -> str:
    now = parts.clock()
    if now.year < _PLAUSIBLE_SINCE:
        raise ValueError(f"It says {now.isoformat(timespec='minutes')}.")
    return now.isoformat(timespec="seconds")


def _database(parts: Parts) -> str:
    with parts.store.reading() as transaction:
        return f"{len(transaction.flights())} flights, {transaction.ledger_size()} ledger entries"


def _thresholds(parts: Parts) -> str:
    found = parts.thresholds(1)
    return f"{found.identification.id}, {found.verification.id}"


def _worker(parts: Parts) -> str:
    with decoder_for(parts.settings) as decoder, Photo(_PIXEL).open() as content:
        decoder.decode(content)
    return "starts and decodes"
