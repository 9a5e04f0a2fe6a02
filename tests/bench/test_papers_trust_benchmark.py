"""The benchmark of trust lists: what it times is a list that is read whole."""

from __future__ import annotations

from fairgate.bench.papers_trust import CERTIFICATES, made_list
from fairgate.papers.trust.master_list import ListTrust, read_master_list
from fairgate.services.mint_papers import DrawnKeys


def test_the_made_list_is_read_whole() -> None:
    """Every certificate is an anchor, and the list is as long as the German one."""
    counts = {"ecdsa-p256": 3, "ecdsa-brainpoolp256r1-explicit": 2}
    found = read_master_list(made_list(DrawnKeys(), counts))
    assert found.trust is ListTrust.CONSISTENT
    assert (found.total, len(found.accounting.anchors)) == (5, 5)
    assert sum(CERTIFICATES.values()) == 588
