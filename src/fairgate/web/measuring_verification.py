"""1:1 comparisons, for the figures' part of a measuring report."""

from __future__ import annotations

from fairgate.measure.det_plots import det_plot
from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Table
from fairgate.measure.rates import NotResolvable
from fairgate.measure.score_plots import scores_plot
from fairgate.measure.verification import FnmrAtFmr, Verification
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
from fairgate.web.measuring_blocks import NOT_RESOLVABLE, Block, Data, Heading, Picture, Section, Words


def verification_section(found: Verification, confidence: float) -> Section:
    """Return the operating points, the trade-off, the equal error and both distributions of scores."""
    blocks: list[Block] = [
        Words(
            "A threshold is chosen so that a false match rate (FMR) is kept; the false non-match rate (FNMR) is what "
            "that costs. The same figures are counted up to three ways: as if all comparisons were independent; with "
            "an interval that knows that comparisons share people; and with the threshold chosen on other people than "
            "it is tried on, which is nearest to operation."
        ),
        Data("points", operating_points_table(found, confidence), texts=(2,)),
    ]
    if any(isinstance(one, NotResolvable) for one in found.at):
        blocks.append(
            Words(
                "Not resolvable: fewer than three false matches would be expected at that rate, so these data cannot "
                "tell whether a threshold keeps it."
            )
        )
    blocks.append(Heading("Trade-off of both errors"))
    det = det_plot(found.det, found.at, confidence)
    if any(false and missed for false, missed in zip(found.det.false_matches, found.det.misses, strict=True)):
        blocks.append(Picture(det))
    else:
        blocks.append(Words(det.reading))
        blocks.append(Data(det.name, det.table, folded=f"Both errors by threshold: {len(det.table.rows)} rows"))
    if found.equal_error is not None:
        equal = found.equal_error
        blocks.append(
            Words(
                f"For comparing only: both errors are about equal at a threshold of {threshold_text(equal.threshold)}, "
                f"with {rate_percent(equal.fmr.value or 0.0)} of strangers matched ({k_of_n(equal.fmr)}, interval "
                f"{rate_bracket(equal.fmr.low, equal.fmr.high)}) and {rate_percent(equal.fnmr.value or 0.0)} of "
                f"persons missed ({k_of_n(equal.fnmr)}, interval {rate_bracket(equal.fnmr.low, equal.fnmr.high)}). "
                "Nobody operates there."
            )
        )
    blocks.append(Heading("How scores are spread"))
    blocks.append(
        Words(
            "Scores are shown in bins only. No comparison is told with its score; a threshold may equal a score "
            "that was seen, but does not say whose."
        )
    )
    blocks.append(Picture(scores_plot(found.histogram)))
    return Section("verification", "One against one: verification", tuple(blocks))


def operating_points_table(found: Verification, confidence: float) -> Table:
    """Return a row for each operating point and way of counting."""
    rows: list[tuple[str, ...]] = []
    for one in found.at:
        asked = one_in(one.target)
        if isinstance(one, NotResolvable):
            expected = f"{one.expected:.2g} expected of {count(one.of)}"
            rows.append((asked, "–", NOT_RESOLVABLE, expected, "–", "–", "–"))
            continue
        for how, fmr, fnmr in ways(one):
            rows.append((asked, threshold_text(one.threshold), how, *_fmr_cells(fmr), *_fnmr_cells(fnmr)))
    if found.at_fixed is not None:
        fixed = found.at_fixed
        for how, fmr, fnmr in ways(fixed):
            rows.append(("looked at", threshold_text(fixed.threshold), how, *_fmr_cells(fmr), *_fnmr_cells(fnmr)))
    folds = max((one.folds for one in found.at if isinstance(one, FnmrAtFmr)), default=0)
    dealt = f"; “on other people” by {folds} folds" if folds else ""
    return Table(
        f"FNMR at a fixed FMR ({percent(confidence)} intervals{dealt})",
        ("FMR asked for", "Threshold", "Counted", "FMR, false matches", "Interval", "FNMR, missed", "Interval"),
        tuple(rows),
    )


def ways(one: FnmrAtFmr) -> list[tuple[str, Proportion | None, Proportion | None]]:
    """Return how an operating point was counted: words, FMR, FNMR; the most telling way last."""
    found: list[tuple[str, Proportion | None, Proportion | None]] = [("as if independent", one.fmr, one.fnmr)]
    if one.fmr_by_subject is not None or one.fnmr_by_subject is not None:
        found.append(("by people", one.fmr_by_subject, one.fnmr_by_subject))
    if one.held_out_fmr is not None or one.held_out_fnmr is not None:
        found.append(("on other people", one.held_out_fmr, one.held_out_fnmr))
    return found


def _fmr_cells(rate: Proportion | None) -> tuple[str, str]:
    if rate is None or rate.value is None:
        return "–", "–"
    return f"{rate_power(rate.value)}\n{k_of_n(rate)}", power_bracket(rate.low, rate.high)


def _fnmr_cells(rate: Proportion | None) -> tuple[str, str]:
    if rate is None or rate.value is None:
        return "–", "–"
    return f"{rate_percent(rate.value)}\n{k_of_n(rate)}", rate_bracket(rate.low, rate.high)
