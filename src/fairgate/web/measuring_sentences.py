"""A measurement in plain sentences, for the first page of its report."""

from __future__ import annotations

from fairgate.measure.discard import Quality
from fairgate.measure.groups.figures import GroupFigures, Verdict
from fairgate.measure.groups.words import verdict_in_words
from fairgate.measure.identification import MeanRate
from fairgate.measure.intervals import Proportion
from fairgate.measure.measured import Measured
from fairgate.measure.presentations import Presentations
from fairgate.measure.rank_plots import mean_of
from fairgate.measure.rates import NotResolvable
from fairgate.measure.search_figures import Identification, SearchPoint
from fairgate.measure.transactions import Transactions
from fairgate.measure.verification import FnmrAtFmr, Verification
from fairgate.measure.words import count, few_of, k_of_n, one_in, percent, plain, rate_bracket, rate_percent
from fairgate.web.measuring_blocks import EXTRAPOLATED, NOT_RESOLVABLE, Tile
from fairgate.web.measuring_searches import resolved_words
from fairgate.web.measuring_verification import ways

ATTRIBUTES_TOLD = 4
"""So many attributes are told on the first page; a difference is always told."""


def operating_point(found: Verification) -> FnmrAtFmr | None:
    """Return the point that the page speaks of: that of the histogram's threshold, or the strictest resolved."""
    resolved = [one for one in found.at if isinstance(one, FnmrAtFmr)]
    chosen = [one for one in resolved if one.threshold == found.histogram.threshold]
    return min(chosen or resolved, key=lambda one: one.target, default=None)


def told(point: FnmrAtFmr) -> tuple[str, Proportion, Proportion]:
    """Return the way of counting nearest to operation, and both rates counted so: words, FMR, FNMR."""
    for how, fmr, fnmr in reversed(ways(point)):
        if fmr is not None and fnmr is not None and fmr.of and fnmr.of:
            return how, fmr, fnmr
    return "as if independent", point.fmr, point.fnmr


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
                    "strangers would pass as somebody else",
                    f"{k_of_n(fmr)}; interval {_odds(fmr.low, fmr.high)}",
                )
            )
    found = _search(measured.identification)
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
    worst = _worst(attacks)
    if attacks is not None and worst is not None:
        made.append(
            Tile(
                rate_percent(worst[1].value or 0.0),
                f"of attacks with “{worst[0]}”, the kind that passes most, are not noticed",
                f"{k_of_n(worst[1])}; interval {rate_bracket(worst[1].low, worst[1].high)}",
            )
        )
    return tuple(made)


