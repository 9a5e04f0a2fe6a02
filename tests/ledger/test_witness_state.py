"""A witness: what it cosigns, what it refuses and why, and that it never vouches for two histories of a log."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import LedgerFault
from fairgate.ledger.add_checkpoint import MAX_PROOF_LINES, AddCheckpoint, parse_add_checkpoint
from fairgate.ledger.checkpoint import Checkpoint, checkpoint_note, checkpoint_text
from fairgate.ledger.cosignature import COSIGNATURE_V1, check_cosignatures
from fairgate.ledger.note import sign_note
from fairgate.ledger.proofs import consistency_proof
from fairgate.ledger.signed_note import NoteKey, parse_note, parse_signature_lines
from fairgate.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash
from fairgate.ledger.witness_state import (
    HTTP_STATUS,
    NOTHING_SEEN,
    Cosigned,
    LastSeen,
    Witness,
    WitnessRefusal,
    WitnessRefused,
    WitnessState,
)

ORIGIN, OTHER = "fairgate.example/bos", "fairgate.example/jfk"
AT = 1_800_000_000


class Signer:
    """A key in memory, with a name."""

    def __init__(self, name: str, seed: int) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        return self._key.sign(message)

    @property
    def key(self) -> NoteKey:
        return NoteKey(self.name, self.public_key)


@dataclass
class Log:
    """A log that can be asked for any checkpoint and proof of its history."""

    origin: str = ORIGIN
    leaves: list[bytes] = field(default_factory=list)
    seed: int = 2
    frontiers: list[Frontier] = field(default_factory=lambda: [Frontier()])
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        leaves, self.leaves = self.leaves, []
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        frontier, new = self.frontiers[-1].grow(leaf_hash(leaf))
        self.leaves.append(leaf)
        self.frontiers.append(frontier)
        self.nodes |= {(node.level, node.index): node.hash for node in new}

    def root(self, size: int) -> bytes:
        return self.frontiers[size].root()

    def note(self, size: int) -> bytes:
        return checkpoint_note(self.origin, size, self.root(size), Signer(self.origin, self.seed))

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        return consistency_proof(old, new, lambda level, index: self.nodes[level, index]) if 0 < old <= new else ()

    def asks(self, old: int, new: int) -> bytes:
        return AddCheckpoint(old, self.proof(old, new), self.note(new)).body


def numbered(count: int, text: str = "entry") -> list[bytes]:
    return [f"{text} {number}".encode() for number in range(count)]


WITNESS_KEY = Signer("witness.example/1", 1)
WITNESS = Witness(WITNESS_KEY, {ORIGIN: (Signer(ORIGIN, 2).key,), OTHER: (Signer(OTHER, 2).key, Signer(OTHER, 3).key)})


def cosigned(state: WitnessState, body: bytes, at: int = AT) -> WitnessState:
    """Return the state after a request that is granted."""
    after, answer = WITNESS.answer(state, body, at)
    assert isinstance(answer, Cosigned)
    return after


def refused(state: WitnessState, body: bytes, at: int = AT) -> WitnessRefused:
    """Return why a request is refused; the state stays the same."""
    after, answer = WITNESS.answer(state, body, at)
    assert isinstance(answer, WitnessRefused)
    assert after is state
    return answer


def test_a_log_that_grows_is_cosigned() -> None:
    """From nothing to 3, to 8, to 8 again: each answer is a cosignature that holds, and the newest is remembered."""
    log, state, line = Log(leaves=numbered(8)), WitnessState(), b""
    for old, new, at in [(0, 3, AT), (3, 8, AT + 5), (8, 8, AT + 9)]:
        state, answer = WITNESS.answer(state, log.asks(old, new), at)
        assert isinstance(answer, Cosigned)
        assert answer.checkpoint == Checkpoint(ORIGIN, new, log.root(new))
        key = NoteKey(WITNESS_KEY.name, WITNESS_KEY.public_key, COSIGNATURE_V1)
        text = checkpoint_text(ORIGIN, new, log.root(new))
        line = answer.line
        (found,) = check_cosignatures(text, parse_signature_lines(line), [key])
        assert found.at == at
        assert state.of(ORIGIN) == LastSeen(new, log.root(new), at)
    note = parse_note(log.note(8) + line)
    assert len(note.signatures) == 2


def test_an_empty_log_is_cosigned_and_may_grow() -> None:
    """A checkpoint of nothing is consistent with every log."""
    log = Log(leaves=numbered(2))
    state = cosigned(WitnessState(), log.asks(0, 0))
    assert state.of(ORIGIN) == LastSeen(0, EMPTY_ROOT, AT)
    assert cosigned(state, log.asks(0, 2)).of(ORIGIN).size == 2


def test_logs_do_not_mix() -> None:
    """What one log shows says nothing of another."""
    first, second = Log(leaves=numbered(5)), Log(OTHER, numbered(9, "other"))
    state = cosigned(cosigned(WitnessState(), first.asks(0, 5)), second.asks(0, 9))
    assert (state.of(ORIGIN).size, state.of(OTHER).size) == (5, 9)
    assert state.of("elsewhere") == NOTHING_SEEN
    assert refused(state, second.asks(5, 9)) == WitnessRefused(WitnessRefusal.STALE_OLD_SIZE, 9)


def test_a_rolled_back_log_is_refused() -> None:
    """A smaller checkpoint is refused, whatever old size is claimed."""
    log = Log(leaves=numbered(8))
    state = cosigned(WitnessState(), log.asks(0, 8))
    assert refused(state, log.asks(8, 5)).reason is WitnessRefusal.ROLLED_BACK
    for old in range(6):
        assert refused(state, log.asks(old, 5)) == WitnessRefused(WitnessRefusal.STALE_OLD_SIZE, 8)


def test_a_fork_of_the_same_size_is_refused() -> None:
    """Same size, other root: two histories."""
    state = cosigned(WitnessState(), Log(leaves=numbered(8)).asks(0, 8))
    fork = Log(leaves=[*numbered(7), b"another last entry"])
    assert refused(state, fork.asks(8, 8)) == WitnessRefused(WitnessRefusal.FORKED)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(0, 40), st.data())
def test_a_fork_that_grew_is_refused(size: int, more: int, data: st.DataObject) -> None:
    """One entry of the past edited: no checkpoint of that history is ever cosigned, with its own proof or the true."""
    true = Log(leaves=numbered(size + more))
    state = cosigned(WitnessState(), true.asks(0, size))
    leaves = true.leaves.copy()
    leaves[data.draw(st.integers(0, size - 1))] = b"edited"
    fork = Log(leaves=leaves)
    expected = WitnessRefusal.NOT_CONSISTENT if more else WitnessRefusal.FORKED
    assert refused(state, fork.asks(size, size + more)).reason is expected
    body = AddCheckpoint(size, true.proof(size, size + more), fork.note(size + more)).body
    assert refused(state, body).reason is expected


def test_a_stale_old_size_is_told_the_right_one() -> None:
    """A log that lost track asks with 0 and learns where the witness stands."""
    log = Log(leaves=numbered(8))
    assert refused(WitnessState(), log.asks(3, 8)) == WitnessRefused(WitnessRefusal.STALE_OLD_SIZE, 0)
    state = cosigned(WitnessState(), log.asks(0, 6))
    told = refused(state, log.asks(0, 8))
    assert told == WitnessRefused(WitnessRefusal.STALE_OLD_SIZE, 6)
    assert told.last_size is not None
    assert cosigned(state, log.asks(told.last_size, 8)).of(ORIGIN).size == 8


def test_a_wrong_proof_is_refused() -> None:
    """Hashes left out, added, exchanged or of another size; from nothing, any hash at all."""
    log = Log(leaves=numbered(11))
    state = cosigned(WitnessState(), log.asks(0, 6))
    right = log.proof(6, 11)
    assert len(right) > 1
    for proof in [(), right[:-1], right[1:], (*right, right[0]), right[::-1], log.proof(5, 11), log.proof(6, 10)]:
        body = AddCheckpoint(6, proof, log.note(11)).body
        assert refused(state, body) == WitnessRefused(WitnessRefusal.NOT_CONSISTENT)
    from_nothing = AddCheckpoint(0, right, log.note(11)).body
    assert refused(WitnessState(), from_nothing).reason is WitnessRefusal.NOT_CONSISTENT
    same_size = AddCheckpoint(6, right, log.note(6)).body
    assert refused(state, same_size).reason is WitnessRefusal.NOT_CONSISTENT


def test_an_unknown_log_is_refused() -> None:
    """A witness cosigns for the logs that it was told of."""
    assert refused(WitnessState(), Log("elsewhere", numbered(3)).asks(0, 3)).reason is WitnessRefusal.UNKNOWN_ORIGIN


def test_a_checkpoint_that_the_log_did_not_sign_is_refused() -> None:
    """Another key under the log's name, another name, or a signature over another text."""
    state, text = WitnessState(), checkpoint_text(ORIGIN, 3, b"r" * 32)
    for signer in (Signer(ORIGIN, 9), Signer("elsewhere", 2)):
        body = AddCheckpoint(0, (), sign_note(text, [signer])).body
        assert refused(state, body).reason is WitnessRefusal.NOT_SIGNED
    signed = Log(leaves=numbered(3)).note(3)
    changed = signed.replace(b"\n3\n", b"\n4\n")
    assert refused(state, AddCheckpoint(0, (), changed).body).reason is WitnessRefusal.NOT_SIGNED


