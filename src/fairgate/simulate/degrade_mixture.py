"""One mixture of degradations, hard enough that the default pack misses a few in a hundred with it.

A probe gets two different kinds, each at a strength drawn evenly between 0.3 times the mixture's hardness and the whole
of it, as a part of the kind's second strength. Masks and cut faces are not in it: they take away half of what a
recogniser goes by, and would decide alone. Nor are turned heads, which are drawn too crudely to be recognised by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairgate.simulate.degrade import KINDS, degraded
from fairgate.simulate.degrade_place import resized
from fairgate.simulate.degrade_study import FACE_WIDTH_PX
from fairgate.simulate.degrade_truth import check_share

if TYPE_CHECKING:
    import numpy as np

    from fairgate.simulate.degrade_truth import Picture

MIXED = tuple(name for name in KINDS if name not in ("mask", "cut", "yaw"))
HARDNESS = 0.8
"""Chosen on generators seeded 101 so that the default pack's FNMR lies between 2 and 10 %, counted either way."""

_WEAKEST = 0.3


@dataclass(frozen=True, slots=True)
class Step:
    """One degradation of a mixture.

    Args:
        kind: a name of ``KINDS``.
        strength: in the kind's unit.
    """

    kind: str
    strength: float


def drawn_steps(rng: np.random.Generator, hardness: float = HARDNESS, kinds: int = 2) -> tuple[Step, ...]:
    """Draw what happens to one probe, in the order of ``KINDS``.

    Args:
        rng: draws kinds and strengths.
        hardness: upper end of every strength, as a part of the kind's second; in [0, 1].
        kinds: how many different ones.

    Raises:
        FaceContractBroken: the hardness is out of range.
    """
    check_share(hardness)
    chosen = sorted(int(place) for place in rng.choice(len(MIXED), size=kinds, replace=False))
    return tuple(
        Step(MIXED[place], float(rng.uniform(_WEAKEST, 1)) * hardness * KINDS[MIXED[place]].strengths[1])
        for place in chosen
    )


def mixed(picture: Picture, steps: tuple[Step, ...], rng: np.random.Generator) -> Picture:
    """Return the picture after every step.

    Args:
        picture: at least one face.
        steps: in order.
        rng: as for :func:`degraded`.
    """
    for step in steps:
        picture = degraded(picture, step.kind, step.strength, rng)
    return picture


def mixed_portrait(portrait: Picture, rng: np.random.Generator) -> Picture:
    """Return a portrait as the set's probes are: brought to the study's size, then degraded as drawn.

    Args:
        portrait: one face.
        rng: draws everything.
    """
    return mixed(resized(portrait, FACE_WIDTH_PX), drawn_steps(rng), rng)
