"""The rates of false positives that thresholds are wanted for."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.identification import fmr_for_fpir
from fairgate.measure.portraits import Comparisons

VERIFICATION = "verification"
IDENTIFICATION = "identification"


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A rate of false positives that a threshold is wanted for.

    Args:
        kind: ``"verification"`` (1:1, the target is an FMR) or ``"identification"`` (1:N, the target is an FPIR).
        target: in (0, 1).
        gallery_size: N; ``None`` for verification.
    """

    kind: str
    target: float
    gallery_size: int | None = None

    @property
    def name(self) -> str:
        """A short identifier, e.g. ``"verification-fmr-1e-4"`` or ``"identification-fpir-0.003-n-420"``."""
        if self.gallery_size is None:
            return f"{self.kind}-fmr-{_short(self.target)}"
        return f"{self.kind}-fpir-{self.target:g}-n-{self.gallery_size}"

    @property
    def fmr(self) -> float:
        """The false match rate per comparison that the target comes to."""
        return self.target if self.gallery_size is None else fmr_for_fpir(self.target, self.gallery_size)

    @property
    def comparisons(self) -> Comparisons:
        """The comparisons that its threshold is chosen on."""
        return Comparisons.ALL if self.gallery_size is None else Comparisons.NEW_WITH_OLD


OPERATING_POINTS = (
    OperatingPoint(VERIFICATION, 1e-3),
    OperatingPoint(VERIFICATION, 1e-4),
    *(OperatingPoint(IDENTIFICATION, 0.003, size) for size in (50, 100, 200, 420, 1000)),
)


def _short(rate: float) -> str:
    """Write a rate in the shortest way: 1e-4, not 0.0001 or 1e-04."""
    mantissa, exponent = f"{rate:.6e}".split("e")
    digits = mantissa.rstrip("0").rstrip(".")
    return f"{digits}e{int(exponent)}"
