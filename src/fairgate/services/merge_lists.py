"""The passenger-list files that a flight is staged from: one list, or several messages applied one upon another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from fairgate.errors import InputRefused, PapersError
from fairgate.papers.paxlst.facts import Interchange, MessageFacts, PassengerList
from fairgate.papers.paxlst.history import apply_messages
from fairgate.papers.paxlst.reader import read_messages, read_passenger_list
from fairgate.papers.paxlst.trail import FlightState, Presence

_FLIGHTS_NAMED = 5


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file with passenger-list messages.

    Args:
        name: what it is called, for what is said of it.
        content: the whole of it.
    """

    name: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Return the hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class MergedList:
    """Who is on a flight after all messages, ready for staging.

    Args:
        listed: the list; who was cancelled or stayed behind is not on it.
        sha256: hex digest by which the set of files is known again.
    """

    listed: PassengerList
    sha256: str


def merged_list(files: Sequence[ListFile], *, on: date) -> MergedList:
    """Return the one list that some files make, which depends on the set of the files alone.

    One message that names who is expected is that list, as it stands. Several are applied one upon another.

    Args:
        files: at least one, in any order, some perhaps more than once.
        on: the day of reading.

    Raises:
        PapersError: a file cannot be read.
        InputRefused: the messages are about several flights, the flight is cancelled, or nobody is left on it.
    """
    by_digest = {file.sha256: file for file in files}
    distinct = [by_digest[digest] for digest in sorted(by_digest)]
    interchanges = read_interchanges(distinct, on=on)
    digest = _digest_of_set(by_digest)
    if len(distinct) == 1 and len(interchanges[0].messages) == 1:
        return MergedList(read_passenger_list(distinct[0].content, on=on), digest)
    states = apply_messages(message for interchange in interchanges for message in interchange.messages)
    if len(states) != 1:
        raise InputRefused(
            f"The messages are about {len(states)} flights: {_named(states)}.", way_out="Stage one flight at a time."
        )
    return MergedList(_list_of(states[0], interchanges), digest)


def read_interchanges(files: Sequence[ListFile], *, on: date) -> tuple[Interchange, ...]:
    """Return what each file says.

    Args:
        files: in the order wanted.
        on: the day of reading.

    Raises:
        PapersError: one cannot be read; of several the text says which.
    """
    found = []
    for file in files:
        try:
            found.append(read_messages(file.content, on=on))
        except PapersError as cause:
            if len(files) == 1:
                raise
            raise PapersError(
                f"{file.name}: {cause.public_text}", position=cause.position, way_out=cause.way_out
            ) from cause
    return tuple(found)


def flight_words(flight: tuple[str, str, str]) -> str:
    """Return designator, place and day of departure as a line shows them."""
    return " ".join(filter(None, flight)) or "a flight that its messages do not name"


def _digest_of_set(digests: Iterable[str]) -> str:
    """Return the digest of one file, or of several files' digests: sorted, in lower case, a line each."""
    ordered = sorted(digests)
    if len(ordered) == 1:
        return ordered[0]
    return hashlib.sha256("".join(f"{digest}\n" for digest in ordered).encode("ascii")).hexdigest()


def _named(states: Sequence[FlightState]) -> str:
    names = [flight_words(state.flight) for state in states[:_FLIGHTS_NAMED]]
    more = len(states) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _list_of(state: FlightState, interchanges: Sequence[Interchange]) -> PassengerList:
    """Return those who are expected or on board.

    Raises:
        InputRefused: the flight is cancelled, or nobody who travels is left.
    """
    name = flight_words(state.flight)
    if state.cancelled:
        raise InputRefused(f"{name} is cancelled by its messages.", way_out="Nothing is to be staged for it.")
    people = state.with_presence(Presence.EXPECTED, Presence.ON_BOARD)
    travelled = any(not known.person.role.is_crew for known in state.people)
    if not people or (travelled and all(person.role.is_crew for person in people)):
        raise InputRefused(
            f"No passenger is left on {name} after all messages.",
            way_out="`fairgate papers history` says which message did what.",
        )
    findings = [finding for interchange in interchanges for finding in interchange.findings]
    return PassengerList(MessageFacts(), state.legs, people, (*findings, *state.findings))
