"""Chips and messages made by hand to hurt: each ends in a reason code or one refusal, and none is believed."""

from __future__ import annotations

import contextlib
import json

import pytest
from hostile_papers import KEYS, P256, files_with, judged, minted, parts
from hypothesis import example, given
from hypothesis import strategies as st
from test_minted_papers import AT, trust_of

from fairgate.errors import PapersError
from fairgate.papers.chip import passive_authentication, read_chip, read_chip_file
from fairgate.papers.chip.plain import plain_authentication, plain_part
from fairgate.papers.chip.verdicts import Genuine, NotGenuine, PassiveReason
from fairgate.papers.der import writing as der
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element
from fairgate.papers.mint import groups as write
from fairgate.papers.mint.authority import CSCA_NAME
from fairgate.papers.mint.encoding import public_key_info, signature_identifier
from fairgate.papers.mint.keys import KeyRole
from fairgate.papers.mint.messages import MessageForm, signed_message
from fairgate.papers.pki.algorithms import HashName, Scheme, SignatureAlgorithm, UnknownAlgorithm
from fairgate.papers.pki.algorithms import read_signature_algorithm as read_algorithm
from fairgate.papers.pki.arithmetic import multiply
from fairgate.papers.pki.certificate import read_certificate
from fairgate.papers.pki.curves import BY_NAME, CURVES, Curve
from fairgate.papers.pki.keys import EcKey, KeyProblem, UnusableKey, read_public_key
from fairgate.papers.pki.revocation import read_revocation_list
from fairgate.papers.pki.verifying import signature_holds
from fairgate.papers.trust.master_list import read_master_list

HUGE = 1 << 8 * 2047
"""As long as an integer may be; Python refuses to write it in digits."""
SHA256 = der.sequence(der.object_identifier("2.16.840.1.101.3.4.2.1"))


def _message(content: bytes, content_type: str = "2.23.136.1.1.1") -> bytes:
    authority = minted().authority
    form = MessageForm(
        content_type, content, (authority.signer,), CSCA_NAME, authority.signer_serial, authority.signed_at
    )
    return signed_message(form, authority.signer_key, P256)


def _object(*hashes: tuple[int, bytes], version: int = 0, hash_name: bytes = SHA256) -> bytes:
    listed = (der.sequence(der.integer(group), der.octets(digest)) for group, digest in hashes)
    return der.sequence(der.integer(version), hash_name, der.sequence(*listed))


def _hashes() -> list[tuple[int, bytes]]:
    return [(int(name[2:]), HashName.SHA256.of(held)) for name, held in minted().files.items() if name[:2] == "DG"]


def _with(security_object: bytes) -> dict[str, bytes]:
    return {**minted().files, "EF.SOD": write.security_object(_message(security_object))}


def _infos(*infos: bytes) -> bytes:
    return der.tlv(0x6E, der.set_of(*infos))


@pytest.mark.parametrize(
    "content",
    [
        der.tlv(0x75, der.tlv(0x7F61, der.integer(HUGE) + der.tlv(0x7F60, b""))),
        _infos(der.sequence(der.object_identifier("0.4.0.127.0.7.2.2.3.2.2"), der.integer(1), der.integer(HUGE))),
        _infos(der.sequence(der.object_identifier("0.4.0.127.0.7.2.2.3.2.2"), der.integer(HUGE))),
        der.tlv(0x6F, der.sequence(der.sequence(der.object_identifier("0.4.0.127.0.7.1.2"), der.integer(HUGE)),
                                   der.bits(b"\x04"))),
        write.security_object(_message(_object((1, bytes(32)), version=HUGE))),
        write.security_object(_message(_object((HUGE, bytes(32))))),
        b"\x77\x84\x7f\xff\xff\xff\x30\x80",
        b"\x77\x88" + b"\xff" * 8,
        b"\x75\x80" + b"\x30\x80" * 5000,
        b"\x60\x80\x00",
    ],
)  # fmt: skip
def test_lengths_numbers_and_depths_that_lie_end_in_words(content: bytes) -> None:
    """A version, a count or a key's number of two thousand octets is refused, not written out in digits."""
    name = {0x75: "DG2", 0x6E: "DG14", 0x6F: "DG15", 0x77: "EF.SOD", 0x60: "EF.COM"}[content[0]]
    with contextlib.suppress(PapersError):
        json.dumps(plain_part(read_chip_file(content, name=name)[1]))
    found = judged({**minted().files, name: content})
    assert isinstance(found.verdict, NotGenuine) is (name != "EF.COM")  # which nobody signs
    json.dumps(plain_authentication(found))


