"""Receipts: what a traveller was asked, under which rule, what was kept and until when, in one signed code.

A code is ``FGR1`` and RFC 4648 base 32 without padding, which a QR code holds in its alphanumeric mode. Bytes,
big-endian: version (1) · key id (4) · receipt id (10) · hour (3) · moment (1) · modality (1) · choice (1) · first bytes
of the rulebook's SHA-256 (8) · count (1) of what was kept, each class (1) and hour (3) · length (1) and ASCII of the
rule's id · Ed25519 signature (64) over the name of this use and everything before. Hours count from 1970-01-01T00Z.

Nothing in it names or describes a person: the receipt id is random, and the time is an hour.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fairgate.errors import LedgerFault, ReceiptAltered, ReceiptCutShort, ReceiptOfAnotherKey, ReceiptRefused
from fairgate.ledger.commitment import whole_hour
from fairgate.ledger.note import ED25519, SIGNATURE_BYTES, NoteSigner, key_id
from fairgate.vocabulary import Modality, RecordClass

PREFIX = "FGR1"
DOMAIN = b"fairgate/receipt/v1\n"
"""First line of what is signed, so that a key's other signatures are never receipts."""
RECEIPT_ID_BYTES = 10
RULEBOOK_PREFIX_BYTES = 8
MOST_KEPT = 16

W = TypeVar("W")

_VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_HOUR_BYTES = 3
_LATEST_HOUR = 2 ** (8 * _HOUR_BYTES) - 1
_FIXED_BYTES = 1 + 4 + RECEIPT_ID_BYTES + _HOUR_BYTES + 3 + RULEBOOK_PREFIX_BYTES + 1
_KEPT_BYTES = 1 + _HOUR_BYTES
_RULE_ID = re.compile(r"[A-Za-z0-9._:/@-]{0,64}")
_PARTIAL_GROUPS = frozenset({1, 3, 6})
"""Numbers of base 32 letters after the last whole group of eight that no bytes end in. Source: RFC 4648, 6."""


