"""How quick measuring is: a matrix of scores, a long stream in bounded memory, and scikit-learn beside it."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.machine import describe_machine, peak_rss_mb
from fairgate.bench.peer import bench_package
from fairgate.bench.timing import Turn, take_turns
from fairgate.errors import ConfigurationRefused, InputRefused
from fairgate.measure.evaluate import Plan, evaluate
from fairgate.measure.scores.batch import Names, ScoreBatch
from fairgate.measure.scores.in_memory import BATCH_SCORES, InMemoryScores, from_arrays, from_matrix

if TYPE_CHECKING:
    from fairgate.bench.timing import Progress

SCORES = 20_000_000
SIDE = 10_000
BESIDE = 5_000_000
"""Scores that both sides look at, at most; scikit-learn holds several arrays of them."""

ROUNDS = 3
THREADS = 2
PEOPLE = 100_000
MATED_ONE_IN = 50
LEAST = 1000


@dataclass(frozen=True, slots=True)
class DrawnStream:
    """Made-up comparisons that are never all in memory: stretches of one drawn pool, in another order each time.

    Args:
        rows: how many comparisons.
    """

    rows: int
    columns: Sequence[str] = ("score", "mated", "probe_subject", "reference_subject")

    @property
    def names(self) -> Names:
        """People without meaning."""
        return Names(subjects=[f"p{person}" for person in range(PEOPLE)])

    def batches(self) -> Iterator[ScoreBatch]:
        """Start a pass."""
        rng = np.random.default_rng(11)
        pool = _drawn(rng, 2 * BATCH_SCORES)
        for start in range(0, self.rows, BATCH_SCORES):
            first = int(rng.integers(BATCH_SCORES))
            part = slice(first, first + min(BATCH_SCORES, self.rows - start))
            yield ScoreBatch(
                first_row=start + 1,
                score=pool.score[part],
                mated=pool.mated[part],
                probe_subject=pool.probe_subject[part] if pool.probe_subject is not None else None,
                reference_subject=pool.reference_subject[part] if pool.reference_subject is not None else None,
            )


def bench_measure(
    scores: int = SCORES, side: int = SIDE, rounds: int = ROUNDS, progress: Progress | None = None
) -> Mapping[str, object]:
    """Time a stream, the same scores beside scikit-learn, and a matrix, and return the figures.

    Args:
        scores: comparisons in the stream.
        side: rows and columns of the matrix.
        rounds: how often each is timed; medians are given.
        progress: called with (parts done, parts).

    Raises:
        InputRefused: fewer than a thousand scores, fewer than a hundred rows, or no round.
    """
    if scores < LEAST or side * side < LEAST or rounds < 1:
        raise InputRefused(
            f"Measuring is timed on at least {LEAST} scores.", way_out="Ask for more scores, rows or rounds."
        )
    told = progress or _silent
    load_before = os.getloadavg()[0]
    told(0, 3)
    stream = _timed(lambda: _evaluated(DrawnStream(scores)), rounds)
    stream |= {"scores": scores, "scores_per_second": scores / stream["seconds"]}
    told(1, 3)
    beside = _beside_scikit_learn(min(scores, BESIDE), rounds)
    told(2, 3)
    table = _matrix(side)
    matrix = {"rows": side, "columns": side, **_timed(lambda: _evaluated(_source(table)), rounds)}
    told(3, 3)
    return {
        "matrix_seconds": matrix["seconds"],
        "scores_per_second": stream["scores_per_second"],
        "stream_peak_rss_mb": stream["peak_rss_mb"],
        "ratio_to_scikit_learn": beside["ratio"],
        "matrix": matrix,
        "stream": stream,
        "scikit_learn": beside,
        "setting": {
            "rounds": rounds,
            "threads": THREADS,
            "bootstrap_rounds": Plan().resamples,
            "load_average_before": load_before,
            "load_average_after": os.getloadavg()[0],
        },
        "machine": describe_machine(),
    }


def _timed(call: Callable[[], object], rounds: int) -> dict[str, float]:
    """Return medians by the clock and of the processor, and the most memory held so far by the whole process."""
    taken = []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    seconds, processor_seconds = (statistics.median(kind) for kind in zip(*taken, strict=True))
    return {"seconds": seconds, "processor_seconds": processor_seconds, "peak_rss_mb": peak_rss_mb()}


def _beside_scikit_learn(scores: int, rounds: int) -> dict[str, object]:
    """Time the trade-off of the same scores on both sides, one thread each, taking turns."""
    drawn = _drawn(np.random.default_rng(5), scores)
    score, mated = drawn.score, drawn.mated
    plan = Plan(folds=0)
    turns = [Turn("fairgate", lambda: evaluate(from_arrays(score, mated), plan, np.random.default_rng(1)))]
    version, ratio = "", None
    try:
        version = str(bench_package("sklearn").__version__)
        det_curve = bench_package("sklearn.metrics").det_curve
    except ConfigurationRefused:
        pass
    else:
        turns.append(Turn("scikit_learn", lambda: det_curve(mated, score)))
    times = take_turns(turns, rounds)
    if version:
        ratio = times["scikit_learn"].median / times["fairgate"].median
    return {
        "scores": scores,
        "installed": bool(version),
        "version": version,
        "theirs": "det_curve",
        "ratio": ratio,
        "rows": {name: row.as_row() for name, row in times.items()},
    }


def _evaluated(source: DrawnStream | InMemoryScores) -> object:
    with ThreadPoolExecutor(THREADS) as pool:
        return evaluate(source, Plan(), np.random.default_rng(1), each=pool.map)


def _drawn(rng: np.random.Generator, rows: int) -> ScoreBatch:
    mated = rng.random(rows) < 1 / MATED_ONE_IN
    score = rng.standard_normal(rows, dtype=np.float32) * np.float32(0.1) + np.float32(0.5) * mated
    probe = rng.integers(PEOPLE, size=rows, dtype=np.int32)
    other = (probe + rng.integers(1, PEOPLE, size=rows, dtype=np.int32)) % PEOPLE
    return ScoreBatch(
        1, score.astype(np.float32), mated, probe_subject=probe, reference_subject=np.where(mated, probe, other)
    )


def _matrix(side: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return scores of as many people as there are rows, each once on either side."""
    table = np.random.default_rng(7).standard_normal((side, side), dtype=np.float32)
    table *= np.float32(0.1)
    table[np.arange(side), np.arange(side)] += np.float32(0.5)
    return table


def _source(table: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> InMemoryScores:
    people = [f"p{person}" for person in range(len(table))]
    return from_matrix(table, people, people)


def _silent(_done: int, _of: int) -> None:
    """Say nothing."""
