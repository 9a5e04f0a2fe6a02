"""The reference of the ledger's format names every reason and status, and its examples are what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

from fairgate.ledger.add_checkpoint import MAX_PROOF_LINES
from fairgate.ledger.checkpoint import parse_checkpoint
from fairgate.ledger.cosignature import cosigned_message
from fairgate.ledger.gaps import GapReason
from fairgate.ledger.signed_note import MAX_NOTE_BYTES, MAX_SIGNATURES, parse_note
from fairgate.ledger.tiles import HashTile, hash_tiles
from fairgate.ledger.witness_state import HTTP_STATUS, SIZE_CONTENT_TYPE

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "ledger-format.md"
TEXT = REFERENCE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```text\n(.*?)```", TEXT, flags=re.DOTALL)


def test_every_refusal_of_a_witness_is_documented_with_its_status() -> None:
    """In the order in which they are tested."""
    rows = re.findall(r"^\| `(\w+)` \| (\d{3}) \|", TEXT, flags=re.MULTILINE)
    assert [(reason, int(status)) for reason, status in rows] == [(str(key), code) for key, code in HTTP_STATUS.items()]
    assert SIZE_CONTENT_TYPE in TEXT


def test_every_reason_against_a_range_is_documented() -> None:
    """No reason is missing, and none is left over."""
    section = TEXT.partition("## Proofs")[2].partition("## Cosignatures")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE) == [str(reason) for reason in GapReason]


def test_the_examples_are_read() -> None:
    """The note is a checkpoint, and the cosigned message is made from it."""
    note, message = EXAMPLES
    text = parse_note(note.encode()).text
    assert parse_checkpoint(text).size == 20_852_163
    assert cosigned_message(text, 1_679_315_147) == message.encode()


def test_the_figures_are_those_of_the_code() -> None:
    """Bounds, the path of a tile and the tiles of the worked example."""
    for figure in (f"{MAX_NOTE_BYTES:,}".replace(",", " "), f"{MAX_SIGNATURES} signatures", f"{MAX_PROOF_LINES} at"):
        assert figure in TEXT
    assert HashTile(0, 1_234_067).path.removeprefix("tile/0/") in TEXT
    partial = [tile for tile in hash_tiles(70_000) if tile.width < 256]
    assert [(tile.level, tile.width) for tile in partial] == [(0, 112), (1, 17), (2, 1)]
