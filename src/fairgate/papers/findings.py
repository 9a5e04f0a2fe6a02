"""Findings: what a paper gets wrong without becoming unreadable.

A parser is lenient on input and reports each deviation here. A finding holds no personal data: it names the place in
the input, where the curious may look for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FINDINGS_KEPT_PER_CODE = 100
"""Findings of one kind beyond this number are counted, not kept, so that hostile input cannot fill the memory."""


class FindingCode(StrEnum):
    """Stable codes of deviations of passenger lists and what they are written in.

    Other papers name theirs in a ``StrEnum`` of their own beside their parser; no two use one word for two things.
    """

    NO_SERVICE_STRING = "no_service_string"
    CUSTOM_SERVICE_STRING = "custom_service_string"
    SHORT_SERVICE_STRING = "short_service_string"
    LEADING_CONTENT = "leading_content"
    TRAILING_CONTENT = "trailing_content"
    WHITE_SPACE_BETWEEN_SEGMENTS = "white_space_between_segments"
    LINE_BREAK_IN_SEGMENT = "line_break_in_segment"
    STRAY_SPACE = "stray_space"
    EMPTY_SEGMENT = "empty_segment"
    TRAILING_SEPARATOR = "trailing_separator"
    DANGLING_RELEASE = "dangling_release"
    NEEDLESS_RELEASE = "needless_release"
    CONTROL_CHARACTER = "control_character"
    OUTSIDE_CHARACTER_SET = "outside_character_set"
    UNKNOWN_CHARACTER_SET = "unknown_character_set"
    UNTERMINATED_SEGMENT = "unterminated_segment"
    TRUNCATED = "truncated"

    MISSING_SEGMENT = "missing_segment"
    MISPLACED_SEGMENT = "misplaced_segment"
    REPEATED_SEGMENT = "repeated_segment"
    UNKNOWN_SEGMENT = "unknown_segment"
    UNKNOWN_QUALIFIER = "unknown_qualifier"
    FUNCTIONAL_GROUP_VARIANT = "functional_group_variant"
    MESSAGE_VERSION = "message_version"
    PART_OF_TRANSFER = "part_of_transfer"
    REFERENCE_MISMATCH = "reference_mismatch"
    COUNT_MISMATCH = "count_mismatch"
    COUNT_FORM = "count_form"
    NOT_KEPT = "not_kept"

    PARTIAL_LIST = "partial_list"
    NO_PASSENGERS = "no_passengers"
    MISSING_FACT = "missing_fact"
    MISPLACED_NAME = "misplaced_name"
    BAD_DATE = "bad_date"
    BAD_CODE = "bad_code"
    CARRIER_NOT_GIVEN = "carrier_not_given"
    CARRIER_MISMATCH = "carrier_mismatch"
    DOCUMENT_CODE_LIST = "document_code_list"
    SEVERAL_NATIONALITIES = "several_nationalities"
    DUPLICATE_PASSENGER = "duplicate_passenger"
    DOCUMENT_SHARED = "document_shared"
    TOO_MANY = "too_many"

    NO_REFERENCE = "no_reference"
    REFERENCE_REUSED = "reference_reused"
    NO_TIME = "no_time"
    NOT_ON_LIST = "not_on_list"
    AFTER_CLOSE_OUT = "after_close_out"
    AMBIGUOUS_PERSON = "ambiguous_person"


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation of a paper from its standard.

    Args:
        code: stable code, a member of a ``StrEnum`` such as :class:`FindingCode`.
        where: the place in the paper's own terms, e.g. ``"segment 12 NAD"``, ``"line 2, position 14"``, ``"DG1"``.
        position: offset into the input, in bytes.
        text: one sentence without personal data.
    """

    code: str
    where: str
    position: int
    text: str


class Findings:
    """Collects findings while one paper is read."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._counts: dict[str, int] = {}

    def note(self, code: str, text: str, *, where: str, position: int = 0) -> None:
        """Keep a finding, or only count it where there are too many of its kind."""
        count = self._counts.get(code, 0) + 1
        self._counts[code] = count
        if count <= FINDINGS_KEPT_PER_CODE:
            self._kept.append(Finding(code, where, position, text))

    def collected(self) -> tuple[Finding, ...]:
        """Return what was found, in the order of the input; a last one tells how many of a kind were not kept."""
        ordered = sorted(self._kept, key=lambda finding: finding.position)
        for code, count in self._counts.items():
            if count > FINDINGS_KEPT_PER_CODE:
                text = f"{count - FINDINGS_KEPT_PER_CODE} more findings of this kind were counted and not listed."
                ordered.append(Finding(code, "whole input", 0, text))
        return tuple(ordered)
