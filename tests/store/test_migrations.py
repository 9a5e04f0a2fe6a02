"""A database of an earlier schema is moved forward with everything in it."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from fairgate.errors import StoreFault
from fairgate.services.records import ReferenceState
from fairgate.store.engine import WRITING, begun, commit, sqlite_engine
from fairgate.store.place import prepare_place
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import LaneKind

LIST, PACK, RULES = "11" * 32, "22" * 32, "33" * 32


@pytest.fixture
def first(database: Path) -> Path:
    """A database as schema 0001 kept it: a gallery with one template a row, an opt-out, a distractor, a crossing."""
    prepare_place(database)
    engine = sqlite_engine(database, 1.0)
    with as_file(files("fairgate.store") / "migrations") as folder, begun(engine.execution_options(**WRITING)) as made:
        config = Config(stdout=io.StringIO(), output_buffer=io.StringIO())
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = made
        command.upgrade(config, "0001")
        commit(made)
    engine.dispose()
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        moment = "2026-11-22 10:15:00.000000"
        raw.execute(
            "INSERT INTO flight VALUES (?, 'exit', 'BOS', ?, ?, ?, ?, 1, ?)", ("F1", LIST, PACK, RULES, moment, '["a"]')
        )
        raw.execute(
            "INSERT INTO flight VALUES (?, 'exit', 'BOS', ?, ?, ?, ?, 0, '[]')", ("F2", LIST, "44" * 32, RULES, moment)
        )
        raw.executemany(
            "INSERT INTO passenger VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                ("F1", "P1", "enrolled", None, b"traveller 1", b"template 1", 0),
                ("F1", "P2", "opted_out", None, b"traveller 2", None, 0),
                ("F1", "P3", "not_enrollable", "no_face", b"traveller 3", None, 0),
                ("F1", "D1", "enrolled", None, None, b"template d", 1),
                ("F2", "P1", "enrolled", None, b"traveller 4", b"template 4", 0),
            ],
        )
        raw.execute("INSERT INTO ledger_entry VALUES (0, x'00', x'01')")
        raw.execute("UPDATE ledger_frontier SET size = 1, hashes = ?", (bytes(32),))
        raw.execute(
            "INSERT INTO crossing VALUES ('c', 'F1', 'k', 'B22', ?, ?, 'match', 'matched', NULL, 'P1', NULL, NULL, "
            "NULL, 1, 1, x'aa', 0, x'bb')",
            (moment, moment),
        )
    return database


def test_templates_of_the_first_schema_are_the_first_generation(first: Path) -> None:
    """One each, numbered 1, with the pack of their flight; every other fact is as it was, crossings and ledger too."""
    with SqliteStore.open(first) as store, store.reading() as transaction:
        flight = transaction.flight("F1")
        rows = transaction.passengers("F1")
        others = transaction.passengers("F2")
        crossings = list(transaction.crossings())
        assert transaction.ledger_size() == 1
    assert flight is not None
    assert (flight.generation, flight.pack_digest, flight.complete, flight.findings) == (1, PACK, True, ("a",))
    assert [(row.passenger_ref, row.state, row.reason, row.sealed_traveller, row.sealed_templates) for row in rows] == [
        ("D1", ReferenceState.ENROLLED, None, None, (b"template d",)),
        ("P1", ReferenceState.ENROLLED, None, b"traveller 1", (b"template 1",)),
        ("P2", ReferenceState.OPTED_OUT, None, b"traveller 2", ()),
        ("P3", ReferenceState.NOT_ENROLLABLE, "no_face", b"traveller 3", ()),
    ]
    assert [row.synthetic for row in rows] == [True, False, False, False]
    assert [row.sealed_templates for row in others] == [(b"template 4",)]
    assert [(one.crossing_id, one.passenger_ref, one.sealed_photo) for one in crossings] == [("c", "P1", b"\xbb")]
    with closing(sqlite3.connect(first)) as raw:
        kept = raw.execute("SELECT flight_key, generation, passenger_ref, number, pack_digest FROM template").fetchall()
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert sorted(kept) == [
        ("F1", 1, "D1", 1, PACK),
        ("F1", 1, "P1", 1, PACK),
        ("F2", 1, "P1", 1, "44" * 32),
    ]
    assert not {name for name in tables if name.startswith(("passenger_", "template_"))}


def test_a_database_moved_forward_withdraws_and_changes_packs(first: Path) -> None:
    """What came from the first schema is erased like what came later; opening again moves nothing."""
    with SqliteStore.open(first) as store, store.writing() as transaction:
        assert transaction.withdraw_reference("F1", "P1", ReferenceState.OPTED_OUT) == 1
    with SqliteStore.open(first) as store, store.reading() as transaction:
        assert transaction.passengers("F1")[1].sealed_templates == ()
    assert b"template 1" not in first.read_bytes()
    assert b"template 4" in first.read_bytes()


def test_a_migration_that_fails_leaves_the_first_schema(first: Path) -> None:
    """Something stands where a new table must be; nothing of the migration stays, and the fault is ours."""
    with closing(sqlite3.connect(first, isolation_level=None)) as raw:
        raw.execute("CREATE TABLE template (a)")
    before = _dump(first)
    with pytest.raises(StoreFault):
        SqliteStore.open(first)
    assert _dump(first) == before


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return list(raw.iterdump())


def test_galleries_of_earlier_schemas_are_for_boarding(first: Path) -> None:
    """Their one list is known by its digest; nobody in them is known by a message, so their list does not change."""
    with SqliteStore.open(first) as store, store.reading() as transaction:
        flight = transaction.flight("F1")
        rows = transaction.passengers("F1")
    assert flight is not None
    assert (flight.lane, flight.list_files, flight.flights) == (LaneKind.BOARDING, (), ())
    assert flight.files == {LIST}
    assert {row.mention for row in rows} == {None}
