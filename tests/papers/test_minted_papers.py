"""Minted passports: good ones are genuine, and each broken one is named by the code that its way of breaking has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice

import pytest
from asn1crypto import cms, core
from cryptography import x509

from fairgate.errors import PapersError
from fairgate.papers.chip import passive_authentication, read_chip, read_chip_file
from fairgate.papers.chip.chip_authentication import ChipAuthentication
from fairgate.papers.chip.exchange_file import RecordedExchanges
from fairgate.papers.chip.face_image import FaceFormat
from fairgate.papers.chip.key_proof import prove_keys
from fairgate.papers.chip.plain import plain_authentication, plain_part, plain_verdict
from fairgate.papers.chip.security_infos import SessionCipher
from fairgate.papers.chip.verdicts import Genuine, NoCsca, NotGenuine, PassiveReason, Undecided, Verdict
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.mint.breaks import NAMED_BY, BreakKind
from fairgate.papers.mint.groups import common_data
from fairgate.papers.mint.keys import ALGORITHMS, MintAlgorithm
from fairgate.papers.mint.passport import MintedPassport, MintOrder, mint_passport
from fairgate.papers.pki.algorithms import HashName
from fairgate.papers.pki.revocation import read_revocation_list
from fairgate.papers.trust.countries import is_imaginary
from fairgate.papers.trust.master_list import ListTrust, read_master_list
from fairgate.papers.trust.plain import plain_master_list
from fairgate.papers.trust.store import TrustStore, trust_store
from fairgate.services.mint_papers import DrawnKeys

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08\x02\x13\x01\x9d\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    + bytes(range(256)) * 3
    + b"\xff\xd9"
)
JPEG_2000 = (
    b"\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjp2 \x00\x00\x00\x00jp2 "
    b"\x00\x00\x00\x1ejp2h\x00\x00\x00\x16ihdr\x00\x00\x02\x13\x00\x00\x01\x9d\x00\x03\x07\x07\x00\x00" + bytes(600)
)
HARMLESS = {ChipFindingCode.EXPLICIT_CURVE, ChipFindingCode.WEAK_HASH}

ALSO = {BreakKind.CHIP_CLONED: {ChipAuthentication.CHECKSUM_WRONG}}
"""A clone fails both ways of asking."""


def counted() -> Callable[[int], bytes]:
    """Bytes that nobody drew: the same in every run."""
    state = {"count": 0}

    def entropy(size: int) -> bytes:
        state["count"] += 1
        return hashlib.shake_256(state["count"].to_bytes(8, "big")).digest(size)

    return entropy


@pytest.fixture(scope="module")
def keys() -> DrawnKeys:
    """Drawn once: finding RSA primes takes longer than everything else here."""
    return DrawnKeys(2048)


def orders(broken: Iterator[BreakKind | None], count: int) -> Iterator[MintOrder]:
    """Every algorithm in turn, with zones, photos, formats and ciphers in other rhythms."""
    kinds = zip(
        cycle(ALGORITHMS.values()),
        cycle((TD3, TD3, TD1)),
        cycle((JPEG, JPEG_2000)),
        cycle((FaceFormat.ISO_19794_5, FaceFormat.ISO_39794_5, FaceFormat.ISO_39794_5)),
        cycle(SessionCipher),
        broken,
        strict=False,
    )
    for algorithm, zone, photo, face_format, cipher, kind in islice(kinds, count):
        yield MintOrder(zone, photo, algorithm, AT, face_format, cipher, kind)


def trust_of(minted: MintedPassport) -> TrustStore:
    """The trust that the authority's own lists give."""
    listed = read_master_list(minted.authority.master_list)
    assert listed.trust is ListTrust.CONSISTENT
    assert listed.findings == () or {finding.code for finding in listed.findings} <= HARMLESS
    crl = read_revocation_list(minted.authority.revocation_list)
    return trust_store(listed.accounting.anchors, revocation_lists=[crl])


