"""What an encoded face image says of itself, without decoding it.

Source: ITU-T T.81 annex B (JPEG); ISO/IEC 15444-1 annexes A and I (JPEG 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_MOST_MARKERS = 1000
_MOST_BOXES = 100
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class ImageFormat(StrEnum):
    """Encodings that a passport may use."""

    JPEG = "jpeg"
    JPEG_2000 = "jpeg_2000"


@dataclass(frozen=True, slots=True)
class ImageHead:
    """What an image's head says.

    Args:
        format: its encoding.
        width_px: ``0`` where it cannot be told.
        height_px: ``0`` where it cannot be told.
    """

    format: ImageFormat
    width_px: int = 0
    height_px: int = 0


def read_image_head(content: bytes) -> ImageHead | None:
    """Return format and size, or ``None`` where the bytes are neither JPEG nor JPEG 2000."""
    if content[:3] == b"\xff\xd8\xff":
        return ImageHead(ImageFormat.JPEG, *_jpeg_size(content))
    if content[4:12] == b"jP  \r\n\x87\n":
        return ImageHead(ImageFormat.JPEG_2000, *_boxed_size(content))
    if content[:4] == b"\xff\x4f\xff\x51":
        return ImageHead(ImageFormat.JPEG_2000, *_codestream_size(content))
    return None


def _jpeg_size(content: bytes) -> tuple[int, int]:
    position = 2
    for _ in range(_MOST_MARKERS):
        if position + 4 > len(content) or content[position] != 0xFF:
            break
        marker = content[position + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES and position + 9 <= len(content):
            height, width = _two(content, position + 5), _two(content, position + 7)
            return width, height
        position += 2 + max(2, _two(content, position + 2))
    return 0, 0


def _boxed_size(content: bytes) -> tuple[int, int]:
    position, end = 12, len(content)
    for _ in range(_MOST_BOXES):
        if position + 8 > end:
            break
        size, kind = _four(content, position), content[position + 4 : position + 8]
        if kind == b"jp2h":
            position += 8
            continue
        if kind == b"ihdr" and position + 16 <= end:
            return _four(content, position + 12), _four(content, position + 8)
        if size < 8:
            break
        position += size
    return 0, 0


def _codestream_size(content: bytes) -> tuple[int, int]:
    if len(content) < 24:
        return 0, 0
    width, height = _four(content, 8) - _four(content, 16), _four(content, 12) - _four(content, 20)
    return max(0, width), max(0, height)


def _two(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 2], "big")


def _four(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "big")
