"""An invented population to compare two rulebooks on: the same people for the same seed.

Its make-up is chosen so that every fact which a rule can look at occurs often enough to be seen, and is no estimate of
who travels anywhere:

- status: 40 % citizens, 1 % nationals, 9 % permanent residents, 45 % other aliens, 5 % not known
- direction: half and half; lane: boarding and arrival 30 % each, pedestrian and vehicle 15 % each, the others 10 %
- port: half at the ports that one of the rulebooks names, where there are any, half at one that neither names
- asked for: a photograph of 90 %, fingerprints of 10 %
- age: 5 % not known; of the others 14 % under 14, 80 % from 14 to 79, 6 % from 80 to 99
- aliens: 20 % Canadian, 5 % of Taiwan; 10 % hold an official's visa, 40 % another, 30 % travel on a waiver
- 5 % belong to a programme of trusted travellers, 3 % decline
- children: a guardian beside 85 %, 5 % alone, of 10 % it is not known
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from fairgate.rules.difference import People
from fairgate.rules.permission import Facts
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, Status

_T = TypeVar("_T")
_STATUSES = {
    Status.CITIZEN: 40,
    Status.NATIONAL: 1,
    Status.PERMANENT_RESIDENT: 9,
    Status.ALIEN: 45,
    Status.UNKNOWN: 5,
}
_LANES = {
    LaneKind.BOARDING: 30,
    LaneKind.ARRIVAL: 30,
    LaneKind.PEDESTRIAN: 15,
    LaneKind.VEHICLE: 15,
    LaneKind.SEA: 6,
    LaneKind.OFFICER_PHONE: 2,
    LaneKind.TRAVELLER_PHONE: 2,
}
_MODALITIES = {Modality.PHOTOGRAPH: 90, Modality.FINGERPRINTS: 10}
_NATIONALITIES = {"CAN": 20, "TWN": 5, "MEX": 25, "GBR": 25, "IND": 25}
_VISA_CLASSES = {"": 50, "A-1": 5, "G-4": 5, "B-2": 20, "F-1": 10, "E-1": 5, "D": 5}
_AGES = {(0, 13): 14, (14, 79): 80, (80, 99): 6}
_GUARDIANS = {Guardian.PRESENT: 85, Guardian.ABSENT: 5, Guardian.UNKNOWN: 10}
_ELSEWHERE = "ZZZ"


def population(rulebooks: Sequence[Rulebook], size: int, seed: int, on: date) -> Iterator[People]:
    """Yield invented people.

    Args:
        rulebooks: whose named ports occur.
        size: how many people.
        seed: the same people for the same seed.
        on: the day on which their ages hold.
    """
    draw = random.Random(seed)
    named_ports = sorted(frozenset[str]().union(*(rulebook.calendar.named_ports for rulebook in rulebooks)))
    for _ in range(size):
        yield People(_person(draw, named_ports, on))


def _person(draw: random.Random, named_ports: Sequence[str], on: date) -> Facts:
    status = _one_of(draw, _STATUSES)
    is_alien = status in (Status.ALIEN, Status.UNKNOWN)
    low, high = _one_of(draw, _AGES)
    born_on = on - timedelta(days=round(365.2425 * draw.uniform(low, high + 1)))
    visa_class = _one_of(draw, _VISA_CLASSES) if is_alien else ""
    return Facts(
        status=status,
        direction=draw.choice(list(Direction)),
        lane=_one_of(draw, _LANES),
        port=draw.choice(named_ports) if named_ports and draw.random() < 0.5 else _ELSEWHERE,
        modality=_one_of(draw, _MODALITIES),
        nationality=_one_of(draw, _NATIONALITIES) if status in (Status.ALIEN, Status.PERMANENT_RESIDENT) else "",
        born_on=born_on if draw.random() < 0.95 else None,
        visa_class=visa_class,
        on_waiver=is_alien and not visa_class and draw.random() < 0.6,
        trusted_traveller=draw.random() < 0.05,
        opted_out=draw.random() < 0.03,
        guardian=_one_of(draw, _GUARDIANS) if high < 14 else Guardian.UNKNOWN,
    )


def _one_of(draw: random.Random, weights: dict[_T, int]) -> _T:
    return draw.choices(list(weights), weights=list(weights.values()))[0]
