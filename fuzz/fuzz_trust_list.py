"""Fuzzes master lists, directory exports, certificates and revocation lists."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["fairgate.papers"]):
    from fairgate.papers.mint.authority import make_authority
    from fairgate.papers.mint.keys import ALGORITHMS
    from fairgate.papers.pki.certificate import read_certificate
    from fairgate.papers.pki.revocation import read_revocation_list
    from fairgate.papers.trust.directory import read_directory
    from fairgate.papers.trust.master_list import read_master_list

from harness import run

from fairgate.services.mint_papers import DrawnKeys

READERS = (read_master_list, read_directory, read_certificate, read_revocation_list)


def parse(content: bytes) -> None:
    """Read with the reader that the first octet names."""
    READERS[content[0] % len(READERS) if content else 0](content[1:])


def seeds() -> tuple[bytes, ...]:
    """Return one of each, behind the octet that names its reader."""
    made = make_authority(
        ALGORITHMS["ecdsa-p256-explicit"],
        DrawnKeys(),
        lambda size: hashlib.shake_256(b"seed").digest(size),
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    ldif = b"dn: c=UT\nuserCertificate;binary:: " + base64.b64encode(made.signer) + b"\n"
    return tuple(
        bytes([place]) + content
        for place, content in enumerate((made.master_list, ldif, made.csca, made.revocation_list))
    )


if __name__ == "__main__":
    run("trust_list", parse, seeds())
