"""The report of one boarding as one HTML file that needs no network, no script and no colour."""

from __future__ import annotations

from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from fairgate.measure.boarding import CountedAs
from fairgate.measure.boarding_plots import chain_plot, reasons_plot
from fairgate.measure.boarding_report import BoardingReport, CalibrationEvidence, HeldOutEvidence, ReferenceLeftOut
from fairgate.measure.score_plots import scores_plot
from fairgate.measure.time_plots import stages_plot
from fairgate.measure.words import CHAIN_WORDS, bracket, count, k_of_n, one_in, percent, plain, reason_in_words
from fairgate.web.boarding_endings import bands_table, endings_sentences, endings_table
from fairgate.web.boarding_sentences import floor_in_words, purpose_in_words, sentences
from fairgate.web.boarding_waiting import waiting_sentences, waiting_table

COUNTED_WORDS = {
    CountedAs.RATED: "Counted in the chain",
    CountedAs.SAME_PHOTO: "Same photo as enrolled (apart)",
    CountedAs.REPEAT: "Presented themselves again (apart)",
    CountedAs.NOT_ATTEMPTED: "Declined, or not to be asked",
    None: "Everyone",
}

STATE_WORDS = {
    "no_photo": "No reference photo was supplied",
    "not_enrollable": "The reference photo could not be enrolled",
    "not_asked": "A rule says not to ask them",
    "opted_out": "They opted out",
}


def render_boarding_report(report: BoardingReport) -> str:
    """Return the page as HTML text, to be written as UTF-8.

    Args:
        report: everything that it says. The page adds no figure of its own, and holds no photo, no person's name and
            no score of a single comparison.
    """
    figures = report.figures
    plots = [chain_plot(figures.chain, figures.floors[0].floor), reasons_plot(figures.reasons)]
    return _TEMPLATES.get_template("boarding_report.html.j2").render(
        report=report,
        figures=figures,
        everyone=(*figures.populations, figures.everyone),
        sentences=sentences(report),
        floors=[(check, floor_in_words(check)) for check in figures.floors],
        chain=plots[0],
        reasons=plots[1],
        stages=stages_plot(figures.stages) if figures.stages else None,
        scores=scores_plot(report.scores) if report.scores is not None else None,
        endings=endings_table(report.endings),
        endings_said=(*endings_sentences(report.endings), *waiting_sentences(report.waiting)),
        waiting=waiting_table(report.waiting),
        bands=bands_table(report),
        left_out=_left_out_by_state(report.gallery.left_out),
        counted_words=COUNTED_WORDS,
    )


def _left_out_by_state(left_out: tuple[ReferenceLeftOut, ...]) -> list[tuple[str, list[ReferenceLeftOut]]]:
    states = dict.fromkeys([*STATE_WORDS, *(one.state for one in left_out)])
    grouped = [(state, [one for one in left_out if one.state == state]) for state in states]
    return [(STATE_WORDS.get(state, plain(state)), found) for state, found in grouped if found]


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _held(evidence: HeldOutEvidence) -> str:
    errors = count(round(evidence.errors)) if float(evidence.errors).is_integer() else f"{evidence.errors:.2f}"
    return f"{errors} of {count(evidence.of)}"


def _expected(record: CalibrationEvidence) -> str:
    return f"{record.errors_expected:.3g}"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fairgate.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        moment=_moment,
        held=_held,
        expected=_expected,
        number=count,
        percent=percent,
        k_of_n=k_of_n,
        one_in=one_in,
        purpose=purpose_in_words,
        plain=plain,
        reason=reason_in_words,
    )
    environment.globals.update(bracket=bracket, chain_words=CHAIN_WORDS)
    return environment


_TEMPLATES = _environment()