def test_long_versions_elsewhere_are_refused() -> None:
    """Of certificates, of master lists, and of revocation lists."""
    signed = [element.encoded for element in parts(parts(minted().authority.csca)[0].encoded)]
    longer = der.sequence(der.sequence(der.tagged(0, der.integer(HUGE)), *signed[1:]), signed[2], der.bits(b""))
    with pytest.raises(PapersError):
        read_certificate(longer)
    with pytest.raises(PapersError):
        read_master_list(_message(der.sequence(der.integer(HUGE), der.set_of()), "2.23.136.1.1.2"))
    plain = [element.encoded for element in parts(parts(minted().authority.revocation_list)[0].encoded)]
    with pytest.raises(PapersError):
        read_revocation_list(der.sequence(der.sequence(der.integer(HUGE), *plain[1:]), plain[1], der.bits(b"")))


def test_a_security_object_lists_each_group_once_and_what_is_needed() -> None:
    """The same number twice, one that no group has, none, one too few, one with another's hash."""
    hashes = _hashes()
    assert isinstance(judged(_with(_object(*hashes))).verdict, Genuine)
    for listed in ([*hashes, hashes[0]], [*hashes, (17, bytes(32))], [*hashes, (0, bytes(32))], []):
        assert judged(_with(_object(*listed))).verdict == NotGenuine((PassiveReason.SOD_UNREADABLE,))
    assert judged(_with(_object(*hashes[1:]))).verdict == NotGenuine((PassiveReason.DATA_GROUP_NOT_SIGNED,))
    swapped = [(hashes[1][0], hashes[0][1]), (hashes[0][0], hashes[1][1]), *hashes[2:]]
    assert judged(_with(_object(*swapped))).verdict == NotGenuine((PassiveReason.DATA_GROUP_CHANGED,))


def test_an_unknown_hash_covers_nothing() -> None:
    """Not even a group that is neither listed nor hashed."""
    md5 = der.sequence(der.object_identifier("1.2.840.113549.2.5"))
    found = judged({**_with(_object((1, bytes(16)), hash_name=md5)), "DG3": b"\x63\x00"})
    assert found.verdict == NotGenuine((PassiveReason.HASH_ALGORITHM_UNKNOWN,))
    assert found.covered == ()


def _signed_data(files: dict[str, bytes]) -> list[bytes]:
    """The five fields of the good passport's signed message."""
    info = parts(parts(files["EF.SOD"])[0].encoded)
    return [element.encoded for element in parts(parts(info[1].encoded)[0].encoded)]


def _wrapped(fields: list[bytes]) -> dict[str, bytes]:
    message = der.sequence(der.object_identifier("1.2.840.113549.1.7.2"), der.tagged(0, der.sequence(*fields)))
    return {**minted().files, "EF.SOD": write.security_object(message)}


def test_of_two_signers_the_first_counts() -> None:
    """A good second one does not heal a bad first one, and several are said."""
    good = _signed_data(dict(minted().files))
    signer = parts(good[4])[0].encoded
    bad = signer[:-1] + bytes([signer[-1] ^ 1])
    for first, second, genuine in ((signer, bad, True), (bad, signer, False)):
        files = _wrapped([*good[:4], der.tlv(0x31, first + second)])
        assert isinstance(judged(files).verdict, Genuine) is genuine
        assert ChipFindingCode.SEVERAL_SIGNERS in {finding.code for finding in read_chip(files).findings}


