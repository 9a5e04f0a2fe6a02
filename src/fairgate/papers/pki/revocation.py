"""Certificate revocation lists.

Source: RFC 5280 (2008) clause 5; ICAO Doc 9303-12 clause 7.1.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from fairgate.errors import PapersError
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.names import Name, read_name
from fairgate.papers.der.tlv import Element, only_element
from fairgate.papers.findings import Finding
from fairgate.papers.pki.algorithms import SignatureAlgorithm, UnknownAlgorithm, read_signature_algorithm
from fairgate.papers.pki.certificate import Certificate
from fairgate.papers.pki.keys import UnusableKey
from fairgate.papers.pki.verifying import signature_holds

LONGEST_WITHOUT_A_NEW_ONE = timedelta(days=90)
"""After so long a list that does not say when the next is due is an old one. Source: ICAO Doc 9303-12 clause 5.5."""

_DELTA_INDICATOR, _DISTRIBUTION_POINT = "2.5.29.27", "2.5.29.28"
_UNDERSTOOD = {"2.5.29.20", "2.5.29.35", "2.5.29.18", "2.5.29.21", "2.5.29.24"}
"""Number, key identifier and other names of the issuer; of an entry: reason and date of invalidity."""


class ListScope(StrEnum):
    """What a list speaks of."""

    WHOLE = "whole"
    PARTIAL = "partial"
    DELTA = "delta"


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list of revoked certificates.

    Args:
        issuer: the CSCA that signed it.
        issued_at: aware, UTC.
        next_at: when the next one is due; ``None`` where not said.
        revoked: serial number → when it was revoked.
        algorithm: how the list was signed.
        signed_part: the octets that the signature covers.
        signature: octets.
        scope: ``whole``; ``partial`` where it speaks of some certificates only, or says what is not understood: whoever
            is on it is revoked, whoever is not may be on another; ``delta`` for a list of changes, which is not used.
        findings: deviations met in reading.
    """

    issuer: Name
    issued_at: datetime
    next_at: datetime | None
    revoked: Mapping[int, datetime] = field(repr=False)
    algorithm: SignatureAlgorithm | UnknownAlgorithm
    signed_part: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    scope: ListScope = ListScope.WHOLE
    findings: tuple[Finding, ...] = ()

    def current_at(self, moment: datetime) -> bool:
        """Tell whether no newer list should be there yet."""
        if self.next_at is not None:
            return moment <= self.next_at
        return moment - self.issued_at <= LONGEST_WITHOUT_A_NEW_ONE

    def signed_by(self, issuer: Certificate) -> bool:
        """Tell whether the issuer's key verifies the list's signature."""
        if isinstance(issuer.key, UnusableKey) or isinstance(self.algorithm, UnknownAlgorithm):
            return False
        return signature_holds(issuer.key, self.algorithm, self.signed_part, self.signature)


def read_revocation_list(content: bytes, *, where: str = "revocation list") -> RevocationList:
    """Read a revocation list.

    Raises:
        PapersError: a part that it needs is missing or malformed.
    """
    findings = ChipFindings(where)
    outer = values.Cursor(only_element(content, findings, tag=values.SEQUENCE, what="revocation list"))
    signed = outer.take(values.SEQUENCE, what="signed part of the list")
    algorithm = read_signature_algorithm(outer.take(values.SEQUENCE, what="signature algorithm"))
    signature = values.bits(outer.take(values.BIT_STRING, what="signature"))
    outer.finish()
    cursor = values.Cursor(signed)
    version = cursor.take_if(values.INTEGER)
    if version is not None:
        values.small(version)
    cursor.take(values.SEQUENCE, what="signature algorithm")
    issuer = read_name(cursor.take(values.SEQUENCE, what="issuer"))
    issued_at = values.moment(cursor.take(what="time of issue"))
    next_at = values.moment(cursor.take()) if cursor.peek() in {values.UTC_TIME, values.GENERALIZED_TIME} else None
    revoked: dict[int, datetime] = {}
    scope = ListScope.WHOLE
    entries = cursor.take_if(values.SEQUENCE)
    for entry in entries.children() if entries is not None else ():
        pair = values.Cursor(entry)
        serial = values.integer(pair.take(what="serial number"))
        revoked[serial] = values.moment(pair.take(what="time"))
        if (more := pair.take_if(values.SEQUENCE)) is not None and _scope(more, findings) is not ListScope.WHOLE:
            scope = ListScope.PARTIAL
    if (tagged := cursor.take_if(0xA0)) is not None:
        said = _scope(next(tagged.children(), None), findings)
        scope = said if said is not ListScope.WHOLE else scope
    cursor.finish()
    if scope is ListScope.DELTA:
        findings.note(ChipFindingCode.DELTA_REVOCATION_LIST, "The list holds changes to another one; it is not used.")
    return RevocationList(
        issuer, issued_at, next_at, revoked, algorithm, signed.encoded, signature, scope, findings.collected()
    )


def _scope(extensions: Element | None, findings: ChipFindings) -> ListScope:
    """Return what the extensions of a list or of an entry leave of its scope.

    An issuing distribution point parts a list; ICAO's profile forbids it as it forbids delta lists. What is critical
    and not understood may narrow a list in ways that nobody here can know (RFC 5280 clause 5.2).
    """
    scope = ListScope.WHOLE
    try:
        for extension in extensions.children() if extensions is not None else ():
            cursor = values.Cursor(extension)
            oid = values.object_identifier(cursor.take(what="extension"))
            critical = values.boolean(cursor.take()) if cursor.peek() == values.BOOLEAN else False
            if oid == _DELTA_INDICATOR:
                return ListScope.DELTA
            if oid == _DISTRIBUTION_POINT:
                scope = ListScope.PARTIAL
            elif critical and oid not in _UNDERSTOOD:
                text = f"A critical extension of a revocation list, {oid}, is not understood."
                findings.note(ChipFindingCode.CRITICAL_EXTENSION, text, position=extension.start)
                scope = ListScope.PARTIAL
    except PapersError as error:
        text = f"The extensions of a revocation list cannot be read: {error.public_text}"
        findings.note(ChipFindingCode.EXTENSION_UNREADABLE, text, position=error.position or 0)
        return ListScope.PARTIAL
    return scope
