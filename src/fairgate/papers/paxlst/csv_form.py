"""A passenger list as CSV: one row a person, both ways without loss.

A column is the path of a value in the JSON form, e.g. ``person.documents.1.number``; the columns of ``message`` and
``legs`` say the same in every row. A cell that a spreadsheet would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from fairgate.errors import PapersError
from fairgate.papers.edifact.segments import MAX_BYTES
from fairgate.papers.paxlst.facts import PassengerList
from fairgate.papers.paxlst.form import FORM, from_form, to_form
from fairgate.papers.paxlst.reading import MAX_PEOPLE

MAX_COLUMNS = 2000
MAX_DEPTH = 6
_FORMULA_STARTS = ("=", "+", "-", "@", "'")
"""Source: OWASP, CSV injection; the apostrophe itself is doubled so that it can be taken off again."""
_SHARED = ("form", "message", "legs")


def write_csv(listed: PassengerList) -> bytes:
    """Return a list as CSV, UTF-8, comma-separated, with a header row.

    Raises:
        PapersError: nobody is on the list, so that there is no row to hold it.
    """
    form = to_form(listed)
    if not form["people"]:
        raise PapersError("A list with nobody on it cannot be written as CSV.")
    shared: dict[str, str] = {}
    for name in _SHARED:
        _flatten(form[name], name, shared)
    people: list[dict[str, str]] = []
    for person in form["people"]:
        cells: dict[str, str] = {}
        _flatten(person, "person", cells)
        people.append(cells)
    columns = [*shared, *dict.fromkeys(column for cells in people for column in cells)]
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(columns)
    for cells in people:
        both = shared | cells
        rows.writerow([_guarded(both[column]) if column in both else "" for column in columns])
    return text.getvalue().encode()


def read_csv(content: bytes) -> PassengerList:
    """Return the list that CSV describes.

    Raises:
        PapersError: not such a table, over 8 MiB, or not of the form.
    """
    if len(content) > MAX_BYTES:
        raise PapersError(f"The input is longer than {MAX_BYTES} bytes.", position=MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise PapersError("The input is not UTF-8.", position=cause.start) from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = next(rows, [])
        _check_columns(columns)
        shared: dict[str, str] | None = None
        people: list[Any] = []
        for row in rows:
            if not any(row):
                continue
            shared, person = _row(columns, row, shared, rows.line_num)
            people.append(person)
            if len(people) > MAX_PEOPLE:
                raise PapersError(f"More than {MAX_PEOPLE} people are on the list.", position=0)
    except csv.Error:
        raise PapersError(f"Line {rows.line_num} is not CSV.", position=0) from None
    form = _nested(shared or {"form": FORM})
    return from_form({**form, "people": people})


def _row(columns: list[str], row: list[str], shared: dict[str, str] | None, line: int) -> tuple[dict[str, str], Any]:
    if len(row) != len(columns):
        raise PapersError(f"Line {line} has {len(row)} cells where the header has {len(columns)}.", position=0)
    cells = {column: _unguarded(cell) for column, cell in zip(columns, row, strict=True) if cell}
    own = {column: cell for column, cell in cells.items() if not column.startswith("person.")}
    if shared is not None and own != shared:
        raise PapersError(f"Line {line} is about another message or flight than the first.", position=0)
    return own, _nested({column: cell for column, cell in cells.items() if column.startswith("person.")}).get(
        "person", {}
    )


def _check_columns(columns: list[str]) -> None:
    """Refuse a header that is not of this form.

    Raises:
        PapersError: saying which column is wrong.
    """
    if len(columns) > MAX_COLUMNS:
        raise PapersError(f"There are more than {MAX_COLUMNS} columns.", position=0)
    if "form" not in columns:
        raise PapersError("This is not a passenger list as CSV: no column is named form.", position=0)
    if len(set(columns)) != len(columns):
        raise PapersError("Two columns have the same name.", position=0)
    for place, column in enumerate(columns, start=1):
        parts = column.split(".")
        if len(parts) > MAX_DEPTH or parts[0] not in (*_SHARED, "person") or "" in parts:
            raise PapersError(f"Column {place} is unknown.", position=0)


def _flatten(value: object, path: str, cells: dict[str, str]) -> None:
    if isinstance(value, dict):
        for name, one in value.items():
            _flatten(one, f"{path}.{name}", cells)
    elif isinstance(value, list):
        for place, one in enumerate(value, start=1):
            _flatten(one, f"{path}.{place}", cells)
    elif isinstance(value, bool):
        cells[path] = "true" if value else "false"
    else:
        cells[path] = str(value)


def _nested(cells: dict[str, str]) -> dict[str, Any]:
    """Return cells as nested objects; objects whose names are 1, 2, 3 … are lists."""
    root: dict[str, Any] = {}
    for path, cell in cells.items():
        *parents, name = path.split(".")
        inside = root
        for parent in parents:
            inside = inside.setdefault(parent, {})
            if not isinstance(inside, dict):
                raise PapersError("One column's name goes on from another's.", position=0)
        if name in inside:
            raise PapersError("One column's name goes on from another's.", position=0)
        inside[name] = cell
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    inside = {name: _listed(one) for name, one in value.items()}
    if inside and all(name.isascii() and name.isdigit() and len(name) < 5 for name in inside):
        return [inside[name] for name in sorted(inside, key=int)]
    return inside


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; one that is there and empty is an apostrophe alone."""
    return f"'{cell}" if not cell or cell.startswith(_FORMULA_STARTS) else cell


def _unguarded(cell: str) -> str:
    return cell.removeprefix("'")
