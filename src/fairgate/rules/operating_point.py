"""At which error rates a rulebook lets faces be compared."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.rules.rule import Basis
from fairgate.rules.tables import Table


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Target error rates, and the floor below which a boarding is reported as having missed it.

    Args:
        fmr: false match rate of one comparison in verification (1:1), in (0, 1).
        fpir: false positive identification rate of one search (1:N), in (0, 1).
        match_floor: least share of captured travellers with a reference who must be matched, in (0, 1).
        basis: what the figures rest on.
    """

    fmr: float
    fpir: float
    match_floor: float
    basis: Basis


def read_operating_point(table: Table) -> OperatingPoint:
    """Return the operating point of a rulebook.

    Raises:
        RulebookRefused: a rate is missing or not between 0 and 1.
    """
    point = OperatingPoint(
        fmr=table.rate("verification_fmr"),
        fpir=table.rate("identification_fpir"),
        match_floor=table.rate("match_floor"),
        basis=table.basis(),
    )
    table.finish()
    return point
