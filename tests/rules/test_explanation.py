"""Why somebody was asked, or was not: the sentences themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fairgate.errors import InputRefused
from fairgate.rules.explanation import Explanation, explain, languages_of
from fairgate.rules.permission import Facts
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Status

DAY = date(2026, 11, 22)
ALIEN = Facts(Status.ALIEN, Direction.EXIT, LaneKind.BOARDING, "AAA", born_on=date(1990, 1, 1))
CHILD = replace(ALIEN, status=Status.CITIZEN, born_on=date(2016, 1, 1))

SENTENCES = [
    (
        ALIEN,
        "required",
        (
            "You were asked for a photograph on leaving on 2026-11-22 because it is required here of people aged 14 "
            "or older who are not citizens or nationals (rule alien-pilot: Example Act, section 5)."
        ),
        (
            "Se le pidió una fotografía al salir el 2026-11-22 porque aquí se exige a las personas de 14 años o más "
            "que no son ciudadanas ni nacionales (regla alien-pilot: Example Act, section 5)."
        ),
    ),
    (
        replace(ALIEN, status=Status.CITIZEN),
        "voluntary",
        (
            "You were asked for a photograph on leaving on 2026-11-22 because it may be asked here of citizens and "
            "nationals, and you are free to decline (rule citizen: Example Act, section 3)."
        ),
        (
            "Se le pidió una fotografía al salir el 2026-11-22 porque aquí se puede pedir a los ciudadanos y "
            "nacionales, y usted puede negarse (regla citizen: Example Act, section 3)."
        ),
    ),
    (
        replace(ALIEN, nationality="QZZ"),
        "exempt",
        (
            "You were not asked for a photograph on leaving on 2026-11-22 because it is not asked of envoys "
            "(rule alien-pilot: Example Act, section 5)."
        ),
        (
            "No se le pidió ninguna fotografía al salir el 2026-11-22 porque no se pide a enviados "
            "(regla alien-pilot: Example Act, section 5)."
        ),
    ),
    (
        replace(ALIEN, born_on=None),
        "not_asked",
        (
            "You were not asked for a photograph on leaving on 2026-11-22 because it is not asked here of people "
            "younger than 14 who are not citizens or nationals (the reading that protects you most, as your age is "
            "not known) (rule alien-young: Example Act, section 4)."
        ),
        (
            "No se le pidió ninguna fotografía al salir el 2026-11-22 porque aquí no se pide a las personas menores "
            "de 14 años que no son ciudadanas ni nacionales (la lectura que más le protege, porque no consta su "
            "edad) (regla alien-young: Example Act, section 4)."
        ),
    ),
    (
        replace(ALIEN, status=Status.UNKNOWN),
        "voluntary",
        (
            "You were asked for a photograph on leaving on 2026-11-22 because it may be asked here of citizens and "
            "nationals (the reading that protects you most, as your status is not known), and you are free to "
            "decline (rule citizen: Example Act, section 3)."
        ),
        (
            "Se le pidió una fotografía al salir el 2026-11-22 porque aquí se puede pedir a los ciudadanos y "
            "nacionales (la lectura que más le protege, porque no consta su condición), y usted puede negarse "
            "(regla citizen: Example Act, section 3)."
        ),
    ),
    (
        replace(ALIEN, opted_out=True),
        "declined",
        (
            "No photograph of you was compared on leaving on 2026-11-22 because you declined, but it is required "
            "here of people aged 14 or older who are not citizens or nationals, so an officer decides what follows "
            "(rule alien-pilot: Example Act, section 5)."
        ),
        (
            "No se comparó ninguna fotografía suya al salir el 2026-11-22 porque usted se negó, pero aquí se exige a "
            "las personas de 14 años o más que no son ciudadanas ni nacionales, por lo que un agente decide lo que "
            "sigue (regla alien-pilot: Example Act, section 5)."
        ),
    ),
    (
        replace(ALIEN, status=Status.CITIZEN, opted_out=True),
        "opted_out",
        (
            "No photograph of you was compared on leaving on 2026-11-22 because you declined, as you were free to "
            "do, and a person checks your papers instead (rule citizen: Example Act, section 3)."
        ),
        (
            "No se comparó ninguna fotografía suya al salir el 2026-11-22 porque usted se negó, como tenía derecho a "
            "hacer, y una persona revisa sus documentos en su lugar (regla citizen: Example Act, section 3)."
        ),
    ),
    (
        CHILD,
        "voluntary",
        (
            "You were asked for a photograph on leaving on 2026-11-22 because it may be asked here of citizens and "
            "nationals (if younger than 14, only beside a parent or guardian), and you are free to decline "
            "(rule citizen: Example Act, section 3)."
        ),
        (
            "Se le pidió una fotografía al salir el 2026-11-22 porque aquí se puede pedir a los ciudadanos y "
            "nacionales (los menores de 14 años, solo junto a su padre, madre o tutor), y usted puede negarse "
            "(regla citizen: Example Act, section 3)."
        ),
    ),
    (
        replace(CHILD, guardian=Guardian.ABSENT),
        "guardian_absent",
        (
            "You were not asked for a photograph by a machine on leaving on 2026-11-22 because you are younger than "
            "14 and no parent or guardian was beside you, so a person checks your papers instead "
            "(rule citizen: Example Act, section 3; Example Act, section 9)."
        ),
        (
            "No se le pidió ninguna fotografía por medio de una máquina al salir el 2026-11-22 porque usted es menor "
            "de 14 años y no había a su lado padre, madre ni tutor, por lo que una persona revisa sus documentos en "
            "su lugar (regla citizen: Example Act, section 3; Example Act, section 9)."
        ),
    ),
    (
        replace(ALIEN, direction=Direction.ENTRY),
        "no_rule",
        (
            "You were not asked for a photograph on entering on 2026-11-22 because no rule of rulebook small allows "
            "it here on that day."
        ),
        (
            "No se le pidió ninguna fotografía al entrar el 2026-11-22 porque ninguna regla del reglamento small lo "
            "permite aquí ese día."
        ),
    ),
    (
        replace(ALIEN, direction=Direction.ENTRY, opted_out=True),
        "opted_out",
        (
            "No photograph of you was compared on entering on 2026-11-22 because you declined, and no rule of "
            "rulebook small would have allowed it here anyway."
        ),
        (
            "No se comparó ninguna fotografía suya al entrar el 2026-11-22 porque usted se negó, y de todos modos "
            "ninguna regla del reglamento small lo habría permitido aquí."
        ),
    ),
    (
        replace(ALIEN, nationality="QZZ", opted_out=True),
        "opted_out",
        (
            "No photograph of you was compared on leaving on 2026-11-22 because you declined, and it would not have "
            "been asked of you anyway (rule alien-pilot: Example Act, section 5)."
        ),
        (
            "No se comparó ninguna fotografía suya al salir el 2026-11-22 porque usted se negó, y de todos modos no "
            "se le habría pedido (regla alien-pilot: Example Act, section 5)."
        ),
    ),
]


@pytest.mark.parametrize(("facts", "permission", "english", "spanish"), SENTENCES)
def test_the_sentence_says_why(small: Rulebook, facts: Facts, permission: str, english: str, spanish: str) -> None:
    """In the language asked for, naming the rule and what it rests on, and nothing is said that is not so."""
    for language, sentence in (("en", english), ("es", spanish)):
        told = explain(small, facts, DAY, language)
        assert (told.permission, told.sentence) == (permission, sentence)


def test_the_rule_and_its_citation_stand_beside_the_sentence(small: Rulebook) -> None:
    """For scripts, so that nobody takes a sentence apart."""
    assert explain(small, ALIEN, DAY, "en") == Explanation(
        "required", "alien-pilot", "Example Act, section 5", SENTENCES[0][2]
    )


def test_a_language_that_the_rulebook_does_not_give_is_refused(small: Rulebook, example_eu: Rulebook) -> None:
    """Nor one of its languages in which no explanation is written, rather than a sentence in another one."""
    with pytest.raises(InputRefused, match="not explained in 'fr'"):
        explain(small, ALIEN, DAY, "fr")
    assert example_eu.languages == ("en", "es", "fr")
    assert languages_of(example_eu) == ("en", "es")
    with pytest.raises(InputRefused, match="Use one of: en, es"):
        explain(example_eu, ALIEN, DAY, "fr")
