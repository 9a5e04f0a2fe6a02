"""Zones that are made up: facts of any of the five kinds, by a seeded generator; nobody stands behind them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.mrz.formats import FORMATS, MrzKind

ON = date(2026, 11, 22)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHANUMERIC = LETTERS + "0123456789"
STATES = ("UTO", "D", "USA", "NLD", "GBR", "FRA", "XXA")
CODES = {MrzKind.TD1: ("I", "ID", "AC"), MrzKind.TD2: ("I", "ID"), MrzKind.TD3: ("P", "PM"), MrzKind.MRV_A: ("V", "VN")}
CODES[MrzKind.MRV_B] = CODES[MrzKind.MRV_A]


def _birth(day: date, mask: int) -> PartialDate:
    return PartialDate(day.year, None if mask > 1 else day.month, None if mask else day.day)


def made_facts(kind: MrzKind, random: Random) -> DocumentFacts:
    """Return facts that fit a zone of this kind, from a seeded generator."""
    layout = FORMATS[kind]

    def word(alphabet: str, least: int, most: int) -> str:
        return "".join(random.choice(alphabet) for _ in range(random.randint(least, most)))

    def names(most: int) -> str:
        return " ".join(word(LETTERS, 1, 6) for _ in range(random.randint(1, most)))

    longest = 18 if layout.long_number else 9
    number = word(ALPHANUMERIC, 1, 9) if random.random() < 0.9 else word(ALPHANUMERIC, 9, longest)
    if random.random() < 0.3:
        optional = ""
    else:
        room = layout.optional.length - max(0, len(number) - 7)
        optional = word(ALPHANUMERIC, 1, room) if room > 0 else ""
    return DocumentFacts(
        source=Source.VISA if kind.is_visa else Source.MRZ,
        document_code=random.choice(CODES[kind]),
        issuer=random.choice(STATES),
        number=number if len(number) <= 9 or len(number) + 2 - 9 <= layout.optional.length else number[:9],
        family_name=names(2),
        given_names=names(2) if random.random() < 0.95 else "",
        nationality=random.choice(STATES),
        born=_birth(ON - timedelta(days=random.randint(0, 36_000)), random.choice((0, 0, 0, 0, 0, 1, 2))),
        sex=random.choice("FMX"),
        expires_on=ON + timedelta(days=random.randint(-3000, 3600)) if random.random() < 0.97 else None,
        optional=optional,
        further_optional=word(ALPHANUMERIC, 0, 11) if kind is MrzKind.TD1 else "",
    )
