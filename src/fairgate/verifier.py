"""Check a ledger without trusting, or importing, the code that wrote it.

Use it from Python (:func:`verify_ledger`), or copy this one file anywhere and run it; it needs only ``cryptography``::

    python verifier.py BUNDLE.jsonl [--key VERIFIER_KEY] [--anchor NOTE_FILE] [--json]

Exit codes: 0 the ledger holds · 1 it does not · 2 usage · 3 the bundle or a key cannot be read.

A bundle is JSON Lines. Each line starts with its key, without blanks, and the lines of one key are in order::

    {"bundle":"fairgate-ledger","v":1,"key":"<verifier key>","records":true}     first; "records":false: none follow
    {"leaf":"<base 64 of the entry's bytes>"}                                    by index, from 0
    {"checkpoint":"<signed note>"}                                               by size
    {"record":{"leaf":0,"of":"crossing","salt":"<base 64>","bytes":"<base 64>"}} by leaf
    {"anchor":"<signed note>"}                                                   at most one: kept apart from the log

A key or an anchor that comes with the bundle shows only that the bundle agrees with itself: give both from outside.

Sources: RFC 9162 §2.1 (December 2021), tree and proofs; C2SP signed-note and tlog-checkpoint, notes.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import heapq
import json
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_NOTE_BYTES = 1_000_000
MAX_LEAF_BYTES = 65_535
MAX_PROBLEMS_PER_CODE = 1_000
COMMITMENT_DOMAIN = "fairgate/commitment/v1"


class VerifierRefused(ValueError):
    """A key, note or bundle cannot be read, so nothing can be said about the ledger."""


class ProblemCode(StrEnum):
    """What can be wrong with a ledger."""

    LEAF_MALFORMED = "leaf_malformed"
    REFERENCE_IMPOSSIBLE = "reference_impossible"
    CHECKPOINT_REFUSED = "checkpoint_refused"
    CHECKPOINT_OUT_OF_ORDER = "checkpoint_out_of_order"
    CHECKPOINT_MISMATCH = "checkpoint_mismatch"
    ENTRIES_MISSING = "entries_missing"
    ENTRIES_NOT_SIGNED = "entries_not_signed"
    ANCHOR_REFUSED = "anchor_refused"
    ANCHOR_MISMATCH = "anchor_mismatch"
    RECORD_MISMATCH = "record_mismatch"
    RECORD_MISSING = "record_missing"
    RECORD_UNEXPECTED = "record_unexpected"
    RECORD_NOT_ERASED = "record_not_erased"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: stable code, index of the entry concerned (where one is) and a sentence."""

    code: ProblemCode
    index: int | None
    text: str


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What was found.

    Args:
        entries: entries read.
        ok: no problem was found.
        first_bad: index of the first entry that is not as signed, or that is missing. A checkpoint an entry names it
            exactly; between two checkpoints it is the first entry that is bad by itself or by its record, and where
            none is, the first after the earlier checkpoint.
        problems: at most 1 000 of each code.
        unlisted: problems beyond those.
    """

    entries: int
    ok: bool
    first_bad: int | None
    problems: tuple[Problem, ...]
    unlisted: int = 0


class RecordOpening(NamedTuple):
    """A record as a store keeps it: entry that commits to it, its class, 32-byte salt and canonical bytes."""

    leaf_index: int
    of: str
    salt: bytes
    record: bytes

    def __repr__(self) -> str:
        """Name the record without showing it."""
        return f"RecordOpening(leaf_index={self.leaf_index}, of={self.of!r})"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's size and root, as its key signed them."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A log's name and Ed25519 public key."""

    name: str
    key_id: bytes
    public_key: Ed25519PublicKey = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read ``name+id+key``.

        Raises:
            VerifierRefused: it is not an Ed25519 verifier key, or its id is not the key's.
        """
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = _base64(encoded)
        if not _is_key_name(name) or key is None or len(key) != 33 or key[0] != 1:
            raise VerifierRefused("This is no Ed25519 verifier key.")
        expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        if key_id != expected.hex():
            raise VerifierRefused("The verifier key's id does not belong to its key.")
        return cls(name, expected, Ed25519PublicKey.from_public_bytes(key[1:]))


# --- Signed notes -------------------------------------------------------------------------------------------------


def open_note(note: bytes, key: VerifierKey) -> str:
    """Return the text of a note that this key signed; signatures of other keys are passed over.

    Raises:
        VerifierRefused: the note is malformed, not signed by the key, or one of the key's signatures is wrong.
    """
    if len(note) > MAX_NOTE_BYTES:
        raise VerifierRefused("The note is too long.")
    try:
        content = note.decode()
    except UnicodeDecodeError as fault:
        raise VerifierRefused("The note is not UTF-8.") from fault
    if any(char < " " and char != "\n" for char in content):
        raise VerifierRefused("The note holds a control character.")
    head, gap, tail = content.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise VerifierRefused("The note has no signature.")
    text, signed = head + "\n", False
    for line in tail[:-1].split("\n"):
        dash, name, encoded = (*line.split(" "), "", "")[:3]
        signature = _base64(encoded)
        if (
            line.count(" ") != 2
            or dash != "\N{EM DASH}"
            or not _is_key_name(name)
            or not signature
            or len(signature) < 5
        ):
            raise VerifierRefused("The note has a malformed signature line.")
        if name != key.name or signature[:4] != key.key_id:
            continue
        try:
            key.public_key.verify(signature[4:], text.encode())
        except InvalidSignature as fault:
            raise VerifierRefused("The note's signature is wrong.") from fault
        signed = True
    if not signed:
        raise VerifierRefused("The note is not signed by the log's key.")
    return text


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """Return what a checkpoint says, once its signature is found right.

    Raises:
        VerifierRefused: as :func:`open_note`, or the text is no checkpoint of the log that the key is named for.
    """
    origin, *lines, end = open_note(note, key).split("\n")
    if end or len(lines) < 2 or not all(lines) or not re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[0], re.ASCII):
        raise VerifierRefused("The note is no checkpoint.")
    root = _base64(lines[1])
    if root is None or len(root) != 32:
        raise VerifierRefused("The checkpoint's root is no hash.")
    if origin != key.name:
        raise VerifierRefused("The checkpoint is of another log.")
    return Checkpoint(origin, int(lines[0]), root)


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def _base64(text: str) -> bytes | None:
    """Decode standard base 64, or return ``None`` for anything that encoding would not have written."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if base64.b64encode(content).decode() == text else None