def test_any_trusted_key_of_a_log_will_do() -> None:
    """A log that changes its key is cosigned under either; unknown signatures beside it do not matter."""
    log = Log(OTHER, numbered(4))
    state = cosigned(WitnessState(), log.asks(0, 2))
    newer = replace(log, seed=3)
    state = cosigned(state, newer.asks(2, 3))
    text = checkpoint_text(OTHER, 4, log.root(4))
    both = sign_note(text, [Signer("stranger", 7), Signer(OTHER, 2), Signer(OTHER, 3)])
    assert cosigned(state, AddCheckpoint(3, log.proof(3, 4), both).body).of(OTHER).size == 4


def test_extension_lines_are_cosigned_with_the_rest() -> None:
    """They belong to the text, though the witness says nothing of them."""
    log = Log(leaves=numbered(2))
    text = checkpoint_text(ORIGIN, 2, log.root(2)) + "extension\n"
    body = AddCheckpoint(0, (), sign_note(text, [Signer(ORIGIN, 2)])).body
    _, answer = WITNESS.answer(WitnessState(), body, AT)
    assert isinstance(answer, Cosigned)
    key = NoteKey(WITNESS_KEY.name, WITNESS_KEY.public_key, COSIGNATURE_V1)
    assert check_cosignatures(text, parse_signature_lines(answer.line), [key])


