"""The records of a change of rulebook, the bytes that the ledger commits to, and the bytes that people sign.

A proposal, an approval and an adoption hold digests, days, opaque identifiers of actors and signatures. A comment may
hold anything that somebody wrote, so it has a deadline; the rest is kept as long as the ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from fairgate.ledger.canonical import canonical_bytes
from fairgate.services.records import as_utc_text
from fairgate.vocabulary import Actor

PROPOSAL_DOMAIN = "fairgate/rulebook-proposal/v1"
ADOPTION_DOMAIN = "fairgate/rulebook-adoption/v1"
"""First lines of what is signed, so that no signature serves two uses."""
NOTHING_BEFORE = "none"
_ID_LETTERS = 32


@dataclass(frozen=True, slots=True)
class EnrolledActor:
    """Somebody who may propose and adopt, and the key that shows it.

    Args:
        actor: opaque identifier, e.g. ``officer:o-17``.
        public_key: 32 bytes, Ed25519; a key belongs to one actor for ever.
        enrolled_at: aware.
        salt: 32 random bytes of the ledger's commitment.
        ledger_index: the entry that commits to this record.
        withdrawn_at: aware; ``None`` while the key counts.
        withdrawn_index: the entry that says so.
    """

    actor: Actor
    public_key: bytes
    enrolled_at: datetime
    salt: bytes = field(repr=False)
    ledger_index: int
    withdrawn_at: datetime | None = None
    withdrawn_index: int | None = None

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over; a withdrawal has an entry of its own."""
        return canonical_bytes(
            {
                "actor": str(self.actor),
                "enrolled_at": as_utc_text(self.enrolled_at),
                "public_key": self.public_key.hex(),
            }
        )


@dataclass(frozen=True, slots=True)
class ProposalTerms:
    """What a proposal says; its identifier and the proposer's signature are over exactly this.

    Args:
        rulebook_id: e.g. ``"us-cbp"``.
        sha256: hex digest of the proposed text.
        previous_sha256: of the rulebook that it departs from; ``None`` where there is none of that identifier.
        proposer: who proposes it.
        public_key: the proposer's, 32 bytes.
        proposed_at: aware.
        comments_from: aware; when anybody could begin to comment.
        comments_until: aware; nothing is adopted before.
        held_elsewhere: where the comment period of a founding was held: a docket, a gazette; else ``None``.
        effective_from: first day at the port; ``None`` for the day of adoption.
    """

    rulebook_id: str
    sha256: str
    previous_sha256: str | None
    proposer: Actor
    public_key: bytes
    proposed_at: datetime
    comments_from: datetime
    comments_until: datetime
    held_elsewhere: str | None = None
    effective_from: date | None = None

    def message(self) -> bytes:
        """Return what the proposer signs."""
        return f"{PROPOSAL_DOMAIN}\n".encode() + canonical_bytes(self._facts())

    def proposal_id(self) -> str:
        """Return the identifier: 32 hexadecimal letters of the digest of what is signed."""
        return hashlib.sha256(self.message()).hexdigest()[:_ID_LETTERS]

    def _facts(self) -> dict[str, str]:
        facts = {
            "comments_from": as_utc_text(self.comments_from),
            "comments_until": as_utc_text(self.comments_until),
            "effective_from": self.effective_from.isoformat() if self.effective_from else None,
            "held_elsewhere": self.held_elsewhere,
            "previous": self.previous_sha256,
            "proposed_at": as_utc_text(self.proposed_at),
            "proposer": str(self.proposer),
            "public_key": self.public_key.hex(),
            "rulebook": self.rulebook_id,
            "sha256": self.sha256,
        }
        return {name: value for name, value in facts.items() if value is not None}


