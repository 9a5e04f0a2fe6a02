"""The flight part of a list: TDT, and the LOC and DTM segments under it, to legs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from fairgate.errors import PapersError
from fairgate.papers.edifact.segments import Segment
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.dates import nearest_time
from fairgate.papers.paxlst.facts import FlightLeg

MAX_STOPS = 200
_DESIGNATOR = re.compile(r"([A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})([0-9]{1,5}[A-Z]?)")
_NUMBER = re.compile(r"[0-9]{1,5}[A-Z]?")
_MAIN_CARRIAGE = "20"
_OTHER_CARRIAGE = frozenset({"10", "30", "34"})
_FROM, _TO, _WITHIN_COUNTRY = "125", "87", "92"
_ROUTE = frozenset({_FROM, _TO, _WITHIN_COUNTRY})
"""Places of a leg: departure into, arrival in, and places within one country. Source: PAXLST guide, LOC of group 3."""
_BESIDE_ROUTE = frozenset({"130", "172", "188", "91", "22"})


@dataclass(slots=True)
class _Stop:
    place: str
    is_within: bool = False
    is_left: bool = False
    departure: datetime | None = None
    arrival: datetime | None = None

    def is_again(self, place: str, qualifier: str) -> bool:
        """Tell whether a LOC names this stop once more, rather than the next: a cruise may end where it began."""
        ends_leg = qualifier == _TO or (qualifier == _WITHIN_COUNTRY and self.arrival is None)
        return place == self.place and not (ends_leg and (self.is_left or self.departure is not None))


@dataclass(slots=True)
class _Transport:
    carrier: str
    number: str
    stops: list[_Stop] = field(default_factory=list)


def designator_parts(designator: str) -> tuple[str, str]:
    """Return carrier and number of a flight designator; the whole as the number where it is none."""
    found = _DESIGNATOR.fullmatch(designator)
    return (found.group(1), found.group(2)) if found else ("", designator)


class FlightPart:
    """Gathers the flight's legs, segment by segment.

    Args:
        on: the day of reading, for two-digit years.
        findings: takes the deviations.
    """

    def __init__(self, on: date, findings: Findings) -> None:
        self._on = on
        self._findings = findings
        self._transports: list[_Transport] = []
        self._stops_seen = 0
        self._beside_route = False

    def take_tdt(self, segment: Segment) -> None:
        """Begin a leg."""
        qualifier = segment.get(0)
        if qualifier != _MAIN_CARRIAGE:
            text = "TDT names another stage than the main carriage."
            if qualifier not in _OTHER_CARRIAGE:
                text = "TDT's stage is unknown; it is taken as the main carriage."
            self._note(FindingCode.UNKNOWN_QUALIFIER, text, segment)
        number = "".join(segment.get(1).upper().split())
        if number != segment.get(1):
            self._note(FindingCode.BAD_CODE, "The flight number has lower-case letters or spaces.", segment)
        carrier = segment.get(4).upper()
        if len(self._transports) >= MAX_STOPS:
            raise PapersError(f"The flight has more than {MAX_STOPS} legs.", position=segment.position)
        self._transports.append(_Transport(*self._designator(carrier, number, segment)))
        self._beside_route = False

    def take_loc(self, segment: Segment) -> None:
        """Add a place to the leg."""
        qualifier = segment.get(0)
        self._beside_route = qualifier not in _ROUTE
        if self._beside_route:
            if qualifier not in _BESIDE_ROUTE:
                self._note(FindingCode.UNKNOWN_QUALIFIER, "LOC's function is unknown here.", segment)
            return
        self._stops_seen += 1
        if self._stops_seen > MAX_STOPS:
            raise PapersError(f"The flight has more than {MAX_STOPS} places.", position=segment.position)
        place = segment.get(1).upper()
        if not (place.isascii() and place.isalnum() and len(place) <= 5):
            self._note(FindingCode.BAD_CODE, "LOC gives no location code of three to five letters.", segment)
        stops = self._transports[-1].stops
        if stops and stops[-1].is_again(place, qualifier):
            stops[-1].is_left = stops[-1].is_left or qualifier == _FROM
        else:
            stops.append(_Stop(place, qualifier == _WITHIN_COUNTRY, is_left=qualifier == _FROM or not stops))

    def take_dtm(self, segment: Segment) -> None:
        """Add a time to the place before it."""
        if self._beside_route:
            return
        stops = self._transports[-1].stops
        if segment.get(0) not in ("189", "232"):
            self._note(FindingCode.UNKNOWN_QUALIFIER, "DTM's function is unknown here.", segment)
            return
        if not stops:
            self._note(FindingCode.MISPLACED_SEGMENT, "DTM gives a time before any place.", segment)
            return
        moment = nearest_time(segment.get(0, 1), segment.get(0, 2), self._on)
        if moment is None:
            self._note(FindingCode.BAD_DATE, "DTM gives no date and time that exists.", segment)
        elif segment.get(0) == "189":
            stops[-1].departure = moment
        else:
            stops[-1].arrival = moment

    def legs(self) -> tuple[FlightLeg, ...]:
        """Return the legs in order; a transport with more than two places has a leg between each two."""
        found: list[FlightLeg] = []
        for transport in self._transports:
            stops = transport.stops
            if len(stops) < 2:
                lone = stops[0] if stops else _Stop("")
                arrives = lone.arrival is not None and lone.departure is None
                stops = [_Stop(""), lone] if arrives else [lone, _Stop("")]
            found.extend(
                FlightLeg(
                    transport.carrier,
                    transport.number,
                    departs_from=start.place,
                    arrives_at=end.place,
                    departure=start.departure,
                    arrival=end.arrival,
                    crosses_border=not (start.is_within and end.is_within),
                )
                for start, end in pairwise(stops)
            )
        return tuple(found)

    def note_gaps(self, segment: Segment) -> None:
        """Note legs that lack a place or a time.

        Args:
            segment: the first after the flight part, for the finding's place.
        """
        for place, leg in enumerate(self.legs(), start=1):
            facts = {
                "place of departure": leg.departs_from,
                "place of arrival": leg.arrives_at,
                "departure time": leg.departure,
                "arrival time": leg.arrival,
            }
            if lacking := [name for name, given in facts.items() if not given]:
                self._note(FindingCode.MISSING_FACT, f"Leg {place} lacks: {', '.join(lacking)}.", segment)

    def _designator(self, carrier: str, number: str, segment: Segment) -> tuple[str, str]:
        """Return carrier and number apart, whichever way they were listed."""
        own = number.removeprefix(carrier)
        if carrier and own != number and _NUMBER.fullmatch(own):
            return carrier, own
        found = _DESIGNATOR.fullmatch(number)
        if found is None:
            self._note(FindingCode.BAD_CODE, "The flight number is not an airline designator and a number.", segment)
            return carrier, number
        if carrier:
            self._note(FindingCode.CARRIER_MISMATCH, "The flight number begins with another carrier.", segment)
        else:
            self._note(FindingCode.CARRIER_NOT_GIVEN, "TDT names no carrier; the flight number's is taken.", segment)
        return found.group(1), found.group(2)

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
