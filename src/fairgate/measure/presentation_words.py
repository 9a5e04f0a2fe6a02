"""Presentation attacks in plain sentences."""

from __future__ import annotations

from fairgate.measure.presentations import AttackKind, Presentations
from fairgate.measure.share_words import told
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
        lines.append(f"Of bona fide presentations {told(found.bpcer)} were taken for attacks.")
    if found.no_response.count and found.turned_away is not None:
        lines.append(
            f"Another {count(found.no_response.count)} got no answer; {told(found.turned_away)} were so sent to an "
            "officer by attack detection."
        )
    if found.frr is not None:
        lines.append(f"Detection and comparison together rejected {told(found.frr)} bona fide presentations.")
    if found.not_asked:
        lines.append(f"{count(found.not_asked)} were not put to attack detection, and are in none of its rates.")
    return tuple(lines)


def kind_in_words(kind: AttackKind) -> tuple[str, ...]:
    """Return the sentences about one kind of attack."""
    lines = []
    if kind.apcer.of == 0:
        lines.append(f"Attacks of the kind {kind.name} were not put to detection.")
    else:
        lines.append(f"Of attacks of the kind {kind.name}, {told(kind.apcer)} were taken for bona fide.")
    if kind.apcer.of and kind.apcer.count == 0 and kind.excluded_from is not None:
        lines.append(
            f"That none of {count(kind.apcer.of)} was missed excludes, one-sided, rates from "
            f"{percent(kind.excluded_from)} up, and no lower ones."
        )
    if kind.no_response.count:
        lines.append(f"{k_of_n(kind.no_response)} got no answer, and count as detected.")
    if kind.iapar is not None:
        lines.append(f"Against the whole system {told(kind.iapar)} were accepted.")
    if kind.riapar is not None and kind.riapar_low is not None and kind.riapar_high is not None:
        lines.append(
            f"With the bona fide rejections added (RIAPAR) that makes {percent(kind.riapar)} "
            f"({bracket(kind.riapar_low, kind.riapar_high)})."
        )
    if kind.not_compared:
        lines.append(f"{count(kind.not_compared)} passed detection without ever being compared, and are left out.")
    return tuple(lines)
