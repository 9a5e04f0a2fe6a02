"""Whatever was done to a ledger, the verifier finds it and says where."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairgate.verifier import LedgerReport, ProblemCode, VerifierRefused, verify_ledger

if TYPE_CHECKING:
    from tests.verifier.conftest import Signer, WrittenLedger


def codes(report: LedgerReport) -> set[ProblemCode]:
    return {problem.code for problem in report.problems}


def changed(leaf: bytes) -> bytes:
    return leaf.replace(b'"match"', b'"see_officer"').replace(b'"matched"', b'"no_match"')


def test_a_sound_ledger_is_sound(ledger: WrittenLedger, batched_ledger: WrittenLedger) -> None:
    """Nothing is found where nothing was done."""
    assert ledger.check() == LedgerReport(entries=10, ok=True, first_bad=None, problems=())
    assert batched_ledger.check() == LedgerReport(entries=12, ok=True, first_bad=None, problems=())
    assert ledger.check(with_records=False, with_anchor=False).ok


def test_an_empty_ledger_is_sound(empty_ledger: WrittenLedger) -> None:
    """A ledger that was never written to holds; so does one with a checkpoint of size 0."""
    assert empty_ledger.check() == LedgerReport(entries=0, ok=True, first_bad=None, problems=())
    assert empty_ledger.sign().check().ok


def change(ledger: WrittenLedger) -> None:
    ledger.leaves[6] = changed(ledger.leaves[6])


def change_with_record(ledger: WrittenLedger) -> None:
    """The record is exchanged with the entry, so that commitment and record fit each other."""
    ledger.leaves[6], ledger.records[6] = ledger.leaves[5], ledger.records[5]._replace(leaf_index=6)


def remove(ledger: WrittenLedger) -> None:
    del ledger.leaves[6]


def remove_with_traces(ledger: WrittenLedger) -> None:
    """Entry, checkpoint and record go, and what follows moves up."""
    del ledger.leaves[6], ledger.notes[6], ledger.records[6]
    ledger.records[6:] = [record._replace(leaf_index=record.leaf_index - 1) for record in ledger.records[6:]]


def reorder(ledger: WrittenLedger) -> None:
    ledger.leaves[6], ledger.leaves[8] = ledger.leaves[8], ledger.leaves[6]


def insert(ledger: WrittenLedger) -> None:
    ledger.leaves.insert(6, changed(ledger.leaves[6]))


def repeat(ledger: WrittenLedger) -> None:
    ledger.leaves.insert(6, ledger.leaves[5])


def truncate(ledger: WrittenLedger) -> None:
    del ledger.leaves[6:]


def truncate_with_traces(ledger: WrittenLedger) -> None:
    del ledger.leaves[6:], ledger.notes[6:], ledger.records[6:]


def cut_after_the_last_note(ledger: WrittenLedger) -> None:
    del ledger.notes[6:]


TAMPERINGS = [
    change,
    change_with_record,
    remove,
    remove_with_traces,
    reorder,
    insert,
    repeat,
    truncate,
    truncate_with_traces,
]


@pytest.mark.parametrize("tamper", [*TAMPERINGS, cut_after_the_last_note])
@pytest.mark.parametrize("with_records", [True, False])
def test_tampering_is_found_where_it_happened(
    ledger: WrittenLedger, tamper: Callable[[WrittenLedger], None], with_records: bool
) -> None:
    """With a checkpoint an entry, the first bad entry is named exactly, records or no records."""
    tamper(ledger)
    report = ledger.check(with_records=with_records)
    assert not report.ok
    assert report.first_bad == 6


@pytest.mark.parametrize("tamper", [change, remove, reorder, insert, repeat])
def test_records_say_where_checkpoints_do_not(
    batched_ledger: WrittenLedger, tamper: Callable[[WrittenLedger], None]
) -> None:
    """With a checkpoint every four entries, the records narrow it down; without them, the four are named."""
    tamper(batched_ledger)
    exact = batched_ledger.check()
    assert not exact.ok
    if tamper not in (change, insert):  # these keep the commitment, so that the record fits as before
        assert exact.first_bad == 6
    assert batched_ledger.check(with_records=False).first_bad == 4


def test_an_overwritten_entry_is_found_by_its_record(batched_ledger: WrittenLedger) -> None:
    """An entry that no longer is one is named exactly, between checkpoints too."""
    batched_ledger.leaves[6] = b"{}"
    report = batched_ledger.check(with_records=False)
    assert {ProblemCode.LEAF_MALFORMED, ProblemCode.CHECKPOINT_MISMATCH} <= codes(report)
    assert report.first_bad == 6


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_other_list_of_entries_passes(ledger: WrittenLedger, data: st.DataObject) -> None:
    """Any other sequence made of these entries is found, at the first place where it differs."""
    order = data.draw(st.lists(st.integers(0, 9), max_size=12))
    leaves = [ledger.leaves[number] for number in order]
    report = verify_ledger(leaves, ledger.notes, ledger.key, anchor=ledger.anchor)
    if leaves == ledger.leaves:
        assert report.ok
    else:
        same = next((i for i, pair in enumerate(zip(leaves, ledger.leaves, strict=False)) if pair[0] != pair[1]), None)
        assert not report.ok
        assert report.first_bad == (min(len(leaves), len(ledger.leaves)) if same is None else same)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_byte_passes(ledger: WrittenLedger, data: st.DataObject) -> None:
    """One byte changed in any entry is found at that entry."""
    index = data.draw(st.integers(0, 9))
    leaf = bytearray(ledger.leaves[index])
    leaf[data.draw(st.integers(0, len(leaf) - 1))] ^= data.draw(st.integers(1, 255))
    report = verify_ledger([*ledger.leaves[:index], bytes(leaf), *ledger.leaves[index + 1 :]], ledger.notes, ledger.key)
    assert report.first_bad == index


def test_only_the_anchor_sees_a_clean_cut(ledger: WrittenLedger) -> None:
    """Entries, checkpoints and records cut off together leave a ledger that looks whole from within."""
    truncate_with_traces(ledger)
    assert ledger.check(with_anchor=False).ok
    report = ledger.check()
    assert codes(report) == {ProblemCode.ENTRIES_MISSING}
    assert report.first_bad == 6


def test_only_the_anchor_sees_a_rewriting_by_the_key_holder(ledger: WrittenLedger) -> None:
    """Whoever holds the key can sign another history; the note kept outside does not fit it."""
    anchor, leaves = ledger.anchor, [changed(leaf) for leaf in ledger.leaves]
    ledger.notes = [ledger.note_over(leaves[: size + 1]) for size in range(10)]
    ledger.leaves, ledger.anchor = leaves, None
    assert ledger.check(with_records=False).ok
    ledger.anchor = anchor
    report = ledger.check(with_records=False)
    assert codes(report) == {ProblemCode.ANCHOR_MISMATCH}
    assert report.first_bad == 0


def test_an_anchor_behind_the_ledger_is_no_problem(ledger: WrittenLedger) -> None:
    """The note outside may lag: it was written after the database, and a crash lies between."""
    ledger.anchor = ledger.notes[3]
    assert ledger.check().ok


def test_an_anchor_of_somebody_else_is_refused(ledger: WrittenLedger, stranger: Signer) -> None:
    """An anchor that the log's key did not sign protects nothing, and that is said."""
    ledger.anchor = ledger.note_over(ledger.leaves, stranger)
    report = ledger.check()
    assert codes(report) == {ProblemCode.ANCHOR_REFUSED}
    assert not report.ok
    assert report.first_bad is None


