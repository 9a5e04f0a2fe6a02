"""The words of explanations, by language; everything in braces is filled in by :mod:`fairgate.rules.explanation`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fairgate.rules.opting_out import AfterOptOut
from fairgate.vocabulary import Direction, Modality, Status


@dataclass(frozen=True, slots=True)
class Words:
    """One language.

    Args:
        asked, not_asked, declined: how each sentence begins, by modality.
        way: when, by direction.
        one_of: who a status is, by status, in the plural, with ``{ages}`` where an age would stand.
        everybody, own, others: the same for all, for citizens and nationals together, and for all others.
        and_: between the last two of several.
        ages: younger than one age, between two, from one on; ``{low}`` and ``{high}``, or ``{under}``.
        rule: how a rule is named.
        unknown: added where a rule was chosen because something is not known; ``{what}``.
        status, age, status_and_age: what may not be known.
        after: what follows an opt-out.
        sentences: by outcome.
        guardian: added where a guardian is needed; ``{child_under}``.
    """

    asked: Mapping[Modality, str]
    not_asked: Mapping[Modality, str]
    declined: Mapping[Modality, str]
    way: Mapping[Direction, str]
    one_of: Mapping[Status, str]
    everybody: str
    own: str
    others: str
    and_: str
    ages: tuple[str, str, str]
    rule: str
    unknown: str
    status: str
    age: str
    status_and_age: str
    after: Mapping[AfterOptOut, str]
    sentences: Mapping[str, str]
    guardian: str


_ENGLISH = Words(
    asked={
        Modality.PHOTOGRAPH: "You were asked for a photograph",
        Modality.FINGERPRINTS: "You were asked for fingerprints",
    },
    not_asked={
        Modality.PHOTOGRAPH: "You were not asked for a photograph",
        Modality.FINGERPRINTS: "You were not asked for fingerprints",
    },
    declined={
        Modality.PHOTOGRAPH: "No photograph of you was compared",
        Modality.FINGERPRINTS: "No fingerprints of yours were compared",
    },
    way={Direction.ENTRY: "on entering", Direction.EXIT: "on leaving"},
    one_of={
        Status.CITIZEN: "citizens{ages}",
        Status.NATIONAL: "nationals{ages}",
        Status.PERMANENT_RESIDENT: "permanent residents{ages}",
        Status.ALIEN: "foreigners{ages} who are not permanent residents",
    },
    everybody="people{ages}",
    own="citizens and nationals{ages}",
    others="people{ages} who are not citizens or nationals",
    and_="and",
    ages=(" younger than {under}", " aged {low} to {high}", " aged {low} or older"),
    rule="rule {id}: {citation}",
    unknown=" (the reading that protects you most, as {what} not known)",
    status="your status is",
    age="your age is",
    status_and_age="your status and age are",
    after={
        AfterOptOut.MANUAL_CHECK: "a person checks your papers instead",
        AfterOptOut.SEE_OFFICER: "an officer decides what follows",
    },
    sentences={
        "required": "{asked} {way} on {on} because it is required here of {who}{unknown}{guardian} ({rule}).",
        "voluntary": "{asked} {way} on {on} because it may be asked here of {who}{unknown}{guardian}, and you are free "
        "to decline ({rule}).",
        "not_asked": "{not_asked} {way} on {on} because it is not asked here of {who}{unknown} ({rule}).",
        "exempt": "{not_asked} {way} on {on} because it is not asked of {exempt}{unknown} ({rule}).",
        "opted_out": "{declined} {way} on {on} because you declined, as you were free to do{unknown}, and {after} "
        "({rule}).",
        "opted_out_not_asked": "{declined} {way} on {on} because you declined, and it would not have been asked of you "
        "anyway{unknown} ({rule}).",
        "opted_out_no_rule": "{declined} {way} on {on} because you declined, and no rule of rulebook {book} would have "
        "allowed it here anyway.",
        "declined": "{declined} {way} on {on} because you declined, but it is required here of {who}{unknown}, so "
        "{after} ({rule}).",
        "no_rule": "{not_asked} {way} on {on} because no rule of rulebook {book} allows it here on that day.",
        "guardian_absent": "{not_asked} by a machine {way} on {on} because {child} and no parent or guardian was "
        "beside you{unknown}, so {after} ({rule}; {care_citation}).",
        "is_child": "you are younger than {child_under}",
        "may_be_child": "you may be younger than {child_under}",
    },
    guardian=" (if younger than {child_under}, only beside a parent or guardian)",
)

_SPANISH = Words(
    asked={
        Modality.PHOTOGRAPH: "Se le pidió una fotografía",
        Modality.FINGERPRINTS: "Se le pidieron las huellas dactilares",
    },
    not_asked={
        Modality.PHOTOGRAPH: "No se le pidió ninguna fotografía",
        Modality.FINGERPRINTS: "No se le pidieron las huellas dactilares",
    },
    declined={
        Modality.PHOTOGRAPH: "No se comparó ninguna fotografía suya",
        Modality.FINGERPRINTS: "No se compararon sus huellas dactilares",
    },
    way={Direction.ENTRY: "al entrar", Direction.EXIT: "al salir"},
    one_of={
        Status.CITIZEN: "los ciudadanos{ages}",
        Status.NATIONAL: "los nacionales{ages}",
        Status.PERMANENT_RESIDENT: "los residentes permanentes{ages}",
        Status.ALIEN: "los extranjeros{ages} que no son residentes permanentes",
    },
    everybody="todas las personas{ages}",
    own="los ciudadanos y nacionales{ages}",
    others="las personas{ages} que no son ciudadanas ni nacionales",
    and_="y",
    ages=(" menores de {under} años", " de {low} a {high} años", " de {low} años o más"),
    rule="regla {id}: {citation}",
    unknown=" (la lectura que más le protege, porque {what})",
    status="no consta su condición",
    age="no consta su edad",
    status_and_age="no constan su condición ni su edad",
    after={
        AfterOptOut.MANUAL_CHECK: "una persona revisa sus documentos en su lugar",
        AfterOptOut.SEE_OFFICER: "un agente decide lo que sigue",
    },
    sentences={
        "required": "{asked} {way} el {on} porque aquí se exige a {who}{unknown}{guardian} ({rule}).",
        "voluntary": "{asked} {way} el {on} porque aquí se puede pedir a {who}{unknown}{guardian}, y usted puede "
        "negarse ({rule}).",
        "not_asked": "{not_asked} {way} el {on} porque aquí no se pide a {who}{unknown} ({rule}).",
        "exempt": "{not_asked} {way} el {on} porque no se pide a {exempt}{unknown} ({rule}).",
        "opted_out": "{declined} {way} el {on} porque usted se negó, como tenía derecho a hacer{unknown}, y {after} "
        "({rule}).",
        "opted_out_not_asked": "{declined} {way} el {on} porque usted se negó, y de todos modos no se le habría "
        "pedido{unknown} ({rule}).",
        "opted_out_no_rule": "{declined} {way} el {on} porque usted se negó, y de todos modos ninguna regla del "
        "reglamento {book} lo habría permitido aquí.",
        "declined": "{declined} {way} el {on} porque usted se negó, pero aquí se exige a {who}{unknown}, por lo que "
        "{after} ({rule}).",
        "no_rule": "{not_asked} {way} el {on} porque ninguna regla del reglamento {book} lo permite aquí ese día.",
        "guardian_absent": "{not_asked} por medio de una máquina {way} el {on} porque {child} y no había a su lado "
        "padre, madre ni tutor{unknown}, por lo que {after} ({rule}; {care_citation}).",
        "is_child": "usted es menor de {child_under} años",
        "may_be_child": "usted podría ser menor de {child_under} años",
    },
    guardian=" (los menores de {child_under} años, solo junto a su padre, madre o tutor)",
)

WORDS: Mapping[str, Words] = {"en": _ENGLISH, "es": _SPANISH}
"""Every language that explanations are written in, ISO 639-1."""
