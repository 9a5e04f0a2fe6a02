"""What an image is, told by its first bytes and never by its name."""

from __future__ import annotations

from fairgate.workers.protocol import JPEG, JPEG2000, PNG

LONGEST_SIGNATURE = 12

_ALLOWED = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", JPEG2000),
    (b"\xff\x4f\xff\x51", JPEG2000),
)
"""Source: ITU-T T.81 B.2.1; ISO/IEC 15948 clause 5.2; ISO/IEC 15444-1 clause I.5.1 and A.4 (a bare codestream)."""

_OTHER_IMAGES = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"8BPS", b"\x00\x00\x01\x00", b"<svg")


def allowed_format(start: bytes) -> str | None:
    """Return which allowed format begins like this, or ``None``.

    Args:
        start: the first bytes, ``LONGEST_SIGNATURE`` of them where there are so many.
    """
    return next((name for signature, name in _ALLOWED if start.startswith(signature)), None)


def is_other_image(start: bytes) -> bool:
    """Say whether the bytes begin like an image of a kind that is not decoded here (GIF, TIFF, WebP, HEIC, …)."""
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return True
    if start[4:8] == b"ftyp":
        return True
    return start.startswith(_OTHER_IMAGES)
