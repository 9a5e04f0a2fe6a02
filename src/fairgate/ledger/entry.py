"""What one ledger entry says, and the only bytes that say it.

An entry holds codes, digests, counts and times: no free text and no personal data. Every field has a form that a name,
a document number or a date of birth does not fit, except by an abuse that this module cannot see: whoever writes an
entry uses opaque identifiers. What identifies a person stays in the store, and the entry only commits to it.

The leaf is canonical JSON (:mod:`fairgate.ledger.canonical`) with ``"v": 1``; a field without a value is left out. A
new kind of entry needs no new version; a new or changed field does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from fairgate.errors import LedgerFault
from fairgate.ledger.canonical import LARGEST_INT
from fairgate.ledger.commitment import Commitment, check_sha256, whole_hour
from fairgate.ledger.manual_codes import CorrectionReason, ManualReason, OpenedReason, UndoReason
from fairgate.vocabulary import (
    Actor,
    ActorKind,
    Matched,
    MatchReason,
    NotAttempted,
    NotAttemptedReason,
    OfficerReason,
    RecordClass,
    SeeOfficer,
)

MAX_COUNTS = 32
MAX_ERASED = 256
ANONYMOUS_TRAVELLER = "self"
"""The only identifier that a traveller has as an actor: any other would follow a person through a public log."""


class EntryKind(StrEnum):
    """What happened."""

    STAGING = "staging"
    CROSSING = "crossing"
    REOPENING = "reopening"
    READ = "read"
    ERASURE = "erasure"
    RULEBOOK = "rulebook"
    RULEBOOK_PROPOSED = "rulebook_proposed"
    RULEBOOK_COMMENT = "rulebook_comment"
    RULEBOOK_APPROVED = "rulebook_approved"
    ACTOR_ENROLLED = "actor_enrolled"
    ACTOR_WITHDRAWN = "actor_withdrawn"
    EXPORT = "export"
    REEXTRACTION = "reextraction"
    SHARED_FACES = "shared_faces"
    OFFICER_QUEUE = "officer_queue"
    MANUAL_RESULT = "manual_result"
    MATCH_UNDONE = "match_undone"
    DEPARTURE = "departure"
    OPT_OUT = "opt_out"
    RECEIPT = "receipt"
    NOTICE = "notice"
    DENIED_OPT_OUT = "denied_opt_out"
    REPORT_FINDING = "report_finding"
    CORRECTION = "correction"


class ErasureReason(StrEnum):
    """Why records were erased."""

    DEADLINE = "deadline"
    OPTED_OUT = "opted_out"
    RULE_FORBIDS = "rule_forbids"
    CORRECTION = "correction"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


OUTCOMES = frozenset({Matched.kind, SeeOfficer.kind, NotAttempted.kind})
REASONS = frozenset(
    reason.value
    for reasons in (
        MatchReason,
        OfficerReason,
        NotAttemptedReason,
        ErasureReason,
        OpenedReason,
        ManualReason,
        UndoReason,
        CorrectionReason,
    )
    for reason in reasons
)
WITH_REASON = frozenset(
    {
        EntryKind.ERASURE,
        EntryKind.OFFICER_QUEUE,
        EntryKind.MANUAL_RESULT,
        EntryKind.MATCH_UNDONE,
        EntryKind.CORRECTION,
    }
)
"""Kinds beside crossings and reopenings that have a reason."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,47}\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}\Z")
_KEY_NAME = re.compile(r"[a-z_]{1,32}/\d{4}-\d\d-\d\dT\d\dZ/[0-9a-f]{16}\Z")


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """One record that is gone: the one to which the entry at ``leaf`` commits under ``of``."""

    leaf: int
    of: RecordClass


