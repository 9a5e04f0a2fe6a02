"""What a pack makes of a set of portraits: thresholds chosen on other people than they are tried on."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.identification import MeanRate
from fairgate.measure.intervals import Proportion


@dataclass(frozen=True, slots=True)
class PortraitComparisons:
    """1:1 at one FMR.

    Args:
        target: the FMR.
        resolvable: three false matches or more were expected; else the threshold is extrapolated.
        threshold: chosen on everybody, for the record; each person was tried at one chosen without them.
        fmr: false matches of people left out.
        fnmr: their mated comparisons missed.
    """

    target: float
    resolvable: bool
    threshold: float
    fmr: Proportion
    fnmr: Proportion


@dataclass(frozen=True, slots=True)
class PortraitSearches:
    """1:N at one FPIR and gallery size.

    Args:
        size: references in the gallery that the threshold is for.
        target: the FPIR.
        resolvable: three false positive searches or more were expected; else the threshold is extrapolated.
        threshold: chosen on everybody, for the record.
        searched: references in the galleries really searched; less than ``size`` where the data hold no more people.
        fpir: false positive searches of people left out, in galleries of ``searched``.
        fnir: their mated searches missed.
        assumption: what an extrapolated figure rests on, in words; empty where it is counted.
    """

    size: int
    target: float
    resolvable: bool
    threshold: float
    searched: int
    fpir: MeanRate
    fnir: MeanRate
    assumption: str


@dataclass(frozen=True, slots=True)
class PortraitFigures:
    """One pack on one set of portraits.

    Args:
        pack_id: short name.
        pack_digest: hex SHA-256.
        portraits: how many features could be made of.
        people: on them.
        mated: comparisons of one person with themself.
        non_mated: comparisons of two people.
        left_out: portraits without features, and why.
        folds: how people were left out, in words.
        data_sha256: digest of the portraits.
        comparisons: 1:1, by target.
        searches: 1:N, by size; sizes beyond the data last.
    """

    pack_id: str
    pack_digest: str
    portraits: int
    people: int
    mated: int
    non_mated: int
    left_out: tuple[tuple[str, str], ...]
    folds: str
    data_sha256: str
    comparisons: tuple[PortraitComparisons, ...]
    searches: tuple[PortraitSearches, ...]
