"""Findings of chips, certificates and trust lists: what deviates without becoming unreadable.

They are kept by :mod:`fairgate.papers.findings`; only the codes are of this world. No finding holds personal data.
"""

from __future__ import annotations

from enum import StrEnum

from fairgate.papers.findings import Finding, Findings


class ChipFindingCode(StrEnum):
    """Stable codes of deviations in chips, certificates and lists."""

    INDEFINITE_LENGTH = "indefinite_length"
    NON_MINIMAL_LENGTH = "non_minimal_length"
    NON_MINIMAL_INTEGER = "non_minimal_integer"
    TRAILING_BYTES = "trailing_bytes"
    CONSTRUCTED_STRING = "constructed_string"
    BOOLEAN_FORM = "boolean_form"
    TIME_FORM = "time_form"
    TEXT_FORM = "text_form"
    UNEXPECTED_ELEMENT = "unexpected_element"
    MISSING_ELEMENT = "missing_element"

    ALGORITHM_PARAMETERS = "algorithm_parameters"
    WEAK_HASH = "weak_hash"
    WEAK_KEY = "weak_key"
    EXPLICIT_CURVE = "explicit_curve"
    CURVE_SEED_OR_COFACTOR = "curve_seed_or_cofactor"
    EXTENSION_UNREADABLE = "extension_unreadable"
    CRITICAL_EXTENSION = "critical_extension"
    KEY_USAGE = "key_usage"
    CERTIFICATE_UNREADABLE = "certificate_unreadable"
    SELF_SIGNATURE = "self_signature"

    VERSION = "version"
    UNKNOWN_FILE = "unknown_file"
    UNREADABLE_FILE = "unreadable_file"
    PRESENT_NOT_LISTED = "present_not_listed"
    LISTED_NOT_READ = "listed_not_read"
    COM_AND_SOD_DIFFER = "com_and_sod_differ"
    MRZ_FORM = "mrz_form"
    IMAGE_FORM = "image_form"
    IMAGE_SIZE_MISMATCH = "image_size_mismatch"
    SEVERAL_IMAGES = "several_images"
    LENGTH_MISMATCH = "length_mismatch"
    UNKNOWN_SECURITY_INFO = "unknown_security_info"

    SIGNED_ATTRIBUTES_ORDER = "signed_attributes_order"
    NO_SIGNED_ATTRIBUTES = "no_signed_attributes"
    NO_SIGNING_TIME = "no_signing_time"
    SEVERAL_SIGNERS = "several_signers"
    DIGEST_ALGORITHMS_DIFFER = "digest_algorithms_differ"
    SIGNED_OUTSIDE_KEY_PERIOD = "signed_outside_key_period"
    REVOCATION_LIST_EXPIRED = "revocation_list_expired"
    REVOCATION_LIST_NOT_YET_VALID = "revocation_list_not_yet_valid"
    REVOCATION_LIST_UNVERIFIED = "revocation_list_unverified"
    REVOCATION_LIST_PARTIAL = "revocation_list_partial"
    DELTA_REVOCATION_LIST = "delta_revocation_list"
    DEVIATION_LIST = "deviation_list"
    CHANGE_RECORD = "change_record"
    TWISTED_CURVE = "twisted_curve"
    REPEATED_EXTENSION = "repeated_extension"
    ENTRY_UNREADABLE = "entry_unreadable"


class ChipFindings:
    """Collects the findings of one file.

    Args:
        where: the file that is read, e.g. ``"DG2"``.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self._findings = Findings()

    def note(self, code: ChipFindingCode, text: str, *, position: int = 0) -> None:
        """Keep a finding, or only count it where there are too many of its kind."""
        self._findings.note(code, text, where=self.where, position=position)

    def collected(self) -> tuple[Finding, ...]:
        """Return what was found, each once, in the order of the file."""
        return tuple(dict.fromkeys(self._findings.collected()))
