"""How facts of papers look on a terminal: one table for what stands alone, and one for each list of like things."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairgate.cli.output import print_line, print_table
from fairgate.cli.papers_read_rows import Row, certificate_row, leg_row, person_more, person_row, words

if TYPE_CHECKING:
    from fairgate.papers.findings import Finding
    from fairgate.papers.read_any import PaperRead

MOST_ROWS = 1000
"""Of one table on a terminal; ``--json`` has all."""
_UPRIGHT_COLUMNS, _UPRIGHT_ROWS = 7, 6
"""A list of few things with more facts than this is shown with one column a thing."""
_NOT_LISTED = re.compile(r"(\d+) more findings of this kind")
"""How a reader tells of findings that it counted and did not keep."""
_CERTIFICATES = "anchor_certificates"
_VERDICTS = {
    "genuine": "Genuine",
    "not_genuine": "Not genuine",
    "no_csca": "No CSCA: no certificate is known that could prove this passport; that says nothing against it",
    "undecided": "Undecided",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How much is shown.

    Args:
        all_findings: each, not one line for each code.
        certificates: every certificate of a master list that can be used.
    """

    all_findings: bool = False
    certificates: bool = False


def say(name: str, told: PaperRead, show: Shown) -> None:
    """Print a paper's facts and findings; no line of its own is folded.

    Args:
        name: of the file.
        told: as read.
        show: how much.
    """
    print_line(f"{shown(name)}: {_label(told.kind.value)}")
    facts = {one: value for one, value in told.facts.items() if show.certificates or one != _CERTIFICATES}
    authentication = facts.get("authentication")
    if isinstance(authentication, Mapping):
        print_line(_verdict(authentication, facts))
    _tables("", facts)
    _findings(told.findings, all_of_them=show.all_findings)


def shown(value: object) -> str:
    """Return a text without characters that a terminal would obey."""
    return "".join(one if one.isprintable() else "\ufffd" for one in str(value))


def _verdict(authentication: Mapping[str, object], facts: Mapping[str, object]) -> str:
    verdict = str(authentication.get("verdict"))
    said = _VERDICTS.get(verdict, verdict)
    reasons = authentication.get("reasons")
    if isinstance(reasons, Sequence) and reasons:
        said += f" ({', '.join(map(str, reasons))})"
    if authentication.get("imaginary"):
        said += "; of the imaginary state: a minted paper, for tests only"
    if authentication.get("revocation_checked") is False:
        said += "; revocation was not checked, for want of a list"
    trust = facts.get("trust")
    if isinstance(trust, Mapping) and not trust.get("named"):
        said += ". Nobody was named whom to believe: --trust FILE, or the setting trust_dir"
    return shown(said + ".")


def _tables(title: str, facts: Mapping[str, object]) -> None:
    """Print what stands alone in one table, then lists and groups of facts in tables of their own."""
    alone: list[tuple[str, str]] = []
    apart: list[tuple[str, object]] = []
    for name, value in facts.items():
        if value is None or value in ("", [], {}):
            continue
        if _is_group(value):
            apart.append((name, value))
        else:
            alone.append((_label(name), "\n".join(map(shown, _pieces(name, value)))))
    if alone:
        _heading(title)
        print_table("", ("fact", "value"), alone)
    for name, value in apart:
        place = f"{title}, {_label(name)}" if title else _label(name)
        if isinstance(value, Mapping):
            _tables(place, value)
        elif isinstance(value, Sequence):
            _list(place, name, value)


def _list(title: str, name: str, things: Sequence[Mapping[str, object]]) -> None:
    if any("people" in thing or "set_aside" in thing for thing in things):
        for place, thing in enumerate(things, start=1):
            _tables(f"{title} {place}", {one: value for one, value in thing.items() if one != _CERTIFICATES})
        return
    _rows(title, name, [_row(name, thing) for thing in things[:MOST_ROWS]])
    more = [row for thing in things[:MOST_ROWS] if name == "people" and "role" in thing and (row := person_more(thing))]
    if more:
        _rows(f"{title}, further facts", name, more)
    if len(things) > MOST_ROWS:
        print_line(f"{len(things) - MOST_ROWS} more: --json shows all.")


def _rows(title: str, name: str, rows: Sequence[Row]) -> None:
    named = dict.fromkeys(column for row in rows for column in row)
    columns = [column for column in named if any(row.get(column) not in ("", None) for row in rows)]
    _heading(title)
    if len(columns) > _UPRIGHT_COLUMNS and len(rows) <= _UPRIGHT_ROWS and name != "people":
        upright = [(column, *(_cell(row.get(column)) for row in rows)) for column in columns]
        print_table("", ("fact", *(str(place) for place in range(1, len(rows) + 1))), upright)
    else:
        print_table("", columns, [[_cell(row.get(column)) for column in columns] for row in rows])


def _row(name: str, thing: Mapping[str, object]) -> Row:
    if name == "people" and "role" in thing:
        return person_row(thing)
    if name == "legs" and "crosses_border" in thing:
        return leg_row(thing)
    if name == _CERTIFICATES:
        return certificate_row(thing)
    return {_label(one): value if isinstance(value, int) else words(value) for one, value in thing.items()}


def _findings(findings: Sequence[Finding], *, all_of_them: bool) -> None:
    if not findings:
        print_line("No findings.")
        return
    print_line("findings")
    if all_of_them:
        rows = [(shown(one.code), shown(one.where), shown(one.text)) for one in findings]
        print_table("", ("code", "where", "text"), rows)
        return
    first: dict[str, Finding] = {}
    counts: dict[str, int] = {}
    for one in findings:
        first.setdefault(str(one.code), one)
        further = _NOT_LISTED.match(one.text)
        counts[str(one.code)] = counts.get(str(one.code), 0) + (int(further[1]) if further else 1)
    grouped = [(counts[code], code, shown(one.where), shown(one.text)) for code, one in first.items()]
    print_table("", ("times", "code", "first at", "text of the first"), grouped)
    if len(findings) > len(first):
        print_line("--all-findings shows each.")


def _is_group(value: object) -> bool:
    if isinstance(value, Mapping):
        return not all(isinstance(one, int) for one in value.values()) or any(
            isinstance(one, bool) for one in value.values()
        )
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _pieces(name: str, value: object) -> list[str]:
    """Return a fact's lines: a zone's own, else one."""
    return [str(one) for one in value] if name == "lines" and isinstance(value, list) else [words(value)]


def _heading(title: str) -> None:
    if title:
        print_line(title)


def _cell(value: object) -> object:
    if value is None or value == "":
        return "–"
    return value if isinstance(value, int | float) and not isinstance(value, bool) else shown(words(value))


def _label(name: str) -> str:
    return name.replace("_", " ")
