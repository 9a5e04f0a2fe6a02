"""Portraits made worse in known ways: every kind of degradation with its strengths, and how one is applied.

A kind and a strength name a cell of a study; the same generator state gives the same pixels. Nothing here opens a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from fairgate.simulate.degrade_cover import hatted, masked, sunglassed
from fairgate.simulate.degrade_focus import blurred, coarsened, compressed, motion_blurred, noisy
from fairgate.simulate.degrade_light import contrast_lost, exposed, gamma_changed, lit_from_one_side, reflecting
from fairgate.simulate.degrade_place import Side, cut, rotated
from fairgate.simulate.degrade_turn import head_turned

if TYPE_CHECKING:
    import numpy as np

    from fairgate.simulate.degrade_truth import Picture

_SIDES = tuple(Side)


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to make a portrait worse.

    Args:
        name: stable word.
        unit: what a strength counts; 0 is always the untouched picture.
        strengths: those that a study takes, the weakest first.
        apply: picture, strength, generator → the degraded picture.
    """

    name: str
    unit: str
    strengths: tuple[float, ...]
    apply: Callable[[Picture, float, np.random.Generator], Picture]


def _rotated(picture: Picture, degrees: float, rng: np.random.Generator) -> Picture:
    return rotated(picture, degrees if rng.integers(2) else -degrees)


def _turned(picture: Picture, degrees: float, rng: np.random.Generator) -> Picture:
    return head_turned(picture, degrees if rng.integers(2) else -degrees)


def _side_lit(picture: Picture, stops: float, rng: np.random.Generator) -> Picture:
    return lit_from_one_side(picture, stops if rng.integers(2) else -stops)


def _cut(picture: Picture, share: float, rng: np.random.Generator) -> Picture:
    return cut(picture, share, _SIDES[int(rng.integers(len(_SIDES)))])


def _moved(picture: Picture, length: float, rng: np.random.Generator) -> Picture:
    return motion_blurred(picture, length, float(rng.uniform(0, 180)))


_ALL = (
    Kind("rotation", "degrees, either way", (15, 30, 45), _rotated),
    Kind("yaw", "degrees, either way, of a crude head", (15, 30, 45), _turned),
    Kind("cut", "share of the face outside the frame, any side", (0.15, 0.3, 0.45), _cut),
    Kind("mask", "coverage", (0.5, 0.75, 1), lambda p, s, _: masked(p, s)),
    Kind("hat", "coverage", (0.5, 0.75, 1), lambda p, s, _: hatted(p, s)),
    Kind("sunglasses", "light kept back", (0.5, 0.8, 1), lambda p, s, _: sunglassed(p, s)),
    Kind("side-light", "stops across the face, either way", (2, 4, 6), _side_lit),
    Kind("reflection", "share of mirrored light", (0.3, 0.6, 0.9), reflecting),
    Kind("dark", "stops less light", (2, 4, 6), lambda p, s, _: exposed(p, -s)),
    Kind("bright", "stops more light", (1, 2, 3), lambda p, s, _: exposed(p, s)),
    Kind("gamma", "log2 of the exponent, darker", (0.5, 1, 2), lambda p, s, _: gamma_changed(p, s)),
    Kind("contrast", "share of the contrast lost", (0.5, 0.8, 0.95), lambda p, s, _: contrast_lost(p, s)),
    Kind("blur", "sigma in inter-eye distances", (0.04, 0.08, 0.16), lambda p, s, _: blurred(p, s)),
    Kind("motion", "length in inter-eye distances", (0.15, 0.3, 0.6), _moved),
    Kind("coarse", "halvings of the resolution", (1, 2, 3), lambda p, s, _: coarsened(p, s)),
    Kind("noise", "sigma in grey levels", (15, 30, 60), noisy),
    Kind("jpeg", "100 minus the quality", (80, 90, 96), lambda p, s, _: compressed(p, round(s))),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL})
"""Every kind by its name, in the order in which the world does it: subject, light, lens, sensor, encoder."""


def degraded(picture: Picture, kind: str, strength: float, rng: np.random.Generator) -> Picture:
    """Return the picture made worse in one way.

    Args:
        picture: at least one face.
        kind: a name of ``KINDS``.
        strength: in the kind's unit; 0 returns the picture as it is.
        rng: draws what the strength leaves open: direction, side, places, noise.

    Raises:
        FaceContractBroken: there is no face, or the strength is out of the kind's range.
    """
    return KINDS[kind].apply(picture, strength, rng)
