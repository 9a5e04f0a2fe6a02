"""Comparisons and errors of one attribute, counted by group as the scores stream by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.groups.people import PeopleInGroups, count_at

Labels = NDArray[np.integer]
People = NDArray[np.integer] | None
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class GroupCounts:
    """What was counted for one attribute at one threshold.

    The group of a mated comparison is the label of its probe, also where the reference has another (an age band ten
    years earlier); where the probe has none, that of its reference.

    Args:
        attribute: its name; of a crossing, both names joined with `` × ``.
        labels: groups, in any order.
        mated: shape (groups,): mated comparisons.
        missed: shape (groups,): those below the threshold.
        non_mated: shape (groups, groups): comparisons of two people by group of probe (row) and reference (column).
        false: shape (groups, groups): those at or above the threshold.
        unlabelled: mated comparisons without any label, and others that lack one.
        subjects: shape (groups,): different people of the group in any comparison; ``None`` where people are unknown.
        mated_by_person: for each group its missed and all mated comparisons by person; ``None`` likewise.
        own_by_person: for each group its false matches and all non-mated comparisons within the group by person, each
            counted with both people; ``None`` likewise.
    """

    attribute: str
    labels: tuple[str, ...]
    mated: Counts = field(repr=False)
    missed: Counts = field(repr=False)
    non_mated: Counts = field(repr=False)
    false: Counts = field(repr=False)
    unlabelled: int
    subjects: Counts | None = None
    mated_by_person: tuple[tuple[Counts, Counts], ...] | None = field(default=None, repr=False)
    own_by_person: tuple[tuple[Counts, Counts], ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Comparisons one by one; all columns of shape (n,).

    Args:
        mated: one person's comparison with themself.
        wrong: missed where mated, a false match otherwise.
        probe_person: code, or -1 where unknown; ``None`` where the source says of nobody.
        reference_person: likewise.
    """

    mated: NDArray[np.bool_]
    wrong: NDArray[np.bool_]
    probe_person: People
    reference_person: People


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a matrix of scores that need a look of their own.

    Args:
        rows: how many probes.
        columns: how many references.
        left_out: flat indices of cells that are no comparison: without a score, or of an attack.
        mated: flat indices of mated comparisons.
        missed: bool, for each of ``mated``.
        false: flat indices of false matches.
        probe_person: shape (rows,): as in :class:`Rows`.
        reference_person: shape (columns,).
    """

    rows: int
    columns: int
    left_out: NDArray[np.intp]
    mated: NDArray[np.intp]
    missed: NDArray[np.bool_]
    false: NDArray[np.intp]
    probe_person: People
    reference_person: People


class Counting:
    """Counts of one attribute. Label ``-1`` is an unknown one; it is kept as index 0.

    Args:
        labels: how many labels there may be.
        people: how many people; ``None`` where they are unknown.
    """

    def __init__(self, labels: int, people: int | None) -> None:
        self._width = labels + 1
        self._non_mated = np.zeros((self._width, self._width), dtype=np.int64)
        self._false = np.zeros_like(self._non_mated)
        self._mated = np.zeros(self._width, dtype=np.int64)
        self._missed = np.zeros_like(self._mated)
        self._people = None if people is None else PeopleInGroups(people)

    def add_rows(self, probe: Labels, reference: Labels, rows: Rows) -> None:
        """Count comparisons given one by one, by the labels of both sides, shape (n,)."""
        mated, probe_person, reference_person = rows.mated, rows.probe_person, rows.reference_person
        code = self._code(probe, reference)
        own = np.flatnonzero(mated)
        non_mated = np.bincount(code, minlength=self._width**2) - np.bincount(code[own], minlength=self._width**2)
        self._non_mated += non_mated.reshape(self._width, -1)
        if self._people is not None and probe_person is not None and reference_person is not None:
            within = np.flatnonzero((probe == reference) & (probe >= 0) & ~mated)
            for person, label in ((probe_person, probe), (reference_person, reference)):
                self._people.meet(person, label)
                count_at(self._people.own_trials, self._people.places(person[within], label[within]))
        self._add_mated(probe[own], reference[own], rows.wrong[own], _pick(probe_person, own))
        wrong = np.flatnonzero(rows.wrong)
        false = wrong[~mated[wrong]]
        self._add_false(probe[false], reference[false], _pick(probe_person, false), _pick(reference_person, false))

    def add_matrix(self, probe: Labels, reference: Labels, cells: Cells) -> None:
        """Count a matrix of comparisons, by the labels of its rows and of its columns."""
        probe_person, reference_person = cells.probe_person, cells.reference_person
        in_rows = np.bincount(probe + 1, minlength=self._width)
        in_columns = np.bincount(reference + 1, minlength=self._width)
        row, column = np.divmod(np.concatenate([cells.left_out, cells.mated]), cells.columns)
        lost = np.bincount(self._code(probe[row], reference[column]), minlength=self._width**2)
        self._non_mated += np.outer(in_rows, in_columns) - lost.reshape(self._width, -1)
        if self._people is not None and probe_person is not None and reference_person is not None:
            own = probe[row] == reference[column]
            left_row, left_column = np.divmod(cells.left_out, cells.columns)
            trials = in_columns[probe + 1] - np.bincount(row[own], minlength=cells.rows)
            tried = np.bincount(left_row, minlength=cells.rows) < cells.columns
            _count_side(self._people, probe_person, probe, trials, tried)
            trials = in_rows[reference + 1] - np.bincount(column[own], minlength=cells.columns)
            tried = np.bincount(left_column, minlength=cells.columns) < cells.rows
            _count_side(self._people, reference_person, reference, trials, tried)
        row, column = np.divmod(cells.mated, cells.columns)
        self._add_mated(probe[row], reference[column], cells.missed, _pick(probe_person, row))
        row, column = np.divmod(cells.false, cells.columns)
        self._add_false(probe[row], reference[column], _pick(probe_person, row), _pick(reference_person, column))

    def counts(self, attribute: str, labels: Sequence[str], keep: Sequence[int]) -> GroupCounts:
        """Return what was counted so far of the labels with the codes ``keep``."""
        at = np.asarray(keep, dtype=np.intp) + 1
        unlabelled = int(self._non_mated[0].sum() + self._non_mated[1:, 0].sum() + self._mated[0])
        grid = np.ix_(at, at)
        counts = GroupCounts(
            attribute,
            tuple(labels[code] for code in keep),
            self._mated[at],
            self._missed[at],
            self._non_mated[grid],
            self._false[grid],
            unlabelled,
        )
        if self._people is None:
            return counts
        people = self._people
        places = people.by_label(self._width - 1)
        return GroupCounts(
            attribute,
            counts.labels,
            counts.mated,
            counts.missed,
            counts.non_mated,
            counts.false,
            unlabelled,
            np.array([people.known(places[code]) for code in keep], dtype=np.int64),
            tuple((people.mated_errors[places[code]], people.mated_trials[places[code]]) for code in keep),
            tuple((people.own_errors[places[code]], people.own_trials[places[code]]) for code in keep),
        )

    def occurring(self) -> list[int]:
        """Return the codes of the labels that any comparison has, in ascending order."""
        total = self._non_mated.sum(axis=0) + self._non_mated.sum(axis=1) + self._mated
        return [int(code) for code in np.flatnonzero(total[1:])]

    def _code(self, probe: Labels, reference: Labels) -> NDArray[np.intp]:
        code: NDArray[np.intp] = probe.astype(np.intp)
        code += 1
        code *= self._width
        code += reference
        code += 1
        return code

    def _add_mated(self, probe: Labels, reference: Labels, missed: NDArray[np.bool_], person: People) -> None:
        label = np.where(probe >= 0, probe, reference)
        self._mated += np.bincount(label + 1, minlength=self._width)
        self._missed += np.bincount(label[missed] + 1, minlength=self._width)
        if self._people is None or person is None:
            return
        known = label >= 0
        places = self._people.places(person[known], label[known])
        count_at(self._people.mated_trials, places)
        count_at(self._people.mated_errors, places[missed[known]])

    def _add_false(self, probe: Labels, reference: Labels, probe_person: People, reference_person: People) -> None:
        false = np.bincount(self._code(probe, reference), minlength=self._width**2)
        self._false += false.reshape(self._width, -1)
        if self._people is None or probe_person is None or reference_person is None:
            return
        own = (probe == reference) & (probe >= 0)
        for person in (probe_person, reference_person):
            places = self._people.places(person[own], probe[own])
            count_at(self._people.own_errors, places)


def _pick(person: People, at: NDArray[np.intp]) -> People:
    return None if person is None else person[at]


def _count_side(
    people: PeopleInGroups,
    person: NDArray[np.integer],
    label: Labels,
    trials: Counts,
    tried: NDArray[np.bool_],
) -> None:
    """Count the same for one side of a matrix: ``trials`` of each row, of those ``tried`` against any column."""
    taken_part = tried & (label >= 0)
    places = people.places(person[taken_part], label[taken_part])
    np.add.at(people.own_trials, places, trials[taken_part])
