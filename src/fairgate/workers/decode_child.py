"""The disposable process: reads encoded images from one pipe, writes pixels to another, and can do no more.

Started as ``python -I -m fairgate.workers.decode_child PIXELS MEMORY_BYTES CPU_SECONDS IMAGES``. It imports Pillow's
three decoders and nothing else of weight, gives up what the kernel lets it give up, and says when it is ready. What it
did not foresee ends it; the parent takes that as the image's fault and starts another. Metadata end here: only pixels
leave. An embedded colour profile is dropped unread, and the pixels are taken as sRGB.
"""

from __future__ import annotations

import ctypes
import io
import math
import os
import resource
import struct
import sys
import time
import zlib
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageFile, TiffImagePlugin
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from fairgate.workers import protocol
from fairgate.workers.image_ends import jpeg_end, jpeg_with_more_data, png_has_all_rows, png_has_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 16
_BAND_PIXELS = 1 << 18

_OPENERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    protocol.JPEG: JpegImageFile,
    protocol.PNG: PngImageFile,
    protocol.JPEG2000: Jpeg2KImageFile,
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Source: CIPA DC-008 (Exif 2.32) clause 4.6.4 A, tag 0x0112 Orientation."""

_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for content that makes no sense."""


class Refused(Exception):
    """The image is refused with one of the protocol's statuses."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


def _give_up_privileges(memory_bytes: int, cpu_seconds_in_life: int) -> None:
    """Set limits that this process cannot lift again."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds_in_life, cpu_seconds_in_life))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _allow_cpu(seconds: int, in_life: int) -> None:
    """Allow so many seconds from now; the kernel ends the process when they are used up."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, in_life))


def _ends_early(kind: str, content: bytes) -> bool:
    if kind == protocol.JPEG:
        return jpeg_end(content) is None
    if kind == protocol.PNG:
        return not png_has_end(content)
    return not content.rstrip(b"\0").endswith(b"\xff\xd9")


def _is_filled_up(kind: str, content: bytes, image: Image.Image) -> bool:
    """Say whether the decoder ran out of data and filled the rest up without a word."""
    width, height = image.size
    if kind == protocol.PNG:
        last_rows = image.crop((0, max(0, height - 2), width, height))
        return ("interlace" in image.info or _is_flat(last_rows, {0})) and not png_has_all_rows(content)
    if kind == protocol.JPEG:
        corner = image.crop((max(0, width - 8), max(0, height - 8), width, height))
        if not _is_flat(corner, {127, 128}):
            return False
        longer = jpeg_with_more_data(content)
        return longer is None or any(
            one.tobytes() != other.tobytes()
            for one, other in zip(_bands(image), _bands(JpegImageFile(io.BytesIO(longer))), strict=True)
        )
    return False


def _is_flat(image: Image.Image, values: set[int]) -> bool:
    """Say whether every sample of every channel is one of the values, and each channel has but one."""
    found = image.getextrema()
    channels = found if isinstance(found[0], tuple) else (found,)
    return all(low == high and low in values for low, high in channels)


def _bands(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the image in bands of whole rows, from the top."""
    width, height = image.size
    rows = max(1, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        yield image if rows >= height else image.crop((0, top, width, min(height, top + rows)))


def _orientation(image: Image.Image) -> int:
    """Return the Exif orientation; garbage in the metadata means none."""
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _FAULTS:
        return 1
    return found if isinstance(found, int) else 1


def _to_rgb(image: Image.Image) -> Image.Image:
    """Return an RGB image: 16-bit grey is scaled, what is transparent is laid on white."""
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1.0 / 256.0)).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or (image.mode == "P" and "transparency" in image.info):
        see_through = image.convert("RGBA")
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(see_through, mask=see_through.getchannel("A"))
        return white
    return image.convert("RGB")


def decode(kind: str, content: bytes, most_pixels: int) -> Image.Image:
    """Decode one image upright, as RGB.

    Args:
        kind: one of the protocol's formats.
        content: the encoded image.
        most_pixels: checked from the header, before anything is decoded.

    Raises:
        Refused: with the status to answer.
    """
    try:
        image = _OPENERS[kind](io.BytesIO(content))
        if image.width * image.height > most_pixels:
            raise Refused(protocol.TOO_MANY_PIXELS)
        if image.width < 1 or image.height < 1:
            raise Refused(protocol.DAMAGED)
        if kind == protocol.PNG and _ends_early(kind, content):  # Pillow notices this in JPEG and not in PNG
            raise Refused(protocol.TRUNCATED)
        image.load()
        if _is_filled_up(kind, content, image):
            raise Refused(protocol.TRUNCATED)
        turn = _TURNS.get(_orientation(image))
        upright = _to_rgb(image)
        return upright if turn is None else upright.transpose(turn)
    except MemoryError as cause:
        raise Refused(protocol.OUT_OF_MEMORY) from cause
    except _FAULTS as cause:
        early = _ends_early(kind, content)
        raise Refused(protocol.TRUNCATED if early else protocol.DAMAGED) from cause


def _read(pipe: io.RawIOBase, count: int) -> bytes:
    """Return exactly so many bytes; the parent closing the pipe ends the process."""
    taken = bytearray(count)
    view, at = memoryview(taken), 0
    while at < count:
        got = pipe.readinto(view[at:])
        if not got:
            sys.exit(0)
        at += got
    return bytes(taken)


def _write(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def _answer(handle: int, number: int, image: Image.Image) -> None:
    """Write the pixels band by band, so that the parent reads one while the next is packed."""
    width, height = image.size
    _write(handle, protocol.ANSWER.pack(protocol.MAGIC, number, protocol.STATUSES.index(protocol.OK), width, height))
    for band in _bands(image):
        _write(handle, band.tobytes())


def _warm_up() -> None:
    """Decode one small image of each kind, so that nothing is loaded from disk once files are out of reach."""
    TiffImagePlugin.ImageFileDirectory_v2()
    sample = Image.new("RGB", (8, 8), (200, 150, 100))
    for kind, name in ((protocol.JPEG, "JPEG"), (protocol.PNG, "PNG"), (protocol.JPEG2000, "JPEG2000")):
        encoded = io.BytesIO()
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        sample.save(encoded, name, **({} if kind == protocol.JPEG2000 else {"exif": exif}))
        decode(kind, encoded.getvalue(), 64)


def main(arguments: list[str]) -> None:
    """Serve requests until the parent closes the pipe or a limit ends the process."""
    most_pixels, memory_bytes, cpu_seconds, images = (int(argument) for argument in arguments)
    _warm_up()
    in_life = math.ceil(time.process_time()) + (cpu_seconds + 1) * (images + 1)
    _give_up_privileges(memory_bytes, in_life)
    requests, answers = io.FileIO(0, "rb"), 1
    _write(answers, protocol.READY)
    for _ in range(images):
        magic, number, kind, length = protocol.REQUEST.unpack(_read(requests, protocol.REQUEST.size))
        if magic != protocol.MAGIC:
            sys.exit(2)
        _allow_cpu(cpu_seconds, in_life)
        try:
            _answer(answers, number, decode(protocol.FORMATS[kind], _read(requests, length), most_pixels))
        except Refused as refused:
            status = protocol.STATUSES.index(refused.status)
            _write(answers, protocol.ANSWER.pack(protocol.MAGIC, number, status, 0, 0))


if __name__ == "__main__":
    main(sys.argv[1:])
