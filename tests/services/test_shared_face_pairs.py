"""What is said of two entries whose faces are alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fairgate.papers.consistency import SignalCode
from fairgate.services.shared_faces import Fact, PairKind, SharedFace, compare_entries, shared_face
from fairgate.vocabulary import OfficerReason, SeeOfficer, TravelDocument, Traveller

ANNA = Traveller(
    "P0002", "Müller", "Anna", date(1980, 5, 4), "F", "DEU", (TravelDocument("P", "C01X", "D", date(2030, 1, 1)),)
)
ANOTHER = Traveller("P0001", "Silva", "Maria", date(1982, 1, 9), "F", "BRA", (TravelDocument("P", "FB77", "BRA"),))
TWIN = Traveller("P0003", "Mueller", "Berta", date(1980, 5, 4), "F", "DEU", (TravelDocument("P", "C02Y", "D"),))
SISTER = replace(TWIN, born_on=date(1984, 2, 2))
COUSIN = replace(SISTER, documents=(TravelDocument("P", "L9", "AUT"),))


def kind(one: Traveller, other: Traveller, *, one_photo: bool = False) -> PairKind:
    return shared_face(one, other, one_photo=one_photo).kind


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (ANOTHER, PairKind.ONE_PERSON_TWO_IDENTITIES),
        (TWIN, PairKind.POSSIBLE_RELATIVES),
        (SISTER, PairKind.POSSIBLE_RELATIVES),
        (COUSIN, PairKind.ONE_PERSON_TWO_IDENTITIES),
        (replace(ANOTHER, family_name="Müller", documents=()), PairKind.ONE_PERSON_TWO_IDENTITIES),
        (replace(ANNA, passenger_ref="P0009"), PairKind.LISTED_TWICE),
    ],
)
def test_what_a_pair_may_be_follows_from_the_list(other: Traveller, expected: PairKind) -> None:
    """A family name with a date of birth or an issuer may be relatives; a document on two entries is listed twice."""
    assert kind(ANNA, other) is kind(other, ANNA) is expected


def test_one_photo_is_said_whatever_the_names_but_for_one_document() -> None:
    """A twin has a photo of her own."""
    assert kind(ANNA, ANOTHER, one_photo=True) is PairKind.SAME_PHOTO
    assert kind(ANNA, TWIN, one_photo=True) is PairKind.SAME_PHOTO
    assert kind(ANNA, replace(ANNA, passenger_ref="P0009"), one_photo=True) is PairKind.LISTED_TWICE


def test_what_agrees_and_what_differs_is_named_and_what_is_not_given_is_neither() -> None:
    """Names by every permitted transliteration; Germany's D is DEU."""
    agree, differ = compare_entries(ANNA, TWIN)
    assert agree == (Fact.FAMILY_NAME, Fact.BIRTH_DATE, Fact.SEX, Fact.NATIONALITY, Fact.ISSUER)
    assert differ == (SignalCode.NUMBER_DIFFERS, SignalCode.NAME_DIFFERS)
    agree, differ = compare_entries(Traveller("P1", "", ""), ANNA)
    assert (agree, differ) == ((), ())
    agree, _ = compare_entries(ANNA, replace(ANNA, family_name="MUELLER"))
    assert Fact.NAME in agree


def test_of_several_documents_and_nationalities_those_in_common_count() -> None:
    """Whoever shows the same document second still shows it."""
    both = replace(ANOTHER, documents=(*ANOTHER.documents, *ANNA.documents), further_nationalities=("DEU",))
    agree, differ = compare_entries(ANNA, both)
    assert {Fact.ISSUER, Fact.NUMBER, Fact.NATIONALITY} <= set(agree)
    assert SignalCode.NATIONALITY_DIFFERS not in differ


def test_both_see_an_officer_and_each_is_named() -> None:
    """The smaller reference first, whoever was handed in first."""
    found = shared_face(ANNA, ANOTHER, one_photo=False)
    assert isinstance(found, SharedFace)
    assert (found.first, found.second) == ("P0001", "P0002")
    assert found.outcomes == (
        SeeOfficer(OfficerReason.SHARED_FACE, "one_person_two_identities", "P0001"),
        SeeOfficer(OfficerReason.SHARED_FACE, "one_person_two_identities", "P0002"),
    )
