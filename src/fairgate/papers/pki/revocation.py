"""Certificate revocation lists.

Source: RFC 5280 (2008) clause 5; ICAO Doc 9303-12 clause 7.1.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindings
from fairgate.papers.der.names import Name, read_name
from fairgate.papers.der.tlv import only_element
from fairgate.papers.findings import Finding
from fairgate.papers.pki.algorithms import SignatureAlgorithm, UnknownAlgorithm, read_signature_algorithm
from fairgate.papers.pki.certificate import Certificate
from fairgate.papers.pki.keys import UnusableKey
from fairgate.papers.pki.verifying import signature_holds


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
        findings: deviations met in reading.
    """

    issuer: Name
    issued_at: datetime
    next_at: datetime | None
    revoked: Mapping[int, datetime] = field(repr=False)
    algorithm: SignatureAlgorithm | UnknownAlgorithm
    signed_part: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()

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
        values.integer(version)
    cursor.take(values.SEQUENCE, what="signature algorithm")
    issuer = read_name(cursor.take(values.SEQUENCE, what="issuer"))
    issued_at = values.moment(cursor.take(what="time of issue"))
    next_at = values.moment(cursor.take()) if cursor.peek() in {values.UTC_TIME, values.GENERALIZED_TIME} else None
    revoked: dict[int, datetime] = {}
    entries = cursor.take_if(values.SEQUENCE)
    for entry in entries.children() if entries is not None else ():
        pair = values.Cursor(entry)
        serial = values.integer(pair.take(what="serial number"))
        revoked[serial] = values.moment(pair.take(what="time"))
    cursor.take_if(0xA0)
    cursor.finish()
    return RevocationList(
        issuer, issued_at, next_at, revoked, algorithm, signed.encoded, signature, findings.collected()
    )
