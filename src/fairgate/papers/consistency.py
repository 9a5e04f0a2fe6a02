"""What two papers of one person say differently: typed signals for an officer, never a verdict.

Zone, chip, list and visa are compared fact by fact. What a paper does not say, or what could not be read, is no
difference. A visa is another document: its own issuer, number and expiry are not compared with the passport's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.names import NameAgreement, WrittenName, compare_names


class SignalCode(StrEnum):
    """Stable codes of what may differ."""

    ISSUER_DIFFERS = "issuer_differs"
    NUMBER_DIFFERS = "number_differs"
    NAME_DIFFERS = "name_differs"
    NAME_NEAR = "name_near"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    SEX_DIFFERS = "sex_differs"
    NATIONALITY_DIFFERS = "nationality_differs"
    EXPIRY_DIFFERS = "expiry_differs"


@dataclass(frozen=True, slots=True)
class Signal:
    """One difference between two papers.

    Args:
        code: stable code.
        first: the first paper.
        second: the second.
        first_value: what the first says.
        second_value: what the second says.
        text: one sentence that says what differs, without the values.
    """

    code: SignalCode
    first: Source
    second: Source
    first_value: str
    second_value: str
    text: str


def compare_papers(papers: Sequence[DocumentFacts]) -> tuple[Signal, ...]:
    """Return every difference between any two papers of one person, in the order of the papers."""
    return tuple(signal for one, other in combinations(papers, 2) for signal in differences(one, other))


def differences(one: DocumentFacts, other: DocumentFacts) -> tuple[Signal, ...]:
    """Return what two papers of one person say differently."""
    signals: list[Signal] = []

    def tell(code: SignalCode, what: str, ours: object, theirs: object) -> None:
        text = f"{what} differs between {_NAMES[one.source]} and {_NAMES[other.source]}."
        signals.append(Signal(code, one.source, other.source, str(ours), str(theirs), text))

    if (one.source is Source.VISA) == (other.source is Source.VISA):
        if _both_differ(state(one.issuer), state(other.issuer)):
            tell(SignalCode.ISSUER_DIFFERS, "The issuer", one.issuer, other.issuer)
        if _both_differ(plain_number(one.number), plain_number(other.number)):
            tell(SignalCode.NUMBER_DIFFERS, "The document number", one.number, other.number)
        if _dates_differ(one.expires_on, other.expires_on):
            tell(SignalCode.EXPIRY_DIFFERS, "The date of expiry", one.expires_on, other.expires_on)
    compared = compare_names(_name(one), _name(other))
    if compared.agreement is NameAgreement.NEAR:
        what = f"The name, by {compared.distance} {'letter' if compared.distance == 1 else 'letters'},"
        tell(SignalCode.NAME_NEAR, what, _shown(one), _shown(other))
    elif compared.agreement is NameAgreement.DIFFERENT:
        tell(SignalCode.NAME_DIFFERS, "The name", _shown(one), _shown(other))
    if _births_differ(one.born, other.born):
        tell(SignalCode.BIRTH_DATE_DIFFERS, "The date of birth", one.born, other.born)
    if {one.sex, other.sex} == {"F", "M"}:
        tell(SignalCode.SEX_DIFFERS, "The sex", one.sex, other.sex)
    if _both_differ(state(one.nationality), state(other.nationality)):
        tell(SignalCode.NATIONALITY_DIFFERS, "The nationality", one.nationality, other.nationality)
    return tuple(signals)


_NAMES = {
    Source.MRZ: "the machine-readable zone",
    Source.CHIP: "the chip",
    Source.VISA: "the visa",
    Source.LIST: "the passenger list",
    Source.BOARDING: "the boarding pass",
}


def state(code: str) -> str:
    """Return a state's code in three letters: Germany's passports write ``D``."""
    return "DEU" if code == "D" else code.upper()


def plain_number(number: str) -> str:
    """Return a document number's letters and digits: fillers, spaces and hyphens are no part of it."""
    return "".join(character for character in number.upper() if character.isalnum())


def _both_differ(ours: str, theirs: str) -> bool:
    return bool(ours) and bool(theirs) and ours != theirs


def _dates_differ(ours: date | None, theirs: date | None) -> bool:
    return ours is not None and theirs is not None and ours != theirs


def _births_differ(ours: PartialDate | None, theirs: PartialDate | None) -> bool:
    return ours is not None and theirs is not None and not ours.agrees_with(theirs)


def _name(facts: DocumentFacts) -> WrittenName:
    return WrittenName(facts.family_name, facts.given_names, facts.name_may_be_truncated)


def _shown(facts: DocumentFacts) -> str:
    return f"{facts.family_name}, {facts.given_names}" if facts.given_names else facts.family_name
