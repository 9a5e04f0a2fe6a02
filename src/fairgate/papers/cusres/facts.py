"""What an answer to a passenger list says, as frozen facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from fairgate.papers.findings import Finding
from fairgate.papers.paxlst.facts import FlightLeg, PassengerList
from fairgate.papers.paxlst.flight import designator_parts


class Verdict(StrEnum):
    """What is said of a list or of a person on it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TO_BE_SEEN = "to_be_seen"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"
    """The answer has a code that is not known here; it is kept."""


VERDICT_CODES = {
    Verdict.ACCEPTED: "0",
    Verdict.REFUSED: "1",
    Verdict.TO_BE_SEEN: "2",
    Verdict.INCOMPLETE: "4",
}
"""First character of ERC's application error code.

Source: UN/EDIFACT leaves code list 9321 to the parties; this is the use of interactive lists towards the United States
and China: 0 may board, 1 may not, 2 after further screening, 4 data insufficient.
"""
NO_DOCUMENT_STATUS = "Z"
"""Second character: no status of a visa or travel authorisation is given."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One verdict with its reasons.

    Args:
        verdict: what is said.
        code: ERC's code as listed, e.g. ``"0Z"``; ``""`` to have it follow from the verdict.
        reasons: in words, each at most 512 characters.
    """

    verdict: Verdict
    code: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def written_code(self) -> str:
        """Return the code to write; ``""`` where nothing says which."""
        if self.code or self.verdict not in VERDICT_CODES:
            return self.code
        return f"{VERDICT_CODES[self.verdict]}{NO_DOCUMENT_STATUS}"


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """What is said of one person.

    Args:
        answers: at least one.
        place: in the list that is answered, from 1; ``None`` where not given.
        reservation: the carrier's reservation reference (RFF+AVF).
        carrier_ref: the carrier's own reference for the person (RFF+ABO).
    """

    answers: tuple[Answer, ...]
    place: int | None = None
    reservation: str = ""
    carrier_ref: str = ""

    @property
    def verdict(self) -> Verdict:
        """Return the gravest of the verdicts."""
        return gravest(answer.verdict for answer in self.answers)


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """An answer to one passenger list, as read or to be written.

    Args:
        sender: interchange sender.
        recipient: interchange recipient.
        prepared_at: when the interchange was prepared, in the sender's own time.
        control_reference: of the interchange.
        message_reference: of the message.
        directory: e.g. ``"D:02B:UN:IATA"``.
        is_unsolicited: it was not asked for (BGM 132 in place of 962): a verdict has changed.
        transaction_reference: the list's (RFF+TN).
        revision: the list's.
        access_reference: the list's common access reference.
        flight: designator as listed (RFF+AF).
        leg: the flight's places and times; carrier and number are those of ``flight``.
        answers: about the list as a whole.
        people: about persons on it.
        findings: every deviation met in reading.
    """

    sender: str
    recipient: str
    prepared_at: datetime | None
    control_reference: str
    message_reference: str
    directory: str = "D:02B:UN:IATA"
    is_unsolicited: bool = False
    transaction_reference: str = ""
    revision: str = ""
    access_reference: str = ""
    flight: str = ""
    leg: FlightLeg | None = None
    answers: tuple[Answer, ...] = ()
    people: tuple[PersonAnswer, ...] = ()
    findings: tuple[Finding, ...] = ()


_GRAVITY = (Verdict.ACCEPTED, Verdict.UNKNOWN, Verdict.INCOMPLETE, Verdict.TO_BE_SEEN, Verdict.REFUSED)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the gravest of some verdicts; none at all is unknown."""
    return max(verdicts, key=_GRAVITY.index, default=Verdict.UNKNOWN)


def answer_to(
    listed: PassengerList,
    answers: Mapping[str, Answer],
    *,
    prepared_at: datetime,
    control_reference: str,
) -> ListAnswer:
    """Return the answer to a list: what is said of some, and acceptance of everybody else.

    Args:
        listed: the list as read.
        answers: by ``passenger_ref``.
        prepared_at: local time to the minute, without a zone.
        control_reference: of the interchange and its message.
    """
    message = listed.message
    leg = listed.legs[0] if listed.legs else None
    flight = f"{leg.carrier}{leg.flight_number}" if leg else ""
    if leg is not None:
        carrier, number = designator_parts(flight)
        leg = replace(leg, carrier=carrier, flight_number=number, crosses_border=True)
    accepted = Answer(Verdict.ACCEPTED)
    people = tuple(
        PersonAnswer(
            (answers.get(person.traveller.passenger_ref, accepted),), place, person.reservation, person.carrier_ref
        )
        for place, person in enumerate(listed.people, start=1)
    )
    return ListAnswer(
        sender=message.recipient,
        recipient=message.sender,
        prepared_at=prepared_at,
        control_reference=control_reference,
        message_reference=control_reference,
        transaction_reference=message.transaction_reference,
        revision=message.revision,
        access_reference=message.access_reference,
        flight=flight,
        leg=leg,
        people=people,
    )
