"""What the text of a boarding pass's bar code says, as frozen facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fairgate.papers.findings import Finding


class PassFinding(StrEnum):
    """Stable codes of deviations of boarding passes."""

    BCBP_SHORT = "bcbp_short"
    BCBP_TRAILING_CONTENT = "bcbp_trailing_content"
    BCBP_WHITE_SPACE = "bcbp_white_space"
    BCBP_VERSION_UNKNOWN = "bcbp_version_unknown"
    BCBP_VERSION_MISSING = "bcbp_version_missing"
    BCBP_FIELD_SIZE = "bcbp_field_size"
    BCBP_FIELD_CUT = "bcbp_field_cut"
    BCBP_FIELD_FORM = "bcbp_field_form"
    BCBP_NAME_FORM = "bcbp_name_form"
    BCBP_CHARACTER = "bcbp_character"
    BCBP_SECURITY = "bcbp_security"


@dataclass(frozen=True, slots=True)
class PassLeg:
    """One flight of a boarding pass. Every field is as listed, without the spaces that fill it.

    Args:
        reservation: the operating carrier's reservation reference (item 7).
        departs_from: airport code (26).
        arrives_at: airport code (38).
        carrier: designator of the operating carrier (42).
        flight_number: with leading zeros, perhaps a suffix (43).
        day_of_year: of the flight, 1 to 366 (46); ``None`` where not given.
        compartment: booking class (71).
        seat: with leading zeros, e.g. ``"025C"``, or ``"INF"`` (104).
        sequence: check-in number, perhaps a suffix (107).
        status: passenger status (117).
        airline_number: accounting code of the ticket's airline (142).
        document_number: of the ticket (143).
        selectee: indicator (18).
        document_verification: indicator of international documents (108).
        marketing_carrier: designator (19).
        frequent_flyer_airline: designator (20).
        frequent_flyer_number: as listed (236).
        id_indicator: staff travel (89).
        baggage_allowance: as listed, e.g. ``"1PC"`` (118).
        fast_track: ``"Y"``, ``"N"`` or ``""`` (254).
        airline_use: for the carrier's own use (4).
    """

    reservation: str = ""
    departs_from: str = ""
    arrives_at: str = ""
    carrier: str = ""
    flight_number: str = ""
    day_of_year: int | None = None
    compartment: str = ""
    seat: str = ""
    sequence: str = ""
    status: str = ""
    airline_number: str = ""
    document_number: str = ""
    selectee: str = ""
    document_verification: str = ""
    marketing_carrier: str = ""
    frequent_flyer_airline: str = ""
    frequent_flyer_number: str = ""
    id_indicator: str = ""
    baggage_allowance: str = ""
    fast_track: str = ""
    airline_use: str = ""

    @property
    def designator(self) -> str:
        """Return carrier and number without leading zeros, e.g. ``"JL712"``."""
        return f"{self.carrier}{self.flight_number.lstrip('0') or self.flight_number}"

    def flies_on(self, on: date) -> date | None:
        """Return the day of the flight: the one nearest to a day that is this day of its year."""
        if self.day_of_year is None:
            return None
        candidates = [
            day for year in (on.year - 1, on.year, on.year + 1) if (day := _day(year, self.day_of_year)) is not None
        ]
        return min(candidates, key=lambda day: abs(day - on))


@dataclass(frozen=True, slots=True)
class BoardingPass:
    """A boarding pass as read from its bar code, or to be built.

    Args:
        name: as listed, family name before the slash, at most 20 characters (item 11).
        legs: one to nine.
        is_electronic: the ticket is electronic (253).
        version: of the standard, e.g. ``"6"`` (9); ``""`` for a pass with mandatory items only.
        passenger_description: kind or sex of the passenger (15).
        checked_in_at: source of check-in (12).
        issued_at: source of the pass's issuance (14).
        issued_on: last digit of the year, and day of the year, as listed (22), e.g. ``"6326"``.
        document_type: (16).
        issuer: designator of the airline that issued the pass (21).
        bag_tags: licence plates, each with how many follow on, as listed (23, 31, 32).
        security_type: (28); ``""`` where there is no security data.
        security_data: (30).
        findings: every deviation met in reading.
    """

    name: str
    legs: tuple[PassLeg, ...]
    is_electronic: bool = True
    version: str = ""
    passenger_description: str = ""
    checked_in_at: str = ""
    issued_at: str = ""
    issued_on: str = ""
    document_type: str = ""
    issuer: str = ""
    bag_tags: tuple[str, ...] = ()
    security_type: str = ""
    security_data: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def family_name(self) -> str:
        """Return what stands before the slash."""
        return self.name.partition("/")[0].strip()

    @property
    def given_names(self) -> str:
        """Return what stands after the slash, a title perhaps among it."""
        return self.name.partition("/")[2].strip()


def _day(year: int, day_of_year: int) -> date | None:
    day = date.fromordinal(date(year, 1, 1).toordinal() + day_of_year - 1)
    return day if day.year == year else None
