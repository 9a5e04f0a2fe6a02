"""Entries as bytes and back: the leaf format, version 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fairgate.errors import LedgerFault
from fairgate.ledger.canonical import canonical_bytes, parse_canonical
from fairgate.ledger.commitment import Commitment
from fairgate.ledger.entry import Entry, EntryKind, Erased, Swept
from fairgate.vocabulary import Actor, ActorKind, RecordClass

VERSION = 1
MAX_LEAF_BYTES = 65_535
"""Source: C2SP tlog-tiles, section Log entries: the length before each entry of a bundle has 16 bits."""

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
_HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:00:00Z\Z")
_PLAIN = ("rulebook_sha256", "pack_sha256", "outcome", "reason", "refers_to")


def leaf_bytes(entry: Entry) -> bytes:
    """Return the bytes that the log hashes for an entry; equal entries give equal bytes.

    Raises:
        LedgerFault: the entry is too long.
    """
    fields: dict[str, object] = {
        "v": VERSION,
        "kind": str(entry.kind),
        "at": entry.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "actor": str(entry.actor),
        "purpose": entry.purpose,
        "rule": entry.rule_id,
        "threshold": entry.threshold_id,
        "counts": dict(entry.counts),
        "commitments": [_commitment_fields(item) for item in entry.commitments],
        "erased": [{"leaf": item.leaf, "of": str(item.of)} for item in entry.erased],
        "swept": [{"of": str(item.of), "to": _hour_text(item.to)} for item in entry.swept],
        "destroyed_keys": list(entry.destroyed_keys),
    } | {name: getattr(entry, name) for name in _PLAIN}
    leaf = canonical_bytes({name: value for name, value in fields.items() if value not in (None, [], {})})
    if len(leaf) > MAX_LEAF_BYTES:
        raise LedgerFault("A ledger entry is too long.", way_out="Spread it over several entries.")
    return leaf


def parse_leaf(leaf: bytes) -> Entry:
    """Return the entry that these bytes are, and refuse bytes that :func:`leaf_bytes` would not have written.

    Raises:
        LedgerFault: the bytes are no leaf of version 1.
    """
    if len(leaf) > MAX_LEAF_BYTES:
        raise LedgerFault("A ledger entry is too long.")
    fields = parse_canonical(leaf)
    if fields.get("v") != VERSION:
        raise LedgerFault("A ledger entry is of an unknown version.")
    try:
        entry = _entry(fields)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise LedgerFault("A ledger entry lacks a field or holds one of the wrong form.") from fault
    if leaf_bytes(entry) != leaf:
        raise LedgerFault("A ledger entry holds a field that version 1 does not know.")
    return entry


def _entry(fields: Mapping[str, Any]) -> Entry:
    actor_kind, _, actor_id = fields["actor"].partition(":")
    return Entry(
        kind=EntryKind(fields["kind"]),
        at=_moment(fields["at"], _AT),
        actor=Actor(ActorKind(actor_kind), actor_id),
        purpose=fields["purpose"],
        rule_id=fields.get("rule"),
        threshold_id=fields.get("threshold"),
        counts=tuple(fields.get("counts", {}).items()),
        commitments=tuple(
            Commitment(
                of=RecordClass(item["of"]),
                sha256=item["sha256"],
                erase_by=_moment(item["erase_by"], _HOUR) if "erase_by" in item else None,
            )
            for item in fields.get("commitments", [])
        ),
        erased=tuple(Erased(item["leaf"], RecordClass(item["of"])) for item in fields.get("erased", [])),
        swept=tuple(Swept(RecordClass(item["of"]), _moment(item["to"], _HOUR)) for item in fields.get("swept", [])),
        destroyed_keys=tuple(fields.get("destroyed_keys", [])),
        **{name: fields.get(name) for name in _PLAIN},
    )


def _commitment_fields(commitment: Commitment) -> dict[str, str]:
    fields = {"of": str(commitment.of), "sha256": commitment.sha256}
    if commitment.erase_by is not None:
        fields["erase_by"] = _hour_text(commitment.erase_by)
    return fields


def _hour_text(hour: datetime) -> str:
    return hour.isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(text: str, form: re.Pattern[str]) -> datetime:
    if not form.match(text):
        raise LedgerFault("A time in a ledger entry is not written as leaves write it.")
    return datetime.fromisoformat(text).astimezone(UTC)
