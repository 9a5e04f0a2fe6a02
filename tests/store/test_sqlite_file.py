"""The SQLite file: who may use it, which is opened, what is in force, and what it refuses behind the port's back."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event

from fairgate.errors import ConfigurationRefused, FairgateError, LedgerFault, StoreFault, StoreRefused
from fairgate.services.ports import Store, WriteTransaction
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord, ReferenceState
from fairgate.store.engine import SAFETY_SETTINGS, sqlite_engine
from fairgate.store.place import preparing_alone
from fairgate.store.schema import SCHEMA_VERSION, metadata
from fairgate.store.sqlite import SqliteStore

Crossing = Callable[..., CrossingRecord]
Append = Callable[[WriteTransaction], LedgerRow]
Record = Callable[[WriteTransaction, CrossingRecord], None]


@pytest.fixture
def filled(database: Path, flight: FlightRecord, crossing: Crossing, record: Record) -> Path:
    """A closed database with three crossings."""
    with SqliteStore.open(database) as store, store.writing() as transaction:
        transaction.add_flight(flight)
        transaction.put_passenger(
            PassengerRecord(flight.flight_key, "P1", ReferenceState.ENROLLED, sealed_templates=(b"t",))
        )
        transaction.put_passenger(PassengerRecord(flight.flight_key, "P2", ReferenceState.NO_PHOTO))
        for number in range(3):
            record(transaction, crossing(number))
    return database


@pytest.fixture
def raw(filled: Path) -> Iterator[sqlite3.Connection]:
    """The file as somebody sees it who does not go through the port."""
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        yield connection


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- Settings and transactions ------------------------------------------------------------------------------------


def test_every_connection_has_the_safety_settings(filled: Path) -> None:
    """Also the second one of the pool, which is where settings made once are lost."""
    engine = sqlite_engine(filled, 1.25)
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name, _, _ in SAFETY_SETTINGS}
            assert found == {
                "journal_mode": "wal",
                "synchronous": 2,
                "secure_delete": 1,
                "foreign_keys": 1,
                "temp_store": 2,
            }
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 1250
    engine.dispose()


def test_a_setting_that_does_not_come_into_force_is_refused() -> None:
    """A database that cannot have a write-ahead log (here: one without a file) is not used."""
    engine = sqlite_engine(Path(":memory:"), 1.0)
    with pytest.raises(StoreRefused, match="journal_mode"):
        engine.connect()
    engine.dispose()


def test_transactions_begin_as_they_are_meant_to(database: Path) -> None:
    """The driver adds no BEGIN or COMMIT of its own: one of each, the write lock at once, a snapshot before asking."""
    said: list[str] = []

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(said.append)

    engine = sqlite_engine(database, 1.0)
    SqliteStore.open(database).close()
    event.listen(engine, "connect", listen)
    store = SqliteStore(engine)
    with store.writing() as transaction:
        transaction.flights()
    with store.reading() as reader:
        reader.flights()
    store.close()
    control = [sql for sql in said if sql.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    assert control == ["BEGIN IMMEDIATE", "COMMIT", "BEGIN", "ROLLBACK"]
    reading = said[said.index("BEGIN") + 1 :]
    assert "alembic_version" in reading[0]


# --- Place --------------------------------------------------------------------------------------------------------


def test_only_the_owner_may_use_the_files(database: Path, flight: FlightRecord) -> None:
    """Folder 700; database, log, shared memory and lock 600, whatever the umask says."""
    before = os.umask(0)
    try:
        with SqliteStore.open(database) as store, store.writing() as transaction:
            transaction.add_flight(flight)
            names = {file.name: mode_of(file) for file in database.parent.iterdir()}
    finally:
        os.umask(before)
    assert mode_of(database.parent) == 0o700
    assert names == {f"fairgate.sqlite3{end}": 0o600 for end in ("", "-wal", "-shm", ".opening")}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_use_is_refused(filled: Path, mode: int) -> None:
    """The way out is named."""
    filled.chmod(mode)
    with pytest.raises(StoreRefused, match="chmod 600"):
        SqliteStore.open(filled)


def test_a_folder_that_others_may_write_to_is_refused(filled: Path) -> None:
    """They could put another database in its place."""
    filled.parent.chmod(0o770)
    with pytest.raises(StoreRefused, match="chmod 700"):
        SqliteStore.open(filled)


def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path) -> None:
    """A folder in its place, or a file where a folder must be."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "taken", tmp_path / "file" / "fairgate.sqlite3"):
        with pytest.raises(ConfigurationRefused):
            SqliteStore.open(path)


