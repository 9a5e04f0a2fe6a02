"""The witness's check of consistency: against published proofs, the verifier's check, and changed proofs."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.ledger.consistency import is_consistent
from fairgate.ledger.proofs import consistency_proof
from fairgate.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash
from fairgate.verifier import leaf_hash as verifier_leaf_hash
from fairgate.verifier import verify_consistency, verify_inclusion

# Source: reference roots and proofs of the Certificate Transparency project (RFC 6962), as published with it.
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
CT_PROOFS = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        B,
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (B, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
}

# Source: the public Go checksum database (golang.org/x/mod/sumdb); roots as it signed them, proofs as Go's tlog makes
# them from the tiles that it serves. A log of 66 million entries that this project did not make.
SUMDB_ROOTS = {
    66_746_896: "dZ4n3o/nb32Y8rCuyUc1VeuATkhefsubWOYVhA9QIc8=",
    66_746_981: "3E4F4lzMBMmNFStdxyb64UKtphbJa3CNHeaauHIvkzQ=",
}
SUMDB_CONSISTENCY = """
c9ihnUhDNmWMqc08/Mvzft5zi0s9uNPG9GYom9AABNE= V9AENg5wtDMLGXqLbglBhcDeQ8lIlt3o7dK9mUQ7Jm4=
l9Ou6mZhBILzdsVLk6YnQjz1iUAYUIHYJIg/SWYN47c= VmeOTOas0UfTFVR3VD4AiPtXwuGre/BE4EllqiuFhEQ=
sQm37/0gnCCPXjEWSP8xvdFw+n4UOKNCRxVnPh5mYWA= gotSI2HndrVmqX0IJ4ZWG3ECe5L0dwkiHk89psXGt0I=
KK18YzBGge2IBKmk9+Chqy3RMEju64kd+PNDpJ/Bh8w= u7yfSNMAgRfPOkdrGxnUyT2oJ9x9cEQQHGh6NmOTLm4=
oXkz39T6sjh05I00ywd8WXxgw+fPg0Rn8tZrui+A64c= T4DT2nAl/Mkp2zOKvnzdKfe8k+PzLODWsoVvB3wsP9A=
1Nftnp85/YX9SvG+/z5QQdyI1slrRbO13FuJoJ4a1kU= uegnZKdyiyV/S/Zs4KMgBEWfcjuvcWH2cTUNYmMidc8=
N93UzP9OApexfiqGioqimDO27Kox9nIOns5dOFFTylg= 2IzbyezmwwGZZPJ276ejAQZiAnar+RcjAUU3MEMtbIA=
k3kfr9AECmkV+UA3/D6EMqaBDr67aubL5hXGsvJ+Nng= /WnQtddEqG03mbcU1XID1iws1nlKHVkJcaREWknCOiE=
xJ20xXM4QItt5vxFOtolZ5l18p7ej1+RimNkgWmoRFM=
"""
SUMDB_INDEX = 24_955_599
SUMDB_RECORD = (
    b"golang.org/x/mod v0.17.0 h1:zY54UmvipHiNd+pm+m0x9KhZ9hl1/7QNMyxXbc6ICqA=\n"
    b"golang.org/x/mod v0.17.0/go.mod h1:hTbmBsO62+eylJbnUtE2MGJUyE7QWk4xUqPFrRgJ+7c=\n"
)
SUMDB_INCLUSION = """
rfERqRVjGO5h2W9jXQnEu3TlrGcX/55kAWOF2vhEo7w= mn7xFfMw3fADAlFyS5GrrGh2LH+68I+6bjqyIm0wrQU=
3ErWWb+C6ewAC03stU/Z26srAmR+8ACuaiwlSrfUWEQ= IEdtFQeTsx3jMC+m0+bZyc7ZD1ElNbQqtvkDsPL4KSA=
ZWavXKBCVwQd33ECdndNt+NRieLrwkj+D2t0kEieBJM= zgqe79yqCainFrhOzaecBBP1dWsfcVkBxfAGV1w/Xow=
fp1DrZ0hAAfm30IrXaTHZZk5SVUlRR2c/tPy7SKRFGg= 0i5Y/yMqX1p7z8GUXxb9Y6B51roqncwdaM8jdurDpyQ=
4E9tkh1fEdRzhCKytKmHKB9uBbTfwt/cZcmqtevnxAE= DE1fZNHAqKr7NeyNknoDU8DvxdD+IwUxWuOkZuo3qt4=
WFSQHElkE+lgoL4rP+Wdf7zhDSgkZPER/6fTY4Szxak= 3V+crfQ1C4VKIW7//Ra7ngDZQTHH8zTLgWUhOFbx7Vk=
XGXEWeHCM/oqdIgErgLCfrwkRNIaOE2fZxZ6e8r4fTw= XE4DFS1hMjxSoDE+JDL3/XOHOfoKCPrcLsqICOa+gc8=
q8k4z7LsSaDbbUecf7ajVXccI7kCpPmAyj+xNCmpT3M= ppMpmdexmCww+NprNuWxI0SUcVON6nAFqp4ihv8CaFo=
oxoWqklYgiDqw4l5/tsnwv/DZ6YT3H9cryedM3TEVOg= sXFzC86eYTdKzqkb2nv7WBRyfP9fBuJA3vyhUbR4WlE=
/3pp5uTMVaxeQpnUm/wbyR2b/twhecZIa9D9Y4XrYEQ= r7ijLWQStZbBbZnbyfVRghfU9AweBxyaaKMeHWp16g0=
fdGPAOA5xLhhVP5WJlmxhWnJrgpJhL0cT+gmSl0GaVU= TWQs0Gq7mzUaa5fGQ8mTgeXSSo1bO4RAsF45pPCCKvI=
ROjUzjXHDN0Yo/I6EeqHhpszFgIs7FCABVeQniliPTk= NTjIv8CJqIIGrOHhNQWSP9FV6XEPL6uGA4lmMfNKGJg=
bwqUQG2wJXGxo1QLA2CFb3chH17xvlqXe6eQy43p0HY= EQDSw1BZS5Txp/vi6UvOl96iMySXhIow1QsfYwPuDW8=
"""


def decoded(words: str) -> list[bytes]:
    return [base64.b64decode(word) for word in words.split()]


def test_proofs_of_the_go_checksum_database_hold() -> None:
    """Witness and verifier both find that the larger log begins with the smaller, and not the other way round."""
    (old, old_root), (new, new_root) = ((size, base64.b64decode(root)) for size, root in SUMDB_ROOTS.items())
    proof = decoded(SUMDB_CONSISTENCY)
    assert is_consistent(old, old_root, new, new_root, proof)
    assert verify_consistency(old, new, old_root, new_root, proof)
    for at in range(len(proof)):
        changed = [*proof[:at], bytes(32), *proof[at + 1 :]]
        assert not is_consistent(old, old_root, new, new_root, changed)
        assert not is_consistent(old, old_root, new, new_root, proof[:at] + proof[at + 1 :])
    assert not is_consistent(old, new_root, new, old_root, proof)
    assert not is_consistent(old, old_root, new, new_root, [*proof, new_root])


def test_a_record_of_the_go_checksum_database_is_in_it() -> None:
    """The verifier follows a proof of 26 hashes from a module's record to the root that the database signed."""
    size, root = 66_746_981, base64.b64decode(SUMDB_ROOTS[66_746_981])
    proof = decoded(SUMDB_INCLUSION)
    assert verify_inclusion(verifier_leaf_hash(SUMDB_RECORD), SUMDB_INDEX, size, proof, root)
    assert not verify_inclusion(verifier_leaf_hash(SUMDB_RECORD), SUMDB_INDEX - 1, size, proof, root)
    assert not verify_inclusion(verifier_leaf_hash(SUMDB_RECORD + b"\n"), SUMDB_INDEX, size, proof, root)


