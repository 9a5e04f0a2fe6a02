"""The state, what is covered, exemptions, sets of ports and rules, as a rulebook's tables give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.faults import EndBeforeStart, KeyMissing, UnknownName
from fairgate.rules.rule import ANY_PORT, ELSEWHERE, Ask, Coverage, Exemption, PortSet, Rule, RuleStatus, State, Who
from fairgate.rules.tables import Table
from fairgate.vocabulary import Direction, LaneKind, Modality, Status

_SET_PREFIX = "set:"
_PORTS = "ports"
_NOBODY: frozenset[Status] = frozenset()
_LANGUAGE = re.compile(r"[a-z]{2}")
NO_VISA = "none"
"""In an exemption's visa classes: nobody knows of a visa."""


def read_languages(book: Table) -> tuple[str, ...]:
    """Return the languages of notices and explanations, ISO 639-1."""
    languages = book.texts("languages")
    for language in languages:
        if _LANGUAGE.fullmatch(language) is None:
            raise book.refused(f"{language!r} is no two-letter language code.", key="languages")
    return languages


def read_state(table: Table) -> State:
    """Return whose citizens the rulebook protects as its own."""
    state = State(
        codes=frozenset(table.texts("codes")),
        citizen_document_kinds=table.texts("citizen_document_kinds"),
        basis=table.basis(),
        national_codes=frozenset(table.texts_or_none("national_codes")),
        resident_document_kinds=table.texts_or_none("resident_document_kinds"),
        member_document_kinds=table.texts_or_none("member_document_kinds"),
    )
    if both := sorted(state.codes & state.national_codes):
        raise table.refused(
            f"{both[0]!r} cannot stand for citizens and for nationals who are none.", key="national_codes"
        )
    table.finish()
    return state


def read_coverage(table: Table) -> Coverage:
    """Return where the rulebook promises an answer."""
    first_day, last_day = table.day("from"), table.day("to")
    if first_day is None:
        raise table.refused("'from' is missing.", kind=KeyMissing)
    if last_day is not None and last_day < first_day:
        raise table.refused("its end lies before its start.", key="to", kind=EndBeforeStart)
    coverage = Coverage(
        first_day=first_day,
        last_day=last_day,
        directions=table.choices("directions", Direction, any_of=tuple(Direction)),
        lanes=table.choices("lanes", LaneKind, any_of=tuple(LaneKind)),
        modalities=table.choices("modalities", Modality, any_of=tuple(Modality)),
        line=table.line(),
    )
    table.finish()
    return coverage


def read_exemption(table: Table, languages: Sequence[str]) -> Exemption:
    """Return a class of people whom rules may leave out, described in every language of the rulebook."""
    words = table.table("words")
    exemption = Exemption(
        id=table.identity,
        words=MappingProxyType({language: words.text(language) for language in languages}),
        basis=table.basis(),
        nationalities=frozenset(table.texts_or_none("nationalities")),
        visa_classes=frozenset(
            "" if visa_class == NO_VISA else visa_class for visa_class in table.texts_or_none("visa_classes")
        ),
        statuses=frozenset(table.choices("status", Status, any_of=KNOWN_STATUSES)) if table.has("status") else _NOBODY,
        on_waiver=table.flag("on_waiver") if table.has("on_waiver") else None,
        trusted_traveller=table.flag("trusted_traveller") if table.has("trusted_traveller") else None,
    )
    words.finish()
    table.finish()
    return exemption


def read_port_set(table: Table) -> PortSet:
    """Return a set of ports."""
    port_set = PortSet(table.identity, frozenset(table.texts(_PORTS)), table.basis())
    table.finish()
    return port_set


def read_rule(
    table: Table, coverage: Coverage, exemptions: Mapping[str, Exemption], port_sets: Mapping[str, PortSet]
) -> Rule:
    """Return one rule."""
    status = table.choice("status", RuleStatus)
    rule = Rule(
        id=table.identity,
        status=status,
        directions=table.choices("directions", Direction, any_of=coverage.directions),
        lanes=table.choices("lanes", LaneKind, any_of=coverage.lanes),
        ports=_ports(table, port_sets),
        modalities=table.choices("modalities", Modality, any_of=coverage.modalities),
        who=_read_who(table.table("who"), exemptions),
        ask=table.choice("ask", Ask),
        basis=table.basis(),
        effective_from=table.day("effective_from"),
        effective_to=table.day("effective_to"),
        line=table.line(),
    )
    table.finish()
    if status is RuleStatus.IN_FORCE and rule.effective_from is None:
        raise table.refused("a rule in force needs 'effective_from'.", kind=KeyMissing)
    if rule.effective_to is not None and (rule.effective_from is None or rule.effective_to < rule.effective_from):
        raise table.refused("its end lies before its start.", key="effective_to", kind=EndBeforeStart)
    return rule


def _read_who(table: Table, exemptions: Mapping[str, Exemption]) -> Who:
    statuses = table.choices("status", Status, any_of=KNOWN_STATUSES)
    if Status.UNKNOWN in statuses:
        raise table.refused("an unknown status has the most protective reading and no rule of its own.", key="status")
    age_from = table.number("age_from") if table.has("age_from") else 0
    age_to = table.number("age_to") if table.has("age_to") else None
    if age_to is not None and age_to < age_from:
        raise table.refused("'age_to' lies below 'age_from'.", key="age_to", kind=EndBeforeStart)
    exempt = table.texts_or_none("exempt")
    if unknown := [identifier for identifier in exempt if identifier not in exemptions]:
        raise table.refused(f"unknown exemption {unknown[0]!r}.", key="exempt", kind=UnknownName)
    table.finish()
    return Who(statuses, age_from, age_to, exempt)


def _ports(table: Table, port_sets: Mapping[str, PortSet]) -> frozenset[str]:
    """Take a rule's ports, with sets replaced by what they hold."""
    given = table.texts(_PORTS)
    if ANY_PORT in given and len(given) > 1:
        raise table.refused("'any' port stands alone.", key=_PORTS)
    ports: set[str] = set()
    for port in given:
        if port.startswith(_SET_PREFIX):
            named = port.removeprefix(_SET_PREFIX)
            if named not in port_sets:
                raise table.refused(f"unknown set of ports {named!r}.", key=_PORTS, kind=UnknownName)
            ports |= port_sets[named].ports
        elif port in (ANY_PORT, ELSEWHERE) or (port.isascii() and port.isalnum() and port.isupper()):
            ports.add(port)
        else:
            raise table.refused(f"{port!r} is no location code.", key=_PORTS)
    return frozenset(ports)
