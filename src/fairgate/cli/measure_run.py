"""One measurement from its source to its result: what the commands on scores, pairs and portraits have in common."""

from __future__ import annotations

import importlib.metadata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from fairgate.cli.measure_options import Asked
from fairgate.cli.measure_tables import print_measured
from fairgate.cli.output import print_json, print_line
from fairgate.cli.progress import Progress
from fairgate.errors import InputRefused
from fairgate.measure.evaluate import evaluate
from fairgate.measure.measured import Measured, Method, Source, SourceFile
from fairgate.measure.measured_json import as_json
from fairgate.measure.scores.batch import Names, ScoreBatch, ScoreSource
from fairgate.outside.private_folder import write_whole

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def _silent(_done: int, _total: int) -> None:
    """Say nothing."""


def measure_source(
    source: ScoreSource,
    asked: Asked,
    *,
    title: str,
    command: str,
    read: Callable[[], tuple[Sequence[SourceFile], Sequence[str]]],
    progress: Progress = _silent,
    pack: tuple[str, str] | None = None,
) -> Measured:
    """Evaluate a source and say how.

    Args:
        source: the comparisons.
        asked: the options.
        title: where none was asked for.
        command: the command line.
        read: which files were read, and what was left out of them in whole sentences; asked once all were read.
        progress: told while comparisons are looked at, over both passes.
        pack: id and digest of the pack that made the scores.
    """
    plan = asked.plan()
    with in_threads(asked.cores()) as each:
        figures = evaluate(source, plan, np.random.Generator(np.random.PCG64(asked.seed)), progress=progress, each=each)
    files, notes = read()
    return Measured(
        title=asked.title or title,
        source=Source(
            files=tuple(files),
            mated=figures.mated,
            non_mated=figures.non_mated,
            failures=figures.failures,
            attacks=figures.attacks,
            subjects=figures.subjects,
            columns=tuple(source.columns),
        ),
        method=method_of(asked, command, folds=plan.folds, pack=pack, notes=(*notes, *figures.notes)),
        verification=figures.verification,
        identification=figures.identification,
        transactions=figures.transactions,
        groups=figures.groups,
        quality=figures.quality,
        presentations=figures.presentations,
    )


def method_of(
    asked: Asked, command: str, *, folds: int = 0, pack: tuple[str, str] | None = None, notes: Sequence[str] = ()
) -> Method:
    """Return everything needed to repeat what was asked for."""
    plan = asked.plan()
    return Method(
        command=command,
        seed=asked.seed,
        resamples=plan.resamples,
        folds=folds,
        confidence=plan.confidence,
        made_at=datetime.now(UTC),
        made_by=f"fairgate {importlib.metadata.version('fairgate')}",
        pack=pack,
        notes=tuple(notes),
    )


def tell(measured: Measured, report: Path | None, *, as_object: bool) -> None:
    """Write the report where one is wanted, and print the result.

    Raises:
        InputRefused: the report cannot be written.
    """
    if report is not None:
        from fairgate.web.measuring_report import render_measuring_report

        write_page(render_measuring_report(measured), report)
    if as_object:
        print_json({**as_json(measured), "report": str(report) if report else None})
        return
    print_measured(measured)
    if report is not None:
        print_line(f"Report: {report}")


def write_page(page: str, target: Path) -> None:
    """Write a report, whole or not at all.

    Raises:
        InputRefused: it cannot be written there.
    """
    try:
        write_whole(target, page.encode("utf-8"))
    except OSError as error:
        raise InputRefused(
            f"The report cannot be written to {target}: {error.strerror}.", way_out="Name another file."
        ) from error


class Passes:
    """A source that counts how often it was read from its start.

    Args:
        source: what is read.
    """

    def __init__(self, source: ScoreSource) -> None:
        self._source = source
        self.number = 0

    @property
    def names(self) -> Names:
        """What the codes stand for."""
        return self._source.names

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""
        return self._source.columns

    def batches(self) -> Iterator[ScoreBatch]:
        """Start another pass."""
        self.number += 1
        return self._source.batches()


@contextmanager
def in_threads(threads: int) -> Iterator[Callable[[Callable[[_Item], _Result], Iterable[_Item]], Iterator[_Result]]]:
    """Lend something like ``map`` that works ahead in threads, a bounded way, and keeps the order."""
    with ThreadPoolExecutor(threads) as pool:

        def each(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
            under_way: deque[Future[_Result]] = deque()
            for item in items:
                under_way.append(pool.submit(work, item))
                if len(under_way) > 2 * threads:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

        yield each
