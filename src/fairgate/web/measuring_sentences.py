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
from fairgate.measure.search_figures import Identification
from fairgate.measure.transactions import Transactions
from fairgate.measure.verification import Verification
from fairgate.measure.words import count, few_of, k_of_n, one_in, percent, plain, rate_bracket, rate_percent
from fairgate.web.measuring_blocks import EXTRAPOLATED
from fairgate.web.measuring_phrases import odds, operating_point, search_told, told, worst_kind
from fairgate.web.measuring_searches import resolved_words

ATTRIBUTES_TOLD = 6
"""So many attributes are told or named on the first page; the others stand under groups."""


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
            said.append(f"Every traveller was recognised ({evidence}): {_still(fnmr)} may be missed all the same.")
    if fmr.value is not None:
        evidence = f"{k_of_n(fmr)} matched; {at} {odds(fmr.low, fmr.high)}"
        if fmr.count:
            passed, per = few_of(fmr.value)
            said.append(f"Of {count(per)} strangers trying to pass, about {count(passed)} would ({evidence}).")
        else:
            said.append(f"No stranger passed ({evidence}): {_still(fmr)} may all the same.")
    return said


def _identification(found: Identification) -> list[str]:
    said: list[str] = []
    point = search_told(found)
    if point is not None and point.fnir is not None and point.fpir is not None:
        kind = resolved_words(point)
        note = "" if kind == "counted" else f" The threshold is {kind}."
        searched = f"Searched among {count(point.size)} passengers:"
        said.append(f"{searched} {_found(point.fnir)} {_strangers(point.fpir)}{note}")
    largest = max((one for one in found.growth if one.extrapolated), key=lambda one: one.size, default=None)
    if largest is not None:
        said.append(
            f"Among {count(largest.size)} references {rate_percent(largest.fnir)} would be missed ({EXTRAPOLATED} from "
            f"{count(found.with_mate)} searches for people in the gallery, not measured; interval "
            f"{rate_bracket(largest.fnir_low, largest.fnir_high)})."
        )
    for flight in found.without_error[:1]:
        counted = f"{count(flight.flights)} flights counted" if flight.flights else flight.assumption
        said.append(
            f"Of 100 flights of {count(flight.size)} passengers, about {round(100 * flight.share)} would board without "
            f"any error ({counted.rstrip('.')}; {rate_percent(flight.share)}, interval "
            f"{rate_bracket(flight.low, flight.high)}, from {count(found.with_mate)} searches)."
        )
    return said


def _found(fnir: MeanRate) -> str:
    evidence = f"{mean_of(fnir)} missed, {rate_percent(fnir.value)}; interval {rate_bracket(fnir.low, fnir.high)}"
    if fnir.errors <= 0:
        return f"everybody on the list was found ({evidence})."
    missed, per = few_of(fnir.value)
    return f"of {count(per)} who are on the list, {count(per - missed)} are found ({evidence})."


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
    unshown = [one for one in groups if one.verdict is Verdict.NOT_SHOWN]
    shown = [one for one in groups if one.verdict is Verdict.DIFFERENCE]
    shown += [one for one in groups if one.verdict is Verdict.NO_DIFFERENCE]
    said = [f"By {plain(one.attribute)}: {verdict_in_words(one)}" for one in shown]
    if len(said) > ATTRIBUTES_TOLD:
        left = len(said) - ATTRIBUTES_TOLD
        said[ATTRIBUTES_TOLD:] = [f"Verdicts on {count(left)} further attributes and crossings stand under groups."]
    if unshown:
        said.append(f"By {plain(unshown[0].attribute)}: {verdict_in_words(unshown[0])}")
    if len(unshown) > 1:
        names = ", ".join(plain(one.attribute) for one in unshown[1 : 1 + ATTRIBUTES_TOLD])
        more = f" and {count(len(unshown) - 1 - ATTRIBUTES_TOLD)} more" if len(unshown) > 1 + ATTRIBUTES_TOLD else ""
        said.append(
            f"By {names}{more}: neither a difference nor its absence is shown either; what the data could have shown "
            "stands under groups."
        )
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
    worst = worst_kind(found)
    if worst is not None:
        name, apcer = worst
        passed = (
            f"{count(apcer.count)} of {count(apcer.of)} passed unnoticed ({rate_percent(apcer.value or 0.0)}, interval "
            f"{rate_bracket(apcer.low, apcer.high)})"
        )
        said.append(
            f"{_of_kinds(len(found.kinds))}“{name}” gets past detection most often: {passed}."
            if apcer.count
            else f"No attack passed unnoticed. Least is known of “{name}”: {passed}."
        )
    if found.bpcer.value is not None:
        said.append(
            f"{count(found.bpcer.count)} of {count(found.bpcer.of)} genuine presentations were taken for attacks "
            f"({rate_percent(found.bpcer.value)}, interval {rate_bracket(found.bpcer.low, found.bpcer.high)})."
        )
    return said


def _of_kinds(number: int) -> str:
    return f"Of {count(number)} kinds of attack, " if number > 1 else "The one kind of attack tried: "


def _still(rate: Proportion) -> str:
    few, per = few_of(rate.high)
    return f"up to {count(few)} in {count(per)}"


def _told(rate: Proportion) -> str:
    return f"{rate_percent(rate.value or 0.0)} ({k_of_n(rate)}, interval {rate_bracket(rate.low, rate.high)})"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
