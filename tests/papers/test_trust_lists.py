"""Master lists and directory exports: every certificate accounted for, and nobody believed without a signature."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.der import writing as der
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.names import COMMON_NAME, COUNTRY, name_of
from fairgate.papers.der.tlv import only_element
from fairgate.papers.mint.authority import Authority, make_authority
from fairgate.papers.mint.encoding import CertificateForm, certificate, key_id
from fairgate.papers.mint.keys import ALGORITHMS, KeyRole
from fairgate.papers.pki.certificate import read_certificate
from fairgate.papers.pki.cms import SignatureCheck
from fairgate.papers.pki.keys import EcKey
from fairgate.papers.pki.revocation import read_revocation_list
from fairgate.papers.trust.anchors import AnchorKind, SetAsideReason, account_for
from fairgate.papers.trust.countries import certificate_countries, known_certificate_countries
from fairgate.papers.trust.directory import read_directory
from fairgate.papers.trust.master_list import ListTrust, MasterList, read_master_list
from fairgate.papers.trust.store import trust_store
from fairgate.services.mint_papers import DrawnKeys

AT = datetime(2026, 11, 22, tzinfo=UTC)
ALGORITHM = ALGORITHMS["ecdsa-p256"]
KEYS = DrawnKeys()
OTHER_KEY = KEYS.of(KeyRole.OTHER_CSCA, "P-256").public
GERMAN_LIST = "DE_ML_2026-05-28.ml"


@cache
def authority() -> Authority:
    """A test authority."""
    return make_authority(ALGORITHM, KEYS, lambda size: hashlib.shake_256(b"trust").digest(size), at=AT)


def listed(country: str = "UT", **changes: Any) -> bytes:
    """A CSCA's certificate, self-signed but for the changes."""
    parts = [(COMMON_NAME, "CSCA")] if not country else [(COUNTRY, country), (COMMON_NAME, "CSCA")]
    key = KEYS.of(KeyRole.CSCA, "P-256")
    name = name_of(parts)
    form = CertificateForm(1, name, name, AT, AT, key.public, key_id(key.public), is_ca=True, usage=0x06)
    return certificate(replace(form, **changes), key, ALGORITHM)


@pytest.fixture(scope="module")
def german(shared_data: Path) -> MasterList:
    """The German master list, read once."""
    return read_master_list((shared_data / "icao" / GERMAN_LIST).read_bytes())


def test_the_german_list_is_accounted_for(german: MasterList) -> None:
    """All 588 certificates: 580 anchors, and eight link certificates that are no CA's by their own word."""
    accounting = german.accounting
    assert german.total == 588 == len(accounting.anchors) + len(accounting.set_aside)
    assert Counter(one.reason for one in accounting.set_aside) == {SetAsideReason.NOT_A_CA: 8}
    assert Counter(anchor.kind for anchor in accounting.anchors) == {
        AnchorKind.SELF_SIGNED: 375,
        AnchorKind.LINK: 193,
        AnchorKind.LINK_FROM_ABSENT: 12,
    }
    countries = trust_store(accounting.anchors).countries
    assert len(countries) == 112
    assert countries <= known_certificate_countries()
    assert not trust_store(accounting.anchors).imaginary
    explicit = [
        one for one in accounting.anchors if isinstance(one.certificate.key, EcKey) and one.certificate.key.explicit
    ]
    assert len(explicit) > 100


def test_the_german_list_is_signed_and_can_be_pinned(german: MasterList, shared_data: Path) -> None:
    """Its signer chains to the CSCA that the message holds; whom the operator names by fingerprint is believed."""
    content = (shared_data / "icao" / GERMAN_LIST).read_bytes()
    found = german
    assert (found.trust, found.check) == (ListTrust.CONSISTENT, SignatureCheck.HOLDS)
    assert found.signed_at == datetime(2026, 5, 28, 6, 28, 45, tzinfo=UTC)
    anchors_of_germany = [one.certificate for one in found.accounting.anchors if one.country == "DE"]
    pinned = frozenset(one.sha256 for one in anchors_of_germany)
    assert read_master_list(content, pinned=pinned).trust is ListTrust.PINNED
    damaged = bytearray(content)
    damaged[len(damaged) // 2] ^= 1
    assert read_master_list(bytes(damaged)).trust is ListTrust.SIGNATURE_INVALID


def test_a_minted_list_and_its_pin() -> None:
    """Believed where its CSCA is named, and not where another is."""
    content = authority().master_list
    assert read_master_list(content).trust is ListTrust.CONSISTENT
    pin = hashlib.sha256(authority().csca).hexdigest()
    assert read_master_list(content, pinned={pin}).trust is ListTrust.PINNED
    assert read_master_list(content, pinned={"00" * 32}).trust is ListTrust.CONSISTENT


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x30\x03\x02\x01\x00", SetAsideReason.MALFORMED),
        (listed(country=""), SetAsideReason.NO_COUNTRY),
        (listed(is_ca=False), SetAsideReason.NOT_A_CA),
        (listed(usage=0x80), SetAsideReason.NOT_A_CA),
        (
            listed(key=OTHER_KEY, issuer_key_id=key_id(OTHER_KEY)),
            SetAsideReason.SELF_SIGNATURE_INVALID,
        ),
    ],
    ids=lambda value: value.value if isinstance(value, SetAsideReason) else "",
)
def test_what_cannot_anchor_is_set_aside_with_its_reason(content: bytes, reason: SetAsideReason) -> None:
    """Beside one that can, and its duplicate."""
    good = listed()
    found = account_for([good, content, good])
    assert [anchor.certificate.encoded for anchor in found.anchors] == [good]
    assert [(one.number, one.reason) for one in found.set_aside] == [(2, reason), (3, SetAsideReason.DUPLICATE)]


