"""Opting out in both stores: what is added is there, once, with its entry, and nothing of it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fairgate.errors import AlreadyRecorded, LedgerFault, StoreFault
from fairgate.ledger.receipt import Choice, Moment
from fairgate.services.opting_out_records import (
    DeniedOptOutRecord,
    NoticeRecord,
    OptOutRecord,
    ReceiptRecord,
    ReportFindingRecord,
)
from fairgate.services.ports import Store, WriteTransaction
from fairgate.services.records import CrossingRecord, LedgerRow, PassengerRecord, ReferenceState

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
SALT = bytes(range(32))
Append = Callable[[WriteTransaction], LedgerRow]


def opt_out(number: int, **otherwise: Any) -> OptOutRecord:
    made = OptOutRecord(
        f"o{number}", "FG420", "B22", "P001", None, Moment.AFTER, Choice.VOLUNTARY, "us-citizen", NOW, NOW, "c", 1, 2,
        1, f"r{number}", SALT, number,
    )  # fmt: skip
    return replace(made, **otherwise)


def receipt(number: int, crossing_id: str | None = None) -> ReceiptRecord:
    return ReceiptRecord(f"r{number}", "FGR1", NOW, None, crossing_id, number)


def notice(number: int, location: str = "B22") -> NoticeRecord:
    later = NOW + timedelta(days=30)
    return NoticeRecord(
        f"n{number}", location, "en", "0" * 64, "1" * 64, "png", "operator:x", NOW, later, NOW, SALT, number
    )


def report(number: int, location: str = "B22") -> DeniedOptOutRecord:
    return DeniedOptOutRecord(f"d{number}", location, NOW, "traveller:self", None, b"sealed", SALT, number)


def finding(number: int, report_id: str) -> ReportFindingRecord:
    return ReportFindingRecord(f"f{number}", report_id, NOW, "overseer:v", b"sealed", SALT, number)


def test_everything_added_is_found_again_in_the_ledgers_order(store: Store, append: Append) -> None:
    """By flight, by capture, by location and by report; and all that the ledger commits to, in one line."""
    one, other = opt_out(0), opt_out(1, passenger_ref=None, capture_key="k", moment=Moment.DURING)
    without = opt_out(2, flight_key="", passenger_ref=None)
    with store.writing() as transaction:
        for _ in range(8):
            append(transaction)
        for record in (other, one, without, replace(without, opt_out_id="again", ledger_index=7)):
            transaction.add_opt_out(record)
        transaction.add_receipt(receipt(0))
        transaction.add_receipt(receipt(1, "c"))
        transaction.add_notice(notice(3))
        transaction.add_notice(notice(4, "B23"))
        transaction.add_denied_opt_out(report(5))
        transaction.add_report_finding(finding(6, "d5"))
    with store.reading() as transaction:
        assert transaction.opt_outs("FG420") == [one, other]
        assert len(transaction.opt_outs()) == 4
        assert transaction.opt_out_of("FG420", "P001", None) == one
        assert transaction.opt_out_of("FG420", "P001", "k") is None
        assert transaction.opt_out_for_capture("FG420", "k") == other
        assert transaction.receipt("r0") == receipt(0)
        assert transaction.receipt_of_crossing("c") == receipt(1, "c")
        assert transaction.receipt("r9") is transaction.receipt_of_crossing("d") is None
        assert transaction.notices("B23") == [notice(4, "B23")]
        assert transaction.notices() == [notice(3), notice(4, "B23")]
        assert transaction.denied_opt_outs("B22") == [report(5)]
        assert transaction.denied_opt_outs("B23") == []
        assert transaction.report_findings("d5") == transaction.report_findings() == [finding(6, "d5")]
        assert [case.ledger_index for case in transaction.opting_out_cases()] == [0, 1, 2, 3, 4, 5, 6, 7]


def test_the_same_is_not_recorded_twice(store: Store, append: Append) -> None:
    """An opt-out of the same passenger and capture, a crossing's second receipt: answers, after which one goes on."""
    with store.writing() as transaction:
        append(transaction)
        transaction.add_opt_out(opt_out(0))
        transaction.add_receipt(receipt(0, "c"))
        with pytest.raises(AlreadyRecorded):
            transaction.add_opt_out(replace(opt_out(0), opt_out_id="other"))
        with pytest.raises(AlreadyRecorded):
            transaction.add_receipt(replace(receipt(0, "c"), receipt_id="other"))
    with store.reading() as transaction:
        assert len(transaction.opt_outs()) == len(transaction.receipts()) == 1


@pytest.mark.parametrize(
    "add",
    [
        lambda transaction: transaction.add_report_finding(finding(0, "nothing")),
        lambda transaction: (transaction.add_denied_opt_out(report(0)), transaction.add_denied_opt_out(report(0))),
        lambda transaction: (transaction.add_notice(notice(0)), transaction.add_notice(notice(0))),
        lambda transaction: transaction.add_opt_out(opt_out(0, declared_at=NOW.replace(tzinfo=None))),
    ],
)
def test_what_cannot_be_is_refused(store: Store, append: Append, add: Callable[[WriteTransaction], object]) -> None:
    """A finding about nothing, an identifier that is taken, a time that names no moment; nothing of the block stays."""

    def in_one_block() -> None:
        with store.writing() as transaction:
            append(transaction)
            add(transaction)

    with pytest.raises(StoreFault):
        in_one_block()
    with store.reading() as transaction:
        assert list(transaction.opting_out_cases()) == []


def test_none_of_it_is_kept_without_its_entry(store: Store) -> None:
    """As with crossings: the ledger's entry is there when the block ends, or the record is not."""
    with pytest.raises(LedgerFault), store.writing() as transaction:
        transaction.add_denied_opt_out(report(3))
    with store.reading() as transaction:
        assert transaction.denied_opt_outs() == []


def test_who_has_left_a_gallery_and_which_crossings_are_theirs(
    store: Store,
    append: Append,
    enrolled: Callable[..., PassengerRecord],
    crossing: Callable[..., CrossingRecord],
) -> None:
    """By name only those who opted out; crossings of others are not theirs."""
    with store.writing() as transaction:
        for ref in ("P000", "P001"):
            transaction.put_passenger(enrolled(ref))
        transaction.withdraw_reference("FG420", "P001", ReferenceState.OPTED_OUT)
        for number in (0, 1):
            append(transaction)
            transaction.add_crossing(crossing(number))
    with store.reading() as transaction:
        assert transaction.withdrawn("FG420") == {"P001"}
        assert transaction.withdrawn("FG421") == frozenset()
        assert transaction.crossings_of_passenger("FG420", "P001") == [crossing(1)]
