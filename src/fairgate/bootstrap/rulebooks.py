"""Wires changes of rulebooks: enrolment, proposal, comments and adoption."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from fairgate.bootstrap.parts import Parts
from fairgate.config import Settings
from fairgate.errors import InputRefused
from fairgate.outside.plain_files import Unread, read_plain_file
from fairgate.outside.rulebook_files import rulebook_names, rulebook_text
from fairgate.services.adopt_rulebook import Adopting, adopt_rulebook
from fairgate.services.comment_on_rulebook import comment_on_rulebook, erase_old_comments
from fairgate.services.enrol_actor import actors, enrol_actor, withdraw_actor
from fairgate.services.ports import Entropy
from fairgate.services.propose_rulebook import Founding, ToPropose, propose_rulebook
from fairgate.services.rulebook_desk import RulebookDesk, actor_named
from fairgate.services.rulebook_history import ProposalHistory, comments_on, rulebook_history
from fairgate.services.rulebook_records import EnrolledActor, RulebookComment, RulebookProposal
from fairgate.vault.actor_key import make_actor_key, read_actor_key, read_public_key

_RULEBOOK_LIMIT_BYTES = 1024 * 1024


def make_key(actor: str, path: Path, *, entropy: Entropy) -> str:
    """Make an actor's key file and return its public key, as ``fairgate actors enrol`` takes it.

    Raises:
        RulebookChangeRefused: the actor's name is none, or there is a file already.
    """
    return make_actor_key(path, name=str(actor_named(actor)), entropy=entropy).verifier_key


class RulebookOffice:
    """Where rulebooks of one data folder are changed.

    Args:
        parts: of the open house.
    """

    def __init__(self, parts: Parts) -> None:
        self._desk = RulebookDesk(
            store=parts.store,
            registrar=parts.registrar,
            clock=parts.clock,
            entropy=parts.entropy,
            port_zone=ZoneInfo(parts.settings.port_time_zone),
            operator=parts.actor,
        )

    def enrol(self, public_key: str) -> EnrolledActor:
        """Enrol the actor whom a public key names.

        Raises:
            RulebookChangeRefused: it is no public key, is enrolled already, or the actor has one.
        """
        name, key = read_public_key(public_key)
        return enrol_actor(self._desk, actor_named(name), key)

    def withdraw(self, actor: str) -> EnrolledActor:
        """Withdraw an actor's key.

        Raises:
            RulebookChangeRefused: the actor has none.
        """
        return withdraw_actor(self._desk, actor_named(actor))

    def actors(self) -> Sequence[EnrolledActor]:
        """Return everybody who was ever enrolled."""
        return actors(self._desk)

    def propose(
        self,
        rulebook: str,
        *,
        actor: str,
        key: Path,
        comment_days: int | None = None,
        effective_from: date | None = None,
        founding: Founding | None = None,
    ) -> RulebookProposal:
        """Propose a rulebook: a file, or the name of one that is shipped.

        Raises:
            RulebookRefused: the text is no sound rulebook.
            RulebookChangeRefused: it cannot be proposed so.
        """
        proposer = actor_named(actor)
        signer = read_actor_key(key, name=str(proposer))
        wanted = ToPropose(_text(rulebook), comment_days, effective_from, founding)
        return propose_rulebook(self._desk, wanted, actor=proposer, sign=signer.sign)

    def comment(self, proposal_id: str, text: str, *, person: str | None = None) -> RulebookComment:
        """Take down a comment.

        Raises:
            RulebookChangeRefused: there is no such proposal, or comments are not taken any more.
        """
        return comment_on_rulebook(self._desk, proposal_id, text, person=person)

    def comments(self, proposal_id: str) -> Sequence[RulebookComment]:
        """Return the comments on a proposal.

        Raises:
            RulebookChangeRefused: there is no such proposal.
        """
        return comments_on(self._desk, proposal_id)

    def adopt(self, proposal_id: str, *, actor: str, key: Path) -> Adopting:
        """Sign a proposal, and adopt it with the last signature that is needed.

        Raises:
            RulebookChangeRefused: it cannot be adopted so.
        """
        signing = actor_named(actor)
        return adopt_rulebook(self._desk, proposal_id, actor=signing, sign=read_actor_key(key, name=str(signing)).sign)

    def history(self) -> tuple[ProposalHistory, ...]:
        """Return every proposal and what became of it."""
        return rulebook_history(self._desk)

    def erase_old_comments(self) -> int:
        """Erase comments whose deadline has passed."""
        return erase_old_comments(self._desk)


def founding_of(held_elsewhere: str, comments_from: date, comments_until: date, settings: Settings) -> Founding:
    """Return a comment period held elsewhere: whole days at the port, the last one included."""
    zone = ZoneInfo(settings.port_time_zone)
    at = partial(datetime.combine, time=datetime.min.time(), tzinfo=zone)
    return Founding(held_elsewhere, at(comments_from), at(date.fromordinal(comments_until.toordinal() + 1)))


def _text(rulebook: str) -> str:
    if rulebook in rulebook_names():
        return rulebook_text(rulebook)
    content = read_plain_file(Path(rulebook), _RULEBOOK_LIMIT_BYTES)
    if isinstance(content, Unread):
        raise InputRefused(
            f"The rulebook {Path(rulebook).name} cannot be read: {content.value.replace('_', ' ')}.",
            way_out=f"Name a file, or one of: {', '.join(rulebook_names())}.",
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(f"The rulebook {Path(rulebook).name} is not UTF-8.") from error
