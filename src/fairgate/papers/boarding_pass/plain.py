"""What a boarding pass says, in plain values that JSON can hold."""

from __future__ import annotations

from datetime import date

from fairgate.papers.boarding_pass.facts import BoardingPass, PassLeg
from fairgate.papers.plain_values import Plain, plain_fields


def plain_pass(read: BoardingPass, *, on: date) -> Plain:
    """Return every item of a pass, and of each leg.

    Args:
        read: the pass.
        on: the day of reading: a pass has the day of the year, and no year.
    """
    return {
        **plain_fields(read, without=("legs",)),
        "family_name": read.family_name,
        "given_names": read.given_names,
        "legs": [_leg(leg, on) for leg in read.legs],
    }


def _leg(leg: PassLeg, on: date) -> Plain:
    day = leg.flies_on(on)
    flies = {} if day is None else {"flies_on": day.isoformat()}
    return {"flight": leg.designator, **flies, **plain_fields(leg)}
