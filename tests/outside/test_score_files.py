"""Score files: what each column becomes, in CSV, Parquet and matrices, over several files and passes."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest

from fairgate.errors import TableRefused
from fairgate.measure.measured import SourceFile
from fairgate.measure.scores.batch import UNKNOWN, Failure, PadDecision, ScoreBatch
from fairgate.outside.score_files import ScoreFiles, open_score_files

Write = Callable[..., Path]


@pytest.fixture
def csv(tmp_path: Path) -> Write:
    """Write lines to a CSV file."""

    def write(*lines: str, name: str = "scores.csv") -> Path:
        path = tmp_path / name
        content = ("\n".join(lines) + "\n").encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write


def only(source: ScoreFiles) -> ScoreBatch:
    (batch,) = source.batches()
    return batch


def listed(values: Any) -> list[Any]:
    assert values is not None
    return list(np.asarray(values).reshape(-1))


def named(codes: Any, names: Sequence[str]) -> list[str]:
    return ["" if code == UNKNOWN else names[code] for code in listed(codes)]


def test_people_tell_which_comparisons_are_mated(csv: Write) -> None:
    """Without a column mated, the same subject on both sides makes a mated comparison."""
    source = open_score_files([csv("score,probe_subject,reference_subject", "0.5,ann,ann", "0.25,ann,bob")])
    batch = only(source)
    assert listed(batch.mated) == [True, False]
    assert listed(batch.score) == [0.5, 0.25]
    assert named(batch.probe_subject, source.names.subjects) == ["ann", "ann"]
    assert named(batch.reference_subject, source.names.subjects) == ["ann", "bob"]


def test_words_and_white_space_are_tolerated(csv: Write) -> None:
    """Small and capital letters mean the same, and white space around values and names does not count."""
    source = open_score_files([csv(" score , mated, probe", "1, YES , a", '2,No,"a "', "3,TRUE,b", "4,0,", "5,1,c")])
    batch = only(source)
    assert listed(batch.mated) == [True, False, True, False, True]
    assert listed(batch.probe) == [0, 0, 1, UNKNOWN, 2]
    assert source.names.probes == 3


def test_a_byte_order_mark_and_empty_lines_do_not_count(csv: Write) -> None:
    """Nor does it matter how lines end."""
    path = csv("x")
    path.write_bytes(b"\xef\xbb\xbfscore,mated\r\n\r\n1,1\r\n\r\n2,0")
    assert listed(only(open_score_files([path])).score) == [1, 2]


def test_failures_attacks_and_decisions(csv: Write) -> None:
    """A failed attempt has no score; an attack is never mated; a presentation may lack a comparison."""
    batch = only(
        open_score_files(
            [
                csv(
                    "score,mated,failure,attack,pad_score,pad_decision",
                    ",1,not_captured,,,",
                    ",0,not_usable,,,",
                    ",1,NO_REFERENCE,,,",
                    "0.5,1,,print,0.75,attack",
                    "0.25,,,replay,,none",
                    ",,,,,bona_fide",
                    ",,,,0.5,",
                )
            ]
        )
    )
    assert listed(batch.failure) == [
        Failure.NOT_CAPTURED,
        Failure.NOT_USABLE,
        Failure.NO_REFERENCE,
        *[Failure.NONE] * 4,
    ]
    assert listed(batch.mated) == [True, False, True, False, False, False, False]
    assert listed(batch.attack) == [UNKNOWN] * 3 + [0, 1] + [UNKNOWN] * 2
    assert listed(batch.pad_decision) == [
        *[PadDecision.NOT_ASKED] * 3,
        PadDecision.ATTACK,
        PadDecision.NO_RESPONSE,
        PadDecision.BONA_FIDE,
        PadDecision.NOT_ASKED,
    ]
    assert np.isnan(batch.score).tolist() == [True, True, True, False, False, True, True]


def test_attempts_transactions_galleries_and_quality(csv: Write) -> None:
    """An attempt that is not stated is the first; a quality that is not stated is not a number."""
    source = open_score_files(
        [
            csv(
                "score,mated,transaction,attempt,gallery,probe_quality,reference_quality",
                "1,1,t1,1,g,55,",
                "1,1,t1,2,h,,0.5",
                "1,1,,,g,nan,7",
            )
        ]
    )
    batch = only(source)
    assert listed(batch.transaction) == [0, 0, UNKNOWN]
    assert listed(batch.attempt) == [1, 2, 1]
    assert named(batch.gallery, source.names.galleries) == ["g", "h", "g"]
    assert batch.probe_quality is not None
    assert np.isnan(batch.probe_quality).tolist() == [False, True, True]
    assert batch.reference_quality is not None
    assert np.isnan(batch.reference_quality).tolist() == [True, False, False]
    assert source.names.transactions == 1


def test_groups_and_bands_of_years(csv: Write) -> None:
    """Labels of both sides share their codes; years become bands; a side that is not stated is unknown."""
    source = open_score_files(
        [
            csv(
                "score,mated,probe_group_sex,reference_group_sex,probe_group_site,probe_age_years,time,reference_time",
                "1,1,f,m,north,13.9,2026-01-01,2025-12-31T23:00:00Z",
                "1,1,m,f,,79,2015-06-01 10:00,2026-11-22",
                "1,1,,m,north,,,2026-11-22",
            )
        ]
    )
    batch, labels = only(source), source.names.groups
    assert list(batch.groups) == list(labels) == ["sex", "site", "age_band", "reference_photo_age"]
    assert named(batch.groups["sex"].probe, labels["sex"]) == ["f", "m", ""]
    assert named(batch.groups["sex"].reference, labels["sex"]) == ["m", "f", "m"]
    assert named(batch.groups["site"].probe, labels["site"]) == ["north", "", "north"]
    assert set(listed(batch.groups["site"].reference)) == {UNKNOWN}
    assert named(batch.groups["age_band"].probe, labels["age_band"]) == ["under 14", "65 to 79", ""]
    for side in (batch.groups["reference_photo_age"].probe, batch.groups["reference_photo_age"].reference):
        assert named(side, labels["reference_photo_age"]) == ["under 1 year", "over 10 years", ""]


def test_times_may_be_dates_in_parquet(tmp_path: Path) -> None:
    """Dates, time stamps and whole numbers are taken as they are, as is a flag."""
    stamps = pa.array([datetime(2026, 1, 1, 23, 59, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC"))
    dates = pa.array(["2024-12-31", None]).cast(pa.date32())
    table = {
        "score": pa.array([1, 2]),
        "mated": [True, False],
        "probe": [7, 8],
        "time": stamps,
        "reference_time": dates,
    }
    pa_parquet.write_table(pa.table(table), tmp_path / "s.parquet")
    source = open_score_files([tmp_path / "s.parquet"])
    batch = only(source)
    assert listed(batch.mated) == [True, False]
    assert listed(batch.probe) == [0, 1]
    assert named(batch.groups["reference_photo_age"].probe, source.names.groups["reference_photo_age"]) == [
        "1 to 2 years",
        "",
    ]


def test_parquet_counts_only_names_that_rows_use(tmp_path: Path) -> None:
    """A dictionary may hold more than the rows do."""
    people = pa.DictionaryArray.from_arrays(pa.array([2, None], pa.int32()), pa.array(["a", "b", "c"]))
    table = {"score": pa.array([0.5, 0.25], pa.float32()), "mated": pa.array(["1", "no"]), "probe_subject": people}
    pa_parquet.write_table(pa.table(table), tmp_path / "s.parquet")
    source = open_score_files([tmp_path / "s.parquet"])
    batch = only(source)
    assert source.names.subjects == ["c"]
    assert listed(batch.probe_subject) == [0, UNKNOWN]
    assert batch.score.dtype == np.float32


def matrix(path: Path, arrays: Mapping[str, Any], *, packed: bool = False) -> Path:
    (np.savez_compressed if packed else np.savez)(path, **arrays)
    return path


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", ["<f4", ">f8", "<f2"])
def test_a_matrix_states_each_side_once(tmp_path: Path, packed: bool, kind: str) -> None:
    """Scores come as parts of the matrix, people and labels once for each row and column."""
    scores = np.arange(12, dtype=kind).reshape(3, 4)
    scores[0, 1] = np.nan
    path = matrix(
        tmp_path / "m.npz",
        {
            "scores": scores,
            "probe_subject": np.array(["ann", "bob", "cy"]),
            "reference_subject": np.array([b"bob", b"ann", b"dee", b"cy"]),
            "probe_group_sex": np.array(["f", "m", ""]),
            "reference_quality": np.array([1, 2, 3, 4]),
        },
        packed=packed,
    )
    source = open_score_files([path], stretch_rows=8)
    first, second = source.batches()
    assert np.array_equal(first.score, scores[:2], equal_nan=True)
    assert np.array_equal(second.score, scores[2:])
    assert second.score.dtype.isnative
    assert second.first_row == 9
    assert first.mated.tolist() == [[False, True, False, False], [True, False, False, False]]
    assert first.probe_subject is not None
    assert first.probe_subject.shape == (2, 1)
    assert first.reference_subject is not None
    assert first.reference_subject.shape == (1, 4)
    assert named(second.groups["sex"].probe, source.names.groups["sex"]) == [""]
    assert second.reference_quality is not None
    assert second.reference_quality.tolist() == [[1, 2, 3, 4]]
    assert (source.names.probes, source.names.references) == (3, 4)
    assert source.facts[0].rows == 12


def test_files_follow_one_another(csv: Write) -> None:
    """Rows are numbered through all files, codes are shared, and each file's digest and rows are known afterwards."""
    first = csv("score,mated,probe", "1,1,a", "2,0,b", name="a.csv.gz")
    second = csv("probe,mated,score", "b,1,3", name="b.csv")
    source = open_score_files([first, second])
    assert source.facts == ()
    one, other = source.batches()
    assert (one.first_row, other.first_row) == (1, 3)
    assert listed(other.probe) == [1]
    facts: tuple[SourceFile, ...] = source.facts
    assert [(fact.name, fact.rows) for fact in facts] == [("a.csv.gz", 2), ("b.csv", 1)]
    digests = [fact.sha256 for fact in facts]
    for digest, path in zip(digests, (first, second), strict=True):
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_second_pass_gives_the_same(csv: Write) -> None:
    """The same batches with the same codes, whatever the size of a stretch."""
    lines = [f"{row / 7},{row % 3},p{row % 11},s{row % 5},s{row % 4}" for row in range(60)]
    source = open_score_files([csv("score,pad_score,probe,probe_subject,reference_subject", *lines)], stretch_bytes=100)
    passes = [list(source.batches()) for _ in range(2)]
    assert len(passes[0]) > 5
    for one, other in zip(*passes, strict=True):
        for column in ("score", "mated", "probe", "probe_subject", "reference_subject"):
            assert np.array_equal(getattr(one, column), getattr(other, column))
    assert [part.first_row for part in passes[0]][:1] == [1]
    assert source.facts[0].rows == 60


