"""What passive authentication can say: steps, reasons, and verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from fairgate.papers.findings import Finding
from fairgate.papers.trust.anchors import TrustAnchor


class PassiveStep(IntEnum):
    """The steps, in the order in which they are done.

    Source: ICAO Doc 9303-11 (8th ed., 2021) clause 5.1 for 1–4; 9303-12 clauses 5–8 for 4–7.
    """

    SECURITY_OBJECT = 1
    DATA_GROUP_HASHES = 2
    SIGNATURE = 3
    SIGNER_CHAIN = 4
    VALIDITY_AT_SIGNING = 5
    ISSUER_COUNTRY = 6
    REVOCATION = 7


class StepOutcome(StrEnum):
    """What became of a step."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_DONE = "not_done"


class PassiveReason(StrEnum):
    """Why a step failed, or was not done."""

    SOD_MISSING = "sod_missing"
    SOD_UNREADABLE = "sod_unreadable"

    HASH_ALGORITHM_UNKNOWN = "hash_algorithm_unknown"
    HASH_ALGORITHM_MISMATCH = "hash_algorithm_mismatch"
    DATA_GROUP_MISSING = "data_group_missing"
    DATA_GROUP_NOT_SIGNED = "data_group_not_signed"
    DATA_GROUP_CHANGED = "data_group_changed"

    SIGNER_CERTIFICATE_MISSING = "signer_certificate_missing"
    SIGNATURE_ALGORITHM_UNKNOWN = "signature_algorithm_unknown"
    SIGNER_KEY_UNUSABLE = "signer_key_unusable"
    CONTENT_TYPE_DIFFERS = "content_type_differs"
    MESSAGE_DIGEST_DIFFERS = "message_digest_differs"
    SIGNATURE_INVALID = "signature_invalid"

    NO_CSCA_FOR_COUNTRY = "no_csca_for_country"
    NO_CSCA_FOR_SIGNER = "no_csca_for_signer"
    CSCA_KEY_NOT_LISTED = "csca_key_not_listed"
    SIGNER_NOT_SIGNED_BY_CSCA = "signer_not_signed_by_csca"
    SIGNER_MAY_NOT_SIGN = "signer_may_not_sign"

    SIGNER_NOT_YET_VALID = "signer_not_yet_valid"
    SIGNER_EXPIRED = "signer_expired"
    CSCA_NOT_YET_VALID = "csca_not_yet_valid"
    CSCA_EXPIRED = "csca_expired"
    SIGNED_IN_THE_FUTURE = "signed_in_the_future"
    SIGNING_TIME_UNKNOWN = "signing_time_unknown"

    MRZ_UNREADABLE = "mrz_unreadable"
    ISSUER_UNKNOWN = "issuer_unknown"
    ISSUER_COUNTRY_DIFFERS = "issuer_country_differs"

    SIGNER_REVOKED = "signer_revoked"
    CSCA_REVOKED = "csca_revoked"
    NO_REVOCATION_LIST = "no_revocation_list"
    REVOCATION_LIST_EXPIRED = "revocation_list_expired"
    REVOCATION_LIST_PARTIAL = "revocation_list_partial"

    EARLIER_STEP = "earlier_step"


NO_CSCA_REASONS = frozenset(
    {PassiveReason.NO_CSCA_FOR_COUNTRY, PassiveReason.NO_CSCA_FOR_SIGNER, PassiveReason.CSCA_KEY_NOT_LISTED}
)

REVOCATION_OPEN = frozenset(
    {
        PassiveReason.NO_REVOCATION_LIST,
        PassiveReason.REVOCATION_LIST_EXPIRED,
        PassiveReason.REVOCATION_LIST_PARTIAL,
    }
)
"""Why revocation was not checked. Such a chip is genuine nevertheless; whoever asks may want more."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step and what became of it.

    Args:
        step: which.
        outcome: passed, failed, or not done.
        reason: why it failed or was not done; ``None`` where it passed.
        detail: one phrase without personal data.
    """

    step: PassiveStep
    outcome: StepOutcome
    reason: PassiveReason | None = None
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether it passed."""
        return self.outcome is StepOutcome.PASSED

    @property
    def code(self) -> str:
        """Return the reason, or ``"passed"``."""
        return self.reason.value if self.reason is not None else self.outcome.value


@dataclass(frozen=True, slots=True)
class Genuine:
    """Every step passed, but perhaps revocation for want of a whole and current list.

    Args:
        anchor: the CSCA that the signer chains to.
        imaginary: that CSCA is of the imaginary state; a production rulebook must not believe it.
        revocation_checked: a whole and current revocation list was at hand.
    """

    anchor: TrustAnchor = field(repr=False)
    imaginary: bool
    revocation_checked: bool


@dataclass(frozen=True, slots=True)
class NotGenuine:
    """A step failed.

    Args:
        reasons: of the failing steps, in their order.
    """

    reasons: tuple[PassiveReason, ...]


@dataclass(frozen=True, slots=True)
class NoCsca:
    """Nothing failed, and no CSCA certificate is known to check the signer with; no fault of the passport.

    Args:
        reason: the country has none; it has, but none of the signer's issuer's name; or none of that key.
        country: two-letter code of the signer's issuer; ``""`` where the certificate has none.
    """

    reason: PassiveReason
    country: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nothing failed, and a step could not be done.

    Args:
        reasons: of the steps that were not done.
    """

    reasons: tuple[PassiveReason, ...]


Verdict = Genuine | NotGenuine | NoCsca | Undecided


@dataclass(frozen=True, slots=True)
class PassiveAuthentication:
    """What passive authentication of a chip came to.

    Args:
        verdict: one of four.
        steps: all seven, in order.
        findings: deviations met on the way, beyond those of reading.
        covered: data groups that were there and have the hash that the security object lists. Nothing else may be
            relied on, whatever the verdict.
    """

    verdict: Verdict
    steps: tuple[StepResult, ...]
    findings: tuple[Finding, ...]
    covered: tuple[int, ...] = ()

    @property
    def failed(self) -> tuple[StepResult, ...]:
        """Return the steps that failed."""
        return tuple(step for step in self.steps if step.outcome is StepOutcome.FAILED)

    @property
    def revocation_open(self) -> PassiveReason | None:
        """Return why revocation was not checked, or ``None`` where it was."""
        return next((step.reason for step in self.steps if step.reason in REVOCATION_OPEN), None)
