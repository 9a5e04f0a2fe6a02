"""Presentation attack detection: errors by kind of attack, never averaged over kinds (ISO/IEC 30107-3:2023)."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.intervals import Proportion


@dataclass(frozen=True, slots=True)
class AttackKind:
    """One kind of attack (presentation attack instrument species).

    Args:
        name: as the file says.
        apcer: attack presentations taken for bona fide ones; no response counts as detected.
        no_response: attack presentations that the detector did not answer.
        iapar: attack presentations by an impostor that passed detection and matched; ``None`` without comparisons.
        riapar: ``iapar.value`` plus the bona fide rejection rate, as a share; ``None`` without comparisons.
        riapar_low: lower end of its interval.
        riapar_high: upper end.
    """

    name: str
    apcer: Proportion
    no_response: Proportion
    iapar: Proportion | None
    riapar: float | None
    riapar_low: float | None
    riapar_high: float | None


@dataclass(frozen=True, slots=True)
class Presentations:
    """Everything about presentation attacks.

    Args:
        pad_threshold: a score at or above it is taken for an attack; ``None`` where the file holds decisions.
        threshold: comparison threshold that IAPAR and FRR are at; ``None`` without comparisons.
        kinds: each kind of attack, in the file's order.
        bpcer: bona fide presentations taken for attacks.
        no_response: bona fide presentations that the detector did not answer.
        frr: bona fide mated presentations rejected by detection or comparison; ``None`` without comparisons.
        worst: name of the kind with the highest APCER.
    """

    pad_threshold: float | None
    threshold: float | None
    kinds: tuple[AttackKind, ...]
    bpcer: Proportion
    no_response: Proportion
    frr: Proportion | None
    worst: str | None
