"""Papers of one person compared: names by what the standard permits, facts by what both say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_zones import ON

from fairgate.papers.consistency import compare_papers, differences
from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.mrz import MrzKind, read_mrz
from fairgate.papers.mrz.build import build_mrz
from fairgate.papers.names import NameAgreement, WrittenName, compare_names

LISTED = DocumentFacts(
    source=Source.LIST,
    document_code="P",
    issuer="DEU",
    number="C01X00T47",
    family_name="Müller",
    given_names="Erika",
    nationality="DEU",
    born=PartialDate(1964, 8, 12),
    sex="F",
    expires_on=date(2027, 2, 28),
)
CHIP = replace(LISTED, source=Source.CHIP, issuer="D", nationality="D", family_name="MUELLER")


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        (("MUELLER", "ERIKA"), ("Müller", "Erika"), "same"),
        (("MULLER", "ERIKA"), ("Müller", "Erika"), "same_by_transliteration"),
        (("MUELLER", "ERIKA"), ("MULLER", "ERIKA"), "same_by_transliteration"),
        (("MUXXLLER", "ERIKA"), ("Müller", "Erika"), "same_by_transliteration"),
        (("NUNXXEZ", "ANA"), ("NUNEZ", "ANA"), "same_by_transliteration"),
        (("GORBACHEV", "MIKHAIL"), ("Горбачёв", "Михаил"), "same"),
        (("OCONNOR", "ENYA SIOBHAN"), ("O'Connor", "Enya-Siobhan"), "same"),
        (("VAN DER BERG", "JAN"), ("Vanderberg", "Jan"), "same_by_transliteration"),
        (("WEI", "LI"), ("LI", "WEI"), "other_order"),
        (("ERIKSSON", "ANNA MARIA"), ("ERIKSSON", "ANNA"), "given_names_left_out"),
        (("ERIKSSON", "ANNA MARIA"), ("ERIKSSON", "MARIA"), "given_names_left_out"),
        (("ERIKSSON", "ANNA MARIA"), ("ERIKSSON", "A M"), "given_names_left_out"),
        (("ERIKSSON", "ANNA MARIA"), ("ERIKSSON", "ANNA MARIA MRS"), "same"),
        (("ERIKSSON", "ANNA"), ("ERIKSON", "ANNA"), "near"),
        (("ERIKSSON", "ANNA"), ("LINDQVIST", "BO"), "different"),
        (("ERIKSSON", "ANNA"), ("王", "伟"), "not_comparable"),
        (("ERIKSSON", "ANNA"), ("", ""), "not_comparable"),
    ],
)
def test_names_are_compared_by_what_the_standard_permits(
    one: tuple[str, str], other: tuple[str, str], agreement: str
) -> None:
    """Transliteration, order and missing given names are named; only what remains is a difference. Both ways alike."""
    assert compare_names(WrittenName(*one), WrittenName(*other)).agreement == agreement
    assert compare_names(WrittenName(*other), WrittenName(*one)).agreement == agreement


def test_a_name_cut_in_the_zone_is_no_difference() -> None:
    """What a full name field holds is the beginning of the listed name, component by component."""
    listed = replace(LISTED, family_name="Bennelong Wooloomooloo Warrandyte Warnambool", given_names="Dingo Potoroo")
    zone = replace(listed, source=Source.MRZ)
    read = read_mrz(build_mrz(MrzKind.TD3, zone).text, on=ON).facts
    assert read.name_may_be_truncated
    compared = compare_names(
        WrittenName(read.family_name, read.given_names, may_be_cut=True),
        WrittenName(listed.family_name, listed.given_names),
    )
    assert compared.agreement is NameAgreement.CUT_SHORT
    assert differences(read, listed) == ()
    other = WrittenName("Bennelong Woolloomooloo Sydney Warnambool", "Dingo")
    assert compare_names(WrittenName(read.family_name, read.given_names, may_be_cut=True), other).agreement.differs


@given(
    st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12), min_size=1, max_size=5),
    st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12), max_size=5),
)
@settings(deadline=None)
def test_no_name_differs_from_what_its_own_zone_holds(family: list[str], given_names: list[str]) -> None:
    """Whatever the name, and however it is cut to fit a zone, the zone and the list are of one person."""
    listed = replace(LISTED, family_name=" ".join(family), given_names=" ".join(given_names))
    read = read_mrz(build_mrz(MrzKind.TD1, replace(listed, document_code="I")).text, on=ON).facts
    assert not [one for one in differences(read, listed) if one.code.startswith("name")]


def test_papers_that_agree_give_no_signal() -> None:
    """Germany's ``D`` is ``DEU``, and Müller is MUELLER."""
    assert compare_papers([CHIP, LISTED, replace(CHIP, source=Source.MRZ)]) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (replace(CHIP, issuer="FRA"), "issuer_differs"),
        (replace(CHIP, number="C01X00T48"), "number_differs"),
        (replace(CHIP, family_name="MEIER"), "name_differs"),
        (replace(CHIP, family_name="MUELLERS"), "name_near"),
        (replace(CHIP, born=PartialDate(1964, 8, 13)), "birth_date_differs"),
        (replace(CHIP, sex="M"), "sex_differs"),
        (replace(CHIP, nationality="FRA"), "nationality_differs"),
        (replace(CHIP, expires_on=date(2028, 2, 28)), "expiry_differs"),
    ],
)
def test_each_difference_has_its_signal(changed: DocumentFacts, code: str) -> None:
    """One fact changed gives one signal, with both values and both papers named."""
    (signal,) = differences(changed, LISTED)
    assert (signal.code, signal.first, signal.second) == (code, Source.CHIP, Source.LIST)
    assert signal.first_value != signal.second_value
    assert "the chip" in signal.text
    assert "the passenger list" in signal.text


def test_what_a_paper_does_not_say_is_no_difference() -> None:
    """Empty facts, an unspecified sex, an unknown day of birth and hyphens in a number differ from nothing."""
    silent = DocumentFacts(source=Source.LIST, family_name="Müller", given_names="Erika", sex="X")
    assert differences(CHIP, silent) == ()
    assert differences(CHIP, replace(LISTED, born=PartialDate(1964), number="C01-X00 T47")) == ()


def test_a_visa_is_another_document() -> None:
    """Issuer, number and expiry of a visa are its own; name and birth are the holder's."""
    visa = replace(LISTED, source=Source.VISA, issuer="USA", number="20013456", expires_on=date(2026, 12, 31))
    assert differences(CHIP, visa) == ()
    assert [one.code for one in differences(CHIP, replace(visa, born=PartialDate(1965)))] == ["birth_date_differs"]
