"""Wires opting out: receipts with a key of their own, notices, reports, waiting times."""

from __future__ import annotations

from fairgate.bootstrap.parts import Parts
from fairgate.services.enter_opt_out import EnterOptOut
from fairgate.services.issue_receipt import MakeReceipt
from fairgate.services.permissions import LaneRules
from fairgate.vault.signing_key import SigningKey, load_or_create_signing_key

RECEIPT_KEY = "receipts.key"


def receipt_key(parts: Parts) -> SigningKey:
    """Return the key that signs receipts and nothing else; the first to ask makes it.

    Raises:
        VaultFault: its file cannot be used.
    """
    name = f"{parts.settings.ledger_name}/receipts"
    return load_or_create_signing_key(parts.folder / RECEIPT_KEY, name=name, entropy=parts.entropy)


def make_receipt(parts: Parts) -> MakeReceipt:
    """Return what makes receipts under the rulebook in force."""
    return MakeReceipt(receipt_key(parts), rulebook_sha256=parts.rulebook.sha256, entropy=parts.entropy)


def enter_opt_out(parts: Parts, rules: LaneRules | None = None) -> EnterOptOut:
    """Return what enters opt-outs at lanes.

    Args:
        parts: of the house.
        rules: of the lane; unset, those of boarding.
    """
    return EnterOptOut(
        registrar=parts.registrar, rules=rules or parts.rules, make_receipt=make_receipt(parts), entropy=parts.entropy
    )
