"""What records may be used for."""

from __future__ import annotations

from fairgate.errors import PurposeRefused
from fairgate.rules.purpose_list import Purpose
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass


def permitted_purpose(rulebook: Rulebook, purpose: str, record_class: RecordClass) -> Purpose:
    """Return the purpose, where the rulebook names it for that class of record.

    Raises:
        PurposeRefused: it does not.
    """
    found = rulebook.purposes.get(purpose)
    if found is None:
        raise PurposeRefused(f"Rulebook {rulebook.id!r} names no purpose {purpose!r}.")
    if record_class not in found.record_classes:
        raise PurposeRefused(f"Purpose {purpose!r} does not extend to records of class {record_class.value!r}.")
    return found
