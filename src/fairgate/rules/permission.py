"""Who may be asked for a biometric, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from fairgate.rules.ages import possible_ages
from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.rule import ELSEWHERE, PROTECTION, Ask, Basis, Exemption, Rule
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, Status


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


class RefusalReason(StrEnum):
    """Why somebody may not be asked."""

    NO_RULE = "no_rule"
    NOT_ASKED = "not_asked"
    EXEMPT = "exempt"
    OPTED_OUT = "opted_out"
    DECLINED = "declined"
    GUARDIAN_ABSENT = "guardian_absent"


@dataclass(frozen=True, slots=True)
class Permission:
    """The person may be asked.

    Args:
        rule_id: the rule that says so.
        basis: what that rule rests on.
        voluntary: the person may decline, and must be told so.
        rulebook_sha256: digest of the rulebook's text.
        guardian_needed: the person is, or may be, a child whom a machine asks only beside a guardian, and nobody has
            said yet that one is there; whoever asks at the lane finds out first.
    """

    rule_id: str
    basis: Basis
    voluntary: bool
    rulebook_sha256: str
    guardian_needed: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """The person is not asked and nothing of them is compared; an officer looks at their papers.

    Args:
        rule_id: the rule that decides; ``None`` where the rulebook has none, which allows nothing.
        reason: stable code. ``declined`` is an opt-out where the rule requires: it is honoured all the same, and what
            follows from it is an officer's business. ``guardian_absent`` is a child alone, whom no machine asks.
        rulebook_sha256: digest of the rulebook's text.
    """

    rule_id: str | None
    reason: RefusalReason
    rulebook_sha256: str


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
    rule, exemption = _decide(rulebook, facts, on, ages)
    if rule is None:
        reason = RefusalReason.OPTED_OUT if facts.opted_out else RefusalReason.NO_RULE
        return Refusal(None, reason, rulebook.sha256)
    if facts.opted_out:
        is_required = rule.ask is Ask.REQUIRED and exemption is None
        return Refusal(rule.id, RefusalReason.DECLINED if is_required else RefusalReason.OPTED_OUT, rulebook.sha256)
    if exemption is not None:
        return Refusal(rule.id, RefusalReason.EXEMPT, rulebook.sha256)
    if rule.ask is Ask.NOT_ASKED:
        return Refusal(rule.id, RefusalReason.NOT_ASKED, rulebook.sha256)
    may_be_child = (ages[0] if ages else 0) < rulebook.care.guardian_required_under
    if may_be_child and facts.guardian is Guardian.ABSENT:
        return Refusal(rule.id, RefusalReason.GUARDIAN_ABSENT, rulebook.sha256)
    guardian_needed = may_be_child and facts.guardian is not Guardian.PRESENT
    return Permission(rule.id, rule.basis, rule.ask is Ask.VOLUNTARY, rulebook.sha256, guardian_needed)


def deciding_rule(rulebook: Rulebook, facts: Facts, on: date) -> tuple[Rule | None, Exemption | None]:
    """Return the rule that decides about a person, and the exemption by which it leaves them out.

    Returns:
        ``None`` for the rule where the rulebook covers no such thing, and for the exemption where none applies. The
        rule is the same whether the person declines or not.
    """
    return _decide(rulebook, facts, on, possible_ages(facts.born_on, on))


def is_exempt(rulebook: Rulebook, facts: Facts, on: date) -> bool:
    """Return whether the rules of a day do not ask this person at all: by exemption, age or place.

    A photo of them, if there is one, came about without a rule that asks for it, and :func:`erase_by` is told so.
    """
    rule, exemption = deciding_rule(rulebook, facts, on)
    return rule is None or exemption is not None or rule.ask is Ask.NOT_ASKED


def _decide(rulebook: Rulebook, facts: Facts, on: date, ages: tuple[int, ...]) -> tuple[Rule | None, Exemption | None]:
    """Return the most protective of all rules that the facts leave open; of two alike the first."""
    period = rulebook.calendar.on(on)
    if period is None:
        return None, None
    port = facts.port if facts.port in rulebook.calendar.named_ports else ELSEWHERE
    found: tuple[Rule | None, Exemption | None] = None, None
    least = len(PROTECTION)
    for status in _possible_statuses(facts.status):
        bands = period.cells.get((facts.direction, facts.lane, facts.modality, port, status))
        if bands is None:
            continue
        for rule in [bands.at(age) for age in ages] if ages else bands.rules:
            exemption = _exemption(rulebook, rule, facts) if rule.who.exempt and rule.ask is not Ask.NOT_ASKED else None
            rank = PROTECTION[rule.ask if exemption is None else Ask.NOT_ASKED]
            if rank < least:
                least, found = rank, (rule, exemption)
    return found


def _possible_statuses(status: Status) -> tuple[Status, ...]:
    match status:
        case Status.CITIZEN | Status.NATIONAL | Status.PERMANENT_RESIDENT | Status.ALIEN:
            return (status,)
        case Status.UNKNOWN:
            return KNOWN_STATUSES
        case _ as unreachable:
            assert_never(unreachable)


def _exemption(rulebook: Rulebook, rule: Rule, facts: Facts) -> Exemption | None:
    """Return the exemption by which a rule leaves this person out, or ``None``."""
    for identifier in rule.who.exempt:
        exemption = rulebook.exemptions[identifier]
        if identifier in facts.exemptions or _is_recognised(exemption, facts):
            return exemption
    return None


def _is_recognised(exemption: Exemption, facts: Facts) -> bool:
    """Return whether all that an exemption states is true of somebody, and it states something."""
    stated = (
        (
            exemption.nationalities,
            not exemption.nationalities.isdisjoint((facts.nationality, *facts.further_nationalities)),
        ),
        (exemption.visa_classes, facts.visa_class in exemption.visa_classes),
        (exemption.statuses, facts.status in exemption.statuses or facts.status is Status.UNKNOWN),
        (exemption.on_waiver is not None, facts.on_waiver is exemption.on_waiver),
        (exemption.trusted_traveller is not None, facts.trusted_traveller is exemption.trusted_traveller),
    )
    return any(is_stated for is_stated, _ in stated) and all(holds for is_stated, holds in stated if is_stated)
