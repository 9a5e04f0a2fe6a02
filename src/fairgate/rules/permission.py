"""Who may be asked for a biometric, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from fairgate.rules.ages import possible_ages
from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.rule import ELSEWHERE, PROTECTION, Ask, Basis, Rule
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, LaneKind, Modality, Status


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
        exemptions: identifiers of exemptions that the person is known to hold.
        opted_out: the person declines.
    """

    status: Status
    direction: Direction
    lane: LaneKind
    port: str
    modality: Modality = Modality.PHOTOGRAPH
    nationality: str = ""
    born_on: date | None = None
    exemptions: frozenset[str] = frozenset()
    opted_out: bool = False


class RefusalReason(StrEnum):
    """Why somebody may not be asked."""

    NO_RULE = "no_rule"
    NOT_ASKED = "not_asked"
    EXEMPT = "exempt"
    OPTED_OUT = "opted_out"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Permission:
    """The person may be asked.

    Args:
        rule_id: the rule that says so.
        basis: what that rule rests on.
        voluntary: the person may decline, and must be told so.
        rulebook_sha256: digest of the rulebook's text.
    """

    rule_id: str
    basis: Basis
    voluntary: bool
    rulebook_sha256: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The person is not asked and nothing of them is compared; an officer looks at their papers.

    Args:
        rule_id: the rule that decides; ``None`` where the rulebook has none, which allows nothing.
        reason: stable code. ``declined`` is an opt-out where the rule requires: it is honoured all the same, and what
            follows from it is an officer's business.
        rulebook_sha256: digest of the rulebook's text.
    """

    rule_id: str | None
    reason: RefusalReason
    rulebook_sha256: str


def may_ask(rulebook: Rulebook, facts: Facts, on: date) -> Permission | Refusal:
    """Return whether a person may be asked for a biometric on a day.

    Where the status or the age is not known, the reading that protects most applies, of all that the known facts leave
    open: not being asked before being free to decline, and that before being required. A declared opt-out is never
    compared, whatever the rule says.

    Args:
        rulebook: as loaded.
        facts: what is known.
        on: the calendar day at the port.
    """
    rules = _possible_rules(rulebook, facts, on)
    if not rules:
        reason = RefusalReason.OPTED_OUT if facts.opted_out else RefusalReason.NO_RULE
        return Refusal(None, reason, rulebook.sha256)
    rank, rule = _protection(rulebook, rules[0], facts), rules[0]
    for other in rules[1:]:
        if (lower := _protection(rulebook, other, facts)) < rank:
            rank, rule = lower, other
    is_exempt = rank < PROTECTION[rule.ask]
    if facts.opted_out:
        is_required = rule.ask is Ask.REQUIRED and not is_exempt
        reason = RefusalReason.DECLINED if is_required else RefusalReason.OPTED_OUT
        return Refusal(rule.id, reason, rulebook.sha256)
    if is_exempt:
        return Refusal(rule.id, RefusalReason.EXEMPT, rulebook.sha256)
    match rule.ask:
        case Ask.REQUIRED:
            return Permission(rule.id, rule.basis, False, rulebook.sha256)
        case Ask.VOLUNTARY:
            return Permission(rule.id, rule.basis, True, rulebook.sha256)
        case Ask.NOT_ASKED:
            return Refusal(rule.id, RefusalReason.NOT_ASKED, rulebook.sha256)
        case _ as unreachable:
            assert_never(unreachable)


def _possible_rules(rulebook: Rulebook, facts: Facts, on: date) -> tuple[Rule, ...]:
    """Return every rule that the facts leave open; none where the rulebook covers no such thing."""
    period = rulebook.calendar.on(on)
    if period is None:
        return ()
    port = facts.port if facts.port in rulebook.calendar.named_ports else ELSEWHERE
    ages = possible_ages(facts.born_on, on)
    found: tuple[Rule, ...] = ()
    for status in _possible_statuses(facts.status):
        bands = period.cells.get((facts.direction, facts.lane, facts.modality, port, status))
        if bands is not None:
            found += tuple([bands.at(age) for age in ages]) if ages else bands.rules
    return found


def _possible_statuses(status: Status) -> tuple[Status, ...]:
    match status:
        case Status.CITIZEN | Status.ALIEN:
            return (status,)
        case Status.UNKNOWN:
            return KNOWN_STATUSES
        case _ as unreachable:
            assert_never(unreachable)


def _protection(rulebook: Rulebook, rule: Rule, facts: Facts) -> int:
    """Return how much a rule protects this person: an exemption makes it the most."""
    for identifier in rule.who.exempt:
        if identifier in facts.exemptions or facts.nationality in rulebook.exemptions[identifier].nationalities:
            return PROTECTION[Ask.NOT_ASKED]
    return PROTECTION[rule.ask]
