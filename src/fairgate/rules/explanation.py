"""Why somebody was asked, or was not: one plain sentence, with the rule and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairgate.errors import InputRefused
from fairgate.rules.ages import possible_ages
from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.explanation_words import WORDS, Words
from fairgate.rules.opting_out import AfterOptOut
from fairgate.rules.permission import Facts, Permission, Refusal, RefusalReason, deciding_rule, is_exempt, may_ask
from fairgate.rules.rule import Rule, Who
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Status

REQUIRED = "required"
VOLUNTARY = "voluntary"
PERMISSIONS = (REQUIRED, VOLUNTARY, *RefusalReason)
"""Every answer that there is: the first two are permissions to ask, the others reasons not to."""

_OWN = frozenset({Status.CITIZEN, Status.NATIONAL})
_OTHERS = frozenset(KNOWN_STATUSES) - _OWN


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to "why was I asked?" and to "why was I not asked?".

    Args:
        permission: one of :data:`PERMISSIONS`.
        rule_id: the rule that decides; ``None`` where the rulebook has none.
        citation: what that rule rests on; ``""`` where there is none.
        sentence: for the traveller, in the language asked for.
    """

    permission: str
    rule_id: str | None
    citation: str
    sentence: str


def languages_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the rulebook's languages in which explanations are written, in its own order."""
    return tuple(language for language in rulebook.languages if language in WORDS)


def explain(rulebook: Rulebook, facts: Facts, on: date, language: str) -> Explanation:
    """Return why somebody may or may not be asked on a day.

    Args:
        rulebook: as loaded.
        facts: what is known.
        on: the calendar day at the port.
        language: ISO 639-1; one of the rulebook's.

    Raises:
        InputRefused: the rulebook does not give that language, or explanations are not written in it.
    """
    if language not in (offered := languages_of(rulebook)):
        raise InputRefused(
            f"Rulebook {rulebook.id!r} is not explained in {language!r}.", way_out=f"Use one of: {', '.join(offered)}."
        )
    answer = may_ask(rulebook, facts, on)
    rule = rulebook.rule(answer.rule_id) if answer.rule_id is not None else None
    return Explanation(
        permission=permission_of(answer),
        rule_id=answer.rule_id,
        citation=rule.basis.citation if rule is not None else "",
        sentence=_sentence(rulebook, facts, on, language, answer),
    )


def permission_of(answer: Permission | Refusal) -> str:
    """Return the one word for an answer, of :data:`PERMISSIONS`."""
    if isinstance(answer, Permission):
        return VOLUNTARY if answer.voluntary else REQUIRED
    return answer.reason.value


def _sentence(rulebook: Rulebook, facts: Facts, on: date, language: str, answer: Permission | Refusal) -> str:
    words, care = WORDS[language], rulebook.care
    rule, exemption = deciding_rule(rulebook, facts, on)
    ages = possible_ages(facts.born_on, on)
    kind = permission_of(answer)
    if kind == RefusalReason.OPTED_OUT and rule is None:
        kind = "opted_out_no_rule"
    elif kind == RefusalReason.OPTED_OUT and is_exempt(rulebook, facts, on):
        kind = "opted_out_not_asked"
    needs_guardian = isinstance(answer, Permission) and answer.guardian_needed
    is_child = any(age < care.guardian_required_under for age in ages)
    filled = {
        "asked": words.asked[facts.modality],
        "not_asked": words.not_asked[facts.modality],
        "declined": words.declined[facts.modality],
        "way": words.way[facts.direction],
        "on": on.isoformat(),
        "book": rulebook.id,
        "after": words.after[_after(rulebook, answer)],
        "guardian": words.guardian.format(child_under=care.guardian_required_under) if needs_guardian else "",
        "child": words.sentences["is_child" if is_child else "may_be_child"].format(
            child_under=care.guardian_required_under
        ),
        "care_citation": care.basis.citation,
    }
    if rule is not None:
        filled["rule"] = words.rule.format(id=rule.id, citation=rule.basis.citation)
        filled["who"] = who_words(words, rule.who)
        filled["unknown"] = _unknown_words(words, facts, rule, ages)
    if exemption is not None:
        filled["exempt"] = exemption.words[language]
    return words.sentences[kind].format_map(filled)


def _after(rulebook: Rulebook, answer: Permission | Refusal) -> AfterOptOut:
    if isinstance(answer, Refusal) and answer.reason is RefusalReason.DECLINED:
        return rulebook.opting_out.when_required
    return rulebook.opting_out.when_voluntary


def _unknown_words(words: Words, facts: Facts, rule: Rule, ages: tuple[int, ...]) -> str:
    """Return why it was this rule, where something is not known that it depends on."""
    is_status_open = facts.status is Status.UNKNOWN
    is_age_open = len(ages) != 1 and (rule.who.age_from > 0 or rule.who.age_to is not None)
    if not is_status_open and not is_age_open:
        return ""
    what = words.age if not is_status_open else words.status_and_age if is_age_open else words.status
    return words.unknown.format(what=what)


def who_words(words: Words, who: Who) -> str:
    """Return whom a rule is about."""
    match frozenset(who.statuses):
        case statuses if statuses == _OWN | _OTHERS:
            people = words.everybody
        case statuses if statuses == _OWN:
            people = words.own
        case statuses if statuses == _OTHERS:
            people = words.others
        case statuses:
            people = f" {words.and_} ".join(words.one_of[status] for status in KNOWN_STATUSES if status in statuses)
    younger, between, older = words.ages
    if who.age_to is None:
        ages = older.format(low=who.age_from) if who.age_from else ""
    elif who.age_from == 0:
        ages = younger.format(under=who.age_to + 1)
    else:
        ages = between.format(low=who.age_from, high=who.age_to)
    return people.format(ages=ages)
