"""Who matches whom: the false match rate between every two groups, as a table that reads without colour."""

from __future__ import annotations

from fairgate.measure.groups.figures import GroupFigures
from fairgate.measure.intervals import Proportion
from fairgate.measure.words import count, one_in, plain, power_bracket, rate_power
from fairgate.web.measuring_blocks import Heat, HeatCell

ROOMY = 10
"""Up to so many groups a cell has a line each for rate, count and interval; of more, it is written tightly."""

ABOVE, BELOW = "▲", "▼"


def heat_table(figures: GroupFigures, name: str) -> Heat:
    """Return the matrix of one attribute; each cell holds its rate, its count and its interval.

    An arrow says that the whole interval lies above or below the rate that the threshold is for, so that chance is no
    likely reason; such a cell is shaded too, the darker the further above.

    Args:
        figures: of one attribute.
        name: unique within the page.
    """
    tight = len(figures.groups) > ROOMY
    written = _tight if tight else _roomy
    cells = tuple(
        tuple(HeatCell(written(rate, figures.target), _shade(rate, figures.target)) for rate in row)
        for row in figures.fmr_matrix
    )
    asked = one_in(figures.target)
    how = (
        "false matches/comparisons and the interval of the rate"
        if tight
        else "the rate, the false matches of all comparisons, and the interval"
    )
    return Heat(
        name=name,
        caption=f"False match rate between groups by {plain(figures.attribute)} (rows: live capture, columns: "
        "reference). "
        f"Each cell: {how}. {ABOVE} the whole interval lies above {asked}, {BELOW} below it; darker is further above.",
        labels=tuple(one.label for one in figures.groups),
        cells=cells,
        folded=f"All {count(len(figures.groups))} × {count(len(figures.groups))} groups" if tight else "",
    )


def arrow(rate: Proportion, target: float) -> str:
    """Return a mark where the whole interval lies above or below the target."""
    if rate.value is None:
        return ""
    return ABOVE if rate.low > target else BELOW if rate.high < target else ""


def _roomy(rate: Proportion, target: float) -> tuple[str, ...]:
    if rate.value is None:
        return ("not tried",)
    mark = arrow(rate, target)
    return (
        f"{mark} {rate_power(rate.value)}" if mark else rate_power(rate.value),
        f"{count(rate.count)} of {count(rate.of)}",
        power_bracket(rate.low, rate.high),
    )


def _tight(rate: Proportion, target: float) -> tuple[str, ...]:
    if rate.value is None:
        return ("–",)
    bounds = f"<{_short(rate.high)}" if rate.count == 0 else f"{_short(rate.low)}…{_short(rate.high)}"
    return (f"{arrow(rate, target)}{rate.count}/{rate.of}", bounds)


def _short(rate: float) -> str:
    return f"{rate:.1e}".replace("e-0", "e-").replace("e+00", "")


def _shade(rate: Proportion, target: float) -> str:
    """Return how dark a cell is; one whose interval holds the target stays white, whatever its rate."""
    if rate.value is None:
        return ""
    where = arrow(rate, target)
    if where != ABOVE:
        return "low" if where == BELOW else ""
    times = rate.value / target
    return "h3" if times > 20 else "h2" if times > 5 else "h1"
