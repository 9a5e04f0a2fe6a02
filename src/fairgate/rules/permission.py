"""Who may be asked for a biometric, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairgate.rules.ages import possible_ages
from fairgate.rules.answers import Permission, Refusal, RefusalReason
from fairgate.rules.coverage import Choice
from fairgate.rules.rule import ELSEWHERE, Ask, Exemption, Rule
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, Status

__all__ = [
    "Facts",
    "Permission",
    "Refusal",
    "RefusalReason",
    "deciding_rule",
    "exemption_of",
    "is_exempt",
    "may_ask",
]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person and a place when somebody wants to ask.

    Args:
        status: the person's standing towards the rulebook's state.
        direction: which way the border is crossed.
        lane: the kind of place.
        port: location code of the place.
        modality: which biometric would be asked for.
        nationality: three-letter code, or ``""``; some exemptions are recognised by it.
        born_on: date of birth, where known.
        visa_class: class of the visa held or admitted on, e.g. ``"A-1"``; ``""`` where none is known.
        on_waiver: known to travel under a waiver of the visa.
        trusted_traveller: known to be a member of a programme of trusted travellers.
        exemptions: identifiers of exemptions that the person is known to hold.
        opted_out: the person declines.
        guardian: whether somebody answerable for a child stands beside them.
        further_nationalities: codes beside the first; an exemption by any of them holds.
    """

    status: Status
    direction: Direction
    lane: LaneKind
    port: str
    modality: Modality = Modality.PHOTOGRAPH
    nationality: str = ""
    born_on: date | None = None
    visa_class: str = ""
    on_waiver: bool = False
    trusted_traveller: bool = False
    exemptions: frozenset[str] = frozenset()
    opted_out: bool = False
    guardian: Guardian = Guardian.UNKNOWN
    further_nationalities: tuple[str, ...] = ()

    @property
    def all_nationalities(self) -> tuple[str, ...]:
        """Every nationality that is known."""
        return (self.nationality, *self.further_nationalities)


def may_ask(rulebook: Rulebook, facts: Facts, on: date) -> Permission | Refusal:
    """Return whether a person may be asked for a biometric on a day.

    Where the status or the age is not known, the reading that protects most applies, of all that the known facts leave
    open: not being asked before being free to decline, and that before being required. A declared opt-out is never
    compared, whatever the rule says. A child without a guardian is not asked by a machine.

    Args:
        rulebook: as loaded.
        facts: what is known.
        on: the calendar day at the port.
    """
    ages = possible_ages(facts.born_on, on)
    choice = _choice(rulebook, facts, on, ages)
    if choice is None:
        reason = RefusalReason.OPTED_OUT if facts.opted_out else RefusalReason.NO_RULE
        return Refusal(None, reason, rulebook.sha256)
    if choice.exempting:
        for rule in choice.exempting:
            if exemption_of(rulebook, rule, facts) is not None:
                answers = rulebook.answers[rule.id]
                return answers.declined_exempt if facts.opted_out else answers.exempt
    answers = rulebook.answers[choice.rule.id]
    if facts.opted_out:
        return answers.declined
    if facts.guardian is Guardian.PRESENT or (ages and ages[0] >= rulebook.care.guardian_required_under):
        return answers.plain
    if not rulebook.care.guardian_required_under:
        return answers.plain
    return answers.alone if facts.guardian is Guardian.ABSENT else answers.beside_guardian


def deciding_rule(rulebook: Rulebook, facts: Facts, on: date) -> tuple[Rule | None, Exemption | None]:
    """Return the rule that decides about a person, and the exemption by which it leaves them out.

    Returns:
        ``None`` for the rule where the rulebook covers no such thing, and for the exemption where none applies. The
        rule is the same whether the person declines or not.
    """
    choice = _choice(rulebook, facts, on, possible_ages(facts.born_on, on))
    if choice is None:
        return None, None
    for rule in choice.exempting:
        exemption = exemption_of(rulebook, rule, facts)
        if exemption is not None:
            return rule, exemption
    return choice.rule, None


def is_exempt(rulebook: Rulebook, facts: Facts, on: date) -> bool:
    """Return whether the rules of a day do not ask this person at all: by exemption, age or place.

    A photo of them, if there is one, came about without a rule that asks for it, and :func:`erase_by` is told so.
    """
    rule, exemption = deciding_rule(rulebook, facts, on)
    return rule is None or exemption is not None or rule.ask is Ask.NOT_ASKED


def exemption_of(rulebook: Rulebook, rule: Rule, facts: Facts) -> Exemption | None:
    """Return the exemption by which a rule leaves this person out, or ``None``."""
    for identifier in rule.who.exempt:
        exemption = rulebook.exemptions[identifier]
        if identifier in facts.exemptions or _is_recognised(exemption, facts):
            return exemption
    return None


def _choice(rulebook: Rulebook, facts: Facts, on: date, ages: tuple[int, ...]) -> Choice | None:
    """Return what may decide, or ``None`` where the rulebook covers no such thing."""
    period = rulebook.calendar.on(on)
    if period is None:
        return None
    port = facts.port if facts.port in rulebook.calendar.named_ports else ELSEWHERE
    bands = period.cells.get((facts.direction, facts.lane, facts.modality, port, facts.status))
    return bands.at(ages) if bands is not None else None


def _is_recognised(exemption: Exemption, facts: Facts) -> bool:
    """Return whether all that an exemption states is true of somebody, and it states something."""
    if (
        (exemption.nationalities and exemption.nationalities.isdisjoint(facts.all_nationalities))
        or (exemption.visa_classes and facts.visa_class not in exemption.visa_classes)
        or (exemption.statuses and facts.status is not Status.UNKNOWN and facts.status not in exemption.statuses)
        or (exemption.on_waiver is not None and facts.on_waiver is not exemption.on_waiver)
        or (exemption.trusted_traveller is not None and facts.trusted_traveller is not exemption.trusted_traveller)
    ):
        return False
    return exemption.states_something
