"""A pack: the models of each stage, with digests and licences, and the calibration records that allow using them.

Pure: the text of the TOML file is handed in; where files lie is the business of :mod:`fairgate.outside.pack_files`.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field

from fairgate.errors import CalibrationMissing, PackFormRefused
from fairgate.face.pack_calibration import (
    CalibrationRecord,
    HeldOut,
    for_identification,
    for_list_among_itself,
    for_same_photo,
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
    "FusedRecogniser",
    "HeldOut",
    "LandmarksStage",
    "ModelFile",
    "Normalisation",
    "Pack",
    "read_pack",
    "require_calibration",
    "threshold_among_themselves",
    "threshold_for_identification",
    "threshold_for_same_photo",
    "threshold_for_verification",
]

SCHEMA = 1

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_WEIGHTS_WITHIN = 1e-9


@dataclass(frozen=True, slots=True)
class FusedRecogniser:
    """A further detector, landmark stage and embedder, whose score is averaged in.

    Args:
        id: unique within the pack; letters, digits and dashes.
        weight: its share in the score, in (0, 1).
        detector: first stage.
        landmarks: second stage.
        embedder: third stage.
    """

    id: str
    weight: float
    detector: DetectorStage
    landmarks: LandmarksStage
    embedder: EmbedderStage


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
        weight: the share of the pack's own recogniser in the score; 1 unless others are fused with it.
        fused_with: further recognisers; the weights of all add up to 1.
    """

    id: str
    title: str
    detector: DetectorStage
    landmarks: LandmarksStage
    embedder: EmbedderStage
    digest: str
    calibration: tuple[CalibrationRecord, ...] = field(repr=False)
    weight: float = 1.0
    fused_with: tuple[FusedRecogniser, ...] = ()

    def models(self) -> dict[str, ModelFile]:
        """Return the model files by stage name: ``detector``, ``landmarks``, ``embedder``, ``ID.detector`` …."""
        return {name: model for name, (_, model) in self.stages().items()}

    def stages(self) -> dict[str, tuple[str, ModelFile]]:
        """Return the kind and the model file of each stage that has one, by stage name."""
        named: dict[str, tuple[str, ModelFile]] = {}
        every: list[tuple[str, Pack | FusedRecogniser]] = [("", self)]
        every += [(f"{other.id}.", other) for other in self.fused_with]
        for prefix, one in every:
            named[f"{prefix}detector"] = one.detector.kind, one.detector.model
            if one.landmarks.model is not None:
                named[f"{prefix}landmarks"] = one.landmarks.kind, one.landmarks.model
            named[f"{prefix}embedder"] = one.embedder.kind, one.embedder.model
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
    fused_with = _fused(top)
    weight = top.number("weight", 0.0, 1.0) if fused_with else 1.0
    if abs(weight + sum(other.weight for other in fused_with) - 1) > _WEIGHTS_WITHIN or weight == 0:
        raise top.refuse("weight", "must be above 0, and all weights must add up to 1")
    records = top.tables("calibration")
    top.end()
    digest = _digest({key: value for key, value in document.items() if key != "calibration"})
    calibration = read_records(records, digest)
    return Pack(identifier, title, detector, landmarks, embedder, digest, calibration, weight, fused_with)


def require_calibration(pack: Pack) -> None:
    """Return where the pack has calibration records at all; measuring a pack needs none, operating it does.

    Raises:
        CalibrationMissing: it has none.
    """
    if not pack.calibration:
        raise CalibrationMissing(
            f"The pack {pack.id} has no calibration record, so no threshold of it may be used.",
            way_out="Run `fairgate packs calibrate` with it, and add it with the records.",
        )


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


def threshold_among_themselves(pack: Pack, alarms: float, references: int) -> CalibrationRecord:
    """Return the calibration record for comparing the references of one list with one another.

    Args:
        pack: whose scores will be compared with the threshold.
        alarms: false alarms expected in one list, e.g. ``0.01``; a record must name exactly it.
        references: templates on the list; each counts, so that any pair of theirs may be compared.

    Raises:
        CalibrationMissing: there is none that large, so the list cannot be checked.
    """
    return for_list_among_itself(pack.calibration, alarms, references, pack.id)


def threshold_for_same_photo(pack: Pack) -> CalibrationRecord | None:
    """Return the calibration record for one photo used twice, or ``None`` where the pack has none."""
    return for_same_photo(pack.calibration)


def _fused(top: Table) -> tuple[FusedRecogniser, ...]:
    """Read the recognisers that are fused with the pack's own."""
    found: list[FusedRecogniser] = []
    for table in top.tables("fused_with"):
        identifier, weight = table.text("id"), table.number("weight", 0.0, 1.0)
        if not _NAME.fullmatch(identifier) or identifier in {one.id for one in found}:
            raise table.refuse("id", "must be made of letters, digits and dashes, and occur once")
        if weight == 0:
            raise table.refuse("weight", "must be above 0")
        detector = read_detector(table.table("detector"))
        landmarks = read_landmarks(table.table("landmarks"))
        embedder = read_embedder(table.table("embedder"), landmarks.points)
        table.end()
        found.append(FusedRecogniser(identifier, weight, detector, landmarks, embedder))
    return tuple(found)


def _digest(document: dict[str, object]) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
