"""A pack: the models of each stage, with digests and licences, and the calibration records that allow using them.

Pure: the text of the TOML file is handed in; where files lie is the business of :mod:`fairgate.outside.pack_files`.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field

from fairgate.errors import PackFormRefused
from fairgate.face.pack_calibration import (
    CalibrationRecord,
    HeldOut,
    for_identification,
    for_verification,
    read_records,
)
from fairgate.face.pack_stages import (
    DLIB_DAT,
    ONNX,
    DetectorStage,
    EmbedderStage,
    LandmarksStage,
    ModelFile,
    Normalisation,
    read_detector,
    read_embedder,
    read_landmarks,
)
from fairgate.face.pack_table import Table

__all__ = [
    "DLIB_DAT",
    "ONNX",
    "CalibrationRecord",
    "DetectorStage",
    "EmbedderStage",
    "HeldOut",
    "LandmarksStage",
    "ModelFile",
    "Normalisation",
    "Pack",
    "read_pack",
    "threshold_for_identification",
    "threshold_for_verification",
]

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Pack:
    """The models of each stage and the thresholds they were calibrated for.

    Args:
        id: short name, e.g. ``"dlib-cc0"``.
        title: one line for people.
        detector: first stage.
        landmarks: second stage.
        embedder: third stage.
        digest: hex SHA-256 over the canonical JSON of everything but the calibration records: features depend on
            the models and their use, never on a threshold.
        calibration: records, in the file's order; may be empty.
    """

    id: str
    title: str
    detector: DetectorStage
    landmarks: LandmarksStage
    embedder: EmbedderStage
    digest: str
    calibration: tuple[CalibrationRecord, ...] = field(repr=False)

    def models(self) -> dict[str, ModelFile]:
        """Return the model files by stage name (``detector``, ``landmarks``, ``embedder``)."""
        named = {"detector": self.detector.model, "embedder": self.embedder.model}
        if self.landmarks.model is not None:
            named["landmarks"] = self.landmarks.model
        return named


def read_pack(text: str) -> Pack:
    """Read a pack from the text of its TOML file.

    Raises:
        PackFormRefused: not TOML, or a key is missing, unknown, of the wrong type or out of range.
        CalibrationOfAnotherPack: a calibration record was made with another pack.
    """
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise PackFormRefused("The pack is not a TOML file.", way_out="Correct the file.") from cause
    top = Table(document, "")
    top.integer("schema", SCHEMA, SCHEMA)
    identifier, title = top.text("id"), top.text("title")
    detector = read_detector(top.table("detector"))
    landmarks = read_landmarks(top.table("landmarks"))
    embedder = read_embedder(top.table("embedder"), landmarks.points)
    records = top.tables("calibration")
    top.end()
    digest = _digest({key: value for key, value in document.items() if key != "calibration"})
    return Pack(identifier, title, detector, landmarks, embedder, digest, read_records(records, digest))


def threshold_for_verification(pack: Pack, fmr: float) -> CalibrationRecord:
    """Return the calibration record for 1:1 comparison at a false match rate.

    Args:
        pack: whose scores will be compared with the threshold.
        fmr: false match rate per comparison, e.g. ``1e-4``; a record must name exactly it.

    Raises:
        CalibrationMissing: there is none, so the operating point is refused.
    """
    return for_verification(pack.calibration, fmr, pack.id)


def threshold_for_identification(pack: Pack, fpir: float, gallery_size: int) -> CalibrationRecord:
    """Return the calibration record for a search among ``gallery_size`` references.

    The smallest calibrated gallery that is at least as large is used: its threshold is the stricter one.

    Args:
        pack: whose scores will be compared with the threshold.
        fpir: false positive identification rate per search, e.g. ``0.003``; a record must name exactly it.
        gallery_size: references in the gallery, distractors included.

    Raises:
        CalibrationMissing: there is none that large, so the operating point is refused.
    """
    return for_identification(pack.calibration, fpir, gallery_size, pack.id)


def _digest(document: dict[str, object]) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
