"""Two packs' score files of the same comparisons, brought together comparison by comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused, TableRefused
from fairgate.measure.measured import SourceFile
from fairgate.measure.paired_scores import MatchedBatch
from fairgate.outside.score_coding import Coding
from fairgate.outside.score_feed import Feed, FlatRows, flat_rows
from fairgate.outside.score_files import ScoreFiles, open_score_files

MOST_JOINED = 10_000_000
"""From where two files stop having the same order, no more comparisons of each than this: they are held in memory."""

_WANTED = frozenset({"mated", "probe", "reference", "attempt", "probe_subject", "reference_subject"})
_PART = 1 << 20


def open_matched(
    first: Path,
    second: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    most_joined: int = MOST_JOINED,
    **sizes: int,
) -> MatchedFiles:
    """Return two score files of the same comparisons as one source.

    Comparisons are the same where probe, reference and, if both files tell it, attempt are. Files in the same order
    are read side by side. From where the order differs, what is left is held in memory.

    Args:
        first: scores of the first pack, in any form of score file.
        second: of the second.
        progress: called with bytes read in this pass and in all.
        most_joined: how many comparisons of each file may be held in memory.
        sizes: ``stretch_rows`` and ``stretch_bytes`` of :func:`fairgate.outside.score_files.open_score_files`.

    Raises:
        TableRefused: a file cannot be used, or does not name probes and references.
    """
    coding = Coding(())
    done = {}

    def told(place: int) -> Callable[[int, int], None]:
        def tell(read: int, of: int) -> None:
            done[place] = (read, of)
            if progress is not None and len(done) == 2:
                progress(sum(one[0] for one in done.values()), sum(one[1] for one in done.values()))

        return tell

    files = tuple(
        open_score_files([path], wanted=_WANTED, coding=coding, progress=told(place), **sizes)
        for place, path in enumerate((first, second))
    )
    for path, file in zip((first, second), files, strict=True):
        if not {"probe", "reference"} <= set(file.columns):
            text = f"{path.name} does not name probes and references, so that its comparisons cannot be found again."
            raise TableRefused(text, way_out="Add the columns probe and reference to both files.")
    return MatchedFiles(files[0], files[1], coding, (first.name, second.name), most_joined)


@dataclass(slots=True)
class Unmatched:
    """What a pass left out.

    Args:
        only_first: comparisons that only the first file has.
        only_second: that only the second has.
        without_score: in both, but one of them has no score.
        attacks: attack presentations.
    """

    only_first: int = 0
    only_second: int = 0
    without_score: int = 0
    attacks: int = 0


class MatchedFiles:
    """Two score files that can be read side by side again and again.

    Args:
        first: scores of the first pack.
        second: of the second.
        coding: code spaces, which both share.
        names: of the files.
        most_joined: as in :func:`open_matched`.
    """

    def __init__(
        self, first: ScoreFiles, second: ScoreFiles, coding: Coding, names: tuple[str, str], most_joined: int
    ) -> None:
        self._files = (first, second)
        self._coding = coding
        self._names = names
        self._most_joined = most_joined
        self._attempts = all("attempt" in file.columns for file in self._files)
        self._people_in = [{"probe_subject", "reference_subject"} <= set(file.columns) for file in self._files]
        self.unmatched = Unmatched()

    @property
    def people(self) -> int:
        """How many codes of people there are so far; complete after the first pass, 0 where people are unknown."""
        return len(self._coding.names.subjects) if any(self._people_in) else 0

    @property
    def facts(self) -> tuple[SourceFile, ...]:
        """Name, digest and rows of both files; complete after the first pass."""
        return (*self._files[0].facts, *self._files[1].facts)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the latest pass left out, and columns that were not read, in whole sentences."""
        left = self.unmatched
        said = (
            (left.only_first, f"Comparisons that only {self._names[0]} has, and that were left out"),
            (left.only_second, f"Comparisons that only {self._names[1]} has, and that were left out"),
            (left.without_score, "Comparisons without a score in one of the files, left out"),
            (left.attacks, "Attack presentations, left out"),
        )
        columns = dict.fromkeys(note for file in self._files for note in file.notes)
        return (*columns, *(f"{text}: {count}." for count, text in said if count))

    def batches(self) -> Iterator[MatchedBatch]:
        """Start a pass.

        Raises:
            TableRefused: a row cannot be used, the files contradict each other on who is mated, a comparison comes
                twice, or too many of them stand in another order.
            ScoresRefused: no comparison is in both.
        """
        self.unmatched = Unmatched()
        left, right = (Feed(self._flat(place)) for place in (0, 1))
        matched = 0
        for one, other in self._pairs(left, right):
            batch = self._batch(one, other)
            matched += len(one)
            if batch.mated.size:
                yield batch
        if not matched:
            raise ScoresRefused(
                f"No comparison is both in {self._names[0]} and in {self._names[1]}.",
                way_out="Both files must name the same probes and references.",
            )

    def _pairs(self, left: Feed, right: Feed) -> Iterator[tuple[FlatRows, FlatRows]]:
        while size := min(left.waiting(), right.waiting()):
            one, other = left.look(size), right.look(size)
            differs = one.key != other.key
            same = int(np.argmax(differs)) if differs.any() else size
            if same:
                yield left.take(same), right.take(same)
            if same < size:
                yield from self._join(left, right)
                return
        self.unmatched.only_first += left.count_rest()
        self.unmatched.only_second += right.count_rest()

    def _join(self, left: Feed, right: Feed) -> Iterator[tuple[FlatRows, FlatRows]]:
        """Match what is left of both files by sorting, in the order of the first."""
        one = left.rest(self._most_joined, self._names[0])
        other = right.rest(self._most_joined, self._names[1])
        order = np.argsort(other.key, kind="stable")
        keys = other.key[order]
        _check_once(np.sort(one.key), self._names[0])
        _check_once(keys, self._names[1])
        found = np.minimum(np.searchsorted(keys, one.key), len(keys) - 1)
        both = np.flatnonzero(keys[found] == one.key)
        self.unmatched.only_first += len(one) - len(both)
        self.unmatched.only_second += len(other) - len(both)
        for start in range(0, len(both), _PART):
            part = both[start : start + _PART]
            yield one.at(part), other.at(order[found[part]])

    def _batch(self, one: FlatRows, other: FlatRows) -> MatchedBatch:
        apart = one.mated != other.mated
        attack = one.attack | other.attack
        if (odd := apart & ~attack).any():
            at = int(np.argmax(odd))
            rows = f"Row {int(one.row[at])} of {self._names[0]} and row {int(other.row[at])} of {self._names[1]}"
            raise TableRefused(f"{rows}: only one of them says that the comparison is mated.")
        scored = np.isfinite(one.score) & np.isfinite(other.score)
        self.unmatched.attacks += int(attack.sum())
        self.unmatched.without_score += int((~scored & ~attack).sum())
        use: slice | NDArray[np.intp] = slice(None)
        if attack.any() or not scored.all():
            use = np.flatnonzero(scored & ~attack)
        who = one if self._people_in[0] else other
        return MatchedBatch(
            first_score=one.score[use],
            second_score=other.score[use],
            mated=one.mated[use],
            probe_subject=None if who.probe_subject is None else who.probe_subject[use],
            reference_subject=None if who.reference_subject is None else who.reference_subject[use],
        )

    def _flat(self, place: int) -> Iterator[FlatRows]:
        name, known = self._names[place], self._people_in[place]
        for batch in self._files[place].batches():
            rows = flat_rows(batch, attempts=self._attempts)
            if rows is None or (known and rows.probe_subject is None):
                raise TableRefused(f"{name} has too many different probes, references or people to match them.")
            if (unnamed := rows.key < 0).any():
                row = int(rows.row[int(np.argmax(unnamed))])
                raise TableRefused(f"{name} row {row}: the probe or the reference is not named.")
            yield rows


def _check_once(keys: NDArray[np.int64], name: str) -> None:
    if (keys[1:] == keys[:-1]).any():
        text = f"{name} has a comparison of the same probe and reference twice"
        raise TableRefused(f"{text}, and in another order than the other file.", way_out="Tell them apart by attempt.")
