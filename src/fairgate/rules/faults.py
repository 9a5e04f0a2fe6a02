"""What can be wrong with a rulebook's text, each with a code of its own and the line; and with facts handed in."""

from __future__ import annotations

from fairgate.errors import InputRefused, RulebookRefused


class FactsRefused(InputRefused):
    """Facts about a person and a place are not of the form expected; the text names the key."""

    code = "input.facts"


class RulebookFault(RulebookRefused):
    """A rulebook's text is not sound.

    Args:
        line: where in the text, counted from 1; ``None`` where nothing of it was read.
        rule_id: the rule concerned, where one is.
    """

    code = "config.rulebook_fault"

    def __init__(
        self, public_text: str, *, line: int | None = None, rule_id: str | None = None, way_out: str = ""
    ) -> None:
        where = f"Line {line}: " if line is not None else ""
        super().__init__(f"{where}{public_text}", rule_id=rule_id, way_out=way_out)
        self.line = line


class NotToml(RulebookFault):
    """The text is not TOML."""

    code = "config.rulebook_not_toml"


class UnknownKey(RulebookFault):
    """A table holds a key that means nothing there."""

    code = "config.rulebook_unknown_key"


class KeyMissing(RulebookFault):
    """A table lacks a key or the whole lacks a table."""

    code = "config.rulebook_key_missing"


class ValueUnfit(RulebookFault):
    """A value is of the wrong type, out of range or no value of its closed set."""

    code = "config.rulebook_value"


class CitationMissing(RulebookFault):
    """Something does not say what it rests on."""

    code = "config.rulebook_citation_missing"


class NoteMissing(RulebookFault):
    """Something was not compared with the text it cites, and does not say why."""

    code = "config.rulebook_note_missing"


class EndBeforeStart(RulebookFault):
    """Dates or ages end before they start."""

    code = "config.rulebook_end_before_start"


class Gap(RulebookFault):
    """A covered combination has no rule on some day, or a class of record no deadline."""

    code = "config.rulebook_gap"


class Overlap(RulebookFault):
    """A covered combination has two rules on some day, or a class of record two deadlines."""

    code = "config.rulebook_overlap"


class OutsideCoverage(RulebookFault):
    """A rule in force reaches outside what the rulebook covers."""

    code = "config.rulebook_outside_coverage"


class UnknownName(RulebookFault):
    """A rule names an exemption or a set of ports that is not there."""

    code = "config.rulebook_unknown_name"


class NameTwice(RulebookFault):
    """Two things of one kind have the same identifier."""

    code = "config.rulebook_name_twice"


FAULTS = (
    NotToml,
    UnknownKey,
    KeyMissing,
    ValueUnfit,
    CitationMissing,
    NoteMissing,
    EndBeforeStart,
    Gap,
    Overlap,
    OutsideCoverage,
    UnknownName,
    NameTwice,
)
"""All of them, in the order of the reference."""
