"""Presentation attacks in plain sentences."""

from __future__ import annotations

from fairgate.measure.intervals import Proportion
from fairgate.measure.presentations import AttackKind, Presentations
from fairgate.measure.words import bracket, count, k_of_n, percent


def presentations_in_words(found: Presentations) -> tuple[str, ...]:
    """Return what was seen of attacks and of bona fide presentations, sentence by sentence."""
    lines = [sentence for kind in found.kinds for sentence in kind_in_words(kind)]
    if found.worst is not None and len(found.kinds) > 1:
        lines.append(
            f"The kind least often detected is {found.worst}; kinds are not averaged, since an attacker picks the one "
            "that works."
        )
    if found.bpcer.of:
        lines.append(f"Of bona fide presentations {_told(found.bpcer)} were taken for attacks.")
    if found.no_response.count and found.turned_away is not None:
        lines.append(
            f"Another {count(found.no_response.count)} got no answer; {_told(found.turned_away)} were so sent to an "
            "officer by attack detection."
        )
    if found.frr is not None:
        lines.append(f"Detection and comparison together rejected {_told(found.frr)} bona fide presentations.")
    if found.not_asked:
        lines.append(f"{count(found.not_asked)} were not put to attack detection, and are in none of its rates.")
    return tuple(lines)


def kind_in_words(kind: AttackKind) -> tuple[str, ...]:
    """Return the sentences about one kind of attack."""
    lines = []
    if kind.apcer.of == 0:
        lines.append(f"Attacks of the kind {kind.name} were not put to detection.")
    else:
        lines.append(f"Of attacks of the kind {kind.name}, {_told(kind.apcer)} were taken for bona fide.")
    if kind.apcer.of and kind.apcer.count == 0 and kind.excluded_from is not None:
        lines.append(
            f"None of {count(kind.apcer.of)} seen excludes rates from {percent(kind.excluded_from)} up, no lower ones."
        )
    if kind.no_response.count:
        lines.append(f"{k_of_n(kind.no_response)} got no answer, and count as detected.")
    if kind.iapar is not None:
        lines.append(f"Against the whole system {_told(kind.iapar)} were accepted.")
    if kind.riapar is not None and kind.riapar_low is not None and kind.riapar_high is not None:
        lines.append(
            f"With the bona fide rejections added (RIAPAR) that makes {percent(kind.riapar)} "
            f"({bracket(kind.riapar_low, kind.riapar_high)})."
        )
    if kind.not_compared:
        lines.append(f"{count(kind.not_compared)} passed detection without ever being compared, and are left out.")
    return tuple(lines)


def _told(share: Proportion) -> str:
    """Return a proportion as ``2 of 60 (3.3 %; 0.4 % to 11.5 %)``."""
    rate = "no trial" if share.value is None else f"{percent(share.value)}; {bracket(share.low, share.high)}"
    return f"{k_of_n(share)} ({rate})"
