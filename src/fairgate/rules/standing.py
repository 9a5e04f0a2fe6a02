"""A traveller's standing towards the rulebook's state."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Status, Traveller

_STATE_CODE = re.compile(r"[A-Z]{3}|D")
_UNSPECIFIED = frozenset({"XXX", "UNK", "UNO", "UNA", "XXU"})
"""Codes that name no nationality: XXX is unspecified, UNO and UNA are issuers. Source: ICAO Doc 9303-3 section 5."""


def status_of(rulebook: Rulebook, traveller: Traveller, further_nationalities: Iterable[str] = ()) -> Status:
    """Return whether a traveller is the state's citizen, an alien, or not known to be either.

    The reading that protects a citizen wins: one nationality of the state among several, or one citizen's document that
    it issued, is enough. Without a nationality that names a state nobody is taken for an alien.

    Args:
        rulebook: names the state's codes and the kinds of document that only citizens hold.
        traveller: as listed.
        further_nationalities: those known from elsewhere than the list, e.g. a chip.
    """
    state = rulebook.state
    listed = (traveller.nationality, *traveller.further_nationalities, *further_nationalities)
    nationalities = [code.strip().upper() for code in listed]
    if not state.codes.isdisjoint(nationalities):
        return Status.CITIZEN
    for document in traveller.documents:
        is_citizens = document.kind.strip().upper().startswith(state.citizen_document_kinds)
        if is_citizens and document.issuer.strip().upper() in state.codes:
            return Status.CITIZEN
    if any(_STATE_CODE.fullmatch(code) and code not in _UNSPECIFIED for code in nationalities):
        return Status.ALIEN
    return Status.UNKNOWN
