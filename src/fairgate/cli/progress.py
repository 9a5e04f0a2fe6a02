"""How far long work has come: a bar on a terminal, a plain line now and then elsewhere; always on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Progress = Callable[[int, int], None]
"""Called with (done, total) while long work goes on."""

LINE_EVERY_S = 5.0


@contextmanager
def progress_shown(
    timer: Callable[[], float], *titles: str, stream: TextIO | None = None
) -> Iterator[tuple[Progress, ...]]:
    """Lend one function for each title, to call with (done, total).

    Args:
        timer: seconds since an arbitrary start.
        titles: what is being done, one after the other, e.g. ``"Enrolling references"``.
        stream: default standard error.
    """
    stream = stream or sys.stderr
    if stream.isatty():
        with _bars(titles, stream) as shown:
            yield shown
    else:
        yield tuple(_Lines(title, timer, stream) for title in titles)


@contextmanager
def _bars(titles: tuple[str, ...], stream: TextIO) -> Iterator[tuple[Progress, ...]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(file=stream), transient=True) as bars:

        def bar(title: str) -> Progress:
            task = bars.add_task(title, total=None, start=False, visible=False)

            def progress(done: int, total: int) -> None:
                bars.start_task(task)
                bars.update(task, completed=done, total=total, visible=True)

            return progress

        yield tuple(bar(title) for title in titles)


class _Lines:
    """Prints the first, the last, and otherwise at most one line every few seconds."""

    def __init__(self, title: str, timer: Callable[[], float], stream: TextIO) -> None:
        self._title = title
        self._timer = timer
        self._stream = stream
        self._printed_at: float | None = None
        self._printed: tuple[int, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        """Print where the work stands, if there is any and it is time to."""
        if not total:
            return
        now = self._timer()
        due = self._printed_at is None or now - self._printed_at >= LINE_EVERY_S
        if (due or done >= total) and self._printed != (done, total):
            self._printed_at, self._printed = now, (done, total)
            self._stream.write(f"{self._title}: {done} of {total}\n")
            self._stream.flush()
