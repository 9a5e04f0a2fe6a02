"""A cursor over dlib's serialised stream that never reads past the end and never trusts a length.

Whole numbers are one byte (sign in 0x80, byte count in the low four bits) followed by that many little-endian bytes;
real numbers in headers are a mantissa and an exponent, two such numbers; a tensor is its version (2), four dimensions,
and raw little-endian float32. Whatever is announced must still be there before it is read, so that memory stays
within a small multiple of the input.

Source: the serialize functions of dlib 19 (Boost Software License), read for their facts; DESIGN §6.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import PackRefused

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LONGEST_NAME = 64
_LARGEST_SIZE = 1 << 24
_LARGEST_EXPONENT = 512


class Cursor:
    """A position in the bytes that never reads past their end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes."""
        end = self._at + count
        if end > len(self._content):
            raise self.refusal(f"{count} bytes are announced and {len(self._content) - self._at} are there")
        taken = self._content[self._at : end]
        self._at = end
        return taken

    def whole(self) -> int:
        """Return one whole number of at most eight bytes."""
        head = self.take(1)[0]
        count = head & 0x0F
        if count > 8 or head & 0x70:
            raise self.refusal("a number's head byte is not valid")
        value = int.from_bytes(self.take(count), "little")
        return -value if head & 0x80 else value

    def size(self) -> int:
        """Return a whole number that counts something: 0 to 16 777 216."""
        value = self.whole()
        if not 0 <= value <= _LARGEST_SIZE:
            raise self.refusal(f"{value} is not a plausible size")
        return value

    def real(self) -> float:
        """Return one finite real number."""
        mantissa = self.whole()
        exponent = self.whole()
        if abs(exponent) > _LARGEST_EXPONENT:
            raise self.refusal("a real number is not finite")
        return math.ldexp(float(mantissa), exponent)

    def flag(self) -> bool:
        """Return one truth value, which dlib writes as the character 1 or 0."""
        byte = self.take(1)
        if byte not in (b"0", b"1"):
            raise self.refusal("a truth value is neither 0 nor 1")
        return byte == b"1"

    def name(self) -> str:
        """Return a length-prefixed ASCII name."""
        length = self.size()
        if length > _LONGEST_NAME:
            raise self.refusal("a name is too long")
        try:
            return self.take(length).decode("ascii")
        except UnicodeDecodeError as cause:
            raise self.refusal("a name is not ASCII") from cause

    def floats(self, count: int) -> NDArray[np.float32]:
        """Return ``count`` finite float32 numbers."""
        values = np.frombuffer(self.take(4 * count), dtype="<f4").astype(np.float32)
        if not np.isfinite(values).all():
            raise self.refusal("a weight is not finite")
        return values

    def tensor(self) -> NDArray[np.float32]:
        """Return a tensor of any shape, as it lies in the file, flattened."""
        self.expect(2, "a tensor's version")
        return self.floats(math.prod(self.size() for _ in range(4)))

    def shape(self) -> tuple[int, int, int, int]:
        """Return the shape that an alias into a parameter tensor announces."""
        self.expect(1, "an alias's version")
        return (self.size(), self.size(), self.size(), self.size())

    def pair(self) -> tuple[int, int]:
        """Return two sizes: rows, columns."""
        return (self.size(), self.size())

    def expect(self, wanted: int, what: str) -> None:
        """Refuse any whole number but ``wanted``."""
        found = self.whole()
        if found != wanted:
            raise self.refusal(f"{what} is {found}, not {wanted}")

    def expect_end(self) -> None:
        """Refuse bytes that follow the end."""
        left = len(self._content) - self._at
        if left:
            raise self.refusal(f"{left} bytes follow its end")

    def refusal(self, reason: str) -> PackRefused:
        """Return the refusal to raise, which names the position reached."""
        return PackRefused(
            f"A dlib model file cannot be read at byte {self._at}: {reason}.",
            way_out="Install the model files again and run `fairgate packs verify`.",
        )