def test_a_clock_set_back_is_refused() -> None:
    """To say that 8 was the largest size at a time before 5 was would contradict what was said."""
    log = Log(leaves=numbered(8))
    state = cosigned(WitnessState(), log.asks(0, 5))
    assert refused(state, log.asks(5, 8), AT - 1).reason is WitnessRefusal.CLOCK_BEHIND
    assert cosigned(state, log.asks(5, 8), AT).of(ORIGIN).at == AT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 0\n\n",
        b"old 0\n\nno note\n",
        b"old 0\n\nno checkpoint\n\n\xe2\x80\x94 fairgate.example/bos AAAAAAA=\n",
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    """Bytes that are no request, or hold no checkpoint."""
    assert refused(WitnessState(), body).reason is WitnessRefusal.MALFORMED


@settings(deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda rest: b"old 0\n\n" + rest))
def test_any_bytes_get_an_answer(body: bytes) -> None:
    """Whatever is sent, the witness refuses and stays as it was; it never raises."""
    refused(WitnessState(), body)


def test_every_refusal_has_its_status() -> None:
    """As C2SP tlog-witness gives them; 503 for a clock behind is ours."""
    assert set(HTTP_STATUS) == set(WitnessRefusal)
    assert {reason for reason, status in HTTP_STATUS.items() if status == 409} == {
        WitnessRefusal.STALE_OLD_SIZE,
        WitnessRefusal.FORKED,
    }
    assert HTTP_STATUS[WitnessRefusal.UNKNOWN_ORIGIN] == 404
    assert HTTP_STATUS[WitnessRefusal.NOT_SIGNED] == 403
    assert HTTP_STATUS[WitnessRefusal.NOT_CONSISTENT] == 422


def test_a_witness_that_watches_itself_or_nobody_is_refused() -> None:
    """A log has a key named for it, which is not the witness's own."""
    for keys in [(), (Signer(OTHER, 2).key,), (Signer(ORIGIN, 1).key,)]:
        with pytest.raises(LedgerFault):
            Witness(WITNESS_KEY, {ORIGIN: keys})


@pytest.mark.parametrize(("size", "root"), [(-1, EMPTY_ROOT), (3, b"short"), (0, b"r" * 32)])
def test_a_record_that_cannot_be_is_refused(size: int, root: bytes) -> None:
    """A state that was damaged on disk does not become what the witness believes."""
    with pytest.raises(LedgerFault):
        LastSeen(size, root, AT)


# --- The request ---------------------------------------------------------------------------------------------------

# Source: the example in C2SP tlog-witness, section add-checkpoint.
EXAMPLE = (
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
)
EXAMPLE_NOTE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+"
    "zyWE+xeMcTOAYQ8=\n"
)


def test_the_specifications_request_is_read_and_written() -> None:
    """Old size, four hashes, and the checkpoint as it is."""
    body = (EXAMPLE + EXAMPLE_NOTE).encode()
    asked = parse_add_checkpoint(body)
    assert asked.old_size == 20_852_014
    assert [item[0] for item in asked.proof] == [0x3E, 0x8E, 0xE7, 0xFF]
    assert asked.checkpoint == EXAMPLE_NOTE.encode()
    assert asked.body == body