def test_a_certificate_with_needless_parameters_is_used() -> None:
    """Austria, Japan and the Emirates write NULL after ECDSA; strict readers lose six of their certificates."""
    good = listed()
    oid = der.object_identifier("1.2.840.10045.4.3.2")
    signed = next(iter(_children(good)))
    assert good.count(oid) == 2
    padded = signed.replace(der.sequence(oid), der.sequence(oid, der.null()))
    inner = der.sequence(padded[4:] if padded[1] == 0x82 else padded[3:])
    key = KEYS.of(KeyRole.CSCA, "P-256")
    whole = der.sequence(inner, der.sequence(oid, der.null()), der.bits(key.sign(inner, ALGORITHM.signature)))
    found = account_for([whole])
    assert [anchor.kind for anchor in found.anchors] == [AnchorKind.SELF_SIGNED]
    assert {finding.code for finding in found.findings} == {ChipFindingCode.ALGORITHM_PARAMETERS}


def _children(content: bytes) -> list[bytes]:
    return [child.encoded for child in only_element(content, ChipFindings("test")).children()]


def test_a_directory_export_gives_its_parts() -> None:
    """Folded lines, comments and attributes of no interest; each value once."""
    made = authority()

    def entry(attribute: str, content: bytes) -> str:
        written = f"{attribute}:: {base64.b64encode(content).decode()}"
        return "\n ".join(written[at : at + 70] for at in range(0, len(written), 70))

    ldif = "\n".join(
        (
            "# an export",
            "dn: c=UT,dc=data,dc=download,dc=pkd",
            "objectClass: inetOrgPerson",
            entry("userCertificate;binary", made.signer),
            entry("userCertificate;binary", made.signer),
            entry("certificateRevocationList;binary", made.revocation_list),
            "",
            entry("pkdMasterListContent", made.master_list),
            "userCertificate;binary:: not base 64",
            "",
        )
    ).encode()
    found = read_directory(ldif)
    assert found.signers == (made.signer,)
    assert found.revocation_lists == (made.revocation_list,)
    assert found.master_lists == (made.master_list,)
    assert {finding.code for finding in found.findings} == {ChipFindingCode.ENTRY_UNREADABLE}
    signer = read_certificate(found.signers[0])
    store = trust_store(signers=[signer], revocation_lists=map(read_revocation_list, found.revocation_lists))
    assert store.signers[signer.issuer, signer.serial] is signer
    with pytest.raises(PapersError):
        read_directory(b"dn: c=UT\n")


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_list_ends_in_a_value_or_one_error(data: st.DataObject) -> None:
    """And one that was changed anywhere within what is signed is refused."""
    content = bytearray(authority().master_list)
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    found: MasterList | None
    try:
        found = read_master_list(bytes(content))
    except PapersError as error:
        position = error.position
        found = None
    else:
        position = 0
    assert position is None or 0 <= position <= len(content)
    if found is None:
        return
    unchanged = read_master_list(authority().master_list)
    same = [one.certificate.encoded for one in unchanged.accounting.anchors]
    assert found.trust.refused or [one.certificate.encoded for one in found.accounting.anchors] == same


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_list_or_one_error(content: bytes) -> None:
    """Of each kind."""
    for reader in (read_master_list, read_directory, read_certificate, read_revocation_list):
        with pytest.raises(PapersError):
            reader(content)


def test_countries_of_zones_and_certificates() -> None:
    """Three letters and two, and those that differ."""
    for issuer, country in (("D<<", "DE"), ("UTO", "UT"), ("GBN", "GB"), ("EUE", "EU"), ("UNO", "UN"), ("USA", "US")):
        assert country in certificate_countries(issuer)
    assert certificate_countries("CHN") == {"CN", "HK", "MO"}
    assert certificate_countries("RKS") >= {"KS"}
    assert certificate_countries("QQQ") == frozenset()
    assert len(known_certificate_countries()) > 250
