"""After the switch nothing of an old template is left in any file; the scan is shown to find what is still there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from boarding_parts import FLIGHT, OPERATOR, Camera, capture, never, real_vault, reference, traveller
from boarding_room import Room
from reextraction_room import NEW_PACK, photos, reextract, results_of, rows_of

from fairgate.errors import RecordExpired
from fairgate.services.erase_expired import erase_expired
from fairgate.store.sqlite import SqliteStore
from fairgate.vault.sealed_record import SealedRecord

SCANNED_BYTES = 24


@contextmanager
def real_room(folder: Path) -> Iterator[Room]:
    """A room whose store is a file and whose vault encrypts."""
    with SqliteStore.open(folder / "data" / "fairgate.db") as store:
        yield Room(store=store, vault=real_vault(folder / "keys", store), entropy=os.urandom)


def left_of(secret: bytes, folder: Path) -> int:
    """How many pieces of some bytes are found in any file below a folder."""
    content = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()]
    pieces = [secret[start : start + SCANNED_BYTES] for start in range(0, len(secret) - SCANNED_BYTES, SCANNED_BYTES)]
    return sum(any(piece in one for one in content) for piece in pieces)


def distinct(envelopes: list[bytes]) -> list[bytes]:
    """Return of each envelope what no other shares: wrapped key, nonce and ciphertext, without the open header."""
    return [envelope[len(SealedRecord.decode(envelope).authenticated) :] for envelope in envelopes]


def test_no_piece_of_an_old_template_is_left_after_the_switch(tmp_path: Path) -> None:
    """Neither ciphertext nor wrapped key; the new ones and a planted old one are found by the same scan."""
    with real_room(tmp_path) as room:
        room.stage(photos=[*photos(room, 1, 2, 3), *photos(room, 1, sample=1)], top_up_to=6)
        old = distinct([envelope for row in rows_of(room) for envelope in row.sealed_templates])
        pieces = [len(range(0, len(one) - SCANNED_BYTES, SCANNED_BYTES)) for one in old]
        assert len(old) == 6
        assert [left_of(one, tmp_path) for one in old] == pieces
        reextract(room, [*photos(room, 1, 2, 3), *photos(room, 1, sample=1)])
        assert [left_of(one, tmp_path) for one in old] == [0] * 6
        new = distinct([envelope for row in rows_of(room) for envelope in row.sealed_templates])
        assert all(left_of(one, tmp_path) > 0 for one in new)
        (tmp_path / "data" / "canary").write_bytes(b"before" + old[2] + b"after")
        assert [left_of(one, tmp_path) > 0 for one in old] == [False, False, True, False, False, False]


def test_an_opt_out_while_it_is_under_way_leaves_nothing_of_either_generation(tmp_path: Path) -> None:
    """Whoever opts out by name is gone from what boards and from what is being made."""
    with real_room(tmp_path) as room:
        room.stage()
        reextract(room, photos(room, 1, 2))
        both = {row.passenger_ref: row.sealed_templates for row in rows_of(room)}["P0002"]
        both += {row.passenger_ref: row.sealed_templates for row in results_of(room)}["P0002"]
        mine = distinct(list(both))
        assert len(mine) == 2
        assert all(left_of(one, tmp_path) > 0 for one in mine)
        room.lane()(capture("c", opted_out=True, claims="P0002"), never)
        assert [left_of(one, tmp_path) for one in mine] == [0, 0]


def test_what_was_given_up_is_left_in_no_file(tmp_path: Path) -> None:
    """Beginning anew erases the templates of the unfinished run."""
    with real_room(tmp_path) as room:
        room.stage()
        reextract(room, photos(room, 1, 2))
        made = distinct([envelope for row in results_of(room) for envelope in row.sealed_templates])
        reextract(room, photos(room, 3), start_over=True)
        assert len(made) == 2
        assert [left_of(one, tmp_path) for one in made] == [0, 0]


def test_every_template_of_a_passenger_expires_with_the_others(tmp_path: Path) -> None:
    """Those of several photos, and those made anew, go with the key of the first deadline; nothing opens after it."""
    with real_room(tmp_path) as room:
        clock, camera = room.clock, Camera()
        citizen = [reference(1, camera(f"person=1 sample={sample}"), nationality="USA") for sample in range(2)]
        room.stage([traveller(1, nationality="USA"), traveller(2)], [*citizen, *photos(room, 2)])
        clock.forward(hours=6)
        reextract(room, [*citizen, *photos(room, 2)])
        assert room.open_gallery()(FLIGHT, pack_digest=NEW_PACK).gallery.size == 3
        mine = [envelope for row in rows_of(room) for envelope in row.sealed_templates if row.passenger_ref == "P0001"]
        assert len(mine) == 2
        clock.forward(hours=7)
        destroyed = erase_expired(
            store=room.store,
            vault=room.vault,
            rules=room.rules,
            registrar=room.registrar,
            clock=clock,
            actor=OPERATOR,
        )
        assert destroyed >= 1
        opened = room.open_gallery()(FLIGHT, pack_digest=NEW_PACK)
        assert (opened.gallery.passenger_refs, opened.expired) == (("P0002",), 1)
        clock.forward(days=20)
        with pytest.raises(RecordExpired):
            room.open_gallery()(FLIGHT, pack_digest=NEW_PACK)
