"""A measurement on the terminal: short tables, each rate with its count and interval."""

from __future__ import annotations

from fairgate.cli.measure_cells import errors, mean, missing, parts, rate, sentence, small_rate, target
from fairgate.cli.measure_group_table import print_groups
from fairgate.cli.output import print_line, print_table
from fairgate.measure.discard import Quality
from fairgate.measure.intervals import Proportion
from fairgate.measure.measured import Measured
from fairgate.measure.presentations import Presentations
from fairgate.measure.rates import NotResolvable
from fairgate.measure.search_figures import Identification
from fairgate.measure.transactions import Transactions
from fairgate.measure.verification import FnmrAtFmr, Verification
from fairgate.measure.words import CHAIN_WORDS, count, k_of_n, rate_bracket, rate_percent

_DISCARDS = (0.0, 0.01, 0.05, 0.1, 0.2)


def print_measured(measured: Measured) -> None:
    """Print every area that the source has something to say about."""
    source = measured.source
    people = f" of {count(source.subjects)} people" if source.subjects is not None else ", people unknown"
    print_line(
        f"{measured.title}: {count(source.mated)} mated and {count(source.non_mated)} non-mated comparisons{people}."
    )
    if source.failures or source.attacks:
        print_line(f"Rows without a score: {count(source.failures)}. Attack presentations: {count(source.attacks)}.")
    if measured.verification is not None:
        _verification(measured.verification)
    if measured.identification is not None:
        _identification(measured.identification)
    if measured.transactions is not None:
        _transactions(measured.transactions)
    print_groups(measured.groups)
    if measured.quality is not None:
        _quality(measured.quality)
    if measured.presentations is not None:
        _presentations(measured.presentations)
    for note in measured.method.notes:
        print_line(f"Note: {sentence(note)}")


def _verification(found: Verification) -> None:
    rows = [row for one in found.at for row in _operating_point(one)]
    if found.at_fixed is not None:
        first, *others = _operating_point(found.at_fixed)
        rows += [(f"at threshold {found.at_fixed.threshold:.6g}", *first[1:]), *others]
    print_table("Verification: FNMR at fixed FMR", ("FMR asked", "rate", "errors", "share", "interval"), rows)
    if found.equal_error is not None:
        meet = found.equal_error
        print_line(f"Both rates meet at: FMR {errors(meet.fmr)}; FNMR {errors(meet.fnmr)}.")


def _operating_point(one: FnmrAtFmr | NotResolvable) -> list[tuple[str, ...]]:
    if isinstance(one, NotResolvable):
        return [(target(one.target), *missing(one), "", "")]
    told: list[tuple[str, Proportion | None, bool]] = [
        ("FMR", one.fmr, True),
        ("FMR, by people", one.fmr_by_subject, True),
        ("FNMR", one.fnmr, False),
    ]
    told += [("FNMR, by people", one.fnmr_by_subject, False)]
    told += [("FMR, held out", one.held_out_fmr, True), ("FNMR, held out", one.held_out_fnmr, False)]
    rows: list[tuple[str, ...]] = []
    for name, share, small in told:
        if share is not None:
            value, interval = parts(share, small=small)
            rows.append((target(one.target) if not rows else "", name, k_of_n(share), value, interval))
    return rows


def _identification(found: Identification) -> None:
    print_line(
        f"Searches: {count(found.probes)}, of them {count(found.with_mate)} with a mate; "
        f"{count(found.people)} people as references."
    )
    rows = [
        (
            count(one.size),
            rate_percent(one.target),
            mean(one.fpir),
            mean(one.fnir),
            "" if one.resolvable else "not resolvable; threshold extrapolated" if one.fnir else "not resolvable",
        )
        for one in found.points
    ]
    print_table("Identification: FNIR at fixed FPIR", ("gallery", "FPIR asked", "FPIR", "FNIR", ""), rows)
    if found.growth:
        print_table(
            f"Growth, from {count(found.with_mate)} searches with a mate",
            ("gallery", "FNIR", "interval", ""),
            [
                (
                    count(one.size),
                    rate_percent(one.fnir),
                    rate_bracket(one.fnir_low, one.fnir_high),
                    "extrapolated" if one.extrapolated else "measured",
                )
                for one in found.growth
            ],
        )
        if any(one.extrapolated for one in found.growth):
            print_line(f"Extrapolated: {sentence(found.growth_assumption)}")
    for flight in found.without_error:
        print_line(
            f"Flights of {count(flight.size)} without any error: {rate_percent(flight.share)} "
            f"({rate_bracket(flight.low, flight.high)}). {sentence(flight.assumption)}"
        )


def _transactions(found: Transactions) -> None:
    rows = [
        (
            CHAIN_WORDS.get(one.name, one.name),
            k_of_n(one.of_before),
            rate(one.of_before),
            k_of_n(one.of_offered),
            rate(one.of_offered),
        )
        for one in found.chain
    ]
    print_table("From offered to matched", ("step", "of the step before", "share", "of all offered", "share"), rows)
    if found.product is not None and found.chain:
        print_line(f"The product of the steps' shares is the last of these: {errors(found.chain[-1].of_offered)}.")
    print_table(
        f"With retries, at FMR {target(found.target)}",
        ("attempts", "rejected", "FRR", "wrongly accepted", "FAR"),
        [
            (one.attempts, k_of_n(one.frr), rate(one.frr), k_of_n(one.far), small_rate(one.far))
            for one in found.by_attempts
        ],
    )
    print_line(f"{sentence(found.policy)} Failure to enrol: {errors(found.failure_to_enrol)}.")
    print_line(f"Failure to acquire: {errors(found.failure_to_acquire)}.")


def _quality(found: Quality) -> None:
    rows: list[tuple[str, ...]] = []
    for share in _DISCARDS:
        point = min(found.points, key=lambda one: abs((one.discarded.value or 0.0) - share), default=None)
        if point is not None and (not rows or rows[-1][0] != k_of_n(point.discarded)):
            rows.append((k_of_n(point.discarded), rate(point.discarded), k_of_n(point.fnmr), rate(point.fnmr)))
    columns = ("discarded", "share", "missed of those kept", "FNMR")
    print_table(f"Quality ({found.side.replace('_', ' ')}): error versus discard", columns, rows)
    if found.without_quality:
        print_line(f"Without a quality, left out: {count(found.without_quality)} mated comparisons.")


def _presentations(found: Presentations) -> None:
    rows = [
        (
            one.name,
            k_of_n(one.apcer),
            rate(one.apcer),
            errors(one.iapar) if one.iapar else "",
            ""
            if one.riapar is None or one.riapar_low is None or one.riapar_high is None
            else f"{rate_percent(one.riapar)} ({rate_bracket(one.riapar_low, one.riapar_high)})",
        )
        for one in found.kinds
    ]
    print_table("Attacks by kind", ("kind", "undetected", "APCER", "IAPAR", "RIAPAR"), rows)
    print_line(f"BPCER: {errors(found.bpcer)}. No response to bona fide ones: {errors(found.no_response)}.")
