"""Score files that cannot be used: one clear error that names file, line and column, and no value."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fairgate.errors import InputRefused, ScoresRefused, TableRefused
from fairgate.outside.matched_score_files import open_matched
from fairgate.outside.score_files import open_score_files


def read(*paths: Path, stretch_bytes: int = 1 << 20) -> int:
    return sum(int(batch.score.size) for batch in open_score_files(paths, stretch_bytes=stretch_bytes).batches())


def read_or_refuse(use: Callable[[], object]) -> None:
    with suppress(InputRefused):
        use()


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


ROWS = [
    ("score,mated\n0.5,1\n\nsecret,0\n", "line 4", "score that is not a number"),
    ("score,mated\n0.5,1\nnan,0\n", "line 3", "not a number"),
    ("score,mated\n0.5,1\n\n\ninf,0\n", "line 5", "infinite"),
    ("score,mated\n0.5,1\n,0\n", "line 3", "score is empty"),
    ("score,mated,failure\n0.5,1,not_usable\n", "line 2", "a score and a failure"),
    ("score,mated,failure\n,1,secret\n", "line 2", "column failure holds a word"),
    ("score,mated,pad_decision\n1,1,secret\n", "line 2", "column pad_decision holds a word"),
    ("score,mated\n1,secret\n", "line 2", "column mated holds a word"),
    ("score,mated\n1,\n", "line 2", "nothing says whether"),
    ("score,probe_subject,reference_subject\n1,a,a\n1,,secret\n", "line 3", "nothing says whether"),
    ("score,mated,probe_subject,reference_subject\n1,1,secret,b\n", "line 2", "contradicts"),
    ("score,mated,attempt\n1,1,0\n", "line 2", "column attempt"),
    ("score,mated,attempt\n1,1,1.5\n", "line 2", "column attempt"),
    ("score,mated,attempt\n1,1,40000\n", "line 2", "column attempt"),
    ("score,mated,probe_quality\n1,1,inf\n", "line 2", "column probe_quality"),
    ("score,mated,probe_age_years\n1,1,-1\n", "line 2", "age"),
    ("score,mated,reference_photo_age_years\n1,1,151\n", "line 2", "age"),
    ("score,mated,time,reference_time\n1,1,2026-02-30,2026-01-01\n", "line 2", "column time is not ISO 8601"),
    ("score,mated,time,reference_time\n1,1,,secret\n", "line 2", "column reference_time is not ISO 8601"),
    ("score,mated\n1,1\n1,1,secret\n", "line 3", "3 fields where the first line names 2"),
    ("score,mated\n1\n", "line 2", "1 fields where the first line names 2"),
    ('score,mated\n1,1\n1,"0\n', "line 3", "quotation marks"),
    ('score,mated,probe\n1,1,"a\nb"\n', "line 2", "quotation marks"),
    ("score,mated\n1,1\r2,0\n", "line 2", "carriage return"),
]


@pytest.mark.parametrize(("content", "line", "text"), ROWS)
@pytest.mark.parametrize("stretch_bytes", [8, 1 << 20])
def test_a_bad_row_is_named(tmp_path: Path, content: str, line: str, text: str, stretch_bytes: int) -> None:
    """By file, line and column, never by its value; however the file was cut."""
    path = written(tmp_path / "s.csv", content)
    with pytest.raises(TableRefused) as refused:
        read(path, stretch_bytes=stretch_bytes)
    assert "s.csv" in refused.value.public_text
    assert line in refused.value.public_text
    assert text in refused.value.public_text
    assert "secret" not in str(refused.value)


def test_a_value_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    """By line and column."""
    with pytest.raises(TableRefused, match="line 3 has a value in the column probe that is not UTF-8"):
        read(written(tmp_path / "s.csv", b"score,mated,probe\n1,1,a\n1,1,\xff\n"))


HEADERS = [
    ("mated\n1\n", "the column score is missing"),
    ("Score,mated\n1,1\n", "one of the columns looks like it"),
    ("score;mated\n1;1\n", "separated by commas"),
    ("score,probe_subject\n1,a\n", "nothing says which comparisons are mated"),
    ("score,mated,score\n1,1,1\n", "the column score comes twice"),
    ('score,"mated\n1,1\n', "line 1 has quotation marks that do not match"),
    (b"score,mated,\xff\n1,1,1\n", "line 1 is not UTF-8"),
    (b"\xff\xfes\0c\0", "format of s.csv is unknown"),
    (b"\x89PNG\r\n\x1a\n\0", "format of s.csv is unknown"),
    ("x" * 2_000_000, "line 1 is too long"),
    ("score,mated,probe_age_years,probe_group_age_band\n1,1,1,a\n", "age_band is given twice"),
]


@pytest.mark.parametrize(("content", "text"), HEADERS)
def test_a_bad_header_is_refused_at_once(tmp_path: Path, content: str | bytes, text: str) -> None:
    """Before a row is read."""
    with pytest.raises(TableRefused) as refused:
        open_score_files([written(tmp_path / "s.csv", content)])
    assert text in str(refused.value)


@pytest.mark.parametrize("content", ["", "\n", "\ufeff", "score,mated\n", "score,mated\n\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    """Whether it lacks everything, or just comparisons."""
    with pytest.raises(ScoresRefused, match=r"s\.csv (is empty|holds no comparison)"):
        read(written(tmp_path / "s.csv", content))


def test_a_file_that_is_not_one_is_refused(tmp_path: Path) -> None:
    """A path to nothing, a folder, no path."""
    with pytest.raises(TableRefused, match=r"no file none\.csv"):
        read(tmp_path / "none.csv")
    with pytest.raises(TableRefused, match="not a file"):
        read(tmp_path)
    with pytest.raises(ScoresRefused, match="No score file"):
        read()


def test_a_line_that_never_ends_is_refused(tmp_path: Path) -> None:
    """Without reading it all into memory."""
    with pytest.raises(TableRefused, match="too long"):
        read(written(tmp_path / "s.csv", b"score,mated\n" + b"1" * 3_000_000), stretch_bytes=1000)


def test_files_need_the_same_columns(tmp_path: Path) -> None:
    """The error says which file lacks which column."""
    first = written(tmp_path / "a.csv", "score,mated,probe\n1,1,a\n")
    second = written(tmp_path / "b.csv", "score,mated\n1,1\n")
    with pytest.raises(TableRefused, match=r"b\.csv lacks the column probe, which a\.csv has"):
        open_score_files([first, second])


def test_a_file_that_changes_between_passes_is_refused(tmp_path: Path) -> None:
    """Its digest would be that of something else."""
    path = written(tmp_path / "s.csv", "score,mated\n1,1\n")
    source = open_score_files([path])
    assert len(list(source.batches())) == 1
    written(path, "score,mated\n1,1\n2,0\n")
    with pytest.raises(TableRefused, match="changed while it was read"):
        list(source.batches())


def test_groups_need_few_labels(tmp_path: Path) -> None:
    """Somebody's name is no group."""
    lines = "\n".join(f"1,1,n{row}" for row in range(1200))
    with pytest.raises(TableRefused, match="more than 1000 labels"):
        read(written(tmp_path / "s.csv", f"score,mated,probe_group_name\n{lines}\n"))


