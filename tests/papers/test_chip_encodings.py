"""Security objects as states really write them: open lengths, strings in pieces, attributes out of order or absent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from fairgate.papers.chip import PassiveAuthentication, passive_authentication, read_chip
from fairgate.papers.chip.verdicts import Genuine, NotGenuine, PassiveReason
from fairgate.papers.der import values, writing
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import Element, only_element
from fairgate.papers.mint.keys import ALGORITHMS, KeyRole
from fairgate.papers.mint.passport import MintedPassport, MintOrder, mint_passport
from fairgate.papers.mint.specimen import specimen_zone
from fairgate.papers.pki.certificate import read_certificate
from fairgate.papers.trust.anchors import account_for
from fairgate.papers.trust.store import TrustStore, trust_store
from fairgate.services.mint_papers import DrawnKeys

AT = datetime(2026, 11, 22, tzinfo=UTC)
KEYS = DrawnKeys()
ALGORITHM = ALGORITHMS["ecdsa-p256"]
PHOTO = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x50\x00\x40\x03" + bytes(30) + b"\xff\xd9"


@cache
def minted() -> MintedPassport:
    """A good paper."""
    order = MintOrder(specimen_zone(AT.date()), PHOTO, ALGORITHM, AT)
    return mint_passport(order, KEYS, lambda size: hashlib.shake_256(b"forms").digest(size))


def trust() -> TrustStore:
    """Its CSCA."""
    return trust_store(account_for([minted().authority.csca]).anchors)


def judged(security_object: bytes, believed: TrustStore | None = None) -> tuple[PassiveAuthentication, set[str]]:
    """The verdict on the chip with another security object, and the findings' codes."""
    files: Mapping[str, bytes] = {**minted().files, "EF.SOD": security_object}
    chip = read_chip(files)
    found = passive_authentication(chip, believed or trust(), at=AT)
    return found, {finding.code for finding in (*chip.findings, *found.findings)}


def root() -> Element:
    """The message within EF.SOD."""
    outer = only_element(minted().files["EF.SOD"], ChipFindings("test"))
    return next(outer.children())


def opened(tag: int, *parts: bytes) -> bytes:
    """An element of open length."""
    return writing.tlv(tag, b"")[:-1] + b"\x80" + b"".join(parts) + b"\x00\x00"


def parts_of(element: Element) -> list[Element]:
    return list(element.children())


def rebuilt(signers: bytes | None = None, certificates: bytes | None = None, *, pieces: bool = False) -> bytes:
    """The security object with open lengths, and other parts where they are given."""
    oid, tagged = parts_of(root())
    version, digests, content, held, signer_set = parts_of(parts_of(tagged)[0])
    kind, wrapped = parts_of(content)
    octets = parts_of(wrapped)[0].content
    if pieces:
        halves = (octets[:50], octets[50:])
        inner = opened(0x24, *(writing.octets(half) for half in halves))
    else:
        inner = writing.octets(octets)
    message = opened(
        values.SEQUENCE,
        version.encoded,
        digests.encoded,
        opened(values.SEQUENCE, kind.encoded, opened(0xA0, inner)),
        held.encoded if certificates is None else certificates,
        signer_set.encoded if signers is None else signers,
    )
    return writing.tlv(0x77, opened(values.SEQUENCE, oid.encoded, opened(0xA0, message)))


def signer_parts() -> list[bytes]:
    """Version, name, digest, attributes, algorithm and signature of the signer."""
    signer_set = parts_of(parts_of(parts_of(root())[1])[0])[4]
    return [part.encoded for part in parts_of(parts_of(signer_set)[0])]


def test_open_lengths_and_strings_in_pieces_change_nothing() -> None:
    """The signature is over what is said, not over how its wrapping is written."""
    found, codes = judged(rebuilt(pieces=True))
    assert isinstance(found.verdict, Genuine)
    assert {ChipFindingCode.INDEFINITE_LENGTH, ChipFindingCode.CONSTRUCTED_STRING} <= codes


@pytest.mark.parametrize("signed_as_written", [True, False])
def test_attributes_out_of_order_are_put_in_order(signed_as_written: bool) -> None:
    """Whether they were signed in DER, as the standard says, or as they are written."""
    parts = signer_parts()
    attributes = only_element(parts[3], ChipFindings("test"))
    reversed_parts = b"".join(part.encoded for part in reversed(parts_of(attributes)))
    parts[3] = writing.tlv(0xA0, reversed_parts)
    if signed_as_written:
        key = KEYS.of(KeyRole.SIGNER, "P-256")
        parts[5] = writing.octets(key.sign(writing.tlv(values.SET, reversed_parts), ALGORITHM.signature))
    found, codes = judged(rebuilt(writing.set_of(writing.sequence(*parts))))
    assert isinstance(found.verdict, Genuine)
    assert ChipFindingCode.SIGNED_ATTRIBUTES_ORDER in codes


def test_a_signature_over_the_content_itself_holds() -> None:
    """Without attributes there is no signing time; the time of inspection counts."""
    parts = signer_parts()
    content = parts_of(parts_of(parts_of(parts_of(root())[1])[0])[2])[1]
    octets = parts_of(content)[0].content
    parts[5] = writing.octets(KEYS.of(KeyRole.SIGNER, "P-256").sign(octets, ALGORITHM.signature))
    del parts[3]
    found, codes = judged(rebuilt(writing.set_of(writing.sequence(*parts))))
    assert isinstance(found.verdict, Genuine)
    assert {ChipFindingCode.NO_SIGNED_ATTRIBUTES, ChipFindingCode.NO_SIGNING_TIME} <= codes


def test_a_signer_from_the_directory_stands_in_for_one_left_out() -> None:
    """A security object need not hold its signer's certificate where the directory has it."""
    signer = read_certificate(minted().authority.signer)
    without = rebuilt(certificates=b"")
    found, _ = judged(without)
    assert found.verdict == NotGenuine((PassiveReason.SIGNER_CERTIFICATE_MISSING,))
    anchors = account_for([minted().authority.csca]).anchors
    found, _ = judged(without, trust_store(anchors, signers=[signer]))
    assert isinstance(found.verdict, Genuine)


def test_a_signer_may_be_named_by_its_key() -> None:
    """As well as by issuer and serial number."""
    signer = read_certificate(minted().authority.signer)
    assert signer.extensions.subject_key_id is not None
    parts = signer_parts()
    parts[1] = writing.tlv(0x80, signer.extensions.subject_key_id)
    found, _ = judged(rebuilt(writing.set_of(writing.sequence(*parts))))
    assert isinstance(found.verdict, Genuine)


def test_a_csca_with_another_key_does_not_verify() -> None:
    """Whatever its name and key identifier say."""
    anchors = account_for([minted().authority.csca]).anchors
    other = KEYS.of(KeyRole.OTHER_CSCA, "P-256").public
    forged = replace(anchors[0], certificate=replace(anchors[0].certificate, key=other))
    found, _ = judged(minted().files["EF.SOD"], trust_store([forged]))
    assert found.verdict == NotGenuine((PassiveReason.SIGNER_NOT_SIGNED_BY_CSCA,))
