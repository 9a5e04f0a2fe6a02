"""Machine-readable zones: what is read, what is found, what is never guessed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_zones import ON, kinds_and_facts, made

from fairgate.errors import PapersError
from fairgate.papers.document_facts import DocumentFacts, PartialDate
from fairgate.papers.mrz import MrzFindingCode, MrzKind, read_mrz
from fairgate.papers.mrz.alphabet import ALPHABET, VALUES, blind_groups, blind_look_alikes, check_digit, is_blind
from fairgate.papers.mrz.build import build_mrz
from fairgate.papers.mrz.facts import UNPROVEN
from fairgate.papers.mrz.formats import FORMATS

SPECIMENS = {
    MrzKind.TD3: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    MrzKind.TD1: "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    MrzKind.TD2: "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    MrzKind.MRV_A: "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    MrzKind.MRV_B: "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
}
"""The specimens printed in ICAO Doc 9303-4 to -7."""
LONG_TD1 = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
GERMAN = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\nC01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4"


def codes(text: str) -> list[str]:
    """Return the codes found in a zone."""
    return [finding.code for finding in read_mrz(text, on=ON).findings]


@pytest.mark.parametrize("kind", MrzKind)
def test_icao_specimens_read_without_a_finding_and_build_again(kind: MrzKind) -> None:
    """The specimens of the standard are read without a finding, and building what was read gives them back."""
    read = read_mrz(SPECIMENS[kind], on=ON)
    assert read.kind is kind
    assert read.findings == ()
    assert (read.facts.family_name, read.facts.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert build_mrz(kind, read.facts).text == SPECIMENS[kind]


def test_specimen_passport_facts() -> None:
    """Each field of the specimen passport is where the standard puts it."""
    facts = read_mrz(SPECIMENS[MrzKind.TD3], on=ON).facts
    assert (facts.document_code, facts.issuer, facts.number, facts.nationality) == ("P", "UTO", "L898902C3", "UTO")
    assert (facts.born, facts.sex, facts.expires_on) == (PartialDate(1974, 8, 12), "F", date(2012, 4, 15))
    assert facts.optional == "ZE184226B"


def test_long_document_number_of_a_td1() -> None:
    """A number of twelve characters goes on in the optional field, with its check digit after it."""
    read = read_mrz(LONG_TD1, on=ON)
    assert read.findings == ()
    assert (read.facts.number, read.facts.optional) == ("D23145890734", "")
    assert build_mrz(MrzKind.TD1, read.facts).text == LONG_TD1


def test_german_state_code_is_one_letter_and_fillers() -> None:
    """``D<<`` is Germany, without a finding."""
    read = read_mrz(GERMAN, on=ON)
    assert (read.facts.issuer, read.facts.nationality, read.findings) == ("D", "D", ())


def test_zone_in_one_run_as_in_a_chip() -> None:
    """A chip's DG1 has the lines in one run; it is read alike, from text or bytes."""
    for specimen in SPECIMENS.values():
        run = specimen.replace("\n", "")
        assert read_mrz(run, on=ON) == read_mrz(run.encode(), on=ON)
        assert read_mrz(run, on=ON).facts == read_mrz(specimen, on=ON).facts


def test_ten_thousand_zones_read_back() -> None:
    """Ten thousand generated zones of all kinds come back as they went in, without a finding."""
    random = Random(9303)
    kinds = tuple(MrzKind)
    for number in range(10_000):
        kind = kinds[number % 5]
        facts = made(kind, random)
        built = build_mrz(kind, facts)
        read = read_mrz(built.text, on=ON)
        assert (read.kind, read.lines) == (kind, built.lines)
        if not built.name_was_cut:
            assert replace(read.facts, name_may_be_truncated=False) == facts
            assert read.findings == ()


@given(kinds_and_facts())
@settings(max_examples=200, deadline=None)
def test_building_what_was_read_changes_nothing(drawn: tuple[MrzKind, DocumentFacts]) -> None:
    """Reading and building are inverse: lines to facts to lines, and facts to lines to facts."""
    kind, facts = drawn
    built = build_mrz(kind, facts)
    read = read_mrz(built.text, on=ON)
    assert build_mrz(kind, read.facts).lines == built.lines
    assert read_mrz(build_mrz(kind, read.facts).text, on=ON) == read


@pytest.mark.parametrize("kind", MrzKind)
def test_every_corruption_that_a_check_digit_can_see_is_found(kind: MrzKind) -> None:
    """Every character in every protected place of a sample: a change of value modulo 10 is always reported.

    A change that keeps the value is reported only where the character may not stand there, and is never corrected.
    """
    random = Random(1)
    layout = FORMATS[kind]
    places = [*layout.covered]
    if not places:
        places = [replace(part, end=part.end + 1) for part in (layout.number, layout.born, layout.expires)]
    seen = 0
    for facts in (made(kind, random) for _ in range(2)):
        rows = build_mrz(kind, facts).lines
        for place in places:
            for at in range(place.start, place.end):
                for other in ALPHABET.replace(rows[place.line][at], ""):
                    line = rows[place.line][:at] + other + rows[place.line][at + 1 :]
                    changed = "\n".join((*rows[: place.line], line, *rows[place.line + 1 :]))
                    read = read_mrz(changed, on=ON)
                    found = {finding.code for finding in read.findings}
                    if is_blind(rows[place.line][at], other):
                        assert MrzFindingCode.MISREADING_CORRECTED not in found or read.lines[place.line][at] == other
                    else:
                        assert found & {*UNPROVEN, MrzFindingCode.MISREADING_CORRECTED}
                        seen += 1
    assert seen > 1000