class Moment(StrEnum):
    """What the receipt is for: an opt-out, by when it was declared, or a crossing."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    CROSSING = "crossing"


class Choice(StrEnum):
    """What the rule left to the traveller."""

    VOLUNTARY = "voluntary"
    REQUIRED = "required"
    NOT_ASKED = "not_asked"


# Numbers that are printed on paper never change: a new word gets the next one.
_MOMENTS = {Moment.BEFORE: 1, Moment.DURING: 2, Moment.AFTER: 3, Moment.CROSSING: 4}
_MODALITIES = {Modality.PHOTOGRAPH: 1, Modality.FINGERPRINTS: 2}
_CHOICES = {Choice.VOLUNTARY: 1, Choice.REQUIRED: 2, Choice.NOT_ASKED: 3}
_CLASSES = {
    RecordClass.PHOTO: 1,
    RecordClass.TEMPLATE: 2,
    RecordClass.REFERENCE: 3,
    RecordClass.PASSENGER_LIST: 4,
    RecordClass.CHIP_DATA: 5,
    RecordClass.CROSSING: 6,
    RecordClass.CASE: 7,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One class of record that is kept, and the hour by which it is gone."""

    of: RecordClass
    until: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "until", whole_hour(self.until))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one receipt says.

    Args:
        receipt_id: 20 hexadecimal digits, random.
        at: aware time; kept to the hour, in UTC.
        moment: before, during or after capture, or a crossing.
        modality: what was asked for.
        choice: what the rule left to the traveller.
        rule_id: the rule; ``""`` where the rulebook has none.
        rulebook_prefix: the first 16 hexadecimal digits of the rulebook's SHA-256.
        kept: every class of record that is kept of this, in order; at most 16.

    Raises:
        LedgerFault: a value is not of its form.
    """

    receipt_id: str
    at: datetime
    moment: Moment
    modality: Modality
    choice: Choice
    rule_id: str
    rulebook_prefix: str
    kept: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", whole_hour(self.at))
        if not _is_hex(RECEIPT_ID_BYTES, self.receipt_id):
            raise LedgerFault("A receipt's identifier is 20 hexadecimal digits.")
        if not _is_hex(RULEBOOK_PREFIX_BYTES, self.rulebook_prefix):
            raise LedgerFault("A receipt names its rulebook by 16 hexadecimal digits.")
        if not _RULE_ID.fullmatch(self.rule_id) or len(self.kept) > MOST_KEPT:
            raise LedgerFault("A receipt's rule is no plain word, or too much is listed.")

    def body(self, signer_id: bytes) -> bytes:
        """Return the bytes before the signature."""
        rule = self.rule_id.encode("ascii")
        parts = [
            bytes([_VERSION]),
            signer_id,
            bytes.fromhex(self.receipt_id),
            _hour_bytes(self.at),
            bytes([_MOMENTS[self.moment], _MODALITIES[self.modality], _CHOICES[self.choice]]),
            bytes.fromhex(self.rulebook_prefix),
            bytes([len(self.kept)]),
            *(bytes([_CLASSES[one.of]]) + _hour_bytes(one.until) for one in self.kept),
            bytes([len(rule)]),
            rule,
        ]
        return b"".join(parts)


def signed_code(receipt: Receipt, signer: NoteSigner) -> str:
    """Return the receipt's code: letters and digits, about 210 of them.

    Raises:
        LedgerFault: the signer gave no Ed25519 signature.
    """
    body = receipt.body(key_id(signer.name, signer.public_key))
    signature = signer.sign(DOMAIN + body)
    if len(signature) != SIGNATURE_BYTES:
        raise LedgerFault("The signer did not return an Ed25519 signature.")
    return PREFIX + base64.b32encode(body + signature).decode("ascii").rstrip("=")


def read_code(code: str, public_key: str) -> Receipt:
    """Return what a receipt's code says, once its signature was found genuine.

    1. White space, which print adds, is left out; nothing else is.
    2. The letters are the one way to write their bytes.
    3. The key named is the one given.
    4. The signature fits; only then is anything of the content believed.

    Args:
        code: as printed.
        public_key: ``name+id+key``, as ``fairgate receipt key`` writes it.

    Raises:
        ReceiptRefused: the key cannot be read, or the code is no receipt's.
        ReceiptCutShort: letters are missing at its end.
        ReceiptOfAnotherKey: it was signed with another key than the one given.
        ReceiptAltered: a letter is not as it was issued.
    """
    own_id, key = _key(public_key)
    content = _bytes(code)
    if content[:1] and content[0] != _VERSION:
        raise ReceiptRefused("The receipt is of a version that is not known.", way_out="Use a newer Fairgate.")
    body, signature = _parts(content)
    if body[1:5] != own_id:
        raise ReceiptOfAnotherKey(
            "The receipt was not signed with this key.", way_out="Check it with the key of the place that issued it."
        )
    try:
        key.verify(signature, DOMAIN + body)
    except InvalidSignature as fault:
        raise _altered() from fault
    try:
        return _receipt(body)
    except (LedgerFault, ValueError, OverflowError) as fault:
        raise ReceiptRefused("The receipt says something that this version does not know.") from fault


def _is_hex(size: int, text: str) -> bool:
    return len(text) == 2 * size and set(text) <= set("0123456789abcdef")


def _key(text: str) -> tuple[bytes, Ed25519PublicKey]:
    """Return the id and the key of ``name+id+key``."""
    name, _, rest = text.strip().partition("+")
    written_id, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
        own_id = key_id(name, key[1:])
        if key[:1] != ED25519 or written_id != own_id.hex():
            raise _no_key()
        return own_id, Ed25519PublicKey.from_public_bytes(key[1:])
    except (ValueError, LedgerFault) as fault:
        raise _no_key() from fault


def _no_key() -> ReceiptRefused:
    return ReceiptRefused("The public key cannot be read.", way_out="Give the file that `fairgate receipt key` wrote.")


def _bytes(code: str) -> bytes:
    letters = "".join(code.split())
    if not letters.startswith(PREFIX):
        raise ReceiptRefused(f"This is no receipt: a receipt begins with {PREFIX}.")
    encoded = letters.removeprefix(PREFIX)
    if not re.fullmatch(r"[A-Z2-7]*", encoded):
        raise _altered("It holds a letter that no receipt holds.")
    if len(encoded) % 8 in _PARTIAL_GROUPS:
        raise _cut_short()
    try:
        content = base64.b32decode(encoded + "=" * (-len(encoded) % 8))
    except binascii.Error as fault:
        raise _altered() from fault
    if base64.b32encode(content).decode("ascii").rstrip("=") != encoded:
        _parts(content)  # a code that was cut in the middle of a byte is said to be cut short
        raise _altered("Its last letter is not as it was issued.")
    return content


def _parts(content: bytes) -> tuple[bytes, bytes]:
    """Return body and signature; the lengths in between say where one ends."""
    if len(content) < _FIXED_BYTES:
        raise _cut_short()
    at = _FIXED_BYTES + content[_FIXED_BYTES - 1] * _KEPT_BYTES
    if len(content) <= at:
        raise _cut_short()
    end = at + 1 + content[at]
    if len(content) < end + SIGNATURE_BYTES:
        raise _cut_short()
    if len(content) > end + SIGNATURE_BYTES:
        raise _altered("It is longer than a receipt.")
    return content[:end], content[end:]


def _receipt(body: bytes) -> Receipt:
    fields, rest = body[5:_FIXED_BYTES], body[_FIXED_BYTES:]
    receipt_id, fields = fields[:RECEIPT_ID_BYTES], fields[RECEIPT_ID_BYTES:]
    hour, (moment, modality, choice), prefix = fields[:3], fields[3:6], fields[6:-1]
    entries = [rest[start : start + _KEPT_BYTES] for start in range(0, fields[-1] * _KEPT_BYTES, _KEPT_BYTES)]
    return Receipt(
        receipt_id=receipt_id.hex(),
        at=_moment(hour),
        moment=_word(_MOMENTS, moment),
        modality=_word(_MODALITIES, modality),
        choice=_word(_CHOICES, choice),
        rule_id=rest[fields[-1] * _KEPT_BYTES + 1 :].decode("ascii"),
        rulebook_prefix=prefix.hex(),
        kept=tuple(Kept(_word(_CLASSES, one[0]), _moment(one[1:])) for one in entries),
    )


def _word(numbers: Mapping[W, int], number: int) -> W:
    """Return the word of a number; ``ValueError`` for one that is not in use."""
    for word, own in numbers.items():
        if own == number:
            return word
    raise ValueError("a number that stands for no word")


def _hour_bytes(moment: datetime) -> bytes:
    hours = (moment - _EPOCH) // _HOUR
    if not 0 <= hours <= _LATEST_HOUR:
        raise LedgerFault("A receipt's hour lies outside what a receipt can say.")
    return hours.to_bytes(_HOUR_BYTES, "big")


def _moment(content: bytes) -> datetime:
    return _EPOCH + int.from_bytes(content, "big") * _HOUR


def _cut_short() -> ReceiptCutShort:
    return ReceiptCutShort("The receipt is cut short.", way_out="Copy the whole code, or scan the QR code.")


def _altered(detail: str = "") -> ReceiptAltered:
    text = f"The receipt is not as it was issued: it was altered or mistyped. {detail}".strip()
    return ReceiptAltered(text, way_out="Compare it with the printed code, or scan the QR code.")
