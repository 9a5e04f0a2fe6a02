"""captures.csv and truth.csv: strict headers, bad rows reported with their line, repeated deliveries recognised."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairgate.errors import TableRefused
from fairgate.outside.rows import read_document, read_relative_path
from fairgate.outside.tables import CAPTURES_COLUMNS, CaptureTable, read_captures, read_truth
from fairgate.vocabulary import AgeBand, Guardian

HEADER = "file,lane,time,opted_out,claim"
GOOD = "a.jpg,gate-b22,2026-11-22T10:15:00Z,no,"

Captures = Callable[..., CaptureTable]


@pytest.fixture
def captures(tmp_path: Path) -> Captures:
    """Write the lines given below a good header and read them."""

    def _captures(*lines: str, header: str = HEADER) -> CaptureTable:
        path = tmp_path / "captures.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return read_captures(path)

    return _captures


def test_a_row_holds_what_the_lane_delivered(captures: Captures, tmp_path: Path) -> None:
    """Every column arrives, times in UTC, the claim as a document key in capitals."""
    table = captures("live/a.jpg,gate-b22,2026-11-22T10:15:00+01:00,YES,uto-l898902c")
    assert table.folder == tmp_path
    assert table.deviations == ()
    (row,) = table.rows
    assert row.file == "live/a.jpg"
    assert row.lane == "gate-b22"
    assert row.taken_at == datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
    assert row.taken_at.tzinfo is UTC
    assert row.opted_out is True
    assert row.document == "UTO-L898902C"
    assert row.line == 2


def test_columns_may_stand_in_any_order(captures: Captures) -> None:
    """The header says which field is which; a byte order mark and spaces around values are tolerated."""
    table = captures("no , 2026-11-22T10:15:00Z, a.jpg ,,gate-b22", header="\ufeffopted_out,time,file,claim,lane")
    assert [(row.file, row.lane) for row in table.rows] == [("a.jpg", "gate-b22")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a.jpg,gate,2026-11-22T10:15:00,no,", "row_time"),
        ("a.jpg,gate,2026-11-22,no,", "row_time"),
        ("a.jpg,gate,yesterday,no,", "row_time"),
        ("a.jpg,gate,,no,", "row_time"),
        ("a.jpg,gate,0001-01-01T00:00:00+14:00,no,", "row_time"),
        ("a.jpg,gate,2026-11-22T10:15:00Z,maybe,", "row_opted_out"),
        ("a.jpg,gate,2026-11-22T10:15:00Z,no,Ms Jane Doe", "row_document"),
        ("a.jpg,,2026-11-22T10:15:00Z,no,", "row_lane"),
        ("a.jpg,gate b22,2026-11-22T10:15:00Z,no,", "row_lane"),
        (",gate,2026-11-22T10:15:00Z,no,", "row_file"),
        ("../a.jpg,gate,2026-11-22T10:15:00Z,no,", "row_file"),
        ("live/../../a.jpg,gate,2026-11-22T10:15:00Z,no,", "row_file"),
        ("/etc/passwd,gate,2026-11-22T10:15:00Z,no,", "row_file"),
        ("a\tb.jpg,gate,2026-11-22T10:15:00Z,no,", "row_file"),
        ("a\0.jpg,gate,2026-11-22T10:15:00Z,no,", "row_file"),
        ("a.jpg,gate,2026-11-22T10:15:00Z,no", "row_form"),
        ("a.jpg,gate,2026-11-22T10:15:00Z,no,,", "row_form"),
        ('"a.jpg,gate,2026-11-22T10:15:00Z,no,', "row_form"),
        ('"a"b.jpg,gate,2026-11-22T10:15:00Z,no,', "row_form"),
    ],
)
def test_a_bad_row_is_reported_and_the_rest_goes_on(captures: Captures, line: str, code: str) -> None:
    """One row is set aside with its line number and a stable code; the rows around it are read."""
    after = GOOD.replace("a.jpg", "z.jpg")
    table = captures(GOOD, line, after)
    assert [row.file for row in table.rows] == ["a.jpg", "z.jpg"]
    assert [(deviation.code, deviation.place) for deviation in table.deviations] == [(code, "captures.csv line 3")]
    assert "Jane" not in str(table.deviations[0])


def test_a_row_of_bad_bytes_spoils_only_itself(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 concern the row they stand in."""
    path = tmp_path / "captures.csv"
    path.write_bytes(f"{HEADER}\r\n".encode() + b"\xff\xfe.jpg,g,2026-11-22T10:15:00Z,no,\r\n\r\n" + GOOD.encode())
    table = read_captures(path)
    assert [row.line for row in table.rows] == [4]
    assert [deviation.place for deviation in table.deviations] == ["captures.csv line 2"]


def test_a_repeated_line_is_one_delivery(captures: Captures) -> None:
    """The same lane, moment and file, however they are written, are one capture, and the repetition is reported."""
    table = captures(GOOD, GOOD, "./a.jpg,gate-b22,2026-11-22T11:15:00.000+01:00,,")
    assert len(table.rows) == 1
    assert [deviation.code for deviation in table.deviations] == ["row_repeated", "row_repeated"]


def test_an_opt_out_on_either_repetition_holds(captures: Captures) -> None:
    """Where two lines of one delivery disagree, the subject is never compared."""
    for lines in ((GOOD, GOOD.replace("no", "yes")), (GOOD.replace("no", "yes"), GOOD)):
        table = captures(*lines)
        assert [row.opted_out for row in table.rows] == [True]
        assert "opt-out" in table.deviations[0].text


