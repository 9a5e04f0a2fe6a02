"""Every covered combination has exactly one rule on every day: checked at load, and kept as the index for asking."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise, product
from types import MappingProxyType

from fairgate.rules.faults import Gap, OutsideCoverage, Overlap
from fairgate.rules.rule import ANY_PORT, ELSEWHERE, PROTECTION, Ask, Coverage, Rule, RuleStatus
from fairgate.vocabulary import Direction, LaneKind, Modality, Status

KNOWN_STATUSES = (Status.CITIZEN, Status.NATIONAL, Status.PERMANENT_RESIDENT, Status.ALIEN)
"""The statuses that rules are written for; the unknown have the most protective reading of all."""

Cell = tuple[Direction, LaneKind, Modality, str, Status]
"""One covered combination: direction, lane, modality, port and status, the unknown among them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The rules that may be the one which decides, and the one that does.

    Args:
        rules: all that are possible, without repetition: by status, then by age.
        rule: the most protective of them, and of two alike the first.
        exempting: those that leave somebody out, where ``rule`` asks at all: the first of them that leaves this person
            out decides instead.
    """

    rules: tuple[Rule, ...]
    rule: Rule
    exempting: tuple[Rule, ...]

    @classmethod
    def among(cls, rules: Iterable[Rule]) -> Choice:
        """Return the choice among at least one rule."""
        distinct = tuple({rule.id: rule for rule in rules}.values())
        rule = min(distinct, key=lambda one: PROTECTION[one.ask])
        exempting = () if rule.ask is Ask.NOT_ASKED else tuple(one for one in distinct if one.who.exempt)
        return cls(distinct, rule, exempting)


@dataclass(frozen=True, slots=True)
class AgeBands:
    """What may decide in one cell, by age.

    Args:
        starts: youngest age of each band, ascending from 0.
        choices: of each band.
        any_age: where the age is not known.
    """

    starts: tuple[int, ...]
    choices: tuple[Choice, ...]
    any_age: Choice

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the cell."""
        return self.any_age.rules

    def at(self, ages: Sequence[int]) -> Choice:
        """Return what may decide for somebody of one of these ages; of any age where there are none."""
        if len(ages) == 1:
            return self.choices[bisect_right(self.starts, ages[0]) - 1]
        if not ages:
            return self.any_age
        return Choice.among(rule for age in ages for rule in self.at((age,)).rules)

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> AgeBands:
        """Return the bands of one status, whose rules follow one another without gap or overlap."""
        choices = tuple(Choice.among([rule]) for rule in rules)
        return cls(tuple(rule.who.age_from for rule in rules), choices, Choice.among(rules))

    @classmethod
    def of_any(cls, bands: Sequence[AgeBands]) -> AgeBands:
        """Return the bands of somebody who may have any of several statuses."""
        starts = sorted({start for one in bands for start in one.starts})
        choices = tuple(Choice.among(rule for one in bands for rule in one.at((start,)).rules) for start in starts)
        return cls(tuple(starts), choices, Choice.among(rule for one in bands for rule in one.rules))


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days on which the same rules are in force."""

    cells: Mapping[Cell, AgeBands] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which rule decides for whom, by day.

    Args:
        named_ports: ports that some rule names; all others are ``"elsewhere"``.
        starts: first day of each period, as an ordinal, ascending.
        periods: one for each start; ``None`` where the rulebook covers nothing.
    """

    named_ports: frozenset[str]
    starts: tuple[int, ...]
    periods: tuple[Period | None, ...] = field(repr=False)

    def on(self, day: date) -> Period | None:
        """Return the rules of a day, or ``None`` outside what the rulebook covers."""
        place = bisect_right(self.starts, day.toordinal()) - 1
        return self.periods[place] if place >= 0 else None


def calendar_of(rules: Sequence[Rule], coverage: Coverage) -> Calendar:
    """Return the calendar of a rulebook.

    Raises:
        Gap: a combination has no rule.
        Overlap: a combination has two.
        OutsideCoverage: a rule reaches outside the coverage.
    """
    in_force = [rule for rule in rules if rule.status is RuleStatus.IN_FORCE]
    named_ports = frozenset(port for rule in in_force for port in rule.ports) - {ANY_PORT, ELSEWHERE}
    for rule in in_force:
        _refuse_outside(rule, coverage)
    first = coverage.first_day.toordinal()
    end = coverage.last_day.toordinal() + 1 if coverage.last_day is not None else None
    changes = {first}
    for rule in in_force:
        changes.update(bound for bound in _days(rule) if bound is not None)
    starts = sorted(start for start in changes if end is None or start < end)
    periods: list[Period | None] = []
    for start in starts:
        active = [rule for rule in in_force if _is_active(rule, start)]
        periods.append(_period(active, coverage, named_ports, start))
    if end is not None:
        starts.append(end)
        periods.append(None)
    return Calendar(named_ports, tuple(starts), tuple(periods))


