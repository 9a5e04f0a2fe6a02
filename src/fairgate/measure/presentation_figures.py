"""Rates of presentation attack detection, from counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fairgate.measure.intervals import CONFIDENCE, Proportion, clopper_pearson, rule_of_three
from fairgate.measure.presentations import AttackKind, Presentations


@dataclass(frozen=True, slots=True)
class Answered:
    """What detection said of presentations of one sort.

    Args:
        bona_fide: taken for bona fide ones.
        attack: taken for attacks.
        no_response: not answered.
        not_asked: not put to detection.
    """

    bona_fide: int = 0
    attack: int = 0
    no_response: int = 0
    not_asked: int = 0

    @property
    def asked(self) -> int:
        """How many were put to detection."""
        return self.bona_fide + self.attack + self.no_response


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the whole system made of presentations of one sort, each against one claimed identity.

    Args:
        accepted: passed detection and matched.
        below: passed detection and did not match.
        failed: passed detection and failed before the comparison.
        stopped: by detection.
        not_compared: passed detection and were never compared.
    """

    accepted: int = 0
    below: int = 0
    failed: int = 0
    stopped: int = 0
    not_compared: int = 0

    @property
    def passed(self) -> int:
        """How many passed detection and came to an end."""
        return self.accepted + self.below + self.failed

    @property
    def of(self) -> int:
        """How many came to an end; 0 where nothing that passed was ever compared."""
        if self.passed == 0 and self.not_compared:
            return 0
        return self.passed + self.stopped


def presentation_figures(
    attacks: Sequence[tuple[str, Answered, Claimed]],
    bona_fide: tuple[Answered, Claimed],
    *,
    pad_threshold: float | None,
    threshold: float | None,
    attacks_compared: bool,
    confidence: float = CONFIDENCE,
) -> Presentations:
    """Return the rates.

    Args:
        attacks: name and counts of each kind.
        bona_fide: counts of bona fide presentations; of the second, mated ones of people with a reference alone.
        pad_threshold: that told an attack, where scores were given.
        threshold: that told a match; ``None`` without comparisons.
        attacks_compared: some attack presentation has a comparison score. If none has, the source is about detection
            alone, and that detection stopped everything says nothing of the system.
        confidence: of each interval; presentations are taken for independent.
    """
    answered, claimed = bona_fide
    frr = _rate(claimed.of - claimed.accepted, claimed.of, confidence) if threshold is not None else None
    with_system = attacks_compared and threshold is not None
    kinds = tuple(_kind(*kind, frr, confidence, with_system=with_system) for kind in attacks)
    known = [kind for kind in kinds if kind.apcer.value is not None]
    return Presentations(
        pad_threshold=pad_threshold,
        threshold=threshold if frr is not None or any(kind.iapar is not None for kind in kinds) else None,
        kinds=kinds,
        bpcer=clopper_pearson(answered.attack, answered.asked, confidence),
        no_response=clopper_pearson(answered.no_response, answered.asked, confidence),
        frr=frr,
        worst=max(known, key=lambda kind: kind.apcer.value or 0.0).name if known else None,
        turned_away=clopper_pearson(answered.attack + answered.no_response, answered.asked, confidence),
        not_asked=answered.not_asked + sum(seen.not_asked for _, seen, _ in attacks),
    )


def sum_bounds(first: Proportion, second: Proportion) -> tuple[float, float]:
    """Return an interval of the sum of two independent rates, from the interval of each (MOVER).

    Each end lies from the sum by the root of the summed squares of the single intervals' reaches, and never beyond the
    sum of the single ends.

    Source: Zou and Donner, Statistics in Medicine 27 (2008) 1693-1702; Zou, Huang and Zhang, Computational Statistics
    and Data Analysis 53 (2009) 1080-1085, for sums.
    """
    one, other = first.value, second.value
    if one is None or other is None:
        return 0.0, 2.0
    low = one + other - math.hypot(one - first.low, other - second.low)
    high = one + other + math.hypot(first.high - one, second.high - other)
    return max(0.0, low), min(2.0, high)


def _kind(
    name: str, answered: Answered, claimed: Claimed, frr: Proportion | None, confidence: float, *, with_system: bool
) -> AttackKind:
    asked = answered.asked
    iapar = _rate(claimed.accepted, claimed.of, confidence) if with_system else None
    riapar = low = high = None
    if iapar is not None and frr is not None and iapar.value is not None and frr.value is not None:
        # ISO/IEC 30107-3:2023 writes 1 + (IAPAR - (1 - FRR)).
        riapar = iapar.value + frr.value
        low, high = sum_bounds(iapar, frr)
    return AttackKind(
        name=name,
        apcer=clopper_pearson(answered.bona_fide, asked, confidence),
        no_response=clopper_pearson(answered.no_response, asked, confidence),
        iapar=iapar,
        riapar=riapar,
        riapar_low=low,
        riapar_high=high,
        excluded_from=rule_of_three(asked, confidence).high if asked else None,
        not_compared=claimed.not_compared,
    )


def _rate(count: int, of: int, confidence: float) -> Proportion | None:
    return clopper_pearson(count, of, confidence) if of else None
