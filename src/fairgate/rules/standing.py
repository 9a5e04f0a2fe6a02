"""A traveller's standing towards the rulebook's state, as far as what is listed of them shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Status, Traveller

_STATE_CODE = re.compile(r"[A-Z]{3}|D")
_UNSPECIFIED = frozenset({"XXX", "UNK", "UNO", "UNA", "XXU"})
"""Codes that name no nationality: XXX is unspecified, UNO and UNA are issuers. Source: ICAO Doc 9303-3 section 5."""


def status_of(rulebook: Rulebook, traveller: Traveller, further_nationalities: Iterable[str] = ()) -> Status:
    """Return whether a traveller is the state's citizen, its national, a resident, an alien, or not known to be any.

    The reading that protects more wins: one nationality of the state among several, or one citizen's document that it
    issued, is enough for a citizen; then one code of its nationals, then one resident's document. Without a nationality
    that names a state nobody is taken for an alien.

    Args:
        rulebook: names the state's codes and the kinds of document that only citizens hold.
        traveller: as listed.
        further_nationalities: those known from elsewhere than the list, e.g. a chip.
    """
    state = rulebook.state
    listed = (traveller.nationality, *traveller.further_nationalities, *further_nationalities)
    nationalities = [code.strip().upper() for code in listed]
    issued = [
        document.kind.strip().upper()
        for document in traveller.documents
        if document.issuer.strip().upper() in state.codes
    ]
    is_resident = [kind.startswith(state.resident_document_kinds) for kind in issued]
    is_citizens = [kind.startswith(state.citizen_document_kinds) for kind in issued]
    if not state.codes.isdisjoint(nationalities):
        return Status.CITIZEN
    if any(citizens and not resident for citizens, resident in zip(is_citizens, is_resident, strict=True)):
        return Status.CITIZEN
    if not state.national_codes.isdisjoint(nationalities):
        return Status.NATIONAL
    if any(is_resident):
        return Status.PERMANENT_RESIDENT
    if any(_STATE_CODE.fullmatch(code) and code not in _UNSPECIFIED for code in nationalities):
        return Status.ALIEN
    return Status.UNKNOWN


def is_member(rulebook: Rulebook, traveller: Traveller) -> bool:
    """Return whether a traveller is known to be a member of a programme of trusted travellers."""
    kinds = rulebook.state.member_document_kinds
    return traveller.trusted_traveller or any(
        document.kind.strip().upper().startswith(kinds) for document in traveller.documents
    )
