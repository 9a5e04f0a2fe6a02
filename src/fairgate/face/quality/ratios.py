"""Ratios of one part of the face to another: light, detail, colour and grain, none of them tied to how light it is.

All are taken on the upright face of :mod:`fairgate.face.quality.upright`. Light is compared in stops (a difference of
logarithms to base 2), so that a darker skin or a shorter exposure moves both sides alike. *Detail* is the mean gradient
of log luma, *grain* the mean difference to a slightly blurred copy over the spread of luma, *colour* the saturation
less that of the cheeks. The definitions are ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from fairgate.face.quality.upright import CELLS, MIDDLE, ZONES

Grey = NDArray[np.float32]

_WEIGHTS = np.array([[0.2126, 0.7152, 0.0722]], np.float32)
"""Of R, G and B on gamma-encoded values. Source: ITU-R BT.709-6, clause 3.2."""

_PLACES = (
    *(f"{side}_{part}" for side in ("left", "right") for part in ("cheek", "lens")),
    *("below_left_eye", "below_right_eye", "forehead", "bridge", "nose", "mouth", "chin"),
)
"""Zones whose light is compared."""

_FLOOR = 8.0
"""Grey levels added before a logarithm is taken, so that sensor noise in black does not count as contrast."""

_SOFT_CELLS, _BROAD_CELLS = 1.0, 6.0
"""Sigma of the blur that takes grain away, and of the one that leaves nothing but shading."""

_LINE_CELLS = 5
_HALF_CELLS = 22
"""Columns to either side of the middle that are held against each other."""

_SYMMETRY_ROWS = slice(round(MIDDLE[1] - 0.6 * CELLS), round(MIDDLE[1] + 1.3 * CELLS))


def light_below_eyes(patch: NDArray[np.uint8]) -> tuple[float, float]:
    """Return how much lighter the skin below each eye is than the cheek under it, in stops: left, then right.

    Args:
        patch: as :func:`fairgate.face.quality.upright.upright_face` gives it.
    """
    return _below(_in_stops(_luma(patch)))


def ratios(patch: NDArray[np.uint8]) -> Mapping[str, float]:
    """Return every ratio by name; all finite.

    Args:
        patch: uint8, shape (rows, columns, 3), as :func:`fairgate.face.quality.upright.upright_face` gives it.
    """
    luma = _luma(patch)
    soft = np.asarray(cv2.GaussianBlur(luma, (0, 0), _SOFT_CELLS), np.float32)
    log = np.log2(soft + np.float32(_FLOOR))
    across, down = (cv2.Sobel(log, cv2.CV_32F, *order, scale=0.125) for order in ((1, 0), (0, 1)))
    stops = _in_stops(luma)
    return MappingProxyType(
        {
            **_detail(np.asarray(cv2.magnitude(across, down), np.float32)),
            **_grain(luma, soft),
            **_light(stops),
            **_colour(patch),
            **_range(soft, _cheeks(stops)),
            "spread_eyes": _mean_and_spread(log, "eyes")[1],
            "spread_lower_face": _mean_and_spread(log, "lower_face")[1],
            "sharper_direction": _sharper(luma[ZONES["face"]]),
            "symmetry": _symmetry(log),
        }
    )


def _luma(patch: NDArray[np.uint8]) -> Grey:
    return np.asarray(cv2.transform(patch.astype(np.float32), _WEIGHTS), np.float32)


def _middle(values: Grey) -> float:
    """Return the median, the upper of two: several times as quick as numpy's on so few values."""
    flat = values.ravel()
    return float(np.partition(flat, flat.size // 2)[flat.size // 2])


def _mean_and_spread(values: Grey, zone: str) -> tuple[float, float]:
    mean, spread = cv2.meanStdDev(values[ZONES[zone]])
    return float(mean[0, 0]), float(spread[0, 0])


def _in_stops(luma: Grey) -> Mapping[str, float]:
    """Return the median luma of single places, as a logarithm to base 2."""
    return {zone: math.log2(_middle(luma[ZONES[zone]]) + _FLOOR) for zone in _PLACES}


def _below(stops: Mapping[str, float]) -> tuple[float, float]:
    left, right = (stops[f"below_{side}_eye"] - stops[f"{side}_cheek"] for side in ("left", "right"))
    return left, right


def _cheeks(stops: Mapping[str, float]) -> float:
    return (stops["left_cheek"] + stops["right_cheek"]) / 2


def _detail(gradient: Grey) -> Mapping[str, float]:
    """Return detail of a zone over that of the lower face, as a logarithm to base 2."""
    lower, eyes, mouth, bridge = (
        math.log2(_mean_and_spread(gradient, zone)[0] + 0.01) for zone in ("lower_face", "eyes", "mouth", "bridge")
    )
    return {"detail_eyes": eyes - lower, "detail_mouth": mouth - lower, "detail_bridge": bridge - lower}


def _grain(luma: Grey, soft: Grey) -> Mapping[str, float]:
    """Return grain over spread, as a logarithm to base 2; of single zones and, by another filter, of the face."""
    fine = np.asarray(cv2.absdiff(luma, soft), np.float32)
    second = np.abs(np.asarray(cv2.Laplacian(luma, cv2.CV_32F), np.float32))
    spread = {zone: _mean_and_spread(soft, zone)[1] + 1.0 for zone in ("eyes", "forehead", "face")}
    shown = {
        f"grain_{zone}": math.log2((_mean_and_spread(fine, zone)[0] + 0.3) / over) for zone, over in spread.items()
    }
    curvature = (_mean_and_spread(second, "face")[0] + 0.5) / spread["face"]
    return {**shown, "curvature_face": math.log2(curvature)}


def _light(stops: Mapping[str, float]) -> Mapping[str, float]:
    """Return light of a zone against the cheeks, in stops; *off* is its size, whichever way it goes."""
    below = _below(stops)
    light = {zone: stops[zone] - _cheeks(stops) for zone in ("forehead", "bridge", "nose", "mouth", "chin")}
    return {
        "light_below_eyes": sum(below) / 2,
        "light_below_darker_eye": min(below),
        "light_below_lighter_eye": max(below),
        "light_lenses": (stops["left_lens"] + stops["right_lens"]) / 2 - _cheeks(stops),
        **{f"light_{zone}": light[zone] for zone in ("forehead", "nose", "mouth", "chin")},
        **{f"off_{zone}": abs(light[zone]) for zone in ("forehead", "bridge", "nose")},
    }


def _colour(patch: NDArray[np.uint8]) -> Mapping[str, float]:
    """Return saturation of a zone less that of the cheeks, in [-1, 1]."""
    red, green, blue = cv2.split(patch)
    most = cv2.max(cv2.max(red, green), blue).astype(np.float32)
    least = cv2.min(cv2.min(red, green), blue).astype(np.float32)
    saturation = (most - least) / (most + np.float32(_FLOOR))
    zones = ("left_cheek", "right_cheek", "forehead", "nose", "eyes")
    left, right, *others = (_middle(saturation[ZONES[zone]]) for zone in zones)
    return {f"colour_{zone}": value - (left + right) / 2 for zone, value in zip(zones[2:], others, strict=True)}


def _range(soft: Grey, cheeks: float) -> Mapping[str, float]:
    """Return how far light places of the face lie above its median, and of the eyes above the cheeks, in stops."""
    middle, bright, brightest = _ordered(soft[ZONES["face"]], (0.5, 0.9, 0.98))
    eyes_middle, eyes_brightest = _ordered(soft[ZONES["eyes"]], (0.5, 0.98))
    return {
        "bright_face": bright - middle,
        "brightest_face": brightest - middle,
        "middle_eyes": eyes_middle - cheeks,
        "brightest_eyes": eyes_brightest - cheeks,
    }


def _ordered(values: Grey, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Return the values below which these shares lie, as logarithms to base 2."""
    order = np.sort(values, axis=None)
    return tuple(math.log2(float(order[round(share * (order.size - 1))]) + _FLOOR) for share in shares)


def _sharper(face: Grey) -> float:
    """Return the share of neighbouring differences lost to a line of 5, in the direction that loses more."""
    return max(_lost(face), _lost(np.ascontiguousarray(face.T)))


def _lost(face: Grey) -> float:
    before = np.abs(np.diff(face, axis=1))
    after = np.abs(np.diff(np.asarray(cv2.blur(face, (_LINE_CELLS, 1))), axis=1))
    return float(np.maximum(before - after, 0.0).sum() / (before.sum() + 1e-6))


def _symmetry(log: Grey) -> float:
    """Return the correlation of the left half with the mirrored right one, of log luma without its shading."""
    detail = log - np.asarray(cv2.GaussianBlur(log, (0, 0), _BROAD_CELLS), np.float32)
    middle = int(MIDDLE[0])
    left = detail[_SYMMETRY_ROWS, middle - _HALF_CELLS : middle][:, ::-1].ravel()
    right = detail[_SYMMETRY_ROWS, middle + 1 : middle + 1 + _HALF_CELLS].ravel()
    if min(left.std(), right.std()) < 1e-6:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])
