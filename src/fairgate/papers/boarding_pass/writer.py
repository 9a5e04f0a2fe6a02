"""Builds the text of a boarding pass's bar code: strict on output, and read back before it is handed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.facts import BoardingPass, PassLeg
from fairgate.papers.boarding_pass.items import (
    BAG_TAGS,
    BEGINNING_OF_SECURITY,
    BEGINNING_OF_VERSION,
    KNOWN_VERSIONS,
    LEG,
    NAME_LENGTH,
    REPEATED,
    UNIQUE,
    Item,
)
from fairgate.papers.boarding_pass.reader import read_boarding_pass

MAX_LEGS = 4
"""More legs than this a pass should not have. Source: IATA Resolution 792, attachment A, item 5."""


def write_boarding_pass(boarding_pass: BoardingPass) -> str:
    """Return the text of the bar code.

    Args:
        boarding_pass: its findings are not written.

    Raises:
        PapersError: something does not fit its place, or would not be read back exactly as it is.
    """
    legs = boarding_pass.legs
    if not 1 <= len(legs) <= MAX_LEGS:
        raise PapersError(f"A boarding pass has one to {MAX_LEGS} flights.")
    version = boarding_pass.version
    if version and (not version.isdigit() or int(version) not in KNOWN_VERSIONS):
        raise PapersError("The version of a boarding pass is 1 to 8.")
    if len(boarding_pass.bag_tags) > BAG_TAGS:
        raise PapersError(f"A boarding pass has at most {BAG_TAGS} bag tags.")
    written = [f"M{len(legs)}", _filled(boarding_pass.name, NAME_LENGTH, "name")]
    written.append("E" if boarding_pass.is_electronic else " ")
    for place, leg in enumerate(legs):
        variable = _variable(boarding_pass, leg, is_first=place == 0)
        values = {item.field: getattr(leg, item.field) for item in LEG}
        written.extend((_items(LEG, values, 8), _size(variable), variable))
    if boarding_pass.security_type:
        data = boarding_pass.security_data
        written.append(f"{BEGINNING_OF_SECURITY}{boarding_pass.security_type}{_size(data)}{data}")
    text = "".join(written)
    _read_back(text, boarding_pass)
    return text


def _variable(boarding_pass: BoardingPass, leg: PassLeg, *, is_first: bool) -> str:
    """Return the conditional items of a flight, as many as its last that is given needs, and the airline's own."""
    if not boarding_pass.version:
        if leg.airline_use:
            raise PapersError("A boarding pass without a version has no conditional items.")
        return ""
    version = int(boarding_pass.version)
    variable = ""
    if is_first:
        tags = dict(zip(("bag_tag_1", "bag_tag_2", "bag_tag_3"), boarding_pass.bag_tags, strict=False))
        values = {item.field: tags.get(item.field, getattr(boarding_pass, item.field, "")) for item in UNIQUE}
        unique = _items(_needed(UNIQUE, values, version), values, version)
        variable = f"{BEGINNING_OF_VERSION}{version}{_size(unique)}{unique}"
    values = {item.field: getattr(leg, item.field) for item in REPEATED}
    repeated = _items(_needed(REPEATED, values, version), values, version)
    if repeated or leg.airline_use:
        variable += f"{_size(repeated)}{repeated}{leg.airline_use}"
    return variable


def _needed(items: tuple[Item, ...], values: Mapping[str, str | int | None], version: int) -> tuple[Item, ...]:
    last = max((place for place, item in enumerate(items, start=1) if values[item.field]), default=0)
    return tuple(item for item in items[:last] if item.since <= version or values[item.field])


def _items(items: tuple[Item, ...], values: Mapping[str, str | int | None], version: int) -> str:
    written = []
    for item in items:
        value = values[item.field]
        if item.since > version:
            raise PapersError(f"Version {version} of the boarding pass has no {item.words}.")
        text = "" if value is None else f"{value:03d}" if isinstance(value, int) else value
        written.append(_filled(text, item.length, item.words))
    return "".join(written)


def _filled(text: str, length: int, words: str) -> str:
    if len(text) > length:
        raise PapersError(f"The {words} is longer than its {length} characters.")
    return text.ljust(length)


def _size(text: str) -> str:
    if len(text) > 0xFF:
        raise PapersError("The items of a flight are longer than their size can say.")
    return f"{len(text):02X}"


def _read_back(text: str, boarding_pass: BoardingPass) -> None:
    """Refuse what a reader would understand otherwise than it was meant.

    Raises:
        PapersError: saying what deviates.
    """
    again = read_boarding_pass(text)
    for finding in again.findings:
        raise PapersError(f"The pass cannot be written strictly: {finding.text}", position=finding.position)
    if again != replace(boarding_pass, findings=()):
        raise PapersError("The pass would not be read back as given.")
