"""Enrol and withdraw the keys of those who may propose and adopt rulebooks."""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.errors import RulebookChangeRefused
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.note import PUBLIC_KEY_BYTES
from fairgate.services.rulebook_desk import PURPOSE, RulebookDesk
from fairgate.services.rulebook_records import EnrolledActor
from fairgate.vocabulary import Actor


def enrol_actor(desk: RulebookDesk, actor: Actor, public_key: bytes) -> EnrolledActor:
    """Enrol an actor's key; the enrolment is a ledger entry.

    Args:
        desk: store, ledger and clock.
        actor: an opaque identifier, never a person's name.
        public_key: 32 bytes, Ed25519.

    Raises:
        RulebookChangeRefused: the key is no key, was ever enrolled under any name, or the actor has one that counts.
    """
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise RulebookChangeRefused("An Ed25519 public key has 32 bytes.", reason="wrong_key")
    with desk.store.writing() as transaction:
        for other in transaction.rulebook_actors():
            if other.public_key == public_key:
                raise RulebookChangeRefused(
                    "That key is, or was, enrolled already; a key belongs to one actor for ever.",
                    reason="already_enrolled",
                    way_out="Make another with `fairgate actors key`.",
                )
            if other.actor == actor and other.withdrawn_at is None:
                raise RulebookChangeRefused(
                    f"{actor} has an enrolled key.",
                    reason="already_enrolled",
                    way_out="Withdraw it first with `fairgate actors withdraw`.",
                )
        now = desk.moment(transaction)
        enrolled = EnrolledActor(actor, public_key, now, desk.salt(), transaction.ledger_size())
        row = desk.enter(transaction, EntryKind.ACTOR_ENROLLED, enrolled, at=now, actor=desk.operator)
        transaction.add_rulebook_actor(enrolled)
    desk.registrar.committed(row)
    return enrolled


def withdraw_actor(desk: RulebookDesk, actor: Actor) -> EnrolledActor:
    """Withdraw an actor's key: what it signed and is not adopted yet counts no more.

    Raises:
        RulebookChangeRefused: the actor has no key that counts.
    """
    with desk.store.writing() as transaction:
        enrolled = desk.enrolled(transaction, actor)
        now = desk.moment(transaction)
        row = desk.registrar.append(
            transaction,
            Entry(
                kind=EntryKind.ACTOR_WITHDRAWN,
                at=now,
                actor=desk.operator,
                purpose=PURPOSE,
                refers_to=enrolled.ledger_index,
            ),
        )
        transaction.withdraw_rulebook_actor(enrolled.public_key, now, row.index)
    desk.registrar.committed(row)
    return enrolled


def actors(desk: RulebookDesk) -> Sequence[EnrolledActor]:
    """Return everybody who was ever enrolled, in the ledger's order."""
    with desk.store.reading() as transaction:
        return transaction.rulebook_actors()
