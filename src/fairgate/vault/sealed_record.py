"""The envelope: what a store sees of a photo, a template or a list entry.

Bytes, big-endian: ``FGV1`` · header length (2) · header · wrapped key's length (2) · wrapped key · nonce (12) ·
AES-256-GCM ciphertext with its tag (16). The header is canonical JSON and authenticated together with what precedes it,
so an envelope whose class, deadline or owner was changed does not open. It says nothing about a person: identifiers in
it are opaque.

The wrapped key lies in the envelope; a length of zero is kept for keys that lie elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fairgate.errors import VaultFault
from fairgate.vault.epoch import Epoch

MAGIC = b"FGV1"
NONCE_BYTES = 12
TAG_BYTES = 16
_LENGTH_BYTES = 2
_IDENTIFIER = r"[!#-\[\]-~]{1,256}"
"""Printable ASCII without space, quotation mark and backslash, which JSON would have to escape."""
_IS_IDENTIFIER = re.compile(_IDENTIFIER + r"\Z")
_HEADER = re.compile(
    r'\{"class":"(?P<of>[a-z_]{1,32})","crossing":"(?P<crossing>' + _IDENTIFIER + r')",'
    r'"erase_by":"(?P<hour>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}):00:00Z",'
    r'"key":"(?P<key>(?P=of)/(?P=hour)Z/[0-9a-f]{16})","record":"(?P<record>' + _IDENTIFIER + r')","v":1\}'
)


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """What is said openly, and authenticated, about a sealed record.

    Args:
        record_id: opaque, printable ASCII without spaces, quotation marks and backslashes.
        crossing_id: opaque, of the crossing, or of the gallery that a reference belongs to.
        key_id: identifier of the epoch key, ``class/hour/check``, which names class and deadline too.

    Raises:
        VaultFault: an identifier is of another form.
    """

    record_id: str
    crossing_id: str
    key_id: str

    def __post_init__(self) -> None:
        if not _IS_IDENTIFIER.match(self.record_id) or not _IS_IDENTIFIER.match(self.crossing_id):
            raise VaultFault("A sealed record's identifiers are printable ASCII without spaces, quotes or backslashes.")

    @property
    def epoch(self) -> Epoch:
        """Class of the record and the hour by which it must be gone.

        Raises:
            VaultFault: there is no such class or hour.
        """
        return Epoch.of_key(self.key_id)

    def encode(self) -> bytes:
        """Return the bytes that are authenticated: magic, length and canonical JSON."""
        of, hour, _ = self.key_id.split("/")
        header = (
            f'{{"class":"{of}","crossing":"{self.crossing_id}","erase_by":"{hour[:-1]}:00:00Z",'
            f'"key":"{self.key_id}","record":"{self.record_id}","v":1}}'
        ).encode("ascii")
        return MAGIC + len(header).to_bytes(_LENGTH_BYTES, "big") + header


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """An envelope, taken apart.

    Args:
        header: what it says of itself.
        authenticated: the header's bytes with magic and length, as they were sealed.
        wrapped_key: the data key under the epoch key.
        nonce: 12 bytes.
        ciphertext: with its tag at the end.
    """

    header: RecordHeader
    authenticated: bytes = field(repr=False)
    wrapped_key: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    ciphertext: bytes | memoryview = field(repr=False)

    def encode(self) -> bytes:
        """Return the envelope's bytes."""
        wrapped_length = len(self.wrapped_key).to_bytes(_LENGTH_BYTES, "big")
        return b"".join((self.authenticated, wrapped_length, self.wrapped_key, self.nonce, self.ciphertext))

    @classmethod
    def decode(cls, envelope: bytes) -> SealedRecord:
        """Take an envelope apart; that it is genuine shows only when it is opened.

        Raises:
            VaultFault: it is cut short, of another version, or not written as :meth:`encode` writes.
        """
        if envelope[: len(MAGIC)] != MAGIC:
            raise VaultFault("This is no sealed record, or of a version that is not known.")
        view = memoryview(envelope)
        header, rest = _take(view[len(MAGIC) :])
        authenticated = envelope[: len(envelope) - len(rest)]
        wrapped_key, rest = _take(rest)
        if len(rest) < NONCE_BYTES + TAG_BYTES:
            raise VaultFault("A sealed record is cut short.")
        return cls(
            _header(header.decode("latin-1")), authenticated, wrapped_key, bytes(rest[:NONCE_BYTES]), rest[NONCE_BYTES:]
        )


def _take(content: memoryview) -> tuple[bytes, memoryview]:
    end = int.from_bytes(content[:_LENGTH_BYTES], "big") + _LENGTH_BYTES
    if len(content) < end:
        raise VaultFault("A sealed record is cut short.")
    return bytes(content[_LENGTH_BYTES:end]), content[end:]


def _header(text: str) -> RecordHeader:
    match = _HEADER.fullmatch(text)
    if match is None:
        raise VaultFault("A sealed record's header cannot be read.")
    return RecordHeader(match["record"], match["crossing"], match["key"])
