"""Public keys, read from SubjectPublicKeyInfo within limits that keep their use cheap.

Source: ICAO Doc 9303-12 clause 4.4.1 (named curves and explicit parameters); RFC 3279 clause 2.3; BSI TR-03111 clause
5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fairgate.errors import PapersError
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.der.tlv import Element
from fairgate.papers.pki.arithmetic import Point, on_curve, uncompressed
from fairgate.papers.pki.curves import BY_NAME as CURVES_BY_NAME
from fairgate.papers.pki.curves import BY_OID, STANDARD_DOMAIN_PARAMETERS, Curve, recognised

SMALLEST_RSA_BITS, LARGEST_RSA_BITS = 1024, 8192
LARGEST_RSA_EXPONENT_BITS = 64
"""Together with the modulus this bounds the time of one verification to milliseconds."""
WEAK_RSA_BITS, WEAK_CURVE_BITS = 2048, 224
"""Below these a key is noted as weak. Source: ICAO Doc 9303-12 clause 4.4 tables."""
LARGEST_DH_BITS = 4096

RSA_OID, RSA_PSS_KEY_OID, EC_OID = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.10045.2.1"
_RSA_OIDS = {RSA_OID, RSA_PSS_KEY_OID}
_EC_OIDS = {EC_OID, "1.3.132.1.12"}
_DH_OIDS = {"1.2.840.113549.1.3.1", "1.2.840.10046.2.1"}
_STANDARD_PARAMETERS_OID = "0.4.0.127.0.7.1.2"
_PRIME_FIELD = "1.2.840.10045.1.1"


@dataclass(frozen=True, slots=True)
class RsaKey:
    """An RSA public key.

    Args:
        modulus: odd, of 1024 to 8192 bits.
        exponent: odd, at least 3, of at most 64 bits.
        only_pss: the key's identifier allows RSA-PSS alone.
    """

    modulus: int = field(repr=False)
    exponent: int
    only_pss: bool = False

    def __str__(self) -> str:
        """Return e.g. ``"RSA 3072"``."""
        return f"RSA {self.modulus.bit_length()}"


@dataclass(frozen=True, slots=True)
class EcKey:
    """A public key on a named curve.

    Args:
        curve: the curve.
        point: on it.
        explicit: the key came with the curve's parameters in place of its name; the key is the same.
    """

    curve: Curve
    point: Point = field(repr=False)
    explicit: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        """Return e.g. ``"brainpoolP256r1"``."""
        return self.curve.name


@dataclass(frozen=True, slots=True)
class DhKey:
    """A Diffie-Hellman public key, for chip authentication.

    Args:
        p: prime modulus, of at most 4096 bits.
        g: generator.
        y: public value.
    """

    p: int = field(repr=False)
    g: int = field(repr=False)
    y: int = field(repr=False)

    def __str__(self) -> str:
        """Return e.g. ``"DH 2048"``."""
        return f"DH {self.p.bit_length()}"


class KeyProblem(StrEnum):
    """Why a public key cannot be used."""

    UNKNOWN_KIND = "unknown_key_kind"
    UNKNOWN_CURVE = "unknown_curve"
    NOT_ON_CURVE = "point_not_on_curve"
    SIZE = "key_size"
    MALFORMED = "key_malformed"


@dataclass(frozen=True, slots=True)
class UnusableKey:
    """A public key that cannot be used.

    Args:
        problem: why.
        detail: the object identifier or size concerned.
    """

    problem: KeyProblem
    detail: str = ""

    def __str__(self) -> str:
        """Return problem and detail."""
        return f"{self.problem} {self.detail}".strip()


PublicKey = RsaKey | EcKey | DhKey


def read_public_key(element: Element) -> PublicKey | UnusableKey:
    """Return the key of a SubjectPublicKeyInfo; explicit parameters and weak sizes are noted.

    Raises:
        PapersError: the outer structure is malformed.
    """
    cursor = values.Cursor(element)
    algorithm = values.Cursor(cursor.take(values.SEQUENCE, what="key algorithm"))
    content = values.bits(cursor.take(values.BIT_STRING, what="public key"))
    cursor.finish()
    oid = values.object_identifier(algorithm.take(what="key algorithm"))
    parameters = algorithm.take() if algorithm.peek() is not None else None
    try:
        if oid in _RSA_OIDS:
            return _rsa(element, content, only_pss=oid == RSA_PSS_KEY_OID)
        if oid in _EC_OIDS and parameters is not None:
            return _ec(element, parameters, content)
        if oid == _STANDARD_PARAMETERS_OID and parameters is not None:
            return _standard(element, parameters, content)
        if oid in _DH_OIDS and parameters is not None:
            return _dh(element, parameters, content)
    except PapersError as error:
        return UnusableKey(KeyProblem.MALFORMED, error.public_text)
    return UnusableKey(KeyProblem.UNKNOWN_KIND, oid)


def read_point(curve: Curve, content: bytes) -> Point | None:
    """Return the point that octets encode (SEC 1 clause 2.3.4), or ``None`` where it is not on the curve."""
    size = curve.coordinate_bytes
    if len(content) == 2 * size + 1 and content[0] == 4:
        point = int.from_bytes(content[1 : size + 1], "big"), int.from_bytes(content[size + 1 :], "big")
        return point if on_curve(curve, point) else None
    if len(content) == size + 1 and content[0] in {2, 3}:
        return uncompressed(curve, int.from_bytes(content[1:], "big"), odd=content[0] == 3)
    return None


def _inside(element: Element, content: bytes, tag: int) -> Element:
    """Return the element that octets hold; positions of errors are those of the outer element."""
    inner = Element(content, 0, len(content), element.findings, element.depth + 1)
    if inner.tag != tag:
        raise element.refuse("A public key is malformed.")
    return inner


def _rsa(element: Element, content: bytes, *, only_pss: bool) -> RsaKey | UnusableKey:
    cursor = values.Cursor(_inside(element, content, values.SEQUENCE))
    modulus, exponent = values.integer(cursor.take(what="modulus")), values.integer(cursor.take(what="exponent"))
    bits = modulus.bit_length()
    if modulus <= 0 or modulus % 2 == 0 or not SMALLEST_RSA_BITS <= bits <= LARGEST_RSA_BITS:
        return UnusableKey(KeyProblem.SIZE, f"{bits} bits")
    if exponent < 3 or exponent % 2 == 0 or exponent.bit_length() > LARGEST_RSA_EXPONENT_BITS:
        return UnusableKey(KeyProblem.SIZE, f"exponent of {exponent.bit_length()} bits")
    if bits < WEAK_RSA_BITS:
        element.findings.note(ChipFindingCode.WEAK_KEY, f"An RSA key has {bits} bits.", position=element.start)
    return RsaKey(modulus, exponent, only_pss)


def _ec(element: Element, parameters: Element, content: bytes) -> EcKey | UnusableKey:
    if parameters.tag == values.OBJECT_IDENTIFIER:
        oid = values.object_identifier(parameters)
        curve, explicit = BY_OID.get(oid), False
        if curve is None:
            return UnusableKey(KeyProblem.UNKNOWN_CURVE, oid)
    elif parameters.tag == values.SEQUENCE:
        curve, explicit = _explicit(parameters), True
        if curve is None:
            return UnusableKey(KeyProblem.UNKNOWN_CURVE, "explicit parameters")
        text = f"A key has the parameters of {curve.name} in place of its name."
        element.findings.note(ChipFindingCode.EXPLICIT_CURVE, text, position=parameters.start)
    else:
        return UnusableKey(KeyProblem.UNKNOWN_CURVE, "implicit parameters")
    return _on(element, curve, content, explicit=explicit)


def _on(element: Element, curve: Curve, content: bytes, *, explicit: bool) -> EcKey | UnusableKey:
    point = read_point(curve, content)
    if point is None:
        return UnusableKey(KeyProblem.NOT_ON_CURVE, curve.name)
    if curve.twisted:
        element.findings.note(ChipFindingCode.TWISTED_CURVE, f"A key is on {curve.name}.", position=element.start)
    if curve.n.bit_length() < WEAK_CURVE_BITS:
        element.findings.note(ChipFindingCode.WEAK_KEY, f"A key is on {curve.name}.", position=element.start)
    return EcKey(curve, point, explicit)


def _standard(element: Element, parameters: Element, content: bytes) -> EcKey | UnusableKey:
    number = values.small(parameters)
    name = STANDARD_DOMAIN_PARAMETERS.get(number)
    if name is None:
        return UnusableKey(KeyProblem.UNKNOWN_CURVE, f"standard domain parameters {number}")
    return _on(element, CURVES_BY_NAME[name], content, explicit=False)


def _explicit(parameters: Element) -> Curve | None:
    """Read ECParameters (ANSI X9.62; RFC 3279 clause 2.3.5) and compare them with the known curves."""
    cursor = values.Cursor(parameters)
    values.small(cursor.take(what="version"))
    field_id = values.Cursor(cursor.take(values.SEQUENCE, what="field"))
    if values.object_identifier(field_id.take(what="field")) != _PRIME_FIELD:
        return None
    p = values.integer(field_id.take(what="prime"))
    curve_ = values.Cursor(cursor.take(values.SEQUENCE, what="curve"))
    a, b = (int.from_bytes(values.octets(curve_.take(what="coefficient")), "big") for _ in range(2))
    base = values.octets(cursor.take(what="base point"))
    n = values.integer(cursor.take(what="order"))
    cofactor = values.small(cursor.take()) if cursor.peek() == values.INTEGER else 1
    size = (p.bit_length() + 7) // 8
    y: int | None = None
    if base[:1] == b"\x04" and len(base) == 2 * size + 1:
        y = int.from_bytes(base[size + 1 :], "big")
    elif base[:1] not in {b"\x02", b"\x03"} or len(base) != size + 1:
        return None
    found = recognised(p=p, a=a, b=b, x=int.from_bytes(base[1 : size + 1], "big"), y=y, n=n)
    if found is not None and y is None and found.y % 2 != base[0] % 2:
        return None  # compressed, and the curve's base point mirrored: another generator
    if found is not None and cofactor != 1:
        text = "Explicit parameters name another cofactor than the curve has."
        parameters.findings.note(ChipFindingCode.CURVE_SEED_OR_COFACTOR, text, position=parameters.start)
    return found


def _dh(element: Element, parameters: Element, content: bytes) -> DhKey | UnusableKey:
    cursor = values.Cursor(parameters)
    p, g = values.integer(cursor.take(what="prime")), values.integer(cursor.take(what="generator"))
    inner = Element(content, 0, len(content), element.findings, element.depth + 1)
    y = values.integer(inner)
    if p % 2 == 0 or not SMALLEST_RSA_BITS <= p.bit_length() <= LARGEST_DH_BITS or not 1 < g < p or not 1 < y < p - 1:
        return UnusableKey(KeyProblem.SIZE, f"{p.bit_length()} bits")
    return DhKey(p, g, y)
