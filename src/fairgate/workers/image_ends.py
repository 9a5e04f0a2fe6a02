"""Whether an encoded image holds all that its header promises.

The libraries fill what is missing with grey (JPEG) or black (PNG) and say nothing. This module runs in the child; it
looks at structure alone, in time and memory bounded by the input.
"""

from __future__ import annotations

import struct
import zlib

_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_PNG_SIGNATURE_BYTES = 8
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Source: ISO/IEC 15948 clause 8.2: first column, first row, column step, row step of each pass."""

_INFLATE_STEP = 1 << 20


def jpeg_end(content: bytes) -> int | None:
    """Return where the first image's end marker begins, or ``None`` where the bytes run out before it.

    Source: ITU-T T.81, annex B.1.1: segments carry their length; in a scan, 0xFF is followed by 0x00 or a restart.
    """
    at = 2
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return None
        marker = content[at + 1]
        if marker == _END_OF_IMAGE:
            return at
        if marker in {0x00, 0xFF} or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if at + 4 > len(content):
            return None
        at += 2 + int(struct.unpack_from(">H", content, at + 2)[0])


def jpeg_with_more_data(content: bytes) -> bytes | None:
    """Return the image with some made-up data before its end marker, or ``None`` where it has none.

    A decoder that had all the data it needs ignores the addition; one that ran short draws it. Comparing the two
    pictures tells an image that lies about its size, or that was cut and closed again, from a complete one.
    """
    end = jpeg_end(content)
    if end is None:
        return None
    return content[:end] + bytes(range(1, 251)) * 16 + content[end:]


def png_has_end(content: bytes) -> bool:
    """Say whether every chunk up to the end chunk lies inside the bytes."""
    return _png_chunks(content) is not None


def png_has_all_rows(content: bytes) -> bool:
    """Say whether the compressed data inflate to at least what the header promises.

    Source: ISO/IEC 15948 clauses 7.2 and 8.2: each row of each pass is one filter byte and its samples.
    """
    chunks = _png_chunks(content)
    if chunks is None or not chunks or chunks[0][1] < 13:
        return False
    width, height, depth, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", content, chunks[0][0])
    bits = depth * _CHANNELS.get(colour, 4)
    passes = _ADAM7 if interlace else ((0, 0, 1, 1),)
    needed = 0
    for column, row, across, down in passes:
        columns, rows = max(0, -(-(width - column) // across)), max(0, -(-(height - row) // down))
        needed += rows * (1 + (columns * bits + 7) // 8) if columns else 0
    inflater = zlib.decompressobj()
    left = b"".join(content[at : at + size] for at, size in chunks if content[at - 4 : at] == b"IDAT")
    while needed > 0:
        rows_of_bytes = inflater.decompress(left, _INFLATE_STEP)
        if not rows_of_bytes:
            return False
        needed -= len(rows_of_bytes)
        left = inflater.unconsumed_tail
    return True


def _png_chunks(content: bytes) -> list[tuple[int, int]] | None:
    """Return place and length of each chunk's data up to the end chunk, or ``None`` where there is no end chunk."""
    chunks = []
    at = _PNG_SIGNATURE_BYTES
    while at + 12 <= len(content):
        length = int(struct.unpack_from(">I", content, at)[0])
        if at + 12 + length > len(content):
            return None
        chunks.append((at + 8, length))
        if content[at + 4 : at + 8] == b"IEND":
            return chunks
        at += 12 + length
    return None