def test_opening_waits_for_another_process_only_so_long(database: Path) -> None:
    """Whoever prepares the database does so alone."""
    SqliteStore.open(database).close()
    with preparing_alone(database, 1.0), pytest.raises(StoreFault):
        SqliteStore.open(database, wait_for_writer_s=0.05)
    SqliteStore.open(database).close()


# --- Schema -------------------------------------------------------------------------------------------------------


def test_what_was_committed_is_there_when_opened_again(filled: Path, flight: FlightRecord, crossing: Crossing) -> None:
    """By this process or another; the log is folded into the file by whoever closes last."""
    assert not filled.with_name(f"{filled.name}-wal").exists()
    with SqliteStore.open(filled) as store, store.reading() as transaction:
        assert transaction.flights() == [flight]
        assert list(transaction.crossings()) == [crossing(number) for number in range(3)]
        assert transaction.ledger_size() == 3


def test_migrations_lead_to_the_tables_that_statements_are_built_from(filled: Path) -> None:
    """Column by column, with types, keys, indexes and constraints."""
    engine = sqlite_engine(filled, 1.0)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert checks_of(connection) == {
            str(constraint.name): str(constraint.sqltext)
            for table in metadata.tables.values()
            for constraint in table.constraints
            if hasattr(constraint, "sqltext")
        }
    engine.dispose()


def checks_of(connection: Connection) -> dict[str, str]:
    from sqlalchemy import inspect

    inspector = inspect(connection)
    return {
        str(found["name"]): found["sqltext"]
        for table in inspector.get_table_names()
        for found in inspector.get_check_constraints(table)
    }


