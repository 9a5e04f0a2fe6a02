"""Try a pack on one blank chip a recogniser, before anything depends on it."""

from __future__ import annotations

import numpy as np

from fairgate.errors import EngineFault, PackFeatureLength, PackModelFormat
from fairgate.face.pipeline import Pipeline


def try_features(pipeline: Pipeline) -> None:
    """Run every recogniser of a loaded pack once.

    Loading the pipeline has already refused models that are unsafe, cannot be loaded or take other pixels; what a
    network gives is only known once it has run.

    Args:
        pipeline: of the pack.

    Raises:
        PackFeatureLength: a recogniser gives another number of features than its pack says.
        PackModelFormat: the runtime fails on it.
    """
    for one in pipeline.recognisers:
        stage = one.stages.embedder
        chip = np.full((1, stage.input_height_px, stage.input_width_px, 3), 127, np.uint8)
        try:
            length = one.embedder.length_of(chip)
        except EngineFault as cause:
            raise PackModelFormat(
                f"The recogniser of pack {one.stages.id} cannot be run.",
                way_out="Use the model file that it was made for.",
            ) from cause
        if length != stage.feature_length:
            raise PackFeatureLength(
                f"The recogniser of pack {one.stages.id} gives {length} features where the pack says "
                f"{stage.feature_length}.",
                way_out="Correct the pack's TOML file, or use the model file that it was made for.",
            )
