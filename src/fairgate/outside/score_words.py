"""The words that score files use, and what they mean; small and capital letters mean the same."""

from __future__ import annotations

from fairgate.measure.scores.batch import UNKNOWN, Failure, PadDecision

MATED_WORDS = {"": UNKNOWN, "1": 1, "true": 1, "yes": 1, "0": 0, "false": 0, "no": 0}
FAILURE_WORDS = {
    "": Failure.NONE,
    "not_captured": Failure.NOT_CAPTURED,
    "not_usable": Failure.NOT_USABLE,
    "no_reference": Failure.NO_REFERENCE,
}
PAD_WORDS = {
    "": PadDecision.NOT_ASKED,
    "attack": PadDecision.ATTACK,
    "bona_fide": PadDecision.BONA_FIDE,
    "none": PadDecision.NO_RESPONSE,
}