def test_checkpoints_rewritten_without_the_key_are_refused(ledger: WrittenLedger, stranger: Signer) -> None:
    """An entry changed and every later checkpoint made anew with another key: found at the entry."""
    ledger.leaves[6] = changed(ledger.leaves[6])
    ledger.notes[6:] = [ledger.note_over(ledger.leaves[: size + 1], stranger) for size in range(6, 10)]
    report = ledger.check()
    assert ProblemCode.CHECKPOINT_REFUSED in codes(report)
    assert report.first_bad == 6


def test_one_forged_checkpoint_is_found(ledger: WrittenLedger, stranger: Signer) -> None:
    """A checkpoint that says the right thing, but signed by a stranger, is found though later ones are good."""
    ledger.notes[6] = ledger.note_over(ledger.leaves[:7], stranger)
    report = ledger.check()
    assert codes(report) == {ProblemCode.CHECKPOINT_REFUSED}
    assert report.first_bad == 6


@pytest.mark.parametrize("note", [b"", b"no note", b"\xff\n\n", b"a\n\n\xe2\x80\x94 b c\n"])
def test_a_checkpoint_that_is_no_note_is_found(ledger: WrittenLedger, note: bytes) -> None:
    """A checkpoint overwritten with anything is found at its place."""
    ledger.notes[6] = note
    report = ledger.check()
    assert codes(report) == {ProblemCode.CHECKPOINT_REFUSED}
    assert report.first_bad == 6


