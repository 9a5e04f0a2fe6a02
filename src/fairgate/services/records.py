"""The records that services keep in a store, and the canonical bytes that the ledger commits to.

A record holds no name and no face in plaintext: what identifies a person is sealed by the vault before a store sees it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from fairgate.ledger.canonical import canonical_bytes
from fairgate.vocabulary import Direction, LaneKind


class ReferenceState(StrEnum):
    """What became of one listed passenger's reference."""

    ENROLLED = "enrolled"
    NO_PHOTO = "no_photo"
    NOT_ENROLLABLE = "not_enrollable"
    NOT_ASKED = "not_asked"
    OPTED_OUT = "opted_out"
    CANCELLED = "cancelled"
    """A later message took them off the list; reason ``opted_out`` where they had opted out before."""
    WAITING = "waiting"
    """To be enrolled anew since the list changed; nobody waits in a complete gallery."""


@dataclass(frozen=True, slots=True)
class FlightRecord:
    """One staged gallery: of one flight or ship, or of several flights that one hall expects; and what it is made from.

    Args:
        flight_key: e.g. ``"FG420-2026-11-22-BOS"``, or the name given to a gallery of several flights; names the
            gallery.
        direction: entry or exit.
        port: location code where the lane stands.
        list_sha256: hex digest of the passenger list's bytes, or of several lists' digests (services/merge_lists.py).
        pack_digest: hex digest of the pack that made the templates in force.
        rulebook_sha256: hex digest of the rulebook in force at staging.
        staged_at: aware time when staging began.
        complete: every listed passenger has a row; only then may anyone board.
        findings: deviations found in the passenger list or among the reference photos, as ``code: text`` without names.
        generation: which templates are in force; counts from 1, one more for every re-extraction.
        lane: the kind of lane that it is for; permission is asked for that.
        list_files: hex digests of the lists' files, sorted; none where ``list_sha256`` is that of the one file.
        flights: designator, place and day of each flight in it, sorted; none where the gallery's name says it.
    """

    flight_key: str
    direction: Direction
    port: str
    list_sha256: str
    pack_digest: str
    rulebook_sha256: str
    staged_at: datetime
    complete: bool = False
    findings: tuple[str, ...] = ()
    generation: int = 1
    lane: LaneKind = LaneKind.BOARDING
    list_files: tuple[str, ...] = ()
    flights: tuple[str, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """Return the digests of the lists' files."""
        return frozenset(self.list_files or (self.list_sha256,))


@dataclass(frozen=True, slots=True)
class PassengerRecord:
    """One gallery row: a listed passenger, or a synthetic distractor.

    Args:
        flight_key: whose gallery.
        passenger_ref: opaque, unique within the flight.
        state: what became of the reference.
        reason: for ``not_enrollable`` the stable reason, for ``not_asked`` the rule id; else ``None``.
        sealed_traveller: the vault's envelope around the listed facts; ``None`` for a distractor.
        sealed_templates: the vault's envelope around each template in force, by number from 1; none unless enrolled.
        synthetic: a distractor, never offered, matched or counted.
        mention: digest of the message and the place in it that first named them; by it they are known again when the
            list changes. ``None`` for a distractor, and where no place is theirs alone.
    """

    flight_key: str
    passenger_ref: str
    state: ReferenceState
    reason: str | None = None
    sealed_traveller: bytes | None = field(default=None, repr=False)
    sealed_templates: tuple[bytes, ...] = field(default=(), repr=False)
    synthetic: bool = False
    mention: str | None = None

    @property
    def is_listed(self) -> bool:
        """Tell whether the row is of somebody whom the list names now."""
        return not self.synthetic and self.state is not ReferenceState.CANCELLED


@dataclass(frozen=True, slots=True)
class Reextraction:
    """A change of pack that is under way; until it is switched to, everybody boards with the old templates.

    Args:
        flight_key: whose gallery.
        generation: of the templates being made; those in force are of an earlier one.
        pack_digest: hex digest of the pack that makes them.
        begun_at: aware time of the first run.
    """

    flight_key: str
    generation: int
    pack_digest: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class ReextractedPassenger:
    """What became of one enrolled passenger in a generation that is not in force yet.

    Args:
        flight_key: whose gallery.
        generation: the generation being made.
        passenger_ref: who.
        state: what the passenger will be once the generation is in force.
        lost: templates in force that have no successor, though neither rule nor deadline took them.
        reason: why one is missing, or why the passenger is left out; else ``None``.
        sealed_templates: the vault's envelopes around the new templates; none unless ``state`` is enrolled.
    """

    flight_key: str
    generation: int
    passenger_ref: str
    state: ReferenceState
    lost: int = 0
    reason: str | None = None
    sealed_templates: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CrossingRecord:
    """One crossing and its one outcome; written once and never changed.

    Args:
        crossing_id: opaque, unique in the store.
        flight_key: whose gallery it met.
        capture_key: the capture's key; a flight has at most one crossing for each.
        lane: identifier of the lane.
        taken_at: aware time of capture.
        recorded_at: aware time of record.
        outcome: ``match``, ``see_officer`` or ``not_attempted``.
        reason: stable reason code.
        component: what failed, for ``poor_image`` and ``unreadable_image``.
        passenger_ref: the passenger matched, or whose earlier match is reopened, or whose reference is another
            passenger's too; else ``None``.
        rule_id: the rule that permitted or forbade it, where one was consulted.
        threshold_id: the calibration record used; ``None`` where nothing was compared.
        reopens: crossing whose match this one puts in doubt; else ``None``.
        had_photo: a photo was obtained and decoded.
        was_usable: exactly one face of sufficient quality was found.
        sealed_photo: the vault's envelope around the captured photo; ``None`` where none is kept.
        salt: 32 random bytes of the ledger's commitment; erasing them makes the commitment meaningless.
        ledger_index: the entry that commits to this record.
    """

    crossing_id: str
    flight_key: str
    capture_key: str
    lane: str
    taken_at: datetime
    recorded_at: datetime
    outcome: str
    reason: str
    component: str | None
    passenger_ref: str | None
    rule_id: str | None
    threshold_id: str | None
    reopens: str | None
    had_photo: bool
    was_usable: bool
    salt: bytes = field(repr=False)
    ledger_index: int
    sealed_photo: bytes | None = field(default=None, repr=False)

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over; what is not known is left out.

        The salt, the ledger's index and the sealed photo stay outside: the first two belong to the commitment itself,
        and the photo is erased long before the record.
        """
        facts: dict[str, str | int | None] = {
            "capture_key": self.capture_key,
            "component": self.component,
            "crossing_id": self.crossing_id,
            "flight_key": self.flight_key,
            "had_photo": int(self.had_photo),
            "lane": self.lane,
            "outcome": self.outcome,
            "passenger_ref": self.passenger_ref,
            "reason": self.reason,
            "recorded_at": as_utc_text(self.recorded_at),
            "reopens": self.reopens,
            "rule_id": self.rule_id,
            "taken_at": as_utc_text(self.taken_at),
            "threshold_id": self.threshold_id,
            "was_usable": int(self.was_usable),
        }
        return canonical_bytes({name: value for name, value in facts.items() if value is not None})


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One ledger entry as the store keeps it.

    Args:
        index: position in the log, from 0.
        leaf: the entry's canonical bytes.
        checkpoint: signed note over the log of ``index + 1`` entries.
    """

    index: int
    leaf: bytes
    checkpoint: bytes


def as_utc_text(moment: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC with milliseconds, e.g. ``2026-11-22T10:15:00.000Z``.

    Raises:
        ValueError: the time has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone names no moment")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
