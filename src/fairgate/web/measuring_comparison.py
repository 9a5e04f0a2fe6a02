"""The report of two packs on the same comparisons."""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.measure.intervals import Proportion
from fairgate.measure.measured import Method, SourceFile
from fairgate.measure.paired import PairedDifference, PairedPoint
from fairgate.measure.plots import Table
from fairgate.measure.rates import NotResolvable
from fairgate.measure.side_by_side_plots import fnmr_plot
from fairgate.measure.words import (
    count,
    k_of_n,
    one_in,
    percent,
    power_bracket,
    rate_bracket,
    rate_percent,
    rate_power,
    threshold_text,
)
from fairgate.web.measuring_blocks import NOT_RESOLVABLE, Block, Data, Pairs, Picture, Section, Words
from fairgate.web.measuring_method import files_table, glossary_section, repeat_rows, without_folders
from fairgate.web.measuring_page import Page, moment, render_page

_FORMULAS = (
    ("Decisions", "exact two-sided McNemar test on comparisons that only one of both got wrong, taken as independent."),
    (
        "Difference of rates",
        "bootstrap over people, both packs on the same draw; over comparisons where people are unknown.",
    ),
    ("Smallest visible difference", "what so many effective comparisons would show in four cases of five."),
)


def render_comparing_report(
    points: Sequence[PairedPoint | NotResolvable],
    files: Sequence[SourceFile],
    method: Method,
    *,
    title: str = "Two packs on the same comparisons",
) -> str:
    """Return the page as HTML text, to be written as UTF-8.

    Args:
        points: both packs at the same FMR, in the order asked for.
        files: the first pack's scores, then the second's.
        method: how it was measured.
        title: a line for people.
    """
    names = ("A", "B")
    resolved = [one for one in points if isinstance(one, PairedPoint)]
    blocks: list[Block] = [Words(f"A is {_name(files, 0)}, B is {_name(files, 1)}. Both judged the same comparisons.")]
    if resolved:
        rows = [
            (f"{one_in(point.target)}: {name}", rate, False)
            for point in resolved
            for name, rate in zip(names, _fnmr(point), strict=True)
        ]
        blocks.append(Picture(fnmr_plot(rows, _rates_table(points, method.confidence), "rates"), folded=False))
        blocks.append(Data("differences", _differences_table(resolved, method.confidence)))
        blocks.append(
            Words(
                "Visible: the smallest difference that so many comparisons could have shown in four cases of five. "
                "Where the interval holds zero a difference is not shown, which does not mean that there is none."
            )
        )
    page = Page(
        kind="Comparing report",
        title=title,
        facts=f"made {moment(method.made_at)} by {method.made_by}",
        tiles=(),
        topics=(("A against B", tuple(_sentences(resolved)) or ("No false match rate asked for can be resolved.",)),),
        limits=tuple(_limits(points)),
        sections=(
            Section("rates-section", "Error rates side by side", tuple(blocks)),
            _method(files, method),
            glossary_section("Mated", "Threshold", "FMR", "FNMR", "Interval"),
        ),
        made_at=method.made_at,
        made_by=method.made_by,
    )
    return render_page(page)


def _sentences(points: Sequence[PairedPoint]) -> list[str]:
    said = []
    for point in points:
        one = next((found for found in point.differences if found.rate == "fnmr"), None)
        if one is None:
            continue
        passing = f"With at most {one_in(point.target)} strangers passing"
        told = f"{passing}, A misses {_told(one.first)} and B {_told(one.second)}."
        between = f"{_points(one.difference)} (interval {_points(one.low)} to {_points(one.high)})"
        if one.low <= 0 <= one.high:
            told += (
                f" A difference is not shown: B minus A is {between}; the smallest that these comparisons could have "
                f"shown is {100 * one.visible:.2g} points."
            )
        else:
            told += f" {'A' if one.difference > 0 else 'B'} misses fewer: B minus A is {between}."
        said.append(told)
    return said