def test_a_replayed_checkpoint_is_found(ledger: WrittenLedger) -> None:
    """An old checkpoint in a newer one's place is out of order."""
    ledger.notes[6] = ledger.notes[2]
    report = ledger.check()
    assert codes(report) == {ProblemCode.CHECKPOINT_OUT_OF_ORDER}
    assert report.first_bad == 6


def test_a_signed_checkpoint_over_other_entries_is_found(ledger: WrittenLedger) -> None:
    """A validly signed root that does not fit the entries is found, and later good ones do not hide it."""
    ledger.notes[6] = ledger.note_over([*ledger.leaves[:6], changed(ledger.leaves[6])])
    report = ledger.check()
    assert codes(report) == {ProblemCode.CHECKPOINT_MISMATCH}
    assert report.first_bad == 6


def test_entries_that_nobody_signed_are_found(ledger: WrittenLedger) -> None:
    """Entries after the last checkpoint are not vouched for."""
    ledger.notes.clear()
    report = ledger.check(with_anchor=False)
    assert codes(report) == {ProblemCode.ENTRIES_NOT_SIGNED}
    assert report.first_bad == 0


def test_an_entry_of_the_wrong_form_is_found_though_signed(ledger: WrittenLedger) -> None:
    """What the log's key signed must still be an entry: no free text hides in a signed log."""
    ledger.add_leaf(b'{"name":"Jane Doe"}')
    report = ledger.check()
    assert codes(report) == {ProblemCode.LEAF_MALFORMED}
    assert report.first_bad == 10


def test_an_entry_that_refers_to_a_later_one_is_found(ledger: WrittenLedger) -> None:
    """An entry speaks of earlier entries only."""
    ledger.erase(10)
    report = ledger.check()
    assert codes(report) == {ProblemCode.REFERENCE_IMPOSSIBLE}
    assert report.first_bad == 10


def test_many_problems_are_counted_not_listed(empty_ledger: WrittenLedger) -> None:
    """A ruined ledger gives a report of bounded length."""
    report = verify_ledger([b"x"] * 1500, [], empty_ledger.key)
    assert len([item for item in report.problems if item.code is ProblemCode.LEAF_MALFORMED]) == 1000
    assert report.unlisted == 500
    assert report.first_bad == 0


@pytest.mark.parametrize(
    "key", ["", "name", "name+00000000+AAAA", "name+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
)
def test_a_key_that_is_none_is_refused(key: str) -> None:
    """Nothing can be said without the log's key."""
    with pytest.raises(VerifierRefused):
        verify_ledger([], [], key)
