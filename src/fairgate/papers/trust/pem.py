"""PEM: DER in base 64 between two lines that say what it is.

Source: RFC 7468 (2015) clauses 2–6.
"""

from __future__ import annotations

import base64
import binascii
import re

from fairgate.errors import PapersError

BEGINS = b"-----BEGIN "
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]{1,4000000})-----END \1-----")
_MOST_BLOCKS = 1000


def is_pem(content: bytes) -> bool:
    """Tell whether a file begins as PEM does."""
    return content[:4096].lstrip().startswith(BEGINS)


def pem_blocks(content: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return each block's label and what it holds; text between blocks is passed over.

    Raises:
        PapersError: there is no whole block, there are too many, or one is not in base 64.
    """
    found: list[tuple[str, bytes]] = []
    for block in _BLOCK.finditer(content):
        if len(found) == _MOST_BLOCKS:
            raise PapersError(f"The file holds more than {_MOST_BLOCKS} blocks.", position=block.start())
        try:
            found.append((block[1].decode("ascii"), base64.b64decode(b"".join(block[2].split()), validate=True)))
        except (binascii.Error, ValueError) as error:
            raise PapersError("A block is not in base 64.", position=block.start()) from error
    if not found or content.count(BEGINS) > len(found):
        raise PapersError("A block is cut short.", position=0)
    return tuple(found)
