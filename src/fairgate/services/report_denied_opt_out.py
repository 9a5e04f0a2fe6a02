"""I was told I could not decline: reports that travellers file, counted by location, and removed by nobody.

The words are sealed under the retention of cases; the record beside them stays. The ledger commits to each report with
the digest of its sealed words, so that a report that is changed or gone is found.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fairgate.errors import InputRefused, NoSuchRecord, RecordExpired
from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.receipt import read_code
from fairgate.services.append_entry import Registrar
from fairgate.services.opting_out_records import DeniedOptOutRecord, ReportFindingRecord
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Store, Vault, WriteTransaction
from fairgate.services.record_notice import is_location
from fairgate.vocabulary import Actor, ActorKind, RecordClass, Status

LONGEST_TEXT = 4000
"""Characters that a report may have."""


@dataclass(frozen=True, slots=True)
class ReportsAt:
    """Reports about one location, counted.

    Args:
        location: identifier of the lane.
        reports: how many.
        with_receipt: of them, with a genuine receipt.
        looked_into: of them, with a finding of an overseer.
    """

    location: str
    reports: int
    with_receipt: int
    looked_into: int


@dataclass(frozen=True, slots=True)
class ReportRead:
    """One report with its words, as an overseer reads it.

    Args:
        report: the record.
        text: what the traveller wrote; ``None`` once its deadline has passed.
        findings: what overseers found, with their words.
    """

    report: DeniedOptOutRecord
    text: str | None
    findings: tuple[tuple[ReportFindingRecord, str | None], ...]


class DeniedOptOuts:
    """Files, counts and reads reports.

    Args:
        store: keeps them.
        vault: seals the words.
        registrar: appends to the ledger.
        rules: name the purpose, and how long cases live.
        receipt_key: public key of receipts, ``name+id+key``.
        clock: the present.
        entropy: identifiers and salts.
    """

    def __init__(
        self,
        *,
        store: Store,
        vault: Vault,
        registrar: Registrar,
        rules: LaneRules,
        receipt_key: str,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._store = store
        self._vault = vault
        self._registrar = registrar
        self._rules = rules
        self._receipt_key = receipt_key
        self._clock = clock
        self._entropy = entropy

    def file(self, location: str, text: str, actor: Actor, *, receipt: str | None = None) -> DeniedOptOutRecord:
        """Record a traveller's report.

        Args:
            location: identifier of the lane.
            text: what happened, in the traveller's words.
            actor: who enters it; a traveller is ``self``.
            receipt: code of a receipt, where the traveller has one.

        Raises:
            InputRefused: the location is no word, or the text is empty or too long.
            ReceiptRefused: the receipt is not genuine; the report can be filed without one.
        """
        if not is_location(location):
            raise InputRefused("A location is a word of letters, digits, dots, dashes and underscores, like B22.")
        receipt_id = read_code(receipt, self._receipt_key).receipt_id if receipt is not None else None
        now, report_id = self._clock(), self._entropy(8).hex()
        sealed = self._sealed(text, report_id)
        with self._store.writing() as transaction:
            report = DeniedOptOutRecord(
                report_id=report_id,
                location=location,
                filed_at=now,
                filed_by=str(actor),
                receipt_id=receipt_id,
                sealed_text=sealed,
                salt=self._entropy(SALT_BYTES),
                ledger_index=transaction.ledger_size(),
            )
            entry = self._entry(EntryKind.DENIED_OPT_OUT, actor, report.salt, report.canonical())
            row = self._registrar.append(transaction, entry)
            transaction.add_denied_opt_out(report)
        self._registrar.committed(row)
        return report

    def find(self, report_id: str, text: str, overseer: Actor) -> ReportFindingRecord:
        """Record what an overseer found, beside the report.

        Raises:
            InputRefused: nobody but an overseer adds a finding; or the text is empty or too long.
            NoSuchRecord: there is no such report.
        """
        _require_overseer(overseer)
        now, finding_id = self._clock(), self._entropy(8).hex()
        sealed = self._sealed(text, finding_id)
        with self._store.writing() as transaction:
            report = _report(transaction, report_id)
            finding = ReportFindingRecord(
                finding_id=finding_id,
                report_id=report_id,
                found_at=now,
                overseer=str(overseer),
                sealed_text=sealed,
                salt=self._entropy(SALT_BYTES),
                ledger_index=transaction.ledger_size(),
            )
            entry = self._entry(
                EntryKind.REPORT_FINDING, overseer, finding.salt, finding.canonical(), refers_to=report.ledger_index
            )
            row = self._registrar.append(transaction, entry)
            transaction.add_report_finding(finding)
        self._registrar.committed(row)
        return finding

    def counted(self) -> tuple[ReportsAt, ...]:
        """Return how many reports there are about each location, most first."""
        with self._store.reading() as transaction:
            reports = transaction.denied_opt_outs()
            found = {finding.report_id for finding in transaction.report_findings()}
        every = Counter(one.location for one in reports)
        proven = Counter(one.location for one in reports if one.receipt_id is not None)
        looked = Counter(one.location for one in reports if one.report_id in found)
        return tuple(
            ReportsAt(location, number, proven[location], looked[location])
            for location, number in sorted(every.items(), key=lambda item: (-item[1], item[0]))
        )

    def read(self, report_id: str, overseer: Actor) -> ReportRead:
        """Open one report for an overseer; the read is in the ledger first.

        Raises:
            InputRefused: somebody else than an overseer reads.
            NoSuchRecord: there is no such report.
        """
        _require_overseer(overseer)
        with self._store.writing() as transaction:
            report = _report(transaction, report_id)
            findings = transaction.report_findings(report_id)
            row = self._registrar.append(
                transaction,
                Entry(
                    kind=EntryKind.READ,
                    at=self._clock(),
                    actor=overseer,
                    purpose=self._rules.purpose,
                    rulebook_sha256=self._rules.rulebook_sha256,
                    counts=(("reports", 1),),
                    refers_to=report.ledger_index,
                ),
            )
        self._registrar.committed(row)
        text = self._opened(report.sealed_text, overseer, row.index)
        return ReportRead(
            report, text, tuple((one, self._opened(one.sealed_text, overseer, row.index)) for one in findings)
        )

    def _opened(self, envelope: bytes, actor: Actor, ledger_index: int) -> str | None:
        try:
            content = self._vault.open(
                envelope, actor=actor, purpose=self._rules.purpose, ledger_index=ledger_index, now=self._clock()
            )
        except RecordExpired:
            return None
        return content.decode()

    def _sealed(self, text: str, record_id: str) -> bytes:
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise InputRefused(f"Say what happened, in at most {LONGEST_TEXT} characters.")
        return self._vault.seal(
            text.strip().encode(),
            record_class=RecordClass.CASE,
            record_id=record_id,
            crossing_id=record_id,
            erase_by=self._rules.erase_by(RecordClass.CASE, Status.UNKNOWN, self._clock()),
        )

    def _entry(
        self, kind: EntryKind, actor: Actor, salt: bytes, canonical: bytes, *, refers_to: int | None = None
    ) -> Entry:
        return Entry(
            kind=kind,
            at=self._clock(),
            actor=actor,
            purpose=self._rules.purpose,
            rulebook_sha256=self._rules.rulebook_sha256,
            refers_to=refers_to,
            commitments=(Commitment(RecordClass.CASE, commit(RecordClass.CASE, salt, canonical)),),
        )


def _require_overseer(actor: Actor) -> None:
    if actor.kind is not ActorKind.OVERSEER:
        raise InputRefused(
            "Only an overseer reads reports and adds findings.", way_out="Name one with --by overseer:NAME."
        )


def _report(transaction: WriteTransaction, report_id: str) -> DeniedOptOutRecord:
    found = next((one for one in transaction.denied_opt_outs() if one.report_id == report_id), None)
    if found is None:
        raise NoSuchRecord("There is no report of that identifier.", way_out="See `fairgate opt-out reports`.")
    return found
