"""What passenger lists and their messages say, in plain values that JSON can hold."""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.papers.paxlst.facts import FlightLeg, Interchange, ListedPerson, ListMessage, MessageFacts, PassengerList
from fairgate.papers.plain_values import Plain, counted, plain_fields


def plain_list(listed: PassengerList) -> Plain:
    """Return a list: who sent it, the flight's legs, and everybody on it."""
    return {
        "passengers": len(listed.passengers),
        "crew": len(listed.crew),
        **_message(listed.message),
        **_flight(listed.legs, listed.people),
    }


def plain_messages(interchange: Interchange) -> Plain:
    """Return messages of which one takes something away, or that are about several flights."""
    return {
        "actions": counted(one.action.value for one in interchange.messages),
        "messages": [_one_message(one) for one in interchange.messages],
    }


def _one_message(one: ListMessage) -> Plain:
    return {"place": one.place, "action": one.action.value, **_message(one.message), **_flight(one.legs, one.people)}


def _message(message: MessageFacts) -> Plain:
    return {"message": plain_fields(message)}


def _flight(legs: Sequence[FlightLeg], people: Sequence[ListedPerson]) -> Plain:
    return {
        "legs": [{"flight": leg.designator, **plain_fields(leg)} for leg in legs],
        "people": [_person(person, place, legs) for place, person in enumerate(people, start=1)],
    }


def _person(person: ListedPerson, place: int, legs: Sequence[FlightLeg]) -> Plain:
    documents = [plain_fields(one) for one in person.traveller.documents if one not in person.visas]
    return {
        "place": place,
        "role": person.role.value,
        **plain_fields(person.traveller, without=("passenger_ref", "documents")),
        "documents": documents,
        "visas": [plain_fields(one) for one in person.visas],
        "flags": _flags(person, legs),
        **plain_fields(person, without=("traveller", "role", "details")),
        **plain_fields(person.details),
    }


def _flags(person: ListedPerson, legs: Sequence[FlightLeg]) -> list[str]:
    """Return what stands out of a person: infant on the day of departure, in transit, document checked or not."""
    departure = next((leg.departure for leg in legs if leg.departure is not None), None)
    verified = person.details.is_verified
    told = {
        "infant": departure is not None and person.is_infant(departure.date()),
        "transit": person.role.value.startswith("transit"),
        "document_verified": verified is True,
        "document_not_verified": verified is False,
        "no_document": not person.traveller.documents,
    }
    return [name for name, holds in told.items() if holds]
