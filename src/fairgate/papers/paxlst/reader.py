"""Reads passenger lists: lenient on input, every deviation reported."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from fairgate.errors import PapersError
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.duplicates import distinct_people
from fairgate.papers.paxlst.facts import FlightLeg, Interchange, ListMessage, MessageFacts, PassengerList
from fairgate.papers.paxlst.reading import MessageDraft, read_drafts

_TEXTS = [field.name for field in fields(MessageFacts) if field.name not in ("prepared_at", "contacts")]


def read_passenger_list(content: bytes, *, on: date) -> PassengerList:
    """Return what one interchange of PAXLST messages says.

    Several messages are read as one list where they are about the same flight.

    Args:
        content: the interchange, at most 8 MiB.
        on: the day of reading; two-digit years are resolved by it (birth dates into the past, others to the nearest).

    Returns:
        The list, with a finding for every deviation from the standard.

    Raises:
        PapersError: not a passenger list, over a limit, about several flights, about people or a flight to be taken off
            an earlier list, or with nobody on it. ``position`` says where.
    """
    findings = Findings()
    drafts = read_drafts(content, on, findings)
    legs = _legs_of_one_list(drafts)
    people = distinct_people([draft.people for draft in drafts], findings)
    if not people:
        raise PapersError(
            "Nobody is on this list.", position=len(content), way_out="Ask the carrier for the list again."
        )
    facts = _joined([draft.header.facts() for draft in drafts])
    if facts.kind != "250" and all(person.role.is_crew for person in people):
        text = "The list is one of passengers, and only crew are on it."
        findings.note(FindingCode.NO_PASSENGERS, text, where="whole input", position=len(content))
    return PassengerList(facts, legs, people, findings.collected())


def read_messages(content: bytes, *, on: date) -> Interchange:
    """Return every message of one interchange, whatever each wants and whichever flight it is about.

    Args:
        content: the interchange, at most 8 MiB.
        on: the day of reading, as for :func:`read_passenger_list`.

    Raises:
        PapersError: not an interchange of passenger lists, over a limit, or without a message.
    """
    findings = Findings()
    messages = tuple(
        ListMessage(draft.header.facts(), draft.action, draft.legs, distinct_people([draft.people], findings), place)
        for place, draft in enumerate(read_drafts(content, on, findings), start=1)
    )
    return Interchange(messages, findings.collected())


def _legs_of_one_list(drafts: list[MessageDraft]) -> tuple[FlightLeg, ...]:
    """Return the flight that all messages are about.

    Raises:
        PapersError: a message takes something away, or is about another flight than the ones before.
    """
    legs: tuple[FlightLeg, ...] = ()
    for draft in drafts:
        if draft.action.takes_away:
            raise PapersError(
                "This message cancels or closes something, and is not a list of who is expected.",
                position=draft.position,
            )
        if legs and draft.legs and draft.legs != legs:
            raise PapersError(
                "The messages of this interchange are about different flights.",
                position=draft.start.position,
                way_out="Hand in one flight at a time.",
            )
        legs = legs or draft.legs
    return legs


def _joined(messages: list[MessageFacts]) -> MessageFacts:
    """Return the first message's facts, with what it lacks taken from the next that has it, and all contacts."""
    first = messages[0]
    contacts = dict.fromkeys(contact for message in messages for contact in message.contacts)
    given: dict[str, Any] = {
        name: next(filter(None, (getattr(message, name) for message in messages)), "")
        for name in _TEXTS
        if not getattr(first, name)
    }
    return replace(first, contacts=tuple(contacts), **given)
