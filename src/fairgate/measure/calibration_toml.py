"""Calibration records as the ``[[calibration]]`` tables of a pack's TOML file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from fairgate.errors import ScoresRefused
from fairgate.measure.calibration_record import CalibrationRecord, HeldOut

_DIGITS = 9


def render_calibration_toml(records: Iterable[CalibrationRecord]) -> str:
    """Return the text that, appended to a pack's TOML file, gives it these records.

    Args:
        records: in the order wanted.

    Source: TOML 1.0.0; keys as in :class:`CalibrationRecord`, absent where the value is ``None``.

    Raises:
        ScoresRefused: a number is not finite.
    """
    return "\n".join(_table(record) for record in records)


def _table(record: CalibrationRecord) -> str:
    lines, below = ["[[calibration]]"], []
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, HeldOut):
            below += ["", f"[calibration.{field.name}]"]
            below += [f"{part.name} = {_value(getattr(value, part.name))}" for part in fields(value)]
        elif value is not None:
            lines.append(f"{field.name} = {_value(value)}")
    return "\n".join([*lines, *below, ""])


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    # A JSON string is a TOML basic string too, but for the one control character that JSON does not escape.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def _number(value: float) -> str:
    """Write a float with nine significant digits: far below what a score or a rate can be known to."""
    if not math.isfinite(value):
        raise ScoresRefused("A figure of a calibration record is not finite.")
    short = f"{value:.{_DIGITS}g}"
    return short if "." in short or "e" in short else f"{short}.0"
