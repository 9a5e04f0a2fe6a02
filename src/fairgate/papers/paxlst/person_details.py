"""The details of a person: COM, ADR, MEA, GEI, FTX, EMP and the minor uses of NAD, LOC and RFF."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from fairgate.papers.edifact.segments import Segment
from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.details import (
    NO_DETAILS,
    Address,
    BagTag,
    ContactNumber,
    DocumentIssue,
    Indicator,
    PersonDetails,
    Reference,
    Remark,
)

COUNT_DIGITS = 4
"""More bags than this many digits can say are not believed."""
MAX_OF_A_KIND = 99
"""Most contacts, bag tags, indicators, references, remarks of a person. Source: PAXLST guide, FTX of group 4 (99)."""
DETAIL_TAGS = frozenset({"COM", "ADR", "MEA", "GEI", "FTX", "EMP"})

SingleDetails = tuple[str, str, str, str, str, str, Address | None, tuple[()], int | None, str, str]
_Wrong = tuple[FindingCode, str]
"""What is wrong with a segment, in words without data."""
_T = TypeVar("_T")


@dataclass(slots=True)
class IssueDraft:
    """When and where a document was issued, while its segments arrive."""

    document: int
    issued_on: date | None = None
    place: str = ""


@dataclass(slots=True)
class MoreDraft:
    """Details that can be several, which most people of a list do not have."""

    contacts: list[ContactNumber] = field(default_factory=list)
    bag_tags: list[BagTag] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    issues: list[IssueDraft] = field(default_factory=list)


@dataclass(slots=True)
class DetailsDraft:
    """A person's details while their segments arrive."""

    seat: str = ""
    residence: str = ""
    birth_country: str = ""
    birth_place: str = ""
    clears_at: str = ""
    employment: str = ""
    address: Address | None = None
    bags: int | None = None
    bag_weight: str = ""
    bag_weight_unit: str = ""
    more: MoreDraft | None = None

    def finished(self, seen: dict[SingleDetails, PersonDetails]) -> PersonDetails:
        """Return the frozen details.

        Args:
            seen: details already made, by their single facts; people of whom the same is said share them.
        """
        single = (
            self.seat,
            self.residence,
            self.birth_country,
            self.birth_place,
            self.clears_at,
            self.employment,
            self.address,
            (),
            self.bags,
            self.bag_weight,
            self.bag_weight_unit,
        )
        more = self.more
        if more is None:
            return seen.get(single) or seen.setdefault(single, PersonDetails(*single))
        return PersonDetails(
            *single[:7],
            tuple(more.contacts),
            *single[8:],
            tuple(more.bag_tags),
            tuple(more.indicators),
            tuple(more.references),
            tuple(more.remarks),
            tuple(DocumentIssue(issue.document, issue.issued_on, issue.place) for issue in more.issues),
        )

    def issue_of(self, document: int) -> IssueDraft:
        """Return what is known of a document's issue, to be added to."""
        issues = self.several().issues
        if not issues or issues[-1].document != document:
            issues.append(IssueDraft(document))
        return issues[-1]

    def several(self) -> MoreDraft:
        """Return the details that can be several, to be added to."""
        if self.more is None:
            self.more = MoreDraft()
        return self.more

    def take(self, segment: Segment) -> _Wrong | None:
        """Add what one segment of :data:`DETAIL_TAGS` says, and return what is wrong with it."""
        match segment.tag:
            case "COM":
                return _add(self.several().contacts, *contacts(segment))
            case "ADR":
                self.address = _address(segment, street=1, city=2, region=5, postal_code=3, country=4) or self.address
            case "MEA":
                return self._take_mea(segment)
            case "GEI":
                return self._take_gei(segment)
            case "FTX":
                return self._take_ftx(segment)
            case _:
                self.employment = segment.get(1) or segment.get(0)
        return None

    def take_reference(self, reference: Reference) -> _Wrong | None:
        """Keep a reference that has no field of its own."""
        return _add(self.several().references, reference)

    def take_nad(self, segment: Segment) -> None:
        """Keep the address that stands in the person's own NAD."""
        self.address = _address(segment, street=4, city=5, region=6, postal_code=7, country=8)

    def take_birth_place(self, segment: Segment) -> None:
        """Keep LOC+180: a country's code, words, or both."""
        self.birth_country = segment.get(1).upper()
        words = [element[3] for element in segment.elements[1:] if len(element) > 3]
        self.birth_place = " ".join(filter(None, words))

    def _take_mea(self, segment: Segment) -> _Wrong | None:
        kind = segment.get(0)
        unit, value = segment.get(2), segment.get(2, 1)
        if unit and not value:
            unit, value = "", unit
        if kind == "CT":
            if not (value.isascii() and value.isdigit()) or len(value) > COUNT_DIGITS:
                return FindingCode.BAD_CODE, "MEA gives no number of bags."
            self.bags = int(value)
            return None
        if kind != "WT":
            return FindingCode.BAD_CODE, "MEA measures something unknown, which is left out."
        self.bag_weight, self.bag_weight_unit = value, unit
        return None if value else (FindingCode.BAD_CODE, "MEA gives no weight.")

    def _take_gei(self, segment: Segment) -> _Wrong | None:
        indicator = Indicator(segment.get(0), segment.get(1))
        if not indicator.kind or not indicator.code:
            return FindingCode.BAD_CODE, "GEI gives no indicator."
        return _add(self.several().indicators, indicator)

    def _take_ftx(self, segment: Segment) -> _Wrong | None:
        words = segment.elements[3] if len(segment.elements) > 3 else ()
        if segment.get(0) != "BAG":
            return _add(self.several().remarks, Remark(segment.get(0), " ".join(filter(None, words))))
        number, count = segment.get(3), segment.get(3, 1) or "1"
        if not number or not (count.isascii() and count.isdigit()) or len(count) > COUNT_DIGITS or not int(count):
            return FindingCode.BAD_CODE, "FTX gives no bag tag and count."
        return _add(self.several().bag_tags, BagTag(number, int(count)))


