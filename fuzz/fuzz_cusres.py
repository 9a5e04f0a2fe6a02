"""Fuzzes answers to passenger lists."""

from __future__ import annotations

from datetime import date

import atheris

with atheris.instrument_imports(include=["fairgate.papers"]):
    from fairgate.papers.cusres.reader import read_answer

from harness import run

SEED = (
    b"UNA:+.? 'UNB+UNOA:4+TVS+FGAIR+261122:0930+A1++APIS'UNG+CUSRES+TVS+FGAIR+261122:0930+G1+UN+D:02B'"
    b"UNH+A1+CUSRES:D:02B:UN:IATA+ACCESS'BGM+962'RFF+TN:T1:::2'RFF+AF:FG0420'DTM+189:2611221900:201'LOC+125+BOS'"
    b"LOC+87+LHR'ERP+1'ERC+4Z'ERP+2'RFF+AVF:NY7HZZ'RFF+ABO:1234'RFF+LI:1'ERC+1Z'FTX+AAO+++EXPIRED:PASSPORT'"
    b"UNT+16+A1'UNE+1+G1'UNZ+1+A1'"
)


def parse(content: bytes) -> None:
    """Read an answer."""
    read_answer(content, on=date(2026, 11, 22))


if __name__ == "__main__":
    run("cusres", parse, (SEED,))