@pytest.mark.parametrize(("asked", "proof"), CT_PROOFS.items())
def test_published_proofs_hold(asked: tuple[int, int], proof: tuple[str, ...]) -> None:
    """A published proof joins the two published roots, and no other two."""
    old, new = asked
    hashes = [bytes.fromhex(text) for text in proof]
    for first, first_root in CT_ROOTS.items():
        for second, second_root in CT_ROOTS.items():
            expected = (first, second) == (old, new) if old != new else first == second
            found = is_consistent(old, bytes.fromhex(first_root), new, bytes.fromhex(second_root), hashes)
            assert found == expected


LARGEST = 140


def _forest() -> tuple[list[bytes], dict[tuple[int, int], bytes]]:
    frontier, roots, nodes = Frontier(), [EMPTY_ROOT], dict[tuple[int, int], bytes]()
    for number in range(LARGEST):
        frontier, new = frontier.grow(leaf_hash(number.to_bytes(2, "big")))
        nodes |= {(node.level, node.index): node.hash for node in new}
        roots.append(frontier.root())
    return roots, nodes


ROOTS, NODES = _forest()


def made(old: int, new: int) -> list[bytes]:
    return list(consistency_proof(old, new, lambda level, index: NODES[level, index])) if old else []


@st.composite
def changed_proofs(draw: st.DrawFn) -> tuple[int, int, list[bytes]]:
    """Two sizes and a proof, right or changed in some way."""
    new = draw(st.integers(1, LARGEST))
    old = draw(st.integers(0, new))
    proof = made(old, new)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(proof)))
        what = draw(st.sampled_from(["insert", "drop", "flip", "swap", "short"]))
        if what == "insert":
            proof.insert(at, draw(st.sampled_from([bytes(32), *proof, *ROOTS[old : old + 1], ROOTS[new]])))
        elif at < len(proof):
            if what == "drop":
                del proof[at]
            elif what == "flip":
                flipped = int.from_bytes(proof[at], "big") ^ 1 << draw(st.integers(0, 8 * len(proof[at]) - 1))
                proof[at] = flipped.to_bytes(len(proof[at]), "big")
            elif what == "short":
                proof[at] = proof[at][:16]
            else:
                proof[0], proof[at] = proof[at], proof[0]
    shift_old, shift_new = draw(st.sampled_from([(0, 0), (0, 0), (0, 1), (1, 0), (-1, 0), (0, -1), (1, 1)]))
    return old + shift_old, new + shift_new, proof


