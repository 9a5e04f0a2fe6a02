"""The trust that a chip is verified against: CSCAs by country, document signers, revocation lists.

Immutable: a newer list makes a newer store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fairgate.papers.der.names import Name
from fairgate.papers.pki.certificate import Certificate
from fairgate.papers.pki.revocation import RevocationList
from fairgate.papers.trust.anchors import TrustAnchor
from fairgate.papers.trust.countries import is_imaginary


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Whom to believe.

    Args:
        anchors: CSCA certificates by two-letter country code.
        signers: document signers by issuer and serial number, for security objects that lack theirs.
        revocation_lists: by the issuing CSCA's name; their signatures are checked when they are used.
    """

    anchors: Mapping[str, tuple[TrustAnchor, ...]] = field(repr=False)
    signers: Mapping[tuple[Name, int], Certificate] = field(repr=False)
    revocation_lists: Mapping[Name, tuple[RevocationList, ...]] = field(repr=False)

    @property
    def countries(self) -> frozenset[str]:
        """Return the countries that have an anchor."""
        return frozenset(self.anchors)

    @property
    def imaginary(self) -> bool:
        """Tell whether an anchor is of an imaginary state; a production rulebook refuses such a store."""
        return any(is_imaginary(country) for country in self.anchors)

    def anchors_of(self, country: str) -> tuple[TrustAnchor, ...]:
        """Return the anchors of a country, by its two-letter code."""
        return self.anchors.get(country.upper(), ())


def trust_store(
    anchors: Iterable[TrustAnchor] = (),
    *,
    signers: Iterable[Certificate] = (),
    revocation_lists: Iterable[RevocationList] = (),
) -> TrustStore:
    """Return a store of what is given; the same certificate given twice is kept once."""
    by_country: dict[str, dict[bytes, TrustAnchor]] = {}
    for anchor in anchors:
        by_country.setdefault(anchor.country, {}).setdefault(anchor.certificate.encoded, anchor)
    by_issuer: dict[Name, dict[bytes, RevocationList]] = {}
    for one in revocation_lists:
        by_issuer.setdefault(one.issuer, {}).setdefault(one.signed_part, one)
    return TrustStore(
        {country: tuple(found.values()) for country, found in by_country.items()},
        {(signer.issuer, signer.serial): signer for signer in signers},
        {issuer: tuple(found.values()) for issuer, found in by_issuer.items()},
    )
