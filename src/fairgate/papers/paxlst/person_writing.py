"""One listed person to the segments of group 4 and 5, strictly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fairgate.errors import PapersError
from fairgate.papers.edifact.writing import write_segment
from fairgate.papers.paxlst.details import Address, DocumentIssue, PersonDetails
from fairgate.papers.paxlst.facts import ListedPerson
from fairgate.papers.paxlst.person import ROLES

NAME_CHARACTERS = 35
"""Longest component of a name. Source: UN/EDIFACT D.02B data element 3036 (an..35)."""
GIVEN_NAME_COMPONENTS = 4
"""C080 has five names, the first of which is the family name. Source: UN/EDIFACT D.02B composite C080."""
STREET_COMPONENTS = 4
"""Source: UN/EDIFACT D.02B composite C059."""
TEXT_CHARACTERS = 512
"""Source: UN/EDIFACT D.02B composite C108 and data element 4440 (an..512)."""
PLACE_CHARACTERS = 256
"""Source: UN/EDIFACT D.02B data element 3224 (an..256)."""

_QUALIFIERS = {role: qualifier for qualifier, role in reversed(ROLES.items())}
_NO_ISSUE = DocumentIssue(0)


def person_segments(person: ListedPerson) -> Iterator[str]:
    """Yield a person's segments in the order of the message.

    Raises:
        PapersError: something is too long for its place.
    """
    traveller, details = person.traveller, person.details
    names = [_bounded(traveller.family_name), *_given(traveller.given_names)]
    yield write_segment("NAD", _QUALIFIERS[person.role], "", "", names, *_address(details.address))
    if traveller.sex:
        yield write_segment("ATT", "2", "", traveller.sex)
    if traveller.born_on is not None:
        yield write_segment("DTM", ["329", _day(traveller.born_on), "102"])
    yield from _bags_and_remarks(details)
    for qualifier, place in (
        ("22", details.clears_at),
        ("174", details.residence),
        ("178", person.embarks_at),
        ("179", person.disembarks_at),
    ):
        if place:
            yield write_segment("LOC", qualifier, place)
    if details.birth_country or details.birth_place:
        words = _bounded(details.birth_place, PLACE_CHARACTERS)
        yield write_segment("LOC", "180", [details.birth_country, "", "", words])
    if details.contacts:
        yield write_segment("COM", *([contact.number, contact.channel] for contact in details.contacts))
    if details.employment:
        yield write_segment("EMP", "1", details.employment)
    for nationality in filter(None, (traveller.nationality, *traveller.further_nationalities)):
        yield write_segment("NAT", "2", nationality)
    references = [("AVF", person.reservation), ("ABO", person.carrier_ref), ("SEA", details.seat)]
    references.extend((reference.kind, reference.number) for reference in details.references)
    for qualifier, number in references:
        if number:
            yield write_segment("RFF", [qualifier, _bounded(number)])
    yield from _documents(person)


def _bags_and_remarks(details: PersonDetails) -> Iterator[str]:
    if details.bags is not None:
        yield write_segment("MEA", "CT", "", ["", str(details.bags)])
    if details.bag_weight:
        yield write_segment("MEA", "WT", "", [details.bag_weight_unit, details.bag_weight])
    for indicator in details.indicators:
        yield write_segment("GEI", indicator.kind, indicator.code)
    for tag in details.bag_tags:
        yield write_segment("FTX", "BAG", "", "", [tag.number, str(tag.count) if tag.count != 1 else ""])
    for remark in details.remarks:
        if len(remark.text) > TEXT_CHARACTERS:
            raise PapersError(f"A remark has more than {TEXT_CHARACTERS} characters.")
        yield write_segment("FTX", remark.subject, "", "", remark.text)


def _documents(person: ListedPerson) -> Iterator[str]:
    issues = {issue.document: issue for issue in person.details.issues}
    for place, document in enumerate(person.traveller.documents, start=1):
        issue = issues.get(place, _NO_ISSUE)
        yield write_segment("DOC", [document.kind, "110", "111"], _bounded(document.number))
        if document.expires_on is not None:
            yield write_segment("DTM", ["36", _day(document.expires_on), "102"])
        if issue.issued_on is not None:
            yield write_segment("DTM", ["182", _day(issue.issued_on), "102"])
        if document.issuer:
            yield write_segment("LOC", "91", [document.issuer, "", "", _bounded(issue.place, PLACE_CHARACTERS)])


def _address(address: Address | None) -> Iterator[str | list[str]]:
    if address is None:
        return
    yield _split(address.street, STREET_COMPONENTS, "A street is too long for a passenger list.")
    yield _bounded(address.city)
    yield _bounded(address.region)
    yield _bounded(address.postal_code)
    yield address.country


def _given(names: str) -> list[str]:
    """Return the first given name and the others, or as many full components as long names need."""
    first, _, others = names.partition(" ")
    if max(len(first), len(others)) <= NAME_CHARACTERS:
        return [first, others] if others else [first]
    return _split(names, GIVEN_NAME_COMPONENTS, "Someone's given names are too long for a passenger list.")


def _split(words: str, most: int, refusal: str) -> list[str]:
    """Return words in as few components as they need.

    Raises:
        PapersError: with the refusal's text where they need more than there are.
    """
    components = [""]
    for word in words.split(" "):
        joined = f"{components[-1]} {word}" if components[-1] else word
        if len(joined) <= NAME_CHARACTERS:
            components[-1] = joined
        else:
            components.append(_bounded(word))
    if len(components) > most:
        raise PapersError(refusal)
    return components


def _bounded(text: str, characters: int = NAME_CHARACTERS) -> str:
    if len(text) > characters:
        raise PapersError(f"A name, place, reference or document number has more than {characters} characters.")
    return text


def _day(day: date) -> str:
    return f"{day.year:04d}{day:%m%d}"