@settings(max_examples=500, deadline=None)
@given(changed_proofs(), st.data())
def test_only_the_proof_as_made_is_taken(asked: tuple[int, int, list[bytes]], data: st.DataObject) -> None:
    """Whatever was changed, the proof is taken exactly if it is the one that the log makes for these sizes."""
    old, new, proof = asked
    if not (0 <= old <= LARGEST and 0 <= new <= LARGEST):
        return
    right = old <= new and proof == made(old, new)
    assert is_consistent(old, ROOTS[old], new, ROOTS[new], proof) == right
    other = data.draw(st.integers(0, LARGEST))
    if right and old and other not in (old, new):
        assert not is_consistent(old, ROOTS[old], new, ROOTS[other], proof)
        assert not is_consistent(old, ROOTS[other], new, ROOTS[new], proof)


@settings(max_examples=500, deadline=None)
@given(changed_proofs(), st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_witness_and_verifier_agree(asked: tuple[int, int, list[bytes]], first: int, second: int) -> None:
    """Two checks written apart, one by recursion and one by steps, give one answer."""
    old, new, proof = asked
    if old < 1:
        return
    for old_root, new_root in ((ROOTS[min(old, LARGEST)], ROOTS[min(new, LARGEST)]), (ROOTS[first], ROOTS[second])):
        expected = verify_consistency(old, new, old_root, new_root, proof)
        assert is_consistent(old, old_root, new, new_root, proof) == expected


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof", "expected"),
    [
        (0, 0, EMPTY_ROOT, EMPTY_ROOT, [], True),
        (0, 5, EMPTY_ROOT, ROOTS[5], [], True),
        (0, 5, EMPTY_ROOT, ROOTS[5], [ROOTS[5]], False),
        (0, 5, ROOTS[5], ROOTS[5], [], False),
        (0, 0, EMPTY_ROOT, ROOTS[5], [], False),
        (-1, 5, EMPTY_ROOT, ROOTS[5], [], False),
        (6, 5, ROOTS[6], ROOTS[5], [], False),
        (5, 5, ROOTS[5], ROOTS[5], [], True),
        (5, 5, ROOTS[5], ROOTS[5], [ROOTS[5]], False),
        (5, 5, ROOTS[5], ROOTS[6], [], False),
        (3, 5, ROOTS[3], ROOTS[5], [], False),
    ],
)
def test_the_edges(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes], expected: bool) -> None:
    """Every log begins with the empty one; equal sizes need equal roots and no hashes."""
    assert is_consistent(old, old_root, new, new_root, proof) == expected
