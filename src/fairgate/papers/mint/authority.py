"""The test authority: its CSCA, its document signer, its lists.

Source: ICAO Doc 9303-12 (8th ed., 2021) clauses 7.1 (certificates), 7.1.4 (revocation), 8 (master lists).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fairgate.papers.der import writing as der
from fairgate.papers.der.names import COMMON_NAME, COUNTRY, ORGANISATION, Name, name_of
from fairgate.papers.mint.breaks import BreakKind
from fairgate.papers.mint.encoding import CertificateForm, certificate, key_id, revocation_list
from fairgate.papers.mint.keys import KeyRole, Keys, MintAlgorithm, SigningKey
from fairgate.papers.mint.messages import MessageForm, signed_message
from fairgate.papers.pki.certificate import MASTER_LIST_SIGNER
from fairgate.papers.trust.countries import UTOPIA_IN_CERTIFICATES
from fairgate.papers.trust.master_list import MASTER_LIST

_CERTIFICATE_SIGN, _DIGITAL_SIGNATURE, _CERTIFICATES_AND_LISTS = 0x04, 0x80, 0x06
_YEAR = timedelta(days=365)
_FORGED = {BreakKind.CSCA_SAME_NAME, BreakKind.CSCA_NEW_KEY}
_ORGANISATION = "Fairgate test authority"


def _named(common_name: str) -> Name:
    return name_of(((COUNTRY, UTOPIA_IN_CERTIFICATES), (ORGANISATION, _ORGANISATION), (COMMON_NAME, common_name)))


CSCA_NAME, SIGNER_NAME, LIST_SIGNER_NAME = _named("CSCA Utopia"), _named("DS Utopia"), _named("ML Utopia")


@dataclass(frozen=True, slots=True)
class Authority:
    """What a test authority publishes, and the signer of one passport.

    Args:
        csca: its certificate.
        signer: the document signer's certificate.
        signer_serial: its serial number.
        signer_key: the document signer's private key.
        signed_at: when the passport is signed.
        master_list: that holds the CSCA.
        revocation_list: of the CSCA.
    """

    csca: bytes = field(repr=False)
    signer: bytes = field(repr=False)
    signer_serial: int
    signer_key: SigningKey = field(repr=False)
    signed_at: datetime
    master_list: bytes = field(repr=False)
    revocation_list: bytes = field(repr=False)


def make_authority(
    algorithm: MintAlgorithm,
    keys: Keys,
    entropy: Callable[[int], bytes],
    *,
    at: datetime,
    broken: BreakKind | None = None,
) -> Authority:
    """Return an authority whose papers are good at a time, or broken in one way.

    Args:
        algorithm: with which everything is signed.
        keys: private keys by role.
        entropy: unpredictable bytes, for serial numbers.
        at: now; aware, UTC.
        broken: what is to be wrong with certificates or lists.
    """
    signed_at = at + timedelta(days=400 if broken is BreakKind.SIGNED_IN_THE_FUTURE else -30)
    csca_key, signer_key = keys.of(KeyRole.CSCA, algorithm.key_kind), keys.of(KeyRole.SIGNER, algorithm.key_kind)
    csca_until = signed_at - timedelta(days=1) if broken is BreakKind.CSCA_EXPIRED else at + 11 * _YEAR
    csca = certificate(
        CertificateForm(
            _serial(entropy),
            CSCA_NAME,
            CSCA_NAME,
            at - 3 * _YEAR,
            csca_until,
            csca_key.public,
            key_id(csca_key.public),
            is_ca=True,
            usage=_CERTIFICATES_AND_LISTS,
        ),
        csca_key,
        algorithm,
    )
    serial = _serial(entropy)
    named = keys.of(KeyRole.OTHER_CSCA if broken is BreakKind.CSCA_NEW_KEY else KeyRole.CSCA, algorithm.key_kind)
    signing = keys.of(KeyRole.OTHER_CSCA if broken in _FORGED else KeyRole.CSCA, algorithm.key_kind)
    form = _signer_form(serial, signer_key, named, signed_at, broken)
    signer = certificate(form, signing, algorithm)
    revoked = (serial,) if broken is BreakKind.SIGNER_REVOKED else ()
    listed_until = at + timedelta(days=-1 if broken is BreakKind.REVOCATION_LIST_EXPIRED else 90)
    listed_at = at - timedelta(days=10)
    crl = revocation_list(CSCA_NAME, csca_key, algorithm, at=listed_at, until=listed_until, revoked=revoked)
    listed = () if broken is BreakKind.NO_CSCA else (csca,)
    master_list = signed_list(listed, csca, algorithm, keys, at=at, serial=_serial(entropy))
    return Authority(csca, signer, serial, signer_key, signed_at, master_list, crl)


def _signer_form(
    serial: int, signer_key: SigningKey, named: SigningKey, signed_at: datetime, broken: BreakKind | None
) -> CertificateForm:
    day = timedelta(days=1)
    start, end = signed_at - 60 * day, signed_at + 10 * _YEAR
    if broken is BreakKind.SIGNER_EXPIRED:
        end = signed_at - day
    elif broken is BreakKind.SIGNER_NOT_YET_VALID:
        start = signed_at + day
    usage = _CERTIFICATE_SIGN if broken is BreakKind.SIGNER_IS_CA else _DIGITAL_SIGNATURE
    key, issuer_key_id = signer_key.public, key_id(named.public)
    return CertificateForm(serial, CSCA_NAME, SIGNER_NAME, start, end, key, issuer_key_id, usage=usage)


def signed_list(
    listed: tuple[bytes, ...], csca: bytes, algorithm: MintAlgorithm, keys: Keys, *, at: datetime, serial: int = 1
) -> bytes:
    """Return a master list of certificates, signed by a list signer of the authority.

    Args:
        listed: the certificates.
        csca: the authority's own, which the message holds.
        algorithm: with which it is signed.
        keys: private keys by role.
        at: now; aware, UTC.
        serial: of the list signer's certificate.
    """
    csca_key, key = keys.of(KeyRole.CSCA, algorithm.key_kind), keys.of(KeyRole.LIST_SIGNER, algorithm.key_kind)
    form = CertificateForm(
        serial,
        CSCA_NAME,
        LIST_SIGNER_NAME,
        at - _YEAR,
        at + _YEAR,
        key.public,
        key_id(csca_key.public),
        extended_usage=MASTER_LIST_SIGNER,
    )
    certificates = (certificate(form, csca_key, algorithm), csca)
    content = der.sequence(der.integer(0), der.set_of(*listed))
    message = MessageForm(MASTER_LIST, content, certificates, CSCA_NAME, serial, at - timedelta(days=1))
    return signed_message(message, key, algorithm)


def _serial(entropy: Callable[[int], bytes]) -> int:
    """Return a positive serial number of 64 unpredictable bits."""
    return int.from_bytes(b"\x01" + entropy(8), "big")
