"""Invented passengers: names, dates and documents that belong to nobody."""

from __future__ import annotations

import random
from datetime import date, timedelta

from fairgate.vocabulary import TravelDocument, Traveller

_SYLLABLES = (
    "BA",
    "DO",
    "FEN",
    "GA",
    "HIL",
    "JO",
    "KAR",
    "LIN",
    "MO",
    "NER",
    "PAS",
    "RU",
    "SEL",
    "TA",
    "VIN",
    "WEN",
    "ZO",
)
_CITIZEN_OF = "USA"
_IMAGINARY = "UTO"  # Source: ICAO Doc 9303-3, specimen state "Utopia"; no traveller of a real state is invented.


def invent_travellers(count: int, *, on: date, seed: int, citizen_share: float = 0.4) -> tuple[Traveller, ...]:
    """Return adult travellers with distinct documents, the same for the same seed.

    Args:
        count: how many.
        on: the day of travel; ages and expiry dates follow from it.
        seed: of the pseudo-random generator.
        citizen_share: fraction holding the rulebook state's own passports; the rest come from the imaginary state.
    """
    draw = random.Random(seed)
    numbers = draw.sample(range(10_000_000, 99_999_999), count)
    travellers = []
    for position, number in enumerate(numbers, start=1):
        state = _CITIZEN_OF if draw.random() < citizen_share else _IMAGINARY
        travellers.append(
            Traveller(
                passenger_ref=f"P{position:04d}",
                family_name="".join(draw.choices(_SYLLABLES, k=3)),
                given_names="".join(draw.choices(_SYLLABLES, k=2)),
                born_on=on - timedelta(days=draw.randrange(18 * 366, 78 * 365)),
                sex=draw.choice("FM"),
                nationality=state,
                documents=(TravelDocument("P", f"D{number}", state, on + timedelta(days=draw.randrange(200, 3000))),),
            )
        )
    return tuple(travellers)
