"""What a list says of a person beyond who they are: place, seat, bags, contacts, remarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ContactNumber:
    """A number or address at which somebody can be reached.

    Args:
        number: telephone number, fax number or e-mail address.
        channel: code of UN/EDIFACT 3155, e.g. ``"TE"``, ``"FX"``, ``"EM"``.
    """

    number: str
    channel: str


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address, mostly the one while in the country.

    Args:
        street: number and street.
        city: name.
        region: code or name of a state or province.
        postal_code: as listed.
        country: three-letter code.
    """

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class BagTag:
    """One bag tag, or the first of several in sequence.

    Args:
        number: as printed.
        count: how many tags run on from it, itself included; at least 1.
    """

    number: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of a kind that has no field of its own.

    Args:
        kind: code of UN/EDIFACT 1153, e.g. ``"AEA"`` for a government agency's, ``"CR"`` for a customer's.
        number: the reference.
    """

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A processing indicator (GEI).

    Args:
        kind: code of UN/EDIFACT 9649, e.g. ``"4"``.
        code: code of UN/EDIFACT 7365, e.g. ``"173"``: the document was seen and its facts verified.
    """

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Free text (FTX).

    Args:
        subject: code of UN/EDIFACT 4451.
        text: as listed, its lines joined by spaces.
    """

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentIssue:
    """When and where one of the person's documents was issued.

    Args:
        document: its place among the person's documents, from 1.
        issued_on: day of issue (DTM+182).
        place: town of issue, in words (LOC+91).
    """

    document: int
    issued_on: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Everything beside identity, journey and documents. All of it may be missing.

    Only readers of lists see these: what is staged for a flight holds none of them.

    Args:
        seat: as listed (RFF+SEA), e.g. ``"12A"``.
        residence: three-letter code of the country of residence (LOC+174).
        birth_country: three-letter code (LOC+180).
        birth_place: in words (LOC+180).
        clears_at: location code of where a person in transit is examined (LOC+22).
        employment: code of a crew member's function (EMP), e.g. ``"CR1"`` for the cockpit.
        address: of NAD or ADR.
        contacts: of COM.
        bags: how many are checked in (MEA+CT).
        bag_weight: of all, as listed (MEA+WT).
        bag_weight_unit: e.g. ``"KGM"``.
        bag_tags: of FTX+BAG.
        indicators: of GEI.
        references: of RFF, those without a field.
        remarks: of FTX, other than bag tags.
        issues: of the documents' DTM and LOC.
    """

    seat: str = ""
    residence: str = ""
    birth_country: str = ""
    birth_place: str = ""
    clears_at: str = ""
    employment: str = ""
    address: Address | None = None
    contacts: tuple[ContactNumber, ...] = ()
    bags: int | None = None
    bag_weight: str = ""
    bag_weight_unit: str = ""
    bag_tags: tuple[BagTag, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    references: tuple[Reference, ...] = ()
    remarks: tuple[Remark, ...] = ()
    issues: tuple[DocumentIssue, ...] = ()

    @property
    def is_verified(self) -> bool | None:
        """Tell whether the sender says that it checked the document; ``None`` where it says nothing.

        Source: PAXLST implementation guide, GEI of group 4 (function 4; 173 verified, 174 not verified).
        """
        said = {indicator.code for indicator in self.indicators if indicator.kind == "4"}
        return True if "173" in said else False if "174" in said else None


NO_DETAILS = PersonDetails()