@dataclass(frozen=True, slots=True)
class Swept:
    """Every record of a class whose deadline, as earlier entries state it, was the hour ``to`` or before: all gone."""

    of: RecordClass
    to: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "to", whole_hour(self.to))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger.

    Args:
        kind: what happened.
        at: aware time; kept in UTC, rounded down to the millisecond.
        actor: who is answerable; a traveller has the identifier ``"self"``.
        purpose: code of a purpose that the rulebook names.
        rule_id: the rule that permitted or forbade it.
        rulebook_sha256: digest of the rulebook in force.
        pack_sha256: digest of the pack that compared.
        threshold_id: calibration record of the threshold used.
        outcome: for crossings and reopenings: ``match``, ``see_officer`` or ``not_attempted``.
        reason: stable reason code of the outcome, erasure, queue entry, officer's result or undoing.
        counts: numbers by code, e.g. of a staging; at most 32. Any order; kept sorted.
        commitments: records behind this entry, one of each class at most. Any order; kept sorted.
        refers_to: earlier entry that this one is about, e.g. the match that a reopening puts in doubt.
        erased: for erasures, the records that are gone; at most 256. Any order; kept sorted.
        swept: for erasures, classes of records gone by deadline. Any order; kept sorted.
        destroyed_keys: for erasures, identifiers of the vault's keys destroyed. Any order; kept sorted.

    Raises:
        LedgerFault: a value is not of its form or does not belong to this kind.
    """

    kind: EntryKind
    at: datetime
    actor: Actor
    purpose: str
    rule_id: str | None = None
    rulebook_sha256: str | None = None
    pack_sha256: str | None = None
    threshold_id: str | None = None
    outcome: str | None = None
    reason: str | None = None
    counts: tuple[tuple[str, int], ...] = ()
    commitments: tuple[Commitment, ...] = ()
    refers_to: int | None = None
    erased: tuple[Erased, ...] = ()
    swept: tuple[Swept, ...] = ()
    destroyed_keys: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        self._settle_order_and_time()
        self._check_words()
        self._check_kind()
        self._check_lists()

    def _settle_order_and_time(self) -> None:
        """Give equal entries equal bytes, whatever order and zone they were written in."""
        if self.at.tzinfo is None:
            raise LedgerFault("A ledger entry needs a time with a zone.")
        at = self.at.astimezone(UTC)
        settled = {
            "at": at.replace(microsecond=at.microsecond // 1000 * 1000),
            "counts": tuple(sorted(self.counts)),
            "commitments": tuple(sorted(self.commitments, key=lambda item: item.of)),
            "erased": tuple(sorted(self.erased)),
            "swept": tuple(sorted(self.swept, key=lambda item: item.of)),
            "destroyed_keys": tuple(sorted(self.destroyed_keys)),
        }
        for name, value in settled.items():
            object.__setattr__(self, name, value)

    def _check_words(self) -> None:
        if not _NAME.match(self.actor.id):
            raise LedgerFault("An actor's identifier is not a plain ASCII word.")
        if self.actor.kind is ActorKind.TRAVELLER and self.actor.id != ANONYMOUS_TRAVELLER:
            raise LedgerFault("A traveller is not identified in the ledger.", way_out="Use the identifier 'self'.")
        if not _CODE.match(self.purpose):
            raise LedgerFault("A ledger entry needs a purpose, as a lower-case code.")
        for name in (self.rule_id, self.threshold_id):
            if name is not None and not _NAME.match(name):
                raise LedgerFault("A rule or threshold in a ledger entry is not a plain ASCII word.")
        for digest in (self.rulebook_sha256, self.pack_sha256):
            if digest is not None:
                check_sha256(digest)
        if self.outcome is not None and self.outcome not in OUTCOMES:
            raise LedgerFault("A ledger entry names an outcome that does not exist.")
        if self.reason is not None and self.reason not in REASONS:
            raise LedgerFault("A ledger entry names a reason that does not exist.")
        if self.refers_to is not None and not 0 <= self.refers_to <= LARGEST_INT:
            raise LedgerFault("A ledger entry refers to an entry that cannot exist.")

    def _check_kind(self) -> None:
        decides = self.kind in (EntryKind.CROSSING, EntryKind.REOPENING)
        if decides != (self.outcome is not None):
            raise LedgerFault("A crossing has an outcome, and nothing but a crossing has one.")
        if (decides or self.kind in WITH_REASON) != (self.reason is not None):
            raise LedgerFault("Crossings, erasures and the manual path have a reason, and nothing else has one.")
        if self.kind is EntryKind.REOPENING and self.refers_to is None:
            raise LedgerFault("A reopening names the entry that it reopens.")
        if self.kind is EntryKind.MATCH_UNDONE and self.refers_to is None:
            raise LedgerFault("What undoes a match names the entry of the match.")
        if self.kind is not EntryKind.ERASURE and (self.erased or self.swept or self.destroyed_keys):
            raise LedgerFault("Only an erasure lists what was erased.")

    def _check_lists(self) -> None:
        if len(self.counts) > MAX_COUNTS or len(self.erased) > MAX_ERASED or len(self.destroyed_keys) > MAX_ERASED:
            raise LedgerFault("A ledger entry lists too much.", way_out="Spread it over several entries.")
        for code, number in self.counts:
            if not _CODE.match(code) or not 0 <= number <= LARGEST_INT:
                raise LedgerFault("A count in a ledger entry is not a code with a whole number.")
        if any(not 0 <= item.leaf <= LARGEST_INT for item in self.erased):
            raise LedgerFault("A ledger entry erases a record of an entry that cannot exist.")
        if any(not _KEY_NAME.match(name) for name in self.destroyed_keys):
            raise LedgerFault("A destroyed key is not named as the vault names keys.")
        for keys in (
            [code for code, _ in self.counts],
            [item.of for item in self.commitments],
            list(self.erased),
            [item.of for item in self.swept],
            list(self.destroyed_keys),
        ):
            if len(set(keys)) != len(keys):
                raise LedgerFault("A ledger entry lists the same thing twice.")
