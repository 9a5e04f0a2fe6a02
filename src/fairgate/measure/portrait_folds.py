"""Thresholds chosen again without each person, quickly: all scores are sorted once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.operating_points import OperatingPoint
from fairgate.measure.portraits import Comparisons, Portraits
from fairgate.measure.tail import SHARES
from fairgate.measure.thresholds import choose_from_highest

_SPARE = 64
"""Scores kept beyond those that any fold may need."""


def thresholds_without_each(
    faces: Portraits, points: Sequence[OperatingPoint], people: Sequence[str]
) -> NDArray[np.float64]:
    """Choose each operating point's threshold on everybody except one person, for each person in turn.

    The thresholds are those of :func:`fairgate.measure.held_out.choose_for_points` on the other people's portraits. One
    fit of the tail serves all points of a person.

    Args:
        faces: all portraits compared with all.
        points: the operating points.
        people: whom to leave out, one after the other.

    Returns:
        Shape (points, people).

    Raises:
        ScoresRefused: there are too few comparisons to count or to fit.
    """
    names, person = np.unique(faces.subjects, return_inverse=True)
    left_out = np.searchsorted(names, np.asarray(people, dtype=np.str_))
    found = np.empty((len(points), len(left_out)))
    for which in Comparisons:
        places = [place for place, point in enumerate(points) if point.comparisons is which]
        if not places:
            continue
        rates = [points[place].fmr for place in places]
        first, second = (person[side] for side in faces.non_mated(which))
        takes_part = np.bincount(first, minlength=len(names)) + np.bincount(second, minlength=len(names))
        scores = faces.scores[faces.non_mated(which)]
        # Without one person some of the highest scores go, at most as many as the person takes part in.
        kept = math.ceil(max(SHARES[0], *rates) * scores.size) + int(takes_part.max(initial=0)) + _SPARE
        highest = np.argsort(-scores, kind="stable")[:kept]
        scores, one, other, of = scores[highest], first[highest], second[highest], scores.size
        for column, gone in enumerate(left_out.tolist()):
            rest = scores[(one != gone) & (other != gone)]
            chosen = choose_from_highest(rest, of - int(takes_part[gone]), rates)
            found[places, column] = [choice.threshold for choice in chosen]
    return found
