"""Certificates, signatures and revocation lists that must not be accepted, each signed by whoever may sign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hostile_papers import CSCA, KEYS, P256, extension, files_with, judged, minted, parts, revocation_list, trust_with
from hostile_papers import signer_with as signer
from hypothesis import given
from hypothesis import strategies as st
from test_minted_papers import AT

from fairgate.errors import PapersError
from fairgate.papers.chip.verdicts import Genuine, NotGenuine, PassiveReason, PassiveStep, StepOutcome
from fairgate.papers.der import writing as der
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.der.names import COMMON_NAME, COUNTRY, ORGANISATION, name_of
from fairgate.papers.mint.authority import CSCA_NAME
from fairgate.papers.mint.encoding import CertificateForm, certificate
from fairgate.papers.mint.keys import KeyRole
from fairgate.papers.pki.algorithms import Scheme, SignatureAlgorithm
from fairgate.papers.pki.certificate import MASTER_LIST_SIGNER, read_certificate
from fairgate.papers.pki.revocation import ListScope, read_revocation_list
from fairgate.papers.pki.verifying import pair_in, signature_holds
from fairgate.papers.trust.anchors import AnchorKind, account_for

KEY_USAGE = "2.5.29.15"
CERTIFICATES_AND_LISTS = 0x06
MAY_NOT_SIGN = NotGenuine((PassiveReason.SIGNER_MAY_NOT_SIGN,))


def _usage(oid: str) -> bytes:
    return extension("2.5.29.37", der.sequence(der.object_identifier(oid)))


def test_a_harmless_extension_changes_nothing() -> None:
    """An unknown one that is not critical, and a purpose that nobody knows."""
    for extra in (extension("1.2.3.4", der.null()), _usage("1.2.3.4")):
        assert isinstance(judged(files_with(signer(extra))).verdict, Genuine)


@pytest.mark.parametrize(
    "extra",
    [
        _usage(MASTER_LIST_SIGNER),
        _usage("2.23.136.1.1.8"),
        _usage("1.3.6.1.5.5.7.3.1"),
        extension("1.2.3.4", der.null(), critical=True),
        extension(KEY_USAGE, der.bits(b"\x80", 7), critical=True),
        extension("2.5.29.16", b"\x30", critical=True),
        extension("2.5.29.30", der.sequence(), critical=True),
    ],
    ids=[
        "signs master lists",
        "signs deviation lists",
        "is a server",
        "critical and unknown",
        "key usage twice",
        "critical and cut short",
        "constrained in names",
    ],
)
def test_what_a_csca_signed_for_another_purpose_signs_no_passport(extra: bytes) -> None:
    """Its signature holds, and its chain does; it is no document signer's, or says what nobody here understands."""
    assert judged(files_with(signer(extra))).verdict == MAY_NOT_SIGN


def test_names_are_compared_without_case() -> None:
    """A signer that spells its issuer's country in small letters is of that country; another name is another CSCA."""
    small = name_of(((COUNTRY, "ut"), (ORGANISATION, "fairgate  TEST authority"), (COMMON_NAME, "csca utopia")))
    found = read_certificate(signer(issuer=small))
    assert found.issuer == read_certificate(minted().authority.csca).subject
    assert found.issuer.country == "UT"


@pytest.mark.parametrize("behind", [b"\x00", b"\x30\x00", bytes(64)])
def test_a_signature_with_octets_behind_it_is_none(behind: bytes) -> None:
    """A pair of numbers, and nothing more; the same of a certificate."""
    signature = CSCA.sign(b"message", P256.signature)
    assert pair_in(signature) is not None
    assert pair_in(signature + behind) is None
    assert not signature_holds(CSCA.public, P256.signature, b"message", signature + behind)
    encoded = minted().authority.signer
    signed, identifier, bits = (element.encoded for element in parts(encoded))
    longer = der.sequence(signed, identifier, der.bits(parts(encoded)[2].content[1:] + behind))
    csca = read_certificate(minted().authority.csca)
    assert read_certificate(der.sequence(signed, identifier, bits)).signed_by(csca)
    assert not read_certificate(longer).signed_by(csca)


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (-1, 1), (1, -1), (0, 0), (2**256, 1), (2**4000, 2**4000)])
def test_numbers_out_of_range_are_no_signature(r: int, s: int) -> None:
    """Zero, negative, or beyond the order: zero would hold under any key (CVE-2022-21449)."""
    forged = der.sequence(der.integer(r), der.integer(s))
    assert not signature_holds(CSCA.public, P256.signature, b"message", forged)


def test_a_key_is_not_used_with_another_scheme() -> None:
    """RSA with a curve's identifier, a curve's key with RSA's."""
    rsa = KEYS.of(KeyRole.CSCA, "rsa").public
    assert not signature_holds(rsa, P256.signature, b"message", bytes(256))
    for scheme in (Scheme.RSA_PKCS1, Scheme.RSA_PSS):
        assert not signature_holds(CSCA.public, SignatureAlgorithm(scheme, P256.hash_name), b"message", bytes(64))


def _step(*lists: bytes) -> tuple[StepOutcome, str, set[str]]:
    found = judged(minted().files, trust_with(*lists))
    assert isinstance(found.verdict, Genuine | NotGenuine)
    (step,) = (one for one in found.steps if one.step is PassiveStep.REVOCATION)
    return step.outcome, step.code, {finding.code for finding in found.findings}