# --- The tree -----------------------------------------------------------------------------------------------------


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of an entry."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class _GrowingTree:
    """Hashes of the perfect subtrees on the right edge, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, entry_hash: bytes) -> None:
        edge, size = self._edge, self.size
        while size & 1:
            entry_hash = hashlib.sha256(b"\x01" + edge.pop() + entry_hash).digest()
            size >>= 1
        edge.append(entry_hash)
        self.size += 1

    def root(self) -> bytes:
        if not self._edge:
            return hashlib.sha256(b"").digest()
        root = self._edge[-1]
        for left in self._edge[-2::-1]:
            root = _join(left, root)
        return root


def verify_inclusion(entry_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof leads from an entry to the root. Source: RFC 9162 §2.1.3.2, steps 1 to 5."""
    if not 0 <= index < size:
        return False
    fn, sn, found = index, size - 1, entry_hash
    for step in proof:
        if sn == 0 or len(step) != 32:
            return False
        if fn & 1 or fn == sn:
            found = _join(step, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = _join(found, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows the newer log to begin with the older. Source: RFC 9162 §2.1.4.2, steps 1 to 7."""
    if not 0 < old_size <= new_size or any(len(step) != 32 for step in proof):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_found = new_found = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old_found, new_found = _join(step, old_found), _join(step, new_found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_found = _join(new_found, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old_found == old_root and new_found == new_root


# --- The leaf format ----------------------------------------------------------------------------------------------

_CODE, _NAME = "[a-z][a-z0-9_]{0,47}", "[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}"
_SHA256, _NUMBER = "[0-9a-f]{64}", "(?:0|[1-9][0-9]{0,15})"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}T"
_HOUR = _DAY + "[0-9]{2}:00:00Z"
_COMMITMENT = f'{{(?:"erase_by":"({_HOUR})",)?"of":"({_CODE})","sha256":"({_SHA256})"}}'
_ERASED = f'{{"leaf":({_NUMBER}),"of":"({_CODE})"}}'
_SWEPT = f'{{"of":"({_CODE})","to":"({_HOUR})"}}'


def _listed(name: str, item: str, start: str = r"\[", end: str = r"\]") -> str:
    """Return the pattern of an optional field that lists one item or more; its group has the field's name."""
    item = re.sub(r"\((?!\?)", "(?:", item)
    return f'(?:,"{name}":{start}(?P<{name}>{item}(?:,{item})*){end})?'


def _worded(name: str, form: str) -> str:
    return f'(?:,"{name}":"{form}")?'


_LEAF = re.compile(
    f'{{"actor":"[a-z]{{1,16}}:{_NAME}","at":"{_DAY}[0-9:]{{8}}\\.[0-9]{{3}}Z"'
    + _listed("commitments", _COMMITMENT)
    + _listed("counts", f'"{_CODE}":{_NUMBER}', "{", "}")
    + _listed("destroyed_keys", f'"{_NAME}"')
    + _listed("erased", _ERASED)
    + f',"kind":"{_CODE}"'
    + _worded("outcome", _CODE)
    + _worded("pack_sha256", _SHA256)
    + f',"purpose":"{_CODE}"'
    + _worded("reason", _CODE)
    + f'(?:,"refers_to":(?P<refers_to>{_NUMBER}))?'
    + _worded("rule", _NAME)
    + _worded("rulebook_sha256", _SHA256)
    + _listed("swept", _SWEPT)
    + _worded("threshold", _NAME)
    + ',"v":1}'
)
"""An entry, version 1: every field in its place and of its form, and nothing that a person's name would fit."""
_EVERY_COMMITMENT, _EVERY_ERASED, _EVERY_SWEPT = re.compile(_COMMITMENT), re.compile(_ERASED), re.compile(_SWEPT)


def _read_leaf(leaf: bytes, index: int, findings: _Findings) -> re.Match[str] | None:
    """Return an entry's fields, or report that it is not of the format or refers to one that is not before it."""
    match = _LEAF.fullmatch(leaf.decode("latin-1")) if len(leaf) <= MAX_LEAF_BYTES else None
    if match is None:
        findings.add(ProblemCode.LEAF_MALFORMED, index, "The entry is not of the ledger's format, version 1.")
        return None
    erased, refers_to = match.group("erased", "refers_to")
    if erased or refers_to:
        mentioned = [int(number) for number, _ in _EVERY_ERASED.findall(erased or "")] + [int(refers_to or 0)]
        if max(mentioned) >= index:
            findings.add(ProblemCode.REFERENCE_IMPOSSIBLE, index, "The entry refers to one that is not before it.")
            return None
    return match


# --- The ledger ---------------------------------------------------------------------------------------------------


class _Findings:
    """Problems, each with the entry or the range of entries that it concerns."""

    def __init__(self) -> None:
        self._found: dict[ProblemCode, list[tuple[int | None, int | None, str]]] = {}
        self._unlisted = 0

    def add(self, code: ProblemCode, index: int | None, text: str, *, end: int | None = None) -> None:
        """Note a problem of entry ``index``; with ``end``, of some entry in [index, end)."""
        found = self._found.setdefault(code, [])
        if len(found) < MAX_PROBLEMS_PER_CODE:
            found.append((index, end, text))
        else:
            self._unlisted += 1

    def report(self, entries: int) -> LedgerReport:
        """Narrow each range down to the first entry in it that is known to be bad, and put everything in order."""
        every = [(code, *found) for code, several in self._found.items() for found in several]
        known = sorted(index for _, index, end, _ in every if index is not None and end is None)
        problems = []
        for code, index, end, text in every:
            if index is not None and end is not None:
                nearest = bisect_left(known, index)
                exact = known[nearest] if nearest < len(known) and known[nearest] < end else index
                problems.append(Problem(code, exact, text))
            else:
                problems.append(Problem(code, index, text))
        problems.sort(key=lambda problem: entries if problem.index is None else problem.index)
        indexes = [problem.index for problem in problems if problem.index is not None]
        return LedgerReport(entries, not problems, min(indexes, default=None), tuple(problems), self._unlisted)


class _Records:
    """Follows which commitments opened, which did not, and which need not any more.

    An erasure excuses the records that it lists, and those of a class whose deadline it swept, among earlier entries.
    """

    def __init__(self, openings: Iterable[RecordOpening], findings: _Findings) -> None:
        self._openings = iter(openings)
        self._next = next(self._openings, None)
        self._findings = findings
        self._erased: set[tuple[int, str]] = set()
        self._hours: dict[str, list[str]] = {}
        self._missing: dict[tuple[str, str], array[int]] = {}
        self._opened: dict[tuple[str, str], array[int]] = {}
        self._opened_at: dict[str, bytearray] = {}

    def follow(self, index: int, match: re.Match[str] | None) -> None:
        """Check one entry's records and take note of what it erases; of an entry misread, nothing can be checked."""
        listed, erased, swept = match.group("commitments", "erased", "swept") if match else ("", "", "")
        due = {of: (hour, digest) for hour, of, digest in _EVERY_COMMITMENT.findall(listed)} if listed else {}
        if listed and len(due) != listed.count("{"):
            self._findings.add(ProblemCode.LEAF_MALFORMED, index, "The entry commits to two records of one class.")
        while self._next is not None and self._next.leaf_index <= index:
            opening, self._next = self._next, next(self._openings, None)
            if opening.leaf_index == index and opening.of in due:
                self._open(index, opening, *due.pop(opening.of))
            elif match or opening.leaf_index != index:
                text = "The entry does not commit to this record, or it comes twice or out of order."
                self._findings.add(ProblemCode.RECORD_UNEXPECTED, opening.leaf_index, text)
        for of, (hour, _) in due.items():
            self._note(self._missing, index, of, hour)
        if erased or swept:
            self._excuse(index, erased or "", swept or "")

    def _open(self, index: int, opening: RecordOpening, hour: str, digest: str) -> None:
        if _commitment(opening) != digest:
            text = f"The {opening.of} record does not open its commitment: record or entry was changed."
            self._findings.add(ProblemCode.RECORD_MISMATCH, index, text)
        self._note(self._opened, index, opening.of, hour)
        flags = self._opened_at.setdefault(opening.of, bytearray())
        if len(flags) < index:
            flags.extend(bytes(index - len(flags)))
        flags.append(1)

    def _excuse(self, index: int, erased: str, swept: str) -> None:
        for number, of in _EVERY_ERASED.findall(erased):
            other = int(number)
            self._erased.add((other, of))
            flags = self._opened_at.get(of, b"")
            if other < len(flags) and flags[other]:
                self._still_there(other, of, index)
        for of, to in _EVERY_SWEPT.findall(swept):
            hours = self._hours.get(of, [])
            while hours and hours[0] <= to:
                key = (of, heapq.heappop(hours))
                self._missing.pop(key, None)
                for other in self._opened.pop(key, ()):
                    self._still_there(other, of, index)

    def finish(self, entries: int) -> None:
        """Report what is missing and what belongs to no entry."""
        missing = sorted((leaf, of) for (of, _), leaves in self._missing.items() for leaf in leaves)
        for leaf, of in missing:
            if (leaf, of) not in self._erased:
                text = f"The {of} record is neither there nor erased."
                self._findings.add(ProblemCode.RECORD_MISSING, leaf, text)
        while self._next is not None:
            text = "There is a record for an entry that is not in the ledger."
            self._findings.add(ProblemCode.RECORD_UNEXPECTED, max(entries, self._next.leaf_index), text)
            self._next = next(self._openings, None)

    def _note(self, kept: dict[tuple[str, str], array[int]], index: int, of: str, hour: str) -> None:
        indexes = kept.get((of, hour))
        if indexes is None:
            if hour and (of, hour) not in self._missing and (of, hour) not in self._opened:
                heapq.heappush(self._hours.setdefault(of, []), hour)
            indexes = kept[of, hour] = array("Q")
        indexes.append(index)

    def _still_there(self, leaf: int, of: str, index: int) -> None:
        text = f"The {of} record is still there, although entry {index} says that it was erased."
        self._findings.add(ProblemCode.RECORD_NOT_ERASED, leaf, text)


def _commitment(opening: RecordOpening) -> str:
    """Return what the entry should say of a record; nothing that an entry could say, where the salt is no salt."""
    if len(opening.salt) != 32:
        return ""
    named = f"{COMMITMENT_DOMAIN}\n{opening.of}\n".encode()
    return hashlib.sha256(b"".join((named, opening.salt, opening.record))).hexdigest()


class _Checkpoints:
    """Compares signed checkpoints with the growing tree.

    A checkpoint in doubt concerns an entry between the last good one and the next that is signed.
    """

    def __init__(self, notes: Iterable[bytes], key: VerifierKey, findings: _Findings) -> None:
        self._notes = iter(notes)
        self._key = key
        self._findings = findings
        self._in_doubt: list[tuple[ProblemCode, str]] = []
        self.good_size = 0
        self._last_size = -1
        self._diverged = False
        self._next = self._read()

    def _read(self) -> Checkpoint | None:
        """Return the next checkpoint that is signed and larger than the one before."""
        for note in self._notes:
            try:
                checkpoint = open_checkpoint(note, self._key)
            except VerifierRefused as refused:
                self._in_doubt.append((ProblemCode.CHECKPOINT_REFUSED, str(refused)))
                continue
            if checkpoint.size > self._last_size:
                self._last_size = checkpoint.size
                return checkpoint
            text = f"A checkpoint of size {checkpoint.size} does not follow one of size {self._last_size}."
            self._in_doubt.append((ProblemCode.CHECKPOINT_OUT_OF_ORDER, text))
        return None

    def compare(self, tree: _GrowingTree) -> None:
        """Compare the checkpoint of the tree's present size, if there is one."""
        while self._next is not None and self._next.size == tree.size:
            self._settle_doubts(tree.size)
            if self._next.root == tree.root():
                self.good_size = tree.size
            elif not self._diverged:
                self._diverged = True
                text = f"The signed root of size {tree.size} is not that of the entries: one up to it was changed."
                self._findings.add(ProblemCode.CHECKPOINT_MISMATCH, self.good_size, text, end=tree.size)
            self._next = self._read()

    def finish(self, tree: _GrowingTree) -> None:
        """Report entries beyond the last checkpoint, and checkpoints beyond the last entry."""
        largest = tree.size
        while self._next is not None:
            largest, self._next = self._next.size, self._read()
        self._settle_doubts(tree.size)
        if largest > tree.size:
            text = f"A checkpoint covers {largest} entries, but there are {tree.size}."
            self._findings.add(ProblemCode.ENTRIES_MISSING, tree.size, text)
        elif (start := max(self._last_size, 0)) < tree.size:
            text = f"No checkpoint covers the entries from {start} on."
            self._findings.add(ProblemCode.ENTRIES_NOT_SIGNED, start, text, end=tree.size)

    def _settle_doubts(self, end: int) -> None:
        for code, text in self._in_doubt:
            self._findings.add(code, self.good_size, text, end=end)
        self._in_doubt.clear()


def verify_ledger(
    leaves: Iterable[bytes],
    checkpoints: Iterable[bytes],
    key: str,
    *,
    anchor: bytes | None = None,
    records: Iterable[RecordOpening] | None = None,
) -> LedgerReport:
    """Read a whole ledger once and say what is wrong with it.

    Args:
        leaves: every entry's bytes, by index from 0.
        checkpoints: every signed note that was kept, by size; the last must cover the last entry.
        key: the log's verifier key, ``name+id+key``, from a source other than the ledger's own.
        anchor: the newest signed note kept outside the database. Without it, a ledger cut short together with its
            checkpoints looks whole.
        records: every record that is still kept, by ``leaf_index``; ``None`` leaves the commitments unopened.

    Raises:
        VerifierRefused: the key cannot be read.
    """
    parsed_key = VerifierKey.parse(key)
    findings, tree = _Findings(), _GrowingTree()
    signed = _Checkpoints(checkpoints, parsed_key, findings)
    anchored: Checkpoint | None = None
    if anchor is not None:
        try:
            anchored = open_checkpoint(anchor, parsed_key)
        except VerifierRefused as refused:
            findings.add(ProblemCode.ANCHOR_REFUSED, None, str(refused))
    followed = None if records is None else _Records(records, findings)
    signed.compare(tree)
    for index, leaf in enumerate(leaves):
        tree.add(leaf_hash(leaf))
        match = _read_leaf(leaf, index, findings)
        if followed is not None:
            followed.follow(index, match)
        signed.compare(tree)
        if anchored is not None and anchored.size == tree.size and anchored.root != tree.root():
            text = f"The note kept outside signs another history of the first {tree.size} entries."
            start = signed.good_size if signed.good_size < tree.size else 0
            findings.add(ProblemCode.ANCHOR_MISMATCH, start, text, end=tree.size)
    signed.finish(tree)
    if anchored is not None and anchored.size > tree.size:
        text = f"The note kept outside covers {anchored.size} entries, but there are {tree.size}."
        findings.add(ProblemCode.ENTRIES_MISSING, tree.size, text)
    if followed is not None:
        followed.finish(tree.size)
    return findings.report(tree.size)


# --- Bundles and command line -------------------------------------------------------------------------------------


def verify_bundle(path: Path, *, key: str | None = None, anchor: bytes | None = None) -> LedgerReport:
    """Check a bundle; ``key`` and ``anchor``, where given, take the place of the bundle's own.

    Raises:
        VerifierRefused: the bundle or the key cannot be read.
        OSError: the file cannot be read.
    """
    header = next(_lines(path, "bundle"), None)
    if not isinstance(header, dict) or header["bundle"] != "fairgate-ledger" or header.get("v") != 1:
        raise VerifierRefused("The file is no ledger bundle of version 1.")
    own_anchor = next((line["anchor"].encode() for line in _lines(path, "anchor")), None)
    return verify_ledger(
        (_bytes(line["leaf"]) for line in _lines(path, "leaf")),
        (line["checkpoint"].encode() for line in _lines(path, "checkpoint")),
        key if key is not None else str(header.get("key", "")),
        anchor=anchor if anchor is not None else own_anchor,
        records=(_opening(line["record"]) for line in _lines(path, "record")) if header.get("records") else None,
    )


def _lines(path: Path, kind: str) -> Iterator[dict[str, Any]]:
    start = f'{{"{kind}":'.encode()
    with path.open("rb") as bundle:
        for line in bundle:
            if line.startswith(start):
                yield json.loads(line)
            elif not line.startswith((b'{"bundle":', b'{"leaf":', b'{"checkpoint":', b'{"record":', b'{"anchor":')):
                raise VerifierRefused("The bundle holds a line of an unknown kind.")


def _opening(fields: dict[str, Any]) -> RecordOpening:
    return RecordOpening(fields["leaf"], fields["of"], _bytes(fields["salt"]), _bytes(fields["bytes"]))


def _bytes(text: str) -> bytes:
    content = _base64(text)
    if content is None:
        raise VerifierRefused("The bundle holds something that is not base 64.")
    return content


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a bundle from the command line and return the exit code."""
    parser = argparse.ArgumentParser(description="Check a Fairgate ledger bundle.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", help="verifier key from a source other than the bundle")
    parser.add_argument("--anchor", type=Path, help="file with the newest signed note kept outside the database")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    try:
        anchor = asked.anchor.read_bytes() if asked.anchor else None
        report = verify_bundle(asked.bundle, key=asked.key, anchor=anchor)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as refused:
        sys.stderr.write(f"The bundle cannot be read: {refused}\n")
        return 3
    if asked.json:
        problems = [{"code": item.code, "index": item.index, "text": item.text} for item in report.problems]
        result = {"entries": report.entries, "ok": report.ok, "first_bad": report.first_bad, "problems": problems}
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        if not asked.key:
            sys.stdout.write("The key came with the bundle: this shows only that the bundle agrees with itself.\n")
        for item in report.problems[:20]:
            sys.stdout.write(f"entry {'-' if item.index is None else item.index}: {item.code}: {item.text}\n")
        more = max(len(report.problems) - 20, 0) + report.unlisted
        more_text = f", {more} more problems not shown" if more else ""
        sys.stdout.write(f"{report.entries} entries: {'sound' if report.ok else 'NOT SOUND'}{more_text}\n")
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