def test_columns_that_are_not_wanted_are_not_read(csv: Write) -> None:
    """What tells mated comparisons is read all the same."""
    path = csv("score,probe,probe_subject,reference_subject,probe_group_sex", "1,a,x,x,f")
    source = open_score_files([path], wanted={"probe_group_sex"})
    batch = only(source)
    assert batch.probe is None
    assert listed(batch.mated) == [True]
    assert tuple(source.columns) == ("score", "probe_subject", "reference_subject", "probe_group_sex")


def test_an_unknown_column_is_noted_with_the_one_that_was_meant(csv: Write) -> None:
    """A misspelt column does not vanish silently."""
    source = open_score_files([csv("score,mated,probe_qualty,colour,Attempt", "1,1,5,red,1")])
    notes = " ".join(source.notes)
    assert "probe_qualty" in notes
    assert "Was probe_quality meant?" in notes
    assert "Was attempt meant?" in notes
    assert "The column colour is not one that is known, and was not read." in source.notes


def test_too_many_identifiers_are_given_up(csv: Write) -> None:
    """The column goes, rows stay mated or not, and a note says so; later passes do without from the start."""
    rows = [f"{row},p{row},s{row},s{row - row % 2}" for row in range(40)]
    path = csv("score,probe,probe_subject,reference_subject", *rows)
    source = open_score_files([path], stretch_bytes=120, most_names=10)
    for _ in range(2):
        batches = list(source.batches())
        assert batches[-1].probe is None
        assert batches[-1].probe_subject is None
        assert sum(int(batch.mated.sum()) for batch in batches) == 20
    assert batches[0].probe is None
    assert sum("probes" in note for note in source.notes) == 1
    assert sum("people" in note for note in source.notes) == 1
    assert source.names.subjects == []


