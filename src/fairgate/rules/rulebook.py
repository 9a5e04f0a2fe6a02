"""A rulebook: its text read strictly, its digest, and everything that it holds."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fairgate.rules.answers import Answers, answers_of
from fairgate.rules.care import Care, read_care
from fairgate.rules.changes import Changes, read_changes
from fairgate.rules.coverage import Calendar, calendar_of
from fairgate.rules.deadlines import Retention, read_retention
from fairgate.rules.faults import NotToml
from fairgate.rules.operating_point import OperatingPoint, read_operating_point
from fairgate.rules.opting_out import OptingOut, read_opting_out
from fairgate.rules.others import Others, read_others
from fairgate.rules.purpose_list import Purpose, read_purposes
from fairgate.rules.rule import Coverage, Exemption, PortSet, Rule, State
from fairgate.rules.rule_tables import (
    read_coverage,
    read_exemption,
    read_languages,
    read_port_set,
    read_rule,
    read_state,
)
from fairgate.rules.tables import Table
from fairgate.rules.toml_lines import line_numbers

_AT_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One state's rules, as data.

    Args:
        id: e.g. ``"us-cbp"``.
        title: in words.
        sha256: hex digest of the exact text.
        languages: in which notices and explanations are given, ISO 639-1; the first is the one where none is asked for.
        state: whose citizens it protects as its own.
        coverage: where it promises an answer.
        exemptions: by identifier.
        port_sets: ports that rules name together, by identifier.
        rules: all of them, whatever their status, in the text's order.
        retention: how long each class of record may live.
        purposes: what records may be used for, by identifier.
        operating_point: at which error rates faces are compared.
        care: children and older people.
        opting_out: what follows when somebody declines.
        changes: what it takes to change the rulebook.
        others: partners and bystanders.
        calendar: which rule decides for whom, by day.
        answers: under each rule, by its identifier.
        trusts_imaginary_state: papers that a test authority minted are believed; no rulebook in production says so.
    """

    id: str
    title: str
    sha256: str
    languages: tuple[str, ...]
    state: State
    coverage: Coverage
    exemptions: Mapping[str, Exemption] = field(repr=False)
    port_sets: Mapping[str, PortSet] = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    retention: Retention = field(repr=False)
    purposes: Mapping[str, Purpose] = field(repr=False)
    operating_point: OperatingPoint
    care: Care
    opting_out: OptingOut
    changes: Changes
    others: Others
    calendar: Calendar = field(repr=False)
    answers: Mapping[str, Answers] = field(repr=False)
    trusts_imaginary_state: bool = False

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that identifier, whatever its status, or ``None``."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def read_rulebook(text: str) -> Rulebook:
    """Return a rulebook, wholly checked.

    Args:
        text: TOML, exactly as stored: the digest is over its UTF-8 bytes.

    Raises:
        RulebookFault: the text is not sound, as one of :mod:`fairgate.rules.faults` says; ``line`` is where, and
            ``rule_id`` names the rule where one is at fault.
    """
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of no syntax, a number too long to read, or nested too deep
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise NotToml(f"The rulebook is not TOML: {error}.", line=line) from error
    book = Table(values, "rulebook", lines=line_numbers(text))
    identifier = book.identifier()
    title = book.text("title")
    languages = read_languages(book)
    state = read_state(book.table("state"))
    coverage = read_coverage(book.table("coverage"))
    exemptions = {table.identity: read_exemption(table, languages) for table in book.identified_tables("exemptions")}
    port_sets = {table.identity: read_port_set(table) for table in book.identified_tables("port_sets")}
    tables = book.identified_tables("rules", are_rules=True)
    rules = tuple(read_rule(table, coverage, exemptions, port_sets) for table in tables)
    retention = read_retention(book.tables("retention"))
    purposes = read_purposes(book.identified_tables("purposes"))
    operating_point = read_operating_point(book.table("operating_point"))
    care, opting_out = read_care(book.table("care")), read_opting_out(book.table("opting_out"))
    changes, others = read_changes(book.table("changes")), read_others(book.table("others"))
    trusts_imaginary_state = book.has("trusts_imaginary_state") and book.flag("trusts_imaginary_state")
    book.finish()
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Rulebook(
        id=identifier,
        title=title,
        sha256=sha256,
        languages=languages,
        state=state,
        coverage=coverage,
        exemptions=MappingProxyType(exemptions),
        port_sets=MappingProxyType(port_sets),
        rules=rules,
        retention=retention,
        purposes=purposes,
        operating_point=operating_point,
        care=care,
        opting_out=opting_out,
        changes=changes,
        others=others,
        calendar=calendar_of(rules, coverage),
        answers=answers_of(rules, sha256),
        trusts_imaginary_state=trusts_imaginary_state,
    )
