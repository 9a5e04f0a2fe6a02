"""Fuzzes the text of boarding passes."""

from __future__ import annotations

import atheris

with atheris.instrument_imports(include=["fairgate.papers"]):
    from fairgate.papers.boarding_pass.reader import read_boarding_pass

from harness import run

FLIGHT = b"ABC123 BOSLHRFG 0420 326Y025C0007 1"
ITEMS = b"4E>6252WM6325BFG 00011234560022A0017460111872 1FG AA 34DGH32         N1PCYOWN"
SEEDS = (
    b"M1DOE/JANE MRS        E" + FLIGHT + b"00",
    b"M2DOE/JANE MRS        E" + FLIGHT + ITEMS + FLIGHT + b"00^104ABCD",
)


def parse(content: bytes) -> None:
    """Read a pass."""
    read_boarding_pass(content)


if __name__ == "__main__":
    run("bcbp", parse, SEEDS)