def _entry(serial: int, *extensions: bytes) -> bytes:
    more = (der.sequence(*extensions),) if extensions else ()
    return der.sequence(der.integer(serial), der.moment(AT), *more)


DELTA = extension("2.5.29.27", der.integer(1), critical=True)
PART = extension("2.5.29.28", der.sequence(der.tlv(0x81, b"\xff")), critical=True)
NUMBER = extension("2.5.29.20", der.integer(7))


def test_a_whole_list_is_checked() -> None:
    """With a number, and with a reason and a date beside an entry."""
    reason = extension("2.5.29.21", der.tlv(0x0A, b"\x01"), critical=True)
    assert _step(revocation_list([NUMBER], [_entry(5, reason)]))[:2] == (StepOutcome.PASSED, "passed")
    serial = minted().authority.signer_serial
    assert _step(revocation_list([NUMBER], [_entry(serial)]))[:2] == (StepOutcome.FAILED, "signer_revoked")


def test_a_list_of_changes_is_not_used_and_that_is_said() -> None:
    """Neither for what is on it, which may be taken back by it, nor for what is not."""
    serial = minted().authority.signer_serial
    for entries in ([], [_entry(serial)]):
        outcome, code, findings = _step(revocation_list([NUMBER, DELTA], entries))
        assert (outcome, code) == (StepOutcome.NOT_DONE, "no_revocation_list")
        assert ChipFindingCode.DELTA_REVOCATION_LIST in findings
    assert read_revocation_list(revocation_list([DELTA])).scope is ListScope.DELTA
    both = _step(revocation_list([NUMBER, DELTA]), revocation_list([NUMBER]))
    assert both[:2] == (StepOutcome.PASSED, "passed")


@pytest.mark.parametrize(
    "narrow",
    [PART, extension("2.5.29.28", der.sequence()), extension("1.2.3", der.null(), critical=True), b"\x05\x00"],
    ids=["distribution point", "not critical", "unknown", "malformed"],
)
def test_a_list_of_some_certificates_clears_nobody(narrow: bytes) -> None:
    """Whoever is on it is revoked; that somebody is not says nothing."""
    outcome, code, findings = _step(revocation_list([narrow]))
    assert (outcome, code) == (StepOutcome.NOT_DONE, "revocation_list_partial")
    assert ChipFindingCode.REVOCATION_LIST_PARTIAL in findings
    serial = minted().authority.signer_serial
    assert _step(revocation_list([narrow], [_entry(serial)]))[:2] == (StepOutcome.FAILED, "signer_revoked")


def test_an_entry_of_another_issuer_makes_a_list_partial() -> None:
    """What it says of whom is not understood, so nobody is cleared by it."""
    other = extension("2.5.29.29", der.sequence(), critical=True)
    assert _step(revocation_list([], [_entry(5, other)]))[1] == "revocation_list_partial"


def test_a_list_that_does_not_say_when_the_next_is_due_grows_old() -> None:
    """After 90 days; and a list far in the future breaks no arithmetic."""
    found = read_revocation_list(minted().authority.revocation_list)
    assert found.current_at(AT)
    fields = [element.encoded for element in parts(parts(minted().authority.revocation_list)[0].encoded)]
    for issued, current in ((AT - timedelta(days=90), True), (AT - timedelta(days=91), False)):
        plain = der.sequence(*fields[:3], der.moment(issued))
        encoded = der.sequence(plain, fields[1], der.bits(b""))
        assert read_revocation_list(encoded).current_at(AT) is current
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert read_revocation_list(der.sequence(der.sequence(*fields[:3], der.moment(last)), fields[1], der.bits(b"")))


@given(st.integers(0, 2**16 * 8 - 1).map(lambda bit: bit % (8 * len(minted().authority.signer))))
def test_no_flipped_bit_leaves_a_certificate_signed(bit: int) -> None:
    """Every octet is covered: read as another certificate, refused, or no longer signed."""
    encoded = bytearray(minted().authority.signer)
    encoded[bit // 8] ^= 1 << bit % 8
    try:
        found = read_certificate(bytes(encoded))
    except PapersError:
        return
    if found.signed_by(read_certificate(minted().authority.csca)):
        original = read_certificate(minted().authority.signer)
        assert found.signed_part == original.signed_part


def test_a_list_of_one_name_over_and_over_is_refused_in_time() -> None:
    """Each certificate names a key that none has, so that every other would be tried: the square of their number."""
    other = KEYS.of(KeyRole.OTHER_CSCA, "P-256")
    csca = read_certificate(minted().authority.csca)
    start, end = csca.not_before, csca.not_after
    listed = [
        certificate(
            CertificateForm(
                number,
                CSCA_NAME,
                CSCA_NAME,
                start,
                end,
                CSCA.public,
                bytes(20),
                is_ca=True,
                usage=CERTIFICATES_AND_LISTS,
            ),
            other,
            P256,
        )
        for number in range(1, 81)
    ]
    assert all(one.kind is AnchorKind.LINK_FROM_ABSENT for one in account_for(listed[:20]).anchors)
    with pytest.raises(PapersError, match="trials"):
        account_for(listed)
