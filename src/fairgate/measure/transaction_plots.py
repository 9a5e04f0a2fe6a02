"""Whole transactions as figures: the chain, and what retries bring."""

from __future__ import annotations

from fairgate.measure.interval_plots import IntervalRow, interval_panel
from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Plot, Table, render_svg
from fairgate.measure.transactions import Transactions
from fairgate.measure.words import (
    CHAIN_WORDS,
    count,
    k_of_n,
    plain,
    power_bracket,
    rate_bracket,
    rate_percent,
    rate_power,
)


def links_plot(found: Transactions) -> Plot:
    """Draw the chain from offered to matched: each link's share of the one before, and of all offered."""
    links = [(CHAIN_WORDS.get(link.name, plain(link.name)), link) for link in found.chain]
    panels = [
        interval_panel([_row(name, link.of_before) for name, link in links], "Of the step before", width=250),
        interval_panel(
            [_row(name, link.of_offered) for name, link in links], "Of all offered", width=250, labels=False
        ),
    ]
    return Plot(
        name="links",
        title="From offered to matched",
        reading="Each step keeps some of the step before: left its share of that, right of everyone who offered their "
        "face, both on lines as long as their "
        "intervals; the scale need not begin at zero. The right column is the product of the left one.",
        description="; ".join(f"{name}: {k_of_n(link.of_offered)} offered" for name, link in links) + ".",
        svg=render_svg({"hconcat": panels, "spacing": 24}, "links"),
        table=Table(
            "Genuine transactions that reached each step",
            ("Step", "Of the step before", "Share", "Interval", "Of all offered", "Share", "Interval"),
            tuple((name, *_cells(link.of_before), *_cells(link.of_offered)) for name, link in links),
        ),
    )


def attempts_plot(found: Transactions) -> Plot:
    """Draw both error rates of transactions by the number of attempts allowed."""
    names = [_attempts(one.attempts) for one in found.by_attempts]
    panels = [
        interval_panel(
            [_row(name, one.frr) for name, one in zip(names, found.by_attempts, strict=True)],
            "Genuine, refused in the end (FRR)",
            width=250,
        ),
        interval_panel(
            [_row(name, one.far, power=True) for name, one in zip(names, found.by_attempts, strict=True)],
            "Impostors let in (FAR)",
            scale="log",
            width=250,
            labels=False,
        ),
    ]
    return Plot(
        name="attempts",
        title="What more attempts bring",
        reading="Each attempt more misses fewer genuine travellers and gives impostors another chance. The scale at "
        "the right has a mark for each factor of ten; a triangle at its left edge: none was let in.",
        description="; ".join(
            f"{name}: {k_of_n(one.frr)} genuine refused, {k_of_n(one.far)} impostors let in"
            for name, one in zip(names, found.by_attempts, strict=True)
        )
        + ".",
        svg=render_svg({"hconcat": panels, "spacing": 24}, "attempts"),
        table=Table(
            "Errors of whole transactions by attempts allowed",
            ("Allowed", "Genuine refused", "FRR", "Interval", "Impostors let in", "FAR", "Interval"),
            tuple(
                (name, *_cells(one.frr), *_cells(one.far, power=True))
                for name, one in zip(names, found.by_attempts, strict=True)
            ),
        ),
    )


def _attempts(number: int) -> str:
    return "1 attempt" if number == 1 else f"{count(number)} attempts"


def _row(label: str, rate: Proportion, *, power: bool = False) -> IntervalRow:
    if rate.value is None:
        return IntervalRow(label, None, rate.low, rate.high)
    said = f"0 of {count(rate.of)}" if power and not rate.count else (rate_power if power else rate_percent)(rate.value)
    return IntervalRow(label, rate.value, rate.low, rate.high, said)


def _cells(rate: Proportion, *, power: bool = False) -> tuple[str, str, str]:
    if rate.value is None:
        return k_of_n(rate), "–", "–"
    if power:
        return k_of_n(rate), rate_power(rate.value), power_bracket(rate.low, rate.high)
    return k_of_n(rate), rate_percent(rate.value), rate_bracket(rate.low, rate.high)
