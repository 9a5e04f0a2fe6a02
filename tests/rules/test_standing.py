"""A traveller's standing towards the rulebook's state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fairgate.rules.rulebook import Rulebook
from fairgate.rules.standing import status_of
from fairgate.vocabulary import Status, TravelDocument, Traveller

US_PASSPORT = TravelDocument("P", "1", "USA")
US_CARD = TravelDocument("IP", "1", "USA")
US_VISA = TravelDocument("V", "1", "USA")
US_RESIDENT_CARD = TravelDocument("C1", "1", "USA")
FRENCH_PASSPORT = TravelDocument("P", "1", "FRA")


@pytest.mark.parametrize(
    ("nationality", "documents", "further", "expected"),
    [
        ("USA", (), (), Status.CITIZEN),
        ("usa", (), (), Status.CITIZEN),
        ("US", (), (), Status.CITIZEN),
        ("ASM", (), (), Status.NATIONAL),
        ("ASM", (US_PASSPORT,), (), Status.CITIZEN),
        ("USA", (FRENCH_PASSPORT,), (), Status.CITIZEN),
        ("FRA", (US_PASSPORT,), (), Status.CITIZEN),
        ("FRA", (FRENCH_PASSPORT, US_CARD), (), Status.CITIZEN),
        ("FRA", (FRENCH_PASSPORT,), ("USA",), Status.CITIZEN),
        ("", (US_PASSPORT,), (), Status.CITIZEN),
        ("FRA", (FRENCH_PASSPORT, US_VISA), (), Status.ALIEN),
        ("FRA", (US_RESIDENT_CARD,), (), Status.PERMANENT_RESIDENT),
        ("ASM", (US_RESIDENT_CARD,), (), Status.NATIONAL),
        ("D", (), (), Status.ALIEN),
        ("XXA", (), (), Status.ALIEN),
        ("", (FRENCH_PASSPORT,), (), Status.UNKNOWN),
        ("", (US_VISA,), (), Status.UNKNOWN),
        ("", (), (), Status.UNKNOWN),
        ("XXX", (FRENCH_PASSPORT,), (), Status.UNKNOWN),
        ("FR", (), (), Status.UNKNOWN),
        ("??", (), (), Status.UNKNOWN),
    ],
)
def test_the_reading_that_protects_a_citizen_wins(
    us_cbp: Rulebook,
    nationality: str,
    documents: tuple[TravelDocument, ...],
    further: tuple[str, ...],
    expected: Status,
) -> None:
    """One nationality or citizen's document of the state is enough; without a nationality nobody is an alien."""
    traveller = Traveller("P0001", "SMITH", "ANNE", nationality=nationality, documents=documents)
    assert status_of(us_cbp, traveller, further) is expected
    assert status_of(us_cbp, replace(traveller, further_nationalities=further)) is expected


def test_another_rulebook_has_other_citizens(example_eu: Rulebook) -> None:
    """Nothing is wired to one country: each of the union's states makes a citizen, and the first book's does not."""
    for code, expected in (("QMA", Status.CITIZEN), ("QMC", Status.CITIZEN), ("USA", Status.ALIEN)):
        assert status_of(example_eu, Traveller("P0001", "SMITH", "ANNE", nationality=code)) is expected
