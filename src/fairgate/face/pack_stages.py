"""The stages of a pack: which model file each runs, and how pixels reach it."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.face.pack_table import Table

DLIB_DAT = "dlib-dat"
ONNX = "onnx"
FORMATS = (DLIB_DAT, ONNX)
DETECTOR_KINDS = ("dlib-mmod", "yunet")
LANDMARK_KINDS = ("dlib-trees", "from-detector")
EMBEDDER_KINDS = ("dlib-resnet", "onnx")
COLOUR_ORDERS = ("rgb", "bgr")

_LARGEST_FILE_BYTES = 2**32
_LARGEST_SIDE_PX = 8192


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One model file and what is known of it.

    Args:
        file: relative path with forward slashes: within the distribution, or beside the pack's TOML file.
        distribution: name of the installed Python distribution that holds it; empty for a file beside the pack.
        distribution_version: the version expected there; empty where ``distribution`` is.
        format: ``"dlib-dat"`` (converted once to ONNX) or ``"onnx"``.
        sha256: of the file's bytes, hex.
        size_bytes: of the file.
        licence: SPDX identifier, e.g. ``"CC0-1.0"``.
        licence_statement: what the rights' holder says, in our words.
        licence_source: where that is said.
    """

    file: str
    distribution: str
    distribution_version: str
    format: str
    sha256: str
    size_bytes: int
    licence: str
    licence_statement: str
    licence_source: str


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How pixels (0–255, in the stage's colour order) become network input: ``(pixel - mean) / divide_by``.

    Args:
        mean: one value a channel, in the stage's colour order.
        divide_by: one value for all channels.
    """

    mean: tuple[float, float, float]
    divide_by: float


@dataclass(frozen=True, slots=True)
class DetectorStage:
    """Finds faces.

    Args:
        kind: ``"dlib-mmod"`` or ``"yunet"``: which decoding of the network's output applies.
        model: the network.
        input_width_px: width of the detector's window, or of the input where that is fixed.
        input_height_px: height of the same.
        colour_order: ``"rgb"`` or ``"bgr"``.
        normalisation: of the pixels.
        minimum_score: a detection below it is dropped; the detector's own scale, higher is surer.
    """

    kind: str
    model: ModelFile
    input_width_px: int
    input_height_px: int
    colour_order: str
    normalisation: Normalisation
    minimum_score: float


@dataclass(frozen=True, slots=True)
class LandmarksStage:
    """Finds five points in a face.

    Args:
        kind: ``"dlib-trees"``, or ``"from-detector"`` where the detector already gives the points.
        model: the predictor; ``None`` exactly for ``"from-detector"``.
        points: how many it finds.
        enlarge_to_px: an image whose longer side is shorter is first enlarged to it (cubic); 0 for never.
    """

    kind: str
    model: ModelFile | None
    points: int
    enlarge_to_px: int


@dataclass(frozen=True, slots=True)
class EmbedderStage:
    """Turns an aligned chip into features.

    Args:
        kind: ``"dlib-resnet"`` or ``"onnx"``.
        model: the network.
        input_width_px: width of the chip.
        input_height_px: height of the chip.
        colour_order: ``"rgb"`` or ``"bgr"``.
        normalisation: of the chip's pixels.
        template: where the five landmarks belong in the chip, as fractions of its side before padding,
            origin top left, in the order in which the landmarks stage gives them.
        padding: margin around the template as a fraction of its side; 0 where the template spans the whole chip.
        feature_length: how many numbers come out.
        mirrored_average: whether the features of the chip and of its mirror image are averaged.
        measure: ``"cosine"``, the only one.
        direction: ``"higher"``: a higher score means more alike.
    """

    kind: str
    model: ModelFile
    input_width_px: int
    input_height_px: int
    colour_order: str
    normalisation: Normalisation
    template: tuple[tuple[float, float], ...]
    padding: float
    feature_length: int
    mirrored_average: bool
    measure: str
    direction: str


def _model(table: Table) -> ModelFile:
    held = table.has("distribution") or table.has("distribution_version")
    model = ModelFile(
        file=table.relative_path("file"),
        distribution=table.text("distribution") if held else "",
        distribution_version=table.text("distribution_version") if held else "",
        format=table.one_of("format", FORMATS),
        sha256=table.sha256("sha256"),
        size_bytes=table.integer("size_bytes", 1, _LARGEST_FILE_BYTES),
        licence=table.text("licence"),
        licence_statement=table.text("licence_statement"),
        licence_source=table.text("licence_source"),
    )
    table.end()
    return model


def _normalisation(table: Table) -> Normalisation:
    first, second, third = table.numbers("mean", 3)
    divide_by = table.number("divide_by", 1e-6, 1e6)
    table.end()
    return Normalisation((first, second, third), divide_by)


def read_detector(table: Table) -> DetectorStage:
    """Read the first stage; raises ``PackFormRefused``."""
    stage = DetectorStage(
        kind=table.one_of("kind", DETECTOR_KINDS),
        model=_model(table.table("model")),
        input_width_px=table.integer("input_width_px", 1, _LARGEST_SIDE_PX),
        input_height_px=table.integer("input_height_px", 1, _LARGEST_SIDE_PX),
        colour_order=table.one_of("colour_order", COLOUR_ORDERS),
        normalisation=_normalisation(table.table("normalisation")),
        minimum_score=table.number("minimum_score"),
    )
    table.end()
    return stage


def read_landmarks(table: Table) -> LandmarksStage:
    """Read the second stage; raises ``PackFormRefused``."""
    kind = table.one_of("kind", LANDMARK_KINDS)
    stage = LandmarksStage(
        kind=kind,
        model=None if kind == "from-detector" else _model(table.table("model")),
        points=table.integer("points", 5, 5),
        enlarge_to_px=table.integer("enlarge_to_px", 0, _LARGEST_SIDE_PX),
    )
    table.end()
    return stage


def read_embedder(table: Table, points: int) -> EmbedderStage:
    """Read the third stage, whose template has as many points as the second finds; raises ``PackFormRefused``."""
    stage = EmbedderStage(
        kind=table.one_of("kind", EMBEDDER_KINDS),
        model=_model(table.table("model")),
        input_width_px=table.integer("input_width_px", 1, _LARGEST_SIDE_PX),
        input_height_px=table.integer("input_height_px", 1, _LARGEST_SIDE_PX),
        colour_order=table.one_of("colour_order", COLOUR_ORDERS),
        normalisation=_normalisation(table.table("normalisation")),
        template=table.points("template", points),
        padding=table.number("padding", 0.0, 2.0),
        feature_length=table.integer("feature_length", 1, 65536),
        mirrored_average=table.boolean("mirrored_average"),
        measure=table.one_of("measure", ("cosine",)),
        direction=table.one_of("direction", ("higher",)),
    )
    table.end()
    return stage
