"""The report of packs on a set of portraits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fairgate.measure.measured import Method
from fairgate.measure.paired_portraits import PairedPacks
from fairgate.measure.plots import Table
from fairgate.measure.portrait_figures import PortraitFigures
from fairgate.measure.rank_plots import mean_of
from fairgate.measure.side_by_side_plots import fnmr_plot
from fairgate.measure.words import (
    count,
    few_of,
    k_of_n,
    one_in,
    percent,
    plain,
    power_bracket,
    rate_bracket,
    rate_percent,
    rate_power,
)
from fairgate.web.measuring_blocks import EXTRAPOLATED, Block, Data, Heading, Pairs, Picture, Section, Words
from fairgate.web.measuring_method import FORMULAS, glossary_section, repeat_rows
from fairgate.web.measuring_page import Page, moment, render_page

_FORMULAS_USED = (
    "Exact interval of a count",
    "Interval where no error was seen",
    "Interval for comparisons that share people",
    "Not resolvable",
    "DET, FMR, FNMR, FPIR, FNIR, CMC",
    "Rates over galleries",
)
_VISIBLE = (
    "Visible: the smallest difference that so many pairs could have shown in four cases of five. Where the interval "
    "holds zero a difference is not shown, which does not mean that there is none."
)


def render_portraits_report(
    packs: Sequence[PortraitFigures],
    method: Method,
    *,
    paired: Sequence[PairedPacks] = (),
    title: str = "Packs on portraits",
) -> str:
    """Return the page as HTML text, to be written as UTF-8.

    Args:
        packs: one for each pack, at least one.
        method: how it was measured.
        paired: further packs beside the first, pair by pair.
        title: a line for people.
    """
    rows = [
        (f"{pack.pack_id}: {one_in(one.target)}", one.fnmr, not one.resolvable)
        for pack in packs
        for one in pack.comparisons
    ]
    comparisons: list[Block] = [
        Words("FNMR of each pack at a fixed FMR; everybody was tried at thresholds chosen on other people."),
        Picture(fnmr_plot(rows, _comparisons_table(packs, method.confidence), "packs"), folded=False, texts=(2,)),
    ]
    searches: list[Block] = [Data("searches", _searches_table(packs, method.confidence), texts=(2,))]
    searches += [
        Words(f"{pack.pack_id}, among {count(one.size)}: {one.assumption.rstrip('.')}.")
        for pack in packs
        for one in pack.searches
        if one.assumption
    ]
    page = Page(
        kind="Portraits report",
        title=title,
        facts=f"made {moment(method.made_at)} by {method.made_by}",
        tiles=(),
        topics=tuple((pack.pack_id, tuple(_sentences(pack))) for pack in packs),
        limits=tuple(_limits(packs)),
        sections=(
            Section("verification", "One against one: verification", tuple(comparisons)),
            Section("identification", "One among many: identification", tuple(searches)),
            *([_pairs(paired, method.confidence)] if paired else []),
            _method(packs, method),
            glossary_section(
                "Mated", "Threshold", "FMR", "FNMR", "FPIR", "FNIR", "Gallery", "Interval", "Extrapolated"
            ),
        ),
        made_at=method.made_at,
        made_by=method.made_by,
    )
    return render_page(page)


def _sentences(pack: PortraitFigures) -> list[str]:
    compared = f"{count(pack.mated)} comparisons of one person with themself and {count(pack.non_mated)} of two people"
    said = [f"{count(pack.portraits)} portraits of {count(pack.people)} people: {compared}."]
    for one in pack.comparisons:
        note = "" if one.resolvable else f" The threshold is {EXTRAPOLATED}."
        if one.fnmr.value is None:
            continue
        evidence = f"{k_of_n(one.fnmr)} missed, {rate_percent(one.fnmr.value)}; interval "
        evidence += rate_bracket(one.fnmr.low, one.fnmr.high)
        missed, per = few_of(one.fnmr.value) if one.fnmr.count else (0, 0)
        who = f"{count(per - missed)} of {count(per)} people are" if missed else "everybody was"
        said.append(f"With at most {one_in(one.target)} strangers passing, {who} recognised ({evidence}).{note}")
    for found in pack.searches:
        kind = f" ({EXTRAPOLATED}, not measured)" if found.assumption else ""
        note = "" if found.resolvable or kind else f" The threshold is {EXTRAPOLATED}."
        said.append(
            f"Searched among {count(found.size)}{kind}, {rate_percent(found.fnir.value)} are missed "
            f"({mean_of(found.fnir)}, interval {rate_bracket(found.fnir.low, found.fnir.high)}).{note}"
        )
    return said


def _limits(packs: Sequence[PortraitFigures]) -> list[str]:
    said: list[str] = []
    extrapolated = sorted({one.size for pack in packs for one in pack.searches if one.assumption})
    said += [f"Galleries of {count(size)}: figures for them are {EXTRAPOLATED}, not measured." for size in extrapolated]
    counted = [one.resolvable for pack in packs for one in pack.comparisons]
    counted += [one.resolvable for pack in packs for one in pack.searches]
    if not all(counted):
        said.append(
            f"Whether a threshold marked {EXTRAPOLATED} keeps its rate: fewer than three errors would be expected, "
            "which cannot be told from none."
        )
    said.append("Travellers at a gate: portraits are posed, well lit and taken by photographers.")
    return said


def _comparisons_table(packs: Sequence[PortraitFigures], confidence: float) -> Table:
    return Table(
        f"1:1 on people left out ({percent(confidence)} intervals)",
        ("Pack", "FMR asked for", "Threshold was", "FMR, false matches", "Interval", "FNMR, missed", "Interval"),
        tuple(
            (
                pack.pack_id,
                one_in(one.target),
                "counted" if one.resolvable else EXTRAPOLATED,
                f"{rate_power(one.fmr.value or 0.0)}\n{k_of_n(one.fmr)}",
                power_bracket(one.fmr.low, one.fmr.high),
                f"{rate_percent(one.fnmr.value or 0.0)}\n{k_of_n(one.fnmr)}",
                rate_bracket(one.fnmr.low, one.fnmr.high),
            )
            for pack in packs
            for one in pack.comparisons
        ),
    )


def _searches_table(packs: Sequence[PortraitFigures], confidence: float) -> Table:
    return Table(
        f"1:N on people left out ({percent(confidence)} intervals over searches)",
        (
            "Pack",
            "References",
            "Figure is",
            "Searched",
            "FPIR asked for",
            "FPIR, wrongly named",
            "Interval",
            "FNIR, missed",
            "Interval",
        ),
        tuple(
            (
                pack.pack_id,
                count(one.size),
                EXTRAPOLATED if one.assumption else "counted" if one.resolvable else f"threshold {EXTRAPOLATED}",
                count(one.searched),
                percent(one.target),
                f"{rate_percent(one.fpir.value)}\n{mean_of(one.fpir)}",
                rate_bracket(one.fpir.low, one.fpir.high),
                f"{rate_percent(one.fnir.value)}\n{mean_of(one.fnir)}",
                rate_bracket(one.fnir.low, one.fnir.high),
            )
            for pack in packs
            for one in pack.searches
        ),
    )


def _pairs(paired: Sequence[PairedPacks], confidence: float) -> Section:
    blocks: list[Block] = [Words("The same pairs of portraits judged by two packs, each at its own thresholds.")]
    blocks += [Data(f"pairs-{place}", _pairs_table(one, confidence)) for place, one in enumerate(paired, start=1)]
    return Section("pairs", "Pack against pack: the same pairs", (*blocks, Words(_VISIBLE)))


def _pairs_table(packs: PairedPacks, confidence: float) -> Table:
    return Table(
        f"{packs.second} beside {packs.first} ({percent(confidence)} intervals by people)",
        (
            "At",
            f"{packs.first} missed",
            f"{packs.second} missed",
            f"Only {packs.first}",
            f"Only {packs.second}",
            "Both",
            "McNemar p",
            "Difference",
            "Interval",
            "Visible",
        ),
        tuple(
            (
                f"FMR {one_in(one.target)}" if one.size is None else f"gallery of {count(one.size)}",
                k_of_n(one.missed.first),
                k_of_n(one.missed.second),
                count(one.missed.only_first),
                count(one.missed.only_second),
                count(one.both),
                f"{one.missed.p_value:.2g}",
                _points(one.missed.difference),
                f"{_points(one.missed.low)} to {_points(one.missed.high)}",
                _points(one.missed.visible).lstrip("+"),
            )
            for one in packs.points
        ),
    )


def _points(value: float) -> str:
    return f"{100 * value:+.2g} points".replace("-", "\N{MINUS SIGN}")


def _method(packs: Sequence[PortraitFigures], method: Method) -> Section:
    blocks: list[Block] = [Pairs(tuple(repeat_rows(method)))]
    for pack in packs:
        reasons = Counter(reason for _, reason in pack.left_out)
        left = ", ".join(f"{plain(reason)} {count(number)}" for reason, number in sorted(reasons.items()))
        blocks.append(Heading(pack.pack_id))
        blocks.append(
            Pairs(
                (
                    ("Pack digest", pack.pack_digest, True),
                    ("Portraits' digest", pack.data_sha256, True),
                    ("Folds", pack.folds, False),
                    ("Portraits left out", f"{count(len(pack.left_out))} ({left})" if left else "none", False),
                )
            )
        )
    blocks += [Words(note) for note in method.notes]
    blocks.append(Heading("Where the formulas are from"))
    blocks.append(Pairs(tuple((name, text, False) for name, text in FORMULAS if name in _FORMULAS_USED)))
    return Section("method", "Method, and how to repeat this", tuple(blocks))
