"""What runs inside the disposable process, exercised without one."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fairgate.workers import decode_child, protocol
from fairgate.workers.image_ends import jpeg_end, jpeg_with_more_data, png_has_all_rows, png_has_end

_draw = np.random.default_rng(2)
PICTURE = Image.fromarray(_draw.integers(0, 255, (5, 7, 3), dtype=np.uint8)).resize((50, 40), Image.Resampling.BICUBIC)


def _encoded(form: str, **options: object) -> bytes:
    file = io.BytesIO()
    PICTURE.save(file, form, **options)
    return file.getvalue()


JPEG, PNG = _encoded("JPEG"), _encoded("PNG")


@settings(max_examples=200, deadline=None)
@given(
    base=st.sampled_from([(protocol.JPEG, JPEG), (protocol.PNG, PNG)]),
    edits=st.lists(st.tuples(st.integers(8, 5000), st.integers(0, 6), st.binary(max_size=6)), min_size=1, max_size=4),
    keep=st.integers(8, 6000),
)
def test_mutations_are_decoded_or_refused(
    base: tuple[str, bytes], edits: list[tuple[int, int, bytes]], keep: int
) -> None:
    """Whatever is done to a small image, the child finds pixels or a status, and does not have to die."""
    kind, content = base
    changed = bytearray(content)
    for at, removed, put in edits:
        place = at % len(content)
        changed[place : place + removed] = put
    try:
        image = decode_child.decode(kind, bytes(changed[:keep]), 1_000_000)
    except decode_child.Refused:
        return
    assert image.mode == "RGB"


@given(st.binary(max_size=300))
def test_looking_for_the_end_ends(rest: bytes) -> None:
    """The structure checks answer for any bytes."""
    assert (
        jpeg_end(b"\xff\xd8" + rest) is None or (b"\xff\xd8" + rest)[jpeg_end(b"\xff\xd8" + rest) :][:2] == b"\xff\xd9"
    )
    png_has_end(PNG[:8] + rest)
    assert not png_has_all_rows(PNG[:33] + rest) or png_has_end(PNG[:33] + rest)


def test_the_end_of_the_first_image_is_found_behind_thumbnails() -> None:
    """An end marker inside a segment does not count, and neither does a second image."""
    exif = b"Exif\0\0" + JPEG
    with_thumbnail = _encoded("JPEG", exif=exif)
    end = jpeg_end(with_thumbnail + JPEG)
    assert end == len(with_thumbnail) - 2
    longer = jpeg_with_more_data(with_thumbnail)
    assert longer is not None
    assert len(longer) > len(with_thumbnail)
    assert jpeg_end(longer) == len(longer) - 2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (7, 9), (64, 33)])
def test_a_whole_png_has_all_its_rows(mode: str, size: tuple[int, int]) -> None:
    """For each pixel layout, the promised length is the length that is there."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, "PNG")
    assert png_has_all_rows(file.getvalue())
    assert png_has_end(file.getvalue())
    assert not png_has_end(file.getvalue()[:-1])


def test_the_child_loads_little() -> None:
    """Neither numpy nor any other part of Fairgate is in the process that meets hostile bytes."""
    program = (
        "import sys, fairgate.workers.decode_child; "
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in ('numpy', 'cv2', 'onnxruntime', 'fairgate')))"
    )
    loaded = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == [
        "fairgate",
        "fairgate.workers",
        "fairgate.workers.decode_child",
        "fairgate.workers.image_ends",
        "fairgate.workers.protocol",
    ]
