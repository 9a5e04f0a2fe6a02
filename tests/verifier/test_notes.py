"""Signed notes: published examples open, and nothing else does."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.ledger.note import sign_note
from fairgate.verifier import Checkpoint, VerifierKey, VerifierRefused, open_checkpoint, open_note

if TYPE_CHECKING:
    from tests.verifier.conftest import Signer, WrittenLedger

# Source: the worked example in the documentation of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# Source: the example of C2SP signed-note, section Verifier keys.
C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def opened(note: str | bytes, key: str = GO_KEY) -> str:
    return open_note(note.encode() if isinstance(note, str) else note, VerifierKey.parse(key))


def test_published_notes_open() -> None:
    """Both published examples open under their keys."""
    assert opened(GO_TEXT + "\n" + GO_LINE) == GO_TEXT
    assert opened(C2SP_NOTE, C2SP_KEY) == "This is an example message.\n"


def test_a_note_opens_under_its_own_key_only() -> None:
    """The other example's key opens neither."""
    with pytest.raises(VerifierRefused):
        opened(C2SP_NOTE, GO_KEY)
    with pytest.raises(VerifierRefused):
        opened(GO_TEXT + "\n" + GO_LINE, C2SP_KEY)


@settings(max_examples=400)
@given(st.data())
def test_a_changed_note_does_not_open(data: st.DataObject) -> None:
    """Any byte changed, removed or added is refused."""
    note = bytearray((GO_TEXT + "\n" + GO_LINE).encode())
    at = data.draw(st.integers(0, len(note) - 1))
    match data.draw(st.sampled_from(["change", "remove", "add"])):
        case "change":
            note[at] ^= data.draw(st.integers(1, 255))
        case "remove":
            del note[at]
        case _:
            note.insert(at, data.draw(st.integers(0, 255)))
    with pytest.raises(VerifierRefused):
        opened(bytes(note))


def test_signatures_of_others_are_passed_over(stranger: Signer) -> None:
    """Witnesses may sign beside the log, before or after it, and need not be known."""
    theirs = sign_note(GO_TEXT, [stranger]).decode().split("\n\n")[1]
    assert opened(GO_TEXT + "\n" + theirs + GO_LINE) == GO_TEXT
    assert opened(GO_TEXT + "\n" + GO_LINE + theirs * 16) == GO_TEXT
    with pytest.raises(VerifierRefused):
        opened(GO_TEXT + "\n" + theirs)


def test_a_wrong_signature_of_the_key_refuses_the_note() -> None:
    """One right and one wrong signature of the same key: the note is refused, in either order."""
    name, encoded = GO_LINE.split(" ")[1:]
    wrong = bytearray(base64.b64decode(encoded))
    wrong[-1] ^= 1
    bad_line = f"— {name} {base64.b64encode(wrong).decode()}\n"
    for lines in (GO_LINE + bad_line, bad_line + GO_LINE):
        with pytest.raises(VerifierRefused):
            opened(GO_TEXT + "\n" + lines)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        GO_TEXT,
        GO_TEXT + GO_LINE,
        GO_TEXT + "\n" + GO_LINE.rstrip("\n"),
        GO_TEXT + "\n" + GO_LINE + "\n",
        GO_TEXT + "\n" + GO_LINE.replace("—", "-"),
        GO_TEXT + "\n" + GO_LINE.replace("— ", "—  "),
        GO_TEXT + "\n" + GO_LINE + "— PeterNeumann !!!!\n",
        GO_TEXT + "\n" + GO_LINE + "— other AAAA\n",
        GO_TEXT.replace("\n", "\r\n") + "\n" + GO_LINE,
        "\t" + GO_TEXT + "\n" + GO_LINE,
        GO_TEXT + "\n" + GO_LINE.replace("JnAM=", "JnAN="),
        "x" * 1_000_001,
    ],
)
def test_malformed_notes_are_refused(note: str) -> None:
    """Missing lines, other dashes, control characters, sloppy base 64 and endless notes are refused."""
    with pytest.raises(VerifierRefused):
        opened(note)


@pytest.mark.parametrize("cut", range(0, len(GO_KEY), 3))
def test_a_cut_key_is_refused(cut: int) -> None:
    """No part of a verifier key is a verifier key."""
    with pytest.raises(VerifierRefused):
        VerifierKey.parse(GO_KEY[:cut])


@settings(max_examples=300)
@given(st.integers(0, len(GO_KEY) - 1), st.characters(codec="ascii"))
def test_a_changed_key_is_refused(at: int, char: str) -> None:
    """The id holds name and key together: no other character passes anywhere."""
    key = GO_KEY[:at] + char + GO_KEY[at + 1 :]
    if key == GO_KEY:
        VerifierKey.parse(key)
    else:
        with pytest.raises(VerifierRefused):
            VerifierKey.parse(key)


def test_a_checkpoint_of_the_ledger_room_opens(ledger: WrittenLedger) -> None:
    """What one room signs the other reads."""
    checkpoint = open_checkpoint(ledger.notes[4], VerifierKey.parse(ledger.key))
    assert isinstance(checkpoint, Checkpoint)
    assert (checkpoint.origin, checkpoint.size) == ("fairgate.example/test", 5)


@pytest.mark.parametrize(
    "text",
    [
        "fairgate.example/test\n",
        "fairgate.example/test\n5\n",
        "fairgate.example/test\n05\n{root}\n",
        "fairgate.example/test\n-5\n{root}\n",
        "fairgate.example/test\n5 \n{root}\n",
        "fairgate.example/test\n٥\n{root}\n",
        "fairgate.example/test\n99999999999999999999\n{root}\n",
        "fairgate.example/test\n5\n{root}=\n",
        "fairgate.example/test\n5\nAAAA\n",
        "fairgate.example/other\n5\n{root}\n",
        "\n5\n{root}\n",
        "fairgate.example/test\n5\n{root}\n\nextension\n",
    ],
)
def test_signed_text_that_is_no_checkpoint_is_refused(ledger: WrittenLedger, text: str) -> None:
    """Even the log's own signature does not make a checkpoint of other text, or of another log's."""
    note = sign_note(text.replace("{root}", base64.b64encode(b"r" * 32).decode()), [ledger.signer])
    with pytest.raises(VerifierRefused):
        open_checkpoint(note, VerifierKey.parse(ledger.key))


def test_extension_lines_are_passed_over(ledger: WrittenLedger) -> None:
    """C2SP tlog-checkpoint allows lines after the root; they say nothing that could be checked."""
    root = base64.b64encode(b"r" * 32).decode()
    note = sign_note(f"fairgate.example/test\n5\n{root}\nextension\n", [ledger.signer])
    assert open_checkpoint(note, VerifierKey.parse(ledger.key)).size == 5
