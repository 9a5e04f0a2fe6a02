"""Certificates, revocation lists and deviation lists that stand alone: told apart, read, and never believed for it."""

from __future__ import annotations

import base64
import contextlib
import json
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hostile_papers import P256, extension, minted, revocation_list, signer_with
from hypothesis import example, given
from hypothesis import strategies as st
from test_minted_papers import AT

from fairgate.errors import PapersError
from fairgate.papers.der import writing as der
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.mint.authority import CSCA_NAME
from fairgate.papers.mint.messages import MessageForm, signed_message
from fairgate.papers.pki.certificate import MASTER_LIST_SIGNER
from fairgate.papers.read_any import read_paper
from fairgate.papers.recognise import PaperKind, recognise
from fairgate.papers.trust.directory import read_directory
from fairgate.papers.trust.lone import DEVIATION_LIST, lone_kind
from fairgate.papers.trust.pem import pem_blocks

ON = date(2026, 11, 22)


def pem(label: str, content: bytes) -> bytes:
    """A block of PEM."""
    return f"-----BEGIN {label}-----\n{base64.encodebytes(content).decode()}-----END {label}-----\n".encode()


def told(content: bytes, *, on: date = ON) -> tuple[PaperKind, Any]:
    """The kind, and the facts as JSON gives them back."""
    read = read_paper(content, name="file.bin", on=on)
    return read.kind, json.loads(json.dumps(dict(read.facts)))


@cache
def deviations() -> bytes:
    """A list of deviations, signed."""
    authority = minted().authority
    form = MessageForm(
        DEVIATION_LIST,
        der.sequence(der.integer(0)),
        (authority.signer,),
        CSCA_NAME,
        authority.signer_serial,
        authority.signed_at,
    )
    return signed_message(form, authority.signer_key, P256)


@pytest.mark.parametrize("encode", [bytes, lambda der_: pem("CERTIFICATE", der_)], ids=["DER", "PEM"])
def test_a_certificate_tells_what_it_is_for(encode: Any) -> None:
    """As far as it says so itself: CSCA, document signer, signer of lists."""
    usage = extension("2.5.29.37", der.sequence(der.object_identifier(MASTER_LIST_SIGNER)))
    cases = ((minted().authority.csca, "csca"), (minted().authority.signer, "document_signer"))
    for content, role in (*cases, (signer_with(usage), "master_list_signer")):
        kind, facts = told(encode(content))
        (one,) = facts["certificates"]
        assert (kind, one["role"], one["country"]) == (PaperKind.CERTIFICATE, role, "UT")
        assert one["self_signature_holds"] is (True if role == "csca" else None)
    assert one["extended_key_usage"] == [MASTER_LIST_SIGNER]
    assert one["key_usage"] == ["digital_signature"]


def test_several_blocks_are_several_certificates() -> None:
    """With text before them; of one kind, and each whole."""
    both = b"issued by nobody\n" + pem("CERTIFICATE", minted().authority.csca)
    assert recognise(both) is not PaperKind.CERTIFICATE
    bundle = pem("CERTIFICATE", minted().authority.csca) + b"\n# the signer\n"
    bundle += pem("X509 CERTIFICATE", minted().authority.signer)
    assert [one["role"] for one in told(bundle)[1]["certificates"]] == ["csca", "document_signer"]
    mixed = bundle + pem("X509 CRL", minted().authority.revocation_list)
    for broken in (mixed, bundle[:-30], bundle.replace(b"MII", b"M!I", 1)):
        with pytest.raises(PapersError):
            told(broken)


@pytest.mark.parametrize("encode", [bytes, lambda der_: pem("X509 CRL", der_)], ids=["DER", "PEM"])
def test_a_revocation_list_tells_whom_and_how_long(encode: Any) -> None:
    """And whether it is current on the day, whole, or a list of changes."""
    entry = der.sequence(der.integer(0xCAFE), der.moment(AT))
    kind, facts = told(encode(revocation_list([], [entry])))
    (one,) = facts["revocation_lists"]
    assert (kind, one["revoked"], one["current"], one["scope"]) == (PaperKind.REVOCATION_LIST, 1, True, "whole")
    assert one["entries"] == [{"serial": "cafe", "revoked_at": AT.isoformat()}]
    (late,) = told(encode(revocation_list()), on=ON + timedelta(days=100))[1]["revocation_lists"]
    assert late["current"] is False
    delta = encode(revocation_list([extension("2.5.29.27", der.integer(1), critical=True)]))
    assert told(delta)[1]["revocation_lists"][0]["scope"] == "delta"
    findings = read_paper(delta, name="", on=ON).findings
    assert ChipFindingCode.DELTA_REVOCATION_LIST in {finding.code for finding in findings}