def sentences(measured: Measured) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what was found by topic, one thought a sentence, each figure with its count and interval."""
    said: list[tuple[str, list[str]]] = [("What was measured", [_what(measured)])]
    if measured.verification is not None:
        said.append(("One against one", _verification(measured.verification, measured.method.confidence)))
    if measured.identification is not None:
        said.append(("One among many", _identification(measured.identification)))
    if measured.transactions is not None:
        said.append(("From the first step to the last", _transactions(measured.transactions)))
    said.append(("Groups of people", _groups(measured.groups)))
    if measured.quality is not None:
        said.append(("Quality of captures", _quality(measured.quality)))
    if measured.presentations is not None:
        said.append(("Attacks", _presentations(measured.presentations)))
    return tuple((topic, tuple(thoughts)) for topic, thoughts in said if thoughts)


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


def _what(measured: Measured) -> str:
    source = measured.source
    people = "" if source.subjects is None else f", of {count(source.subjects)} people"
    failures = f" {count(source.failures)} rows ended without a score." if source.failures else ""
    attacks = f" {count(source.attacks)} attacks were tried." if source.attacks else ""
    return (
        f"Measured on {count(source.mated)} comparisons of one person with themself and {count(source.non_mated)} of "
        f"two people{people}.{failures}{attacks}"
    )


def _verification(found: Verification, confidence: float) -> list[str]:
    point = operating_point(found)
    if point is None:
        return ["No false match rate asked for can be resolved by these data, so no operating point is given."]
    how, fmr, fnmr = told(point)
    counted = {
        "as if independent": "comparisons are taken as independent",
        "by people": "the intervals know that comparisons share people",
    }.get(how, "everybody was tried at a threshold chosen on other people")
    said = [f"The threshold is set so that at most {one_in(point.target)} strangers pass; {counted}."]
    at = f"{percent(confidence)} interval"
    if fnmr.value is not None:
        evidence = f"{k_of_n(fnmr)} missed, {rate_percent(fnmr.value)}; {at} {rate_bracket(fnmr.low, fnmr.high)}"
        if fnmr.count:
            missed, per = few_of(fnmr.value)
            said.append(
                f"Of {count(per)} travellers like these, {count(per - missed)} are recognised and {count(missed)} "
                f"{_are(missed)} not ({evidence})."
            )
        else:
            said.append(f"Every traveller was recognised ({evidence}): how many in truth, only the interval says.")
    if fmr.value is not None:
        evidence = f"{k_of_n(fmr)} matched; {at} {_odds(fmr.low, fmr.high)}"
        if fmr.count:
            passed, per = few_of(fmr.value)
            said.append(f"Of {count(per)} strangers trying to pass, about {count(passed)} would ({evidence}).")
        else:
            said.append(f"No stranger passed ({evidence}).")
    return said


def _identification(found: Identification) -> list[str]:
    said: list[str] = []
    point = _search(found)
    if point is not None and point.fnir is not None and point.fpir is not None:
        kind = resolved_words(point)
        note = "" if kind == "counted" else f" The threshold is {kind}."
        missed, per = few_of(point.fnir.value) if point.fnir.errors > 0 else (0, 100)
        said.append(
            f"Searched among {count(point.size)} passengers: of {count(per)} who are on the list, "
            f"{count(per - missed)} are found ({mean_of(point.fnir)} missed, {rate_percent(point.fnir.value)}; "
            f"interval {rate_bracket(point.fnir.low, point.fnir.high)}). {_strangers(point.fpir)}{note}"
        )
    largest = max((one for one in found.growth if one.extrapolated), key=lambda one: one.size, default=None)
    if largest is not None:
        said.append(
            f"Among {count(largest.size)} references {rate_percent(largest.fnir)} would be missed ({EXTRAPOLATED} from "
            f"{count(found.with_mate)} searches for people in the gallery, not measured; interval "
            f"{rate_bracket(largest.fnir_low, largest.fnir_high)})."
        )
    for flight in found.without_error[:1]:
        counted = f"{count(flight.flights)} flights counted" if flight.flights else f"computed: {flight.assumption}"
        said.append(
            f"Of 100 flights of {count(flight.size)} passengers, about {round(100 * flight.share)} would board without "
            f"any error ({counted.rstrip('.')}; {rate_percent(flight.share)}, interval "
            f"{rate_bracket(flight.low, flight.high)}, from {count(found.with_mate)} searches)."
        )
    return said


def _strangers(fpir: MeanRate) -> str:
    evidence = f"{mean_of(fpir)}, interval {rate_bracket(fpir.low, fpir.high)}"
    if fpir.errors <= 0:
        return f"No stranger was taken for one of them ({evidence})."
    named, per = few_of(fpir.value)
    return f"Of {count(per)} strangers, about {count(named)} {_are(named)} taken for one of them ({evidence})."


def _transactions(found: Transactions) -> list[str]:
    said: list[str] = []
    last = found.chain[-1].of_offered if found.chain else None
    if last is not None and last.value is not None:
        matched = round(100 * last.value)
        said.append(
            f"From the offer of a face to the match: of 100 travellers, about {matched} come through ({k_of_n(last)}, "
            f"{rate_percent(last.value)}; interval {rate_bracket(last.low, last.high)})."
        )
    if len(found.by_attempts) > 1:
        first, most = found.by_attempts[0], found.by_attempts[-1]
        if first.frr.value is not None and most.frr.value is not None:
            said.append(
                f"With up to {count(most.attempts)} attempts instead of {count(first.attempts)}, the share refused in "
                f"the end goes from {_told(first.frr)} to {_told(most.frr)}."
            )
    return said


def _groups(groups: tuple[GroupFigures, ...]) -> list[str]:
    shown = [one for one in groups if one.verdict is Verdict.DIFFERENCE][: 2 * ATTRIBUTES_TOLD]
    shown += [one for one in groups if one.verdict is not Verdict.DIFFERENCE][: max(0, ATTRIBUTES_TOLD - len(shown))]
    said = [f"By {plain(one.attribute)}: {verdict_in_words(one)}" for one in groups if one in shown]
    if len(shown) < len(groups):
        said.append(f"{count(len(groups) - len(shown))} further attributes and crossings stand under groups.")
    return said


def _quality(quality: Quality) -> list[str]:
    if not quality.points:
        return []
    first = quality.points[0]
    near = min(
        quality.points, key=lambda one: abs((one.discarded.value or 0.0) - quality.example_discard), default=first
    )
    if first.fnmr.value is None or near.fnmr.value is None or near is first:
        return []
    said = (
        f"If the poorest {_told(near.discarded)} of captures were taken again, the share missed among the rest would "
        f"go from {_told(first.fnmr)} to {_told(near.fnmr)}."
    )
    return [said]


def _presentations(found: Presentations) -> list[str]:
    said: list[str] = []
    worst = _worst(found)
    if worst is not None:
        name, apcer = worst
        passed = (
            f"{count(apcer.count)} of {count(apcer.of)} passed unnoticed ({rate_percent(apcer.value or 0.0)}, interval "
            f"{rate_bracket(apcer.low, apcer.high)})"
        )
        said.append(
            f"Of {count(len(found.kinds))} kinds of attack, “{name}” gets past detection most often: {passed}."
            if apcer.count
            else f"No attack of {count(len(found.kinds))} kinds passed unnoticed; least is known of “{name}”: {passed}."
        )
    if found.bpcer.value is not None:
        said.append(
            f"{count(found.bpcer.count)} of {count(found.bpcer.of)} genuine presentations were taken for attacks "
            f"({rate_percent(found.bpcer.value)}, interval {rate_bracket(found.bpcer.low, found.bpcer.high)})."
        )
    return said


def _told(rate: Proportion) -> str:
    return f"{rate_percent(rate.value or 0.0)} ({k_of_n(rate)}, interval {rate_bracket(rate.low, rate.high)})"


def _worst(found: Presentations | None) -> tuple[str, Proportion] | None:
    if found is None:
        return None
    tried = [kind for kind in found.kinds if kind.apcer.of]
    if not tried:
        return None
    # Of kinds that never passed, the one of which least is known comes first.
    worst = max(tried, key=lambda kind: (kind.apcer.value or 0.0, kind.apcer.high))
    return worst.name, worst.apcer


def _search(found: Identification | None) -> SearchPoint | None:
    points = [one for one in found.points if one.fnir is not None] if found is not None else []
    resolved = [one for one in points if one.resolvable]
    return max(resolved or points, key=lambda one: one.size, default=None)


def _about(rate: float) -> str:
    if rate <= 0:
        return "none of the"
    few, per = few_of(rate)
    return f"{count(few)} in {count(per)}"


def _odds(low: float, high: float) -> str:
    """Return an interval as ``1 in 16 000 to 1 in 6 900``, or in percent where the upper end is no small rate."""
    if high >= 0.1:
        return rate_bracket(low, high)
    return f"{_one_in_about(low) if low > 0 else 'none'} to {_one_in_about(high)}"


def _one_in_about(rate: float) -> str:
    return f"1 in {count(round(float(f'{1 / rate:.1e}')))}"


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
