"""What is known of a flight and its people after all messages, with the messages that made it so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from fairgate.papers.findings import Finding
from fairgate.papers.paxlst.facts import Action, FlightLeg, ListedPerson, ListMessage


class Presence(StrEnum):
    """Where a person stands."""

    EXPECTED = "expected"
    CANCELLED = "cancelled"
    ON_BOARD = "on_board"
    LEFT_BEHIND = "left_behind"


class MessageKey(NamedTuple):
    """The references of a message, in the order by which messages follow each other.

    Args:
        stamp: time of preparation as ISO 8601 text, to the minute; ``""`` sorts first.
        control_reference: of the interchange.
        place: in the interchange, from 1.
        revision: of the transaction.
        message_reference: of the message.
        transaction_reference: of the transaction.
        sender: of the interchange.
    """

    stamp: str
    control_reference: str
    place: int
    revision: str
    message_reference: str
    transaction_reference: str
    sender: str

    @property
    def prepared_at(self) -> datetime | None:
        """Return the time of preparation, in the sender's own time."""
        return datetime.fromisoformat(self.stamp) if self.stamp else None


def message_key(message: ListMessage) -> MessageKey:
    """Return a message's references."""
    facts = message.message
    stamp = "" if facts.prepared_at is None else facts.prepared_at.isoformat(timespec="minutes")
    return MessageKey(
        stamp,
        facts.control_reference,
        message.place,
        facts.revision,
        facts.message_reference,
        facts.transaction_reference,
        facts.sender,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One message's effect on one person.

    Args:
        message: which.
        action: what the message wanted.
        presence: where the person stood after it.
        changed: names of the fields that it gave another value, e.g. ``"documents"``; not the values.
        place: the person's among those whom the message names, from 1; 0 where it moved them without naming them.
    """

    message: MessageKey
    action: Action
    presence: Presence
    changed: tuple[str, ...] = ()
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the messages leave them.

    Args:
        person: the facts, with ``passenger_ref`` by the order of first mention: a function of the set of messages; a
            further message that was prepared earlier can shift it.
        presence: where they stand.
        trail: every message that named or moved them, oldest first.
    """

    person: ListedPerson
    presence: Presence
    trail: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class FlightState:
    """A flight as its messages leave it.

    Args:
        flight: designator, place and day of the first leg's departure; ``""`` where not given.
        legs: as the last message gives them.
        people: everybody ever named, in order of first mention.
        closed_by: the last close-out; ``None`` while the flight is open.
        cancelled: the flight was cancelled and no later list names anybody.
        findings: what in the messages does not fit together.
    """

    flight: tuple[str, str, str]
    legs: tuple[FlightLeg, ...]
    people: tuple[KnownPerson, ...]
    closed_by: MessageKey | None
    cancelled: bool
    findings: tuple[Finding, ...]

    def with_presence(self, *wanted: Presence) -> tuple[ListedPerson, ...]:
        """Return those who stand in one of some ways."""
        return tuple(known.person for known in self.people if known.presence in wanted)
