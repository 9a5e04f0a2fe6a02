"""A flight staged from several list files: one staging for each set of them, in whatever order they are named."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from journey import Run, last_object

FLIGHT = "TDT+20+FG0420'LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'"


def message(minute: int, bgm: str, *families: str) -> str:
    """Return one interchange with one message about people who are known by family name."""
    people = "".join(
        f"NAD+FL+++{family}:JO'ATT+2++F'DTM+329:800101'NAT+2+GBR'DOC+P:110:111+X{family}'LOC+91+GBR'"
        for family in families
    )
    body = f"{bgm}'{FLIGHT}{people}"
    return (
        f"UNA:+.? 'UNB+UNOA:4+FG:ZZ+TVS:ZZ+261122:09{minute:02d}+I{minute}++APIS'UNH+M{minute}+PAXLST:D:02B:UN:IATA'"
        f"{body}UNT+{body.count(chr(39)) + 2}+M{minute}'UNZ+1+I{minute}'"
    )


def test_a_set_of_lists_is_one_staging(run: Run, tmp_path: Path) -> None:
    """Cancelled people have no row; the same set changes nothing, a set without an earlier message is refused."""
    (tmp_path / "references").mkdir()
    contents = (
        message(0, "BGM+745", "DOE", "ROE"),
        message(1, "BGM+745+CP", "POE"),
        message(2, "BGM+745+XR", "ROE"),
        message(3, "BGM+745+CP", "FOE"),
    )
    files = [tmp_path / f"{place}.edi" for place in range(4)]
    for file, content in zip(files, contents, strict=True):
        file.write_text(content, encoding="ascii")
    first, second, third, late = files
    data = tmp_path / "data"
    rest = ("--references", tmp_path / "references", "--json")
    told = last_object(run("stage", third, first, second, *rest, data_dir=data).stdout)
    assert [one["passenger_ref"] for one in told["not_enrolled"]] == ["P0001", "P0003"]
    assert last_object(run("stage", first, second, second, third, *rest, data_dir=data).stdout) == told
    refused = last_object(run("stage", first, third, late, *rest, data_dir=data, expect=3).stdout)
    assert refused["error"]["code"] == "input.staging_conflict"
    digests = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in (first, second, third))
    with sqlite3.connect(data / "fairgate.db") as database:
        (kept,) = database.execute("SELECT list_sha256 FROM flight").fetchone()
    database.close()
    assert kept == hashlib.sha256("".join(f"{digest}\n" for digest in digests).encode()).hexdigest()
    assert last_object(run("ledger", "verify", "--json", data_dir=data).stdout)["ok"] is True
    changed = last_object(run("stage", first, second, third, late, *rest, data_dir=data).stdout)
    assert [one["passenger_ref"] for one in changed["not_enrolled"]] == ["P0001", "P0003", "P0004"]
