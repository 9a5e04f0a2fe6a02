"""Facts about a person and a place as JSON objects, read strictly: one clear refusal that names the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import TypeVar

from fairgate.rules.faults import FactsRefused
from fairgate.rules.permission import Facts
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, Status

_Choice = TypeVar("_Choice", bound=StrEnum)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[A-Z]{1,3}")
_PORT = re.compile(r"[A-Z0-9]{1,16}")
_VISA_CLASS = re.compile(r"[A-Z]{1,6}(-[A-Z0-9]{1,4})?")
_SUCH_AS = {_CODE: "CAN", _PORT: "BOS", _VISA_CLASS: "B-2"}
FACT_KEYS = (
    *("status", "direction", "lane", "port", "modality", "nationality", "further_nationalities", "born_on"),
    *("visa_class", "on_waiver", "trusted_traveller", "exemptions", "opted_out", "guardian"),
)
"""Every key that facts may state; the first four must be stated."""
_REQUIRED = FACT_KEYS[:4]


def facts_from(rulebook: Rulebook, values: object) -> Facts:
    """Return the facts that a JSON object states.

    Args:
        rulebook: names the exemptions that somebody may be known to hold.
        values: as JSON gave them.

    Raises:
        FactsRefused: a key is unknown, missing or not as expected.
    """
    if not isinstance(values, dict):
        raise FactsRefused("The facts are not a JSON object.")
    for key in values:
        if key not in FACT_KEYS:
            raise FactsRefused(f"Unknown key {key!r}.", way_out=f"The keys are: {', '.join(FACT_KEYS)}.")
    for key in _REQUIRED:
        if key not in values:
            raise FactsRefused(f"{key!r} is missing.")
    given = _Given(values)
    exemptions = given.texts("exemptions")
    for exemption in exemptions:
        if exemption not in rulebook.exemptions:
            raise FactsRefused(
                f"'exemptions': rulebook {rulebook.id!r} has no exemption {exemption!r}.",
                way_out=f"It has: {', '.join(rulebook.exemptions) or 'none'}.",
            )
    return Facts(
        status=given.choice("status", Status),
        direction=given.choice("direction", Direction),
        lane=given.choice("lane", LaneKind),
        port=given.code("port", _PORT),
        modality=given.choice("modality", Modality, Modality.PHOTOGRAPH),
        nationality=given.code("nationality", _CODE),
        born_on=given.day("born_on"),
        visa_class=given.code("visa_class", _VISA_CLASS),
        on_waiver=given.flag("on_waiver"),
        trusted_traveller=given.flag("trusted_traveller"),
        exemptions=frozenset(exemptions),
        opted_out=given.flag("opted_out"),
        guardian=given.choice("guardian", Guardian, Guardian.UNKNOWN),
        further_nationalities=given.texts("further_nationalities", _CODE),
    )


def facts_as_object(facts: Facts) -> dict[str, object]:
    """Return the JSON object that states the facts, without what is not known."""
    stated: dict[str, object] = {
        "status": facts.status.value,
        "direction": facts.direction.value,
        "lane": facts.lane.value,
        "port": facts.port,
        "modality": facts.modality.value,
        "nationality": facts.nationality,
        "further_nationalities": list(facts.further_nationalities),
        "born_on": facts.born_on.isoformat() if facts.born_on else None,
        "visa_class": facts.visa_class,
        "on_waiver": facts.on_waiver,
        "trusted_traveller": facts.trusted_traveller,
        "exemptions": sorted(facts.exemptions),
        "opted_out": facts.opted_out,
        "guardian": facts.guardian.value if facts.guardian is not Guardian.UNKNOWN else None,
    }
    return {key: value for key, value in stated.items() if value}


class _Given:
    """Takes values out of a JSON object by type; what is absent is not known."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def choice(self, key: str, kind: type[_Choice], absent: _Choice | None = None) -> _Choice:
        value = self._values.get(key, absent)
        if not isinstance(value, str) or value not in set(kind):
            raise FactsRefused(f"{key!r} must be one of: {', '.join(kind)}.")
        return kind(value)

    def code(self, key: str, form: re.Pattern[str]) -> str:
        value = self._values.get(key, "")
        may_be_empty = key not in _REQUIRED
        if isinstance(value, str) and (form.fullmatch(value) or (may_be_empty and not value)):
            return value
        raise FactsRefused(f"{key!r} must be a code such as {_SUCH_AS[form]!r}{', or empty' if may_be_empty else ''}.")

    def flag(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise FactsRefused(f"{key!r} must be true or false.")
        return value

    def day(self, key: str) -> date | None:
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, str) and _DAY.fullmatch(value):
            with suppress(ValueError):
                return date.fromisoformat(value)
        raise FactsRefused(f"{key!r} must be a day of the calendar as YYYY-MM-DD, or null where it is not known.")

    def texts(self, key: str, form: re.Pattern[str] | None = None) -> tuple[str, ...]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise FactsRefused(f"{key!r} must be a list of texts.")
        if form is not None and not all(map(form.fullmatch, value)):
            raise FactsRefused(f"{key!r} must be a list of codes such as {_SUCH_AS[form]!r}.")
        return tuple(value)