def test_attributes_in_another_order_are_the_same_attributes() -> None:
    """Put into DER they hold; one twice, or one more that was not signed, does not."""
    good = _signed_data(dict(minted().files))
    fields = [element.encoded for element in parts(parts(good[4])[0].encoded)]
    attributes = [element.encoded for element in parts(fields[3])]
    cases = (
        (attributes[::-1], True),
        ([*attributes, attributes[0]], False),
        ([*attributes, der.sequence(der.object_identifier("1.2.3"), der.set_of(der.null()))], False),
        (attributes[1:], False),
    )
    for held, genuine in cases:
        signer = der.sequence(*fields[:3], der.tlv(0xA0, b"".join(held)), *fields[4:])
        files = _wrapped([*good[:4], der.set_of(signer)])
        assert isinstance(judged(files).verdict, Genuine) is genuine, len(held)


def test_without_attributes_their_octets_are_no_content() -> None:
    """The signature over the attributes must not pass as one over a content that reads the same."""
    good = _signed_data(dict(minted().files))
    fields = [element.encoded for element in parts(parts(good[4])[0].encoded)]
    attributes = der.retagged(0x31, fields[3])
    content = der.sequence(der.object_identifier("2.23.136.1.1.1"), der.tagged(0, der.octets(attributes)))
    signer = der.sequence(*fields[:3], *fields[4:])
    files = _wrapped([*good[:2], content, good[3], der.set_of(signer)])
    assert judged(files).verdict == NotGenuine((PassiveReason.SOD_UNREADABLE,))


def test_another_digest_than_the_signers_is_said() -> None:
    """The content is hashed as the signer says, and not as the signature's algorithm does."""
    good = _signed_data(dict(minted().files))
    fields = [element.encoded for element in parts(parts(good[4])[0].encoded)]
    sha512 = der.sequence(der.object_identifier("2.16.840.1.101.3.4.2.3"))
    files = _wrapped([*good[:4], der.set_of(der.sequence(*fields[:2], sha512, *fields[3:]))])
    assert judged(files).verdict == NotGenuine((PassiveReason.MESSAGE_DIGEST_DIFFERS,))
    assert ChipFindingCode.DIGEST_ALGORITHMS_DIFFER in {finding.code for finding in read_chip(files).findings}


def _pss(hash_name: str, mask: str, salt: int, *, trailer: int = 1, generation: str = "1.2.840.113549.1.1.8") -> bytes:
    oids = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "md5": "1.2.840.113549.2.5"}
    masked = der.sequence(der.object_identifier(generation), der.sequence(der.object_identifier(oids[mask])))
    parameters = der.sequence(
        der.tagged(0, der.sequence(der.object_identifier(oids[hash_name]))),
        der.tagged(1, masked),
        der.tagged(2, der.integer(salt)),
        der.tagged(3, der.integer(trailer)),
    )
    return der.sequence(der.object_identifier("1.2.840.113549.1.1.10"), parameters)


def test_the_parameters_of_a_signature_are_what_it_is_verified_with() -> None:
    """Odd salts and masks are honoured, for they are signed; what is not implemented is unknown, and never guessed."""
    key = KEYS.of(KeyRole.CSCA, "rsa")
    for salt, mask in ((0, HashName.SHA256), (20, HashName.SHA1), (32, HashName.SHA1), (77, HashName.SHA256)):
        algorithm = SignatureAlgorithm(Scheme.RSA_PSS, HashName.SHA256, mask, salt)
        read = read_algorithm(only_element(_pss("sha256", mask.value, salt), ChipFindings("x")))
        assert read == algorithm
        signature = key.sign(b"message", algorithm)
        assert signature_holds(key.public, algorithm, b"message", signature)
        for other in (salt + 1, 222):
            wrong = SignatureAlgorithm(Scheme.RSA_PSS, HashName.SHA256, mask, other)
            assert not signature_holds(key.public, wrong, b"message", signature)
    for odd in (_pss("md5", "sha1", 20), _pss("sha256", "md5", 20), _pss("sha256", "sha256", 32, trailer=2)):
        assert isinstance(read_algorithm(only_element(odd, ChipFindings("x"))), UnknownAlgorithm)
    odd = _pss("sha256", "sha256", 32, generation="1.2.3")
    assert isinstance(read_algorithm(only_element(odd, ChipFindings("x"))), UnknownAlgorithm)
    for salt in (-1, 513, HUGE):
        with pytest.raises(PapersError):
            read_algorithm(only_element(_pss("sha256", "sha256", salt), ChipFindings("x")))
    assert signature_identifier(P256.signature)


