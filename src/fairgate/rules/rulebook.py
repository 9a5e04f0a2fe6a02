"""A rulebook: its text read strictly, its digest, and everything that it holds."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fairgate.errors import RulebookRefused
from fairgate.rules.coverage import KNOWN_STATUSES, Calendar, calendar_of
from fairgate.rules.deadlines import Retention, read_retention
from fairgate.rules.operating_point import OperatingPoint, read_operating_point
from fairgate.rules.purpose_list import Purpose, read_purposes
from fairgate.rules.rule import ANY_PORT, ELSEWHERE, Ask, Coverage, Exemption, Rule, RuleStatus, State, Who
from fairgate.rules.tables import Table
from fairgate.vocabulary import Direction, LaneKind, Modality, Status

_SET_PREFIX = "set:"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One state's rules, as data.

    Args:
        id: e.g. ``"us-cbp"``.
        title: in words.
        sha256: hex digest of the exact text.
        state: whose citizens it protects as its own.
        coverage: where it promises an answer.
        exemptions: by identifier.
        rules: all of them, whatever their status, in the text's order.
        retention: how long each class of record may live.
        purposes: what records may be used for, by identifier.
        operating_point: at which error rates faces are compared.
        calendar: which rule decides for whom, by day.
        trusts_imaginary_state: papers that a test authority minted are believed; no rulebook in production says so.
    """

    id: str
    title: str
    sha256: str
    state: State
    coverage: Coverage
    exemptions: Mapping[str, Exemption]
    rules: tuple[Rule, ...]
    retention: Retention
    purposes: Mapping[str, Purpose]
    operating_point: OperatingPoint
    calendar: Calendar = field(repr=False)
    trusts_imaginary_state: bool = False

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that identifier, whatever its status, or ``None``."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def read_rulebook(text: str) -> Rulebook:
    """Return a rulebook, wholly checked.

    Args:
        text: TOML, exactly as stored: the digest is over its UTF-8 bytes.

    Raises:
        RulebookRefused: the text is no TOML, a key is unknown or missing, a citation is missing, an end lies before its
            start, or a covered combination has no rule or two; ``rule_id`` names the rule where one is at fault.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookRefused(f"The rulebook is not TOML: {error}.") from error
    book = Table(values, "rulebook")
    identifier = book.identifier()
    title = book.text("title")
    state = _read_state(book.table("state"))
    coverage = _read_coverage(book.table("coverage"))
    exemptions = {exemption.id: exemption for exemption in map(_read_exemption, book.identified_tables("exemptions"))}
    port_sets = dict(map(_read_port_set, book.identified_tables("port_sets")))
    tables = book.identified_tables("rules", are_rules=True)
    rules = tuple(_read_rule(table, coverage, exemptions, port_sets) for table in tables)
    retention = read_retention(book.tables("retention"))
    purposes = read_purposes(book.identified_tables("purposes"))
    operating_point = read_operating_point(book.table("operating_point"))
    trusts_imaginary_state = book.has("trusts_imaginary_state") and book.flag("trusts_imaginary_state")
    book.finish()
    return Rulebook(
        id=identifier,
        title=title,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        state=state,
        coverage=coverage,
        exemptions=MappingProxyType(exemptions),
        rules=rules,
        retention=retention,
        purposes=purposes,
        operating_point=operating_point,
        calendar=calendar_of(rules, coverage),
        trusts_imaginary_state=trusts_imaginary_state,
    )


def _read_state(table: Table) -> State:
    state = State(frozenset(table.texts("codes")), table.texts("citizen_document_kinds"))
    table.basis()
    table.finish()
    return state


def _read_coverage(table: Table) -> Coverage:
    first_day, last_day = table.day("from"), table.day("to")
    if first_day is None:
        raise table.refused("'from' is missing.")
    if last_day is not None and last_day < first_day:
        raise table.refused("its end lies before its start.")
    coverage = Coverage(
        first_day=first_day,
        last_day=last_day,
        directions=table.choices("directions", Direction, any_of=tuple(Direction)),
        lanes=table.choices("lanes", LaneKind, any_of=tuple(LaneKind)),
        modalities=table.choices("modalities", Modality, any_of=tuple(Modality)),
    )
    table.finish()
    return coverage


def _read_exemption(table: Table) -> Exemption:
    exemption = Exemption(
        id=table.identity,
        text=table.text("text"),
        nationalities=frozenset(table.texts("nationalities")) if table.has("nationalities") else frozenset(),
        basis=table.basis(),
    )
    table.finish()
    return exemption


def _read_port_set(table: Table) -> tuple[str, frozenset[str]]:
    ports = frozenset(table.texts("ports"))
    table.basis()
    table.finish()
    return table.identity, ports


def _read_rule(
    table: Table, coverage: Coverage, exemptions: Mapping[str, Exemption], port_sets: Mapping[str, frozenset[str]]
) -> Rule:
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
    )
    table.finish()
    if status is RuleStatus.IN_FORCE and rule.effective_from is None:
        raise table.refused("a rule in force needs 'effective_from'.")
    if rule.effective_to is not None and (rule.effective_from is None or rule.effective_to < rule.effective_from):
        raise table.refused("its end lies before its start.")
    return rule


def _read_who(table: Table, exemptions: Mapping[str, Exemption]) -> Who:
    statuses = table.choices("status", Status, any_of=KNOWN_STATUSES)
    if Status.UNKNOWN in statuses:
        raise table.refused("an unknown status has the more protective reading and no rule of its own.")
    age_from = table.number("age_from") if table.has("age_from") else 0
    age_to = table.number("age_to") if table.has("age_to") else None
    if age_to is not None and age_to < age_from:
        raise table.refused("'age_to' lies below 'age_from'.")
    exempt = frozenset(table.texts("exempt")) if table.has("exempt") else frozenset()
    if unknown := sorted(exempt - set(exemptions)):
        raise table.refused(f"unknown exemption {unknown[0]!r}.")
    table.finish()
    return Who(statuses, age_from, age_to, exempt)


def _ports(table: Table, port_sets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Take a rule's ports, with sets replaced by what they hold."""
    given = table.texts("ports")
    if ANY_PORT in given and len(given) > 1:
        raise table.refused("'any' port stands alone.")
    ports: set[str] = set()
    for port in given:
        if port.startswith(_SET_PREFIX):
            named = port.removeprefix(_SET_PREFIX)
            if named not in port_sets:
                raise table.refused(f"unknown set of ports {named!r}.")
            ports |= port_sets[named]
        elif port in (ANY_PORT, ELSEWHERE) or (port.isascii() and port.isalnum() and port.isupper()):
            ports.add(port)
        else:
            raise table.refused(f"{port!r} is no location code.")
    return frozenset(ports)
