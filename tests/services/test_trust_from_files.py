"""Whom to believe: every kind of file that names them, and the refusal of whatever is none."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from chip_room import NOW, mint, zone
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import TrustRefused
from fairgate.outside.trust_files import read_trust_files
from fairgate.papers.chip import passive_authentication, read_chip
from fairgate.papers.chip.verdicts import Genuine
from fairgate.papers.mint.breaks import BreakKind
from fairgate.papers.mint.keys import ALGORITHMS
from fairgate.papers.mint.passport import MintOrder, mint_passport
from fairgate.papers.trust.master_list import ListTrust
from fairgate.services.mint_papers import DrawnKeys
from fairgate.services.trust_from_files import TrustFileKind, trust_from_files, without_imaginary_state

PHOTO = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x50\x00\x40\x03" + bytes(300) + b"\xff\xd9"


def _pem(kind: str, content: bytes) -> bytes:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(content).decode()}-----END {kind}-----\n".encode()


def _ldif(**attributes: bytes) -> bytes:
    lines = "".join(f"{name}:: {base64.b64encode(value).decode()}\n" for name, value in attributes.items())
    return f"dn: c=UT,dc=data,dc=download\n{lines}\n".encode()


def test_every_kind_of_file_is_believed() -> None:
    """List, certificate, revocation list and export, in DER and PEM; a chip is genuine with each that has its CSCA."""
    authority = mint().authority
    files = {
        "list.ml": authority.master_list,
        "csca.cer": authority.csca,
        "csca.pem": _pem("CERTIFICATE", authority.csca),
        "export.ldif": _ldif(**{"pkdMasterListContent;binary": authority.master_list}),
    }
    for name, content in files.items():
        trust = trust_from_files({name: content}).store
        assert isinstance(passive_authentication(read_chip(mint().files), trust, at=NOW).verdict, Genuine), name


def test_what_each_file_gave_is_told() -> None:
    """A certificate in a file of its own pins the list that chains to it; a signer anchors nothing."""
    authority = mint().authority
    loaded = trust_from_files(
        {
            "list.ml": authority.master_list,
            "csca.cer": authority.csca,
            "signer.cer": authority.signer,
            "revoked.pem": _pem("X509 CRL", authority.revocation_list),
        }
    )
    told = {one.name: one for one in loaded.files}
    assert {name: one.kind for name, one in told.items()} == {
        "list.ml": TrustFileKind.MASTER_LIST,
        "csca.cer": TrustFileKind.CERTIFICATE,
        "signer.cer": TrustFileKind.CERTIFICATE,
        "revoked.pem": TrustFileKind.REVOCATION_LIST,
    }
    assert told["list.ml"].lists == (ListTrust.PINNED,)
    assert told["signer.cer"].anchors == 0
    assert len(loaded.store.signers) == 1
    assert len(loaded.store.revocation_lists) == 1
    alone = trust_from_files({"list.ml": authority.master_list})
    assert alone.files[0].lists == (ListTrust.CONSISTENT,)


def test_a_signer_of_its_own_stands_in_for_one_that_the_chip_lacks() -> None:
    """The security object names its signer; the trust holds the certificate."""
    broken = mint(broken=BreakKind.SIGNER_ABSENT)
    chip = read_chip(broken.files)
    files = {"list.ml": broken.authority.master_list}
    lacking = trust_from_files(files)
    assert not isinstance(passive_authentication(chip, lacking.store, at=NOW).verdict, Genuine)
    whole = trust_from_files({**files, "signer.cer": broken.authority.signer})
    assert isinstance(passive_authentication(chip, whole.store, at=NOW).verdict, Genuine)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"read me", "is no master list"),
        (b"", "is no master list"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB", "cut short"),
        (b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----", "base 64"),
        (b"dn: c=UT\nuserCertificate;binary: plain\n", "cannot be read"),
    ],
)
def test_a_file_that_is_none_of_these_is_refused(content: bytes, words: str) -> None:
    """By name, even beside a good one: a list that is quietly missing would turn real passports away."""
    with pytest.raises(TrustRefused) as refused:
        trust_from_files({"good.ml": mint().authority.master_list, "other": content})
    assert words in refused.value.public_text
    assert "other" in refused.value.public_text


def test_a_list_that_was_changed_is_refused() -> None:
    """One bit of its signature, and one cut short; in an export it gives nothing."""
    good = mint().authority.master_list
    changed = good[:-1] + bytes([good[-1] ^ 1])
    for content in (changed, good[:-40]):
        with pytest.raises(TrustRefused, match=r"list\.ml"):
            trust_from_files({"list.ml": content})
    with pytest.raises(TrustRefused, match="No certificate"):
        trust_from_files({"export.ldif": _ldif(cscaMasterListData=changed)})


def test_a_list_of_a_named_country_chains_to_what_was_named() -> None:
    """A list that vouches only for itself is no longer believed once its country's certificate lies beside it."""
    own = mint().authority
    other = mint_passport(
        MintOrder(zone(), PHOTO, ALGORITHMS["ecdsa-p256"], NOW), DrawnKeys(2048), os.urandom
    ).authority
    believed = trust_from_files({"list.ml": own.master_list, "csca.cer": own.csca})
    assert believed.files[-1].lists == (ListTrust.PINNED,)
    with pytest.raises(TrustRefused, match="does not chain"):
        trust_from_files({"list.ml": other.master_list, "csca.cer": own.csca})
    export = _ldif(**{"pkdMasterListContent;binary": other.master_list})
    loaded = trust_from_files({"export.ldif": export, "csca.cer": own.csca})
    assert [anchor.certificate.encoded for anchor in loaded.store.anchors_of("UT")] == [own.csca]


