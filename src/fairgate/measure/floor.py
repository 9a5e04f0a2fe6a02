"""A measured share against the floor that it must reach, interval included."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import Proportion
from fairgate.measure.rates import LEAST_EXPECTED_ERRORS

ACCURACY_FLOOR = 0.97
"""The share of travellers that a biometric exit must recognise.

Source: DHS OIG-18-80 (September 2018): a target of 97 to 100 % of passengers matched at departure gates; GAO-20-568
(September 2020): a goal of 97 % of in-scope travellers photographed. Read through press accounts of both reports.
"""


class FloorVerdict(StrEnum):
    """What a share and its interval say about a floor."""

    REACHED = "reached"
    REACHED_NOT_PROVEN = "reached_not_proven"
    MISSED_NOT_PROVEN = "missed_not_proven"
    MISSED = "missed"
    NOTHING_TO_COMPARE = "nothing_to_compare"


@dataclass(frozen=True, slots=True)
class FloorCheck:
    """One share held against a floor.

    Args:
        of_what: ``comparison`` (of usable photos with a reference) or ``chain`` (of all offered with a reference).
        share: the share measured.
        floor: the share required, in (0, 1).
        verdict: the point estimate decides between reached and missed; the interval whether that is proven.
        resolvable: a service exactly at the floor would lose at least three of so many travellers.
    """

    of_what: str
    share: Proportion
    floor: float
    verdict: FloorVerdict
    resolvable: bool


def check_floor(of_what: str, share: Proportion, floor: float = ACCURACY_FLOOR) -> FloorCheck:
    """Hold a share against a floor.

    Raises:
        ScoresRefused: the floor is not strictly between 0 and 1.
    """
    if not 0.0 < floor < 1.0:
        raise ScoresRefused("A floor lies strictly between 0 and 1.")
    resolvable = share.of * (1 - floor) >= LEAST_EXPECTED_ERRORS - 1e-9
    return FloorCheck(of_what, share, floor, _verdict(share, floor), resolvable)


def _verdict(share: Proportion, floor: float) -> FloorVerdict:
    if share.value is None:
        return FloorVerdict.NOTHING_TO_COMPARE
    if share.value >= floor:
        return FloorVerdict.REACHED if share.low >= floor else FloorVerdict.REACHED_NOT_PROVEN
    return FloorVerdict.MISSED if share.high < floor else FloorVerdict.MISSED_NOT_PROVEN
