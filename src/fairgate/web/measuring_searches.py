"""1:N searches, for the figures' part of a measuring report."""

from __future__ import annotations

from fairgate.measure.identification import MeanRate
from fairgate.measure.plots import Table
from fairgate.measure.rank_plots import cmc_plot, flights_plot, growth_plot, mean_of
from fairgate.measure.search_figures import Identification, SearchPoint
from fairgate.measure.words import count, percent, rate_bracket, rate_percent, threshold_text
from fairgate.web.measuring_blocks import EXTRAPOLATED, NOT_RESOLVABLE, Block, Data, Heading, Picture, Section, Words


def searches_section(found: Identification, confidence: float) -> Section:
    """Return both error rates by gallery, ranks, growth and flights without error."""
    blocks: list[Block] = [
        Words(
            f"{count(found.probes)} searches were made, {count(found.with_mate)} of them for somebody whose reference "
            f"is among those of {count(found.people)} people. {_galleries(found.galleries)} FPIR is the share of "
            "searches for strangers that name somebody; FNIR the share of searches that miss the person although they "
            "are in the gallery."
        )
    ]
    if found.points:
        blocks.append(Data("searches", _points_table(found, confidence), texts=(3, 9)))
        blocks += [Words(f"Threshold for {count(size)} references: {method}.") for size, method in _methods(found)]
    if found.ranks:
        blocks += [Heading("Ranks"), Picture(cmc_plot(found))]
    if found.growth:
        blocks += [Heading("Growing galleries"), Picture(growth_plot(found), folded=False, texts=(1,))]
        if any(one.extrapolated for one in found.growth) and found.growth_assumption:
            blocks.append(Words(f"Extrapolated, not measured. The assumption: {found.growth_assumption}"))
    if found.without_error:
        blocks += [
            Heading("Whole flights without any error"),
            Picture(flights_plot(found), folded=False, texts=(4,)),
        ]
    return Section("identification", "One among many: identification", tuple(blocks))


def _galleries(searched: int) -> str:
    if searched:
        return f"{count(searched)} {'gallery was' if searched == 1 else 'galleries were'} searched, each as it was."
    return "Rates are means over galleries drawn from these people, so a count of errors need not be whole."


def resolved_words(point: SearchPoint) -> str:
    """Say how a point's threshold was found: ``counted``, ``extrapolated`` or ``not resolvable``."""
    if point.resolvable:
        return "counted"
    return NOT_RESOLVABLE if point.threshold is None else EXTRAPOLATED


def _points_table(found: Identification, confidence: float) -> Table:
    return Table(
        f"FPIR and FNIR at a fixed FPIR ({percent(confidence)} intervals over searches)",
        (
            "References",
            "FPIR asked for",
            "Threshold",
            "Threshold was",
            "FPIR, wrongly named",
            "Interval",
            "FNIR, missed",
            "Interval",
            "Wrong candidates a search",
            "Tried on",
        ),
        tuple(
            (
                count(one.size),
                percent(one.target),
                "–" if one.threshold is None else threshold_text(one.threshold),
                resolved_words(one),
                *_cells(one.fpir),
                *_cells(one.fnir),
                "–" if one.selectivity is None else f"{one.selectivity:.3g}",
                "other people" if one.on_other_people else "the same people",
            )
            for one in found.points
        ),
    )


def _methods(found: Identification) -> list[tuple[int, str]]:
    return list(dict.fromkeys((one.size, one.method.rstrip(".")) for one in found.points if one.method))


def _cells(rate: MeanRate | None) -> tuple[str, str]:
    if rate is None:
        return "–", "–"
    return f"{rate_percent(rate.value)}\n{mean_of(rate)}", rate_bracket(rate.low, rate.high)
