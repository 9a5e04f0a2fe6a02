"""Wires exports of records: under a purpose, signed, entered in the ledger before anything leaves."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fairgate.bootstrap.parts import Parts
from fairgate.errors import ExportRefused
from fairgate.outside.plain_files import Unread, read_plain_file
from fairgate.outside.private_folder import write_whole
from fairgate.services.export_crossings import ExportCrossings
from fairgate.services.export_records import ExportHeader, ReadExport, read_export

_EXPORT_LIMIT_BYTES = 512 * 1024 * 1024


def export_crossings(parts: Parts, flight_key: str, *, purpose: str, out: Path) -> ExportHeader:
    """Export a flight's crossings to a file.

    Raises:
        ExportRefused: the rulebook does not let them be exported for that.
        NothingStaged: there is no such flight.
        OSError: the file cannot be written; the ledger says that it was about to be.
    """
    if not out.parent.is_dir():
        raise ExportRefused(f"There is no folder for {out.name}.", reason="not_an_export", way_out="Name another file.")
    export = ExportCrossings(
        store=parts.store,
        line=parts.line,
        registrar=parts.registrar,
        signer=parts.signing_key,
        clock=parts.clock,
        entropy=parts.entropy,
        actor=parts.actor,
    )
    exported = export(flight_key, purpose)
    write_whole(out, exported.content)
    return exported.header


def read_export_file(file: Path, verifier_key: str, *, now: datetime, purpose: str | None) -> ReadExport:
    """Return what an export holds, if it may be used.

    Raises:
        ExportRefused: it may not, or is none.
    """
    content = read_plain_file(file, _EXPORT_LIMIT_BYTES)
    if isinstance(content, Unread):
        raise ExportRefused(
            f"The file {file.name} cannot be read: {content.value.replace('_', ' ')}.", reason="not_an_export"
        )
    return read_export(bytes(content), verifier_key, now=now, purpose=purpose)
