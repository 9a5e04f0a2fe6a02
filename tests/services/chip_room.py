"""A lane without a list in tests: minted chips are real, the engine reads a portrait's answer out of its last bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from boarding_fakes import PACK_DIGEST, CountingEntropy, FakeClock, FakeDecoder, FakeEngine, FakeTimer, _Decoded
from boarding_parts import KEY, OPERATOR, PURPOSE, RECEIPT_KEY, Camera, MemoryAnchor, record

from fairgate.outside.rulebook_files import open_rulebook
from fairgate.papers.chip.exchange_file import RecordedExchanges
from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.mint.breaks import BreakKind
from fairgate.papers.mint.keys import ALGORITHMS
from fairgate.papers.mint.passport import MintedPassport, MintOrder, mint_passport
from fairgate.papers.mrz.build import build_mrz
from fairgate.papers.mrz.formats import MrzKind
from fairgate.papers.pki.revocation import read_revocation_list
from fairgate.papers.trust.master_list import read_master_list
from fairgate.papers.trust.store import TrustStore, trust_store
from fairgate.services.append_entry import Registrar
from fairgate.services.check_ledger import check_ledger
from fairgate.services.enter_opt_out import EnterOptOut
from fairgate.services.examine_chip import Demands, ReaderRecord
from fairgate.services.faces import FaceReader
from fairgate.services.issue_receipt import MakeReceipt
from fairgate.services.mint_papers import DrawnKeys
from fairgate.services.permissions import OF_A_CHIP, LaneRules
from fairgate.services.record_without_list import RecordWithoutList
from fairgate.services.verify_chip import AtTheLane, ChipVerified, VerifyChip
from fairgate.store.memory import MemoryStore
from fairgate.vocabulary import LaneKind

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOLDER = DocumentFacts(
    Source.MRZ, "P", "UTO", "L898902C3", "ERIKSSON", "ANNA", "UTO", PartialDate(1974, 8, 12), "F", date(2033, 1, 5)
)
_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08\x02\x13\x01\x9d\x03"
_JPEG += b"\x01\x22\x00\x02\x11\x01\x03\x11\x01" + bytes(16) + b"\xff\xd9"
_KEYS = DrawnKeys(2048)


def zone(**otherwise: Any) -> str:
    """Return the zone of a passport of Utopia, with some facts replaced."""
    return build_mrz(MrzKind.TD3, replace(HOLDER, **otherwise)).text


def _counted() -> Callable[[int], bytes]:
    state = {"count": 0}

    def entropy(size: int) -> bytes:
        state["count"] += 1
        return hashlib.shake_256(state["count"].to_bytes(8, "big")).digest(size)

    return entropy


@cache
def mint(
    portrait: str = "person=1 sample=0", text: str = "", broken: BreakKind | None = None, at: datetime = NOW
) -> MintedPassport:
    """Mint a passport whose portrait the engine answers for as told."""
    order = MintOrder(text or zone(), _JPEG + portrait.encode(), ALGORITHMS["ecdsa-p256"], at, broken=broken)
    return mint_passport(order, _KEYS, _counted())


def trust_in(minted: MintedPassport) -> TrustStore:
    """Return the trust that a passport's own authority publishes."""
    listed = read_master_list(minted.authority.master_list)
    return trust_store(
        listed.accounting.anchors, revocation_lists=[read_revocation_list(minted.authority.revocation_list)]
    )


def recorded(minted: MintedPassport) -> ReaderRecord:
    """Return what the reader of a passport recorded, and the challenge that it says that it sent."""
    return ReaderRecord(RecordedExchanges(minted.active, minted.chip), (minted.challenge,))


class _PortraitDecoder(FakeDecoder):
    """Passes on what stands behind a portrait's head, or a live photo's text."""

    def decode(self, content: memoryview | bytes, /) -> _Decoded:
        return super().decode(bytes(content).removeprefix(_JPEG))


@dataclass
class ChipRoom:
    """Everything that one lane needs, ready to be taken apart."""

    rulebook: str = "us-cbp"
    believes: bool = True
    revocation_required: bool = False
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    camera: Camera = field(default_factory=Camera)
    engine: FakeEngine = field(default_factory=FakeEngine)

    def __post_init__(self) -> None:
        self.store = MemoryStore()
        self.entropy = CountingEntropy()
        self.anchor = MemoryAnchor()
        self.registrar = Registrar(KEY, self.anchor)

    def verify(self, minted: MintedPassport, live: str = "person=1 sample=1", **otherwise: Any) -> ChipVerified:
        """Verify a passport with its own authority's lists, as its reader recorded it."""
        person = AtTheLane(minted.files, self.camera(live), record=recorded(minted))
        return self.service(trust_in(minted))(replace(person, **otherwise), pack=PACK_DIGEST)

    def service(self, trust: TrustStore) -> VerifyChip:
        """Return the service that believes a trust store."""
        book = open_rulebook(self.rulebook)
        rules = LaneRules(book, lane=LaneKind.PEDESTRIAN, purpose=PURPOSE, port_zone=UTC, needs=OF_A_CHIP)
        return VerifyChip(
            record("verification", 0.7),
            faces=FaceReader(
                decoder=_PortraitDecoder(),
                engine=self.engine,
                timer=FakeTimer(),
                smallest_probe_px=80,
                smallest_reference_px=80,
            ),
            rules=rules,
            trust=trust,
            demands=Demands(believes_imaginary_state=self.believes, revocation=self.revocation_required),
            record=RecordWithoutList(
                store=self.store,
                registrar=self.registrar,
                opt_outs=EnterOptOut(
                    registrar=self.registrar,
                    rules=rules,
                    make_receipt=MakeReceipt(RECEIPT_KEY, rulebook_sha256=book.sha256, entropy=self.entropy),
                    entropy=self.entropy,
                ),
            ),
            clock=self.clock,
            actor=OPERATOR,
        )

    def leaves(self) -> list[bytes]:
        """Return the ledger's leaves."""
        with self.store.reading() as transaction:
            return [row.leaf for row in transaction.ledger_rows()]

    def ledger_is_whole(self) -> bool:
        """Tell what independent code says of the ledger."""
        return check_ledger(self.store, self.anchor, KEY.verifier_key).ok