def _explicit(curve: Curve, base: bytes) -> bytes:
    """A key with a curve's own parameters but for its base point."""
    size = curve.coordinate_bytes
    parameters = der.sequence(
        der.integer(1),
        der.sequence(der.object_identifier("1.2.840.10045.1.1"), der.integer(curve.p)),
        der.sequence(der.octets(curve.a.to_bytes(size, "big")), der.octets(curve.b.to_bytes(size, "big"))),
        der.octets(base),
        der.integer(curve.n),
        der.integer(1),
    )
    point = b"\x04" + curve.x.to_bytes(size, "big") + curve.y.to_bytes(size, "big")
    return der.sequence(der.sequence(der.object_identifier("1.2.840.10045.2.1"), parameters), der.bits(point))


@pytest.mark.parametrize("curve", CURVES, ids=[curve.name for curve in CURVES])
def test_another_generator_is_another_curve(curve: Curve) -> None:
    """Also where it is compressed and differs in its sign alone, or is written in a way that nobody uses."""
    x, size = curve.x.to_bytes(curve.coordinate_bytes, "big"), curve.coordinate_bytes
    sign = curve.y % 2
    found = read_public_key(only_element(_explicit(curve, bytes([2 + sign]) + x), ChipFindings("key")))
    assert isinstance(found, EcKey)
    assert found.curve is curve
    mirrored = (curve.p - curve.y).to_bytes(size, "big")
    own = curve.y.to_bytes(size, "big")
    for base in (bytes([3 - sign]) + x, b"\x04" + x + mirrored, b"\x06" + x + own, b"\x00" + x, b"\x02" + x + own, b""):
        found = read_public_key(only_element(_explicit(curve, base), ChipFindings("key")))
        assert found == UnusableKey(KeyProblem.UNKNOWN_CURVE, "explicit parameters")


@pytest.mark.parametrize(
    "point", [b"\x00", b"", b"\x04", b"\x04" + bytes(64), b"\x02" + b"\xff" * 32, b"\x04" + b"\xff" * 64]
)
def test_infinity_and_points_off_the_curve_are_no_keys(point: bytes) -> None:
    """Nor is zero, or a coordinate beyond the field."""
    curve = der.sequence(der.object_identifier("1.2.840.10045.2.1"), der.object_identifier("1.2.840.10045.3.1.7"))
    found = read_public_key(only_element(der.sequence(curve, der.bits(point)), ChipFindings("key")))
    assert found == UnusableKey(KeyProblem.NOT_ON_CURVE, "P-256")


TWISTS = {
    "brainpoolP256t1": (
        0x662C61C430D84EA4FE66A7733D0B76B7BF93EBC4AF2F49256AE58101FEE92B04,
        0xA3E8EB3CC1CFE7B7732213B23A656149AFA142C47AAFBC2B79A191562E1305F4,
        0x2D996C823439C56D7F7B22E14644417E69BCB6DE39D027001DABE8F35B25C9BE,
    ),
    "brainpoolP160t1": (
        0x7A556B6DAE535B7B51ED2C4D7DAA7A0B5C55F380,
        0xB199B13B9B34EFC1397E64BAEB05ACC265FF2378,
        0xADD6718B7C7C1961F0991B842443772152C9E0AD,
    ),
}
"""b and the base point. Source: RFC 5639 clauses 3.1 and 3.4."""


