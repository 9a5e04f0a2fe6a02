"""A measurement as plain values for scripts: stable keys, no NaN, one object."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from enum import Enum

from fairgate.measure.groups.figures import GroupFigures
from fairgate.measure.groups.words import verdict_in_words
from fairgate.measure.identification import MeanRate
from fairgate.measure.intervals import Proportion
from fairgate.measure.measured import Measured
from fairgate.measure.paired import PairedPoint
from fairgate.measure.paired_portraits import PairedPacks, PairedPortraits
from fairgate.measure.portrait_figures import PortraitComparisons, PortraitFigures, PortraitSearches
from fairgate.measure.rates import NotResolvable
from fairgate.measure.search_figures import SearchPoint
from fairgate.measure.verification import FnmrAtFmr, Verification

DEFAULT_FPIR = 0.003
ALWAYS_AT = (1e-3, 1e-4)
"""False match rates whose keys are always there, resolvable or not."""


def as_json(measured: Measured) -> dict[str, object]:
    """Return a measurement as plain values.

    The first keys are the same whether scores, pairs or portraits were measured: ``mated``, ``non_mated``,
    ``fnmr_at_fmr``, ``fnir_at_fpir_…``, ``groups``. A proportion is ``count`` (``errors`` in the first keys), ``of``,
    ``value``, ``low``, ``high``, ``interval``; a rate without trial has the value ``null``.
    """
    at = measured.verification.at if measured.verification else ()
    points = measured.identification.points if measured.identification else ()
    return {
        "title": measured.title,
        "mated": measured.source.mated,
        "non_mated": measured.source.non_mated,
        "fnmr_at_fmr": _at_each_fmr(at, measured.source.mated, measured.source.non_mated),
        **_searched(points),
        "groups": [_group(one) for one in measured.groups],
        "verification": plain(_verification(measured.verification)),
        "identification": plain(measured.identification),
        "transactions": plain(measured.transactions),
        "quality": plain(measured.quality),
        "presentations": plain(measured.presentations),
        "source": plain(measured.source),
        "method": plain(measured.method),
    }


def portraits_as_json(figures: PortraitFigures, paired: PairedPacks | None = None) -> dict[str, object]:
    """Return what a pack makes of portraits, under the same first keys as :func:`as_json`.

    Args:
        figures: its error rates.
        paired: the same pairs beside another pack's, where one was measured before it.
    """
    searched: dict[str, dict[str, object]] = {}
    for one in figures.searches:
        searched.setdefault(_fpir_key(one.target), {})[str(one.size)] = _portrait_searches(one)
    return {
        "pack": figures.pack_id,
        "pack_digest": figures.pack_digest,
        "mated": figures.mated,
        "non_mated": figures.non_mated,
        "fnmr_at_fmr": {rate_key(one.target): _portrait_comparisons(one) for one in figures.comparisons},
        **(searched or {_fpir_key(DEFAULT_FPIR): {}}),
        "portraits": figures.portraits,
        "people": figures.people,
        "left_out": [{"portrait": name, "reason": reason} for name, reason in figures.left_out],
        "folds": figures.folds,
        "data_sha256": figures.data_sha256,
        **({"paired": _paired(paired)} if paired else {}),
    }


def _paired(packs: PairedPacks) -> dict[str, object]:
    told: dict[str, object] = {"first": packs.first, "first_digest": packs.first_digest, "second": packs.second}
    at_fmr = {rate_key(one.target): _paired_point(one) for one in packs.points if one.size is None}
    told["fnmr_at_fmr"] = at_fmr
    for one in packs.points:
        if one.size is not None:
            searched = told.setdefault(_fpir_key(one.target), {})
            assert isinstance(searched, dict)
            searched[str(one.size)] = {**_paired_point(one), "searched": one.searched}
    return told


def _paired_point(one: PairedPortraits) -> dict[str, object]:
    return {**{name: plain(value) for name, value in _fields(one.missed) if name != "rate"}, "both": one.both}


def _group(found: GroupFigures) -> dict[str, object]:
    told = plain(found)
    assert isinstance(told, dict)
    return {**told, "verdict_in_words": verdict_in_words(found)}


def compared_as_json(points: Sequence[PairedPoint | NotResolvable]) -> dict[str, object]:
    """Return the difference of two packs, by FMR; where fewer than three false matches are expected, that is said."""
    return {rate_key(point.target): _compared(point) for point in points}


def _compared(point: PairedPoint | NotResolvable) -> object:
    if isinstance(point, NotResolvable):
        return plain(point)
    told: dict[str, object] = {
        "resolvable": True,
        "first_threshold": _number(point.first_threshold),
        "second_threshold": _number(point.second_threshold),
    }
    for one in point.differences:
        told[one.rate] = {name: plain(value) for name, value in _fields(one) if name != "rate"}
    return told


def rate_key(rate: float) -> str:
    """Return a rate as scripts look it up: ``1e-3``, ``3e-3``, ``2.5e-4``; nothing is padded with zeros."""
    exponent = math.floor(math.log10(rate))
    mantissa = float(f"{rate / 10.0**exponent:.6g}")
    if mantissa >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    elif mantissa < 1:
        mantissa, exponent = mantissa * 10, exponent - 1
    return f"{mantissa:g}e{exponent}"


def plain(value: object) -> object:
    """Return a tree of frozen values as dictionaries, lists, numbers and text; what is no finite number is ``null``."""
    if isinstance(value, Mapping):
        return {str(name): plain(below) for name, below in value.items()}
    if dataclasses.is_dataclass(value):
        return {name: plain(below) for name, below in _told(value)}
    if isinstance(value, Sequence | Set) and not isinstance(value, str):
        return [plain(below) for below in value]
    return _leaf(value)


def _leaf(value: object) -> object:
    match value:
        case Enum():
            return str(value.value)
        case datetime():
            return value.isoformat()
        case float():
            return _number(value)
        case None | bool() | int() | str():
            return value
        case _:
            raise TypeError(f"{type(value).__name__} has no plain form")


def _told(value: object) -> list[tuple[str, object]]:
    match value:
        case Proportion():
            return [*value.as_json().items(), ("confidence", value.confidence)]
        case NotResolvable():
            return [*_fields(value), ("resolvable", False)]
        case _:
            return _fields(value)


def _fields(value: object) -> list[tuple[str, object]]:
    if not dataclasses.is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is no frozen value")
    return [(one.name, getattr(value, one.name)) for one in dataclasses.fields(value)]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _verification(verification: Verification | None) -> Mapping[str, object] | None:
    """Everything but the operating points, which have a key of their own."""
    if verification is None:
        return None
    return {name: below for name, below in _fields(verification) if name != "at"}


def _at_each_fmr(at: Sequence[FnmrAtFmr | NotResolvable], mated: int, non_mated: int) -> dict[str, object]:
    found: dict[str, object] = {rate_key(one.target): _at_fmr(one, mated) for one in at}
    for target in ALWAYS_AT:
        missing = NotResolvable(target, non_mated, target * non_mated)
        found.setdefault(rate_key(target), _at_fmr(missing, mated))
    return found


def _at_fmr(one: FnmrAtFmr | NotResolvable, mated: int) -> dict[str, object]:
    if isinstance(one, NotResolvable):
        nothing: dict[str, object] = {"errors": None, "of": mated, "value": None, "low": None, "high": None}
        return {**nothing, "resolvable": False, "expected": one.expected}
    told = {name: plain(below) for name, below in _fields(one) if name not in {"target", "fnmr"}}
    return {**one.fnmr.as_json("errors"), "resolvable": True, **told}


def _searched(points: Sequence[SearchPoint]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {} if points else {_fpir_key(DEFAULT_FPIR): {}}
    for one in points:
        told = {name: plain(below) for name, below in _fields(one) if name not in {"size", "target", "fnir"}}
        found.setdefault(_fpir_key(one.target), {})[str(one.size)] = {**_mean(one.fnir), **told}
    return found


def _mean(rate: MeanRate | None) -> dict[str, object]:
    if rate is None:
        return {"errors": None, "of": None, "value": None, "low": None, "high": None}
    errors = int(rate.errors) if float(rate.errors).is_integer() else rate.errors
    return {**{name: plain(below) for name, below in _fields(rate)}, "errors": errors}


def _portrait_comparisons(one: PortraitComparisons) -> dict[str, object]:
    told = {name: plain(below) for name, below in _fields(one) if name not in {"target", "fnmr"}}
    return {**one.fnmr.as_json("errors"), **told}


def _portrait_searches(one: PortraitSearches) -> dict[str, object]:
    told = {name: plain(below) for name, below in _fields(one) if name not in {"size", "target", "fnir"}}
    beyond = one.size > one.searched or bool(one.assumption)
    return {**_mean(one.fnir), "extrapolated": beyond, "threshold_extrapolated": not one.resolvable, **told}


def _fpir_key(fpir: float) -> str:
    return f"fnir_at_fpir_{fpir:g}"
