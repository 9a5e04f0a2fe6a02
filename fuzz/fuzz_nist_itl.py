"""Fuzzes ANSI/NIST-ITL transactions."""

from __future__ import annotations

from datetime import date

import atheris

with atheris.instrument_imports(include=["fairgate.papers", "nistitl"]):
    from fairgate.papers.nist_itl.facts import Compression, FaceRecord, Transaction
    from fairgate.papers.nist_itl.reader import read_transaction
    from fairgate.papers.nist_itl.writer import write_transaction

from harness import run

from fairgate.vocabulary import Photo

DAY = date(2026, 11, 22)
FACE = FaceRecord(Photo(b"\xff\xd8\xff pixels"), "GATE", DAY, 480, 640, Compression.JPEG)
SEEDS = (write_transaction(Transaction("FACE", DAY, "STORE", "GATE", "T-1", (FACE,), {3: "EXIT"})),)


def parse(content: bytes) -> None:
    """Read a transaction."""
    read_transaction(content)


if __name__ == "__main__":
    run("nist_itl", parse, SEEDS)
