"""The rulebooks of the simulated boardings: one is founded before they begin, a changed one adopted in their middle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairgate.bootstrap.parts import Parts
from fairgate.rules.rulebook import read_rulebook
from fairgate.services.adopt_rulebook import adopt_rulebook
from fairgate.services.comment_on_rulebook import comment_on_rulebook
from fairgate.services.enrol_actor import enrol_actor
from fairgate.services.propose_rulebook import Founding, ToPropose, propose_rulebook
from fairgate.services.rulebook_desk import RulebookDesk
from fairgate.vocabulary import Actor, ActorKind

PROPOSED_AT = datetime(2025, 10, 20, 9, 0, tzinfo=UTC)
ADOPTED_AT = datetime(2025, 12, 26, 12, 0, tzinfo=UTC)
"""While flights board on the day of the change."""

_SEED_BYTES = 32


class Adoptions:
    """Changes the rulebook of one data folder, by people with keys of their own.

    Args:
        parts: of the house.
    """

    def __init__(self, parts: Parts) -> None:
        self._desk = RulebookDesk(
            store=parts.store,
            registrar=parts.registrar,
            clock=parts.clock,
            entropy=parts.entropy,
            port_zone=ZoneInfo("UTC"),
            operator=parts.actor,
        )
        self._keys = {
            Actor(ActorKind.OFFICER, name): Ed25519PrivateKey.from_private_bytes(parts.entropy(_SEED_BYTES))
            for name in ("rules-1", "rules-2", "rules-3")
        }
        for actor, key in self._keys.items():
            enrol_actor(self._desk, actor, key.public_key().public_bytes_raw())

    def propose(self, text: str, *, effective_from: date | None = None, founding: Founding | None = None) -> str:
        """Propose a text, and return the proposal's identifier."""
        actor, key = next(iter(self._keys.items()))
        wanted = ToPropose(text, effective_from=effective_from, founding=founding)
        return propose_rulebook(self._desk, wanted, actor=actor, sign=key.sign).proposal_id

    def comment(self, proposal_id: str) -> None:
        """Let somebody say something about a proposal."""
        comment_on_rulebook(self._desk, proposal_id, "A comment of the simulation.")

    def adopt(self, proposal_id: str) -> None:
        """Let as many people sign as are needed."""
        for actor, key in self._keys.items():
            if adopt_rulebook(self._desk, proposal_id, actor=actor, sign=key.sign).adoption is not None:
                return


def adopt_first(parts: Parts, text: str) -> Adoptions:
    """Found a house: its first rulebook was commented on elsewhere."""
    adoptions = Adoptions(parts)
    now = parts.clock()
    days = read_rulebook(text).changes.comment_days + 1
    ended = now - timedelta(hours=1)
    founding = Founding("simulated docket", ended - timedelta(days=days), ended)
    adoptions.adopt(adoptions.propose(text, founding=founding))
    return adoptions


def changed_text(rulebook_id: str, text: str) -> str:
    """Return the text of the rulebook that is adopted in the middle; rules_by_the_text_changed.py says it in words.

    Args:
        rulebook_id: ``"us-cbp"`` or ``"example-eu-ees"``.
        text: of the rulebook that it departs from, as TOML.
    """
    return _united_states(text) if rulebook_id == "us-cbp" else _example_union(text)


def _united_states(text: str) -> str:
    rule = text.index('id = "us-alien-exit-2025"')
    start = text.rindex("[[rules]]", 0, rule)
    end = text.index("[[rules]]", rule)
    block = text[start:end]
    aged = block.replace('status = ["permanent_resident", "alien"]', 'status = ["permanent_resident", "alien"]\n%s')
    free = aged.replace('ask = "required"', 'ask = "voluntary"')
    young = free.replace("us-alien-exit-2025", "us-alien-exit-young-changed") % "age_to = 13"
    old = free.replace("us-alien-exit-2025", "us-alien-exit-old-changed") % "age_from = 80"
    changed = text[:start] + aged % "age_from = 14\nage_to = 79" + young + old + text[end:]
    return changed.replace("days = 14\n", "days = 7\n")


def _example_union(text: str) -> str:
    rule = text.index('id = "union-citizen"')
    return text[:rule] + text[rule:].replace('ask = "not asked"', 'ask = "voluntary"', 1).replace(
        "days = 2\n", "days = 1\n", 1
    )
