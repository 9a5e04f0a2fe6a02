"""Whether a chip showed that it holds the private keys that its state signed the public halves of.

Passive authentication tells what a state signed; a copy of those files passes it. A copy has no private key, so that
it cannot answer a challenge that a reader draws. Both ways of asking are steps of their own, after those of passive
authentication.

Source: ICAO Doc 9303-11 (8th ed., 2021) clauses 6.1 (active authentication) and 6.2 (chip authentication).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeVar

from fairgate.papers.chip.active import CHALLENGE_BYTES, ActiveAuthentication, verify_active_authentication
from fairgate.papers.chip.chip_authentication import (
    ChipAuthentication,
    RecordedExchange,
    terminal_public_key,
    verify_chip_authentication,
)
from fairgate.papers.chip.exchange_file import ActiveExchange, RecordedExchanges
from fairgate.papers.chip.read import ChipRead
from fairgate.papers.chip.security_infos import ChipAuthenticationInfo, SecurityInfos
from fairgate.papers.chip.verdicts import PassiveAuthentication, StepOutcome
from fairgate.papers.pki.keys import PublicKey, RsaKey, UnusableKey

_Exchange = TypeVar("_Exchange", ActiveExchange, RecordedExchange)
_ACTIVE_KEY_GROUP, _INFOS_GROUP = 15, 14
_MOST_VARIANTS = 8


class ProofStep(IntEnum):
    """The steps after those of passive authentication."""

    ACTIVE_AUTHENTICATION = 8
    CHIP_AUTHENTICATION = 9


class ProofReason(StrEnum):
    """Why a step was not done or failed, beyond what an exchange itself shows."""

    NOT_OFFERED = "not_offered"
    NOT_RECORDED = "exchange_not_recorded"
    KEY_NOT_READ = "key_not_read"
    KEY_NOT_SIGNED = "key_not_signed"
    EARLIER_STEP = "earlier_step"
    ANSWER_MISSING = "answer_missing"
    CHALLENGE_REPLAYED = "challenge_replayed"


AnyReason = ProofReason | ActiveAuthentication | ChipAuthentication
_HOLDS = {ActiveAuthentication.ANSWER_HOLDS, ChipAuthentication.CHECKSUM_HOLDS}
_OPEN: frozenset[AnyReason] = frozenset(
    {
        ActiveAuthentication.KEY_UNUSABLE,
        ActiveAuthentication.ALGORITHM_UNKNOWN,
        ActiveAuthentication.CHALLENGE_MALFORMED,
        ChipAuthentication.KEY_UNUSABLE,
        ChipAuthentication.TERMINAL_KEY_MALFORMED,
    }
)
"""An exchange was recorded and cannot be judged: nothing is said against the chip, nor for it."""


@dataclass(frozen=True, slots=True)
class ProofResult:
    """One step and what became of it.

    Args:
        step: which.
        outcome: passed, failed, or not done.
        reason: why it failed or was not done; ``None`` where it passed.
        detail: one phrase without personal data.
    """

    step: ProofStep
    outcome: StepOutcome
    reason: AnyReason | None = None
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether it passed."""
        return self.outcome is StepOutcome.PASSED

    @property
    def code(self) -> str:
        """Return the reason, or ``"passed"``."""
        return self.reason.value if self.reason is not None else self.outcome.value

    @property
    def undecided(self) -> bool:
        """Tell whether an exchange was recorded that cannot be judged."""
        return self.reason in _OPEN

    @property
    def unasked(self) -> bool:
        """Tell whether the chip could have shown its key and nobody asked, or the key was not read."""
        return self.outcome is StepOutcome.NOT_DONE and self.reason in {
            ProofReason.NOT_RECORDED,
            ProofReason.KEY_NOT_READ,
        }


def not_shown(proofs: Iterable[ProofResult]) -> tuple[ProofResult, ...]:
    """Return the ways in which a chip could have shown that it is no copy, where it was asked in none: findings."""
    told = tuple(proofs)
    asked = any(one.outcome is not StepOutcome.NOT_DONE or one.undecided for one in told)
    return () if asked else tuple(one for one in told if one.unasked)


def prove_keys(
    chip: ChipRead, authentication: PassiveAuthentication, recorded: RecordedExchanges, sent: Iterable[bytes] = ()
) -> tuple[ProofResult, ProofResult]:
    """Judge the recorded exchanges of a chip.

    1. The state's security object says whether the chip offers the protocol: it lists DG15, or a DG14 that names chip
       authentication. What it does not list is not offered, whatever lies beside it, for anybody may have put it there.
    2. An exchange is recorded. That none is fails nothing where the reader did not ask, and fails where it did.
    3. The key was read, and is the one that was signed.
    4. What the reader says that it sent is what the exchange holds: an exchange is good once.
    5. The chip's answer holds.

    Args:
        chip: what was read.
        authentication: passive authentication of it.
        recorded: by the reader.
        sent: challenges (8 bytes) and ephemeral public keys (longer) that the reader sent in this very session; where
            none of a kind is given, that the exchange is fresh is the reader's word.
    """
    given = tuple(sent)
    challenges = tuple(one for one in given if len(one) <= CHALLENGE_BYTES)
    keys = tuple(one for one in given if len(one) > CHALLENGE_BYTES)
    return (
        _active(chip, authentication, recorded.active, challenges),
        _chip(chip, authentication, recorded.chip, keys),
    )


