"""Records open their commitments, and go when an erasure says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairgate.ledger.entry import EntryKind, ErasureReason
from fairgate.verifier import LedgerReport, ProblemCode, RecordOpening

if TYPE_CHECKING:
    from tests.verifier.conftest import WrittenLedger


def found(report: LedgerReport) -> list[tuple[ProblemCode, int | None]]:
    return [(problem.code, problem.index) for problem in report.problems]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_record_does_not_open(ledger: WrittenLedger, data: st.DataObject) -> None:
    """One byte changed in a record or its salt is found at its entry."""
    index = data.draw(st.integers(0, 9))
    opening = ledger.records[index]
    in_salt = data.draw(st.booleans())
    content = bytearray(opening.salt if in_salt else opening.record)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    other = bytes(content)
    ledger.records[index] = opening._replace(salt=other) if in_salt else opening._replace(record=other)
    assert found(ledger.check()) == [(ProblemCode.RECORD_MISMATCH, index)]
    ledger.records[index] = opening


def test_bytes_moved_between_salt_and_record_do_not_open(ledger: WrittenLedger) -> None:
    """The border between salt and record is fixed."""
    opening = ledger.records[4]
    ledger.records[4] = opening._replace(salt=opening.salt + opening.record[:1], record=opening.record[1:])
    assert found(ledger.check()) == [(ProblemCode.RECORD_MISMATCH, 4)]


def test_a_missing_record_is_found(ledger: WrittenLedger) -> None:
    """A record that no entry says was erased has to be there."""
    del ledger.records[4], ledger.records[8]
    assert found(ledger.check()) == [(ProblemCode.RECORD_MISSING, 4), (ProblemCode.RECORD_MISSING, 9)]
    assert ledger.check(with_records=False).ok


def test_exchanged_records_do_not_open(ledger: WrittenLedger) -> None:
    """Each record belongs to its own entry."""
    first, second = ledger.records[4], ledger.records[5]
    ledger.records[4:6] = [second._replace(leaf_index=4), first._replace(leaf_index=5)]
    assert found(ledger.check()) == [(ProblemCode.RECORD_MISMATCH, 4), (ProblemCode.RECORD_MISMATCH, 5)]


def test_records_that_belong_to_nothing_are_found(ledger: WrittenLedger) -> None:
    """A record twice, of another class, or of an entry that is not there, was put in from outside."""
    ledger.add(EntryKind.READ)
    extra = [ledger.records[9], RecordOpening(10, "photo", b"s" * 32, b"{}"), RecordOpening(99, "photo", b"", b"")]
    ledger.records += extra
    assert found(ledger.check()) == [(ProblemCode.RECORD_UNEXPECTED, index) for index in (9, 10, 99)]


def test_an_erased_record_need_not_be_there(ledger: WrittenLedger) -> None:
    """An erasure excuses exactly the records that it lists."""
    ledger.erase(4, 8)
    del ledger.records[4], ledger.records[7]
    assert ledger.check().ok
    del ledger.records[0]
    assert found(ledger.check()) == [(ProblemCode.RECORD_MISSING, 0)]


def test_an_erased_record_that_is_still_there_is_found(ledger: WrittenLedger) -> None:
    """What the log says was erased must be gone."""
    ledger.erase(4)
    assert found(ledger.check()) == [(ProblemCode.RECORD_NOT_ERASED, 4)]


def test_a_sweep_excuses_what_was_due(empty_ledger: WrittenLedger) -> None:
    """Records whose deadline was swept are gone; later deadlines and later entries still hold theirs."""
    empty_ledger.cross(2, erase_in_hours=1).cross(2, erase_in_hours=2).cross(1, erase_in_hours=None)
    empty_ledger.sweep(1).cross(1, erase_in_hours=1)
    del empty_ledger.records[:2]
    assert empty_ledger.check().ok
    kept = empty_ledger.records.copy()
    for gone, index in ((0, 2), (2, 4), (3, 6)):
        empty_ledger.records = kept[:gone] + kept[gone + 1 :]
        assert found(empty_ledger.check()) == [(ProblemCode.RECORD_MISSING, index)]


def test_a_swept_record_that_is_still_there_is_found(empty_ledger: WrittenLedger) -> None:
    """A sweep that left a record behind is found at the record's entry, once."""
    empty_ledger.cross(3, erase_in_hours=1).cross(1, erase_in_hours=5).sweep(1).sweep(2)
    del empty_ledger.records[0], empty_ledger.records[1]
    assert found(empty_ledger.check()) == [(ProblemCode.RECORD_NOT_ERASED, 1)]


def test_an_erasure_without_commitments_excuses_nothing(ledger: WrittenLedger) -> None:
    """Destroyed keys are on record for other checks; a record without a key is still a record."""
    ledger.add(
        EntryKind.ERASURE, reason=ErasureReason.DEADLINE, destroyed_keys=("crossing/2026-11-23T10Z/0123456789abcdef",)
    )
    del ledger.records[3]
    assert found(ledger.check()) == [(ProblemCode.RECORD_MISSING, 3)]


def test_an_entry_with_two_commitments_of_one_class_is_found(ledger: WrittenLedger) -> None:
    """Which record opens which would be open to choice."""
    leaf = ledger.leaves[0]
    start, end = leaf.index(b"[") + 1, leaf.index(b"]")
    doubled = leaf[:end] + b"," + leaf[start:end].replace(b'"sha256":"', b'"sha256":"00', 1)[:-4] + b'"}' + leaf[end:]
    ledger.add_leaf(doubled)
    assert (ProblemCode.LEAF_MALFORMED, 10) in found(ledger.check())


def test_an_opening_does_not_show_its_record(ledger: WrittenLedger) -> None:
    """Salts and records do not reach a log by being printed."""
    assert repr(ledger.records[3]) == "RecordOpening(leaf_index=3, of='crossing')"
