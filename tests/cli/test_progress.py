"""Progress: a bar on a terminal, plain lines at intervals elsewhere, and nothing on standard output."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest

from fairgate.cli.progress import LINE_EVERY_S, progress_shown


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _clock(*seconds: float) -> Callable[[], float]:
    ticks: Iterator[float] = iter(seconds)
    return lambda: next(ticks)


def test_lines_come_at_intervals_and_at_the_end() -> None:
    """The first call, then one every few seconds, and always the last."""
    stream = io.StringIO()
    timer = _clock(0, 1, LINE_EVERY_S, LINE_EVERY_S + 1, LINE_EVERY_S + 2)
    with progress_shown(timer, "Working", stream=stream) as (progress,):
        for done in (0, 1, 2, 3, 4):
            progress(done, 4)
    assert stream.getvalue() == "Working: 0 of 4\nWorking: 2 of 4\nWorking: 4 of 4\n"


def test_nothing_to_do_is_not_told() -> None:
    """No line says that none of none is done."""
    stream = io.StringIO()
    with progress_shown(_clock(), "Working", stream=stream) as (progress,):
        progress(0, 0)
    assert stream.getvalue() == ""


def test_two_pieces_of_work_are_told_apart() -> None:
    """Each has its title and its own interval."""
    stream = io.StringIO()
    with progress_shown(_clock(0, 0), "One", "Two", stream=stream) as (one, two):
        one(1, 1)
        two(1, 1)
    assert stream.getvalue() == "One: 1 of 1\nTwo: 1 of 1\n"


def test_a_terminal_gets_bars(capsys: pytest.CaptureFixture[str]) -> None:
    """Two bars live on one display, titles are not read as markup, and standard output stays empty."""
    stream = Terminal()
    with progress_shown(_clock(), "Enrolling [red]", "Boarding", stream=stream) as (one, two):
        one(1, 2)
        two(1, 1)
    assert "Enrolling [red]" in stream.getvalue()
    assert "1/2" in stream.getvalue()
    assert capsys.readouterr().out == ""