_SINGLE = ("seat", "residence", "birth_country", "birth_place", "clears_at", "employment", "address")


def _add(kept: list[_T], *more: _T) -> _Wrong | None:
    """Add to what a person has of a kind, up to the most that is kept."""
    room = MAX_OF_A_KIND - len(kept)
    kept.extend(more[:room])
    if len(more) <= room:
        return None
    return FindingCode.TOO_MANY, f"What comes after the {MAX_OF_A_KIND}th of its kind is left out."


def joined(details: PersonDetails, other: PersonDetails) -> PersonDetails:
    """Return a person's details with what they lack taken from another mention of the same person."""
    if other == NO_DETAILS:
        return details
    missing: dict[str, Any] = {name: getattr(other, name) for name in _SINGLE if not getattr(details, name)}
    if details.bags is None:
        missing["bags"] = other.bags
    if not details.bag_weight:
        missing |= {"bag_weight": other.bag_weight, "bag_weight_unit": other.bag_weight_unit}
    several: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(details, name), *getattr(other, name))))[:MAX_OF_A_KIND]
        for name in ("contacts", "references", "bag_tags")
    }
    return replace(details, **missing, **several)


def contacts(segment: Segment) -> list[ContactNumber]:
    """Return what COM holds."""
    return [
        ContactNumber(element[0], element[1] if len(element) > 1 else "")
        for element in segment.elements
        if any(element)
    ]


def _address(
    segment: Segment, *, street: int, city: int, region: int, postal_code: int, country: int
) -> Address | None:
    lines = segment.elements[street] if len(segment.elements) > street else ()
    if segment.tag == "ADR":
        lines = lines[1:]
    found = Address(
        " ".join(filter(None, lines)),
        segment.get(city),
        segment.get(region) or segment.get(region, 3),
        segment.get(postal_code),
        segment.get(country).upper(),
    )
    return None if found == Address() else found