def test_a_list_of_deviations_is_refused_by_name() -> None:
    """It is no list of anchors, and passing over it would look as if it counted."""
    head = bytes.fromhex("30820100") + bytes.fromhex("0606678108010107")
    with pytest.raises(TrustRefused, match="list of deviations"):
        trust_from_files({"list.ml": mint().authority.master_list, "deviations.dl": head})


def test_without_a_csca_nothing_can_be_verified() -> None:
    """Revocation lists and signers alone anchor nothing."""
    with pytest.raises(TrustRefused, match="No certificate"):
        trust_from_files({"revoked.crl": mint().authority.revocation_list, "signer.cer": mint().authority.signer})


def test_the_imaginary_state_can_be_left_out() -> None:
    """Its anchors go; everybody else's, signers and revocation lists stay."""
    authority = mint().authority
    loaded = trust_from_files({"list.ml": authority.master_list, "revoked.crl": authority.revocation_list})
    less = without_imaginary_state(loaded.store)
    assert (loaded.store.imaginary, less.imaginary) == (True, False)
    assert less.anchors == {}
    assert less.revocation_lists == loaded.store.revocation_lists
    assert without_imaginary_state(less) is less


def test_the_german_list_is_believed_whole(shared_data: Path) -> None:
    """Every certificate is an anchor or set aside, and none is of an imaginary state."""
    path = shared_data / "icao" / "DE_ML_2026-05-28.ml"
    loaded = trust_from_files(read_trust_files([path], None))
    (told,) = loaded.files
    assert (told.anchors, len(told.set_aside)) == (580, 8)
    assert not loaded.store.imaginary
    assert without_imaginary_state(loaded.store) is loaded.store


@given(st.one_of(st.binary(max_size=300), st.integers(0, 1200).map(lambda at: mint().authority.master_list[:at])))
def test_any_bytes_are_believed_or_refused(content: bytes) -> None:
    """Never another exception, whatever stands in the folder."""
    with pytest.raises(TrustRefused):
        trust_from_files({"file": content})
