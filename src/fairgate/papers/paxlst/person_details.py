"""The details of a person: COM, ADR, MEA, GEI, FTX, EMP and the minor uses of NAD, LOC and RFF."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fairgate.papers.edifact.segments import Segment
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
DETAIL_TAGS = frozenset({"COM", "ADR", "MEA", "GEI", "FTX", "EMP"})


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

    def finished(self) -> PersonDetails:
        """Return the frozen details."""
        more = self.more or _NO_MORE
        return PersonDetails(
            self.seat,
            self.residence,
            self.birth_country,
            self.birth_place,
            self.clears_at,
            self.employment,
            self.address,
            tuple(more.contacts),
            self.bags,
            self.bag_weight,
            self.bag_weight_unit,
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

    def take(self, segment: Segment) -> str:
        """Add what one segment of :data:`DETAIL_TAGS` says.

        Returns:
            What is wrong with it, in words without data; ``""`` where nothing is.
        """
        match segment.tag:
            case "COM":
                self.several().contacts.extend(contacts(segment))
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
        return ""

    def take_nad(self, segment: Segment) -> None:
        """Keep the address that stands in the person's own NAD."""
        self.address = _address(segment, street=4, city=5, region=6, postal_code=7, country=8)

    def take_birth_place(self, segment: Segment) -> None:
        """Keep LOC+180: a country's code, words, or both."""
        self.birth_country = segment.get(1).upper()
        words = [element[3] for element in segment.elements[1:] if len(element) > 3]
        self.birth_place = " ".join(filter(None, words))

    def take_over(self, other: DetailsDraft) -> None:
        """Fill what is missing from another mention of the same person."""
        for name in ("seat", "residence", "birth_country", "birth_place", "clears_at", "employment", "address"):
            if not getattr(self, name):
                setattr(self, name, getattr(other, name))
        if self.bags is None:
            self.bags = other.bags
        if not self.bag_weight:
            self.bag_weight, self.bag_weight_unit = other.bag_weight, other.bag_weight_unit
        if other.more is not None:
            mine, theirs = self.several(), other.more
            mine.contacts = list(dict.fromkeys([*mine.contacts, *theirs.contacts]))
            mine.references = list(dict.fromkeys([*mine.references, *theirs.references]))
            mine.bag_tags = list(dict.fromkeys([*mine.bag_tags, *theirs.bag_tags]))

    def _take_mea(self, segment: Segment) -> str:
        kind = segment.get(0)
        unit, value = segment.get(2), segment.get(2, 1)
        if unit and not value:
            unit, value = "", unit
        if kind == "CT":
            if not (value.isascii() and value.isdigit()) or len(value) > COUNT_DIGITS:
                return "MEA gives no number of bags."
            self.bags = int(value)
            return ""
        if kind != "WT":
            return "MEA measures something unknown, which is left out."
        self.bag_weight, self.bag_weight_unit = value, unit
        return "" if value else "MEA gives no weight."

    def _take_gei(self, segment: Segment) -> str:
        indicator = Indicator(segment.get(0), segment.get(1))
        if not indicator.kind or not indicator.code:
            return "GEI gives no indicator."
        self.several().indicators.append(indicator)
        return ""

    def _take_ftx(self, segment: Segment) -> str:
        words = segment.elements[3] if len(segment.elements) > 3 else ()
        if segment.get(0) != "BAG":
            self.several().remarks.append(Remark(segment.get(0), " ".join(filter(None, words))))
            return ""
        number, count = segment.get(3), segment.get(3, 1) or "1"
        if not number or not (count.isascii() and count.isdigit()) or len(count) > COUNT_DIGITS or not int(count):
            return "FTX gives no bag tag and count."
        self.several().bag_tags.append(BagTag(number, int(count)))
        return ""


_NO_MORE = MoreDraft()


def finished(draft: DetailsDraft | None) -> PersonDetails:
    """Return the frozen details of a person of whom nothing may have been said."""
    return NO_DETAILS if draft is None else draft.finished()


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