def test_migrating_says_nothing(
    database: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither on the terminal nor, above the level of information, in the log."""
    with caplog.at_level(logging.WARNING):
        SqliteStore.open(database).close()
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def unchanged_and_refused(path: Path, words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreRefused, match=words):
        SqliteStore.open(path)
    assert path.read_bytes() == before
    assert not path.with_name(f"{path.name}-wal").exists()


def test_a_newer_database_is_refused_and_left_alone(filled: Path, raw: sqlite3.Connection) -> None:
    """The text names both versions."""
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    unchanged_and_refused(filled, f"9999.*{SCHEMA_VERSION}")


@pytest.mark.parametrize("sql", ["DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0000')"])
def test_a_database_of_no_single_version_is_refused(filled: Path, raw: sqlite3.Connection, sql: str) -> None:
    """None, or two."""
    raw.execute(sql)
    raw.close()
    unchanged_and_refused(filled, "did not write")


def test_somebody_elses_database_is_refused_and_left_alone(database: Path) -> None:
    """Its tables and its journal mode stay as they are, whether or not it uses Alembic too."""
    database.parent.mkdir(mode=0o700)
    for name, table in (("a", "notes (text)"), ("b", "alembic_version (version_num)")):
        path = database.with_name(name)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"CREATE TABLE {table}")
        path.chmod(0o600)
        unchanged_and_refused(path, "did not write")


def test_a_file_that_is_no_database_is_refused_and_left_alone(database: Path) -> None:
    """A text of any length that is not empty."""
    database.parent.mkdir(mode=0o700)
    database.write_bytes(b"not a database at all, but long enough to be read as a header" * 20)
    database.chmod(0o600)
    unchanged_and_refused(database, "not a database")


def test_a_database_that_is_moved_on_while_open_is_used_no_more(filled: Path, raw: sqlite3.Connection) -> None:
    """Another, newer process migrated it: statements of this one may mean something else by now."""
    with SqliteStore.open(filled) as store:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreRefused), store.reading():
            pytest.fail("read")
        with pytest.raises(StoreRefused), store.writing():
            pytest.fail("written")


# --- Behind the port's back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_entry SET leaf = x'00' WHERE entry_index = 1",
        "UPDATE ledger_entry SET entry_index = 9 WHERE entry_index = 2",
        "DELETE FROM ledger_entry",
        "REPLACE INTO ledger_entry VALUES (1, x'00', x'00')",
        "INSERT OR REPLACE INTO ledger_entry VALUES (2, x'00', x'00')",
        "INSERT INTO ledger_entry VALUES (4, x'00', x'00')",
        "INSERT INTO ledger_entry VALUES (-1, x'00', x'00')",
        "UPDATE crossing SET outcome = 'see_officer'",
        "UPDATE crossing SET salt = x'00'",
        "UPDATE crossing SET sealed_photo = x'00'",
        "INSERT INTO ledger_frontier VALUES (2, 0, x'')",
        "INSERT INTO template VALUES ('FG420', 1, 'P2', 1, '', x'00')",
        "INSERT INTO template VALUES ('FG420', 1, 'nobody', 1, '', x'00')",
        "UPDATE template SET pack_digest = ''",
        "UPDATE passenger SET state = 'opted_out' WHERE passenger_ref = 'P1'",
    ],
)
def test_the_file_itself_refuses_to_rewrite_history(raw: sqlite3.Connection, sql: str) -> None:
    """The second line, for a hand that slips; whoever drops the triggers is found by the verifier."""
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(sql)


def test_a_ledger_that_was_cut_takes_no_entry(filled: Path, raw: sqlite3.Connection, append: Append) -> None:
    """Appending to it would hide the cut behind a well-formed tree."""
    raw.execute("DROP TRIGGER ledger_entry_not_removed")
    raw.execute("DELETE FROM ledger_entry WHERE entry_index = 2")
    with (
        SqliteStore.open(filled) as store,
        pytest.raises(LedgerFault, match="ledger verify"),
        store.writing() as writer,
    ):
        append(writer)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE ledger_frontier SET hashes = x'00'", StoreFault),
        ("DELETE FROM ledger_frontier", LedgerFault),
        ("UPDATE flight SET direction = 'sideways'", StoreFault),
        ("UPDATE flight SET findings_json = '['", StoreFault),
        ("UPDATE flight SET staged_at_utc = 'yesterday'", StoreFault),
        ("UPDATE flight SET list_sha256 = x'ff'", None),
        ("DROP TABLE flight", StoreFault),
    ],
)
def test_rows_that_were_altered_raise_nothing_foreign(
    filled: Path, raw: sqlite3.Connection, sql: str, fault: type[FairgateError] | None
) -> None:
    """What cannot be read is a fault of ours; what is merely wrong is read."""
    raw.execute(sql)

    def read(store: Store) -> None:
        with store.reading() as transaction:
            transaction.ledger_frontier()
            transaction.flights()

    with SqliteStore.open(filled) as store:
        if fault is None:
            read(store)
        else:
            with pytest.raises(fault):
                read(store)


@pytest.mark.parametrize("page", range(1, 12))
def test_a_damaged_file_raises_nothing_foreign(filled: Path, page: int, append: Append) -> None:
    """Each page in turn is overwritten; whatever still works, what does not is a fault of ours."""
    with filled.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)
    with suppress(FairgateError), SqliteStore.open(filled) as store:
        with store.reading() as transaction:
            for flight in transaction.flights():
                transaction.passengers(flight.flight_key)
            list(transaction.crossings())
            list(transaction.ledger_rows())
        with store.writing() as transaction:
            append(transaction)


def test_what_the_database_says_is_not_repeated_to_the_public(filled: Path, crossing: Crossing, record: Record) -> None:
    """No SQL and no value in the text; the cause is chained for the log with its parameters hidden."""
    secret = crossing(3, flight_key="FG9", capture_key="secret capture")
    with SqliteStore.open(filled) as store, pytest.raises(StoreFault) as caught, store.writing() as transaction:
        record(transaction, secret)
    assert str(caught.value) == "The record contradicts what the database already holds."
    assert "secret capture" not in f"{caught.value.__cause__}"


def test_a_text_that_no_database_holds_is_a_fault_of_ours(filled: Path, crossing: Crossing, record: Record) -> None:
    """Half of a surrogate pair, which a file name that is no UTF-8 may bring along."""
    with SqliteStore.open(filled) as store, pytest.raises(StoreFault), store.writing() as transaction:
        record(transaction, crossing(3, capture_key="capture \ud800"))
