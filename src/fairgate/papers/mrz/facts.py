"""What reading a machine-readable zone gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairgate.papers.document_facts import DocumentFacts
from fairgate.papers.findings import Finding
from fairgate.papers.mrz.formats import MrzKind


class MrzFindingCode(StrEnum):
    """Stable codes of what is wrong with a zone that could be read."""

    CHECK_DIGIT_WRONG = "check_digit_wrong"
    CHECK_DIGIT_MISSING = "check_digit_missing"
    COMPOSITE_CHECK_DIGIT_WRONG = "composite_check_digit_wrong"
    MISREADING_CORRECTED = "misreading_corrected"
    MISREADING_AMBIGUOUS = "misreading_ambiguous"
    LINE_LENGTH = "line_length"
    LOWER_CASE = "lower_case"
    SPACE_IN_LINE = "space_in_line"
    TEXT_AROUND = "text_around"
    CHARACTER_NOT_ALLOWED = "character_not_allowed"
    DOCUMENT_CODE_UNKNOWN = "document_code_unknown"
    STATE_CODE_FORM = "state_code_form"
    NUMBER_MISSING = "number_missing"
    NAME_MISSING = "name_missing"
    NAME_FORM = "name_form"
    DATE_UNREADABLE = "date_unreadable"
    SEX_FORM = "sex_form"


UNPROVEN = frozenset(
    {
        MrzFindingCode.CHECK_DIGIT_WRONG,
        MrzFindingCode.CHECK_DIGIT_MISSING,
        MrzFindingCode.COMPOSITE_CHECK_DIGIT_WRONG,
        MrzFindingCode.MISREADING_AMBIGUOUS,
    }
)
"""With one of these findings, a protected field is not what was printed, or was printed wrong."""


@dataclass(frozen=True, slots=True)
class MrzRead:
    """One zone as read.

    Args:
        kind: which of the five.
        lines: as read, with the corrections that the findings name; characters not of the zone's alphabet are ``"?"``.
        facts: what they say.
        findings: every deviation from the standard, in the order of the input.
    """

    kind: MrzKind
    lines: tuple[str, ...]
    facts: DocumentFacts
    findings: tuple[Finding, ...] = ()

    @property
    def check_digits_hold(self) -> bool:
        """Tell whether every check digit holds, corrected misreadings included."""
        return not any(finding.code in UNPROVEN for finding in self.findings)