def _active(
    chip: ChipRead, authentication: PassiveAuthentication, recorded: ActiveExchange | None, sent: tuple[bytes, ...]
) -> ProofResult:
    key = chip.active_key

    def verified(recorded: ActiveExchange) -> tuple[AnyReason, str]:
        assert key is not None
        if sent and recorded.challenge not in sent:
            return ProofReason.CHALLENGE_REPLAYED, ""
        infos = _covered_infos(chip, authentication)
        algorithm = infos.active_authentication if infos is not None else None
        found = verify_active_authentication(key, recorded.challenge, recorded.response, algorithm=algorithm)
        return found, str(key)

    step = ProofStep.ACTIVE_AUTHENTICATION
    return _judged(
        step,
        _offer(chip, authentication, _ACTIVE_KEY_GROUP, read=key is not None),
        recorded,
        verified,
        asked=bool(sent),
    )


def _chip(
    chip: ChipRead, authentication: PassiveAuthentication, recorded: RecordedExchange | None, sent: tuple[bytes, ...]
) -> ProofResult:
    infos = _covered_infos(chip, authentication)
    variants = infos.chip_authentication[:_MOST_VARIANTS] if infos is not None else ()

    def verified(recorded: RecordedExchange) -> tuple[AnyReason, str]:
        assert infos is not None
        tried = [_variant(infos, one, recorded, sent) for one in variants]
        return min(tried, key=lambda found: found[0] not in _HOLDS)

    offer = _offer(chip, authentication, _INFOS_GROUP, read=chip.security_infos is not None)
    if offer is None and not variants:
        offer = ProofReason.NOT_OFFERED
    return _judged(ProofStep.CHIP_AUTHENTICATION, offer, recorded, verified, asked=bool(sent))


def _variant(
    infos: SecurityInfos, variant: ChipAuthenticationInfo, recorded: RecordedExchange, sent: tuple[bytes, ...]
) -> tuple[AnyReason, str]:
    key: PublicKey | UnusableKey | None = infos.key_of(variant)
    if key is None or isinstance(key, UnusableKey | RsaKey):
        return ChipAuthentication.KEY_UNUSABLE, str(key or "no key")
    if sent and terminal_public_key(key, recorded.terminal_private_key) not in sent:
        return ProofReason.CHALLENGE_REPLAYED, ""
    return verify_chip_authentication(key, variant, recorded), f"{variant.agreement} {variant.cipher}, {key}"


def _offer(chip: ChipRead, authentication: PassiveAuthentication, group: int, *, read: bool) -> ProofReason | None:
    """Return why a key cannot be relied on; ``None`` where it can."""
    if chip.security_object is None:
        return ProofReason.EARLIER_STEP
    if group not in chip.security_object.hashes:
        return ProofReason.KEY_NOT_SIGNED if group in chip.present else ProofReason.NOT_OFFERED
    if group not in chip.present or not read:
        return ProofReason.KEY_NOT_READ
    return None if group in authentication.covered else ProofReason.KEY_NOT_SIGNED


def _judged(
    step: ProofStep,
    offer: ProofReason | None,
    recorded: _Exchange | None,
    verify: Callable[[_Exchange], tuple[AnyReason, str]],
    *,
    asked: bool,
) -> ProofResult:
    if offer in {ProofReason.NOT_OFFERED, ProofReason.KEY_NOT_SIGNED, ProofReason.EARLIER_STEP}:
        return ProofResult(step, StepOutcome.NOT_DONE, offer)
    if recorded is None:
        if asked:
            return ProofResult(step, StepOutcome.FAILED, ProofReason.ANSWER_MISSING)
        return ProofResult(step, StepOutcome.NOT_DONE, offer or ProofReason.NOT_RECORDED)
    if offer is not None:
        return ProofResult(step, StepOutcome.FAILED, offer)
    reason, detail = verify(recorded)
    if reason in _HOLDS:
        return ProofResult(step, StepOutcome.PASSED, None, detail)
    return ProofResult(step, StepOutcome.NOT_DONE if reason in _OPEN else StepOutcome.FAILED, reason, detail)


def _covered_infos(chip: ChipRead, authentication: PassiveAuthentication) -> SecurityInfos | None:
    return chip.security_infos if _INFOS_GROUP in authentication.covered else None