def test_only_what_check_digits_prove_is_corrected() -> None:
    """An O in a date is a 0: the check digits hold with it and with nothing else."""
    read = read_mrz(SPECIMENS[MrzKind.TD3].replace("7408122F", "74O8122F"), on=ON)
    assert [(finding.code, finding.where) for finding in read.findings] == [
        ("misreading_corrected", "line 2, position 16")
    ]
    assert read.facts == read_mrz(SPECIMENS[MrzKind.TD3], on=ON).facts
    assert read.check_digits_hold


def test_nothing_is_corrected_when_told_not_to() -> None:
    """A caller may have the zone as it was read."""
    read = read_mrz(SPECIMENS[MrzKind.TD3].replace("7408122F", "74O8122F"), on=ON, correct_misreadings=False)
    assert not read.check_digits_hold
    assert read.facts.born is None


def test_confusions_no_check_digit_sees_are_never_corrected() -> None:
    """L for 1, G for 6 and S for 8 keep every check digit: the date is left unread, not guessed."""
    for digit, letter in (("1", "L"), ("8", "S")):
        changed = SPECIMENS[MrzKind.TD3].replace("7408122F", "7408122F".replace(digit, letter, 1))
        read = read_mrz(changed, on=ON)
        assert read.facts.born is None
        assert [finding.code for finding in read.findings] == ["date_unreadable"]


def test_blind_confusions_are_known() -> None:
    """The sets of characters equal modulo 10, and the look-alikes among them."""
    assert blind_groups()[0] == "0AKU<"
    assert {("1", "L"), ("6", "G"), ("8", "S"), ("0", "U"), ("<", "K")} <= set(blind_look_alikes())
    assert sorted("".join(blind_groups())) == sorted(ALPHABET)
    assert all(VALUES[one] % 10 == VALUES[other] % 10 for one, other in blind_look_alikes())


def test_check_digit_of_the_standard() -> None:
    """The worked examples of ICAO Doc 9303-3."""
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.lower(), "lower_case"),
        (lambda text: text.replace("ERIKSSON<<ANNA", "ERIKSSON << ANNA"), "space_in_line"),
        (lambda text: "PASSPORT\n\n" + text + "\nseen", "text_around"),
        (lambda text: text.replace("MARIA<<", "MARIA<"), "line_length"),
        (lambda text: text.replace("226B<<<", "226B<<"), "line_length"),
        (lambda text: text.replace("ERIKSSON", "ERIKS5ON"), "character_not_allowed"),
        (lambda text: text.replace("ERIKSSON", "ERIKS~ON"), "character_not_allowed"),
        (lambda text: text.replace("P<UTO", "X<UTO"), "document_code_unknown"),
        (lambda text: text.replace("P<UTO", "P<U<O"), "state_code_form"),
        (lambda text: text.replace("ERIKSSON<<ANNA<MARIA", "<" * 20), "name_missing"),
        (lambda text: text.replace("<ANNA<MARIA<", "<ANNA<<MARIA"), "name_form"),
        (lambda text: text.replace("2F1", "2Q1"), "sex_form"),
        (lambda text: text.replace("L898902C36", "<<<<<<<<<0"), "number_missing"),
        (lambda text: text.replace("L898902C36", "L898902C3<"), "check_digit_missing"),
        (lambda text: text.replace("L898902C36", "L898902C35"), "check_digit_wrong"),
        (lambda text: text[:-1] + "3", "composite_check_digit_wrong"),
    ],
)
def test_deviations_are_reported(change: Callable[[str], str], code: str) -> None:
    """Each deviation has its own code, and the zone is read nevertheless."""
    assert code in codes(change(SPECIMENS[MrzKind.TD3]))


@pytest.mark.parametrize("text", ["", "\n\n", "hello", "<" * 44, "1" * 88, "A" * 5000, "P<UTO" + "?" * 83])
def test_what_is_no_zone_is_refused(text: str) -> None:
    """What is no zone is refused with the place where one was looked for."""
    with pytest.raises(PapersError) as refused:
        read_mrz(text, on=ON)
    assert refused.value.position is not None


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
@settings(max_examples=300, deadline=None)
def test_any_input_ends_in_a_value_or_a_refusal(content: bytes | str) -> None:
    """Whatever is handed in, the answer is a zone with findings or one refusal."""
    with suppress(PapersError):
        read_mrz(content, on=ON)


@given(st.data(), st.sampled_from(MrzKind))
@settings(max_examples=300, deadline=None)
def test_any_damage_ends_in_a_value_or_a_refusal(data: st.DataObject, kind: MrzKind) -> None:
    """A specimen with any characters put, left out or replaced is read with findings or refused."""
    text = list(SPECIMENS[kind])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at] = data.draw(st.one_of(st.sampled_from(ALPHABET + "\n ?"), st.characters(), st.just("")))
    with suppress(PapersError):
        read_mrz("".join(text), on=ON)
