"""Whose photos no limit or threshold is chosen with: children's and older people's, where the rulebook refuses that."""

from __future__ import annotations

from datetime import date

from fairgate.errors import PurposeRefused
from fairgate.rules.purposes import permitted_purpose
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass

TUNING_PURPOSE = "accuracy_tuning"


def is_not_for_tuning(rulebook: Rulebook, born_on: date | None, year_of_photo: int) -> bool:
    """Say whether the rulebook refuses to tune with a photo, by the ages its person may have had that year.

    Args:
        rulebook: names the purpose, and the bands of age that it is not for.
        born_on: date of birth of whom it shows; ``None`` where it is not known, of which nothing can be said.
        year_of_photo: when it was taken.
    """
    if born_on is None:
        return False
    ends = (date(year_of_photo, 1, 1), date(year_of_photo, 12, 31))
    groups = {group for day in ends if born_on <= day for group in rulebook.care.groups(born_on, day)}
    try:
        permitted_purpose(rulebook, TUNING_PURPOSE, RecordClass.REFERENCE, groups=groups)
    except PurposeRefused:
        return True
    return False
