"""Signed notes and checkpoints against published examples."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairgate.errors import LedgerFault
from fairgate.ledger.checkpoint import checkpoint_note, checkpoint_text
from fairgate.ledger.note import key_id, sign_note, verifier_key

# Source: the worked example in the documentation of golang.org/x/mod/sumdb/note, the format's first implementation.
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    GO_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


class Signer:
    """A key in memory, with a name."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        return self._key.sign(message)


class Mute(Signer):
    """A signer that returns nothing."""

    def sign(self, message: bytes, /) -> bytes:
        return message[:0]


def test_a_note_is_the_published_one() -> None:
    """Ed25519 is deterministic: the same key and text give the published note, byte for byte."""
    assert sign_note(GO_TEXT, [Signer("PeterNeumann", GO_SEED)]) == GO_NOTE.encode()


def test_a_verifier_key_is_the_published_one() -> None:
    """Name, id and key are joined as the published key is."""
    signer = Signer("PeterNeumann", GO_SEED)
    assert verifier_key(signer.name, signer.public_key) == GO_KEY
    assert key_id(signer.name, signer.public_key).hex() == "c74f20a3"


def test_a_note_may_have_several_signatures() -> None:
    """Each signer adds one line, in the order given."""
    first, second = Signer("log.example", b"\x01" * 32), Signer("witness.example", b"\x02" * 32)
    lines = sign_note("text\n", [first, second]).decode().splitlines()
    assert [line.split(" ")[:2] for line in lines[2:]] == [["—", "log.example"], ["—", "witness.example"]]


def test_a_checkpoint_has_three_lines() -> None:
    """Origin, size in decimal, root in base 64. The root is that of the example in C2SP tlog-checkpoint."""
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    expected = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert checkpoint_text("example.com/behind-the-sofa", 20_852_163, root) == expected


def test_a_checkpoint_is_a_note_under_its_origin() -> None:
    """The signature line carries the origin as the key's name."""
    note = checkpoint_note("log.example/7", 0, b"r" * 32, Signer("log.example/7", b"\x01" * 32))
    text, _, signature = note.decode().partition("\n\n")
    assert text == checkpoint_text("log.example/7", 0, b"r" * 32).rstrip("\n")
    assert signature.startswith("— log.example/7 ")


@pytest.mark.parametrize("name", ["", "with space", "with+plus", "tab\there", "line\nend", "no\u00a0break"])
def test_names_that_break_a_note_are_refused(name: str) -> None:
    """A name with a space, plus sign or control character would be read as something else."""
    with pytest.raises(LedgerFault):
        sign_note("text\n", [Signer(name, b"\x01" * 32)])


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "\x00\n"])
def test_texts_that_break_a_note_are_refused(text: str) -> None:
    """A note's text ends in a newline and holds no other control character."""
    with pytest.raises(LedgerFault):
        sign_note(text, [Signer("log.example", b"\x01" * 32)])


def test_notes_need_a_real_signature() -> None:
    """A note without a signer, or with one that does not sign, is not written."""
    with pytest.raises(LedgerFault):
        sign_note("text\n", [])
    with pytest.raises(LedgerFault):
        sign_note("text\n", [Mute("log.example", b"\x01" * 32)])


@pytest.mark.parametrize(
    ("origin", "size", "root"), [("", 1, b"r" * 32), ("a b", 1, b"r" * 32), ("a", -1, b"r" * 32), ("a", 1, b"short")]
)
def test_checkpoints_that_cannot_be_are_refused(origin: str, size: int, root: bytes) -> None:
    """An empty origin, a negative size and a short root are refused."""
    with pytest.raises(LedgerFault):
        checkpoint_text(origin, size, root)


def test_a_checkpoint_under_another_name_is_refused() -> None:
    """A verifier told of one log's key must not be handed another log's checkpoint."""
    with pytest.raises(LedgerFault):
        checkpoint_note("log.example/1", 1, b"r" * 32, Signer("log.example/2", b"\x01" * 32))