def test_progress_counts_bytes_of_all_files(csv: Write) -> None:
    """It rises, and ends with everything."""
    paths = [csv("score,mated", *["1,1"] * 50, name=name) for name in ("a.csv", "b.csv.gz")]
    told: list[tuple[int, int]] = []
    source = open_score_files(paths, progress=lambda done, of: told.append((done, of)), stretch_bytes=40)
    _drain(source.batches())
    total = sum(path.stat().st_size for path in paths)
    assert told[-1] == (total, total)
    assert sorted(told) == told


def _drain(batches: Iterable[ScoreBatch]) -> int:
    return sum(batch.score.size for batch in batches)


def test_columns_may_have_the_names_that_many_matchers_write(csv: Write, tmp_path: Path) -> None:
    """With _id and is_ in CSV and Parquet; the same column under both names is refused."""
    lines = ("probe_id,reference_id,probe_subject_id,reference_subject_id,score,is_mated", "p,r,ann,ann,0.5,1")
    table = {"probe_id": ["p"], "reference_id": ["r"], "probe_subject_id": ["ann"], "reference_subject_id": ["ann"]}
    pa_parquet.write_table(pa.table({**table, "score": [0.5], "is_mated": [True]}), tmp_path / "s.parquet")
    for path in (csv(*lines), tmp_path / "s.parquet"):
        source = open_score_files([path])
        batch = only(source)
        assert source.notes == ()
        assert set(source.columns) == {"score", "mated", "probe", "reference", "probe_subject", "reference_subject"}
        assert listed(batch.mated) == [True]
        assert named(batch.probe_subject, source.names.subjects) == ["ann"]
    with pytest.raises(TableRefused, match="comes twice"):
        open_score_files([csv("probe,probe_id,score,mated", "p,p,0.5,1")])
