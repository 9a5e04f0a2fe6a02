"""Zones as built: names cut as the standard says, and everything refused that does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_zones import LETTERS, ON

from fairgate.errors import PapersError
from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.mrz import MrzKind, read_mrz
from fairgate.papers.mrz.build import build_mrz
from fairgate.papers.mrz.dates import read_birth, read_expiry
from fairgate.papers.mrz.name_field import read_name, write_name
from fairgate.papers.mrz.transliterate import TABLE, components, spellings

FACTS = DocumentFacts(
    source=Source.MRZ,
    document_code="P",
    issuer="UTO",
    number="AB1234567",
    family_name="Eriksson",
    given_names="Anna Maria",
    nationality="UTO",
    born=PartialDate(1990, 2, 3),
    sex="F",
    expires_on=date(2030, 1, 31),
)


@pytest.mark.parametrize(
    ("family", "given", "field"),
    [
        ("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo", "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WA<<D"),
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"),
        ("van der Muellen", "Martin", "VAN<DER<MUELLEN<<MARTIN<<<<<<<<<<<<<<<<"),
        ("Arkfreith", "", "ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"),
        ("O'Connor", "Enya-Siobhan", "OCONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<<"),
    ],
)
def test_names_are_written_as_the_standard_writes_them(family: str, given: str, field: str) -> None:
    """Examples of ICAO Doc 9303-3 and -4; a name that was cut has a letter in the last place."""
    written, was_cut = write_name(components(family), components(given), 39)
    assert written == field.ljust(39, "<")
    assert was_cut == (not written.endswith("<"))


@given(
    st.lists(st.text(LETTERS, min_size=1, max_size=14), min_size=1, max_size=5),
    st.lists(st.text(LETTERS, min_size=1, max_size=14), max_size=5),
    st.sampled_from((30, 31, 39)),
)
def test_a_name_field_is_always_full_width_and_never_longer(family: list[str], given: list[str], width: int) -> None:
    """Whatever the name, the field has its width; a name that fits comes back, and no name loses a family name."""
    field, was_cut = write_name(family, given, width)
    read = read_name(field)
    assert len(field) == width
    assert read.family
    if not was_cut:
        assert (list(read.family), list(read.given)) == (family, given)
    elif given:
        assert read.given


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", ("MUELLER", "MUXXLLER", "MULLER")),
        ("Strauß", ("STRAUSS",)),
        ("Åse", ("AASE", "ASE")),
        ("Núñez", ("NUNEZ", "NUNXXEZ")),
        ("Łukasz", ("LUKASZ",)),
        ("İnönü", ("INOENUE",)),
        ("Горбачёв", ("GORBACHEV",)),
        ("Щукин", ("SHCHUKIN",)),
        ("فاطمة", ("FAXTTMXAH",)),
        ("Ngọc", ("NGOC",)),
    ],
)
def test_national_characters_are_transliterated(name: str, written: tuple[str, ...]) -> None:
    """The recommended transliteration comes first; the permitted others follow."""
    assert components(name)[0] == written[0]
    assert set(written) <= set(spellings(name))


def test_every_entry_of_the_table_gives_letters_only() -> None:
    """No transliteration holds anything but A to Z."""
    assert all(set(way) <= set(LETTERS) for ways in TABLE.values() for way in ways)


def test_a_character_without_transliteration_is_refused() -> None:
    """Nothing is guessed: Chinese has no table, and a digit is no name."""
    for name in ("王", "Anna 2"):
        with pytest.raises(PapersError):
            components(name)


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, family_name=""),
        replace(FACTS, number=""),
        replace(FACTS, number="AB12345678"),
        replace(FACTS, number="ab1234567"),
        replace(FACTS, number="AB12345<"),
        replace(FACTS, issuer="DE"),
        replace(FACTS, issuer="U1O"),
        replace(FACTS, document_code="V"),
        replace(FACTS, document_code="P<"),
        replace(FACTS, sex=""),
        replace(FACTS, optional="A" * 15),
        replace(FACTS, optional="A<"),
        replace(FACTS, further_optional="A"),
        replace(FACTS, nationality=""),
        replace(FACTS, family_name="王"),
    ],
)
def test_what_does_not_fit_is_refused(facts: DocumentFacts) -> None:
    """The builder is strict."""
    with pytest.raises(PapersError):
        build_mrz(MrzKind.TD3, facts)


def test_empty_optional_field_has_a_filler_for_a_check_digit_and_zero_reads_as_well() -> None:
    """Both ways of the standard are read without a finding."""
    built = build_mrz(MrzKind.TD3, FACTS).text
    assert built[-2] == "<"
    assert read_mrz(built[:-2] + "0" + built[-1], on=ON).findings == ()


@pytest.mark.parametrize(
    ("text", "on", "born"),
    [
        ("261122", ON, PartialDate(2026, 11, 22)),
        ("261123", ON, PartialDate(1926, 11, 23)),
        ("000229", ON, PartialDate(2000, 2, 29)),
        ("99<<<<", ON, PartialDate(1999, None, None)),
        ("9912<<", ON, PartialDate(1999, 12, None)),
        ("<<<<<<", ON, PartialDate(None, None, None)),
        ("991231", date(1999, 12, 30), PartialDate(1899, 12, 31)),
        ("251301", ON, None),
        ("9O0101", ON, None),
        ("230229", ON, None),
    ],
)
def test_birth_years_lie_in_the_past(text: str, on: date, born: PartialDate | None) -> None:
    """The century is the latest that puts the birth on or before the day of reading."""
    assert read_birth(text, on) == born


@pytest.mark.parametrize(
    ("text", "kind", "expires"),
    [
        ("360101", MrzKind.TD3, date(2036, 1, 1)),
        ("460101", MrzKind.TD3, date(1946, 1, 1)),
        ("120415", MrzKind.TD3, date(2012, 4, 15)),
        ("990101", MrzKind.TD1, date(2099, 1, 1)),
        ("990101", MrzKind.MRV_A, date(1999, 1, 1)),
        ("<<<<<<", MrzKind.TD1, None),
        ("361301", MrzKind.TD3, None),
    ],
)
def test_years_of_expiry_go_by_the_kind_of_document(text: str, kind: MrzKind, expires: date | None) -> None:
    """Passports and visas last at most 19 years more; identity cards of the old may last to the end of the century."""
    assert read_expiry(text, kind, ON) == expires