def test_packed_files_that_end_too_early_are_refused(tmp_path: Path) -> None:
    """So are damaged ones, in gzip, Parquet and npz."""
    rows = b"score,mated\n" + b"".join(b"%d,1\n" % row for row in range(5000))
    table = io.BytesIO()
    pa_parquet.write_table(pa.table({"score": np.arange(5000.0), "mated": ["1"] * 5000}), table)
    archive = io.BytesIO()
    np.savez(archive, scores=np.ones((50, 50)), probe_subject=["a"] * 50, reference_subject=["a"] * 50)
    for name, whole in (
        ("z.csv.gz", gzip.compress(rows)),
        ("p.parquet", table.getvalue()),
        ("m.npz", archive.getvalue()),
    ):
        for size in (len(whole) - 10, len(whole) // 2, 12):
            with pytest.raises(TableRefused, match=name):
                read(written(tmp_path / name, whole[:size]))


PARQUET: list[tuple[dict[str, Any], str]] = [
    ({"score": ["1"], "mated": [True]}, "column score is of type string"),
    ({"score": [[1.0]], "mated": [True]}, "column score is of type list"),
    ({"score": [1.0], "mated": [0.5]}, "column mated is of type double"),
    ({"score": [1.0], "mated": [True], "probe": [1.5]}, "column probe is of type double"),
    ({"score": [1.0, None], "mated": [True, True]}, "row 2: the score is empty"),
    ({"score": [1.0, 1.0], "mated": [True, None]}, "row 2: nothing says"),
    ({"score": [1.0, 1.0], "mated": [1, 2]}, "row 2: the column mated"),
    ({"score": [1.0], "mated": [True], "probe": [b"\xff"]}, "damaged or cannot be read|not UTF-8"),
]


@pytest.mark.parametrize(("columns", "text"), PARQUET)
def test_parquet_columns_of_another_type_are_refused(tmp_path: Path, columns: dict[str, Any], text: str) -> None:
    """The error names the type, or the row."""
    pa_parquet.write_table(pa.table(columns), tmp_path / "s.parquet")
    with pytest.raises(TableRefused, match=text):
        read(tmp_path / "s.parquet")


PEOPLE = {"probe_subject": np.array(["a", "b"]), "reference_subject": np.array(["a", "b", "c"])}
SCORES = np.ones((2, 3))
MATRICES: list[tuple[Mapping[str, Any], str]] = [
    (PEOPLE, "no array scores"),
    ({"scores": SCORES}, "nothing says which comparisons are mated"),
    ({"scores": SCORES.astype(int), **PEOPLE}, "not a matrix of float"),
    ({"scores": SCORES[0], **PEOPLE}, "not a matrix of float"),
    ({"scores": SCORES[:, :0], **PEOPLE}, "is empty"),
    ({"scores": SCORES.T, **PEOPLE}, "does not have the shape|column by column"),
    ({"scores": np.asfortranarray(SCORES), **PEOPLE}, "column by column"),
    ({"scores": SCORES, **PEOPLE, "probe_group_sex": np.array(["f"])}, r"shape \(2,\)"),
    ({"scores": SCORES, **PEOPLE, "probe_subject": np.array(["a", None])}, "pickled"),
    ({"scores": SCORES, **PEOPLE, "probe_subject": np.array(["a", ""])}, "probe 1 has no subject"),
    ({"scores": SCORES, **PEOPLE, "probe_subject": np.array([0.5, 1])}, "type that cannot be used"),
    ({"scores": SCORES, **PEOPLE, "probe_age_years": np.array([5, -5])}, "probe 1: .*age"),
    ({"scores": SCORES * np.inf, **PEOPLE}, "row 0, column 0 is infinite"),
]


@pytest.mark.parametrize(("arrays", "text"), MATRICES)
def test_matrices_of_the_wrong_form_are_refused(tmp_path: Path, arrays: Mapping[str, Any], text: str) -> None:
    """Pickled objects are never loaded."""
    np.savez(tmp_path / "m.npz", **arrays)
    with pytest.raises((TableRefused, ScoresRefused), match=text):
        read(tmp_path / "m.npz")


STARTS = [
    b"",
    b"score,mated\n",
    b"score,mated\n0.5,1\n",
    b"PAR1",
    b"PK\x03\x04",
    b"\x1f\x8b\x08\x00",
    b'score,"mated"\n',
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=200), packed=st.booleans())
@example(start=b"score,mated\n", rest=b"\n\r\n\r1,1", packed=False)
def test_random_bytes_raise_nothing_else(tmp_path: Path, start: bytes, rest: bytes, packed: bool) -> None:
    """Whatever is in a file, it is read or refused."""
    content = gzip.compress(start + rest) if packed else start + rest
    path = written(tmp_path / "random", content)
    read_or_refuse(lambda: read(path))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), form=st.sampled_from(["parquet", "npz", "packed"]))
def test_a_changed_byte_raises_nothing_else(tmp_path: Path, at: int, byte: int, form: str) -> None:
    """A file that was good before one byte changed is read or refused, alone and beside another."""
    whole = io.BytesIO()
    if form == "parquet":
        columns = {"score": [0.5, 1.0], "mated": [True, False], "probe": ["a", "b"], "reference": ["b", "a"]}
        pa_parquet.write_table(pa.table(columns), whole, compression="none")
    else:
        arrays: dict[str, Any] = {"scores": SCORES, **PEOPLE}
        (np.savez if form == "npz" else np.savez_compressed)(whole, **arrays)
    content = bytearray(whole.getvalue())
    content[at % len(content)] = byte
    path = written(tmp_path / "changed", bytes(content))
    other = written(tmp_path / "other.csv", "score,mated,probe,reference\n1,1,a,b\n")
    read_or_refuse(lambda: read(path))
    read_or_refuse(lambda: list(open_matched(path, other).batches()))
