"""Times of calls that take turns, so that what disturbs the machine disturbs all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """Something to time.

    Args:
        name: of the row.
        call: without arguments.
        times: how often it is called in one round.
    """

    name: str
    call: Callable[[], object]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Times:
    """What one thing took, in milliseconds.

    Args:
        median, least, most: processor time of the calling thread; on an idle core the same as the clock's.
        clock_median: by the clock, waiting for the processor included.
        calls: how many were timed.
    """

    median: float
    least: float
    most: float
    clock_median: float
    calls: int

    def as_row(self) -> dict[str, float | int]:
        """Return the figures by name."""
        return {
            "median_ms": self.median,
            "min_ms": self.least,
            "max_ms": self.most,
            "clock_median_ms": self.clock_median,
            "calls": self.calls,
        }


def take_turns(turns: Sequence[Turn], rounds: int, progress: Progress | None = None) -> dict[str, Times]:
    """Call everything once unmeasured, then round by round, and return the times by name.

    Args:
        turns: in the order of each round.
        rounds: how many.
        progress: called with (rounds done, rounds).
    """
    for turn in turns:
        turn.call()
    taken: dict[str, list[tuple[float, float]]] = {turn.name: [] for turn in turns}
    for done in range(rounds):
        if progress is not None:
            progress(done, rounds)
        for turn in turns:
            for _ in range(turn.times):
                clock, processor = time.perf_counter(), time.thread_time()
                turn.call()
                taken[turn.name].append((time.thread_time() - processor, time.perf_counter() - clock))
    if progress is not None:
        progress(rounds, rounds)
    return {name: _summary(pairs) for name, pairs in taken.items()}


def _summary(pairs: list[tuple[float, float]]) -> Times:
    processor = [pair[0] * 1000 for pair in pairs]
    clock = [pair[1] * 1000 for pair in pairs]
    return Times(statistics.median(processor), min(processor), max(processor), statistics.median(clock), len(pairs))
