"""The codes of the manual path: why somebody waits, what an officer stated, why a match is undone.

They are an officer's words about an officer's act. None of them is an answer of the machine, and none denies boarding.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class OpenedReason(StrEnum):
    """Why somebody waits for an officer without a capture of their own, or after one that was undone."""

    CAMERA_DOWN = "camera_down"
    ENGINE_DOWN = "engine_down"
    CENTRE_DOWN = "centre_down"
    LANE_CLOSED = "lane_closed"
    ASKED_FOR_OFFICER = "asked_for_officer"
    NOT_ON_LIST = "not_on_list"
    MATCH_UNDONE = "match_undone"


class ManualResult(StrEnum):
    """What an officer stated in the end."""

    CONFIRMED = "confirmed"
    SENT_ON = "sent_on"
    LEFT = "left"


class ManualReason(StrEnum):
    """Why an officer stated it."""

    PAPERS_CHECKED = "papers_checked"
    SECOND_DOCUMENT = "second_document"
    FINGERPRINTS_CHECKED = "fingerprints_checked"
    SAME_PERSON_AGAIN = "same_person_again"
    LISTED_NOWHERE = "listed_nowhere"
    NOT_CONFIRMED = "not_confirmed"
    PAPERS_DOUBTED = "papers_doubted"
    FURTHER_QUESTIONS = "further_questions"
    WENT_AWAY = "went_away"
    NOT_THERE_WHEN_CALLED = "not_there_when_called"
    ENTERED_BY_MISTAKE = "entered_by_mistake"


class UndoReason(StrEnum):
    """Why a match, or an officer's confirmation, is taken back."""

    WRONG_PERSON = "wrong_person"
    WRONG_CAPTURE = "wrong_capture"
    WRONG_ENTRY = "wrong_entry"
    OPTED_OUT = "opted_out"
    RULE_FORBIDS = "rule_forbids"
    """What was known of the passenger was corrected, and the rules would not have let a machine ask them."""


class CorrectionReason(StrEnum):
    """Why an officer corrects what is known of somebody listed."""

    PAPERS_SEEN = "papers_seen"
    TRAVELLER_STATED = "traveller_stated"
    CARRIER_STATED = "carrier_stated"
    AUTHORITY_STATED = "authority_stated"
    ENTRY_MISTAKEN = "entry_mistaken"


REASONS_OF: Mapping[ManualResult, frozenset[ManualReason]] = MappingProxyType(
    {
        ManualResult.CONFIRMED: frozenset(
            {
                ManualReason.PAPERS_CHECKED,
                ManualReason.SECOND_DOCUMENT,
                ManualReason.FINGERPRINTS_CHECKED,
                ManualReason.SAME_PERSON_AGAIN,
                ManualReason.LISTED_NOWHERE,
            }
        ),
        ManualResult.SENT_ON: frozenset(
            {ManualReason.NOT_CONFIRMED, ManualReason.PAPERS_DOUBTED, ManualReason.FURTHER_QUESTIONS}
        ),
        ManualResult.LEFT: frozenset(
            {ManualReason.WENT_AWAY, ManualReason.NOT_THERE_WHEN_CALLED, ManualReason.ENTERED_BY_MISTAKE}
        ),
    }
)
"""Which reasons go with which result."""

BOARDS_NOBODY = frozenset({ManualReason.SAME_PERSON_AGAIN, ManualReason.LISTED_NOWHERE})
"""Reasons of a confirmation that adds nobody to those aboard: they are aboard already, or on no list."""
