"""Notes and cosignatures against a real witnessed checkpoint, and against any change to them."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import LedgerFault
from fairgate.ledger.base64_text import decoded_base64
from fairgate.ledger.checkpoint import Checkpoint, checkpoint_note, checkpoint_text, parse_checkpoint
from fairgate.ledger.cosignature import COSIGNATURE_V1, LATEST_TIME, check_cosignatures, cosign, cosigned_message
from fairgate.ledger.note import ED25519, key_id, sign_note, verifier_key
from fairgate.ledger.signed_note import (
    NoteKey,
    parse_note,
    parse_note_key,
    parse_signature_lines,
    signing_keys,
)
from fairgate.ledger.tree import EMPTY_ROOT

# Source: a checkpoint that a public staging log of Certificate Transparency published in May 2026, cosigned by public
# witnesses; the verifier keys are those that the log and the witness publish. Neither was made by this project.
REAL_TEXT = "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
REAL_SIGNATURES = (
    "— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3ur"
    "bllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75M"
    "dhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5Xe"
    "U/zZ0WBxtqB0DrAWfBw==\n"
    "— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFu"
    "cgKi7lI7cUiOvKFYe/TmN9DAg==\n"
)
REAL_NOTE = f"{REAL_TEXT}\n{REAL_SIGNATURES}".encode()
REAL_LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
REAL_WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

# Source: the example in C2SP tlog-cosignature; its keys are not published, so only its form can be checked.
EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGk"
    "u9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nP"
    "Zqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()

TEXT = checkpoint_text("fairgate.example/test", 7, b"r" * 32)


class Signer:
    """A key in memory, with a name."""

    def __init__(self, name: str = "witness.example/1", seed: int = 1) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        return self._key.sign(message)

    @property
    def witness(self) -> NoteKey:
        return NoteKey(self.name, self.public_key, COSIGNATURE_V1)

    @property
    def log(self) -> NoteKey:
        return NoteKey(self.name, self.public_key)


class Mute(Signer):
    """A signer that returns nothing."""

    def sign(self, message: bytes, /) -> bytes:
        return message[:0]


def test_a_real_log_signed_a_real_checkpoint() -> None:
    """Its note is read, its key's signature holds, and signatures of other kinds and keys are passed over."""
    note, key = parse_note(REAL_NOTE), parse_note_key(REAL_LOG)
    assert note.text == REAL_TEXT
    assert len(note.signatures) == 4
    assert signing_keys(note, [key]) == {key}
    assert signing_keys(note, [NoteKey(key.name, Signer().public_key)]) == frozenset()
    root = base64.b64decode("U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=")
    assert parse_checkpoint(note.text) == Checkpoint(key.name, 1_432_088_532, root)


def test_a_real_witness_cosigned_it() -> None:
    """The cosignature holds, and its time is that of the day: 23 May 2026."""
    note, witness = parse_note(REAL_NOTE), parse_note_key(REAL_WITNESS, COSIGNATURE_V1)
    (cosignature,) = check_cosignatures(note.text, note.signatures, [witness])
    assert cosignature.witness == witness
    assert cosignature.at == 0x6A122120


@settings(deadline=None)
@given(st.integers(0, len(REAL_TEXT) - 1), st.integers(0, 6))
def test_of_the_real_checkpoint_no_bit_can_be_changed(at: int, bit: int) -> None:
    """Log and witness both signed this text, and no other."""
    content = bytearray(REAL_NOTE)
    content[at] ^= 1 << bit
    try:
        note = parse_note(bytes(content))
    except LedgerFault:
        return
    with pytest.raises(LedgerFault):
        signing_keys(note, [parse_note_key(REAL_LOG)])
    with pytest.raises(LedgerFault):
        check_cosignatures(note.text, note.signatures, [parse_note_key(REAL_WITNESS, COSIGNATURE_V1)])


def test_the_specifications_example_is_read() -> None:
    """The second line's time is the one that the specification shows signed: 1679315147."""
    note = parse_note(EXAMPLE)
    assert parse_checkpoint(note.text).size == 20_852_163
    log, witness = note.signatures
    assert (log.name, len(log.signature)) == ("example.com/behind-the-sofa", 64)
    assert (witness.name, len(witness.signature)) == ("witness.example.com/w1", 72)
    assert int.from_bytes(witness.signature[:8], "big") == 1_679_315_147
    message = (
        b"cosignature/v1\ntime 1679315147\n"
        b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )
    assert cosigned_message(note.text, 1_679_315_147) == message