@dataclass(frozen=True, slots=True)
class RulebookProposal:
    """A whole rulebook that somebody proposes.

    Args:
        terms: what is proposed, by whom, and when comments end.
        text: the rulebook as TOML; its SHA-256 is in the terms.
        signature: 64 bytes, the proposer's over the terms.
        salt: 32 random bytes of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    terms: ProposalTerms
    text: str = field(repr=False)
    signature: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    ledger_index: int

    @property
    def proposal_id(self) -> str:
        """Return the identifier, which follows from the terms."""
        return self.terms.proposal_id()

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over: terms and signature."""
        return self.terms.message() + b"\n" + self.signature.hex().encode()


@dataclass(frozen=True, slots=True)
class RulebookComment:
    """What somebody wrote about a proposal; the text never enters the ledger.

    Args:
        proposal_id: what it is about.
        number: from 1 within the proposal.
        at: aware.
        text: as written; ``None`` once its deadline has passed.
        person: who wrote it, where they said so.
        erase_by: aware; when text and person must be gone.
        salt: 32 random bytes of the ledger's commitment; empty once erased.
        ledger_index: the entry that commits to this record.
    """

    proposal_id: str
    number: int
    at: datetime
    text: str | None = field(repr=False)
    person: str | None = field(repr=False)
    erase_by: datetime
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        facts: dict[str, str | int] = {
            "at": as_utc_text(self.at),
            "number": self.number,
            "proposal": self.proposal_id,
            "text": self.text or "",
        }
        return canonical_bytes(facts | ({"person": self.person} if self.person is not None else {}))


@dataclass(frozen=True, slots=True)
class Signed:
    """One actor's signature of an adoption.

    Args:
        actor: who signed.
        public_key: with which key, 32 bytes.
        signature: 64 bytes over :func:`adoption_message`.
    """

    actor: Actor
    public_key: bytes
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RulebookApproval:
    """That one actor signed a proposal.

    Args:
        proposal_id: which.
        signed: by whom, with which key.
        at: aware.
        salt: 32 random bytes of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    proposal_id: str
    signed: Signed
    at: datetime
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return canonical_bytes(
            {"at": as_utc_text(self.at), "proposal": self.proposal_id, "signed": _signed_facts(self.signed)}
        )


@dataclass(frozen=True, slots=True)
class RulebookAdoption:
    """That a proposed rulebook is adopted; an overseer can check it from this record and the ledger alone.

    Args:
        proposal_id: what was proposed.
        rulebook_id: e.g. ``"us-cbp"``.
        sha256: hex digest of the adopted text.
        previous_sha256: of the rulebook that it departs from, or ``None``.
        effective_from: first day, at the port.
        adopted_at: aware.
        signed: by at least two actors with different keys, in the order in which they signed.
        salt: 32 random bytes of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    proposal_id: str
    rulebook_id: str
    sha256: str
    previous_sha256: str | None
    effective_from: date
    adopted_at: datetime
    signed: tuple[Signed, ...]
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return canonical_bytes(
            {
                "adopted_at": as_utc_text(self.adopted_at),
                "effective_from": self.effective_from.isoformat(),
                "previous": self.previous_sha256 or NOTHING_BEFORE,
                "proposal": self.proposal_id,
                "rulebook": self.rulebook_id,
                "sha256": self.sha256,
                "signed": [_signed_facts(one) for one in self.signed],
            }
        )


def adoption_message(proposal_id: str, sha256: str, previous_sha256: str | None) -> bytes:
    """Return what each of the two who adopt signs.

    Args:
        proposal_id: which also stands for proposer, comment period and effective day.
        sha256: hex digest of the proposed text.
        previous_sha256: of the rulebook that it departs from, or ``None``.
    """
    lines = (ADOPTION_DOMAIN, f"proposal {proposal_id}", f"rulebook {sha256}")
    return "\n".join((*lines, f"previous {previous_sha256 or NOTHING_BEFORE}", "")).encode()


def _signed_facts(signed: Signed) -> dict[str, str]:
    return {
        "actor": str(signed.actor),
        "public_key": signed.public_key.hex(),
        "signature": signed.signature.hex(),
    }
