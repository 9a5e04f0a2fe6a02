"""Recorded exchanges of active and chip authentication."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from fairgate.papers.chip.active import ActiveAuthentication, verify_active_authentication
from fairgate.papers.chip.chip_authentication import (
    ChipAuthentication,
    RecordedExchange,
    response_checksum,
    retail_mac,
    session_keys,
    shared_secret,
    verify_chip_authentication,
)
from fairgate.papers.chip.security_infos import ChipAuthenticationInfo, KeyAgreement, SessionCipher
from fairgate.papers.der import writing as der
from fairgate.papers.pki.algorithms import HashName, Scheme, SignatureAlgorithm, UnknownAlgorithm
from fairgate.papers.pki.curves import BY_NAME
from fairgate.papers.pki.keys import DhKey, EcKey, KeyProblem, RsaKey, UnusableKey

CHALLENGE = bytes(range(8))


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateNumbers:
    """As small as the passports' keys get."""
    return rsa.generate_private_key(65537, 1024).private_numbers()


def _answer(private: rsa.RSAPrivateNumbers, name: str, trailer: bytes, *, header: int = 0x6A) -> bytes:
    size = 128
    digest_bytes = hashlib.new(name).digest_size
    recovered = bytes(range(100, 100 + size - 1 - digest_bytes - len(trailer)))
    digest = hashlib.new(name, recovered + CHALLENGE).digest()
    block = bytes([header]) + recovered + digest + trailer
    modulus = private.public_numbers.n
    return pow(int.from_bytes(block, "big"), private.d, modulus).to_bytes(size, "big")


@pytest.mark.parametrize(
    ("name", "trailer"),
    [
        ("sha1", b"\xbc"),
        ("sha1", b"\x33\xcc"),
        ("sha224", b"\x38\xcc"),
        ("sha256", b"\x34\xcc"),
        ("sha384", b"\x36\xcc"),
        ("sha512", b"\x35\xcc"),
    ],
)
def test_signatures_with_message_recovery(private: rsa.RSAPrivateNumbers, name: str, trailer: bytes) -> None:
    """Every hash that a trailer can name; the complement of a signature is as good."""
    numbers = private.public_numbers
    key = RsaKey(numbers.n, numbers.e)
    answer = _answer(private, name, trailer)
    assert verify_active_authentication(key, CHALLENGE, answer) is ActiveAuthentication.ANSWER_HOLDS
    complement = (numbers.n - int.from_bytes(answer, "big")).to_bytes(128, "big")
    assert verify_active_authentication(key, CHALLENGE, complement) is ActiveAuthentication.ANSWER_HOLDS
    assert verify_active_authentication(key, bytes(8), answer) is ActiveAuthentication.ANSWER_WRONG
    assert verify_active_authentication(key, bytes(7), answer) is ActiveAuthentication.CHALLENGE_MALFORMED
    assert verify_active_authentication(key, CHALLENGE, answer[1:]) is ActiveAuthentication.ANSWER_MALFORMED


def test_answers_of_another_form_are_malformed(private: rsa.RSAPrivateNumbers) -> None:
    """An unknown header or trailer is no signature of the scheme."""
    key = RsaKey(private.public_numbers.n, private.public_numbers.e)
    for answer in (_answer(private, "sha256", b"\x34\xcc", header=0x60), _answer(private, "sha256", b"\x99\xcc")):
        assert verify_active_authentication(key, CHALLENGE, answer) is ActiveAuthentication.ANSWER_MALFORMED


@given(st.binary(max_size=200))
def test_any_answer_ends_in_a_value(answer: bytes) -> None:
    """Of RSA and of curves."""
    curve = BY_NAME["P-256"]
    for key in (RsaKey(2**1023 + 1155, 65537), EcKey(curve, (curve.x, curve.y))):
        found = verify_active_authentication(key, CHALLENGE, answer)
        assert found is not ActiveAuthentication.ANSWER_HOLDS


