"""I was told I could not decline: counted, sealed, and never gone without a trace."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from boarding_parts import KEY, OPERATOR, RECEIPT_KEY, real_vault
from boarding_room import Room
from opt_out_room import SELF, opt_out_service

from fairgate.errors import InputRefused, NoSuchRecord, ReceiptRefused
from fairgate.services.check_ledger import check_ledger
from fairgate.services.enter_opt_out import Declared
from fairgate.services.report_denied_opt_out import DeniedOptOuts, ReportsAt
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import Actor, ActorKind

OVERSEER = Actor(ActorKind.OVERSEER, "v-2")


def reports(room: Room) -> DeniedOptOuts:
    return DeniedOptOuts(
        store=room.store,
        vault=room.vault,
        registrar=room.registrar,
        rules=room.rules,
        receipt_key=RECEIPT_KEY.verifier_key,
        clock=room.clock,
        entropy=room.entropy,
    )


def test_reports_are_counted_by_location_with_and_without_a_receipt() -> None:
    """Most first; a receipt that is not genuine is refused and counts for nothing."""
    room = Room()
    code = opt_out_service(room)(Declared("B22", room.clock()), SELF).receipt.code
    desk = reports(room)
    desk.file("B22", "They said no.", SELF)
    first = desk.file("B22", "They said no again.", SELF, receipt=code)
    desk.file("B23", "A door was shut.", SELF)
    with pytest.raises(ReceiptRefused):
        desk.file("B22", "And again.", SELF, receipt=code[:-1] + ("A" if code[-1] != "A" else "B"))
    desk.find(first.report_id, "The sign hung behind a door.", OVERSEER)
    assert desk.counted() == (ReportsAt("B22", 2, 1, 1), ReportsAt("B23", 1, 0, 0))
    assert room.ledger_is_whole()


def test_only_an_overseer_reads_and_the_words_end_with_their_deadline() -> None:
    """The record and the count stay; what was written does not open any more."""
    room = Room()
    desk = reports(room)
    filed = desk.file("B22", "They said no.", SELF)
    desk.find(filed.report_id, "True.", OVERSEER)
    for nobody in (OPERATOR, SELF):
        with pytest.raises(InputRefused):
            desk.read(filed.report_id, nobody)
        with pytest.raises(InputRefused):
            desk.find(filed.report_id, "Not so.", nobody)
    read = desk.read(filed.report_id, OVERSEER)
    assert (read.text, [text for _, text in read.findings]) == ("They said no.", ["True."])
    room.clock.forward(days=366 * 80)
    read = desk.read(filed.report_id, OVERSEER)
    assert (read.text, [text for _, text in read.findings]) == (None, [None])
    assert desk.counted()[0].reports == 1
    with pytest.raises(NoSuchRecord):
        desk.read("0" * 16, OVERSEER)


@pytest.mark.parametrize(("location", "text"), [("gate 3", "no"), ("B22", "  "), ("B22", "x" * 4001), ("", "no")])
def test_what_cannot_be_counted_or_read_is_refused(location: str, text: str) -> None:
    """A location that is no word, and words that are none or too many."""
    with pytest.raises(InputRefused):
        reports(Room()).file(location, text, SELF)


ATTACKS = (
    "DELETE FROM denied_opt_out",
    "UPDATE denied_opt_out SET location = 'B99'",
    "UPDATE denied_opt_out SET sealed_text = x'00'",
    (
        "INSERT OR REPLACE INTO denied_opt_out SELECT report_id, 'B99', filed_at_utc, filed_by, receipt_id, "
        "sealed_text, salt, ledger_index FROM denied_opt_out LIMIT 1"
    ),
    "DELETE FROM report_finding",
    "UPDATE report_finding SET overseer = 'overseer:friend'",
    "DELETE FROM opt_out",
    "UPDATE opt_out SET photos = 0, templates = 9",
    "DELETE FROM receipt",
    "UPDATE notice SET expires_at_utc = '2099-01-01 00:00:00.000000'",
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A database with an opt-out, a report and a finding."""
    database = tmp_path / "data" / "fairgate.db"
    with SqliteStore.open(database) as store:
        room = Room(store=store, vault=real_vault(tmp_path / "keys", store))
        opt_out_service(room)(Declared("B22", room.clock()), SELF)
        desk = reports(room)
        filed = desk.file("B22", "They said no.", SELF)
        desk.find(filed.report_id, "True.", OVERSEER)
        desk.file("B22", "They laughed.", SELF)
        assert room.ledger_is_whole()
    return database


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses_to_change_or_remove_any_of_it(written: Path, attack: str) -> None:
    """Also to whoever holds the file and speaks SQL."""
    with closing(sqlite3.connect(written)) as raw:
        if attack.startswith("UPDATE notice"):
            raw.execute("INSERT INTO notice SELECT 'n', 'B22', 'en', '', '', 'png', '', filed_at_utc, filed_at_utc, "
                        "filed_at_utc, salt, ledger_index FROM denied_opt_out LIMIT 1")  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(attack)


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM denied_opt_out WHERE rowid = (SELECT max(rowid) FROM denied_opt_out)",
        "UPDATE denied_opt_out SET location = 'B99'",
        "UPDATE denied_opt_out SET sealed_text = x'00'",
        "DELETE FROM report_finding",
        "UPDATE opt_out SET lane = 'B99'",
    ],
)
def test_whoever_takes_the_triggers_away_first_is_found_by_the_ledger(written: Path, attack: str) -> None:
    """The ledger commits to every record, so one that is gone or changed is named."""
    with closing(sqlite3.connect(written, isolation_level=None)) as raw:
        triggers = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("PRAGMA foreign_keys = OFF")
        assert raw.execute(attack).rowcount > 0
    with SqliteStore.open(written) as store:

        class Anchor:
            def newest(self) -> bytes | None:
                return None

            def advance(self, note: bytes, size: int) -> None:
                return

        assert not check_ledger(store, Anchor(), KEY.verifier_key).ok


def test_nothing_of_the_words_is_in_the_database(written: Path) -> None:
    """They are sealed; the location and the count are not."""
    content = b"".join(path.read_bytes() for path in written.parent.iterdir())
    assert b"They said no." not in content
    assert b"B22" in content
