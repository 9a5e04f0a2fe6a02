"""What a message wants, from its BGM, and the BGM of what a message is to want."""

from __future__ import annotations

from typing import NamedTuple

from fairgate.papers.paxlst.facts import Action

KINDS = frozenset({"745", "250", "336", "655", "266"})
"""Passengers, crew, master crew list, gate pass, flight status. Source: DHS PAXLST guide, BGM."""
STATUS_KIND = "266"

_BY_FUNCTION = {
    "XR": Action.CANCEL_PEOPLE,
    "RP": Action.CANCEL_PEOPLE,
    "H": Action.CANCEL_PEOPLE,
    "XF": Action.CANCEL_FLIGHT,
    "CL": Action.CLOSED,
    "CLOB": Action.CLOSED_ON_BOARD,
    "CLNB": Action.CLOSED_NOT_ON_BOARD,
    "CP": Action.CHANGE,
    "CF": Action.CHANGE,
    "CC": Action.CHANGE,
    "BC": Action.CHANGE,
    "EC": Action.CHANGE,
    "FC": Action.CHANGE,
    "G": Action.CHANGE,
    "I": Action.CHANGE,
}
"""Functions as carriers to the United States name them. Source: DHS PAXLST guide, BGM."""
_BY_CODE = {
    "2": Action.CHANGE,
    "3": Action.CANCEL_PEOPLE,
    "4": Action.CHANGE,
    "5": Action.REPLACE,
    "22": Action.CLOSED_ON_BOARD,
}
"""Message function codes. Source: UN/EDIFACT code list 1225 (2 addition, 3 deletion, 4 change, 5 replace, 22 final)."""
_CANCELLATION = "1"


class Bgm(NamedTuple):
    """The three elements of BGM that say what a message wants.

    Args:
        kind: document name code.
        function: document identifier.
        function_code: code of UN/EDIFACT 1225.
    """

    kind: str = ""
    function: str = ""
    function_code: str = ""


def action_of(bgm: Bgm, *, names_people: bool) -> Action:
    """Return what a message wants.

    A cancellation (code 1) that names people cancels them, and one that names nobody cancels the flight; the standard
    does not say which. A flight status that says nothing more closes the flight.

    Args:
        bgm: as listed.
        names_people: somebody is on the message.
    """
    action = _BY_FUNCTION.get(bgm.function) or _BY_CODE.get(bgm.function_code)
    if action is None and bgm.function_code == _CANCELLATION:
        action = Action.CANCEL_PEOPLE if names_people else Action.CANCEL_FLIGHT
    if action is None:
        action = Action.CLOSED if bgm.kind == STATUS_KIND else Action.LIST
    return action
