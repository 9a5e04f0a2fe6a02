"""Wires what every opening of a house does first: what has outlived its deadline goes."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.bootstrap.parts import Parts
from fairgate.bootstrap.places import BOARDING_PURPOSE
from fairgate.bootstrap.rulebooks import RulebookOffice
from fairgate.errors import ConfigurationRefused
from fairgate.services.erase_expired import ErasesUnder, erase_expired


@dataclass(frozen=True, slots=True)
class _NoRulebook:
    """Deadlines are sealed with each record, so they hold where no rulebook can be used."""

    purpose: str = BOARDING_PURPOSE
    rulebook_sha256: str | None = None


def sweep(parts: Parts) -> None:
    """Destroy the keys whose deadline has passed, and erase comments past theirs; no rulebook is needed for it."""
    try:
        rules: ErasesUnder = parts.rules
    except ConfigurationRefused:
        rules = _NoRulebook()
    erase_expired(
        store=parts.store,
        vault=parts.vault,
        rules=rules,
        registrar=parts.registrar,
        clock=parts.clock,
        actor=parts.actor,
    )
    RulebookOffice(parts).erase_old_comments()
