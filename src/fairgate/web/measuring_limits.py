"""What a measurement cannot show, in plain sentences."""

from __future__ import annotations

from fairgate.measure.measured import Measured
from fairgate.measure.rates import NotResolvable
from fairgate.measure.words import count, one_in
from fairgate.web.measuring_blocks import EXTRAPOLATED, NOT_RESOLVABLE


def limits(measured: Measured) -> tuple[str, ...]:
    """Return what these data cannot show."""
    said: list[str] = []
    verification = measured.verification
    for one in verification.at if verification else ():
        if isinstance(one, NotResolvable):
            said.append(
                f"Whether a threshold keeps {one_in(one.target)} ({NOT_RESOLVABLE}): among {count(one.of)} comparisons "
                f"of two people only {one.expected:.2g} false matches would be expected, and fewer than three cannot "
                "be told from none."
            )
    if measured.source.subjects is None:
        said.append(
            "How far comparisons share people: the files do not say who is on them, so intervals take comparisons as "
            "independent and may be too narrow."
        )
    found = measured.identification
    if found is not None:
        sizes = sorted({one.size for one in found.points if not one.resolvable})
        if sizes:
            said.append(
                f"Searches among {_list([count(size) for size in sizes])} references as counted figures: their "
                f"thresholds are {EXTRAPOLATED}, or {NOT_RESOLVABLE}, since fewer than three false positive searches "
                "would be expected."
            )
        further = [one.size for one in found.growth if one.extrapolated]
        if further:
            said.append(
                f"Galleries of {_list([count(size) for size in further])}: figures for them are {EXTRAPOLATED}, "
                "not measured."
            )
    small = sum(one.small for figures in measured.groups for one in figures.groups)
    if small:
        total = sum(len(figures.groups) for figures in measured.groups)
        said.append(
            f"Differences of the size looked for, in {count(small)} of {count(total)} groups: they are too small, and "
            "marked so."
        )
    if not measured.groups:
        said.append("Whether groups of people fare differently: nobody is labelled.")
    if measured.presentations is None:
        said.append("Whether masks, photos or screens would be noticed: no attack was tried.")
    said.append("Other cameras, other light and other people than these: a measurement speaks for its own data.")
    return tuple(said)


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
