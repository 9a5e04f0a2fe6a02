"""What an ANSI/NIST-ITL transaction says, in plain values that JSON can hold. Image bytes never leave this way."""

from __future__ import annotations

from fairgate.papers.nist_itl.facts import FaceRecord, Transaction
from fairgate.papers.plain_values import Plain, plain_fields


def plain_transaction(read: Transaction) -> Plain:
    """Return record types 1, 2 and 10; a type 2's fields by number, as the domain names them."""
    return {
        "transaction": read.kind,
        **plain_fields(read, without=("kind", "faces", "descriptions")),
        "descriptions": {f"2.{number:03d}": text for number, text in sorted(read.descriptions.items())},
        "faces": [_face(face) for face in read.faces],
    }


def _face(face: FaceRecord) -> Plain:
    told = plain_fields(face, without=("image",))
    return {**told, "size_bytes": face.image.size_bytes}
