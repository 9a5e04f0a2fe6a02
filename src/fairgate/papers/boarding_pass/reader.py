"""Reads the text of a boarding pass's bar code: lenient on input, every deviation reported."""

from __future__ import annotations

import re
from dataclasses import fields

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.facts import BoardingPass, PassFinding, PassLeg
from fairgate.papers.boarding_pass.items import (
    BEGINNING_OF_SECURITY,
    BEGINNING_OF_VERSION,
    HEAD_LENGTH,
    KNOWN_VERSIONS,
    LEG,
    LEG_LENGTH,
    NAME_LENGTH,
    REPEATED,
    SIZE_LENGTH,
    UNIQUE,
    Item,
)
from fairgate.papers.findings import Findings

MAX_CHARACTERS = 4000
"""Nine legs with everything, and security data, need about 3000."""
_ENDS = "\t\r\n\x00\x1d\x1e\x04"
"""What scanners put around a text. Spaces may be the last item's own, and are not taken off."""
_BEGINNING = re.compile("M[1-9]")
_FORMS = {
    "departs_from": re.compile("[A-Z]{3}"),
    "arrives_at": re.compile("[A-Z]{3}"),
    "carrier": re.compile("[A-Z0-9]{2,3}"),
    "flight_number": re.compile("[0-9]{1,4}[A-Z]?"),
    "day_of_year": re.compile("(?!000)[0-2][0-9]{2}|3[0-5][0-9]|36[0-6]"),
    "compartment": re.compile("[A-Z]"),
    "seat": re.compile("[0-9]{1,3}[A-Z]|INF|[A-Z]{1,4}"),
    "sequence": re.compile("[0-9]{1,4}[A-Z0-9]?"),
    "issued_on": re.compile("[0-9]((?!000)[0-2][0-9]{2}|3[0-5][0-9]|36[0-6])"),
    "bag_tag_1": re.compile("[0-9]{13}"),
    "bag_tag_2": re.compile("[0-9]{13}"),
    "bag_tag_3": re.compile("[0-9]{13}"),
}
_OPTIONAL = frozenset({"day_of_year", "seat", "sequence", "compartment", "status"})


def read_boarding_pass(content: bytes | str) -> BoardingPass:
    """Return what the text of a bar code says.

    Args:
        content: as scanned; bytes are read as Latin-1.

    Raises:
        PapersError: not the text of a boarding pass (format M, at least 60 characters, one to nine legs), or one that
            breaks off inside a flight. ``position`` says where, in characters.
    """
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    if len(text) > MAX_CHARACTERS:
        raise PapersError(f"The text is longer than {MAX_CHARACTERS} characters.", position=MAX_CHARACTERS)
    return _Reading(text).read()


