"""DG14 and DG15: which protocols the chip speaks, and with which keys.

Source: ICAO Doc 9303-11 (8th ed., 2021) clauses 6.1 and 9.2; BSI TR-03110-3 (v2.21) annex A.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairgate.papers.chip.files import TAG_OF_GROUP
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import Element, only_element
from fairgate.papers.pki.algorithms import SignatureAlgorithm, UnknownAlgorithm, signature_algorithm
from fairgate.papers.pki.keys import PublicKey, UnusableKey, read_public_key

_MOST_INFOS = 100
_PUBLIC_KEYS = {"0.4.0.127.0.7.2.2.1.1", "0.4.0.127.0.7.2.2.1.2"}
_ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"


class KeyAgreement(StrEnum):
    """Ways of agreeing on a key."""

    DH = "dh"
    ECDH = "ecdh"


class SessionCipher(StrEnum):
    """Ciphers of secure messaging."""

    TRIPLE_DES = "3des"
    AES_128 = "aes_128"
    AES_192 = "aes_192"
    AES_256 = "aes_256"


CHIP_AUTHENTICATION_OIDS = {
    f"0.4.0.127.0.7.2.2.3.{family}.{variant}": (agreement, cipher)
    for family, agreement in ((1, KeyAgreement.DH), (2, KeyAgreement.ECDH))
    for variant, cipher in enumerate(SessionCipher, start=1)
}
_OTHERS = {
    "0.4.0.127.0.7.2.2.2": "terminal authentication",
    "0.4.0.127.0.7.2.2.4": "PACE",
    "0.4.0.127.0.7.2.2.5": "restricted identification",
    "0.4.0.127.0.7.2.2.6": "card information",
    "2.23.136.1.1.6": "document types",
    "2.23.136.1.1.4": "EF.DIR",
}


@dataclass(frozen=True, slots=True)
class ChipAuthenticationInfo:
    """The chip speaks chip authentication.

    Args:
        agreement: of the key.
        cipher: of the session that follows.
        key_id: which public key; ``None`` where there is one only.
    """

    agreement: KeyAgreement
    cipher: SessionCipher
    key_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChipPublicKey:
    """A public key for chip authentication.

    Args:
        key: usable or not.
        key_id: its number; ``None`` where there is one only.
    """

    key: PublicKey | UnusableKey
    key_id: int | None = None


@dataclass(frozen=True, slots=True)
class SecurityInfos:
    """What DG14 says.

    Args:
        chip_authentication: the protocol's variants.
        public_keys: for it.
        active_authentication: the signature algorithm where it is ECDSA; ``None`` where DG14 names none.
        others: names or object identifiers of what else is said.
    """

    chip_authentication: tuple[ChipAuthenticationInfo, ...]
    public_keys: tuple[ChipPublicKey, ...]
    active_authentication: SignatureAlgorithm | UnknownAlgorithm | None
    others: tuple[str, ...]

    def key_of(self, info: ChipAuthenticationInfo) -> PublicKey | UnusableKey | None:
        """Return the public key that goes with a variant of chip authentication, or ``None`` where there is none."""
        if info.key_id is None and len(self.public_keys) == 1:
            return self.public_keys[0].key
        return next((one.key for one in self.public_keys if one.key_id == info.key_id), None)


def read_security_infos(content: bytes, findings: ChipFindings) -> SecurityInfos:
    """Read DG14.

    Raises:
        PapersError: it is cut short, something else, or an entry is malformed.
    """
    outer = only_element(content, findings, tag=TAG_OF_GROUP[14], what="DG14")
    protocols: list[ChipAuthenticationInfo] = []
    keys: list[ChipPublicKey] = []
    active: SignatureAlgorithm | UnknownAlgorithm | None = None
    others: dict[str, None] = {}
    for count, info in enumerate(values.Cursor(outer).take(values.SET, what="security infos").children()):
        if count == _MOST_INFOS:
            raise info.refuse(f"DG14 has more than {_MOST_INFOS} entries.")
        cursor = values.Cursor(info)
        oid = values.object_identifier(cursor.take(what="protocol"))
        if oid in _PUBLIC_KEYS:
            key = read_public_key(cursor.take(values.SEQUENCE, what="public key"))
            keys.append(ChipPublicKey(key, _key_id(cursor)))
        elif oid in CHIP_AUTHENTICATION_OIDS:
            values.small(cursor.take(what="version"))
            protocols.append(ChipAuthenticationInfo(*CHIP_AUTHENTICATION_OIDS[oid], _key_id(cursor)))
        elif oid == _ACTIVE_AUTHENTICATION:
            values.small(cursor.take(what="version"))
            active = signature_algorithm(values.object_identifier(cursor.take(what="signature algorithm")))
        else:
            others[_other(oid, info, findings)] = None
    return SecurityInfos(tuple(protocols), tuple(keys), active, tuple(others))


def read_active_key(content: bytes, findings: ChipFindings) -> PublicKey | UnusableKey:
    """Read DG15, the public key of active authentication.

    Raises:
        PapersError: it is cut short or something else.
    """
    outer = only_element(content, findings, tag=TAG_OF_GROUP[15], what="DG15")
    return read_public_key(values.Cursor(outer).take(values.SEQUENCE, what="public key"))


def _key_id(cursor: values.Cursor) -> int | None:
    return values.small(cursor.take()) if cursor.peek() == values.INTEGER else None


def _other(oid: str, info: Element, findings: ChipFindings) -> str:
    for prefix, name in _OTHERS.items():
        if oid == prefix or oid.startswith(f"{prefix}."):
            return name
    text = f"DG14 names a protocol, {oid}, that is not known."
    findings.note(ChipFindingCode.UNKNOWN_SECURITY_INFO, text, position=info.start)
    return oid
