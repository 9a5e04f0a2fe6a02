"""Curves, and arithmetic on them, as others compute it."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.papers.der import writing as der
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element
from fairgate.papers.mint.encoding import public_key_info
from fairgate.papers.pki.arithmetic import multiply, on_curve, uncompressed, verify_ecdsa
from fairgate.papers.pki.curves import BY_NAME, CURVES, Curve, recognised
from fairgate.papers.pki.keys import EcKey, KeyProblem, UnusableKey, read_point, read_public_key

KNOWN = {
    "P-224": ec.SECP224R1(),
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpoolP384r1": ec.BrainpoolP384R1(),
    "brainpoolP512r1": ec.BrainpoolP512R1(),
}


@pytest.mark.parametrize("curve", CURVES, ids=[curve.name for curve in CURVES])
def test_the_base_point_has_its_order(curve: Curve) -> None:
    """And lies on its curve: no digit of the table is wrong."""
    base = (curve.x, curve.y)
    assert on_curve(curve, base)
    before = multiply(curve, curve.n - 1, base)
    assert before == (curve.x, curve.p - curve.y)
    assert uncompressed(curve, curve.x, odd=bool(curve.y % 2)) == base


@pytest.mark.parametrize("name", KNOWN)
def test_multiples_and_signatures_are_those_of_cryptography(name: str) -> None:
    """A key's point, and a signature that holds only over its own message."""
    curve, private = BY_NAME[name], ec.derive_private_key(0x1234567890ABCDEF, KNOWN[name])
    public = private.public_key().public_numbers()
    point = (public.x, public.y)
    assert multiply(curve, 0x1234567890ABCDEF, (curve.x, curve.y)) == point
    r, s = decode_dss_signature(private.sign(b"message", ec.ECDSA(hashes.SHA512())))
    digest = hashlib.sha512(b"message").digest()
    assert verify_ecdsa(curve, point, digest, r, s)
    assert not verify_ecdsa(curve, point, hashlib.sha512(b"other").digest(), r, s)
    assert not verify_ecdsa(curve, point, digest, r, curve.n + s)
    assert not verify_ecdsa(curve, (curve.x, curve.y), digest, r, s)
    assert not verify_ecdsa(curve, (1, 1), digest, r, s)


@settings(max_examples=20)
@given(st.integers(1, 2**224))
def test_points_survive_compression(scalar: int) -> None:
    """On a curve whose prime makes roots hard (P-224) and on one where they are easy."""
    for curve in (BY_NAME["P-224"], BY_NAME["brainpoolP224r1"]):
        point = multiply(curve, scalar % curve.n or 1, (curve.x, curve.y))
        assert point is not None
        size = curve.coordinate_bytes
        assert read_point(curve, bytes([2 + point[1] % 2]) + point[0].to_bytes(size, "big")) == point


@pytest.mark.parametrize("curve", CURVES, ids=[curve.name for curve in CURVES])
def test_explicit_parameters_are_recognised(curve: Curve) -> None:
    """As the curve that has them all, and noted."""
    findings = ChipFindings("key")
    info = public_key_info(EcKey(curve, (curve.x, curve.y)), explicit=True)
    found = read_public_key(only_element(info, findings))
    assert found == EcKey(curve, (curve.x, curve.y))
    assert isinstance(found, EcKey)
    assert found.explicit
    assert ChipFindingCode.EXPLICIT_CURVE in {finding.code for finding in findings.collected()}


@pytest.mark.parametrize("changed", ["p", "a", "b", "x", "y", "n"])
def test_a_curve_that_differs_in_one_number_is_another(changed: str) -> None:
    """A chosen base point would let anybody sign (CVE-2020-0601)."""
    curve = BY_NAME["brainpoolP256r1"]
    numbers = {name: getattr(curve, name) for name in "pabxyn"}
    assert recognised(**numbers) is curve
    assert recognised(**{**numbers, changed: numbers[changed] + 1}) is None


def test_a_point_off_the_curve_is_no_key() -> None:
    """Nor is a curve that nobody knows."""
    curve = BY_NAME["P-256"]
    info = public_key_info(EcKey(curve, (curve.x, curve.y + 1)))
    found = read_public_key(only_element(info, ChipFindings("key")))
    assert isinstance(found, UnusableKey)
    assert found.problem is KeyProblem.NOT_ON_CURVE
    unknown = der.sequence(der.object_identifier("1.2.840.10045.2.1"), der.object_identifier("1.3.132.0.10"))
    found = read_public_key(only_element(der.sequence(unknown, der.bits(b"\x04")), ChipFindings("key")))
    assert isinstance(found, UnusableKey)
    assert found.problem is KeyProblem.UNKNOWN_CURVE


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [(2**1024, 3), (2**512 + 1, 3), (2**9000 + 1, 3), (2**2048 + 1, 2), (2**2048 + 1, 1), (2**2048 + 1, 2**65 + 1)],
)
def test_rsa_keys_that_would_cost_or_protect_nothing_are_refused(modulus: int, exponent: int) -> None:
    """Even moduli, too small or too large ones, and exponents that are even, one, or huge."""
    numbers = der.sequence(der.integer(modulus), der.integer(exponent))
    algorithm = der.sequence(der.object_identifier("1.2.840.113549.1.1.1"), der.null())
    found = read_public_key(only_element(der.sequence(algorithm, der.bits(numbers)), ChipFindings("key")))
    assert isinstance(found, UnusableKey)
    assert found.problem is KeyProblem.SIZE
