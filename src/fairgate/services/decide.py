"""The comparison decision: candidates and a calibrated threshold in, a passenger or nobody out."""

from __future__ import annotations

from fairgate.face.compare import compare
from fairgate.face.pack import CalibrationRecord
from fairgate.gallery.flight_gallery import FlightGallery
from fairgate.vocabulary import Features, Template


def identify(gallery: FlightGallery, probe: Features, threshold: CalibrationRecord) -> str | None:
    """Return the passenger whose reference is the most alike, if it is alike enough.

    Args:
        gallery: the one gallery that the rulebook allows for this purpose.
        probe: features of the capture subject.
        threshold: record calibrated for a gallery at least this large; the score is a match at or above it.

    Returns:
        The passenger's reference, or ``None`` where nobody is alike enough or a synthetic distractor is the best.
    """
    best = gallery.search(probe, limit=1)
    if not best or best[0].score < threshold.threshold:
        return None
    return best[0].passenger_ref


def verify(reference: Template, probe: Features, threshold: CalibrationRecord) -> bool:
    """Say whether the probe is alike enough to the one reference it claims to be.

    Args:
        reference: of the passenger claimed.
        probe: features of the capture subject.
        threshold: record calibrated for 1:1.
    """
    return compare(probe, reference) >= threshold.threshold


def verify_among(own: FlightGallery, probe: Features, threshold: CalibrationRecord) -> bool:
    """Say whether the probe is alike enough to the passenger claimed, by the mean score over their references.

    The mean keeps the threshold's FMR however many references there are; the best of them would not.

    Args:
        own: the references of that one passenger and of nobody else.
        probe: features of the capture subject.
        threshold: record calibrated for 1:1.
    """
    scores = own.mean_scores(probe)
    return bool(scores.size) and float(scores[0]) >= threshold.threshold
