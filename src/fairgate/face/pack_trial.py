"""Try a pack on a blank frame and a blank chip, before anything depends on it."""

from __future__ import annotations

import numpy as np

from fairgate.errors import EngineFault, PackFeatureLength, PackModelFormat
from fairgate.face.pipeline import Pipeline
from fairgate.face.recogniser import Recogniser

_GREY = 127
_FRAME_PX = 160
_SMALLEST_FACE_PX = 80


def try_pack(pipeline: Pipeline) -> None:
    """Run every detector and recogniser of a loaded pack once.

    Loading the pipeline has already refused models that are unsafe, cannot be loaded or take other pixels; what a
    network gives is only known once it has run.

    Args:
        pipeline: of the pack.

    Raises:
        PackModelFormat: the runtime fails on a model, or a detector does not give what its kind gives.
        PackFeatureLength: a recogniser gives another number of features than its pack says.
    """
    for one in pipeline.recognisers:
        try:
            frame = np.full((_FRAME_PX, _FRAME_PX, 3), _GREY, np.uint8)
            one.detector.detect(frame, smallest_face_px=_SMALLEST_FACE_PX)
        except EngineFault as cause:
            raise _cannot_run(one, "detector") from cause
        stage = one.stages.embedder
        chip = np.full((1, stage.input_height_px, stage.input_width_px, 3), _GREY, np.uint8)
        try:
            length = one.embedder.length_of(chip)
        except EngineFault as cause:
            raise _cannot_run(one, "embedder") from cause
        if length != stage.feature_length:
            raise PackFeatureLength(
                f"The recogniser of pack {one.stages.id} gives {length} features where the pack says "
                f"{stage.feature_length}.",
                way_out="Correct the pack's TOML file, or use the model file that it was made for.",
            )


def _cannot_run(one: Recogniser, stage: str) -> PackModelFormat:
    return PackModelFormat(
        f"The {stage} of pack {one.stages.id} cannot be run as one.", way_out="Use the model file that it was made for."
    )
