"""Fuzzes machine-readable zones."""

from __future__ import annotations

from datetime import date

import atheris

with atheris.instrument_imports(include=["fairgate.papers"]):
    from fairgate.papers.mrz import read_mrz

from harness import run

ON = date(2026, 11, 22)
SEEDS = (
    b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    b"I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
    b"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    b"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    b"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
)


def parse(content: bytes) -> None:
    """Read a zone."""
    read_mrz(content, on=ON)


if __name__ == "__main__":
    run("mrz", parse, SEEDS)
