"""The passenger-list files that a gallery is staged from: for each flight, its messages applied one upon another."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from fairgate.errors import InputRefused, PapersError
from fairgate.papers.findings import Finding
from fairgate.papers.paxlst.facts import Interchange, ListedPerson, ListMessage, MessageFacts, PassengerList
from fairgate.papers.paxlst.history import apply_messages
from fairgate.papers.paxlst.reader import read_messages, read_passenger_list
from fairgate.papers.paxlst.trail import FlightState, MessageKey, Presence, message_key

_MENTION_DIGITS = 32
_Named = tuple[ListedPerson, tuple[str, ...]]


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
    """Who is on one flight after all messages.

    Args:
        flight: designator, place and day of departure as a line shows them.
        listed: the list; who was cancelled or stayed behind is not on it.
        mentions: for each of ``listed.people``, digests of the messages and places that name them, in their order;
            without those that could be somebody else's too.
        nobody: why nobody who travels is left, in a sentence; ``""`` where somebody is.
        absent: who was named and is not listed any more, with their mentions.
    """

    flight: str
    listed: PassengerList
    mentions: tuple[tuple[str, ...], ...]
    nobody: str = ""
    absent: tuple[tuple[ListedPerson, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class MergedLists:
    """Every flight that some files are about.

    Args:
        flights: at least one, by designator and day.
        sha256: hex digest by which the set of files is known again.
        files: hex digests of the files, sorted.
        findings: deviations in the files that are about no one flight.
    """

    flights: tuple[MergedList, ...]
    sha256: str
    files: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def merged_lists(files: Sequence[ListFile], *, on: date) -> MergedLists:
    """Return the lists that some files make, which depend on the set of the files alone.

    One message that names who is expected is that list, as it stands. Several are applied one upon another.

    Args:
        files: at least one, in any order, some perhaps more than once.
        on: the day of reading.

    Raises:
        PapersError: a file cannot be read.
    """
    by_digest = {file.sha256: file for file in files}
    distinct = [by_digest[digest] for digest in sorted(by_digest)]
    interchanges = read_interchanges(distinct, on=on)
    digest = _digest_of_set(by_digest)
    if len(distinct) == 1 and len(interchanges[0].messages) == 1:
        return MergedLists((_as_it_stands(distinct[0], interchanges[0].messages[0], on),), digest, (digest,))
    states = apply_messages(message for interchange in interchanges for message in interchange.messages)
    findings = tuple(finding for interchange in interchanges for finding in interchange.findings)
    return MergedLists(tuple(map(_list_of, states)), digest, tuple(sorted(by_digest)), findings)


def require_somebody(merged: MergedLists) -> None:
    """Refuse lists that leave nobody on any flight.

    Raises:
        InputRefused: as said, with the reason of the first.
    """
    if all(one.nobody for one in merged.flights):
        raise InputRefused(merged.flights[0].nobody, way_out="`fairgate papers history` says which message did what.")


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


def _mention(message: MessageKey, place: int) -> str:
    """Return what names one place in one message: of references alone, so that it says nothing about a person."""
    text = "\n".join(map(str, (*message, place)))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_MENTION_DIGITS]


def _as_it_stands(file: ListFile, message: ListMessage, on: date) -> MergedList:
    """Return one message's list.

    Raises:
        PapersError: it takes something away, or names nobody.
    """
    listed = read_passenger_list(file.content, on=on)
    key = message_key(message)
    mentions = tuple((_mention(key, place),) for place in range(1, len(listed.people) + 1))
    state = next(iter(apply_messages([message])))
    return MergedList(flight_words(state.flight), listed, mentions)


def _list_of(state: FlightState) -> MergedList:
    """Return those who are expected or on board."""
    name = flight_words(state.flight)
    of_everybody = [[_mention(step.message, step.place) for step in one.trail if step.place] for one in state.people]
    known = Counter(mention for mentions in of_everybody for mention in set(mentions))
    present: list[_Named] = []
    absent: list[_Named] = []
    for one, mentions in zip(state.people, of_everybody, strict=True):
        own = (one.person, tuple(mention for mention in mentions if known[mention] == 1))
        (present if one.presence in (Presence.EXPECTED, Presence.ON_BOARD) else absent).append(own)
    people = tuple(person for person, _ in present)
    travelled = any(not one.person.role.is_crew for one in state.people)
    nobody = ""
    if state.cancelled:
        nobody = f"{name} is cancelled by its messages."
    elif not people or (travelled and all(person.role.is_crew for person in people)):
        nobody = f"No passenger is left on {name} after all messages."
    if nobody:
        present, absent = [], [*present, *absent]
    listed = PassengerList(MessageFacts(), state.legs, tuple(person for person, _ in present), state.findings)
    return MergedList(name, listed, tuple(mentions for _, mentions in present), nobody, tuple(absent))
