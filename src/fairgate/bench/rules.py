"""How quick it is to ask who may be asked, beside a rival that reads the rules one by one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date

from fairgate.bench.machine import describe_machine
from fairgate.bench.timing import Turn, take_turns
from fairgate.rules.ages import possible_ages
from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.explanation import explain, languages_of
from fairgate.rules.permission import Facts, may_ask
from fairgate.rules.rule import ANY_PORT, ELSEWHERE, PROTECTION, Ask, Rule, RuleStatus
from fairgate.rules.rulebook import Rulebook, read_rulebook
from fairgate.vocabulary import Status

Asked = tuple[Facts, date]
EXPLAINED = 1000
RIVAL_SHARE = 10
"""The rival answers every tenth question only; it is that much slower."""


def bench_rules(
    text: str, asked: Sequence[Asked], rounds: int, progress: Callable[[int, int], None]
) -> dict[str, object]:
    """Return how long asking, explaining and loading take, and how often the rival's rule is another one.

    Args:
        text: of the rulebook.
        asked: facts, each with its day.
        rounds: how often each is timed; the median is given.
        progress: called with (rounds done, rounds).
    """
    before = os.getloadavg()[0]
    book = read_rulebook(text)
    rival = RuleByRule(book)
    fewer = asked[::RIVAL_SHARE]
    language = languages_of(book)[0]
    times = take_turns(
        [
            Turn("may_ask", lambda: [may_ask(book, facts, on) for facts, on in asked]),
            Turn("rule_by_rule", lambda: [rival.decides(facts, on) for facts, on in fewer]),
            Turn("explain", lambda: [explain(book, facts, on, language) for facts, on in asked[:EXPLAINED]]),
            Turn("load", lambda: read_rulebook(text)),
        ],
        rounds,
        progress,
    )
    answered = {"may_ask": len(asked), "rule_by_rule": len(fewer), "explain": len(asked[:EXPLAINED]), "load": 1}
    per_call_us = {name: 1000 * times[name].median / count for name, count in answered.items()}
    return {
        "rulebook": book.id,
        "rulebook_sha256": book.sha256,
        "rules": len(book.rules),
        "asked": len(asked),
        "seconds": times["may_ask"].median / 1000,
        "rows": {
            name: {**times[name].as_row(), "answered": answered[name], "per_call_us": per_call_us[name]}
            for name in answered
        },
        "ratio": round(per_call_us["rule_by_rule"] / per_call_us["may_ask"], 1),
        "rival_disagrees": sum(may_ask(book, facts, on).rule_id != rival.decides(facts, on) for facts, on in fewer),
        "rounds": rounds,
        "machine": describe_machine(),
        "load_average_before": before,
    }


class RuleByRule:
    """The rival without an index: reads every rule in force until it has found those that fit.

    Args:
        book: as loaded.
    """

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        # From the youngest on, which is the order in which equals are chosen.
        in_force = [rule for rule in book.rules if rule.status is RuleStatus.IN_FORCE]
        self._rules = sorted(in_force, key=lambda rule: rule.who.age_from)

    def decides(self, facts: Facts, on: date) -> str | None:
        """Return the identifier of the rule that decides, or ``None`` where there is none."""
        statuses = KNOWN_STATUSES if facts.status is Status.UNKNOWN else (facts.status,)
        ages = possible_ages(facts.born_on, on)
        port = facts.port if facts.port in self._book.calendar.named_ports else ELSEWHERE
        possible = [
            rule
            for status in statuses
            for rule in self._rules
            if status in rule.who.statuses
            and _covers(rule, facts, port, on)
            and (not ages or any(_is_of_age(rule, age) for age in ages))
        ]
        if not possible:
            return None
        found = min(possible, key=lambda rule: PROTECTION[rule.ask])
        if found.ask is not Ask.NOT_ASKED:
            found = next((rule for rule in possible if _is_spared(self._book, rule, facts)), found)
        return found.id


def _covers(rule: Rule, facts: Facts, port: str, on: date) -> bool:
    return (
        rule.effective_from is not None
        and rule.effective_from <= on
        and (rule.effective_to is None or on <= rule.effective_to)
        and facts.direction in rule.directions
        and facts.lane in rule.lanes
        and facts.modality in rule.modalities
        and (ANY_PORT in rule.ports or port in rule.ports)
    )


def _is_of_age(rule: Rule, age_years: int) -> bool:
    return rule.who.age_from <= age_years and (rule.who.age_to is None or age_years <= rule.who.age_to)


def _is_spared(book: Rulebook, rule: Rule, facts: Facts) -> bool:
    for identifier in rule.who.exempt:
        if identifier in facts.exemptions:
            return True
        exemption = book.exemptions[identifier]
        nationalities = {facts.nationality, *facts.further_nationalities}
        checks = [
            not exemption.nationalities or bool(exemption.nationalities & nationalities),
            not exemption.visa_classes or facts.visa_class in exemption.visa_classes,
            not exemption.statuses or facts.status is Status.UNKNOWN or facts.status in exemption.statuses,
            exemption.on_waiver in (None, facts.on_waiver),
            exemption.trusted_traveller in (None, facts.trusted_traveller),
        ]
        states_something = bool(
            exemption.nationalities
            or exemption.visa_classes
            or exemption.statuses
            or exemption.on_waiver is not None
            or exemption.trusted_traveller is not None
        )
        if states_something and all(checks):
            return True
    return False
