"""How quick a master list is read: every certificate parsed, every signature checked.

The list is minted, as long as the German one of 2026-05-28 and of about the same kinds of keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from fairgate.bench.timing import Turn, take_turns
from fairgate.papers.der.names import COMMON_NAME, COUNTRY, name_of
from fairgate.papers.mint.authority import make_authority, signed_list
from fairgate.papers.mint.encoding import CertificateForm, certificate, key_id
from fairgate.papers.mint.keys import ALGORITHMS, KeyRole
from fairgate.papers.trust.master_list import read_master_list
from fairgate.services.mint_papers import DrawnKeys

CERTIFICATES = {
    "rsa-pss-sha256": 125,
    "rsa-pkcs1-sha256": 299,
    "ecdsa-brainpoolp384r1-explicit": 52,
    "ecdsa-p384-explicit": 33,
    "ecdsa-brainpoolp256r1-explicit": 22,
    "ecdsa-p256-explicit": 20,
    "ecdsa-p521-explicit": 20,
    "ecdsa-brainpoolp512r1-explicit": 17,
}
"""Certificates by algorithm: 588. Source: the German master list of 2026-05-28, its RSA keys by scheme."""

_AT = datetime(2026, 11, 22, tzinfo=UTC)
_RSA_BITS = 4096


def trust_list_section(rounds: int, progress: Callable[[int, int], None]) -> Mapping[str, object]:
    """Time reading a master list of 588 certificates."""
    content = made_list(DrawnKeys(_RSA_BITS))
    times = take_turns([Turn("read", lambda: read_master_list(content))], rounds, progress)
    found = read_master_list(content).accounting
    return {
        "certificates": sum(CERTIFICATES.values()),
        "anchors": len(found.anchors),
        "bytes": len(content),
        "rows": {name: taken.as_row() for name, taken in times.items()},
    }


def made_list(keys: DrawnKeys, counts: Mapping[str, int] = CERTIFICATES) -> bytes:
    """Return a master list with so many self-signed certificates of each algorithm."""
    listed: list[bytes] = []
    for spelled, count in counts.items():
        algorithm = ALGORITHMS[spelled]
        key = keys.of(KeyRole.CSCA, algorithm.key_kind)
        for number in range(count):
            name = name_of(((COUNTRY, "UT"), (COMMON_NAME, f"CSCA {spelled} {number}")))
            form = CertificateForm(
                number + 1, name, name, _AT, _AT, key.public, key_id(key.public), is_ca=True, usage=0x06
            )
            listed.append(certificate(form, key, algorithm))
    algorithm = ALGORITHMS["ecdsa-brainpoolp256r1"]
    made = make_authority(algorithm, keys, lambda size: hashlib.shake_256(b"bench").digest(size), at=_AT)
    return signed_list(tuple(listed), made.csca, algorithm, keys, at=_AT)
