"""What a run of a change of pack did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fairgate.services.records import FlightRecord, PassengerRecord


class ReextractionState(StrEnum):
    """What came of a change of pack."""

    SWITCHED = "switched"
    """The new generation is in force and the old templates are erased."""
    WAITING = "waiting"
    """Templates have no successor: the old generation is in force, and what was made is kept for the next run."""
    UNCHANGED = "unchanged"
    """The gallery was of that pack already."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody enrolled in the old generation and not in the new one, opaquely, and why."""

    passenger_ref: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReextractionReport:
    """What a run did.

    Args:
        flight_key: names the gallery.
        state: what came of it.
        from_pack: digest of the pack of the templates in force before.
        to_pack: digest of the pack asked for.
        generation: of the new templates.
        enrolled: passengers with a new template.
        templates: their new templates.
        lost: templates that have no successor; they stand in the way of the switch unless fewer are allowed.
        left_out: enrolled before, and not in the new generation.
        distractors: synthetic rows of the gallery.
        erased: old templates erased at the switch, distractors' included.
        findings: about the photos, without names.
    """

    flight_key: str
    state: ReextractionState
    from_pack: str
    to_pack: str
    generation: int
    enrolled: int
    templates: int
    lost: int
    left_out: tuple[LeftOut, ...]
    distractors: int
    erased: int
    findings: tuple[str, ...]


def unchanged(flight: FlightRecord, rows: Sequence[PassengerRecord]) -> ReextractionReport:
    """Return the report of a gallery that is of the pack asked for already, as after a run killed once it had ended."""
    listed = [row for row in rows if not row.synthetic]
    return ReextractionReport(
        flight_key=flight.flight_key,
        state=ReextractionState.UNCHANGED,
        from_pack=flight.pack_digest,
        to_pack=flight.pack_digest,
        generation=flight.generation,
        enrolled=sum(bool(row.sealed_templates) for row in listed),
        templates=sum(len(row.sealed_templates) for row in listed),
        lost=0,
        left_out=(),
        distractors=len(rows) - len(listed),
        erased=0,
        findings=(),
    )