def test_keys_are_written_and_read_by_kind() -> None:
    """One key has another id, and another text, for each kind of signature."""
    signer = Signer()
    for kind in (ED25519, COSIGNATURE_V1):
        text = verifier_key(signer.name, signer.public_key, kind)
        assert parse_note_key(text, kind) == NoteKey(signer.name, signer.public_key, kind)
        with pytest.raises(LedgerFault):
            parse_note_key(text, COSIGNATURE_V1 if kind == ED25519 else ED25519)
        name, id_text, _ = text.split("+")
        other = verifier_key(signer.name, signer.public_key, b"\x05").rpartition("+")[2]
        with pytest.raises(LedgerFault):
            parse_note_key(f"{name}+{id_text}+{other}", kind)
    assert parse_note_key(REAL_WITNESS, COSIGNATURE_V1).key_id.hex() == "da77ade7"
    assert key_id(signer.name, signer.public_key) != key_id(signer.name, signer.public_key, COSIGNATURE_V1)


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000", "name+00000000+", "a b+00000000+AQ==", REAL_LOG.replace("ba2f", "ba2e"),
     REAL_LOG + "=", REAL_LOG.replace("arche", "arcbe"), REAL_LOG[:-4], REAL_LOG.replace("+ba2f06c0", "+BA2F06C0")],
)  # fmt: skip
def test_other_texts_are_no_keys(text: str) -> None:
    """A key whose id is another's, or that is not written as keys are, is refused."""
    with pytest.raises(LedgerFault):
        parse_note_key(text)


@settings(deadline=None)
@given(st.integers(0, LATEST_TIME), st.integers(1, 250))
def test_what_is_cosigned_is_found_cosigned(at: int, seed: int) -> None:
    """The line holds for its witness, text and time; other witnesses are passed over."""
    signer = Signer(seed=seed)
    lines = parse_signature_lines(cosign(TEXT, signer, at) + cosign(TEXT, Signer("witness.example/2", seed=251), at))
    (cosignature,) = check_cosignatures(TEXT, lines, [signer.witness])
    assert (cosignature.witness, cosignature.at) == (signer.witness, at)


@pytest.mark.parametrize("at", [0, 1, 2**63 - 1])
def test_the_first_and_the_last_time_can_be_written(at: int) -> None:
    """1970 itself, and the last second that leaves the highest bit free."""
    signer = Signer()
    lines = parse_signature_lines(cosign(TEXT, signer, at))
    assert [item.at for item in check_cosignatures(TEXT, lines, [signer.witness])] == [at]


@settings(deadline=None)
@given(st.integers(0, 75), st.integers(0, 7))
def test_of_a_cosignature_no_bit_can_be_changed(at: int, bit: int) -> None:
    """A changed id is another key's; a changed time or signature is refused."""
    signer = Signer()
    start, _, encoded = cosign(TEXT, signer, 1_800_000_000).decode().rpartition(" ")
    content = bytearray(base64.b64decode(encoded))
    content[at] ^= 1 << bit
    lines = parse_signature_lines(f"{start} {base64.b64encode(content).decode()}\n".encode())
    if at < 4:
        assert check_cosignatures(TEXT, lines, [signer.witness]) == ()
    else:
        with pytest.raises(LedgerFault):
            check_cosignatures(TEXT, lines, [signer.witness])


@pytest.mark.parametrize("length", [0, 7, 8, 71, 73])
def test_a_cosignature_of_another_length_is_refused(length: int) -> None:
    """A known witness's line holds a time and a signature, and nothing else."""
    signer = Signer()
    content = key_id(signer.name, signer.public_key, COSIGNATURE_V1) + bytes(length)
    line = f"— {signer.name} {base64.b64encode(content).decode()}\n".encode()
    with pytest.raises(LedgerFault):
        check_cosignatures(TEXT, parse_signature_lines(line), [signer.witness])


def test_a_time_after_the_last_is_refused() -> None:
    """The highest bit of the time is never set, even where the signature would hold."""
    signer = Signer()
    signature = signer.sign(f"cosignature/v1\ntime {2**63}\n{TEXT}".encode())
    content = key_id(signer.name, signer.public_key, COSIGNATURE_V1) + (2**63).to_bytes(8, "big") + signature
    line = f"— {signer.name} {base64.b64encode(content).decode()}\n".encode()
    with pytest.raises(LedgerFault):
        check_cosignatures(TEXT, parse_signature_lines(line), [signer.witness])


def test_a_plain_signature_is_no_cosignature_and_the_other_way_round() -> None:
    """A witness's key used as a log's key, or a log's as a witness's, vouches for nothing."""
    signer = Signer()
    plain = parse_note(sign_note(TEXT, [signer]))
    assert check_cosignatures(plain.text, plain.signatures, [signer.witness, signer.log]) == ()
    cosigned = parse_note(TEXT.encode() + b"\n" + cosign(TEXT, signer, 1))
    assert signing_keys(cosigned, [signer.log]) == frozenset()


def test_the_latest_of_several_cosignatures_counts() -> None:
    """A witness may vouch for one checkpoint again later; witnesses come in the order they were asked for."""
    first, second = Signer(), Signer("witness.example/2", seed=2)
    order = [(first, 20), (second, 15), (first, 30), (first, 10)]
    lines = b"".join(cosign(TEXT, signer, at) for signer, at in order)
    found = check_cosignatures(TEXT, parse_signature_lines(lines), [second.witness, first.witness])
    assert [(item.witness.name, item.at) for item in found] == [("witness.example/2", 15), ("witness.example/1", 30)]


