"""What a report needs to know about a threshold; a pack's own records satisfy it without being imported here."""

from __future__ import annotations

from typing import Protocol


class HeldOutEvidence(Protocol):
    """What a threshold did on subjects that it was not chosen on; a pack's record satisfies this as it is."""

    @property
    def errors(self) -> float:
        """How many went wrong; not whole where it is a mean over resampled galleries."""
        ...

    @property
    def of(self) -> int:
        """How many were tried."""
        ...

    @property
    def low(self) -> float:
        """Lower end of the interval of the rate."""
        ...

    @property
    def high(self) -> float:
        """Upper end of the interval of the rate."""
        ...


class CalibrationEvidence(Protocol):
    """A threshold with its evidence; a pack's calibration record satisfies this as it is."""

    @property
    def id(self) -> str:
        """Name of the record within its pack."""
        ...

    @property
    def kind(self) -> str:
        """``verification`` or ``identification``."""
        ...

    @property
    def target(self) -> float:
        """The FMR or FPIR that the threshold is for."""
        ...

    @property
    def gallery_size(self) -> int | None:
        """References in the gallery that an FPIR is for."""
        ...

    @property
    def threshold(self) -> float:
        """The score is a match at or above it."""
        ...

    @property
    def threshold_method(self) -> str:
        """How it was found, in words."""
        ...

    @property
    def data(self) -> str:
        """The data set, in words."""
        ...

    @property
    def subjects(self) -> int:
        """How many people."""
        ...

    @property
    def mated(self) -> int:
        """Comparisons of one person with themself."""
        ...

    @property
    def non_mated(self) -> int:
        """Comparisons of two people."""
        ...

    @property
    def errors_expected(self) -> float:
        """Errors expected at the target in that data."""
        ...

    @property
    def errors_observed(self) -> float:
        """Errors seen at the threshold."""
        ...

    @property
    def low(self) -> float:
        """Lower end of the interval of the observed rate."""
        ...

    @property
    def high(self) -> float:
        """Upper end of the interval of the observed rate."""
        ...

    @property
    def interval_method(self) -> str:
        """How the interval was computed, in words."""
        ...

    @property
    def resolvable(self) -> bool:
        """Whether at least three errors were expected."""
        ...

    @property
    def held_out_false_positives(self) -> HeldOutEvidence:
        """False matches (false positive searches) on subjects the threshold was not chosen on."""
        ...

    @property
    def held_out_misses(self) -> HeldOutEvidence:
        """Mated comparisons (searches) missed there."""
        ...
