"""What every store refuses to keep, whatever it keeps it in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from fairgate.errors import LedgerFault, StagingConflict, StoreFault
from fairgate.services.records import (
    CrossingRecord,
    FlightRecord,
    LedgerRow,
    PassengerRecord,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)
from fairgate.vocabulary import Matched, NotAttempted, SeeOfficer

HASH_BYTES = 32
"""Length of a node's hash. Source: RFC 9162, 2.1.1, with SHA-256."""

_OUTCOMES = frozenset({Matched.kind, SeeOfficer.kind, NotAttempted.kind})


def check_moment(moment: datetime) -> None:
    """Refuse a time that names no moment.

    Raises:
        StoreFault: it has no zone.
    """
    if moment.tzinfo is None:
        raise StoreFault("A time without a zone names no moment.")


def check_same_staging(kept: FlightRecord, offered: FlightRecord) -> None:
    """Refuse a flight that exists and was staged from something else.

    Raises:
        StagingConflict: list, pack, rulebook, direction or port differ.
    """
    compared = ("list_sha256", "pack_digest", "rulebook_sha256", "direction", "port", "lane")
    differing = [name for name in compared if getattr(kept, name) != getattr(offered, name)]
    if differing:
        way_out = "Go on with what it was staged from, or stage it in another data folder."
        if differing == ["list_sha256"]:
            way_out = "Give every file that it was staged from, and with them those that came later."
        raise StagingConflict(
            f"Flight {offered.flight_key} is already staged with another {_worded(differing)}.", way_out=way_out
        )


def check_list_change(kept: FlightRecord | None, offered: FlightRecord) -> None:
    """Refuse another list for a flight that is not staged, or that differs in more than its list.

    Raises:
        StagingConflict: as said.
    """
    if kept is None:
        raise StagingConflict(f"The flight {offered.flight_key} is not staged.")
    check_same_staging(kept, replace(offered, list_sha256=kept.list_sha256))


def with_findings(kept: FlightRecord, findings: Iterable[str]) -> tuple[str, ...]:
    """Return a flight's findings and after them those that were not noted yet."""
    return (*kept.findings, *(finding for finding in findings if finding not in kept.findings))


def check_passenger(passenger: PassengerRecord) -> None:
    """Refuse a template whose passenger is not enrolled.

    Raises:
        StoreFault: as said.
    """
    if passenger.sealed_templates and passenger.state is not ReferenceState.ENROLLED:
        raise StoreFault("Only an enrolled passenger has a template.")


def check_reextraction(kept: FlightRecord | None, under_way: Reextraction | None, pack_digest: str) -> int:
    """Refuse to begin a change of pack where there is nothing to change, or another is under way.

    Returns:
        The generation to make.

    Raises:
        StagingConflict: as said.
    """
    if kept is None or not kept.complete:
        raise StagingConflict("Only a complete gallery changes its pack.", way_out="Run `fairgate stage` first.")
    if kept.pack_digest == pack_digest:
        raise StagingConflict(f"The gallery {kept.flight_key} is of that pack already.")
    if under_way is not None and under_way.pack_digest != pack_digest:
        raise StagingConflict(
            f"The gallery {kept.flight_key} is on its way to another pack.",
            way_out="Finish with that pack, or begin anew with --start-over.",
        )
    return kept.generation + 1


def check_reextracted(passenger: ReextractedPassenger, under_way: Reextraction | None) -> str:
    """Refuse a result of a generation that is not being made, or one that contradicts itself.

    Returns:
        The digest of the pack that makes it.

    Raises:
        StagingConflict: the generation was switched to, or given up, meanwhile.
        StoreFault: a template of somebody who will not be enrolled, or none of somebody who will; a negative count.
    """
    pack_digest = check_being_made(passenger.flight_key, passenger.generation, under_way)
    if bool(passenger.sealed_templates) != (passenger.state is ReferenceState.ENROLLED) or passenger.lost < 0:
        raise StoreFault("A passenger is enrolled anew with a template, and not without.")
    return pack_digest


def check_being_made(flight_key: str, generation: int, under_way: Reextraction | None) -> str:
    """Refuse to go on with a generation that is not being made.

    Returns:
        The digest of the pack that makes it.

    Raises:
        StagingConflict: as said.
    """
    if under_way is None or under_way.generation != generation:
        raise StagingConflict(
            f"Generation {generation} of the gallery {flight_key} is not being made any more.",
            way_out="Another process finished or gave it up: see `fairgate gallery show`.",
        )
    return under_way.pack_digest


def check_switch(enrolled: Iterable[str], results: Iterable[str]) -> None:
    """Refuse to put a generation in force in which somebody enrolled was forgotten.

    Raises:
        StagingConflict: as said.
    """
    forgotten = set(enrolled) - set(results)
    if forgotten:
        raise StagingConflict(
            f"{len(forgotten)} enrolled passengers have no result in the generation being made.",
            way_out="Run `fairgate gallery reextract` again: it goes on where it stopped.",
        )


def check_withdrawal(state: ReferenceState) -> None:
    """Refuse to call a passenger enrolled whose template is being erased.

    Raises:
        StoreFault: as said.
    """
    if state is ReferenceState.ENROLLED:
        raise StoreFault("A reference that is withdrawn is no longer enrolled.")


def check_crossing(crossing: CrossingRecord) -> None:
    """Refuse an outcome that the machine may not give, a time that names no moment, or an entry that cannot be.

    Raises:
        StoreFault: as said of outcome and times.
        LedgerFault: the entry's index is below zero.
    """
    if crossing.outcome not in _OUTCOMES:
        raise StoreFault("A crossing's outcome is match, see officer or not attempted.")
    if crossing.ledger_index < 0:
        raise LedgerFault("A ledger's entries are counted from 0.")
    check_moment(crossing.taken_at)
    check_moment(crossing.recorded_at)


def check_stage_times(stage_ms: Mapping[str, float]) -> None:
    """Refuse a duration that is negative or not a number.

    Raises:
        StoreFault: as said.
    """
    if not all(math.isfinite(duration_ms) and duration_ms >= 0 for duration_ms in stage_ms.values()):
        raise StoreFault("A stage takes a finite time, not below zero.")


def check_append(row: LedgerRow, frontier: Sequence[bytes], *, entries: int, frontier_size: int) -> None:
    """Refuse an entry that does not follow the ledger's last one.

    Args:
        row: the entry offered.
        frontier: what is said to hold after it.
        entries: how many entries the ledger has.
        frontier_size: of how many entries the kept frontier is.

    Raises:
        LedgerFault: the kept frontier is of another size, so the ledger was cut; the index is not the ledger's size; or
            the frontier cannot be one of ``index + 1`` entries. Source: RFC 9162, 2.1.2: one complete subtree for each
            binary digit 1 of the size.
    """
    if entries != frontier_size:
        raise LedgerFault(
            f"The ledger holds {entries} entries, but its frontier is of {frontier_size}.",
            way_out="Run `fairgate ledger verify`.",
        )
    if row.index != entries:
        raise LedgerFault(f"Entry {row.index} does not follow a ledger of {entries}.")
    if len(frontier) != (entries + 1).bit_count() or any(len(node) != HASH_BYTES for node in frontier):
        raise LedgerFault(f"The frontier handed in is not that of {entries + 1} entries.")


def _worded(names: Sequence[str]) -> str:
    words = {"list_sha256": "list", "pack_digest": "pack", "rulebook_sha256": "rulebook"}
    return " and ".join(words.get(name, name) for name in names)
