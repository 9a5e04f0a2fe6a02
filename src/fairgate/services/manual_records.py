"""What the manual path keeps: who waits for an officer, what the officer stated, which match was taken back.

Each record is written once. What came of a capture is read from all of them together, and nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from fairgate.ledger.canonical import canonical_bytes
from fairgate.ledger.manual_codes import BOARDS_NOBODY, ManualReason, ManualResult, UndoReason
from fairgate.services.records import as_utc_text


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """Somebody who waits for an officer.

    Args:
        entry_id: opaque; that of the crossing, of the undoing, or random.
        series: what numbers are counted in: the flight's key, or the lane where there is no flight.
        day: the port's calendar day on which the number holds.
        number: from 1, by which a person is called; it names nobody.
        flight_key: the flight; ``None`` at a lane without one.
        lane: identifier of the lane.
        reason: why: the crossing's reason, or one of ``OpenedReason``.
        joined_at: aware time from which they wait.
        entered_at: aware time of record; later than ``joined_at`` where a paper form was entered afterwards.
        opened_by: actor, ``lane:…`` or ``officer:…``.
        crossing_id: the capture that led here; ``None`` where there was none.
        undo_id: the undoing that led here, where one did.
        form_line: line of a paper form, ``FORM/LINE``, where it was entered from one.
        salt: of the ledger's commitment; empty where the entry is committed to by its crossing.
        ledger_index: the entry that opened it.
    """

    entry_id: str
    series: str
    day: date
    number: int
    flight_key: str | None
    lane: str
    reason: str
    joined_at: datetime
    entered_at: datetime
    opened_by: str
    ledger_index: int
    crossing_id: str | None = None
    undo_id: str | None = None
    form_line: str | None = None
    salt: bytes = field(default=b"", repr=False)

    @property
    def late(self) -> bool:
        """Say whether it was entered afterwards, with a time of its own."""
        return self.form_line is not None or self.joined_at < self.entered_at

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return _canonical(
            {
                "crossing_id": self.crossing_id,
                "day": self.day.isoformat(),
                "entered_at": as_utc_text(self.entered_at),
                "entry_id": self.entry_id,
                "flight_key": self.flight_key,
                "form_line": self.form_line,
                "joined_at": as_utc_text(self.joined_at),
                "lane": self.lane,
                "number": self.number,
                "opened_by": self.opened_by,
                "reason": self.reason,
                "series": self.series,
                "undo_id": self.undo_id,
            }
        )


@dataclass(frozen=True, slots=True)
class ManualResultRecord:
    """What an officer stated of somebody who waited; one for each queue entry.

    Args:
        result_id: opaque.
        entry_id: who waited.
        flight_key: the flight, where there is one.
        result: ``confirmed``, ``sent_on`` or ``left``.
        reason: why.
        passenger_ref: whom the officer confirmed.
        minutes: whole minutes that the manual path took this traveller.
        decided_at: aware time of the officer's decision.
        recorded_at: aware time of record.
        officer: actor, ``officer:…``.
        late: entered afterwards, from a paper form.
        called_at: aware time at which the number was called, where it was.
        reopens: the crossing, or the earlier result, whose boarding of the same passenger this one puts in doubt.
        photo_erased: the capture's photo, kept until the decision, was let go with it.
        salt: of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    result_id: str
    entry_id: str
    flight_key: str | None
    result: ManualResult
    reason: ManualReason
    passenger_ref: str | None
    minutes: int
    decided_at: datetime
    recorded_at: datetime
    officer: str
    ledger_index: int
    late: bool = False
    called_at: datetime | None = None
    reopens: str | None = None
    photo_erased: bool = False
    salt: bytes = field(default=b"", repr=False)

    @property
    def boards(self) -> str | None:
        """Return the passenger whom this result boards, unless it is undone or another boarding came first."""
        adds_somebody = self.result is ManualResult.CONFIRMED and self.reason not in BOARDS_NOBODY
        return self.passenger_ref if adds_somebody else None

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return _canonical(
            {
                "called_at": as_utc_text(self.called_at) if self.called_at else None,
                "decided_at": as_utc_text(self.decided_at),
                "entry_id": self.entry_id,
                "flight_key": self.flight_key,
                "late": int(self.late),
                "minutes": self.minutes,
                "officer": self.officer,
                "passenger_ref": self.passenger_ref,
                "photo_erased": int(self.photo_erased),
                "reason": self.reason.value,
                "recorded_at": as_utc_text(self.recorded_at),
                "reopens": self.reopens,
                "result": self.result.value,
                "result_id": self.result_id,
            }
        )


@dataclass(frozen=True, slots=True)
class UndoRecord:
    """A match, or an officer's confirmation, that was taken back before departure.

    Args:
        undo_id: opaque.
        flight_key: the flight.
        crossing_id: the match undone; ``None`` where it is a confirmation.
        result_id: the confirmation undone; ``None`` where it is a match.
        passenger_ref: who was boarded wrongly, and may board again.
        really: who really stood there, where the officer knows; ``None`` where they wait for an officer again.
        reason: why.
        undone_at: aware time of record.
        actor: who did it.
        salt: of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    undo_id: str
    flight_key: str
    crossing_id: str | None
    result_id: str | None
    passenger_ref: str
    really: str | None
    reason: UndoReason
    undone_at: datetime
    actor: str
    ledger_index: int
    salt: bytes = field(default=b"", repr=False)

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return _canonical(
            {
                "actor": self.actor,
                "crossing_id": self.crossing_id,
                "flight_key": self.flight_key,
                "passenger_ref": self.passenger_ref,
                "really": self.really,
                "reason": self.reason.value,
                "result_id": self.result_id,
                "undo_id": self.undo_id,
                "undone_at": as_utc_text(self.undone_at),
            }
        )


@dataclass(frozen=True, slots=True)
class Departure:
    """When a flight departs, as somebody stated it; the newest statement counts.

    Args:
        flight_key: the flight.
        departs_at: aware time after which no match is undone.
        recorded_at: aware time of record.
        actor: who stated it.
        ledger_index: the entry that says so.
    """

    flight_key: str
    departs_at: datetime
    recorded_at: datetime
    actor: str
    ledger_index: int


@dataclass(frozen=True, slots=True)
class Boarding:
    """What boarded a passenger, and stands.

    Args:
        passenger_ref: who.
        ledger_index: the entry of the match or the confirmation.
        crossing_id: the match; ``None`` where an officer confirmed.
        result_id: the officer's confirmation; ``None`` where it is a match.
    """

    passenger_ref: str
    ledger_index: int
    crossing_id: str | None = None
    result_id: str | None = None

    @property
    def reopened_as(self) -> str:
        """Return what a record that puts this boarding in doubt refers to."""
        return self.crossing_id or self.result_id or ""


def _canonical(facts: dict[str, str | int | None]) -> bytes:
    return canonical_bytes({name: value for name, value in facts.items() if value is not None})
