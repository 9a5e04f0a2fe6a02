"""Passenger-list messages for tests, of people who are known by letter."""

from __future__ import annotations

FLIGHT = "TDT+20+FG0420'LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'"


def message(
    minute: int,
    function: str,
    *people: str,
    flight: str = FLIGHT,
    bgm: str = "BGM+745",
    nationality: str = "GBR",
    series: str = "",
    named: bool = True,
    reference: str = "",
    booked: str = "",
) -> bytes:
    """Return an interchange with one message about people who are known by letter, e.g. ``"FL:A"``.

    Args:
        minute: of preparation; the later message counts.
        function: document identifier, e.g. ``"XR"`` to cancel people.
        people: role and letter; ``"FL:A2"`` is A with another passport.
        flight: segments that name it.
        bgm: how the message begins.
        nationality: of everybody in it.
        series: put before the passports' numbers.
        named: with the carrier's reference for each person.
        reference: of the interchange; by default the minute says it.
        booked: further segments for each person, in which ``{letter}`` is theirs.
    """
    body = f"{bgm}+{function}'" if function else f"{bgm}'"
    body += flight
    for one in people:
        role, _, who = one.partition(":")
        letter = who[0]
        day = 1 + ord(letter) % 28
        body += f"NAD+{role}+++DOE:{letter}'ATT+2++F'DTM+329:8001{day:02d}'NAT+2+{nationality}'"
        body += f"RFF+ABO:{letter}'" if named else ""
        body += booked.format(letter=letter)
        body += f"DOC+P:110:111+{series}X{who}'LOC+91+{nationality}'"
    segments = body.count("'") + 2
    own = reference or f"I{minute}"
    return (
        f"UNA:+.? 'UNB+UNOA:4+FG:ZZ+TVS:ZZ+261122:09{minute:02d}+{own}++APIS'"
        f"UNH+M{minute}+PAXLST:D:02B:UN:IATA'"
        f"{body}UNT+{segments}+M{minute}'UNZ+1+{own}'"
    ).encode("ascii")