def test_the_first_claim_of_a_repetition_counts(captures: Captures) -> None:
    """A second claim for one delivery is not used, and said so."""
    table = captures(GOOD + "UTO-1", GOOD + "UTO-2")
    assert [row.document for row in table.rows] == ["UTO-1"]
    assert "line 2 counts" in table.deviations[0].text


def test_capture_keys_are_stable(captures: Captures) -> None:
    """The key is part of what a restarted boarding relies on: it must not change from one release to the next."""
    (row,) = captures(GOOD).rows
    assert row.capture_key == "9047b97f36edfb4b487a7bec994c767c"


def test_another_lane_moment_or_file_is_another_delivery(captures: Captures) -> None:
    """What differs in any of the three has a key of its own."""
    lines = [GOOD, GOOD.replace("b22", "b23"), GOOD.replace("15:00Z", "15:01Z"), GOOD.replace("a.jpg", "b.jpg")]
    table = captures(*lines)
    assert len({row.capture_key for row in table.rows}) == 4


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("file,lane,time,opted_out", "the column claim is missing"),
        ("file,lane,time,opted_out,claim,passenger", "a column too many"),
        ("file,lane,time,opted_out,claim,claim", "a column too many"),
        ("File,lane,time,opted_out,claim", "the column file is missing"),
        ("file;lane;time;opted_out;claim", "the column file is missing"),
        ('"file,lane,time,opted_out,claim', "quotation marks"),
        ("", "the column file is missing"),
    ],
)
def test_a_bad_header_refuses_the_file(captures: Captures, header: str, text: str) -> None:
    """One line says what is wrong with line 1 and what it must be."""
    with pytest.raises(TableRefused, match=text) as refused:
        captures(GOOD, header=header)
    assert refused.value.way_out == f"The first line must be: {','.join(CAPTURES_COLUMNS)}"
    assert "captures.csv line 1" in refused.value.public_text


def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    """Absent, empty, a folder, a pipe, UTF-16: each is one sentence, and none of them hangs."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    empty = tmp_path / "empty.csv"
    empty.touch()
    utf16 = tmp_path / "utf16.csv"
    utf16.write_text(HEADER, encoding="utf-16")
    for path, text in (
        (tmp_path / "absent.csv", "there is no such file"),
        (tmp_path, "it is not a file"),
        (pipe, "it is not a file"),
        (empty, "is empty"),
        (utf16, "not UTF-8"),
    ):
        with pytest.raises(TableRefused, match=text):
            read_captures(path)


def test_a_table_without_rows_is_empty(captures: Captures) -> None:
    """A header alone is a boarding without captures, not an error."""
    table = captures()
    assert table.rows == ()
    assert table.deviations == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_rows_or_deviations(tmp_path: Path, content: bytes) -> None:
    """Below a good header, no bytes stop the reading, and every line that is not blank is accounted for once."""
    path = tmp_path / "captures.csv"
    path.write_bytes(f"{HEADER}\n".encode() + content)
    table = read_captures(path)
    assert len(table.rows) + len(table.deviations) == sum(bool(line.strip()) for line in content.splitlines())


def test_truth_names_the_document_and_the_case(tmp_path: Path) -> None:
    """A file has one truth; a stranger has no document; bad and repeated rows are reported."""
    path = tmp_path / "truth.csv"
    rows = ("a.jpg,UTO-1,mated", "b.jpg,,stranger", "a.jpg,UTO-2,mated", "c.jpg,UTO-3,Two Words", "d.jpg,x,mated")
    path.write_text("\n".join(["file,document,case", *rows]), encoding="utf-8")
    table = read_truth(path)
    assert [(row.file, row.document, row.case) for row in table.rows] == [
        ("a.jpg", "UTO-1", "mated"),
        ("b.jpg", None, "stranger"),
    ]
    assert [deviation.code for deviation in table.deviations] == ["row_repeated", "row_case", "row_document"]


@given(st.text(max_size=40))
def test_a_relative_path_never_climbs(text: str) -> None:
    """Whatever path is let through stays below its folder."""
    try:
        path = read_relative_path(text)
    except ValueError:
        return
    assert os.path.normpath(f"/folder/{path}").startswith("/folder/")


@given(st.from_regex(r"[A-Z]{1,3}-[A-Z0-9]{1,35}", fullmatch=True))
def test_a_document_key_is_read_whatever_its_case(key: str) -> None:
    """Small letters mean the same document."""
    assert read_document(key.lower()) == key


@pytest.mark.parametrize(
    ("guardian", "age_band", "expected"),
    [
        ("yes", "child", (Guardian.PRESENT, AgeBand.CHILD)),
        ("NO", "older", (Guardian.ABSENT, AgeBand.OLDER)),
        ("none", "adult", (Guardian.UNKNOWN, AgeBand.ADULT)),
        ("", "", (Guardian.UNKNOWN, None)),
    ],
)
def test_what_was_said_at_the_lane_is_read(
    tmp_path: Path, guardian: str, age_band: str, expected: tuple[Guardian, AgeBand | None]
) -> None:
    """Both columns may be left out; another word sets the row aside."""
    path = tmp_path / "captures.csv"
    row = f"a.jpg,B22,2026-11-22T10:15:00Z,no,,{guardian},{age_band}\n"
    spoilt = "b.jpg,B22,2026-11-22T10:15:00Z,no,,maybe,\nc.jpg,B22,2026-11-22T10:15:00Z,no,,,young\n"
    path.write_text(f"file,lane,time,opted_out,claim,guardian,age_band\n{row}{spoilt}")
    table = read_captures(path)
    assert [(one.guardian, one.age_band) for one in table.rows] == [expected]
    assert [one.code for one in table.deviations] == ["row_guardian", "row_age_band"]
