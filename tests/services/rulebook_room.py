"""A house that changes its rulebook, in tests: store, ledger and signatures are real; the clock is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, timedelta, tzinfo
from functools import cache
from typing import Any

from boarding_fakes import CountingEntropy, FakeClock
from boarding_parts import KEY, OPERATOR, MemoryAnchor

from fairgate.outside.rulebook_files import rulebook_text
from fairgate.rules.rulebook import read_rulebook
from fairgate.services.adopt_rulebook import Adopting, adopt_rulebook
from fairgate.services.append_entry import Registrar
from fairgate.services.check_ledger import check_ledger
from fairgate.services.enrol_actor import enrol_actor
from fairgate.services.ports import Store
from fairgate.services.propose_rulebook import ToPropose, propose_rulebook
from fairgate.services.rulebook_desk import RulebookDesk
from fairgate.services.rulebook_line import AdoptedLine
from fairgate.services.rulebook_records import RulebookProposal
from fairgate.store.memory import MemoryStore
from fairgate.vault.signing_key import SigningKey
from fairgate.verifier import LedgerReport
from fairgate.vocabulary import Actor, ActorKind

READ = cache(read_rulebook)
"""Reading a whole rulebook takes a tenth of a second, and its text decides what it is."""
ANNA = Actor(ActorKind.OFFICER, "anna")
BERT = Actor(ActorKind.OVERSEER, "bert")
CARL = Actor(ActorKind.OFFICER, "carl")
FIRST = rulebook_text("us-cbp")
SECOND = FIRST + "\n# A second text.\n"
THIRD = FIRST + "\n# A third text.\n"


def key_of(number: int) -> SigningKey:
    return SigningKey(f"key-{number}", bytes([number]) * 32)


KEYS = {ANNA: key_of(1), BERT: key_of(2), CARL: key_of(3)}


@dataclass
class RulebookRoom:
    """Three actors, of whom two are enrolled, and a clock that stands still."""

    store: Store = field(default_factory=MemoryStore)
    clock: FakeClock = field(default_factory=FakeClock)
    port_zone: tzinfo = UTC

    def __post_init__(self) -> None:
        self.anchor = MemoryAnchor()
        self.desk = RulebookDesk(
            store=self.store,
            registrar=Registrar(KEY, self.anchor),
            clock=self.clock,
            entropy=CountingEntropy(),
            port_zone=self.port_zone,
            operator=OPERATOR,
            read=READ,
        )
        for actor in (ANNA, BERT):
            enrol_actor(self.desk, actor, KEYS[actor].public_key)

    def propose(self, text: str = FIRST, *, by: Actor = ANNA, **otherwise: Any) -> RulebookProposal:
        return propose_rulebook(self.desk, ToPropose(text, **otherwise), actor=by, sign=KEYS[by].sign)

    def adopt(self, proposal: RulebookProposal, by: Actor) -> Adopting:
        return adopt_rulebook(self.desk, proposal.proposal_id, actor=by, sign=KEYS[by].sign)

    def adopted(self, text: str = FIRST, **otherwise: Any) -> Adopting:
        """Propose a text, let the comment period pass, and adopt it by both."""
        proposal = self.propose(text, **otherwise)
        self.clock.now = max(self.clock.now, proposal.terms.comments_until)
        self.adopt(proposal, ANNA)
        return self.adopt(proposal, BERT)

    def line(self) -> AdoptedLine:
        return AdoptedLine(
            "us-cbp", store=self.store, clock=self.clock, timer=lambda: 0.0, port_zone=self.port_zone, read=READ
        )

    def today(self) -> date:
        return self.desk.day(self.clock())

    def in_days(self, days: int) -> date:
        return self.today() + timedelta(days=days)

    def ledger(self) -> LedgerReport:
        return check_ledger(self.store, self.anchor, KEY.verifier_key)

    def entries(self) -> int:
        with self.store.reading() as transaction:
            return transaction.ledger_size()
