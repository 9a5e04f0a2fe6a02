"""What is kept of a correction of what is known about somebody listed: which facts, why, and what went with it.

The facts themselves are sealed with the list entry and nowhere else. Each record is written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from fairgate.ledger.canonical import canonical_bytes
from fairgate.ledger.manual_codes import CorrectionReason
from fairgate.services.records import as_utc_text


@dataclass(frozen=True, slots=True)
class Standing:
    """What earlier corrections of one passenger hold to, whatever later messages say.

    Args:
        facts: names of the facts that an officer corrected.
        list_erase_by: no list entry of theirs lives longer.
        template_erase_by: no template of theirs lives longer.
    """

    facts: frozenset[str]
    list_erase_by: datetime
    template_erase_by: datetime


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """One correction.

    Args:
        correction_id: opaque.
        flight_key: whose list.
        passenger_ref: who.
        facts: names of the facts that changed, sorted, such as ``nationality``; never their values.
        reason: why.
        recorded_at: aware time of record.
        officer: actor, ``officer:…``.
        list_erase_by: by when the list entry must be gone; the soonest of this correction and those before it.
        template_erase_by: the same for templates.
        crossing_erase_by: the same for the crossings on record by then, soonest of all; ``None`` where there are none.
        templates_erased: templates in force that went.
        templates_resealed: templates in force that were sealed anew with a sooner deadline.
        photos_erased: captured photos that went.
        matches_undone: matches taken back for an officer to settle, 0 or 1.
        matches_in_doubt: matches that the rules would not allow and that stand since the flight had left, 0 or 1.
        salt: of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    correction_id: str
    flight_key: str
    passenger_ref: str
    facts: tuple[str, ...]
    reason: CorrectionReason
    recorded_at: datetime
    officer: str
    list_erase_by: datetime
    template_erase_by: datetime
    crossing_erase_by: datetime | None
    templates_erased: int
    templates_resealed: int
    photos_erased: int
    matches_undone: int
    matches_in_doubt: int
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        facts: dict[str, str | int | None] = {
            "correction_id": self.correction_id,
            "crossing_erase_by": as_utc_text(self.crossing_erase_by) if self.crossing_erase_by else None,
            "facts": " ".join(self.facts),
            "flight_key": self.flight_key,
            "list_erase_by": as_utc_text(self.list_erase_by),
            "matches_in_doubt": self.matches_in_doubt,
            "matches_undone": self.matches_undone,
            "officer": self.officer,
            "passenger_ref": self.passenger_ref,
            "photos_erased": self.photos_erased,
            "reason": self.reason.value,
            "recorded_at": as_utc_text(self.recorded_at),
            "template_erase_by": as_utc_text(self.template_erase_by),
            "templates_erased": self.templates_erased,
            "templates_resealed": self.templates_resealed,
        }
        return canonical_bytes({name: value for name, value in facts.items() if value is not None})


def standing_of(corrections: Iterable[CorrectionRecord]) -> dict[str, Standing]:
    """Return what the corrections of one flight hold to, by passenger reference."""
    standing: dict[str, Standing] = {}
    for one in corrections:
        kept = standing.get(one.passenger_ref)
        new = Standing(frozenset(one.facts), one.list_erase_by, one.template_erase_by)
        standing[one.passenger_ref] = (
            new
            if kept is None
            else Standing(
                kept.facts | new.facts,
                min(kept.list_erase_by, new.list_erase_by),
                min(kept.template_erase_by, new.template_erase_by),
            )
        )
    return standing