def test_twists_of_brainpool_are_read_by_name_and_said() -> None:
    """Their numbers are those of the standard; signatures on them are verified; each key is a finding of its own."""
    for name, numbers in TWISTS.items():
        curve = BY_NAME[name]
        assert (curve.b, curve.x, curve.y) == numbers
        assert curve.a == curve.p - 3
    twisted = [curve for curve in CURVES if curve.twisted]
    assert len(twisted) == 7
    for curve in twisted:
        findings = ChipFindings("key")
        found = read_public_key(only_element(public_key_info(EcKey(curve, (curve.x, curve.y))), findings))
        assert str(found) == curve.name
        assert ChipFindingCode.TWISTED_CURVE in {finding.code for finding in findings.collected()}


def test_a_signature_on_a_twist_holds() -> None:
    """Made here with a private key of 2: its public key is twice the base point."""
    curve = BY_NAME["brainpoolP384t1"]
    public = multiply(curve, 2, (curve.x, curve.y))
    assert public is not None
    nonce = 12345
    point = multiply(curve, nonce, (curve.x, curve.y))
    assert point is not None
    digest = int.from_bytes(HashName.SHA384.of(b"message"), "big")
    r = point[0] % curve.n
    s = pow(nonce, -1, curve.n) * (digest + 2 * r) % curve.n
    algorithm = SignatureAlgorithm(Scheme.ECDSA, HashName.SHA384)
    signature = der.sequence(der.integer(r), der.integer(s))
    assert signature_holds(EcKey(curve, public), algorithm, b"message", signature)
    assert not signature_holds(EcKey(curve, public), algorithm, b"another", signature)
    assert not signature_holds(EcKey(curve, (curve.x, curve.y)), algorithm, b"message", signature)


def test_two_faces_are_said_and_the_first_is_the_portrait() -> None:
    """Whoever adds a face to DG2 breaks its hash; a state that signs two is noted."""
    group = minted().files["DG2"]
    template = parts(parts(group)[0].encoded)[1].encoded
    twice = der.tlv(0x75, der.tlv(0x7F61, der.integer(2) + template * 2))
    chip = read_chip({**minted().files, "DG2": twice})
    assert chip.faces is not None
    assert len(chip.faces.images) == 2
    assert ChipFindingCode.SEVERAL_IMAGES in {finding.code for finding in chip.findings}
    assert judged({**minted().files, "DG2": twice}).verdict == NotGenuine((PassiveReason.DATA_GROUP_CHANGED,))
    lying = der.tlv(0x75, der.tlv(0x7F61, der.integer(1) + template * 2))
    findings = read_chip_file(lying, name="DG2")[2]
    assert ChipFindingCode.LENGTH_MISMATCH in {finding.code for finding in findings}


@pytest.mark.parametrize("length", [0, 1, 19, 20, 31, 32, 2**31, 2**32 - 1])
def test_lengths_within_a_face_record_are_not_believed(length: int) -> None:
    """An image that says that it is shorter than its head, or longer than its record."""
    group = minted().files["DG2"]
    at = group.index(b"FAC\x00") + 14
    changed = group[:at] + length.to_bytes(4, "big") + group[at + 4 :]
    findings = read_chip({**minted().files, "DG2": changed}).findings
    expected = {ChipFindingCode.LENGTH_MISMATCH, ChipFindingCode.UNREADABLE_FILE, ChipFindingCode.TRAILING_BYTES}
    assert expected & {finding.code for finding in findings}


@example(0, b"")
@given(st.integers(0, 4000), st.binary(max_size=6))
def test_any_change_to_any_file_ends_in_a_verdict(place: int, put: bytes) -> None:
    """Octets written over any file of the chip: no other exception, and genuine only if nothing that counts changed."""
    for name, content in minted().files.items():
        at = place % len(content)
        files = {**minted().files, name: content[:at] + put + content[at + len(put) :]}
        chip = read_chip(files)
        found = passive_authentication(chip, trust_of(minted()), at=AT)
        json.dumps([plain_authentication(found), *(plain_part(part) for part in (chip.com, chip.security_object))])
        if isinstance(found.verdict, Genuine):
            assert all(files[group] == minted().files[group] for group in ("DG1", "DG2"))


def test_the_good_one_is_good() -> None:
    """What everything here departs from."""
    assert isinstance(judged(files_with(minted().authority.signer)).verdict, Genuine)
