"""What a master list says, in plain values that JSON can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fairgate.papers.trust.master_list import MasterList


def plain_master_list(found: MasterList) -> Mapping[str, object]:
    """Return signer, trust, and the accounting of every certificate."""
    anchors, aside = found.accounting.anchors, found.accounting.set_aside
    countries = Counter(anchor.country for anchor in anchors)
    return {
        "trust": found.trust.value,
        "signer": str(found.signer.subject) if found.signer is not None else None,
        "signed_at": found.signed_at.isoformat() if found.signed_at is not None else None,
        "certificates": found.total,
        "anchors": len(anchors),
        "anchors_by_kind": dict(sorted(Counter(anchor.kind.value for anchor in anchors).items())),
        "countries": dict(sorted(countries.items())),
        "set_aside": [
            {"number": one.number, "reason": one.reason.value, "country": one.country, "detail": one.detail}
            for one in aside
        ],
    }
