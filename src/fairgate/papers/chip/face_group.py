"""DG2: the face images, within the biometric templates of ISO/IEC 7816-11 (CBEFF).

Source: ICAO Doc 9303-10 (8th ed., 2021) clause 4.7.2 and table 46; ISO/IEC 19785-3.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.papers.chip.face_19794 import MAGIC, read_face_19794
from fairgate.papers.chip.face_39794 import FACE_BLOCK, WRAPPED, read_face_39794
from fairgate.papers.chip.face_image import FaceImage
from fairgate.papers.chip.files import TAG_OF_GROUP
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import Element, elements, only_element

GROUP_TEMPLATE, TEMPLATE, HEADER = 0x7F61, 0x7F60, 0xA1
DATA_BLOCK, CONSTRUCTED_DATA_BLOCK = 0x5F2E, 0x7F2E
_MOST_TEMPLATES = 9


@dataclass(frozen=True, slots=True)
class FaceGroup:
    """What DG2 holds.

    Args:
        images: at least one, in the chip's order; the first is the portrait.
    """

    images: tuple[FaceImage, ...]


def read_face_group(content: bytes, findings: ChipFindings) -> FaceGroup:
    """Read DG2, or a bare block of ISO/IEC 39794-5.

    Raises:
        PapersError: it is cut short, something else, or holds no face image.
    """
    if content[:1] == bytes([WRAPPED]) or content[:1] == bytes([FACE_BLOCK]):
        return FaceGroup(read_face_39794(only_element(content, findings, what="face image"), findings))
    outer = only_element(content, findings, tag=TAG_OF_GROUP[2], what="DG2")
    cursor = values.Cursor(values.Cursor(outer).take(GROUP_TEMPLATE, what="group of templates"))
    count = values.small(cursor.take(values.INTEGER, what="number of templates"))
    images: list[FaceImage] = []
    read = 0
    while cursor.peek() is not None:
        template = cursor.take(TEMPLATE, what="biometric template")
        if read == _MOST_TEMPLATES:
            raise template.refuse(f"DG2 holds more than {_MOST_TEMPLATES} templates.")
        images.extend(_images(template, findings))
        read += 1
    if read != count:
        text = f"DG2 says that it holds {count} templates, and holds {read}."
        findings.note(ChipFindingCode.LENGTH_MISMATCH, text, position=outer.start)
    if not images:
        raise outer.refuse("DG2 holds no face image.")
    if len(images) > 1:
        text = f"DG2 holds {len(images)} face images."
        findings.note(ChipFindingCode.SEVERAL_IMAGES, text, position=outer.start)
    return FaceGroup(tuple(images))


def _images(template: Element, findings: ChipFindings) -> tuple[FaceImage, ...]:
    fields = {element.tag: element for element in template.children()}
    if HEADER not in fields:
        findings.note(ChipFindingCode.MISSING_ELEMENT, "A template has no header.", position=template.start)
    block = fields.get(DATA_BLOCK) or fields.get(CONSTRUCTED_DATA_BLOCK)
    if block is None:
        raise template.refuse("A biometric template holds no data block.")
    if block.data[block.body : block.body + 4] == MAGIC:
        return read_face_19794(block.content, findings, block.body)
    inner = next(elements(block.data, block.body, block.stop, findings, block.depth + 1), None)
    if inner is None:
        raise block.refuse("A biometric data block is empty.")
    return read_face_39794(inner, findings)
