"""Fuzzes the files of passport chips."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["fairgate.papers"]):
    from fairgate.papers.chip.face_image import FaceFormat
    from fairgate.papers.chip.read import read_chip_file
    from fairgate.papers.mint.keys import ALGORITHMS
    from fairgate.papers.mint.passport import MintOrder, mint_passport
    from fairgate.papers.mint.specimen import specimen_zone

from harness import run

from fairgate.services.mint_papers import DrawnKeys

AT = datetime(2026, 11, 22, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x50\x00\x40\x03" + bytes(30) + b"\xff\xd9"


def parse(content: bytes) -> None:
    """Read a file, whichever its first octet says that it is."""
    read_chip_file(content)


def seeds() -> tuple[bytes, ...]:
    """Return the files of two minted chips."""
    found: dict[bytes, None] = {}
    for name, face_format in (
        ("ecdsa-p256-explicit", FaceFormat.ISO_19794_5),
        ("rsa-pss-sha256", FaceFormat.ISO_39794_5),
    ):
        order = MintOrder(specimen_zone(AT.date()), PHOTO, ALGORITHMS[name], AT, face_format)
        minted = mint_passport(order, DrawnKeys(2048), lambda size: hashlib.shake_256(b"seed").digest(size))
        found.update(dict.fromkeys(minted.files.values()))
    return tuple(found)


if __name__ == "__main__":
    run("chip", parse, seeds())
