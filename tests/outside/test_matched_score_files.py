"""Two packs' scores of the same comparisons: brought together in any order, and what is left out is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused, TableRefused
from fairgate.outside.matched_score_files import MatchedFiles, open_matched

Match = Callable[..., MatchedFiles]
HEADER = "probe,reference,score,mated"


@pytest.fixture
def match(tmp_path: Path) -> Match:
    """Write two CSV files and open them together."""

    def write(first: Sequence[str], second: Sequence[str], *, header: str = HEADER, most: int = 100) -> MatchedFiles:
        for name, lines in (("a.csv", first), ("b.csv", second)):
            (tmp_path / name).write_text("\n".join([header, *lines]) + "\n")
        return open_matched(tmp_path / "a.csv", tmp_path / "b.csv", most_joined=most, stretch_bytes=40)

    return write


def scores(matched: MatchedFiles) -> list[tuple[float, float]]:
    parts = [np.column_stack([batch.first_score, batch.second_score]) for batch in matched.batches()]
    return [(float(one), float(other)) for one, other in np.concatenate(parts)]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), count=st.integers(1, 40))
def test_every_comparison_finds_its_other_score(match: Match, data: st.DataObject, count: int) -> None:
    """Whatever the order, and whatever is missing on either side, in both passes."""
    everything = list(range(count))
    first = data.draw(st.permutations(everything))[: data.draw(st.integers(1, count))]
    second = data.draw(st.permutations(everything))[: data.draw(st.integers(1, count))]
    both = [key for key in first if key in second]
    matched = match(
        [f"p{key % 7},r{key},{key},0" for key in first], [f"p{key % 7},r{key},{key + 0.5},0" for key in second]
    )
    if not both:
        with pytest.raises(ScoresRefused, match="No comparison is both"):
            scores(matched)
        return
    for _ in range(2):
        assert scores(matched) == [(key, key + 0.5) for key in both]
        assert matched.unmatched.only_first == len(first) - len(both)
        assert matched.unmatched.only_second == len(second) - len(both)
    assert [fact.rows for fact in matched.facts] == [len(first), len(second)]


def test_the_same_order_needs_no_memory(match: Match) -> None:
    """Files of the same order are read side by side, repetitions and all, beyond what may be joined."""
    rows = [f"p,r{at % 3},{at},1" for at in range(50)]
    matched = match(rows, rows, most=1)
    assert scores(matched) == [(at, at) for at in range(50)]
    assert matched.notes == ()


def test_another_order_is_limited(match: Match) -> None:
    """More than what may be held in memory is refused, and says what to do."""
    rows = [f"p,r{at},{at},1" for at in range(50)]
    with pytest.raises(TableRefused, match="Sort both files alike"):
        scores(match(rows, rows[::-1], most=20))


def test_what_is_left_out_is_told(match: Match) -> None:
    """Comparisons of one file only, and those without a score."""
    matched = match(
        ["a,b,1,1,", "a,c,,0,not_usable", "x,y,1,0,"],
        ["a,c,2,0,", "a,b,3,1,"],
        header=f"{HEADER},failure",
    )
    assert scores(matched) == [(1, 3)]
    assert matched.notes == (
        "Comparisons that only a.csv has, and that were left out: 1.",
        "Comparisons without a score in one of the files, left out: 1.",
    )


def test_attacks_are_left_out(match: Match) -> None:
    """An attack presentation is no comparison of two packs."""
    matched = match(["a,b,1,1,", "a,c,2,,print"], ["a,b,3,1,", "a,c,4,,print"], header=f"{HEADER},attack")
    assert scores(matched) == [(1, 3)]
    assert matched.unmatched.attacks == 1


def test_attempts_tell_comparisons_apart(match: Match) -> None:
    """Where both files have them."""
    header = f"{HEADER},attempt"
    matched = match(["a,b,1,1,1", "a,b,2,1,2"], ["a,b,20,1,2", "a,b,10,1,1"], header=header)
    assert scores(matched) == [(1, 10), (2, 20)]


def test_a_comparison_that_comes_twice_in_another_order_is_refused(match: Match) -> None:
    """Nothing says which is which."""
    with pytest.raises(TableRefused, match="twice"):
        scores(match(["c,d,0,1", "a,b,1,1", "a,b,2,1"], ["a,b,1,1", "c,d,0,1"]))


def test_files_that_contradict_each_other_are_refused(match: Match) -> None:
    """On who is mated; the rows are named."""
    with pytest.raises(TableRefused, match=r"Row 2 of a\.csv and row 1 of b\.csv"):
        scores(match(["a,b,1,1", "a,c,2,1"], ["a,c,1,0", "a,b,1,1"]))


def test_probes_and_references_must_be_named(match: Match) -> None:
    """In the header, and in every row."""
    with pytest.raises(TableRefused, match="does not name probes and references"):
        match(["1,1"], ["1,1"], header="score,mated")
    with pytest.raises(TableRefused, match="row 1: the probe or the reference is not named"):
        scores(match(["a,,1,1"], ["a,b,1,1"]))


def test_people_come_from_whichever_file_names_them(match: Match, tmp_path: Path) -> None:
    """Both sides in one code space."""
    matched = match(["a,b,1,1", "c,b,2,0"], ["a,b,1,1"])
    (tmp_path / "b.csv").write_text(
        "probe,reference,score,probe_subject,reference_subject\nc,b,5,cy,ann\na,b,4,ann,ann\n"
    )
    matched = open_matched(tmp_path / "a.csv", tmp_path / "b.csv")
    (batch,) = matched.batches()
    assert matched.people == 2
    assert batch.probe_subject is not None
    assert batch.reference_subject is not None
    assert batch.probe_subject.tolist() == [1, 0]
    assert batch.reference_subject.tolist() == [1, 1]
    assert batch.mated.tolist() == [True, False]


def test_matrices_are_matched_by_place(tmp_path: Path) -> None:
    """Rows and columns of two matrices stand for the same probes and references."""

    def save(path: Path, values: NDArray[np.float64]) -> None:
        one, other = np.array(["a", "b"]), np.array(["b", "a", "c"])
        np.savez(path, scores=values, probe_subject=one, reference_subject=other)

    first = np.arange(6.0).reshape(2, 3)
    first[1, 2] = np.nan
    save(tmp_path / "a.npz", first)
    save(tmp_path / "b.npz", np.arange(6.0).reshape(2, 3) * 10)
    matched = open_matched(tmp_path / "a.npz", tmp_path / "b.npz")
    assert scores(matched) == [(at, at * 10) for at in range(5)]
    assert matched.unmatched.without_score == 1
    assert matched.people == 3
