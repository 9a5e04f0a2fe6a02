"""What parent and child say to each other, as bytes on two pipes.

Request: a number that the answer repeats, a format, the length of the encoded image, then the image. Answer: the same
number, a status, width and height, then, where the status is ``OK``, height × width × 3 bytes of RGB. A child that is
ready says ``READY`` once before it listens. Everything is little-endian.

This module belongs to the child too: it imports nothing beyond ``struct``.
"""

from __future__ import annotations

import struct

REQUEST = struct.Struct("<4sQBQ")
"""Magic, number, format (index into FORMATS), length in bytes."""

ANSWER = struct.Struct("<4sQBII")
"""Magic, number, status (index into STATUSES), width and height in pixels."""

MAGIC = b"FGD1"
READY = b"FGDR"

JPEG, PNG, JPEG2000 = "jpeg", "png", "jpeg2000"
FORMATS = (JPEG, PNG, JPEG2000)

OK = "ok"
TRUNCATED = "truncated"
DAMAGED = "damaged"
TOO_MANY_PIXELS = "too_many_pixels"
OUT_OF_MEMORY = "out_of_memory"
STATUSES = (OK, TRUNCATED, DAMAGED, TOO_MANY_PIXELS, OUT_OF_MEMORY)
"""``OK``, and the reasons of ``ImageRefused`` that a child may give."""
