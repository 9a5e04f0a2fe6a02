"""Annotated copies: drawn beside the picture, readable by one user, and written over nothing but an older copy."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from fairgate.errors import InputRefused
from fairgate.face.detect import Face
from fairgate.face.five_points import PointScheme
from fairgate.face.inspection import Inspection, Seen
from fairgate.face.quality import assess
from fairgate.outside.annotated_copy import AnnotatedCopies
from fairgate.outside.face_drawing import LEAST_SIDE_PX, MOST_SIDE_PX, drawn

Rgb = NDArray[np.uint8]
DIGEST, OTHER_DIGEST = "ab" * 32, "cd" * 32
SUBJECT_BLUE, OTHER_ORANGE = (0, 90, 181), (233, 138, 0)


def photo(width: int = 320, height: int = 240) -> Rgb:
    return np.full((height, width, 3), 128, np.uint8)


def seen(rgb: Rgb, x: float, y: float) -> Seen:
    """Return a face of 60 px by the middle of its box."""
    five = np.array([[14.0, -6], [6, -6], [-14, -6], [-6, -6], [0, 8]]) + np.array([x, y])
    box = (x - 30, y - 30, x + 30, y + 30)
    landmarks = tuple((float(across), float(down)) for across, down in five)
    return Seen(Face(box, 0.9), landmarks, assess(rgb, five, box))


def inspection(rgb: Rgb, *places: tuple[float, float], subject: int | None = None) -> Inspection:
    found = tuple(seen(rgb, x, y) for x, y in places)
    return Inspection(rgb.shape[1], rgb.shape[0], PointScheme.EYE_CORNERS, found, subject)


def opened(content: bytes) -> Rgb:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"))


def test_boxes_stand_where_the_faces_are() -> None:
    """The subject's in one colour, the others' in another; the photo handed in stays as it is."""
    rgb = photo()
    sheet = opened(drawn(rgb, inspection(rgb, (100, 120), (220, 120), subject=0), "a.jpg"))
    factor = LEAST_SIDE_PX / 320
    assert (rgb == 128).all()
    for x, colour in ((100, SUBJECT_BLUE), (220, OTHER_ORANGE)):
        row, left, right = round(135 * factor), round((x - 30) * factor), round((x + 30) * factor)
        for edge in (left, right):
            assert (sheet[row, edge - 3 : edge + 4] == colour).all(axis=-1).any()
        assert (sheet[row, left + 6 : right - 6] == 128).all()


def test_landmarks_stand_on_their_pixels() -> None:
    """On an enlarged copy as on one of the photo's own size."""
    for width, height in ((320, 240), (1000, 750)):
        rgb = photo(width, height)
        found = inspection(rgb, (100, 120), subject=0)
        sheet = opened(drawn(rgb, found, "a.jpg"))
        factor = max(width, LEAST_SIDE_PX) / width
        for x, y in found.seen[0].landmarks:
            assert tuple(sheet[round((y + 0.5) * factor), round((x + 0.5) * factor)]) == SUBJECT_BLUE


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 900), (2500, 40)])
def test_any_photo_can_be_drawn_on(width: int, height: int) -> None:
    """Also one without faces, of one pixel, or of odd shape; none becomes larger than a screen."""
    rgb = photo(width, height)
    sheet = opened(drawn(rgb, inspection(rgb), "x" * 500))
    assert sheet.shape[0] <= MOST_SIDE_PX
    crowd = opened(drawn(rgb, inspection(rgb, *((x, 20.0) for x in range(12))), "Καλημέρα.jpg"))
    assert crowd.shape[1] == sheet.shape[1]


def test_a_copy_lies_beside_its_photo_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    """A picture that any viewer opens."""
    rgb = photo()
    written = AnnotatedCopies(None).write(str(tmp_path / "me.jpg"), rgb, inspection(rgb), DIGEST)
    assert Path(written) == tmp_path / "me.detected.png"
    assert stat.S_IMODE(Path(written).stat().st_mode) == 0o600
    with Image.open(written) as image:
        image.load()
        assert image.format == "PNG"
    assert [one.name for one in tmp_path.iterdir()] == ["me.detected.png"]


def test_a_folder_is_made_for_copies(tmp_path: Path) -> None:
    """Where one is named."""
    rgb = photo()
    written = AnnotatedCopies(tmp_path / "looked" / "at").write("somewhere/me.jpg", rgb, inspection(rgb), DIGEST)
    assert Path(written) == tmp_path / "looked" / "at" / "me.detected.png"
    assert Path(written).is_file()


def test_an_older_copy_of_the_same_photo_is_replaced(tmp_path: Path) -> None:
    """By the newer one, whole."""
    rgb = photo()
    copies = AnnotatedCopies(tmp_path)
    first = Path(copies.write("me.jpg", rgb, inspection(rgb), DIGEST)).read_bytes()
    second = Path(copies.write("me.jpg", rgb, inspection(rgb, (100, 120)), DIGEST)).read_bytes()
    assert first != second


def test_nothing_else_is_written_over(tmp_path: Path) -> None:
    """A copy of another photo, a file of the user's, an empty one, a folder, a link."""
    rgb = photo()
    copies = AnnotatedCopies(tmp_path)
    target = tmp_path / "me.detected.png"
    elsewhere = tmp_path / "elsewhere.png"
    elsewhere.write_bytes(b"mine")
    copies.write("me.png", rgb, inspection(rgb), OTHER_DIGEST)
    before = target.read_bytes()

    def refused() -> None:
        with pytest.raises(InputRefused, match="there already"):
            copies.write("me.jpg", rgb, inspection(rgb), DIGEST)

    refused()
    assert target.read_bytes() == before
    for content in (b"mine", b""):
        target.write_bytes(content)
        refused()
        assert target.read_bytes() == content
    target.unlink()
    target.mkdir()
    refused()
    target.rmdir()
    target.symlink_to(elsewhere)
    refused()
    assert elsewhere.read_bytes() == b"mine"
    assert target.is_symlink()


def test_a_folder_that_cannot_be_written_to_is_refused_with_a_way_out(tmp_path: Path) -> None:
    """Here a file stands where the folder should be."""
    rgb = photo()
    (tmp_path / "file").touch()
    with pytest.raises(InputRefused, match="--out"):
        AnnotatedCopies(tmp_path / "file").write("me.jpg", rgb, inspection(rgb), DIGEST)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
