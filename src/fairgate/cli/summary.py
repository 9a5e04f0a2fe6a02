"""What a boarding came to, for people and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairgate.cli.output import print_line, print_table

if TYPE_CHECKING:
    from fairgate.bootstrap import BoardingSummary

_CHAIN = ("offered", "captured", "usable", "with_reference", "matched")


def summary_as_json(summary: BoardingSummary) -> dict[str, object]:
    """Return the object that ``demo --json`` and ``board --json`` end with."""
    return {
        "flight_key": summary.flight_key,
        **summary.counts,
        "reasons": [
            {"outcome": outcome, "reason": reason, "component": component, "count": count}
            for outcome, reason, component, count in summary.reasons
        ],
        "repeated": summary.repeated,
        "deviations": list(summary.deviations),
        "endings": summary.endings.for_scripts(),
        "report": str(summary.report) if summary.report else None,
    }


def print_summary(summary: BoardingSummary) -> None:
    """Print the outcome table, the chain from offered to matched, and where the report is."""
    from fairgate.measure.ending_words import counts_in_words

    total = sum(count for *_, count in summary.reasons)
    rows = [
        (outcome.replace("_", " "), reason.replace("_", " "), component, count)
        for outcome, reason, component, count in summary.reasons
    ]
    title = f"Flight {summary.flight_key}: {total} crossings"
    print_table(title, ("outcome", "reason", "component", "crossings"), rows)
    chain = [f"{name.replace('_', ' ')} {summary.counts[name]}" for name in _CHAIN if name in summary.counts]
    print_line(f"Chain: {' > '.join(chain)}")
    offered, matched = (summary.counts.get(f"strangers_{name}") for name in ("offered", "matched"))
    if offered:
        print_line(f"Strangers: {matched} of {offered} matched")
    for said in counts_in_words(summary.endings):
        print_line(said)
    if summary.repeated:
        print_line(f"Recorded before and not done again: {summary.repeated}")
    if summary.deviations:
        print_line(f"Rows set aside or repeated: {len(summary.deviations)}")
        for deviation in summary.deviations:
            print_line(f"  {deviation}")
    if summary.report:
        print_line(f"Report: {summary.report}")
