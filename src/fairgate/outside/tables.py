"""What a lane delivered (``captures.csv``) and who was really there (``truth.csv``, which only a report reads)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from fairgate.outside.rows import Deviation, RowRefused, read_document, read_relative_path, read_rows
from fairgate.vocabulary import AgeBand, Guardian

_PLAUSIBLE_YEARS = (2000, 2999)
"""A camera whose clock is off by a millennium says nothing about when a photo was taken."""

CAPTURES_COLUMNS = ("file", "lane", "time", "opted_out", "claim")
CAPTURES_OPTIONAL = ("boarding_pass", "guardian", "age_band")
TRUTH_COLUMNS = ("file", "document", "case")

_LANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CASE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_YES_NO = {"yes": True, "no": False, "": False}
_GUARDIANS = {"yes": Guardian.PRESENT, "no": Guardian.ABSENT, "none": Guardian.UNKNOWN, "": Guardian.UNKNOWN}
_BANDS = {"": None, **{band.value: band for band in AgeBand}}


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One delivery of a lane.

    Args:
        line: where it stands, from 1; the header is line 1.
        capture_key: 32 hex digits, the same for the same lane, time and file.
        file: path below the table's folder, with ``/``.
        lane: identifier of the lane.
        taken_at: aware time of capture.
        opted_out: the subject declined.
        document: ``ISSUER-NUMBER`` that the subject claims; ``None`` without claim.
        boarding_pass: text of the bar code that was scanned; ``None`` without a scan.
        guardian: whether somebody answerable for a child stood beside it, as a person at the lane said.
        age_band: the band that a person at the lane said; ``None`` where nobody did.
    """

    line: int
    capture_key: str
    file: str
    lane: str
    taken_at: datetime
    opted_out: bool
    document: str | None
    boarding_pass: str | None = field(default=None, repr=False)
    guardian: Guardian = Guardian.UNKNOWN
    age_band: AgeBand | None = None


@dataclass(frozen=True, slots=True)
class CaptureTable:
    """What ``captures.csv`` holds.

    Args:
        folder: where its files lie.
        rows: in the file's order, each delivery once.
        deviations: rows set aside, and deliveries repeated.
    """

    folder: Path
    rows: tuple[CaptureRow, ...]
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class TruthRow:
    """Who is really on a capture; only a report reads it.

    Args:
        line: where it stands.
        file: as in ``captures.csv``.
        document: ``ISSUER-NUMBER``; ``None`` for somebody who is not on the list.
        case: what kind of capture it is, e.g. ``"mated"``.
    """

    line: int
    file: str
    document: str | None
    case: str


@dataclass(frozen=True, slots=True)
class TruthTable:
    """What ``truth.csv`` holds: one row for each file, and the rows set aside."""

    rows: tuple[TruthRow, ...]
    deviations: tuple[Deviation, ...]


def read_captures(path: Path) -> CaptureTable:
    """Return the deliveries in ``captures.csv``.

    A line that repeats lane, time and file is one delivery: it is reported, and an opt-out on any of its lines holds.

    Raises:
        TableRefused: the file or its header cannot be used.
    """
    rows: dict[str, CaptureRow] = {}

    def take(line: int, values: Mapping[str, str]) -> None:
        row = _capture(line, values)
        first = rows.setdefault(row.capture_key, row)
        if first is row:
            return
        text = f"repeats line {first.line}; it is one delivery"
        if first.opted_out != row.opted_out:
            rows[row.capture_key] = replace(first, opted_out=True)
            text += ", and the opt-out on one of them holds"
        if (first.document, first.boarding_pass) != (row.document, row.boarding_pass):
            text += f", and the claim on line {first.line} counts"
        raise RowRefused("row_repeated", text)

    deviations = read_rows(path, CAPTURES_COLUMNS, take, optional=CAPTURES_OPTIONAL)
    return CaptureTable(path.absolute().parent, tuple(rows.values()), deviations)


def read_truth(path: Path) -> TruthTable:
    """Return what ``truth.csv`` says about each file.

    Raises:
        TableRefused: the file or its header cannot be used.
    """
    rows: dict[str, TruthRow] = {}

    def take(line: int, values: Mapping[str, str]) -> None:
        case = values["case"].lower()
        if not _CASE.fullmatch(case):
            raise RowRefused("row_case", "the case is not a word of small letters, digits and underscores")
        document = read_document(values["document"]) if values["document"] else None
        row = TruthRow(line, read_relative_path(values["file"]), document, case)
        first = rows.setdefault(row.file, row)
        if first is not row:
            raise RowRefused("row_repeated", f"line {first.line} has that file already and counts")

    deviations = read_rows(path, TRUTH_COLUMNS, take)
    return TruthTable(tuple(rows.values()), deviations)


def _capture(line: int, values: Mapping[str, str]) -> CaptureRow:
    file = read_relative_path(values["file"])
    if not _LANE.fullmatch(values["lane"]):
        raise RowRefused("row_lane", "the lane is not a word of letters, digits, dots and dashes")
    taken_at = _moment(values["time"])
    opted_out = _YES_NO.get(values["opted_out"].lower())
    if opted_out is None:
        raise RowRefused("row_opted_out", "opted_out is not yes, no or empty")
    document = read_document(values["claim"]) if values["claim"] else None
    key = json.dumps([values["lane"], taken_at.isoformat(timespec="microseconds"), file])
    digest = hashlib.sha256(key.encode("ascii")).hexdigest()[:32]
    scanned = values["boarding_pass"] or None
    guardian, age_band = values["guardian"].lower(), values["age_band"].lower()
    if guardian not in _GUARDIANS:
        raise RowRefused("row_guardian", "guardian is not yes, no, none or empty")
    if age_band not in _BANDS:
        raise RowRefused("row_age_band", f"age_band is not {', '.join(AgeBand)} or empty")
    return CaptureRow(
        line=line,
        capture_key=digest,
        file=file,
        lane=values["lane"],
        taken_at=taken_at,
        opted_out=opted_out,
        document=document,
        boarding_pass=scanned,
        guardian=_GUARDIANS[guardian],
        age_band=_BANDS[age_band],
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise RowRefused("row_time", "the time has no zone; end it with Z or +00:00")
        if not _PLAUSIBLE_YEARS[0] <= moment.year <= _PLAUSIBLE_YEARS[1]:
            raise RowRefused("row_time", "the year is not one in which a capture can have been taken")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, RowRefused):
            raise
        raise RowRefused("row_time", "the time is not ISO 8601, such as 2026-11-22T10:15:00Z") from error
