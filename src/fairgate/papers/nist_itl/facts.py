"""What a transaction says.

Source: ANSI/NIST-ITL 1-2011, update 2015 (NIST Special Publication 500-290, edition 3), tables of record types 1, 2
and 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fairgate.papers.findings import Finding
from fairgate.vocabulary import Photo

VERSION = "0502"
"""ANSI/NIST-ITL 1-2011, update 2015."""


class Compression(StrEnum):
    """How the image is encoded (10.011 CGA). Source: table 15."""

    NONE = "NONE"
    PNG = "PNG"
    JPEG = "JPEGB"
    JPEG_LOSSLESS = "JPEGL"
    JPEG_2000 = "JP2"
    JPEG_2000_LOSSLESS = "JP2L"


class ColourSpace(StrEnum):
    """What the image's values mean (10.012 CSP). Source: table 16."""

    UNKNOWN = "UNK"
    GRAY = "GRAY"
    RGB = "RGB"
    SRGB = "SRGB"
    YCC = "YCC"
    SYCC = "SYCC"


class Monitoring(StrEnum):
    """Who watched the capture (10.030 DMM). Source: table 5."""

    CONTROLLED = "CONTROLLED"
    ASSISTED = "ASSISTED"
    OBSERVED = "OBSERVED"
    UNATTENDED = "UNATTENDED"
    UNKNOWN = "UNKNOWN"


class Pose(StrEnum):
    """Which way the subject looks (10.020 POS). Source: table 60."""

    FRONT = "F"
    RIGHT = "R"
    LEFT = "L"
    ANGLED = "A"
    DETERMINED = "D"


ACQUISITION_PROFILES = frozenset({0, 1, 10, 11, 12, 13, 14, 15, 20, 30, 32, 40, 42, 50, 51, 52})
"""Source: 10.013 SAP, table 58."""


class NistFindingCode(StrEnum):
    """Stable codes of what deviates in a transaction that could be read."""

    RECORD_LEFT_OUT = "record_left_out"
    CONTENT_MISMATCH = "content_mismatch"
    RECORD_LENGTH = "record_length"
    FIELD_FORM = "field_form"
    FIELD_MISSING = "field_missing"
    FIELD_REPEATED = "field_repeated"
    VERSION_OTHER = "version_other"
    IMAGE_TYPE_OTHER = "image_type_other"
    STRICT_READER_REFUSES = "strict_reader_refuses"


@dataclass(frozen=True, slots=True, eq=False)
class FaceRecord:
    """One photograph (record type 10).

    Args:
        image: encoded; never printed.
        source: who took it (SRC), at most 36 characters.
        taken_on: (PHD); ``None`` only where that could not be read.
        width_px: (HLL).
        height_px: (VLL).
        compression: (CGA); ``None`` only where that could not be read.
        colour_space: (CSP).
        scale_units: 0 for an aspect ratio, 1 for pixels an inch, 2 for pixels a centimetre (SLC).
        horizontal_scale: (HPS).
        vertical_scale: (VPS).
        acquisition_profile: (SAP); ``None`` where not given.
        pose: (POS).
        monitoring: (DMM).
        idc: number of the record within its transaction.
    """

    image: Photo = field(repr=False)
    source: str
    taken_on: date | None
    width_px: int
    height_px: int
    compression: Compression | None
    colour_space: ColourSpace = ColourSpace.SRGB
    scale_units: int = 0
    horizontal_scale: int = 1
    vertical_scale: int = 1
    acquisition_profile: int | None = None
    pose: Pose | None = None
    monitoring: Monitoring | None = None
    idc: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Transaction:
    """One transaction.

    Args:
        kind: type of transaction (TOT), 3 to 16 characters.
        made_on: (DAT); ``None`` only where that could not be read.
        destination: agency (DAI).
        origin: agency (ORI).
        control_number: (TCN), unique for the origin.
        faces: photographs.
        descriptions: user-defined text of record type 2, by field number from 3; the domain says what each means.
        control_reference: the transaction that this one answers (TCR).
        version: (VER).
        findings: deviations met in reading.
    """

    kind: str
    made_on: date | None
    destination: str
    origin: str
    control_number: str
    faces: tuple[FaceRecord, ...]
    descriptions: Mapping[int, str] = field(default_factory=dict, repr=False)
    control_reference: str = ""
    version: str = VERSION
    findings: tuple[Finding, ...] = ()
