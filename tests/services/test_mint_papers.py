"""Minting into a folder: the files that a chip reader and a trust list reader take."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from fairgate.errors import PapersError
from fairgate.papers.chip import passive_authentication, read_chip
from fairgate.papers.chip.active import ActiveAuthentication, verify_active_authentication
from fairgate.papers.chip.verdicts import Genuine, NotGenuine
from fairgate.papers.mint.breaks import BreakKind
from fairgate.papers.mint.keys import ALGORITHMS
from fairgate.papers.mint.passport import MintOrder
from fairgate.papers.mint.specimen import specimen_zone
from fairgate.papers.pki.revocation import read_revocation_list
from fairgate.papers.trust.master_list import read_master_list
from fairgate.papers.trust.store import TrustStore, trust_store
from fairgate.services.mint_papers import (
    EXCHANGES_FILE,
    MASTER_LIST_FILE,
    REVOCATION_LIST_FILE,
    mint_papers,
)

AT = datetime(2026, 11, 22, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x50\x00\x40\x03" + bytes(300) + b"\xff\xd9"


class Drawer:
    """A folder in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def write(self, name: str, content: bytes) -> None:
        """Keep a file."""
        self.files[name] = content

    @property
    def trust(self) -> TrustStore:
        """What the lists in it give."""
        listed = read_master_list(self.files[MASTER_LIST_FILE])
        crl = read_revocation_list(self.files[REVOCATION_LIST_FILE])
        return trust_store(listed.accounting.anchors, revocation_lists=[crl])


def _order(broken: BreakKind | None = None, photo: bytes = PHOTO) -> MintOrder:
    return MintOrder(specimen_zone(AT.date()), photo, ALGORITHMS["ecdsa-p384"], AT, broken=broken)


def test_a_minted_folder_is_a_genuine_chip() -> None:
    """Read back by the names that its files have, with the exchange in JSON."""
    drawer = Drawer()
    report = mint_papers(_order(), drawer, lambda size: bytes(range(size)))
    assert report.files == tuple(drawer.files)
    assert (report.broken, report.named_by) == (None, "")
    chip = read_chip({name: content for name, content in drawer.files.items() if name.endswith(".bin")})
    assert chip.present == (1, 2, 14, 15)
    assert isinstance(passive_authentication(chip, drawer.trust, at=AT).verdict, Genuine)
    active = json.loads(drawer.files[EXCHANGES_FILE])["active"]
    challenge, response = (bytes.fromhex(active[name]) for name in ("challenge", "response"))
    assert chip.active_key is not None
    found = verify_active_authentication(chip.active_key, challenge, response)
    assert found is ActiveAuthentication.ANSWER_HOLDS


def test_a_broken_one_says_what_must_find_it() -> None:
    """And reading it does."""
    drawer = Drawer()
    report = mint_papers(_order(BreakKind.SIGNER_REVOKED), drawer, lambda size: bytes(range(size)))
    assert (report.broken, report.named_by) == (BreakKind.SIGNER_REVOKED, "signer_revoked")
    chip = read_chip({name: content for name, content in drawer.files.items() if name.endswith(".bin")})
    verdict = passive_authentication(chip, drawer.trust, at=AT).verdict
    assert isinstance(verdict, NotGenuine)
    assert verdict.reasons == (report.named_by,)


def test_nothing_is_written_where_the_photo_is_refused() -> None:
    """Not even the lists."""
    drawer = Drawer()
    with pytest.raises(PapersError):
        mint_papers(_order(photo=b"GIF89a"), drawer, bytes)
    assert drawer.files == {}