def read(minted: MintedPassport) -> tuple[Verdict, set[str]]:
    """The verdict, and every code that reading gives beyond what good papers of any algorithm have."""
    chip = read_chip(minted.files)
    found = passive_authentication(chip, trust_of(minted), at=AT)
    codes = {finding.code for finding in (*chip.findings, *found.findings)} - HARMLESS
    codes |= {step.code for step in found.steps if not step.ok}
    proofs = prove_keys(chip, found, RecordedExchanges(minted.active, minted.chip), (minted.challenge,))
    codes |= {proof.code for proof in proofs if not proof.ok}
    return found.verdict, codes


def assert_good(order: MintOrder, keys: DrawnKeys) -> None:
    """Everything holds, and nothing is found."""
    minted = mint_passport(order, keys, counted())
    verdict, codes = read(minted)
    assert isinstance(verdict, Genuine), (order.algorithm.name, codes)
    assert verdict.imaginary
    assert verdict.revocation_checked
    assert codes == set()


def assert_named(order: MintOrder, keys: DrawnKeys) -> None:
    """The code that its break has is among those found, and the verdict is of the kind that goes with it."""
    assert order.broken is not None
    verdict, codes = read(mint_passport(order, keys, counted()))
    named = NAMED_BY[order.broken]
    assert named in codes, (order.broken, order.algorithm.name, codes)
    if isinstance(verdict, NotGenuine):
        assert verdict.reasons == (named,)
    elif isinstance(verdict, NoCsca):
        assert verdict.reason == named
        assert verdict.country == "UT"
    else:
        assert not isinstance(verdict, Undecided)
        assert codes <= {named, ChipFindingCode.COM_AND_SOD_DIFFER, *ALSO.get(order.broken, ())}


@pytest.mark.parametrize("order", list(orders(cycle([None]), len(ALGORITHMS))), ids=list(ALGORITHMS))
def test_a_good_paper_of_every_algorithm_is_genuine(order: MintOrder, keys: DrawnKeys) -> None:
    """And its exchanges hold."""
    assert_good(order, keys)


@pytest.mark.parametrize("order", list(orders(iter(BreakKind), len(BreakKind))), ids=list(BreakKind))
def test_every_way_of_breaking_is_named(order: MintOrder, keys: DrawnKeys) -> None:
    """By one code, and only the step concerned fails."""
    assert_named(order, keys)


@pytest.mark.slow
def test_a_hundred_good_and_a_hundred_broken_papers(keys: DrawnKeys) -> None:
    """Of every algorithm, all told right."""
    for order in orders(cycle([None]), 100):
        assert_good(order, keys)
    for order in orders(cycle(BreakKind), 100):
        assert_named(order, keys)


def test_every_way_of_breaking_has_a_name() -> None:
    """The table that users see is complete."""
    assert set(NAMED_BY) == set(BreakKind)


READ_BY_OTHERS = [one for one in ALGORITHMS.values() if not one.explicit and one.hash_name is not HashName.SHA1]


@pytest.mark.parametrize("algorithm", READ_BY_OTHERS, ids=[one.name for one in READ_BY_OTHERS])
def test_other_readers_accept_what_is_minted(algorithm: MintAlgorithm, keys: DrawnKeys) -> None:
    """The cryptography package chains signer to CSCA, and asn1crypto reads the security object to its last octet."""
    minted = mint_passport(MintOrder(TD3, JPEG, algorithm, AT), keys, counted())
    csca = x509.load_der_x509_certificate(minted.authority.csca)
    signer = x509.load_der_x509_certificate(minted.authority.signer)
    signer.verify_directly_issued_by(csca)
    crl = x509.load_der_x509_crl(minted.authority.revocation_list)
    assert crl.issuer == csca.subject
    wrapper = core.Any.load(minted.files["EF.SOD"], strict=True)
    info = cms.ContentInfo.load(wrapper.contents, strict=True)
    signed = info["content"]["signer_infos"][0]["signed_attrs"]
    named = {attribute["type"].native for attribute in signed}
    assert named == {"content_type", "message_digest", "signing_time"}


