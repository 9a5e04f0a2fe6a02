"""Arithmetic on elliptic curves, for those that the ``cryptography`` package does not have.

Used to verify signatures and recorded exchanges only: nothing here is constant in time, and no secret may depend on it.

Source: BSI TR-03111 clauses 2.3 and 4.2.1; Jacobian formulas of the Explicit-Formulas Database (dbl-2007-bl,
add-2007-bl).
"""

from __future__ import annotations

from fairgate.papers.pki.curves import Curve

Point = tuple[int, int]
"""Affine coordinates; the point at infinity is ``None``."""

_Jacobian = tuple[int, int, int]


def on_curve(curve: Curve, point: Point) -> bool:
    """Tell whether a point satisfies the curve's equation, with coordinates in the field."""
    x, y = point
    return 0 <= x < curve.p and 0 <= y < curve.p and (y * y - (x * x * x + curve.a * x + curve.b)) % curve.p == 0


def uncompressed(curve: Curve, x: int, odd: bool) -> Point | None:
    """Return the point with this x coordinate and this parity of y, or ``None`` where there is none."""
    square = (x * x * x + curve.a * x + curve.b) % curve.p
    root = _square_root(square, curve.p)
    if root is None or not 0 <= x < curve.p:
        return None
    return x, root if root % 2 == odd else curve.p - root


def multiply(curve: Curve, scalar: int, point: Point) -> Point | None:
    """Return the multiple of a point."""
    return _affine(curve, _multiply(curve, scalar % curve.n, point))


def verify_ecdsa(curve: Curve, public: Point, digest: bytes, r: int, s: int) -> bool:
    """Tell whether (r, s) is the ECDSA signature of a digest under a public key that lies on the curve."""
    if not (1 <= r < curve.n and 1 <= s < curve.n and on_curve(curve, public)):
        return False
    excess = max(0, 8 * len(digest) - curve.n.bit_length())
    e = int.from_bytes(digest, "big") >> excess
    w = pow(s, -1, curve.n)
    total = _add(
        curve, _multiply(curve, e * w % curve.n, (curve.x, curve.y)), _multiply(curve, r * w % curve.n, public)
    )
    found = _affine(curve, total)
    return found is not None and found[0] % curve.n == r


def _multiply(curve: Curve, scalar: int, point: Point) -> _Jacobian:
    total: _Jacobian = (1, 1, 0)
    addend: _Jacobian = (*point, 1)
    for bit in bin(scalar)[2:]:
        total = _double(curve, total)
        if bit == "1":
            total = _add(curve, total, addend)
    return total


def _double(curve: Curve, point: _Jacobian) -> _Jacobian:
    x, y, z = point
    p = curve.p
    if not z or not y:
        return 1, 1, 0
    yy = y * y % p
    s = 4 * x * yy % p
    m = (3 * x * x + curve.a * pow(z, 4, p)) % p
    new_x = (m * m - 2 * s) % p
    return new_x, (m * (s - new_x) - 8 * yy * yy) % p, 2 * y * z % p


def _add(curve: Curve, one: _Jacobian, other: _Jacobian) -> _Jacobian:
    if not one[2]:
        return other
    if not other[2]:
        return one
    p = curve.p
    (x1, y1, z1), (x2, y2, z2) = one, other
    z1z1, z2z2 = z1 * z1 % p, z2 * z2 % p
    u1, u2 = x1 * z2z2 % p, x2 * z1z1 % p
    s1, s2 = y1 * z2 * z2z2 % p, y2 * z1 * z1z1 % p
    if u1 == u2:
        return _double(curve, one) if s1 == s2 else (1, 1, 0)
    h, r = (u2 - u1) % p, (s2 - s1) % p
    hh = h * h % p
    hhh, v = h * hh % p, u1 * hh % p
    new_x = (r * r - hhh - 2 * v) % p
    return new_x, (r * (v - new_x) - s1 * hhh) % p, z1 * z2 * h % p


def _affine(curve: Curve, point: _Jacobian) -> Point | None:
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, -1, curve.p)
    square = inverse * inverse % curve.p
    return x * square % curve.p, y * square * inverse % curve.p


def _square_root(square: int, p: int) -> int | None:
    """Return a root modulo a prime (Tonelli and Shanks), or ``None`` for a non-residue."""
    if pow(square, (p - 1) // 2, p) != 1:
        return 0 if square % p == 0 else None
    odd, twos = p - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    non_residue = next(number for number in range(2, 1000) if pow(number, (p - 1) // 2, p) == p - 1)
    c, root, rest, level = pow(non_residue, odd, p), pow(square, (odd + 1) // 2, p), pow(square, odd, p), twos
    while rest != 1:
        exponent, power = 0, rest
        while power != 1:
            power, exponent = power * power % p, exponent + 1
        b = pow(c, 1 << (level - exponent - 1), p)
        root, c, level = root * b % p, b * b % p, exponent
        rest = rest * c % p
    return root
