"""Signed notes read: text and signatures taken apart, and signatures checked with the keys that are trusted.

Source: C2SP signed-note, https://c2sp.org/signed-note, sections Format, Signatures.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fairgate.errors import LedgerFault
from fairgate.ledger.base64_text import decoded_base64
from fairgate.ledger.note import ED25519, PUBLIC_KEY_BYTES, check_key_name, key_id

MAX_NOTE_BYTES = 131_072
MAX_SIGNATURES = 64
"""A reader must take 16 at least; a bound keeps a stranger from having thousands checked."""
KEY_ID_BYTES = 4
_DASH = "\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A public key that signs notes.

    Args:
        name: of the key.
        public_key: 32 bytes of Ed25519.
        kind: signature type identifier: what the key's signatures are made over.

    Raises:
        LedgerFault: the name or the key is not of the form that notes allow.
    """

    name: str
    public_key: bytes
    kind: bytes = ED25519

    def __post_init__(self) -> None:
        key_id(self.name, self.public_key, self.kind)

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        return key_id(self.name, self.public_key, self.kind)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether the key made an Ed25519 signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line.

    Args:
        name: of the key, as the line has it.
        key_id: 4 bytes.
        signature: the rest; its form depends on the key's kind.
    """

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note taken apart; nothing in it is to be believed before a signature was checked.

    Args:
        text: what is signed, with its last newline.
        signatures: in the note's order; of known and unknown keys.
    """

    text: str
    signatures: tuple[NoteSignature, ...]


def parse_note_key(text: str, kind: bytes = ED25519) -> NoteKey:
    """Return the key that ``name+id+key`` names.

    Args:
        text: as :func:`fairgate.ledger.note.verifier_key` writes it.
        kind: the signature type identifier that the key must have.

    Raises:
        LedgerFault: it is no Ed25519 key of that kind, or its id belongs to another.
    """
    name, _, rest = text.partition("+")
    id_text, _, encoded = rest.partition("+")
    content = decoded_base64(encoded)
    if content[:1] != kind or len(content) != 1 + PUBLIC_KEY_BYTES:
        raise LedgerFault("This is no key of the kind asked for.")
    key = NoteKey(name, content[1:], kind)
    if key.key_id.hex() != id_text:
        raise LedgerFault("The key's id does not belong to it.")
    return key


def parse_note(note: bytes) -> SignedNote:
    """Take a note apart.

    Raises:
        LedgerFault: the bytes are no signed note.
    """
    if len(note) > MAX_NOTE_BYTES:
        raise LedgerFault("The note is too long.")
    head, gap, tail = _text(note).rpartition("\n\n")
    if not gap:
        raise LedgerFault("The note has no signature.")
    return SignedNote(head + "\n", _signatures(tail))


def parse_signature_lines(lines: bytes) -> tuple[NoteSignature, ...]:
    """Return the signatures of lines that stand alone, as a witness answers with.

    Raises:
        LedgerFault: the bytes are no signature lines.
    """
    if len(lines) > MAX_NOTE_BYTES:
        raise LedgerFault("The signature lines are too long.")
    return _signatures(_text(lines))


def signing_keys(note: SignedNote, trusted: Collection[NoteKey]) -> frozenset[NoteKey]:
    """Return which of the trusted keys signed the note's text; signatures of other keys are passed over.

    Args:
        note: as read.
        trusted: keys of kind Ed25519, which sign the text itself.

    Raises:
        LedgerFault: a signature that names a trusted key was not made by it, which spoils the whole note.
    """
    by_id = {(key.name, key.key_id): key for key in trusted}
    found = set[NoteKey]()
    for item in note.signatures:
        key = by_id.get((item.name, item.key_id))
        if key is None:
            continue
        if not key.verifies(item.signature, note.text.encode()):
            raise LedgerFault("A signature of the note is wrong.")
        found.add(key)
    return frozenset(found)


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError as fault:
        raise LedgerFault("The note is not UTF-8.") from fault
    if any(char < " " and char != "\n" for char in text):
        raise LedgerFault("The note holds a control character.")
    return text


def _signatures(lines: str) -> tuple[NoteSignature, ...]:
    if not lines.endswith("\n"):
        raise LedgerFault("The note's last signature line has no end.")
    every = lines[:-1].split("\n")
    if len(every) > MAX_SIGNATURES:
        raise LedgerFault("The note has too many signatures.")
    return tuple(_signature(line) for line in every)


def _signature(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:
        raise LedgerFault("The note has a malformed signature line.")
    check_key_name(parts[1])
    content = decoded_base64(parts[2])
    if len(content) <= KEY_ID_BYTES:
        raise LedgerFault("The note has a malformed signature line.")
    return NoteSignature(parts[1], content[:KEY_ID_BYTES], content[KEY_ID_BYTES:])
