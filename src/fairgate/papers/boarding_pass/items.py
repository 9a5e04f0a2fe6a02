"""The items of the bar code, in order, with their lengths, and since which version of the standard each is there.

Source: IATA Resolution 792, attachment A (versions 1 to 8), and the BCBP implementation guide.
"""

from __future__ import annotations

from typing import NamedTuple


class Item(NamedTuple):
    """One item of fixed length.

    Args:
        field: of :class:`~fairgate.papers.boarding_pass.facts.BoardingPass` or ``PassLeg``.
        length: in characters.
        words: what it is.
        since: first version that has it.
        is_number: filled with zeros from the left where it is digits.
    """

    field: str
    length: int
    words: str
    since: int = 1
    is_number: bool = False


NAME_LENGTH = 20
HEAD_LENGTH = 23
"""Format code, number of legs, name, electronic ticket indicator."""
LEG = (
    Item("reservation", 7, "reservation reference"),
    Item("departs_from", 3, "airport of departure"),
    Item("arrives_at", 3, "airport of arrival"),
    Item("carrier", 3, "operating carrier"),
    Item("flight_number", 5, "flight number", is_number=True),
    Item("day_of_year", 3, "day of the flight", is_number=True),
    Item("compartment", 1, "compartment"),
    Item("seat", 4, "seat", is_number=True),
    Item("sequence", 5, "check-in sequence", is_number=True),
    Item("status", 1, "passenger status"),
)
LEG_LENGTH = sum(item.length for item in LEG)
SIZE_LENGTH = 2
BAG_TAGS = 3
UNIQUE = (
    Item("passenger_description", 1, "passenger description"),
    Item("checked_in_at", 1, "source of check-in"),
    Item("issued_at", 1, "source of issuance"),
    Item("issued_on", 4, "date of issue"),
    Item("document_type", 1, "document type"),
    Item("issuer", 3, "issuer"),
    Item("bag_tag_1", 13, "bag tag"),
    Item("bag_tag_2", 13, "second bag tag", since=4),
    Item("bag_tag_3", 13, "third bag tag", since=4),
)
REPEATED = (
    Item("airline_number", 3, "accounting code"),
    Item("document_number", 10, "document number"),
    Item("selectee", 1, "selectee indicator"),
    Item("document_verification", 1, "document verification"),
    Item("marketing_carrier", 3, "marketing carrier"),
    Item("frequent_flyer_airline", 3, "frequent flyer airline"),
    Item("frequent_flyer_number", 16, "frequent flyer number"),
    Item("id_indicator", 1, "staff travel indicator"),
    Item("baggage_allowance", 3, "baggage allowance"),
    Item("fast_track", 1, "fast track", since=5),
)
KNOWN_VERSIONS = range(1, 9)
BEGINNING_OF_VERSION = ">"
BEGINNING_OF_SECURITY = "^"
MAX_SECURITY = 255
"""What two hexadecimal digits can say; the standard wants at most 100."""
