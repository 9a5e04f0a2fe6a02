"""A log read from its tiles: root, proofs and entries' hashes, for whoever holds only what is served.

Nothing read from a tile is believed because it was read. A proof made here convinces nobody before it leads to a root
that a checkpoint signs: ``fairgate.verifier`` checks it.

Source: C2SP tlog-tiles, https://c2sp.org/tlog-tiles, section Merkle Tree.
"""

from __future__ import annotations

from functools import lru_cache

from fairgate.errors import LedgerFault
from fairgate.ledger.proofs import consistency_proof, inclusion_proof, root_at
from fairgate.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, HashTile, ReadTile
from fairgate.ledger.tree import HASH_BYTES, node_hash

TILES_REMEMBERED = 64
"""Half a megabyte; one proof of a log of a billion entries reads eight at most."""


class TiledTree:
    """A log of ``size`` entries; only tiles that a log of that size has are asked for.

    Args:
        size: of a checkpoint, since partial tiles are kept for no other sizes.
        read_tile: returns a tile's bytes; what it raises is passed on.

    Raises:
        LedgerFault: ``size`` is negative.
    """

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        if size < 0:
            raise LedgerFault("A log has no negative size.")
        self._size = size
        self._read_tile = read_tile
        self._tile = lru_cache(TILES_REMEMBERED)(self._read)

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return self._size

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect subtree over entries from ``index * 2 ** level``.

        Raises:
            LedgerFault: the log has no such subtree, or a tile is not as long as it should be.
        """
        if level < 0 or index < 0 or (index + 1) << level > self._size:
            raise LedgerFault("The log has no such subtree.")
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        content = self._tile(tile_level, first // TILE_WIDTH)
        start = first % TILE_WIDTH
        row = [content[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(start, start + (1 << height))]
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        return row[0]

    def root(self) -> bytes:
        """Return the root that the tiles give."""
        return root_at(self._size, self.node)

    def inclusion_proof(self, index: int) -> tuple[bytes, ...]:
        """Return the hashes that lead from an entry to the root.

        Raises:
            LedgerFault: the log has no such entry, or a tile is not as long as it should be.
        """
        return inclusion_proof(index, self._size, self.node)

    def consistency_proof(self, old_size: int) -> tuple[bytes, ...]:
        """Return the hashes that show the log to begin with the log of ``old_size`` entries.

        Raises:
            LedgerFault: not ``0 < old_size <= size``, or a tile is not as long as it should be.
        """
        return consistency_proof(old_size, self._size, self.node)

    def _read(self, level: int, index: int) -> bytes:
        filled = (self._size >> TILE_HEIGHT * level) - index * TILE_WIDTH
        tile = HashTile(level, index, min(TILE_WIDTH, filled))
        content = self._read_tile(tile)
        if len(content) not in (tile.width * HASH_BYTES, TILE_WIDTH * HASH_BYTES):
            raise LedgerFault("A tile is not as long as its name says.")
        return content
