"""A face image of a chip, in whichever of the two formats it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fairgate.papers.chip.image_head import ImageFormat, ImageHead, read_image_head
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.vocabulary import Photo


class FaceFormat(StrEnum):
    """Data formats of DG2."""

    ISO_19794_5 = "iso_19794_5"
    ISO_39794_5 = "iso_39794_5"


@dataclass(frozen=True, slots=True)
class FaceImage:
    """One face image with what its record says of it. The bytes are guarded and never shown.

    Args:
        face_format: of the record.
        image_format: of the image, as its own head says.
        width_px: as the image's head says; ``0`` where it does not.
        height_px: as above.
        photo: the encoded image.
        taken_in_year: year of capture; ``None`` where not given.
        feature_points: landmarks that the record holds.
    """

    face_format: FaceFormat
    image_format: ImageFormat
    width_px: int
    height_px: int
    photo: Photo = field(repr=False, compare=False)
    taken_in_year: int | None = None
    feature_points: int = 0


def checked_image(
    content: bytes, declared: ImageFormat | None, size: tuple[int, int] | None, findings: ChipFindings, position: int
) -> ImageHead | None:
    """Return what an image's head says; differences from what the record declares are noted.

    Args:
        content: the encoded image.
        declared: format that the record names; ``None`` where it is unknown.
        size: width and height that the record names; ``None`` where it names none.
        findings: where deviations are noted.
        position: of the image within its file.

    Returns:
        ``None`` where the bytes are neither JPEG nor JPEG 2000.
    """
    head = read_image_head(content)
    if head is None:
        return None
    if head.format is not declared:
        findings.note(
            ChipFindingCode.IMAGE_FORM, "The image is not of the format that its record names.", position=position
        )
    if size is not None and 0 not in size and size != (head.width_px, head.height_px):
        text = f"The record says {size[0]}×{size[1]} pixels and the image {head.width_px}×{head.height_px}."
        findings.note(ChipFindingCode.IMAGE_SIZE_MISMATCH, text, position=position)
    return head
