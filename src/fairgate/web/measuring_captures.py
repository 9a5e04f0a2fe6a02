"""Quality of captures and presentation attacks, for the figures' part of a measuring report."""

from __future__ import annotations

from fairgate.measure.discard import Quality
from fairgate.measure.discard_plots import discard_plot
from fairgate.measure.discard_words import quality_in_words
from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Table
from fairgate.measure.presentation_plots import attacks_plot
from fairgate.measure.presentation_words import kind_in_words, presentations_in_words
from fairgate.measure.presentations import Presentations
from fairgate.measure.words import k_of_n, one_in, percent, plain, rate_bracket, rate_percent, threshold_text
from fairgate.web.measuring_blocks import Block, Data, Heading, Picture, Section, Words

KINDS_TOLD = 8
"""Up to so many kinds of attack are told in sentences too."""


def quality_section(found: Quality) -> Section:
    """Return the error-versus-discard curve, its area, and whom a limit hits."""
    blocks: list[Block] = [
        Words(
            "If the poorest captures were refused and taken again, how many misses would go with them? At the "
            f"threshold {threshold_text(found.threshold)}, made for a false match rate of {one_in(found.target)}."
        )
    ]
    if found.points:
        blocks.append(Picture(discard_plot(found)))
        blocks.append(Words(" ".join(quality_in_words(found))))
    if found.by_group:
        blocks.append(Heading("Whom a quality limit hits"))
        blocks.append(
            Data(
                "discard-groups",
                Table(
                    f"Discarded by group, at the limit that discards {percent(found.example_discard)} of all",
                    ("Attribute", "Group", "Discarded", "Share", "Interval"),
                    tuple(
                        (plain(one.attribute), one.label or "not stated", *_cells(one.discarded))
                        for one in found.by_group
                    ),
                ),
                folded="Discarded by group" if len(found.by_group) > 16 else "",
                texts=(1,),
            )
        )
    return Section("quality", "Quality of captures", tuple(blocks))


def presentations_section(found: Presentations) -> Section:
    """Return the detection errors by kind of attack, never averaged over kinds."""
    decided = (
        f"A detection score of {threshold_text(found.pad_threshold)} or more is taken for an attack."
        if found.pad_threshold is not None
        else "The files hold the detector's decisions."
    )
    compared = (
        f" IAPAR, RIAPAR and rejections are at the comparison threshold {threshold_text(found.threshold)}."
        if found.threshold is not None
        else " The attacks were not compared with references, so IAPAR and RIAPAR are not known."
    )
    blocks: list[Block] = [Words(decided + compared)]
    if found.kinds:
        blocks.append(Picture(attacks_plot(found), folded=False))
    rows = [
        ("Genuine taken for attacks (BPCER)", *_cells(found.bpcer)),
        ("Genuine that detection did not answer", *_cells(found.no_response)),
    ]
    if found.turned_away is not None:
        rows.append(("Genuine taken for attacks, or not answered", *_cells(found.turned_away)))
    if found.frr is not None:
        rows.append(("Genuine refused by detection or comparison", *_cells(found.frr)))
    blocks.append(
        Data(
            "genuine",
            Table("Genuine presentations", ("What", "Cases", "Share", "Interval"), tuple(rows)),
        )
    )
    by_kind = [kind_in_words(kind) for kind in found.kinds]
    if len(by_kind) <= KINDS_TOLD:
        blocks += [Words(" ".join(sentences)) for sentences in by_kind if sentences]
    blocks.append(Words(" ".join(presentations_in_words(found)[sum(map(len, by_kind)) :])))
    return Section("attacks", "Presentation attacks", tuple(blocks))


def _cells(rate: Proportion) -> tuple[str, str, str]:
    share = "–" if rate.value is None else rate_percent(rate.value)
    return k_of_n(rate), share, rate_bracket(rate.low, rate.high)
