"""What a correction means for one row of a gallery: facts, state, and everything sealed anew; writes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from fairgate.errors import CorrectionRefused, NoSuchRecord, RecordExpired
from fairgate.ledger.commitment import whole_hour
from fairgate.rules.permission import Refusal
from fairgate.services.correction_records import CorrectionRecord
from fairgate.services.enrol_reference import SealReferences
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Vault
from fairgate.services.records import FlightRecord, PassengerRecord, ReferenceState
from fairgate.vocabulary import RecordClass, TravelDocument, Traveller

_STATE = re.compile(r"[A-Z]{1,3}\Z")
_DOCUMENT_KIND = re.compile(r"[A-Z][A-Z0-9]?\Z")
_DOCUMENT_NUMBER = re.compile(r"[A-Z0-9]{1,35}\Z")
_VISA_CLASS = re.compile(r"[A-Z0-9-]{0,8}\Z")


@dataclass(frozen=True, slots=True)
class CorrectedFacts:
    """What is known now of somebody listed; ``None`` leaves a fact as it is.

    Args:
        nationality: code of one to three letters.
        further_nationalities: all those beside the first.
        documents: all that are theirs.
        further_documents: added to those known.
        visa_class: such as ``B-2``; ``""`` for none.
        born_on: date of birth.
    """

    nationality: str | None = None
    further_nationalities: tuple[str, ...] | None = None
    documents: tuple[TravelDocument, ...] | None = None
    further_documents: tuple[TravelDocument, ...] = ()
    visa_class: str | None = None
    born_on: date | None = None

    def of(self, known: Traveller, today: date) -> Traveller:
        """Return a traveller with these facts in place of those known.

        Raises:
            CorrectionRefused: a value is not of its form; which value it was is said, never the value.
        """
        documents = known.documents if self.documents is None else self.documents
        further = known.further_nationalities if self.further_nationalities is None else self.further_nationalities
        after = replace(
            known,
            nationality=known.nationality if self.nationality is None else self.nationality,
            further_nationalities=further,
            documents=tuple(dict.fromkeys((*documents, *self.further_documents))),
            visa_class=known.visa_class if self.visa_class is None else self.visa_class,
            born_on=known.born_on if self.born_on is None else self.born_on,
        )
        self._check(today)
        return after

    def _check(self, today: date) -> None:
        states = [self.nationality or "", *(self.further_nationalities or ())]
        if any(code and not _STATE.match(code) for code in states):
            raise CorrectionRefused("A nationality is a code of one to three capital letters, such as DEU.")
        for document in (*(self.documents or ()), *self.further_documents):
            whole = (
                _DOCUMENT_KIND.match(document.kind)
                and _DOCUMENT_NUMBER.match(document.number)
                and _STATE.match(document.issuer)
            )
            if not whole:
                raise CorrectionRefused("A document is its kind, number and issuer, in capital letters and digits.")
        if not _VISA_CLASS.match(self.visa_class or ""):
            raise CorrectionRefused("A visa's class is letters, digits and hyphens, such as B-2.")
        if self.born_on is not None and self.born_on > today:
            raise CorrectionRefused("Nobody was born on a day to come.")


@dataclass(frozen=True, slots=True)
class Planned:
    """A correction of one row.

    Args:
        row: as it is to be.
        before: the traveller as known until now.
        after: as known from now on.
        changed: names of the facts that differ, sorted.
        rule_id: the rule that says whether they are asked, as known now.
        list_erase_by: by when the list entry must be gone.
        template_erase_by: by when templates must be gone.
        at: the moment for which all of it was found.
    """

    row: PassengerRecord
    before: Traveller
    after: Traveller
    changed: tuple[str, ...]
    rule_id: str | None
    list_erase_by: datetime
    template_erase_by: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class NowKnown:
    """Deadlines of somebody of whom something was corrected.

    Args:
        rules: of the gallery's lane.
        flight: whose list.
        before: as known until now.
        after: as known from now on.
    """

    rules: LaneRules
    flight: FlightRecord
    before: Traveller
    after: Traveller

    def erase_by(self, record_class: RecordClass, since: datetime) -> datetime:
        """Return by when a record must be gone: the soonest of both readings, exempt by either counting as exempt."""
        exempt = self._is_exempt(self.before, since) or self._is_exempt(self.after, since)
        status = self.rules.status(self.before), self.rules.status(self.after)
        return self.rules.corrected_erase_by(record_class, *status, since, exempt=exempt)

    def erase_by_before(self, record_class: RecordClass, since: datetime) -> datetime:
        """Return the same as it was known until now."""
        exempt = self._is_exempt(self.before, since)
        return self.rules.erase_by(record_class, self.rules.status(self.before), since, exempt=exempt)

    def _is_exempt(self, traveller: Traveller, at: datetime) -> bool:
        return self.rules.is_exempt(self.flight.port, self.flight.direction, traveller, at)


class PlanCorrection:
    """Plans.

    Args:
        rules: of the gallery's lane.
        vault: seals anew.
        open_gallery: opens what was sealed, each read entered in the ledger before it happens.
    """

    def __init__(self, rules: LaneRules, vault: Vault, open_gallery: OpenGallery) -> None:
        self._rules = rules
        self._seal = SealReferences(vault, rules)
        self._open_gallery = open_gallery

    def __call__(
        self,
        flight: FlightRecord,
        row: PassengerRecord,
        earlier: Sequence[CorrectionRecord],
        facts: CorrectedFacts,
        now: datetime,
    ) -> Planned | None:
        """Return what is to be written, or ``None`` where nothing differs from what is known.

        Raises:
            NoSuchRecord: what the list said of them has expired.
            CorrectionRefused: a value is not of its form.
        """
        listed = self._open_gallery.listed([row]).get(row.passenger_ref)
        if listed is None:
            raise NoSuchRecord("What the list said of this passenger has expired, and is gone.")
        before = listed.traveller
        after = facts.of(before, self._rules.day(now))
        if after == before:
            return None
        known, since = NowKnown(self._rules, flight, before, after), flight.staged_at
        list_erase_by = min(
            [known.erase_by(RecordClass.PASSENGER_LIST, since), *(one.list_erase_by for one in earlier)]
        )
        sealed_until = min(
            [known.erase_by_before(RecordClass.TEMPLATE, since), *(one.template_erase_by for one in earlier)]
        )
        template_erase_by = min(known.erase_by(RecordClass.TEMPLATE, since), sealed_until)
        answer = self._rules.may_ask(flight, after, now)
        row = self._settled(row, answer)
        if row.sealed_templates:
            lost = set(before.documents) - set(after.documents)
            if lost or whole_hour(template_erase_by) <= now:
                row = replace(row, state=ReferenceState.NO_PHOTO, sealed_templates=())
            elif template_erase_by < sealed_until:
                row = self._resealed(flight, row, template_erase_by)
        try:
            entry = self._seal.listed_until(flight, replace(listed, traveller=after), list_erase_by)
        except RecordExpired as gone:
            raise NoSuchRecord("What the list said of this passenger has expired.") from gone
        changed = sorted(one.name for one in fields(Traveller) if getattr(before, one.name) != getattr(after, one.name))
        return Planned(
            row=replace(row, sealed_traveller=entry),
            before=before,
            after=after,
            changed=tuple(changed),
            rule_id=answer.rule_id,
            list_erase_by=list_erase_by,
            template_erase_by=template_erase_by,
            at=now,
        )

    @staticmethod
    def _settled(row: PassengerRecord, answer: object) -> PassengerRecord:
        """Return the row in the state that the answer leaves it in; whoever opted out has opted out."""
        if row.state is ReferenceState.OPTED_OUT:
            return row
        if isinstance(answer, Refusal):
            return replace(row, state=ReferenceState.NOT_ASKED, reason=answer.rule_id, sealed_templates=())
        if row.state is ReferenceState.NOT_ASKED:
            return replace(row, state=ReferenceState.NO_PHOTO, reason=None)
        return row

    def _resealed(self, flight: FlightRecord, row: PassengerRecord, erase_by: datetime) -> PassengerRecord:
        """Return the row with its templates sealed anew until a sooner deadline; those that do not open are gone."""
        sealed = [(row.passenger_ref, envelope) for envelope in row.sealed_templates]
        try:
            templates = tuple(
                self._seal.template_until(flight, row.passenger_ref, number, content, erase_by)
                for number, (_, content) in enumerate(self._open_gallery.contents(sealed, flight.pack_digest), start=1)
            )
        except RecordExpired:
            templates = ()
        state = row.state if templates else ReferenceState.NO_PHOTO
        return replace(row, state=state, sealed_templates=templates)
