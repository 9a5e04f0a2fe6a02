"""A flight's messages one upon another: who is expected, cancelled, on board, left behind, and by which message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.details import PersonDetails
from fairgate.papers.paxlst.facts import Action, FlightLeg, ListedPerson, ListMessage, MessageFacts, Role
from fairgate.papers.paxlst.history import apply_messages
from fairgate.papers.paxlst.trail import FlightState, Presence
from fairgate.vocabulary import TravelDocument, Traveller

NINE = datetime.fromisoformat("2026-11-22T09:00")
LEG = FlightLeg("FG", "0420", "BOS", "LHR", departure=datetime.fromisoformat("2026-11-22T19:00"))


def person(name: str, *, ref: str = "", number: str = "", role: Role = Role.PASSENGER, seat: str = "") -> ListedPerson:
    """Return somebody; the birth date follows from the name."""
    documents = (TravelDocument("P", number, "GBR"),) if number else ()
    traveller = Traveller("P0001", name, "ANNE", date(1980, 1, len(name)), "F", "GBR", documents)
    return ListedPerson(traveller, role, carrier_ref=ref, details=PersonDetails(seat=seat))


def message(action: Action, minutes: int, *people: ListedPerson, leg: FlightLeg = LEG) -> ListMessage:
    """Return a message prepared some minutes after nine."""
    facts = MessageFacts(
        sender="FG",
        prepared_at=NINE + timedelta(minutes=minutes),
        control_reference=f"I{minutes}",
        message_reference=f"M{minutes}",
    )
    return ListMessage(facts, action, (leg,), people)


def applied(*messages: ListMessage) -> FlightState:
    (state,) = apply_messages(messages)
    return state


def presences(state: FlightState) -> dict[str, Presence]:
    return {known.person.traveller.family_name: known.presence for known in state.people}


def codes(state: FlightState) -> list[str]:
    return [finding.code for finding in state.findings]


ANNE, BO, CY = person("A", ref="1"), person("BO", ref="2"), person("CYD", ref="3")
PILOT = person("PILOT", role=Role.CREW)


def test_later_messages_add_update_and_cancel() -> None:
    """A list, an addition, a change of seat and a cancellation, each leaving its step."""
    state = applied(
        message(Action.LIST, 0, ANNE, BO),
        message(Action.CHANGE, 1, CY),
        message(Action.CHANGE, 2, person("A", ref="1", seat="12A")),
        message(Action.CANCEL_PEOPLE, 3, BO),
    )
    assert presences(state) == {"A": Presence.EXPECTED, "BO": Presence.CANCELLED, "CYD": Presence.EXPECTED}
    assert state.people[0].person.details.seat == "12A"
    assert [(step.message.message_reference, step.action, step.changed) for step in state.people[0].trail] == [
        ("M0", Action.LIST, ()),
        ("M2", Action.CHANGE, ("seat",)),
    ]
    assert [step.presence for step in state.people[1].trail] == [Presence.EXPECTED, Presence.CANCELLED]
    assert state.people[1].trail[1].message.prepared_at == NINE + timedelta(minutes=3)
    assert [found.traveller.passenger_ref for found in state.with_presence(Presence.EXPECTED)] == ["P0001", "P0003"]


def test_a_plain_list_takes_nobody_off_and_a_replacement_does() -> None:
    """Crew and passengers come in lists of their own, so only code 5 removes, and only those of the roles it names."""
    plain = applied(message(Action.LIST, 0, ANNE, PILOT), message(Action.LIST, 1, BO))
    assert set(presences(plain).values()) == {Presence.EXPECTED}
    replaced = applied(message(Action.LIST, 0, ANNE, PILOT), message(Action.REPLACE, 1, BO))
    assert presences(replaced) == {"A": Presence.CANCELLED, "PILOT": Presence.EXPECTED, "BO": Presence.EXPECTED}


def test_a_cancelled_flight_expects_nobody_until_it_is_listed_again() -> None:
    """A list after the cancellation brings back those whom it names."""
    cancelled = [message(Action.LIST, 0, ANNE, BO), message(Action.CANCEL_FLIGHT, 1)]
    assert applied(*cancelled).cancelled
    state = applied(*cancelled, message(Action.LIST, 2, BO))
    assert not state.cancelled
    assert presences(state) == {"A": Presence.CANCELLED, "BO": Presence.EXPECTED}


@pytest.mark.parametrize(
    ("action", "named", "expected"),
    [
        (Action.CLOSED, (), {"A": "on_board", "BO": "on_board", "PILOT": "on_board"}),
        (Action.CLOSED_ON_BOARD, (ANNE,), {"A": "on_board", "BO": "left_behind", "PILOT": "on_board"}),
        (
            Action.CLOSED_ON_BOARD,
            (ANNE, CY),
            {"A": "on_board", "BO": "left_behind", "PILOT": "on_board", "CYD": "on_board"},
        ),
        (Action.CLOSED_NOT_ON_BOARD, (ANNE,), {"A": "left_behind", "BO": "on_board", "PILOT": "on_board"}),
    ],
)
def test_close_out_says_who_is_on_board(
    action: Action, named: tuple[ListedPerson, ...], expected: dict[str, str]
) -> None:
    """Named on board, named left behind, or nobody named; crew stay on board unless crew are named."""
    state = applied(message(Action.LIST, 0, ANNE, BO, PILOT), message(action, 1, *named))
    assert presences(state) == expected
    assert state.closed_by is not None
    assert (FindingCode.NOT_ON_LIST in codes(state)) == (CY in named)


def test_after_close_out_facts_change_and_presence_does_not() -> None:
    """A late cancellation is noted; a late name is expected, and noted."""
    closed = [message(Action.LIST, 0, ANNE), message(Action.CLOSED, 1)]
    state = applied(*closed, message(Action.CANCEL_PEOPLE, 2, ANNE), message(Action.CHANGE, 3, BO))
    assert presences(state) == {"A": Presence.ON_BOARD, "BO": Presence.EXPECTED}
    assert codes(state) == [FindingCode.AFTER_CLOSE_OUT] * 2


def test_a_cancellation_of_a_stranger_changes_nobody() -> None:
    """It is noted, for the message that named them may be missing."""
    state = applied(message(Action.LIST, 0, ANNE), message(Action.CANCEL_PEOPLE, 1, BO))
    assert presences(state) == {"A": Presence.EXPECTED}
    assert codes(state) == [FindingCode.NOT_ON_LIST]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (person("A", ref="1"), person("ZZ", ref="1"), True),
        (person("A", ref="1"), person("A", ref="2"), False),
        (person("A", ref="1"), person("A"), True),
        (person("A", number="X1"), replace(person("B", number="x 1")), True),
        (person("A", number="X1"), person("BBB", number="X1"), False),
        (person("A"), person("a"), True),
        (person("A"), person("B"), False),
        (person("A"), person("A", role=Role.CREW), False),
    ],
)
def test_who_is_the_same_person(first: ListedPerson, second: ListedPerson, same: bool) -> None:
    """The carrier's reference, or the document with name or birth date, or name and birth date."""
    state = applied(message(Action.LIST, 0, first), message(Action.CHANGE, 1, second))
    assert len(state.people) == (1 if same else 2)


