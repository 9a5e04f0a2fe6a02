"""Drawn faces: what stands in for decoding, quality and recognition, behind the ports of the real ones.

A simulated photo is a line of text that names a person: ``face=3 take=2``, ``no_face``, ``several``,
``poor=sharpness`` or ``broken=truncated``. Its features are drawn: takes of one person are alike, people are not. So
the simulation says nothing of how well faces are told apart, and everything of what is done with them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import EngineFault, ImageRefused
from fairgate.face.detect import Face
from fairgate.face.five_points import PointScheme
from fairgate.face.inspection import Inspection
from fairgate.face.pack import CalibrationRecord, HeldOut
from fairgate.face.pipeline import Extracted, Extraction, NoFace, PoorImage, Role, SeveralFaces
from fairgate.face.quality import QualityReport
from fairgate.services.board_traveller import Thresholds
from fairgate.services.ports import Timer
from fairgate.vocabulary import Features, Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURE_LENGTH = 128
"""As of the default pack's recogniser."""

PACK_DIGEST = hashlib.sha256(b"fairgate/simulate/drawn faces/1").hexdigest()
"""Names the drawn features where a pack's digest would stand."""

ALIKE = 0.75
"""Cosine from which two drawn faces are one person's: takes of one reach 0.9, 4000 strangers stay below 0.6."""

_NO_TIMES = MappingProxyType({"embed": 0.0})
_QUALITY = QualityReport(components=MappingProxyType({}), unified=90, failed=())
_FACE = Face((10.0, 10.0, 90.0, 90.0), 1.0)


def drawn_photo(text: str) -> Photo:
    """Return a photo that says who it shows."""
    return Photo(text.encode("ascii"))


def drawn_features(face: int, take: int) -> Features:
    """Return unit features, float32, shape (128,): of one face alike in every take, of two faces as strangers'."""
    own = np.random.Generator(np.random.PCG64(face)).standard_normal(FEATURE_LENGTH, dtype=np.float32)
    noise = np.random.Generator(np.random.PCG64([face, take])).standard_normal(FEATURE_LENGTH, dtype=np.float32)
    mixed = own + np.float32(0.2) * noise
    return Features(PACK_DIGEST, mixed / np.linalg.norm(mixed))


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPixels:
    """The text of a simulated photo as one row of pixels."""

    rgb: NDArray[np.uint8]


class DrawnDecoder:
    """Passes the text on as pixels, or refuses it where it says so."""

    def decode(self, content: memoryview | bytes, /) -> DrawnPixels:
        """Return the text as uint8, shape (1, length, 3).

        Raises:
            ImageRefused: the text says that the image is broken.
        """
        text = bytes(content)
        if text.startswith(b"broken="):
            raise ImageRefused("The image is broken.", reason=text.partition(b"=")[2].decode("ascii"))
        return DrawnPixels(np.frombuffer(text, dtype=np.uint8).reshape(1, -1, 1).repeat(3, axis=2))


class DrawnEngine:
    """Reads its answer out of the pixels."""

    def extract(
        self, rgb: NDArray[np.uint8], *, smallest_face_px: int, timer: Timer, role: Role = Role.PROBE
    ) -> Extraction:
        """Return the features of the person whom the text names, or what it says instead.

        Raises:
            EngineFault: the text says so.
        """
        text = rgb[0, :, 0].tobytes().decode("ascii")
        match text.partition("="):
            case ("engine_fault", _, _):
                raise EngineFault("The engine failed.")
            case ("no_face", _, _):
                return NoFace(_NO_TIMES)
            case ("several", _, _):
                return SeveralFaces(2, _NO_TIMES)
            case ("poor", _, component):
                return PoorImage(component, _QUALITY, _FACE, _NO_TIMES)
        face, take = (int(word.partition("=")[2]) for word in text.split())
        return Extracted(drawn_features(face, take), _FACE, (), _QUALITY, 1, _NO_TIMES)


def drawn_thresholds() -> Thresholds:
    """Return the threshold for drawn faces, in the form in which a pack's calibrated ones are handed on."""
    return Thresholds(identification=_record("identification"), verification=_record("verification"))


def _record(kind: str) -> CalibrationRecord:
    none = HeldOut(0, 1, 0.0, 1.0)
    return CalibrationRecord(
        id=f"{kind}-drawn-faces",
        kind=kind,
        target=1e-4,
        gallery_size=None if kind == "verification" else 100_000,
        threshold=ALIKE,
        threshold_method="between drawn strangers and takes of one drawn face",
        data="none: drawn",
        data_sha256="0" * 64,
        subjects=1,
        mated=1,
        non_mated=1,
        errors_expected=0.0,
        errors_observed=0.0,
        low=0.0,
        high=1.0,
        interval_method="none",
        resolvable=True,
        held_out_false_positives=none,
        held_out_misses=none,
        made_on=date(2026, 11, 22),
        pack_digest=PACK_DIGEST,
    )


PICTURE_OF_A_SIGN = b"\x89PNG\r\n\x1a\na sign"
"""What stands for the picture of a notice, which shows nobody."""


class SeesNobody:
    """Looks at the picture of a sign and finds no face in it."""

    def inspect(self, rgb: NDArray[np.uint8], *, smallest_face_px: int) -> Inspection:
        """Return that nobody is seen."""
        height_px, width_px = rgb.shape[:2]
        return Inspection(width_px, height_px, PointScheme.EYE_CENTRES, (), None)