class _Reading:
    """The pass while it is read, from left to right."""

    def __init__(self, text: str) -> None:
        self._findings = Findings()
        self._text = text.rstrip(_ENDS)
        self._given = text
        self._cursor = 0
        self._version = 0
        self._has_items = True

    def read(self) -> BoardingPass:
        start = len(self._text) - len(self._text.lstrip(f"{_ENDS} "))
        if start or self._given != self._text:
            self._note(PassFinding.BCBP_WHITE_SPACE, "White space or a control character stands around the text.", 0)
        if _BEGINNING.match(self._text, start) is None:
            raise PapersError(
                "This is not the text of a boarding pass: it does not begin with M and a number of legs.",
                position=start,
            )
        legs_due = int(self._text[start + 1])
        self._pad(start + HEAD_LENGTH + LEG_LENGTH + SIZE_LENGTH)
        name = self._name(start + 2)
        is_electronic = self._electronic(start + 2 + NAME_LENGTH)
        self._cursor = start + HEAD_LENGTH
        unique: dict[str, str] = {}
        legs = [self._leg(place, unique) for place in range(legs_due)]
        security_type, security_data = self._security()
        tags = [unique.pop(f"bag_tag_{place}", "") for place in (1, 2, 3)]
        while tags and not tags[-1]:
            tags.pop()
        return BoardingPass(
            name,
            tuple(legs),
            is_electronic,
            str(self._version) if self._version else "",
            **unique,
            bag_tags=tuple(tags),
            security_type=security_type,
            security_data=security_data,
            findings=self._findings.collected(),
        )

    def _pad(self, wanted: int) -> None:
        """Put back the spaces that a scanner cut off the end of a pass with one flight and nothing more.

        Raises:
            PapersError: more is missing than spaces could be.
        """
        missing = wanted - len(self._text)
        if missing <= 0:
            return
        if missing > SIZE_LENGTH + 1:
            raise PapersError("The text breaks off inside its first flight.", position=len(self._text))
        self._note(
            PassFinding.BCBP_SHORT, "The text is shorter than 60 characters; spaces are put back.", len(self._text)
        )
        self._text = self._text.ljust(wanted - SIZE_LENGTH) + "00"

    def _name(self, at: int) -> str:
        name = self._visible(self._text[at : at + NAME_LENGTH], at).strip()
        if "/" not in name.strip("/") or name != name.upper():
            self._note(PassFinding.BCBP_NAME_FORM, "The name is not of the form FAMILY/GIVEN in capitals.", at)
        return name

    def _electronic(self, at: int) -> bool:
        mark = self._text[at]
        if mark not in "E ":
            self._note(PassFinding.BCBP_FIELD_FORM, "The electronic ticket indicator is neither E nor a space.", at)
        return mark == "E"

    def _leg(self, place: int, unique: dict[str, str]) -> PassLeg:
        """Read one flight, and with the first what is said once for all.

        Raises:
            PapersError: the text breaks off inside it.
        """
        if len(self._text) < self._cursor + LEG_LENGTH + SIZE_LENGTH:
            position = min(len(self._text), len(self._given))
            raise PapersError(f"The text breaks off inside flight {place + 1}.", position=position)
        values = self._items(LEG, self._cursor + LEG_LENGTH)
        size = self._size("the variable items", len(self._text))
        end = self._cursor + size
        if place == 0 and size:
            self._unique(end, unique)
        if self._has_items and self._cursor < end:
            repeated = self._size("the flight's conditional items", end)
            values |= self._items(REPEATED, min(end, self._cursor + repeated))
        values["airline_use"] = self._visible(self._text[self._cursor : end], self._cursor).rstrip()
        self._cursor = end
        day = values.pop("day_of_year")
        number = int(day) if _FORMS["day_of_year"].fullmatch(day) else None
        return PassLeg(day_of_year=number, **{name: value for name, value in values.items() if name in _LEG_FIELDS})

    def _unique(self, end: int, unique: dict[str, str]) -> None:
        """Read version and the items that are said once, where the first flight's variable items begin with them."""
        if self._text[self._cursor] != BEGINNING_OF_VERSION:
            text = "The variable items do not begin with >; they are taken as the airline's own."
            self._note(PassFinding.BCBP_VERSION_MISSING, text, self._cursor)
            self._has_items = False
            return
        mark = self._text[self._cursor + 1 : min(end, self._cursor + 2)]
        self._version = int(mark) if mark.isascii() and mark.isdigit() else 0
        if self._version not in KNOWN_VERSIONS:
            text = "The version is none that is known; items are read as in 8."
            self._note(PassFinding.BCBP_VERSION_UNKNOWN, text, self._cursor)
        self._cursor = min(end, self._cursor + 2)
        size = self._size("the items that are said once", end)
        unique.update(self._items(UNIQUE, min(end, self._cursor + size)))

    def _size(self, what: str, end: int) -> int:
        """Return a size of two hexadecimal digits, cut to what is there."""
        start, self._cursor = self._cursor, min(end, self._cursor + SIZE_LENGTH)
        digits = self._text[start : self._cursor]
        if re.fullmatch("[0-9A-F]{2}", digits) is None:
            self._note(PassFinding.BCBP_FIELD_SIZE, f"The size of {what} is not two hexadecimal digits.", start)
        size = int(digits, 16) if re.fullmatch("[0-9A-Fa-f]{1,2}", digits) else 0
        left = end - self._cursor
        if size > left:
            self._note(PassFinding.BCBP_FIELD_SIZE, f"The size of {what} is more than is there.", start)
        return min(size, left)

    def _items(self, items: tuple[Item, ...], end: int) -> dict[str, str]:
        """Read items up to an end; those beyond it, and those that the version does not have, are empty."""
        values: dict[str, str] = {}
        for item in items:
            start = self._cursor
            if start >= end:
                break
            self._cursor = min(end, start + item.length)
            raw = self._text[start : self._cursor]
            if len(raw) < item.length:
                self._note(PassFinding.BCBP_FIELD_CUT, f"The {item.words} is cut short.", start)
            value = self._visible(raw, start).strip()
            self._check(item, value, start)
            values[item.field] = value
        if self._cursor < end:
            text = "More items are announced than are known; the rest is left out."
            self._note(PassFinding.BCBP_FIELD_SIZE, text, self._cursor)
            self._cursor = end
        return values

    def _check(self, item: Item, value: str, at: int) -> None:
        form = _FORMS.get(item.field)
        if form is None or (not value and (item.field in _OPTIONAL or item not in LEG)):
            return
        if form.fullmatch(value) is None:
            self._note(PassFinding.BCBP_FIELD_FORM, f"The {item.words} is not of its form.", at)

    def _security(self) -> tuple[str, str]:
        """Read the security data, which stands after the last flight."""
        start, rest = self._cursor, self._text[self._cursor :]
        if not rest.strip():
            if rest:
                self._note(PassFinding.BCBP_WHITE_SPACE, "Spaces follow the last flight.", start)
            return "", ""
        if not rest.startswith(BEGINNING_OF_SECURITY) or len(rest) < 2:
            text = f"{len(rest)} characters follow the last flight and are left out."
            self._note(PassFinding.BCBP_TRAILING_CONTENT, text, start)
            return "", ""
        kind = self._visible(rest[1], start + 1)
        self._cursor = start + 2
        size = self._size("the security data", len(self._text))
        data = self._text[self._cursor : self._cursor + size]
        if not size:
            self._note(PassFinding.BCBP_SECURITY, "The security data is empty.", start)
        if self._cursor + size < len(self._text):
            left = len(self._text) - self._cursor - size
            text = f"{left} characters follow the security data and are left out."
            self._note(PassFinding.BCBP_TRAILING_CONTENT, text, self._cursor + size)
        return kind, self._visible(data, self._cursor)

    def _visible(self, raw: str, at: int) -> str:
        """Return a field without what is no printable ASCII character."""
        kept = "".join(mark for mark in raw if " " <= mark <= "~")
        if kept != raw:
            self._note(PassFinding.BCBP_CHARACTER, "A character is not printable ASCII and is left out.", at)
        return kept

    def _note(self, code: PassFinding, text: str, at: int) -> None:
        self._findings.note(code, text, where=f"character {at + 1}", position=at)


_LEG_FIELDS = frozenset(field.name for field in fields(PassLeg))