def test_an_unusable_key_and_an_unknown_algorithm_are_told() -> None:
    """Apart from a wrong answer."""
    unusable = UnusableKey(KeyProblem.UNKNOWN_CURVE)
    assert verify_active_authentication(unusable, CHALLENGE, b"") is ActiveAuthentication.KEY_UNUSABLE
    curve = BY_NAME["P-256"]
    key = EcKey(curve, (curve.x, curve.y))
    for algorithm in (UnknownAlgorithm("1.2.3"), SignatureAlgorithm(Scheme.RSA_PSS, HashName.SHA256)):
        found = verify_active_authentication(key, CHALLENGE, bytes(64), algorithm=algorithm)
        assert found is ActiveAuthentication.ALGORITHM_UNKNOWN


def test_the_checksum_is_that_of_the_standard_example() -> None:
    """Source: ICAO Doc 9303-11, worked example of secure messaging."""
    key = bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8")
    message = bytes.fromhex("887022120C06C2270CA4020C800000008709016375432908C044F6" + "8000000000")
    assert retail_mac(key, message).hex().upper() == "BF8B92D635FF24F8"


def test_session_keys_are_those_of_the_standard_example() -> None:
    """But for the parity bits, which DES leaves unused. Source: ICAO Doc 9303-11, worked example of key derivation."""
    keys = session_keys(bytes.fromhex("239AB9CB282DAF66231DC5A4DF6BFBAE"), SessionCipher.TRIPLE_DES)
    for made, written in (
        (keys.encryption, "AB94FDECF2674FDFB9B391F85D7F76F2"),
        (keys.authentication, "7962D9ECE03D1ACD4C76089DCE131543"),
    ):
        assert [octet >> 1 for octet in made] == [octet >> 1 for octet in bytes.fromhex(written)]


@pytest.mark.parametrize("cipher", list(SessionCipher))
def test_chip_and_terminal_agree(cipher: SessionCipher) -> None:
    """The chip computes with its private key what the verifier does with the terminal's."""
    chip, terminal = ec.derive_private_key(4711, ec.BrainpoolP256R1()), ec.derive_private_key(815, ec.BrainpoolP256R1())
    secret = chip.exchange(ec.ECDH(), terminal.public_key())
    numbers = chip.public_key().public_numbers()
    key = EcKey(BY_NAME["brainpoolP256r1"], (numbers.x, numbers.y))
    assert shared_secret(key, 815) == secret
    status = der.tlv(0x99, b"\x90\x00")
    checksum = response_checksum(session_keys(secret, cipher).authentication, cipher, 2, status)
    response = status + der.tlv(0x8E, checksum) + b"\x90\x00"
    info = ChipAuthenticationInfo(KeyAgreement.ECDH, cipher)
    exchange = RecordedExchange(815, response)
    assert verify_chip_authentication(key, info, exchange) is ChipAuthentication.CHECKSUM_HOLDS
    for wrong in (RecordedExchange(816, response), RecordedExchange(815, response, 3)):
        assert verify_chip_authentication(key, info, wrong) is ChipAuthentication.CHECKSUM_WRONG
    for private_key in (0, -1, key.curve.n):
        found = verify_chip_authentication(key, info, RecordedExchange(private_key, response))
        assert found is ChipAuthentication.TERMINAL_KEY_MALFORMED


@given(st.binary(max_size=60))
def test_any_response_ends_in_a_value(response: bytes) -> None:
    """Of curves and of Diffie-Hellman."""
    curve = BY_NAME["brainpoolP224r1"]
    info = ChipAuthenticationInfo(KeyAgreement.ECDH, SessionCipher.AES_128)
    diffie_hellman = ChipAuthenticationInfo(KeyAgreement.DH, SessionCipher.TRIPLE_DES)
    keys = ((EcKey(curve, (curve.x, curve.y)), info), (DhKey(2**1024 + 643, 2, 12345), diffie_hellman))
    for key, variant in keys:
        other = diffie_hellman if variant is info else info
        exchange = RecordedExchange(7, response)
        assert verify_chip_authentication(key, other, exchange) is ChipAuthentication.KEY_UNUSABLE
        found = verify_chip_authentication(key, variant, exchange)
        assert found in {ChipAuthentication.RESPONSE_MALFORMED, ChipAuthentication.CHECKSUM_WRONG}
