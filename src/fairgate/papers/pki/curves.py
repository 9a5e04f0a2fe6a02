"""The curves that travel documents use, by name, by object identifier and by their parameters.

Source: FIPS 186-4 appendix D.1.2 (NIST curves), RFC 5639 clause 3 (Brainpool curves), BSI TR-03111 clause 4.1.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Curve:
    """A short Weierstrass curve y² = x³ + ax + b over a prime field, of prime order.

    Args:
        name: e.g. ``"brainpoolP256r1"``.
        oid: its object identifier.
        p: the field's prime.
        a: coefficient.
        b: coefficient.
        x: of the base point.
        y: of the base point.
        n: order of the base point.
    """

    name: str
    oid: str
    p: int = field(repr=False)
    a: int = field(repr=False)
    b: int = field(repr=False)
    x: int = field(repr=False)
    y: int = field(repr=False)
    n: int = field(repr=False)

    @property
    def twisted(self) -> bool:
        """Tell whether it is the twist of a Brainpool curve, which the profile of passports does not name."""
        return self.name.startswith("brainpool") and self.name.endswith("t1")

    @property
    def coordinate_bytes(self) -> int:
        """Return the octets of one coordinate."""
        return (self.p.bit_length() + 7) // 8

    @property
    def order_bytes(self) -> int:
        """Return the octets of a number below the order."""
        return (self.n.bit_length() + 7) // 8


_WRITTEN = (
    (
        "P-192",
        "1.2.840.10045.3.1.1",
        (
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFF",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFC",
            "64210519E59C80E70FA7E9AB72243049FEB8DEECC146B9B1",
            "188DA80EB03090F67CBF20EB43A18800F4FF0AFD82FF1012",
            "07192B95FFC8DA78631011ED6B24CDD573F977A11E794811",
            "FFFFFFFFFFFFFFFFFFFFFFFF99DEF836146BC9B1B4D22831",
        ),
    ),
    (
        "P-224",
        "1.3.132.0.33",
        (
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000000000000000000000001",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFE",
            "B4050A850C04B3ABF54132565044B0B7D7BFD8BA270B39432355FFB4",
            "B70E0CBD6BB4BF7F321390B94A03C1D356C21122343280D6115C1D21",
            "BD376388B5F723FB4C22DFE6CD4375A05A07476444D5819985007E34",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFF16A2E0B8F03E13DD29455C5C2A3D",
        ),
    ),
    (
        "P-256",
        "1.2.840.10045.3.1.7",
        (
            "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
            "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC",
            "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
            "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
            "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
            "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        ),
    ),
    (
        "P-384",
        "1.3.132.0.34",
        (
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC",
            "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
            "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7",
            "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        ),
    ),
    (
        "P-521",
        "1.3.132.0.35",
        (
            (
                "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            ),
            (
                "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC"
            ),
            (
                "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109"
                "E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00"
            ),
            (
                "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3D"
                "BAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66"
            ),
            (
                "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E66"
                "2C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650"
            ),
            (
                "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409"
            ),
        ),
    ),
    (
        "brainpoolP160r1",
        "1.3.36.3.3.2.8.1.1.1",
        (
            "E95E4A5F737059DC60DFC7AD95B3D8139515620F",
            "340E7BE2A280EB74E2BE61BADA745D97E8F7C300",
            "1E589A8595423412134FAA2DBDEC95C8D8675E58",
            "BED5AF16EA3F6A4F62938C4631EB5AF7BDBCDBC3",
            "1667CB477A1A8EC338F94741669C976316DA6321",
            "E95E4A5F737059DC60DF5991D45029409E60FC09",
        ),
    ),
    (
        "brainpoolP192r1",
        "1.3.36.3.3.2.8.1.1.3",
        (
            "C302F41D932A36CDA7A3463093D18DB78FCE476DE1A86297",
            "6A91174076B1E0E19C39C031FE8685C1CAE040E5C69A28EF",
            "469A28EF7C28CCA3DC721D044F4496BCCA7EF4146FBF25C9",
            "C0A0647EAAB6A48753B033C56CB0F0900A2F5C4853375FD6",
            "14B690866ABD5BB88B5F4828C1490002E6773FA2FA299B8F",
            "C302F41D932A36CDA7A3462F9E9E916B5BE8F1029AC4ACC1",
        ),
    ),
    (
        "brainpoolP224r1",
        "1.3.36.3.3.2.8.1.1.5",
        (
            "D7C134AA264366862A18302575D1D787B09F075797DA89F57EC8C0FF",
            "68A5E62CA9CE6C1C299803A6C1530B514E182AD8B0042A59CAD29F43",
            "2580F63CCFE44138870713B1A92369E33E2135D266DBB372386C400B",
            "0D9029AD2C7E5CF4340823B2A87DC68C9E4CE3174C1E6EFDEE12C07D",
            "58AA56F772C0726F24C6B89E4ECDAC24354B9E99CAA3F6D3761402CD",
            "D7C134AA264366862A18302575D0FB98D116BC4B6DDEBCA3A5A7939F",
        ),
    ),
    (
        "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.7",
        (
            "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377",
            "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9",
            "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6",
            "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262",
            "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997",
            "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7",
        ),
    ),
    (
        "brainpoolP320r1",
        "1.3.36.3.3.2.8.1.1.9",
        (
            "D35E472036BC4FB7E13C785ED201E065F98FCFA6F6F40DEF4F92B9EC7893EC28FCD412B1F1B32E27",
            "3EE30B568FBAB0F883CCEBD46D3F3BB8A2A73513F5EB79DA66190EB085FFA9F492F375A97D860EB4",
            "520883949DFDBC42D3AD198640688A6FE13F41349554B49ACC31DCCD884539816F5EB4AC8FB1F1A6",
            "43BD7E9AFB53D8B85289BCC48EE5BFE6F20137D10A087EB6E7871E2A10A599C710AF8D0D39E20611",
            "14FDD05545EC1CC8AB4093247F77275E0743FFED117182EAA9C77877AAAC6AC7D35245D1692E8EE1",
            "D35E472036BC4FB7E13C785ED201E065F98FCFA5B68F12A32D482EC7EE8658E98691555B44C59311",
        ),
    ),
    (
        "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.11",
        (
            "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53",
            "7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826",
            "04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11",
            "1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E",
            "8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315",
            "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565",
        ),
    ),
    (
        "brainpoolP512r1",
        "1.3.36.3.3.2.8.1.1.13",
        (
            (
                "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D"
                "4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3"
            ),
            (
                "7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2D"
                "ED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA"
            ),
            (
                "3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72B"
                "F2C7B9E7C1AC4D77FC94CADC083E67984050B75EBAE5DD2809BD638016F723"
            ),
            (
                "81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098EFF"
                "3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822"
            ),
            (
                "7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111B2"
                "DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892"
            ),
            (
                "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA7033087055"
                "3E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069"
            ),
        ),
    ),
)


_STRAIGHT = tuple(Curve(name, oid, *(int(number, 16) for number in numbers)) for name, oid, numbers in _WRITTEN)
_TWISTS = {
    "brainpoolP160r1": ("brainpoolP160t1", "1.3.36.3.3.2.8.1.1.2", 1),
    "brainpoolP192r1": ("brainpoolP192t1", "1.3.36.3.3.2.8.1.1.4", 1),
    "brainpoolP224r1": ("brainpoolP224t1", "1.3.36.3.3.2.8.1.1.6", 0),
    "brainpoolP256r1": ("brainpoolP256t1", "1.3.36.3.3.2.8.1.1.8", 0),
    "brainpoolP320r1": ("brainpoolP320t1", "1.3.36.3.3.2.8.1.1.10", 1),
    "brainpoolP384r1": ("brainpoolP384t1", "1.3.36.3.3.2.8.1.1.12", 0),
    "brainpoolP512r1": ("brainpoolP512t1", "1.3.36.3.3.2.8.1.1.14", 0),
}
"""Straight curve → name and identifier of its twist, and the last bit of y of its base point."""


def _twist(curve: Curve, name: str, oid: str, odd: int) -> Curve:
    """Return the isomorphic curve whose a is -3 (RFC 5639 clauses 2.1 and 3).

    With z⁴ = -3/a it has b·z⁶ and the base point (x·z², y·z³). Of the two roots of z² only the sign of y hangs on which
    is taken. The primes are all 3 modulo 4, so that a root of a square s is s^((p+1)/4).
    """
    p = curve.p
    squared = _root(-3 * pow(curve.a, -1, p) % p, p)
    if pow(squared, (p - 1) // 2, p) != 1:
        squared = p - squared
    z = _root(squared, p)
    y = curve.y * squared * z % p
    y = y if y % 2 == odd else p - y
    return Curve(name, oid, p, p - 3, curve.b * pow(squared, 3, p) % p, curve.x * squared % p, y, curve.n)


def _root(square: int, p: int) -> int:
    return pow(square, (p + 1) // 4, p)


CURVES = (*_STRAIGHT, *(_twist(curve, *_TWISTS[curve.name]) for curve in _STRAIGHT if curve.name in _TWISTS))
BY_NAME = {curve.name: curve for curve in CURVES}
BY_OID = {curve.oid: curve for curve in CURVES}
_BY_PARAMETERS = {(curve.p, curve.a, curve.b, curve.x, curve.n): curve for curve in CURVES}


def recognised(*, p: int, a: int, b: int, x: int, y: int | None, n: int) -> Curve | None:
    """Return the named curve that has exactly these parameters.

    Args:
        p: the field's prime.
        a: coefficient, below p.
        b: coefficient, below p.
        x: of the base point.
        y: of the base point; ``None`` where the point was compressed.
        n: the order.

    Returns:
        ``None`` where no known curve has them all. A curve that differs in one number only is another curve, and an
        attack (CVE-2020-0601): nothing is guessed.
    """
    curve = _BY_PARAMETERS.get((p, a, b, x, n))
    return curve if curve is not None and y in (None, curve.y) else None


STANDARD_DOMAIN_PARAMETERS = {
    8: "P-192",
    9: "brainpoolP192r1",
    10: "P-224",
    11: "brainpoolP224r1",
    12: "P-256",
    13: "brainpoolP256r1",
    14: "brainpoolP320r1",
    15: "P-384",
    16: "brainpoolP384r1",
    17: "brainpoolP512r1",
    18: "P-521",
}
"""Identifiers of standardised domain parameters. Source: BSI TR-03110-3 table 4; ICAO Doc 9303-11 clause 9.5.1."""
