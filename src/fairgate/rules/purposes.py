"""What records may be used for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from fairgate.errors import PurposeRefused
from fairgate.rules.care import AgeGroup
from fairgate.rules.purpose_list import Purpose
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass

ANYBODY = frozenset(AgeGroup)


def permitted_purpose(
    rulebook: Rulebook, purpose: str, record_class: RecordClass, *, groups: AbstractSet[AgeGroup] = ANYBODY
) -> Purpose:
    """Return the purpose, where the rulebook names it for that class of record.

    Args:
        rulebook: as loaded.
        purpose: its identifier.
        record_class: which class of record is to be used.
        groups: every age band that the person may be in (``rulebook.care.groups``); all of them where no person in
            particular is meant.

    Raises:
        PurposeRefused: the rulebook does not name it, or not for such records, or not for one of the age bands.
    """
    found = rulebook.purposes.get(purpose)
    if found is None:
        raise PurposeRefused(f"Rulebook {rulebook.id!r} names no purpose {purpose!r}.")
    if record_class not in found.record_classes:
        raise PurposeRefused(f"Purpose {purpose!r} does not extend to records of class {record_class.value!r}.")
    if barred := sorted(found.not_for & groups):
        raise PurposeRefused(f"Purpose {purpose!r} does not extend to records of people who may be: {barred[0]}.")
    return found
