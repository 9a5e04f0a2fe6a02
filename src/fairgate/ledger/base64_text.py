"""Base 64 in lines that are hashed or signed: every content has exactly one text.

Source: RFC 4648 §4 (October 2006).
"""

from __future__ import annotations

import base64
import binascii

from fairgate.errors import LedgerFault


def decoded_base64(text: str) -> bytes:
    """Return the content of standard base 64.

    Raises:
        LedgerFault: encoding would have written it otherwise.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise LedgerFault("This is no base 64.") from fault
    if base64.b64encode(content).decode() != text:
        raise LedgerFault("This is no base 64 as it is written.")
    return content
