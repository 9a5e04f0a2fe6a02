"""The answers that a rulebook can give, made once for each rule: they are many times given and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from fairgate.rules.rule import Ask, Basis, Rule


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


@dataclass(frozen=True, slots=True)
class Answers:
    """Every answer under one rule.

    Args:
        plain: to whoever it is about.
        beside_guardian: the same to a child of whose guardian nothing is known.
        alone: to a child without a guardian.
        exempt: to whoever the rule leaves out.
        declined: to whoever it is about and declines.
        declined_exempt: to whoever it leaves out and declines.
    """

    plain: Permission | Refusal
    beside_guardian: Permission | Refusal
    alone: Refusal
    exempt: Refusal
    declined: Refusal
    declined_exempt: Refusal


def answers_of(rules: Iterable[Rule], sha256: str) -> Mapping[str, Answers]:
    """Return the answers under each rule, by its identifier.

    Args:
        rules: of one rulebook.
        sha256: hex digest of its text.
    """
    return MappingProxyType({rule.id: _answers(rule, sha256) for rule in rules})


def _answers(rule: Rule, sha256: str) -> Answers:
    opted_out = Refusal(rule.id, RefusalReason.OPTED_OUT, sha256)
    exempt = Refusal(rule.id, RefusalReason.EXEMPT, sha256)
    if rule.ask is Ask.NOT_ASKED:
        not_asked = Refusal(rule.id, RefusalReason.NOT_ASKED, sha256)
        return Answers(not_asked, not_asked, not_asked, exempt, opted_out, opted_out)
    voluntary = rule.ask is Ask.VOLUNTARY
    return Answers(
        plain=Permission(rule.id, rule.basis, voluntary, sha256),
        beside_guardian=Permission(rule.id, rule.basis, voluntary, sha256, guardian_needed=True),
        alone=Refusal(rule.id, RefusalReason.GUARDIAN_ABSENT, sha256),
        exempt=exempt,
        declined=opted_out if voluntary else Refusal(rule.id, RefusalReason.DECLINED, sha256),
        declined_exempt=opted_out,
    )
