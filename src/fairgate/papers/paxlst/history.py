"""The messages of a flight applied one upon another: who is expected, cancelled, on board or left behind, and why.

The result is a function of the *set* of messages: they are put into one order before they are applied, and one that
comes twice counts once. So neither late nor repeated delivery changes anything.

Where the standards are silent, this is what holds (docs/reference/passenger-lists.md says the same for users):

- Order: time of preparation (UNB), then interchange reference, place in the interchange, revision; ties by content.
- A plain list adds and updates; it takes nobody off, for crew, late bookings and check-in come in lists of their own.
  Only code 5 (replace) takes off those whom it does not name, and only among those of the roles that it names.
- A later message's facts stand in place of an earlier one's; what it leaves out stays.
- A cancellation of somebody whom no earlier message names is a finding and changes nobody.
- After close-out facts may still change, and nobody's presence does; whoever is named first then is expected, with a
  finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.facts import Action, FlightLeg, ListedPerson, ListMessage, passenger_ref
from fairgate.papers.paxlst.identity import Index, updated
from fairgate.papers.paxlst.trail import FlightState, KnownPerson, MessageKey, Presence, Step, message_key


def apply_messages(messages: Iterable[ListMessage]) -> tuple[FlightState, ...]:
    """Return the state of each flight that the messages are about, by designator and day.

    Args:
        messages: of any flights, in any order, some perhaps more than once.
    """
    ordered = sorted({(message_key(one), _content(one)): one for one in messages}.items(), key=lambda item: item[0])
    flights: dict[tuple[str, str, str], _Flight] = {}
    for (key, _), message in ordered:
        flights.setdefault(_flight_of(message), _Flight()).apply(message, key)
    return tuple(flights[name].state(name) for name in sorted(flights))


def _content(message: ListMessage) -> str:
    """Return what tells two messages with the same references apart."""
    return repr((message.message, message.action, message.legs, message.people))


def _flight_of(message: ListMessage) -> tuple[str, str, str]:
    """Return designator, place and day of departure of the first leg."""
    if not message.legs:
        return ("", "", "")
    first = message.legs[0]
    moment = first.departure or first.arrival
    return (first.designator, first.departs_from, moment.date().isoformat() if moment else "")


@dataclass(slots=True, eq=False)
class _Entry:
    """One person while messages are applied."""

    place: int
    person: ListedPerson
    presence: Presence
    trail: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class _Flight:
    """One flight while messages are applied to it, in order."""

    entries: list[_Entry] = field(default_factory=list)
    index: Index = field(default_factory=Index)
    legs: tuple[FlightLeg, ...] = ()
    closed_at: MessageKey | None = None
    cancelled: bool = False
    keys: dict[tuple[str, str, str], MessageKey] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    def apply(self, message: ListMessage, key: MessageKey) -> None:
        """Apply one message that is later than all before it."""
        self._check_references(message, key)
        self.legs = message.legs or self.legs
        match message.action:
            case Action.LIST | Action.REPLACE | Action.CHANGE:
                self.cancelled = False
                named = [
                    self._name(person, key, message.action, place)
                    for place, person in enumerate(message.people, start=1)
                ]
                if message.action is Action.REPLACE:
                    self._take_off_others(named, message, key)
            case Action.CANCEL_PEOPLE:
                for place, person in enumerate(message.people, start=1):
                    self._set(person, key, message.action, Presence.CANCELLED, place)
            case Action.CANCEL_FLIGHT:
                self.cancelled = True
                for entry in self.entries:
                    self._move(entry, key, message.action, Presence.CANCELLED)
            case Action.CLOSED | Action.CLOSED_ON_BOARD | Action.CLOSED_NOT_ON_BOARD:
                self._close(message, key)

    def state(self, flight: tuple[str, str, str]) -> FlightState:
        """Return the flight as it stands."""
        people = tuple(
            KnownPerson(
                replace(entry.person, traveller=replace(entry.person.traveller, passenger_ref=passenger_ref(place))),
                entry.presence,
                tuple(entry.trail),
            )
            for place, entry in enumerate(self.entries, start=1)
        )
        return FlightState(flight, self.legs, people, self.closed_at, self.cancelled, self.findings.collected())

    def _name(self, person: ListedPerson, key: MessageKey, action: Action, place: int) -> _Entry:
        """Add a person, or take a later message's facts about one."""
        entry = self._known(person, key)
        if entry is None:
            if self.closed_at is not None:
                self._note(FindingCode.AFTER_CLOSE_OUT, "Somebody is named for the first time after close-out.", key)
            return self._add(person, Step(key, action, Presence.EXPECTED, place=place))
        newer, changed = updated(entry.person, person)
        presence = entry.presence
        if presence is Presence.CANCELLED and self.closed_at is None:
            presence = Presence.EXPECTED
        entry.person = newer
        self.index.add(newer, entry.place)
        entry.presence = presence
        entry.trail.append(Step(key, action, presence, changed, place))
        return entry

    def _add(self, person: ListedPerson, step: Step) -> _Entry:
        entry = _Entry(len(self.entries), person, step.presence, [step])
        self.index.add(person, entry.place)
        self.entries.append(entry)
        return entry

    def _take_off_others(self, named: list[_Entry], message: ListMessage, key: MessageKey) -> None:
        kept = set(map(id, named))
        roles = {person.role.is_crew for person in message.people}
        for entry in self.entries:
            if id(entry) not in kept and entry.person.role.is_crew in roles:
                self._move(entry, key, message.action, Presence.CANCELLED)

    def _set(
        self, person: ListedPerson, key: MessageKey, action: Action, presence: Presence, place: int
    ) -> _Entry | None:
        entry = self._known(person, key)
        if entry is None:
            self._note(FindingCode.NOT_ON_LIST, "The message is about somebody whom no earlier message names.", key)
            return None
        self._move(entry, key, action, presence, place)
        return entry

    def _move(self, entry: _Entry, key: MessageKey, action: Action, presence: Presence, place: int = 0) -> None:
        if self.closed_at is not None and not action.closes:
            self._note(FindingCode.AFTER_CLOSE_OUT, "A cancellation after close-out changes nobody's presence.", key)
            presence = entry.presence
        entry.presence = presence
        entry.trail.append(Step(key, action, presence, place=place))

    def _close(self, message: ListMessage, key: MessageKey) -> None:
        """Close the flight: who is named is on board or not, and everybody else who was expected the other way.

        The one plain close-out has everybody who was expected on board.
        """
        named: set[int] = set()
        named_presence = Presence.ON_BOARD
        others = Presence.LEFT_BEHIND
        if message.action is not Action.CLOSED_ON_BOARD:
            named_presence, others = Presence.LEFT_BEHIND, Presence.ON_BOARD
        people = message.people if message.action is not Action.CLOSED else ()
        for place, person in enumerate(people, start=1):
            entry = self._set(person, key, message.action, named_presence, place)
            if entry is None and named_presence is Presence.ON_BOARD:
                entry = self._add(person, Step(key, message.action, named_presence, place=place))
            if entry is not None:
                named.add(id(entry))
        crews = {person.role.is_crew for person in message.people}
        for entry in self.entries:
            if id(entry) in named or entry.presence is Presence.CANCELLED:
                continue
            # A list of passengers on board says nothing of the crew, who are on board unless said otherwise.
            says_nothing = entry.person.role.is_crew and True not in crews
            presence = Presence.ON_BOARD if says_nothing else others
            self._move(entry, key, message.action, presence)
        self.closed_at = key

    def _known(self, person: ListedPerson, key: MessageKey) -> _Entry | None:
        places = self.index.places_of(person)
        if len(places) > 1:
            self._note(FindingCode.AMBIGUOUS_PERSON, "Several people known could be the one meant; the first is.", key)
        return self.entries[places[0]] if places else None

    def _check_references(self, message: ListMessage, key: MessageKey) -> None:
        if message.message.prepared_at is None:
            self._note(FindingCode.NO_TIME, "A message gives no time of preparation and is taken as the oldest.", key)
        if not message.legs:
            self._note(FindingCode.MISSING_FACT, "A message names no flight.", key)
        name = (key.sender, key.control_reference, key.message_reference)
        if not key.control_reference:
            self._note(FindingCode.NO_REFERENCE, "A message has no reference.", key)
        elif name in self.keys:
            self._note(FindingCode.REFERENCE_REUSED, "Two different messages have the same reference.", key)
        self.keys[name] = key

    def _note(self, code: FindingCode, text: str, key: MessageKey) -> None:
        where = f"message {key.message_reference or key.place}" if key.message_reference.isalnum() else "a message"
        self.findings.note(code, text, where=where)
