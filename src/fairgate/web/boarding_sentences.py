"""A boarding in plain sentences, for the first page of its report."""

from __future__ import annotations

from fairgate.measure.boarding import BoardingFigures, CountedAs
from fairgate.measure.boarding_report import BoardingReport, CalibrationEvidence
from fairgate.measure.floor import FloorCheck, FloorVerdict
from fairgate.measure.words import NARROW, bracket, count, k_of_n, milliseconds, one_in, percent

WHOLE_STAGES = ("total", "whole", "crossing")
"""Names under which the time of a whole crossing may stand among the stages."""


def sentences(report: BoardingReport) -> tuple[str, ...]:
    """Return what happened, what it means and what it does not, one thought a sentence.

    Args:
        report: of one boarding.
    """
    figures = report.figures
    said = [_who_came(figures)]
    if figures.everyone.offered:
        said.append(_recognised(figures))
        said.append(floor_in_words(figures.floors[0]))
        said += _strangers(figures)
    said += _left_out(report)
    said += _times(figures)
    return tuple(said)


def floor_in_words(check: FloorCheck) -> str:
    """Say whether a share reaches its floor, and how far the number of travellers lets one be sure."""
    floor, share = percent(check.floor), check.share
    what = "The matched share" if check.of_what == "comparison" else "The share of the whole chain"
    if share.value is None:
        return f"Nobody could have been matched, so nothing can be said about the {floor} floor."
    interval = f"{percent(share.value)}, interval {bracket(share.low, share.high)}"
    match check.verdict:
        case FloorVerdict.REACHED:
            text = f"{what} ({interval}) reaches the {floor} floor, with the whole interval above it."
        case FloorVerdict.REACHED_NOT_PROVEN:
            text = (
                f"{what} ({interval}) lies at or above the {floor} floor, but too few travellers were counted to "
                "prove it: the interval begins below the floor."
            )
        case FloorVerdict.MISSED_NOT_PROVEN:
            text = (
                f"{what} ({interval}) misses the {floor} floor. The interval still contains the floor, so these "
                "travellers alone do not prove that the service lies below it."
            )
        case _:
            text = f"{what} ({interval}) misses the {floor} floor, and so does the whole interval."
    proven = check.verdict in {FloorVerdict.REACHED, FloorVerdict.MISSED}
    if not check.resolvable and not proven:
        text += (
            f" A service exactly at the floor would be expected to lose fewer than three of {count(share.of)}, so a "
            "difference of a point or two is not resolvable here."
        )
    return text


def purpose_in_words(record: CalibrationEvidence) -> str:
    """Say what a threshold is for: ``1:1, one false match in 10 000 comparisons``."""
    if record.gallery_size is None:
        return f"1:1 (verification): at most {one_in(record.target)} comparisons of two people may match"
    return (
        f"1:N (identification) among {count(record.gallery_size)}: at most {one_in(record.target)} searches of people "
        "who are not in the gallery may name anybody"
    )


def _who_came(figures: BoardingFigures) -> str:
    row = figures.everyone
    if not row.offered:
        return "Nobody walked up."
    return (
        f"Of {_travellers(row.offered)} who walked up, {count(row.matched)} {_were(row.matched)} matched to a "
        f"passenger, {count(row.see_officer)} {_were(row.see_officer)} sent to an officer, and "
        f"{count(row.not_attempted)} {_were(row.not_attempted)} not compared, by their own choice or because a rule "
        "forbids it."
    )


def _recognised(figures: BoardingFigures) -> str:
    with_reference, matched = figures.chain[3], figures.chain[4]
    share = matched.of_previous
    if share.value is None:
        return "No usable photo met a reference of its person, so nobody could be recognised."
    assumed = (
        f" Without the truth, {count(figures.reference_assumed)} unmatched "
        f"{'travellers count' if figures.reference_assumed != 1 else 'traveller counts'} as missed, although they may "
        "have had no reference."
        if figures.reference_assumed
        else ""
    )
    return (
        f"Of the {count(with_reference.count)} who gave a usable photo and had a reference, the machine recognised "
        f"{count(matched.count)}: {percent(share.value)}, and with so many counted the true share lies between "
        f"{bracket(share.low, share.high).replace(' to ', ' and ')} (95{NARROW}% interval)." + assumed
    )


def _strangers(figures: BoardingFigures) -> list[str]:
    truth = figures.truth
    if truth is None:
        return []
    came, matched = truth.strangers_offered, truth.strangers_matched
    said = [f"Among them {_were(came)} {_of_strangers(came)} {count(matched)} {_were(matched)} wrongly matched."]
    if truth.wrong_passenger.count:
        number = truth.wrong_passenger.count
        said.append(
            f"{count(number)} {'passengers were' if number != 1 else 'passenger was'} matched as somebody else."
        )
    alike = next(row for row in figures.populations if row.counted_as is CountedAs.SAME_PHOTO)
    if alike.offered:
        said.append(
            f"{count(alike.offered)} of the captures are the very photos that were enrolled; matching those proves "
            f"nothing, so they are in no rate ({k_of_n(truth.same_photo)} matched)."
        )
    return said


def _left_out(report: BoardingReport) -> list[str]:
    gallery = report.gallery
    said = []
    if gallery.left_out:
        left = len(gallery.left_out)
        said.append(
            f"{count(left)} of {count(gallery.listed)} listed passengers {'have' if left != 1 else 'has'} no reference "
            "in the gallery; each is named below by passenger reference."
        )
    else:
        said.append(f"All {count(gallery.listed)} listed passengers have a reference in the gallery.")
    if gallery.synthetic:
        said.append(
            f"{count(gallery.synthetic)} synthetic references, made of numbers and not of faces, fill the gallery up "
            f"to {count(gallery.enrolled + gallery.synthetic)}. They make the search as hard as on a full flight; none "
            "of them is a person, and none is counted in any rate."
        )
    return said


def _times(figures: BoardingFigures) -> list[str]:
    whole = next((stage for stage in figures.stages if stage.stage in WHOLE_STAGES), None)
    if whole is None:
        return []
    half, nearly_all = milliseconds(whole.p50_ms), milliseconds(whole.p99_ms)
    return [f"Half of all crossings were answered within {half}, 99 of 100 within {nearly_all}."]


def _travellers(number: int) -> str:
    return "1 traveller" if number == 1 else f"{count(number)} travellers"


def _of_strangers(number: int) -> str:
    if number == 0:
        return "no strangers;"
    return "1 stranger, who is not on the list;" if number == 1 else f"{count(number)} strangers, not on the list;"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
