"""Presentation attack detection: errors by kind of attack, never averaged over kinds.

What counts, after the terms of ISO/IEC 30107-3:2023:

- A presentation is what detection was asked about once. Where the source names probes, rows of one probe are one
  presentation, however many references it was compared with; else each row is one. A row that states neither a
  decision nor a score was not put to detection and is in no rate of it.
- APCER and BPCER are shares of all presentations put to detection, those that it did not answer among them. No
  response is neither error: it is told apart (APNRR, BPNRR). At a gate it leads to an officer, so for an attack it is
  as good as detected, and for a traveller as bad as an alarm; ``turned_away`` adds both up.
- IAPAR and FRR are of the whole system and count rows: a presentation against one claimed identity. Whatever detection
  stops, by an alarm or for want of a response, is not accepted, with or without a score. What passes and fails before
  the comparison is not accepted either. What passes and was never compared tells nothing and is left out. Where the
  source has no detection at all, everything passes.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.intervals import Proportion


@dataclass(frozen=True, slots=True)
class AttackKind:
    """One kind of attack (presentation attack instrument species).

    Args:
        name: as the file says.
        apcer: attack presentations taken for bona fide ones; no response counts as detected.
        no_response: attack presentations that the detector did not answer (APNRR).
        iapar: attack presentations by an impostor that passed detection and matched; ``None`` without comparisons.
        riapar: ``iapar.value`` plus the bona fide rejection rate, as a share that may exceed 1; ``None`` without
            comparisons.
        riapar_low: lower end of its interval.
        riapar_high: upper end.
        excluded_from: the smallest APCER that so many presentations would exclude if none were taken for bona fide,
            at the confidence of the intervals, one-sided: about 3 / n at 95 %; ``None`` without presentations.
        not_compared: rows that passed detection and were never compared; left out of ``iapar``.
    """

    name: str
    apcer: Proportion
    no_response: Proportion
    iapar: Proportion | None
    riapar: float | None
    riapar_low: float | None
    riapar_high: float | None
    excluded_from: float | None = None
    not_compared: int = 0


@dataclass(frozen=True, slots=True)
class Presentations:
    """Everything about presentation attacks.

    Args:
        pad_threshold: a score at or above it is taken for an attack; ``None`` where the file holds decisions.
        threshold: comparison threshold that IAPAR and FRR are at; ``None`` without comparisons.
        kinds: each kind of attack, in the file's order.
        bpcer: bona fide presentations taken for attacks.
        no_response: bona fide presentations that the detector did not answer (BPNRR).
        frr: bona fide mated presentations rejected by detection or comparison; ``None`` without comparisons. Those of
            people without a reference are not in it.
        worst: name of the kind with the highest APCER, the first of equals; ``None`` where detection was not asked.
        turned_away: bona fide presentations that detection kept from the gate: taken for attacks, or not answered.
        not_asked: presentations that were not put to detection; in none of its rates.
    """

    pad_threshold: float | None
    threshold: float | None
    kinds: tuple[AttackKind, ...]
    bpcer: Proportion
    no_response: Proportion
    frr: Proportion | None
    worst: str | None
    turned_away: Proportion | None = None
    not_asked: int = 0
