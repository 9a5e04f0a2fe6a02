"""What officers decided about the people of a passenger list becomes the answer to that list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from fairgate.errors import InputRefused, PapersError, TableRefused
from fairgate.papers.cusres.facts import Answer, ListAnswer, Verdict, answer_to
from fairgate.papers.paxlst.facts import ListedPerson, PassengerList
from fairgate.papers.paxlst.reader import read_messages


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one person.

    The person is named by one to three of ``document``, ``carrier_ref`` and ``place``; all that are given must mean
    the same one.

    Args:
        line: how to speak of where it was read, e.g. ``"decisions.csv line 3"``.
        verdict: what was decided.
        reason: in words; ``""`` only for acceptance.
        document: ``ISSUER-NUMBER``; ``""`` where not given.
        carrier_ref: the carrier's own reference for the person (RFF+ABO); ``""`` where not given.
        place: in the list, from 1; ``None`` where not given.
    """

    line: str
    verdict: Verdict
    reason: str = ""
    document: str = field(default="", repr=False)
    carrier_ref: str = field(default="", repr=False)
    place: int | None = None


def read_one_list(content: bytes, *, on: date) -> PassengerList:
    """Return the list that one PAXLST message holds, for an answer to that message.

    Raises:
        PapersError: it cannot be read, holds several messages, takes people off an earlier list, or names nobody.
    """
    read = read_messages(content, on=on)
    message = read.messages[0]
    if len(read.messages) > 1:
        raise PapersError("The file holds several messages.", way_out="Each is answered by itself: take them apart.")
    if message.action.takes_away:
        raise PapersError(
            "This message cancels or closes something; only a list of who is expected is answered.",
            way_out="Answer the list.",
        )
    if not message.people:
        raise PapersError("Nobody is on this list.", way_out="Ask the carrier for the list again.")
    return PassengerList(message.message, message.legs, message.people, read.findings)


def answer_list(
    listed: PassengerList, decisions: Sequence[Decision], *, prepared_at: datetime, control_reference: str
) -> ListAnswer:
    """Return the answer: what was decided of some, and acceptance of everybody else.

    Args:
        listed: the list.
        decisions: at most one a person.
        prepared_at: to the minute, without a zone.
        control_reference: of the interchange and its message, at most 14 characters.

    Raises:
        TableRefused: a decision names nobody on the list, several people, or somebody a second time.
        InputRefused: the list does not say whom to answer.
    """
    if not (listed.message.sender and listed.message.recipient):
        raise InputRefused("The list names no sender or no recipient, so there is nobody to answer.")
    places = _Places(listed.people)
    answers: dict[str, Answer] = {}
    lines: dict[str, str] = {}
    for decision in decisions:
        person = places.meant(decision).traveller.passenger_ref
        if person in lines:
            raise TableRefused(
                f"{decision.line}: the passenger of {lines[person]} is named again.",
                way_out="Give one row for each passenger.",
            )
        lines[person] = decision.line
        answers[person] = Answer(decision.verdict, reasons=(decision.reason,) if decision.reason else ())
    return answer_to(listed, answers, prepared_at=prepared_at, control_reference=control_reference)


class _Places:
    """The places of a list's people, by what a decision can name them with."""

    def __init__(self, people: Sequence[ListedPerson]) -> None:
        self._people = people
        self._by_document: dict[str, set[int]] = {}
        self._by_carrier_ref: dict[str, set[int]] = {}
        for place, person in enumerate(people, start=1):
            self._by_carrier_ref.setdefault(person.carrier_ref, set()).add(place)
            for one in person.traveller.documents:
                self._by_document.setdefault(_folded(f"{one.issuer}-{one.number}"), set()).add(place)

    def meant(self, decision: Decision) -> ListedPerson:
        """Return the one person whom everything that is given means.

        Raises:
            TableRefused: there is none, or more than one.
        """
        given: list[set[int]] = []
        if decision.document:
            given.append(self._by_document.get(_folded(decision.document), set()))
        if decision.carrier_ref:
            given.append(self._by_carrier_ref.get(decision.carrier_ref, set()))
        if decision.place is not None:
            given.append({decision.place} if 0 < decision.place <= len(self._people) else set())
        found = set.intersection(*given) if given else set()
        if not found:
            raise TableRefused(
                f"{decision.line}: nobody on the list is meant by document, carrier_ref and place together.",
                way_out="`fairgate papers read LIST --json` says who is on it.",
            )
        if len(found) > 1:
            raise TableRefused(
                f"{decision.line}: {len(found)} people on the list are meant.", way_out="Give carrier_ref or place too."
            )
        return self._people[found.pop() - 1]


def _folded(document: str) -> str:
    return "".join(document.upper().split())