def _refuse_outside(rule: Rule, coverage: Coverage) -> None:
    """Refuse a rule that is in force where the rulebook covers nothing: it would never apply, in silence."""
    first, end = _days(rule)
    is_outside = (
        first is None
        or first < coverage.first_day.toordinal()
        or (coverage.last_day is not None and (end is None or end > coverage.last_day.toordinal() + 1))
        or not set(rule.directions) <= set(coverage.directions)
        or not set(rule.lanes) <= set(coverage.lanes)
        or not set(rule.modalities) <= set(coverage.modalities)
    )
    if is_outside:
        raise OutsideCoverage(
            f"Rule {rule.id!r} reaches outside what the rulebook covers.", line=rule.line, rule_id=rule.id
        )


def _days(rule: Rule) -> tuple[int | None, int | None]:
    """Return a rule's first day and the day after its last, as ordinals."""
    first = rule.effective_from.toordinal() if rule.effective_from is not None else None
    return first, rule.effective_to.toordinal() + 1 if rule.effective_to is not None else None


def _is_active(rule: Rule, day: int) -> bool:
    first, end = _days(rule)
    return first is not None and first <= day and (end is None or day < end)


def _period(active: Sequence[Rule], coverage: Coverage, named_ports: frozenset[str], start: int) -> Period:
    by_cell: dict[Cell, list[Rule]] = {}
    for rule in active:
        for cell in _cells_of(rule, named_ports):
            by_cell.setdefault(cell, []).append(rule)
    covered = product(
        coverage.directions, coverage.lanes, coverage.modalities, [ELSEWHERE, *sorted(named_ports)], KNOWN_STATUSES
    )
    # Most cells have the same few rules as another one, so that each set of rules is looked at once.
    made: dict[tuple[str, ...], AgeBands] = {}
    cells: dict[Cell, AgeBands] = {}
    for cell in covered:
        rules = by_cell.get(cell, [])
        key = tuple(rule.id for rule in rules)
        if key not in made:
            made[key] = _bands(cell, rules, start, coverage.line)
        cells[cell] = made[key]
    of_any: dict[tuple[int, ...], AgeBands] = {}
    for place in {cell[:4] for cell in cells}:
        each = [cells[*place, status] for status in KNOWN_STATUSES]
        same = tuple(map(id, each))
        if same not in of_any:
            of_any[same] = AgeBands.of_any(each)
        cells[*place, Status.UNKNOWN] = of_any[same]
    return Period(MappingProxyType(cells))


def _cells_of(rule: Rule, named_ports: frozenset[str]) -> Iterator[Cell]:
    ports = named_ports | {ELSEWHERE} if ANY_PORT in rule.ports else rule.ports
    return product(rule.directions, rule.lanes, rule.modalities, ports, rule.who.statuses)


def _bands(cell: Cell, rules: Sequence[Rule], start: int, coverage_line: int | None) -> AgeBands:
    """Return one cell's rules by age, refusing any age with none or two."""
    ordered = sorted(rules, key=lambda rule: rule.who.age_from)
    if not ordered or ordered[0].who.age_from > 0:
        raise _gap(cell, 0, start, ordered[0] if ordered else None, coverage_line)
    for younger, older in pairwise(ordered):
        if younger.who.age_to is None or older.who.age_from <= younger.who.age_to:
            raise Overlap(
                f"Rules {younger.id!r} and {older.id!r} overlap: {_words(cell, older.who.age_from, start)}.",
                line=older.line,
                rule_id=older.id,
            )
        if older.who.age_from > younger.who.age_to + 1:
            raise _gap(cell, younger.who.age_to + 1, start, younger, coverage_line)
    oldest = ordered[-1]
    if oldest.who.age_to is not None:
        raise _gap(cell, oldest.who.age_to + 1, start, oldest, coverage_line)
    return AgeBands.of(ordered)


def _gap(cell: Cell, age_years: int, start: int, beside: Rule | None, coverage_line: int | None) -> Gap:
    """Return the refusal of a gap: at the line of the rule beside it, or of the coverage where there is none."""
    neighbour = f", beside rule {beside.id!r}" if beside is not None else ""
    return Gap(
        f"No rule in force decides for {_words(cell, age_years, start)}{neighbour}.",
        line=beside.line if beside is not None else coverage_line,
        rule_id=beside.id if beside is not None else None,
    )


def _words(cell: Cell, age_years: int, start: int) -> str:
    direction, lane, modality, port, status = cell
    day = date.fromordinal(start).isoformat()
    return f"{status} aged {age_years}, {direction}, lane {lane}, port {port}, {modality}, from {day}"