def test_only_utopia_is_minted(keys: DrawnKeys) -> None:
    """A zone of a real state, or of an odd length, is refused."""
    algorithm = ALGORITHMS["ecdsa-p256"]
    for zone, position in ((TD3.replace("UTO", "D<<"), 2), (TD3[:-1], 0)):
        with pytest.raises(PapersError) as refused:
            mint_passport(MintOrder(zone, JPEG, algorithm, AT), keys, counted())
        assert refused.value.position == position
    with pytest.raises(PapersError):
        mint_passport(MintOrder(TD3, b"no image", algorithm, AT), keys, counted())


def test_a_store_with_minted_trust_says_so(keys: DrawnKeys) -> None:
    """A production rulebook can refuse it."""
    minted = mint_passport(MintOrder(TD3, JPEG, ALGORITHMS["ecdsa-p256"], AT), keys, counted())
    assert trust_of(minted).imaginary
    assert not trust_store().imaginary
    assert is_imaginary("UTO")
    assert is_imaginary("ut")
    assert not is_imaginary("UA")


def test_a_group_dropped_from_the_unsigned_list_is_found(keys: DrawnKeys) -> None:
    """Taking DG15 out of EF.COM, so that nobody asks for active authentication, does not hide it."""
    minted = mint_passport(MintOrder(TD3, JPEG, ALGORITHMS["ecdsa-p256"], AT), keys, counted())
    files = dict(minted.files)
    files["EF.COM"] = common_data({1, 2, 14})
    del files["DG15"]
    codes = {finding.code for finding in read_chip(files).findings}
    assert {ChipFindingCode.COM_AND_SOD_DIFFER, ChipFindingCode.LISTED_NOT_READ} <= codes


@pytest.mark.parametrize("kind", [None, BreakKind.DG1_CHANGED, BreakKind.NO_CSCA, BreakKind.SOD_MISSING])
def test_what_is_told_is_plain(kind: BreakKind | None, keys: DrawnKeys) -> None:
    """JSON holds it, with verdict, steps and facts, and no image."""
    minted = mint_passport(MintOrder(TD3, JPEG, ALGORITHMS["ecdsa-p256"], AT, broken=kind), keys, counted())
    found = passive_authentication(read_chip(minted.files), trust_of(minted), at=AT)
    told = json.loads(json.dumps(plain_authentication(found)))
    expected = {None: "genuine", BreakKind.DG1_CHANGED: "not_genuine", BreakKind.NO_CSCA: "no_csca"}
    assert told["verdict"] == expected.get(kind, "not_genuine")
    assert [step["number"] for step in told["steps"]] == [1, 2, 3, 4, 5, 6, 7]
    facts = {name: plain_part(read_chip_file(content, name=name)[1]) for name, content in minted.files.items()}
    assert JPEG.hex()[:40] not in json.dumps(facts)
    assert facts["DG1"]["issuer"] == "UTO"
    listed = plain_master_list(read_master_list(minted.authority.master_list))
    assert json.loads(json.dumps(listed))["certificates"] == (0 if kind is BreakKind.NO_CSCA else 1)


def test_what_cannot_be_decided_is_told_apart(keys: DrawnKeys) -> None:
    """A zone that cannot be read leaves the issuing state open."""
    minted = mint_passport(MintOrder(TD3, JPEG, ALGORITHMS["ecdsa-p256"], AT), keys, counted())
    chip = replace(read_chip(minted.files), mrz=None)
    verdict = passive_authentication(chip, trust_of(minted), at=AT).verdict
    assert verdict == Undecided((PassiveReason.MRZ_UNREADABLE,))
    assert plain_verdict(verdict) == {"verdict": "undecided", "reasons": ["mrz_unreadable"]}
