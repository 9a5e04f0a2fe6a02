"""Face image data blocks of ISO/IEC 39794-5, in the profile of ICAO.

Source: ISO/IEC 39794-5:2019 annex A, ASN.1 module of ICAO's application profile (edition 1, version 1); ICAO Doc
9303-10 (8th ed., 2021) clause 4.7.2.
"""

from __future__ import annotations

from fairgate.errors import PapersError
from fairgate.papers.chip.face_image import FaceFormat, FaceImage, checked_image
from fairgate.papers.chip.image_head import ImageFormat
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import Element
from fairgate.vocabulary import Photo

FACE_BLOCK = 0x65
WRAPPED = 0xA1
_OLDEST_GENERATION = 3
_FORMATS = {2: ImageFormat.JPEG, 3: ImageFormat.JPEG_2000, 4: ImageFormat.JPEG_2000}
_MOST_IMAGES = 16
_MOST_POINTS = 10_000


def read_face_39794(element: Element, findings: ChipFindings) -> tuple[FaceImage, ...]:
    """Return the images of a face image data block.

    Args:
        element: the block, or the context tag that wraps it.
        findings: where deviations are noted.

    Raises:
        PapersError: it is something else, or an image is missing.
    """
    if element.tag == WRAPPED:
        element = values.Cursor(element).take(FACE_BLOCK, what="face image data block")
    if element.tag != FACE_BLOCK:
        raise element.refuse("The biometric data block is no face image data block.")
    cursor = values.Cursor(element)
    version = _fields(cursor.take(0xA0, what="version"))
    generation = _number(version.get(0x80))
    if generation is None or generation < _OLDEST_GENERATION:
        findings.note(ChipFindingCode.VERSION, "The face image is of an unknown generation.", position=element.start)
    images: list[FaceImage] = []
    for block in cursor.take(0xA1, what="face images").children():
        if len(images) == _MOST_IMAGES:
            raise block.refuse(f"The block holds more than {_MOST_IMAGES} images.")
        images.append(_image(block, findings))
    cursor.finish()
    if not images:
        raise element.refuse("The face image data block holds no image.")
    return tuple(images)


def _image(block: Element, findings: ChipFindings) -> FaceImage:
    representation = _fields(block)
    inner = _into(representation.get(0xA1), 0xA0, 0xA0)
    if inner is None:
        raise block.refuse("A face image is not two-dimensional.")
    fields = _fields(inner)
    data = fields.get(0x80)
    if data is None:
        raise inner.refuse("A face image has no bytes.")
    information = _fields(fields[0xA1]) if 0xA1 in fields else {}
    code = _number(_inside(information.get(0xA0), 0x80))
    size_fields = _fields(information[0xA7]) if 0xA7 in information else {}
    width, height = _number(size_fields.get(0x80)), _number(size_fields.get(0x81))
    size = (width, height) if width is not None and height is not None else None
    found = checked_image(data.content, _FORMATS.get(code or 0), size, findings, data.body)
    if found is None:
        raise PapersError("The face image is neither JPEG nor JPEG 2000.", position=data.body)
    taken = _fields(representation[0xA2]) if 0xA2 in representation else {}
    points = 0
    if 0xA9 in representation:
        for _ in representation[0xA9].children():
            points += 1
            if points == _MOST_POINTS:
                break
    return FaceImage(
        FaceFormat.ISO_39794_5,
        found.format,
        found.width_px,
        found.height_px,
        Photo(data.content),
        _number(taken.get(0x80)),
        points,
    )


def _fields(element: Element) -> dict[int, Element]:
    """Return a sequence's fields by their context tags."""
    return {child.tag: child for child in element.children()}


def _into(element: Element | None, *tags: int) -> Element | None:
    for tag in tags:
        element = _inside(element, tag)
    return element


def _inside(element: Element | None, tag: int) -> Element | None:
    return _fields(element).get(tag) if element is not None and element.constructed else None


def _number(element: Element | None) -> int | None:
    return values.small(element, tag=element.tag) if element is not None and not element.constructed else None
