"""Face image records of ISO/IEC 19794-5:2005.

Source: ISO/IEC 19794-5:2005 clause 5; ICAO Doc 9303-10 (8th ed., 2021) clause 4.7.2.
"""

from __future__ import annotations

from fairgate.errors import PapersError
from fairgate.papers.chip.face_image import FaceFormat, FaceImage, checked_image
from fairgate.papers.chip.image_head import ImageFormat
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.vocabulary import Photo

MAGIC = b"FAC\x00"
VERSION = b"010\x00"
HEADER_BYTES, RECORD_BYTES, FEATURE_POINT_BYTES, IMAGE_BYTES = 14, 20, 8, 12
_MOST_IMAGES = 16
FORMATS = {0: ImageFormat.JPEG, 1: ImageFormat.JPEG_2000}


def read_face_19794(content: bytes, findings: ChipFindings, offset: int) -> tuple[FaceImage, ...]:
    """Return the images of a facial record.

    Args:
        content: the record, from its magic number on.
        findings: where deviations are noted.
        offset: of the record within its file.

    Raises:
        PapersError: it is cut short or something else.
    """
    if content[:4] != MAGIC or len(content) < HEADER_BYTES:
        raise PapersError("The biometric data block is no face image record.", position=offset)
    if content[4:8] != VERSION:
        findings.note(ChipFindingCode.VERSION, "The face record is not of version 010.", position=offset + 4)
    length, count = int.from_bytes(content[8:12], "big"), int.from_bytes(content[12:14], "big")
    if length != len(content):
        text = f"The face record says that it has {length} bytes, and has {len(content)}."
        findings.note(ChipFindingCode.LENGTH_MISMATCH, text, position=offset + 8)
    if not 1 <= count <= _MOST_IMAGES:
        raise PapersError(f"The face record says that it holds {count} images.", position=offset + 12)
    images: list[FaceImage] = []
    position = HEADER_BYTES
    for _ in range(count):
        image, position = _image(content, position, findings, offset)
        images.append(image)
    if position < len(content):
        text = f"{len(content) - position} bytes follow the last image."
        findings.note(ChipFindingCode.TRAILING_BYTES, text, position=offset + position)
    return tuple(images)


def _image(content: bytes, start: int, findings: ChipFindings, offset: int) -> tuple[FaceImage, int]:
    if start + RECORD_BYTES > len(content):
        raise PapersError("The face record ends within an image's head.", position=offset + start)
    length = int.from_bytes(content[start : start + 4], "big")
    points = int.from_bytes(content[start + 4 : start + 6], "big")
    head = start + RECORD_BYTES + FEATURE_POINT_BYTES * points
    body = head + IMAGE_BYTES
    end = start + length
    if end > len(content):
        text = "An image's length goes beyond its record."
        findings.note(ChipFindingCode.LENGTH_MISMATCH, text, position=offset + start)
        end = len(content)
    if body >= end:
        raise PapersError("The face record has no room for its image.", position=offset + start)
    declared = FORMATS.get(content[head + 1])
    size = int.from_bytes(content[head + 2 : head + 4], "big"), int.from_bytes(content[head + 4 : head + 6], "big")
    encoded = content[body:end]
    found = checked_image(encoded, declared, size, findings, offset + body)
    if found is None:
        raise PapersError("The face image is neither JPEG nor JPEG 2000.", position=offset + body)
    image = FaceImage(
        FaceFormat.ISO_19794_5, found.format, found.width_px, found.height_px, Photo(encoded), None, points
    )
    return image, end
