"""Writes a passenger list: strict on output, and read back before it is handed out.

The form is that of the WCO/IATA/ICAO implementation guide over directory D.02B, with one choice of its own: birth and
expiry dates carry their century (form 102), so that no reader has to guess it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from fairgate.errors import PapersError
from fairgate.papers.edifact.characters import smallest_level
from fairgate.papers.edifact.writing import encode, write_segment
from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.facts import FlightLeg, MessageFacts, PassengerList, passenger_ref
from fairgate.papers.paxlst.person_writing import person_segments
from fairgate.papers.paxlst.reader import read_passenger_list

_ABOUT_CONTENT = frozenset(
    {
        FindingCode.MISSING_FACT,
        FindingCode.NO_PASSENGERS,
        FindingCode.PARTIAL_LIST,
        FindingCode.DOCUMENT_SHARED,
        FindingCode.SEVERAL_NATIONALITIES,
    }
)
"""Findings about what a list says, which are the list's own; any other would be the writer's."""


def write_passenger_list(passenger_list: PassengerList) -> bytes:
    """Return a list as one interchange with one message.

    The character set is the smallest of UNOA, UNOB, UNOC and UNOW (UTF-8) that carries every field. The passengers'
    references are not written: they follow from the order of the list.

    Args:
        passenger_list: its findings are not written.

    Raises:
        PapersError: something is missing that the envelope needs, or would not be read back exactly as it is.
    """
    message = passenger_list.message
    for name in ("sender", "recipient", "control_reference", "message_reference"):
        if not getattr(message, name):
            raise PapersError(f"The list cannot be written without its {name.replace('_', ' ')}.")
    if message.prepared_at is None:
        raise PapersError("The list cannot be written without its time of preparation.")
    for place, person in enumerate(passenger_list.people, start=1):
        if person.traveller.passenger_ref != passenger_ref(place):
            raise PapersError(f"The passenger reference at place {place} is not {passenger_ref(place)}.")

    body = [*_header(message), *_flight(passenger_list.legs)]
    for person in passenger_list.people:
        body.extend(person_segments(person))
    body.extend(_counts(passenger_list))
    directory = message.directory.split(":")
    unh = write_segment("UNH", message.message_reference, ["PAXLST", *directory], message.access_reference)
    inside = [unh, *body]
    inside.append(write_segment("UNT", str(len(inside) + 1), message.message_reference))
    written = _enveloped(inside, message, message.prepared_at)
    content = encode(written, smallest_level("".join(written)))
    _read_back(content, passenger_list, message.prepared_at.date())
    return content


def _enveloped(inside: list[str], message: MessageFacts, prepared_at: datetime) -> list[str]:
    """Put UNB and UNZ, and where there is a group UNG and UNE, around a message."""
    stamp = [f"{prepared_at:%y%m%d}", f"{prepared_at:%H%M}"]
    reference = message.control_reference
    if message.group_sender or message.group_recipient:
        version = message.directory.split(":")[:2]
        group = ["PAXLST", message.group_sender, message.group_recipient, stamp, reference, "UN", version]
        inside = [write_segment("UNG", *group), *inside, write_segment("UNE", "1", reference)]
    level = smallest_level("".join([*inside, message.sender, message.recipient, reference]))
    sender, recipient = [message.sender, message.sender_qualifier], [message.recipient, message.recipient_qualifier]
    unb = write_segment("UNB", [level, "4"], sender, recipient, stamp, reference, "", "APIS")
    return [unb, *inside, write_segment("UNZ", "1", reference)]


def _header(message: MessageFacts) -> Iterator[str]:
    yield write_segment("BGM", message.kind, message.function, message.function_code)
    if message.transaction_reference:
        yield write_segment("RFF", ["TN", message.transaction_reference, "", "", message.revision])
    if message.reported_by:
        yield write_segment("NAD", "MS", "", "", message.reported_by)
    if message.contacts:
        yield write_segment("COM", *([contact.number, contact.channel] for contact in message.contacts))


def _flight(legs: tuple[FlightLeg, ...]) -> Iterator[str]:
    for leg in legs:
        start, end = ("125", "87") if leg.crosses_border else ("92", "92")
        yield write_segment("TDT", "20", f"{leg.carrier}{leg.flight_number}", "", "", leg.carrier)
        yield write_segment("LOC", start, leg.departs_from)
        if leg.departure is not None:
            yield write_segment("DTM", ["189", f"{leg.departure:%y%m%d%H%M}", "201"])
        yield write_segment("LOC", end, leg.arrives_at)
        if leg.arrival is not None:
            yield write_segment("DTM", ["232", f"{leg.arrival:%y%m%d%H%M}", "201"])


def _counts(passenger_list: PassengerList) -> Iterator[str]:
    if passenger_list.passengers:
        yield write_segment("CNT", ["42", str(len(passenger_list.passengers))])
    if passenger_list.crew:
        yield write_segment("CNT", ["41", str(len(passenger_list.crew))])


def _read_back(content: bytes, passenger_list: PassengerList, on: date) -> None:
    """Refuse what a reader would understand otherwise than it was meant.

    Raises:
        PapersError: naming the part that would change.
    """
    again = read_passenger_list(content, on=on)
    for finding in again.findings:
        if finding.code not in _ABOUT_CONTENT:
            raise PapersError(f"The list cannot be written strictly: {finding.text}", position=finding.position)
    meant = replace(passenger_list, findings=again.findings)
    if again == meant:
        return
    for name in ("message", "legs"):
        if getattr(again, name) != getattr(meant, name):
            raise PapersError(f"The list's {name} would not be read back as given.")
    differing = (
        written.traveller.passenger_ref
        for written, read in zip(meant.people, again.people, strict=False)
        if written != read
    )
    raise PapersError(f"The entry of {next(differing, 'someone')} would not be read back as given.")