def _limits(points: Sequence[PairedPoint | NotResolvable]) -> list[str]:
    said = [
        f"Whether thresholds keep {one_in(one.target)} ({NOT_RESOLVABLE}): among {count(one.of)} comparisons of "
        f"two people only {one.expected:.2g} false matches would be expected, and fewer than three cannot be told from "
        "none."
        for one in points
        if isinstance(one, NotResolvable)
    ]
    said.append("Several rates are looked at; the more of them, the likelier one differs by chance alone.")
    said.append("Other cameras, other light and other people than these: a measurement speaks for its own data.")
    return said


def _rates_table(points: Sequence[PairedPoint | NotResolvable], confidence: float) -> Table:
    rows: list[tuple[str, ...]] = []
    for point in points:
        if isinstance(point, NotResolvable):
            expected = f"{point.expected:.2g} expected of {count(point.of)}"
            rows.append((one_in(point.target), NOT_RESOLVABLE, "–", expected, "–", "–", "–"))
            continue
        rates = {one.rate: one for one in point.differences}
        for name, threshold, side in (
            ("A", point.first_threshold, "first"),
            ("B", point.second_threshold, "second"),
        ):
            fmr, fnmr = getattr(rates.get("fmr"), side, None), getattr(rates.get("fnmr"), side, None)
            rows.append(
                (one_in(point.target), name, threshold_text(threshold), *_cells(fmr, True), *_cells(fnmr, False))
            )
    return Table(
        f"Both packs at the same FMR (exact intervals for independent comparisons, {percent(confidence)})",
        ("FMR asked for", "Pack", "Threshold", "FMR, false matches", "Interval", "FNMR, missed", "Interval"),
        tuple(rows),
    )


def _differences_table(points: Sequence[PairedPoint], confidence: float) -> Table:
    return Table(
        f"Differences on the same comparisons ({percent(confidence)} intervals by people)",
        (
            "FMR asked for, error",
            "A wrong",
            "B wrong",
            "Only A wrong",
            "Only B wrong",
            "McNemar p",
            "B minus A",
            "Interval",
            "Visible",
        ),
        tuple(
            (
                f"{one_in(point.target)}, {one.rate.upper()}",
                k_of_n(one.first),
                k_of_n(one.second),
                count(one.only_first),
                count(one.only_second),
                f"{one.p_value:.2g}",
                _signed(one, one.difference),
                f"{_signed(one, one.low)} to {_signed(one, one.high)}",
                _signed(one, one.visible).lstrip("+"),
            )
            for point in points
            for one in point.differences
        ),
    )


def _method(files: Sequence[SourceFile], method: Method) -> Section:
    blocks: list[Block] = [Pairs(tuple(repeat_rows(method)))]
    if files:
        blocks.append(files_table(files))
    blocks += [Words(note) for note in method.notes]
    blocks.append(Pairs(tuple((name, text, False) for name, text in _FORMULAS)))
    return Section("method", "Method, and how to repeat this", tuple(blocks))


def _fnmr(point: PairedPoint) -> tuple[Proportion, Proportion]:
    found = next(one for one in point.differences if one.rate == "fnmr")
    return found.first, found.second


def _cells(rate: Proportion | None, power: bool) -> tuple[str, str]:
    if rate is None or rate.value is None:
        return "–", "–"
    if power:
        return f"{rate_power(rate.value)}\n{k_of_n(rate)}", power_bracket(rate.low, rate.high)
    return f"{rate_percent(rate.value)}\n{k_of_n(rate)}", rate_bracket(rate.low, rate.high)


def _signed(one: PairedDifference, value: float) -> str:
    """Return a difference: of FNMR in points, of the far smaller FMR as a power of ten."""
    if one.rate == "fnmr":
        return _points(value)
    return f"{'−' if value < 0 else '+'}{rate_power(abs(value))}" if value else "0"


def _points(value: float) -> str:
    return f"{100 * value:+.2g} points".replace("-", "−")


def _told(rate: Proportion) -> str:
    return f"{rate_percent(rate.value or 0.0)} ({k_of_n(rate)}, interval {rate_bracket(rate.low, rate.high)})"


def _name(files: Sequence[SourceFile], place: int) -> str:
    return without_folders(files[place].name) if place < len(files) else "unnamed"
