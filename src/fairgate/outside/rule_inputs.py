"""What people hand to the commands about rules: a rulebook by name or file, facts, and a population."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from fairgate.errors import InputRefused
from fairgate.outside.plain_files import Unread, read_plain_file
from fairgate.outside.rulebook_files import open_rulebook, rulebook_names
from fairgate.rules.difference import People
from fairgate.rules.facts_form import facts_from
from fairgate.rules.faults import FactsRefused
from fairgate.rules.permission import Facts
from fairgate.rules.rulebook import Rulebook, read_rulebook

_TEXT_LIMIT_BYTES = 1 << 20
_POPULATION_LIMIT_BYTES = 1 << 28
_MOST_PEOPLE = 1_000_000_000


def rulebook_named(name: str) -> Rulebook:
    """Return a rulebook that is part of Fairgate, by its name, or one that lies in a file.

    Raises:
        RulebookRefused: its text is not sound.
        InputRefused: it is neither a name nor a file that can be read.
    """
    if name in rulebook_names():
        return open_rulebook(name)
    way_out = f"Name a file, or one of: {', '.join(rulebook_names())}."
    return read_rulebook(_text(Path(name), _TEXT_LIMIT_BYTES, way_out))


def facts_in(path: Path, rulebook: Rulebook) -> Facts:
    """Return the facts that a JSON file states.

    Raises:
        FactsRefused: they are not of the form expected.
        InputRefused: the file cannot be read.
    """
    return facts_from(rulebook, _json(_text(path, _TEXT_LIMIT_BYTES, "Check the path."), ""))


def people_in(path: Path, rulebook: Rulebook) -> Iterator[People]:
    """Yield the people of a file with one JSON object a line: facts, and how many they are as ``count`` (else one).

    Raises:
        FactsRefused: a line is not of the form expected.
        InputRefused: the file cannot be read, or names nobody.
    """
    anybody = False
    text = _text(path, _POPULATION_LIMIT_BYTES, "Check the path.")
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        values = _json(line, f"Line {number}: ")
        count: object = 1
        if isinstance(values, dict):
            count = values.pop("count", 1)
        if type(count) is not int or not 1 <= count <= _MOST_PEOPLE:
            raise FactsRefused(f"Line {number}: 'count' must be a whole number from 1.")
        try:
            facts = facts_from(rulebook, values)
        except FactsRefused as refused:
            raise FactsRefused(f"Line {number}: {refused.public_text}", way_out=refused.way_out) from refused
        anybody = True
        yield People(facts, count)
    if not anybody:
        raise InputRefused(f"{path.name} names nobody.")


def _text(path: Path, limit_bytes: int, way_out: str) -> str:
    content = read_plain_file(path, limit_bytes)
    if isinstance(content, Unread):
        raise InputRefused(f"{path.name} cannot be read: {content.value.replace('_', ' ')}.", way_out=way_out)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(f"{path.name} is not UTF-8.") from error


def _json(text: str, where: str) -> object:
    def no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                raise FactsRefused(f"{where}{key!r} is stated twice.")
            found[key] = value
        return found

    try:
        value: object = json.loads(text, object_pairs_hook=no_key_twice)
    except (ValueError, RecursionError) as error:
        raise FactsRefused(f"{where}The facts are not JSON.") from error
    return value
