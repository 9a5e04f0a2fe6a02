"""The few figures of a measurement to take home."""

from __future__ import annotations

from fairgate.measure.measured import Measured
from fairgate.measure.rank_plots import mean_of
from fairgate.measure.words import count, few_of, k_of_n, rate_bracket, rate_percent
from fairgate.web.measuring_blocks import Tile
from fairgate.web.measuring_phrases import odds, operating_point, search_told, told, worst_kind
from fairgate.web.measuring_searches import resolved_words


def tiles(measured: Measured) -> tuple[Tile, ...]:
    """Return the few figures to take home, each with its count and interval."""
    made: list[Tile] = []
    point = operating_point(measured.verification) if measured.verification else None
    if point is not None:
        _, fmr, fnmr = told(point)
        if fnmr.value is not None:
            made.append(
                Tile(
                    rate_percent(1 - fnmr.value),
                    "of comparisons recognise the person",
                    f"{count(fnmr.of - fnmr.count)} of {count(fnmr.of)}; interval "
                    f"{rate_bracket(1 - fnmr.high, 1 - fnmr.low)}",
                )
            )
        if fmr.value is not None:
            made.append(
                Tile(
                    _about(fmr.value),
                    "strangers would pass as somebody else" if fmr.count else "strangers passed as somebody else",
                    f"{k_of_n(fmr)}; interval {odds(fmr.low, fmr.high)}",
                )
            )
    found = search_told(measured.identification)
    if found is not None and found.fnir is not None:
        kind = resolved_words(found)
        made.append(
            Tile(
                rate_percent(1 - found.fnir.value),
                f"of travellers are found among {count(found.size)}" + ("" if kind == "counted" else f" ({kind})"),
                f"{mean_of(found.fnir)} missed; interval {rate_bracket(1 - found.fnir.high, 1 - found.fnir.low)}",
            )
        )
    attacks = measured.presentations
    worst = worst_kind(attacks)
    if attacks is not None and worst is not None:
        made.append(
            Tile(
                rate_percent(worst[1].value or 0.0),
                f"of attacks with “{worst[0]}”, the kind that passes most, are not noticed"
                if worst[1].count
                else f"of attacks passed unnoticed; least is known of “{worst[0]}”",
                f"{k_of_n(worst[1])}; interval {rate_bracket(worst[1].low, worst[1].high)}",
            )
        )
    return tuple(made)


def _about(rate: float) -> str:
    if rate <= 0:
        return "None"
    few, per = few_of(rate)
    return f"{count(few)} in {count(per)}"
