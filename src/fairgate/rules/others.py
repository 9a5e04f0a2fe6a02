"""What is kept of, and by, those who are not asked: partners and bystanders."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.rules.rule import Basis
from fairgate.rules.tables import Table


@dataclass(frozen=True, slots=True)
class Others:
    """Hours for which partners may keep an image, and for which anything of a bystander may be kept: none.

    Args:
        partners_keep_hours: always 0.
        bystanders_kept_hours: always 0.
        basis: what it rests on.
    """

    partners_keep_hours: int
    bystanders_kept_hours: int
    basis: Basis


def read_others(table: Table) -> Others:
    """Return what a rulebook says of partners and bystanders.

    Raises:
        RulebookRefused: it allows either to be kept for any time: this service has no way to do that.
    """
    read = Others(table.number("partners_keep_hours"), table.number("bystanders_kept_hours"), table.basis())
    table.finish()
    if read.partners_keep_hours or read.bystanders_kept_hours:
        raise table.refused("partners keep nothing, and nothing of bystanders is kept: both must be 0.")
    return read