def test_what_does_not_fit_together_is_found() -> None:
    """No time, no reference, one reference for two messages."""
    without = replace(message(Action.LIST, 0, ANNE), message=MessageFacts())
    assert codes(applied(without)) == [FindingCode.NO_TIME, FindingCode.NO_REFERENCE]
    reused = applied(message(Action.LIST, 0, ANNE), message(Action.LIST, 0, BO))
    assert codes(reused) == [FindingCode.REFERENCE_REUSED]
    assert len(reused.people) == 2


def test_each_flight_has_its_own_state() -> None:
    """The day and place of departure tell flights apart; a later hour of the same day does not."""
    other = replace(LEG, departure=datetime.fromisoformat("2026-11-23T19:00"))
    delayed = replace(LEG, departure=datetime.fromisoformat("2026-11-22T22:00"))
    states = apply_messages(
        [
            message(Action.LIST, 0, ANNE),
            message(Action.LIST, 1, ANNE, leg=other),
            message(Action.LIST, 2, BO, leg=delayed),
        ]
    )
    assert [state.flight for state in states] == [("FG420", "BOS", "2026-11-22"), ("FG420", "BOS", "2026-11-23")]
    assert [len(state.people) for state in states] == [2, 1]
    assert states[0].legs == (delayed,)


PEOPLE = st.builds(
    person,
    st.sampled_from(["A", "BO", "CYD", "DORA"]),
    ref=st.sampled_from(["", "1", "2"]),
    number=st.sampled_from(["", "X1", "X2"]),
    role=st.sampled_from([Role.PASSENGER, Role.CREW]),
    seat=st.sampled_from(["", "1A"]),
)
MESSAGES = st.lists(
    st.builds(
        lambda action, minutes, people: message(action, minutes, *people),
        st.sampled_from(Action),
        st.integers(0, 5),
        st.lists(PEOPLE, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@given(MESSAGES, st.data())
@settings(deadline=None, max_examples=200)
def test_neither_order_nor_repetition_of_delivery_matters(messages: list[ListMessage], data: st.DataObject) -> None:
    """The state is one of the set of messages: shuffled and repeated, they leave the same people and trails."""
    once = apply_messages(messages)
    repeated = messages + data.draw(st.lists(st.sampled_from(messages), max_size=4))
    assert apply_messages(data.draw(st.permutations(repeated))) == once
    for state in once:
        assert all(known.trail and known.trail[-1].presence is known.presence for known in state.people)