@settings(deadline=None)
@given(
    st.integers(0, 10**16 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=MAX_PROOF_LINES),
    st.binary(max_size=100),
)
def test_a_request_is_read_back(old_size: int, proof: list[bytes], checkpoint: bytes) -> None:
    """Whatever the checkpoint holds, it comes back unread."""
    asked = AddCheckpoint(old_size, tuple(proof), checkpoint)
    assert parse_add_checkpoint(asked.body) == asked


@settings(deadline=None)
@given(st.binary(max_size=200) | st.from_regex(rb"old [0-9 ]{0,4}\n([A-Za-z0-9+/=]{0,44}\n){0,3}\n?x?", fullmatch=True))
def test_any_bytes_are_a_request_or_refused(body: bytes) -> None:
    """What is read as a request is written the same again."""
    try:
        asked = parse_add_checkpoint(body)
    except LedgerFault:
        return
    assert asked.body == body


@pytest.mark.parametrize(
    "head",
    [
        "old 01",
        "old -1",
        "old +1",
        "old  1",
        "old 1 ",
        "old 1\r",
        "old",
        "old ",
        "Old 1",
        "new 1",
        "old 10000000000000000",
        "old ١",
        "old 1\nAAAA",
        "old 1\nno base 64",
        "old 1" + ("\n" + "A" * 43 + "=") * (MAX_PROOF_LINES + 1),
    ],
)
def test_other_heads_are_refused(head: str) -> None:
    """Sizes with a zero before them, hashes of another length, more than 63 of them."""
    with pytest.raises(LedgerFault):
        parse_add_checkpoint(f"{head}\n\nnote\n".encode())


def test_requests_without_end_are_refused() -> None:
    """A request longer than any note with any proof is not looked at."""
    with pytest.raises(LedgerFault):
        parse_add_checkpoint(b"old 1\n\n" + b"x" * 140_000)
    with pytest.raises(LedgerFault):
        AddCheckpoint(0, (), b"x" * 131_073)


# --- Histories -----------------------------------------------------------------------------------------------------


def _histories() -> list[Log]:
    """A log, and forks of it that part from it at some entry; all signed with the log's key."""
    true = numbered(24)
    return [Log(leaves=true)] + [
        Log(leaves=true[:at] + numbered(24 - at, f"fork at {at}")) for at in (0, 1, 4, 7, 8, 15, 23)
    ]


HISTORIES = _histories()
NOTES = [[history.note(size) for size in range(25)] for history in HISTORIES]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(range(len(HISTORIES))),
            st.integers(0, 24),
            st.none() | st.integers(0, 24),
            st.none() | st.sampled_from(range(len(HISTORIES))),
            st.integers(-3, 10),
        ),
        min_size=2,
        max_size=14,
    )
)
def test_no_two_checkpoints_that_were_cosigned_ever_contradict(
    asked: list[tuple[int, int, int | None, int | None, int]],
) -> None:
    """Whoever asks what, in any order, from any history: what is cosigned is one log that grew, at times that grew.

    Each request is a history, a size, an old size (``None``: where the witness stands), the history whose proof is sent
    (``None``: its own), and a step of the clock.
    """
    state, granted, now = WitnessState(), list[tuple[int, int, int]](), AT
    for which, size, claimed, lent, step in asked:
        now += step
        last = state.of(ORIGIN)
        old = last.size if claimed is None else claimed
        prover = HISTORIES[which if lent is None else lent]
        body = AddCheckpoint(old, prover.proof(old, size), NOTES[which][size]).body
        after, answer = WITNESS.answer(state, body, now)
        if isinstance(answer, Cosigned):
            granted.append((which, size, now))
            assert after.of(ORIGIN) == LastSeen(size, HISTORIES[which].root(size), now)
        else:
            assert after is state
            honest = (
                HISTORIES[which].leaves[: last.size] == HISTORIES[granted[-1][0]].leaves[: last.size]
                if granted
                else True
            )
            own = lent is None or HISTORIES[which].leaves[:size] == HISTORIES[lent].leaves[:size]
            assert not (honest and own and old == last.size <= size and now >= last.at)
        state = after
    for at, (which, size, when) in enumerate(granted):
        for other, earlier_size, earlier_when in granted[:at]:
            assert earlier_size <= size
            assert earlier_when <= when
            assert HISTORIES[other].leaves[:earlier_size] == HISTORIES[which].leaves[:earlier_size]
