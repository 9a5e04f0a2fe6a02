"""What commands print: tables for people, JSON for scripts. Both go to standard output, one way or the other."""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

JSON_FLAG = "--json"
COMMAND_LINE = "fairgate.command_line"
"""Where a command finds, in its context's ``meta``, the line that it was called with."""
DEMO_KEY = "demo_mode"
DEMO_LINE = "DEMO MODE: nobody adopted these rules, and nobody may be boarded by them."
_WIDTH_ELSEWHERE = 140
Json = Annotated[bool, typer.Option(JSON_FLAG, metavar="", help="Print JSON for scripts instead of tables.")]


@dataclass(slots=True)
class _Mode:
    """What every output of this run says beside its result."""

    demo: bool = False
    said: bool = False


_MODE = _Mode()


def begin_output() -> None:
    """Forget what an earlier run in this process said."""
    _MODE.demo = _MODE.said = False


def mark_as_demo() -> None:
    """Say on every output from now on that no rulebook was adopted."""
    _MODE.demo = True


def is_demo() -> bool:
    """Tell whether every output of this run must say that no rulebook was adopted."""
    return _MODE.demo


class OutputClosed(Exception):
    """Whoever read standard output is gone; there is nobody left to tell anything."""


def print_json(value: Mapping[str, object]) -> None:
    """Print one object on one line, ASCII only, and at once: a reader of JSON Lines sees it when it happens."""
    marked = {**value, DEMO_KEY: True} if _MODE.demo else value
    _put(json.dumps(marked, ensure_ascii=True, allow_nan=False) + "\n")


def print_line(text: str = "") -> None:
    """Print a line as it is, neither wrapped nor interpreted."""
    _write(text + "\n")


def print_note(text: str) -> None:
    """Print a line beside the result, on standard error."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers stand to the right, and no cell is read as markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [list(row) for row in rows]
    table = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for position, column in enumerate(columns):
        values = [row[position] for row in cells]
        numbers = bool(values) and all(isinstance(value, int | float) for value in values)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    # Rendered apart, because rich answers a closed pipe by ending the process with 1.
    rendered = io.StringIO()
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else _WIDTH_ELSEWHERE
    Console(file=rendered, width=width, force_terminal=terminal, highlight=False).print(table)
    _write("".join(f"{line.rstrip()}\n" for line in rendered.getvalue().splitlines()))


def output_is_closed() -> bool:
    """Return whether whoever read standard output is gone."""
    try:
        watched = select.poll()
        watched.register(sys.stdout.fileno(), 0)
        return any(event & select.POLLERR for _, event in watched.poll(0))
    except (OSError, ValueError):
        return False


def drop_output() -> None:
    """Send what is left to nowhere, so that Python's exit does not complain about the closed pipe."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_mode() -> None:
    """Say once, on standard error, that this is a demonstration, if it is one."""
    if _MODE.demo and not _MODE.said:
        _MODE.said = True
        print_note(DEMO_LINE)


def _write(text: str) -> None:
    say_mode()
    _put(text)


def _put(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise OutputClosed from error