def test_a_list_of_deviations_is_named_and_not_used() -> None:
    """Rather than called unknown, or a master list."""
    read = read_paper(deviations(), name="", on=ON)
    assert (read.kind, read.facts["used"]) == (PaperKind.DEVIATION_LIST, False)
    assert [finding.code for finding in read.findings] == [ChipFindingCode.DEVIATION_LIST]


def test_other_papers_keep_their_kind() -> None:
    """A master list, a chip's file, and octets that only begin like one."""
    assert recognise(minted().authority.master_list) is PaperKind.MASTER_LIST
    assert recognise(minted().files["EF.SOD"]) is PaperKind.CHIP_FILE
    assert lone_kind(der.sequence(der.sequence(), der.sequence(), der.bits(b""))) is None
    assert lone_kind(b"0" * 40) is None
    assert lone_kind(pem("PRIVATE KEY", b"\x30\x00")) is None


@example(b"\x30\x80" * 50_000)
@example(b"-----BEGIN CERTIFICATE-----" * 2000)
@example(b"-----BEGIN " + b"A" * 100_000)
@given(st.binary(max_size=120).map(lambda tail: b"\x30" + tail))
def test_any_octets_are_some_kind_or_none(content: bytes) -> None:
    """And reading them ends in facts or one refusal."""
    with contextlib.suppress(PapersError):
        told(content)
    with contextlib.suppress(PapersError):
        pem_blocks(content)


@given(st.integers(0, 2), st.integers(0, 2**20), st.binary(max_size=4), st.integers(0, 4))
def test_cut_or_changed_lists_are_read_or_refused(which: int, place: int, put: bytes, left_out: int) -> None:
    """Never another exception, and always facts that JSON can hold."""
    content = (minted().authority.csca, minted().authority.revocation_list, deviations())[which]
    at = place % len(content)
    with contextlib.suppress(PapersError):
        kind, facts = told(content[:at] + put + content[at + left_out :])
        assert facts or kind


def _record(*lines: str) -> bytes:
    return "\r\n".join(("dn: c=UT,dc=data,dc=download,dc=pkd", *lines, "", "")).encode()


def test_records_that_take_away_give_nothing() -> None:
    """A deleted or modified entry is no entry; one that is added is, and so is the next without a word about it."""
    value = base64.b64encode(minted().authority.signer).decode()
    certificate = f"userCertificate;binary:: {value}"
    for change in ("delete", "modify", "modrdn", "MODDN"):
        taken = _record(f"changetype: {change}", "delete: userCertificate", certificate, "-")
        with pytest.raises(PapersError):
            read_directory(taken)
        export = read_directory(taken + _record(certificate))
        assert len(export.signers) == 1
        assert [finding.code for finding in export.findings] == [ChipFindingCode.CHANGE_RECORD]
        assert read_directory(_record("changetype: add", certificate)).findings == ()


def test_an_export_is_read_as_its_standard_folds_it() -> None:
    """Folded lines, comments that are folded too, CRLF, one colon, a pointer to a file elsewhere, deviations."""
    value = base64.b64encode(minted().authority.signer).decode()
    folded = "\r\n ".join(["userCertificate;binary:: " + value[:40], value[40:99], value[99:]])
    whole = read_directory(_record("# a comment", " that goes on: userCertificate:: AAAA", folded))
    assert whole.signers == (minted().authority.signer,)
    assert whole.findings == ()
    odd = read_directory(
        _record(folded, "userCertificate;binary:< file:///etc/passwd", "certificateRevocationList: plain")
        + _record("pkdDeviationListContent:: AAAA", "userCertificate;binary:: ====")
    )
    assert odd.signers == (minted().authority.signer,)
    codes = [finding.code for finding in odd.findings]
    assert sorted(codes) == [ChipFindingCode.DEVIATION_LIST, *[ChipFindingCode.ENTRY_UNREADABLE] * 3]
