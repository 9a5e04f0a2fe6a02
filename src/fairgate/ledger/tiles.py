"""Tiles: the log's hashes and entries cut into files that never change once they are full.

A hash tile holds up to 256 consecutive hashes of one height; a tile of level *l* holds the roots of 256 full tiles of
level *l* - 1 each. An entry bundle holds the entries under one tile of level 0. The rightmost tile of a level is
*partial* until it is full; the one that replaces it begins with the same hashes.

Source: C2SP tlog-tiles, https://c2sp.org/tlog-tiles, sections Merkle Tree, Partial Tiles, Log entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fairgate.errors import LedgerFault
from fairgate.ledger.leaf import MAX_LEAF_BYTES
from fairgate.ledger.proofs import NodeHash
from fairgate.ledger.tree import HASH_BYTES

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63
LENGTH_BYTES = 2
"""Before each entry of a bundle stands its length, big-endian."""

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class HashTile:
    """Names a tile of hashes.

    Args:
        level: 0 for hashes of entries.
        index: of the tile in its level, from 0.
        width: hashes in it, 1 to 256.

    Raises:
        LedgerFault: there is no such tile.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MAX_LEVEL or self.index < 0 or not 1 <= self.width <= TILE_WIDTH:
            raise LedgerFault("There is no such tile.")

    @property
    def path(self) -> str:
        """Return where the tile is served, below the log's prefix."""
        return f"tile/{self.level}/{_spread(self.index, self.width)}"


@dataclass(frozen=True, slots=True)
class EntryBundle:
    """Names the entries under a tile of level 0.

    Args:
        index: the bundle begins with entry ``index * 256``.
        width: entries in it, 1 to 256.

    Raises:
        LedgerFault: there is no such bundle.
    """

    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if self.index < 0 or not 1 <= self.width <= TILE_WIDTH:
            raise LedgerFault("There is no such entry bundle.")

    @property
    def path(self) -> str:
        """Return where the bundle is served, below the log's prefix."""
        return f"tile/entries/{_spread(self.index, self.width)}"


ReadTile = Callable[[HashTile], bytes]
"""Returns a tile's bytes: of the width asked for, or of the full tile that has taken its place."""


def parse_path(path: str) -> HashTile | EntryBundle:
    """Return what is served at a path; every tile and bundle has exactly one path.

    Raises:
        LedgerFault: nothing is served there in any log.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        raise LedgerFault("This is the path of no tile.")
    level, spread, width_text = match.groups()
    index, width = int(spread.replace("x", "").replace("/", "")), int(width_text or TILE_WIDTH)
    named = EntryBundle(index, width) if level == "entries" else HashTile(int(level), index, width)
    if named.path != path:
        raise LedgerFault("This is the path of no tile.")
    return named


def hash_tiles(size: int, *, since: int = 0) -> Iterator[HashTile]:
    """Yield the tiles of a log of ``size`` entries, lowest level first, each as wide as that log fills it.

    Args:
        size: number of entries.
        since: leave out tiles that a log of so many entries already had at the same width.

    Raises:
        LedgerFault: not ``0 <= since <= size``.
    """
    if not 0 <= since <= size:
        raise LedgerFault("A log grows from a size that is not negative to one no smaller.")
    level, before, now = 0, since, size
    while now > before:
        for index in range(before // TILE_WIDTH, -(-now // TILE_WIDTH)):
            yield HashTile(level, index, min(TILE_WIDTH, now - index * TILE_WIDTH))
        level, before, now = level + 1, before // TILE_WIDTH, now // TILE_WIDTH


def entry_bundles(size: int, *, since: int = 0) -> Iterator[EntryBundle]:
    """Yield the bundles of a log of ``size`` entries; ``since`` as for :func:`hash_tiles`.

    Raises:
        LedgerFault: not ``0 <= since <= size``.
    """
    for tile in hash_tiles(size, since=since):
        if tile.level:
            return
        yield EntryBundle(tile.index, tile.width)


def tile_bytes(tile: HashTile, node: NodeHash) -> bytes:
    """Return a tile's content, from the hashes that a store keeps.

    Raises:
        LedgerFault: one of them is no hash.
    """
    start = tile.index * TILE_WIDTH
    content = b"".join(node(tile.level * TILE_HEIGHT, start + at) for at in range(tile.width))
    if len(content) != tile.width * HASH_BYTES:
        raise LedgerFault("A tile holds hashes of 32 bytes.")
    return content


def bundle_bytes(leaves: Sequence[bytes]) -> bytes:
    """Return a bundle's content: each entry after its length.

    Raises:
        LedgerFault: there are not 1 to 256 entries, or one is longer than a length can say.
    """
    if not 1 <= len(leaves) <= TILE_WIDTH:
        raise LedgerFault("A bundle holds 1 to 256 entries.")
    if any(len(leaf) > MAX_LEAF_BYTES for leaf in leaves):
        raise LedgerFault("A ledger entry is too long.")
    return b"".join(part for leaf in leaves for part in (len(leaf).to_bytes(LENGTH_BYTES, "big"), leaf))


def parse_bundle(content: bytes, width: int) -> tuple[bytes, ...]:
    """Return the entries of a bundle.

    Args:
        content: what :func:`bundle_bytes` returned.
        width: how many entries the bundle must hold.

    Raises:
        LedgerFault: the bytes are no bundle of that width.
    """
    leaves: list[bytes] = []
    at = 0
    while at < len(content):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(content[at:start], "big")
        if start > len(content) or at > len(content):
            raise LedgerFault("An entry bundle was cut short.")
        leaves.append(content[start:at])
    if not leaves or len(leaves) != width:
        raise LedgerFault("An entry bundle does not hold as many entries as its name says.")
    return tuple(leaves)


def _spread(index: int, width: int) -> str:
    """Return ``index`` in path elements of three digits, and the width where it is partial."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03}")
    return "/".join(reversed(parts)) + (f".p/{width}" if width < TILE_WIDTH else "")
