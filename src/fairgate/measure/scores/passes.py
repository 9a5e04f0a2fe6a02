"""One pass over a source of scores, with several counters fed at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from fairgate.measure.scores.batch import ScoreBatch, ScoreSource
from fairgate.measure.scores.selection import Selection, select

AT_ONCE = 4
"""Batches that are read while as many are counted."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Each(Protocol):
    """Like ``map``: calls a function with each item and yields the results in order; calls may run side by side."""

    def __call__(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterable[Result]:
        """Return the results in order."""
        ...


class Counter(Protocol):
    """Counts selections."""

    def add(self, selection: Selection, /) -> None:
        """Count one."""
        ...


class BatchCounter(Protocol):
    """Counts batches."""

    def add(self, batch: ScoreBatch, /) -> None:
        """Count one."""
        ...


def run_pass(
    source: ScoreSource,
    counters: Sequence[Counter],
    batch_counters: Sequence[BatchCounter],
    *,
    each: Each,
    read: Callable[[int], None],
) -> None:
    """Feed every batch to every counter.

    Each counter sees every batch in order and alone, so that no result depends on how many work side by side; what runs
    side by side are the counters, and the reading of the next batches.

    Args:
        source: is read once.
        counters: of selections, the slowest first.
        batch_counters: of batches.
        each: as ``map``.
        read: told the rows of each stretch once it is counted.
    """
    batches = source.batches()
    stretch = _stretch(batches)

    def feed_selections(counter: Counter, selections: Sequence[Selection]) -> None:
        for selection in selections:
            counter.add(selection)

    def feed_batches(counter: BatchCounter, selections: Sequence[Selection]) -> None:
        for selection in selections:
            counter.add(selection.batch)

    while stretch:
        following: list[Selection] = []
        jobs: list[Callable[[], None]] = [_reader(batches, following)]
        jobs += [_bound(feed_selections, counter, stretch) for counter in counters]
        jobs += [_bound(feed_batches, one, stretch) for one in batch_counters]
        for _ in each(call, jobs):
            pass
        read(sum(selection.score.size for selection in stretch))
        stretch = following


def _stretch(batches: Iterator[ScoreBatch]) -> list[Selection]:
    return [select(batch) for batch in islice(batches, AT_ONCE)]


def _reader(batches: Iterator[ScoreBatch], into: list[Selection]) -> Callable[[], None]:
    def read() -> None:
        into.extend(_stretch(batches))

    return read


def _bound(
    feed: Callable[[Item, Sequence[Selection]], None], counter: Item, stretch: Sequence[Selection]
) -> Callable[[], None]:
    def work() -> None:
        feed(counter, stretch)

    return work


def call(job: Callable[[], Result]) -> Result:
    """Do a job; what is handed to ``each`` along with jobs."""
    return job()
