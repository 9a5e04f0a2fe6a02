"""The unified score's weights: a table made by training, not by hand.

Trained by ``fairgate bench quality PORTRAITS --fit`` on degraded portraits of every other person who is in one year
only of the 602 official portraits (public domain): 211 people, 3482 captures, none of them in a mated pair, so that
misses are counted on others. A capture counts as far where its features are among the tenth least similar to those of
the person's untouched photo (pack dlib-cc0). Which signs are in the table was chosen on the same people, in five folds
by person, leaving out one sign after the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One sign's part in the score.

    Args:
        sign: name, of a ratio or a component.
        mean: of the training captures, in the sign's unit.
        spread: standard deviation, likewise; above 0.
        weight: log-odds of being far for each standard deviation above the mean.
    """

    sign: str
    mean: float
    spread: float
    weight: float


FARTHEST_SPREADS = 4.0
"""A sign counts no further from its mean than so many standard deviations."""

INTERCEPT = -3.2020

TERMS: tuple[Term, ...] = (
    Term("detail_eyes", 0.2007, 0.3615, 0.3848),
    Term("detail_mouth", 0.0982, 0.2748, -0.2366),
    Term("detail_bridge", -0.0663, 0.6603, -0.2395),
    Term("grain_eyes", -2.4265, 0.4739, -0.2865),
    Term("grain_forehead", -2.5371, 0.8456, 0.4958),
    Term("grain_face", -2.6595, 0.4172, -0.6503),
    Term("light_below_eyes", 0.1273, 0.2789, -0.2590),
    Term("light_below_darker_eye", 0.0792, 0.2790, -0.4680),
    Term("light_below_lighter_eye", 0.1753, 0.2876, -0.0517),
    Term("light_lenses", -0.1210, 0.2498, -0.2295),
    Term("light_forehead", 0.3061, 0.2472, 0.1008),
    Term("off_forehead", 0.3431, 0.1925, 0.0632),
    Term("off_bridge", 0.2305, 0.1715, -0.2958),
    Term("light_nose", 0.0899, 0.1862, 0.2983),
    Term("off_nose", 0.1585, 0.1328, 0.1767),
    Term("light_mouth", -0.0466, 0.1709, 0.0198),
    Term("light_chin", 0.0863, 0.1706, 0.0017),
    Term("colour_forehead", -0.0765, 0.0606, 0.2077),
    Term("colour_nose", -0.0145, 0.0423, 0.2256),
    Term("colour_eyes", -0.0280, 0.0376, -0.3770),
    Term("bright_face", 0.2986, 0.1178, -0.0013),
    Term("brightest_face", 0.3711, 0.1488, 0.3871),
    Term("brightest_eyes", 0.3275, 0.1890, 0.1177),
    Term("middle_eyes", -0.0852, 0.2377, 0.1485),
    Term("spread_eyes", 0.3266, 0.1225, -0.5374),
    Term("spread_lower_face", 0.2501, 0.1029, -0.4623),
    Term("sharper_direction", 0.5299, 0.0810, -0.3073),
    Term("curvature_face", -1.2257, 0.5120, 0.0982),
    Term("symmetry", 0.7547, 0.2063, -0.4284),
    Term("sharpness", 0.4719, 0.0984, 0.4554),
    Term("over_exposure", 0.0183, 0.0810, 0.5504),
    Term("roll", 4.2636, 5.2138, -0.2090),
    Term("yaw", 6.3165, 5.0499, -0.1498),
    Term("motion_blur", 0.1305, 0.0948, 0.7721),
)
"""Every sign's part."""