def test_cosignatures_are_added_to_the_note() -> None:
    """The witness's answer below the log's note makes a note that both signed; extension lines are signed too."""
    log, witness = Signer("fairgate.example/test", seed=3), Signer()
    text = TEXT + "an extension\n"
    note = parse_note(sign_note(text, [log]) + cosign(text, witness, 5))
    assert signing_keys(note, [log.log]) == {log.log}
    assert check_cosignatures(note.text, note.signatures, [witness.witness])
    with pytest.raises(LedgerFault):
        check_cosignatures(TEXT, note.signatures, [witness.witness])


@pytest.mark.parametrize("at", [-1, 2**63])
def test_times_that_cannot_be_written(at: int) -> None:
    """A cosignature's time is never negative and never needs the highest bit."""
    with pytest.raises(LedgerFault):
        cosign(TEXT, Signer(), at)


def test_only_checkpoints_are_cosigned_and_only_by_keys_that_sign() -> None:
    """Any other text, or a signer that does not sign, gives no line."""
    with pytest.raises(LedgerFault):
        cosign("a note\n", Signer(), 1)
    with pytest.raises(LedgerFault):
        cosign(TEXT, Mute(), 1)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAA=",
        b"text\n\n- name AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAA= more\n",
        b"text\n\n\xe2\x80\x94  AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 na+me AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 name AAAAAA==\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAB=\n",
        b"text\n\n\xe2\x80\x94 name AAAA AAA=\n",
        b"te\txt\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"te\rxt\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"te\xffxt\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"text\n\n" + b"\xe2\x80\x94 name AAAAAAA=\n" * 65,
        b"x" * 131_073 + b"\n\n\xe2\x80\x94 name AAAAAAA=\n",
    ],
)
def test_other_bytes_are_no_notes(note: bytes) -> None:
    """A note that is not written as specified is refused before a signature is looked at."""
    with pytest.raises(LedgerFault):
        parse_note(note)


def test_a_note_may_have_many_signatures_and_empty_lines() -> None:
    """The last empty line ends the text; 64 signatures are read."""
    note = parse_note(b"one\n\ntwo\n\n" + "— name AAAAAAA=\n".encode() * 64)
    assert note.text == "one\n\ntwo\n"
    assert len(note.signatures) == 64
    with pytest.raises(LedgerFault):
        parse_signature_lines(b"\xe2\x80\x94 name AAAAAAA=\n" * 8000)


def test_the_longest_note_is_read() -> None:
    """131 072 bytes are, and one more is not."""
    tail = "\n\n— name AAAAAAA=\n".encode()
    longest = b"x" * (131_072 - len(tail)) + tail
    assert len(parse_note(longest).text) == 131_073 - len(tail)
    with pytest.raises(LedgerFault):
        parse_note(b"x" + longest)


@settings(deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda start: start + b"\n\n\xe2\x80\x94 n AAAAAAA=\n"))
def test_any_bytes_are_a_note_or_refused(content: bytes) -> None:
    """What is read as a note has text and signatures; nothing else is raised."""
    try:
        note = parse_note(content)
    except LedgerFault:
        return
    assert note.text.endswith("\n")
    assert note.signatures


@settings(deadline=None)
@given(st.integers(0, 10**16 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_back(size: int, root: bytes) -> None:
    """Origin, size and root come back as written; the empty log has but one root."""
    root = root if size else EMPTY_ROOT
    note = parse_note(checkpoint_note("log.example/7", size, root, Signer("log.example/7")))
    assert parse_checkpoint(note.text) == Checkpoint("log.example/7", size, root)
    assert parse_checkpoint(note.text + "more\n") == Checkpoint("log.example/7", size, root)


ROOT = base64.b64encode(b"r" * 32).decode()


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", f"a\n1\n{ROOT}", f"a b\n1\n{ROOT}\n", f"\n1\n{ROOT}\n", f"a\n01\n{ROOT}\n", f"a\n-1\n{ROOT}\n",
     f"a\n+1\n{ROOT}\n", f"a\n1 \n{ROOT}\n", f"a\n٣\n{ROOT}\n", f"a\n{10**16}\n{ROOT}\n", f"a\n1\n{ROOT}\n\n",
     f"a\n1\n{ROOT}\n\nx\n", f"a\n1\n{ROOT[:-4]}\n", f"a\n1\n{ROOT}=\n", f"a\n0\n{ROOT}\n"],
)  # fmt: skip
def test_other_texts_are_no_checkpoints(text: str) -> None:
    """A size with a zero before it, a short root, an empty log with entries: refused."""
    with pytest.raises(LedgerFault):
        parse_checkpoint(text)


@settings(deadline=None)
@given(st.text(max_size=12) | st.binary(max_size=12).map(lambda content: base64.b64encode(content).decode()))
def test_base_64_has_one_form(text: str) -> None:
    """Whatever is read is written the same again."""
    try:
        content = decoded_base64(text)
    except LedgerFault:
        return
    assert base64.b64encode(content).decode() == text
