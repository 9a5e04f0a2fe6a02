"""The ways in which a minted paper can be broken, and the code by which reading it must name each."""

from __future__ import annotations

from enum import StrEnum

from fairgate.papers.chip.active import ActiveAuthentication
from fairgate.papers.chip.chip_authentication import ChipAuthentication
from fairgate.papers.chip.key_proof import ProofReason
from fairgate.papers.chip.verdicts import PassiveReason
from fairgate.papers.der.findings import ChipFindingCode


class BreakKind(StrEnum):
    """One known way each."""

    DG1_CHANGED = "dg1-changed"
    DG2_CHANGED = "dg2-changed"
    GROUP_MISSING = "group-missing"
    GROUP_NOT_SIGNED = "group-not-signed"
    HASH_ALGORITHM = "hash-algorithm"
    SIGNATURE_BIT = "signature-bit"
    ATTRIBUTES_ALTERED = "attributes-altered"
    CONTENT_REPLACED = "content-replaced"
    CONTENT_TYPE = "content-type"
    WRONG_SIGNER = "wrong-signer"
    SIGNER_ABSENT = "signer-absent"
    SIGNER_IS_CA = "signer-is-ca"
    CSCA_SAME_NAME = "csca-same-name"
    CSCA_NEW_KEY = "csca-new-key"
    NO_CSCA = "no-csca"
    SIGNER_EXPIRED = "signer-expired"
    SIGNER_NOT_YET_VALID = "signer-not-yet-valid"
    CSCA_EXPIRED = "csca-expired"
    SIGNED_IN_THE_FUTURE = "signed-in-the-future"
    ISSUER_DIFFERS = "issuer-differs"
    SIGNER_REVOKED = "signer-revoked"
    SOD_TRUNCATED = "sod-truncated"
    SOD_MISSING = "sod-missing"
    COM_LISTS_ABSENT = "com-lists-absent"
    ACTIVE_ANSWER = "active-answer"
    CHIP_CHECKSUM = "chip-checksum"
    CHIP_CLONED = "chip-cloned"
    EXCHANGE_REPLAYED = "exchange-replayed"
    REVOCATION_LIST_EXPIRED = "revocation-list-expired"


NAMED_BY: dict[BreakKind, StrEnum] = {
    BreakKind.DG1_CHANGED: PassiveReason.DATA_GROUP_CHANGED,
    BreakKind.DG2_CHANGED: PassiveReason.DATA_GROUP_CHANGED,
    BreakKind.GROUP_MISSING: PassiveReason.DATA_GROUP_MISSING,
    BreakKind.GROUP_NOT_SIGNED: PassiveReason.DATA_GROUP_NOT_SIGNED,
    BreakKind.HASH_ALGORITHM: PassiveReason.HASH_ALGORITHM_MISMATCH,
    BreakKind.SIGNATURE_BIT: PassiveReason.SIGNATURE_INVALID,
    BreakKind.ATTRIBUTES_ALTERED: PassiveReason.SIGNATURE_INVALID,
    BreakKind.CONTENT_REPLACED: PassiveReason.MESSAGE_DIGEST_DIFFERS,
    BreakKind.CONTENT_TYPE: PassiveReason.CONTENT_TYPE_DIFFERS,
    BreakKind.WRONG_SIGNER: PassiveReason.SIGNATURE_INVALID,
    BreakKind.SIGNER_ABSENT: PassiveReason.SIGNER_CERTIFICATE_MISSING,
    BreakKind.SIGNER_IS_CA: PassiveReason.SIGNER_MAY_NOT_SIGN,
    BreakKind.CSCA_SAME_NAME: PassiveReason.SIGNER_NOT_SIGNED_BY_CSCA,
    BreakKind.CSCA_NEW_KEY: PassiveReason.CSCA_KEY_NOT_LISTED,
    BreakKind.NO_CSCA: PassiveReason.NO_CSCA_FOR_COUNTRY,
    BreakKind.SIGNER_EXPIRED: PassiveReason.SIGNER_EXPIRED,
    BreakKind.SIGNER_NOT_YET_VALID: PassiveReason.SIGNER_NOT_YET_VALID,
    BreakKind.CSCA_EXPIRED: PassiveReason.CSCA_EXPIRED,
    BreakKind.SIGNED_IN_THE_FUTURE: PassiveReason.SIGNED_IN_THE_FUTURE,
    BreakKind.ISSUER_DIFFERS: PassiveReason.ISSUER_COUNTRY_DIFFERS,
    BreakKind.SIGNER_REVOKED: PassiveReason.SIGNER_REVOKED,
    BreakKind.SOD_TRUNCATED: PassiveReason.SOD_UNREADABLE,
    BreakKind.SOD_MISSING: PassiveReason.SOD_MISSING,
    BreakKind.COM_LISTS_ABSENT: ChipFindingCode.LISTED_NOT_READ,
    BreakKind.ACTIVE_ANSWER: ActiveAuthentication.ANSWER_WRONG,
    BreakKind.CHIP_CHECKSUM: ChipAuthentication.CHECKSUM_WRONG,
    BreakKind.CHIP_CLONED: ActiveAuthentication.ANSWER_WRONG,
    BreakKind.EXCHANGE_REPLAYED: ProofReason.CHALLENGE_REPLAYED,
    BreakKind.REVOCATION_LIST_EXPIRED: PassiveReason.REVOCATION_LIST_EXPIRED,
}
"""Break → the code that names it: a reason of passive authentication, a finding, or what becomes of an exchange."""
