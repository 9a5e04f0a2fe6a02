"""The rulebook as one lane meets it: who may be asked there, for which purpose, and how long records live."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from fairgate.rules.care import Care
from fairgate.rules.permission import Facts, Permission, Refusal, is_exempt, may_ask
from fairgate.rules.purposes import permitted_purpose
from fairgate.rules.retention import corrected_erase_by, erase_by
from fairgate.rules.rulebook import Rulebook
from fairgate.rules.standing import is_member, status_of
from fairgate.services.records import FlightRecord
from fairgate.services.rulebook_line import OneRulebook, RulebookLine
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, RecordClass, Status, Traveller

OF_A_GALLERY = (RecordClass.TEMPLATE, RecordClass.PASSENGER_LIST, RecordClass.PHOTO)
OF_A_CHIP = (RecordClass.CHIP_DATA, RecordClass.PHOTO)


class LaneRules:
    """The rulebook at one kind of lane; a line of adopted ones answers by the day at the port.

    Args:
        rulebook: one for every day, or the line of those that were adopted; each checked when it was loaded.
        lane: the kind of lane.
        purpose: what a face is compared for there; one that the rulebook names.
        port_zone: the time zone in which the port's day begins.
        needs: classes of records that a crossing there looks at.

    Raises:
        PurposeRefused: the rulebook does not name the purpose for what a crossing needs.
    """

    def __init__(
        self,
        rulebook: Rulebook | RulebookLine,
        *,
        lane: LaneKind,
        purpose: str,
        port_zone: tzinfo,
        needs: tuple[RecordClass, ...] = OF_A_GALLERY,
    ) -> None:
        self._line = OneRulebook(rulebook) if isinstance(rulebook, Rulebook) else rulebook
        self._lane = lane
        self._port_zone = port_zone
        self._needs = needs
        self._allow_purpose: set[str] = set()
        self.purpose = purpose
        self.require_allowed()

    def require_allowed(self) -> None:
        """Refuse to begin where the rulebook in force does not allow what is done here.

        Raises:
            PurposeRefused: it does not name the purpose.
        """
        self._checked(self._line.today())

    @property
    def rulebook_sha256(self) -> str:
        """The digest of the rulebook in force now, which entries made now name."""
        return self._now.sha256

    @property
    def _now(self) -> Rulebook:
        return self._checked(self._line.today())

    def _on(self, at: datetime) -> Rulebook:
        return self._checked(self._line.on(self.day(at)))

    def _checked(self, rulebook: Rulebook) -> Rulebook:
        """Return a rulebook that allows what is done here; one adopted meanwhile may not."""
        if rulebook.sha256 not in self._allow_purpose:
            for record_class in self._needs:
                permitted_purpose(rulebook, self.purpose, record_class)
            self._allow_purpose.add(rulebook.sha256)
        return rulebook

    def care(self, at: datetime) -> Care:
        """Return what the rulebook of a day says of children and older people."""
        return self._on(at).care

    def status(self, traveller: Traveller) -> Status:
        """Return a traveller's standing towards the rulebook's state."""
        return status_of(self._now, traveller)

    def may_ask(
        self,
        flight: FlightRecord,
        traveller: Traveller,
        at: datetime,
        *,
        opted_out: bool = False,
        guardian: Guardian = Guardian.UNKNOWN,
    ) -> Permission | Refusal:
        """Return whether this traveller may be asked for a photograph here, on the port's own calendar day."""
        return self.may_ask_at(flight.port, flight.direction, traveller, at, opted_out=opted_out, guardian=guardian)

    def may_ask_at(
        self,
        port: str,
        direction: Direction,
        traveller: Traveller,
        at: datetime,
        *,
        opted_out: bool = False,
        guardian: Guardian = Guardian.UNKNOWN,
    ) -> Permission | Refusal:
        """Return the same where there is no flight; a port of no name is one that no rule names."""
        facts = self.facts(port, direction, traveller, at, opted_out=opted_out, guardian=guardian)
        return may_ask(self._on(at), facts, self.day(at))

    def facts(
        self,
        port: str,
        direction: Direction,
        traveller: Traveller,
        at: datetime,
        *,
        opted_out: bool = False,
        guardian: Guardian = Guardian.UNKNOWN,
    ) -> Facts:
        """Return what is known of a traveller who would be asked for a photograph here; the rest stays unknown."""
        rulebook = self._on(at)
        return Facts(
            status=status_of(rulebook, traveller),
            nationality=traveller.nationality,
            born_on=traveller.born_on,
            visa_class=traveller.visa_class,
            on_waiver=traveller.on_waiver,
            trusted_traveller=is_member(rulebook, traveller),
            direction=direction,
            lane=self._lane,
            port=port,
            modality=Modality.PHOTOGRAPH,
            opted_out=opted_out,
            guardian=guardian,
            further_nationalities=traveller.further_nationalities,
        )

    def is_exempt(self, port: str, direction: Direction, traveller: Traveller, at: datetime) -> bool:
        """Return whether the rules of the day do not ask this traveller at all; their records live the shorter."""
        return is_exempt(self._on(at), self.facts(port, direction, traveller, at), self.day(at))

    def erase_by(self, record_class: RecordClass, status: Status, since: datetime, *, exempt: bool = False) -> datetime:
        """Return the moment by which a record must be gone."""
        return erase_by(self._on(since), record_class, status, since, exempt=exempt)

    def corrected_erase_by(
        self, record_class: RecordClass, before: Status, after: Status, since: datetime, *, exempt: bool = False
    ) -> datetime:
        """Return the same once the status was corrected: the sooner of the two moments."""
        return corrected_erase_by(self._on(since), record_class, before, after, since, exempt=exempt)

    def day(self, at: datetime) -> date:
        """Return the port's own calendar day."""
        try:
            return at.astimezone(self._port_zone).date()
        except OverflowError:  # the first or last hours of the calendar, which a broken clock may name
            return at.date()
