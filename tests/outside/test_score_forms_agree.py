"""The same comparisons in CSV, Parquet, a matrix and arrays are the same comparisons."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairgate.measure.scores.batch import UNKNOWN, Names, ScoreBatch
from fairgate.measure.scores.in_memory import from_arrays
from fairgate.outside.score_files import ScoreFiles, open_score_files

TEXT = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\0"), max_size=4)
NAME = TEXT.filter(str.strip)
ROW = st.fixed_dictionaries(
    {
        "score": st.floats(allow_nan=False, allow_infinity=False, width=64),
        "mated": st.booleans(),
        "probe": TEXT,
        "probe_subject": NAME,
        "gallery": TEXT,
        "attempt": st.integers(1, 32767),
        "probe_quality": st.floats(-1e30, 1e30) | st.none(),
        "probe_group_sex": TEXT,
        "reference_group_sex": TEXT,
    }
)
TABLE = st.lists(ROW, min_size=1, max_size=30)
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_csv(rows: Sequence[dict[str, Any]], path: Path) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def as_parquet(rows: Sequence[dict[str, Any]], path: Path, group: int) -> Path:
    pa_parquet.write_table(pa.Table.from_pylist(list(rows)), path, row_group_size=group)
    return path


def spelt(batches: Sequence[ScoreBatch], names: Names) -> list[tuple[Any, ...]]:
    """Return every comparison with names instead of codes; codes that only count stay as they are."""

    def name(code: int, of: Sequence[str]) -> str:
        return "" if code == UNKNOWN else of[code]

    found: list[tuple[Any, ...]] = []
    for batch in batches:
        assert batch.probe is not None
        assert batch.probe_subject is not None
        assert batch.gallery is not None
        assert batch.attempt is not None
        assert batch.probe_quality is not None
        labels, sex = names.groups["sex"], batch.groups["sex"]
        found += [
            (
                float(batch.score[at]),
                bool(batch.mated[at]),
                int(batch.probe[at]),
                name(batch.probe_subject[at], names.subjects),
                name(batch.gallery[at], names.galleries),
                int(batch.attempt[at]),
                repr(batch.probe_quality[at]),
                name(sex.probe[at], labels),
                name(sex.reference[at], labels),
            )
            for at in range(len(batch.score))
        ]
    return found


def by_first_seen(found: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Number the probes in the order in which they come."""
    seen: dict[int, int] = {UNKNOWN: UNKNOWN}
    return [(*row[:2], seen.setdefault(row[2], len(seen) - 1), *row[3:]) for row in found]


def read(source: ScoreFiles) -> list[tuple[Any, ...]]:
    return by_first_seen(spelt(list(source.batches()), source.names))


@QUIET
@given(rows=TABLE, group=st.integers(1, 31), stretch=st.integers(1, 300))
def test_csv_parquet_and_arrays_agree(tmp_path: Path, rows: list[dict[str, Any]], group: int, stretch: int) -> None:
    """Whatever the identifiers, the numbers, the packing, the row groups and the sizes of the batches."""
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    quality = np.array([np.nan if value is None else value for value in columns["probe_quality"]])
    arrays = from_arrays(
        columns["score"],
        columns["mated"],
        probe=columns["probe"],
        probe_subject=columns["probe_subject"],
        gallery=columns["gallery"],
        attempt=columns["attempt"],
        probe_quality=quality,
        groups={"sex": (columns["probe_group_sex"], columns["reference_group_sex"])},
    )
    expected = by_first_seen(spelt(list(arrays.batches()), arrays.names))
    files = [as_csv(rows, tmp_path / "s.csv"), as_csv(rows, tmp_path / "s.csv.gz")]
    files.append(as_parquet(rows, tmp_path / "s.parquet", group))
    for path in files:
        for size in (stretch, 1 << 20):
            source = open_score_files([path], stretch_bytes=size, stretch_rows=size)
            assert read(source) == expected
            assert read(source) == expected
            assert source.facts[0].rows == len(rows)


@QUIET
@given(rows=TABLE, cuts=st.lists(st.integers(1, 29), max_size=3))
def test_one_file_or_several_agree(tmp_path: Path, rows: list[dict[str, Any]], cuts: list[int]) -> None:
    """Files that follow one another are one source, whatever their form."""
    ends = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    parts = [rows[start:end] for start, end in pairwise(ends)]
    paths = [
        as_parquet(part, tmp_path / f"{at}.parquet", 7) if at % 2 else as_csv(part, tmp_path / f"{at}.csv")
        for at, part in enumerate(parts)
    ]
    assert read(open_score_files(paths)) == read(open_score_files([as_csv(rows, tmp_path / "all.csv")]))


@QUIET
@given(data=st.data(), probes=st.integers(1, 6), references=st.integers(1, 6), step=st.integers(1, 40))
def test_a_matrix_and_its_rows_agree(
    tmp_path: Path, data: st.DataObject, probes: int, references: int, step: int
) -> None:
    """Each probe with each reference, row after row."""
    person = st.sampled_from(["ann", "bob", "cy"])
    who = data.draw(st.lists(person, min_size=probes, max_size=probes))
    against = data.draw(st.lists(person, min_size=references, max_size=references))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    scores = rng.normal(size=(probes, references))
    np.savez(
        tmp_path / "m.npz",
        scores=scores,
        probe_subject=np.array(who),
        reference_subject=np.array(against),
        probe_group_sex=np.array(["f" if name == "ann" else "m" for name in who]),
        reference_group_sex=np.array(["f" if name == "ann" else "m" for name in against]),
    )
    rows = [
        {
            "score": scores[at, other],
            "probe_subject": one,
            "reference_subject": two,
            "probe_group_sex": "f" if one == "ann" else "m",
            "reference_group_sex": "f" if two == "ann" else "m",
        }
        for at, one in enumerate(who)
        for other, two in enumerate(against)
    ]
    matrix = open_score_files([tmp_path / "m.npz"], stretch_rows=step)
    table = open_score_files([as_csv(rows, tmp_path / "s.csv")])
    assert flat(matrix) == flat(table)
    assert matrix.facts[0].rows == table.facts[0].rows == len(rows)


def flat(source: ScoreFiles) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for batch in source.batches():
        assert batch.probe_subject is not None
        assert batch.reference_subject is not None
        sex = batch.groups["sex"]
        columns = (batch.score, batch.mated, batch.probe_subject, batch.reference_subject, sex.probe, sex.reference)
        score, mated, one, two, *labels = (np.broadcast_to(column, batch.score.shape).ravel() for column in columns)
        people, sexes = (np.array(names, dtype=object) for names in (source.names.subjects, source.names.groups["sex"]))
        spelt_out = (people[one], people[two], *(sexes[label] for label in labels))
        found += zip(score.tolist(), mated.tolist(), *(part.tolist() for part in spelt_out), strict=True)
    return found
