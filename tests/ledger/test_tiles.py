"""Tiles and bundles: names, contents, and a log read back from them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import LedgerFault
from fairgate.ledger.proofs import consistency_proof, inclusion_proof
from fairgate.ledger.tiled_tree import TiledTree
from fairgate.ledger.tiles import (
    EntryBundle,
    HashTile,
    ReadTile,
    bundle_bytes,
    entry_bundles,
    hash_tiles,
    parse_bundle,
    parse_path,
    tile_bytes,
)
from fairgate.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from fairgate.verifier import verify_consistency, verify_inclusion

LARGEST = 70_000
"""The size of the worked example in C2SP tlog-tiles, section Partial Tiles."""


Grown = tuple[dict[tuple[int, int], bytes], dict[int, bytes]]
"""Every node of a log, and its roots at some sizes."""


def _grown() -> Grown:
    frontier, nodes, roots = Frontier(), dict[tuple[int, int], bytes](), {0: EMPTY_ROOT}
    for number in range(LARGEST):
        frontier, new = frontier.grow(leaf_hash(number.to_bytes(3, "big")))
        nodes |= {(node.level, node.index): node.hash for node in new}
        if number < 700 or number + 1 in (65_535, 65_536, 65_537, 65_792, LARGEST):
            roots[number + 1] = frontier.root()
    return nodes, roots


@pytest.fixture(scope="module")
def log() -> Grown:
    """Every node of a log, and its roots at some sizes."""
    return _grown()


def served(nodes: dict[tuple[int, int], bytes], asked: list[HashTile] | None = None) -> ReadTile:
    """Return a reader of the tiles that a log with these nodes serves."""

    def read(tile: HashTile) -> bytes:
        if asked is not None:
            asked.append(tile)
        return tile_bytes(tile, lambda level, index: nodes[level, index])

    return read


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (HashTile(0, 0), "tile/0/000"),
        (HashTile(0, 0, 1), "tile/0/000.p/1"),
        (HashTile(0, 999), "tile/0/999"),
        (HashTile(1, 1000, 255), "tile/1/x001/000.p/255"),
        (HashTile(2, 1_234_067), "tile/2/x001/x234/067"),
        (HashTile(63, 1_234_067, 8), "tile/63/x001/x234/067.p/8"),
        (EntryBundle(0), "tile/entries/000"),
        (EntryBundle(1_234_067, 8), "tile/entries/x001/x234/067.p/8"),
    ],
)
def test_names_are_written_as_specified(name: HashTile | EntryBundle, path: str) -> None:
    """Index 1 234 067 is the specification's own example."""
    assert name.path == path
    assert parse_path(path) == name


names = st.one_of(
    st.builds(HashTile, st.integers(0, 63), st.integers(0, 2**55), st.integers(1, 256)),
    st.builds(EntryBundle, st.integers(0, 2**55), st.integers(1, 256)),
)


@settings(deadline=None)
@given(names)
def test_every_name_is_read_back(name: HashTile | EntryBundle) -> None:
    """A path names one tile or bundle."""
    assert parse_path(name.path) == name


@settings(deadline=None)
@given(names, names)
def test_no_two_names_share_a_path(one: HashTile | EntryBundle, other: HashTile | EntryBundle) -> None:
    """Paths differ where names differ, and none is a folder that another lies in as a file."""
    assert (one.path == other.path) == (one == other)
    assert not other.path.startswith(one.path + "/")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/8/0/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x000/000",
        "tile/0/x000/x001/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000/.p/1",
        "/tile/0/000",
        "tile/0/000 ",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/../000",
        pytest.param("tile/0/" + "x999/" * 2000 + "999", id="endless"),
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    """What could be written otherwise, or names nothing, is no path: a cache or file system sees one name a tile."""
    with pytest.raises(LedgerFault):
        parse_path(path)


@pytest.mark.parametrize(("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_impossible_tiles_are_refused(level: int, index: int, width: int) -> None:
    """Level, index and width have bounds."""
    with pytest.raises(LedgerFault):
        HashTile(level, index, width)
    if level == 0:
        with pytest.raises(LedgerFault):
            EntryBundle(index, width)


def test_the_specifications_example() -> None:
    """70 000 entries: 273 full tiles and one of 112 at level 0; a full one and one of 17 above; one of 1 at the top."""
    tiles = list(hash_tiles(70_000))
    assert tiles[:273] == [HashTile(0, index) for index in range(273)]
    assert tiles[273:] == [HashTile(0, 273, 112), HashTile(1, 0), HashTile(1, 1, 17), HashTile(2, 0, 1)]
    assert [tile.path for tile in hash_tiles(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(hash_tiles(0)) == []
    assert list(entry_bundles(300)) == [EntryBundle(0), EntryBundle(1, 44)]


@settings(deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 3000))
def test_growing_writes_what_is_new(since: int, more: int) -> None:
    """What a log had and what growth adds is what the larger log has, apart from partial tiles that were replaced."""
    size = since + more
    had, new, has = set(hash_tiles(since)), set(hash_tiles(size, since=since)), set(hash_tiles(size))
    assert new == has - had
    assert all(tile.width < 256 for tile in had - has)
    assert set(entry_bundles(size, since=since)) == set(entry_bundles(size)) - set(entry_bundles(since))


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_partial_widths_are_those_of_the_specification(size: int) -> None:
    """The partial tile of a level has floor(s / 256**l) mod 256 hashes."""
    widths = {tile.level: tile.width for tile in hash_tiles(size, since=max(size - 1, 0)) if tile.width < 256}
    level = 0
    while size >> 8 * level:
        assert widths.get(level, 0) in (0, (size >> 8 * level) % 256)
        level += 1
    assert not size % 256 or widths[0] == size % 256


def test_growth_backwards_is_refused() -> None:
    """A log does not shrink."""
    with pytest.raises(LedgerFault):
        list(hash_tiles(3, since=4))
    with pytest.raises(LedgerFault):
        list(entry_bundles(3, since=-1))


def test_a_tile_is_the_hashes_of_its_height(log: Grown) -> None:
    """A hash at level 1 is the root of a full tile at level 0, as is one at level 2 of level 1."""
    nodes, roots = log
    read = served(nodes)
    for tile in hash_tiles(LARGEST):
        content = read(tile)
        assert len(content) == 32 * tile.width
        if tile.level:
            row = read(HashTile(tile.level - 1, tile.index * 256))
            hashes = [row[at : at + 32] for at in range(0, len(row), 32)]
            while len(hashes) > 1:
                hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
            assert content[:32] == hashes[0]
    assert read(HashTile(2, 0, 1)) == roots[65_536]


@settings(max_examples=150, deadline=None)
@given(size=st.integers(1, 700) | st.sampled_from([65_535, 65_536, 65_537, 65_792, LARGEST]), data=st.data())
def test_proofs_from_tiles_are_those_of_the_tree(log: Grown, size: int, data: st.DataObject) -> None:
    """Root, inclusion and consistency are the same hashes, and hold; only tiles of that size are asked for."""
    nodes, roots = log
    asked: list[HashTile] = []
    tree = TiledTree(size, served(nodes, asked))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.sampled_from([known for known in roots if 0 < known <= size]))
    assert tree.root() == roots[size]
    inclusion, consistency = tree.inclusion_proof(index), tree.consistency_proof(old)
    assert inclusion == inclusion_proof(index, size, lambda level, at: nodes[level, at])
    assert consistency == consistency_proof(old, size, lambda level, at: nodes[level, at])
    assert verify_inclusion(tree.node(0, index), index, size, inclusion, roots[size])
    assert verify_consistency(old, size, roots[old], roots[size], consistency)
    assert set(asked) <= set(hash_tiles(size))
    assert len(asked) == len(set(asked))


def test_a_full_tile_may_stand_for_a_partial_one(log: Grown) -> None:
    """Partial tiles may be deleted once the full one is there, which begins with the same hashes."""
    nodes, roots = log
    read = served(nodes)
    tree = TiledTree(300, lambda tile: read(HashTile(tile.level, tile.index)) if tile.level == 0 else read(tile))
    assert tree.root() == roots[300]


@pytest.mark.parametrize("cut", [lambda content: content[:-1], lambda content: content + bytes(32), lambda _: b""])
def test_a_tile_of_another_length_is_refused(log: Grown, cut: Callable[[bytes], bytes]) -> None:
    """A tile cut short is a fault, not a shorter proof."""
    nodes, _ = log
    read = served(nodes)
    with pytest.raises(LedgerFault):
        TiledTree(300, lambda tile: cut(read(tile))).inclusion_proof(299)


def test_an_altered_tile_gives_a_proof_that_convinces_nobody(log: Grown) -> None:
    """Whichever bit of a tile is changed, a proof that uses it does not lead to the signed root."""
    nodes, roots = log
    read = served(nodes)
    for at in range(0, 255 * 32, 37):

        def altered(tile: HashTile, at: int = at) -> bytes:
            content = bytearray(read(tile))
            if tile == HashTile(0, 0):
                content[at] ^= 1
            return bytes(content)

        proof = TiledTree(700, altered).inclusion_proof(255)
        assert not verify_inclusion(nodes[0, 255], 255, 700, proof, roots[700])


def test_a_log_has_no_subtree_beyond_its_size(log: Grown) -> None:
    """Nodes over entries that the log does not hold are refused, without asking for a tile."""
    nodes, _ = log
    asked: list[HashTile] = []
    tree = TiledTree(300, served(nodes, asked))
    assert tree.size == 300
    for level, index in [(0, 300), (8, 1), (9, 0), (-1, 0), (0, -1)]:
        with pytest.raises(LedgerFault):
            tree.node(level, index)
    assert not asked
    assert TiledTree(0, served(nodes)).root() == EMPTY_ROOT
    with pytest.raises(LedgerFault):
        TiledTree(-1, served(nodes))


def test_a_store_that_lost_a_hash_serves_no_tile() -> None:
    """A tile is not written with a gap in it."""
    with pytest.raises(LedgerFault):
        tile_bytes(HashTile(0, 0, 3), lambda _level, index: b"" if index == 1 else bytes(32))


leaves = st.lists(st.binary(max_size=40), min_size=1, max_size=256)


@settings(deadline=None)
@given(leaves)
def test_a_bundle_is_read_back(entries: list[bytes]) -> None:
    """Entries come back as they were, and each has its length before it."""
    content = bundle_bytes(entries)
    assert parse_bundle(content, len(entries)) == tuple(entries)
    assert content == b"".join(chain.from_iterable((len(leaf).to_bytes(2, "big"), leaf) for leaf in entries))


@settings(deadline=None)
@given(leaves, st.data())
def test_a_bundle_cut_short_or_misnamed_is_refused(entries: list[bytes], data: st.DataObject) -> None:
    """Any truncation, and any other number of entries than the name says."""
    content = bundle_bytes(entries)
    with pytest.raises(LedgerFault):
        parse_bundle(content[: data.draw(st.integers(0, len(content) - 1))], len(entries))
    with pytest.raises(LedgerFault):
        parse_bundle(content, data.draw(st.integers(1, 256).filter(lambda width: width != len(entries))))


@settings(deadline=None)
@given(st.binary(max_size=600), st.integers(1, 256))
def test_any_bytes_are_a_bundle_or_refused(content: bytes, width: int) -> None:
    """What is read as a bundle is written the same again."""
    try:
        entries = parse_bundle(content, width)
    except LedgerFault:
        return
    assert bundle_bytes(entries) == content


@pytest.mark.parametrize("entries", [[], [b""] * 257, [bytes(65_536)]])
def test_what_no_bundle_holds_is_refused(entries: list[bytes]) -> None:
    """No entry, too many, or one too long for 16 bits."""
    with pytest.raises(LedgerFault):
        bundle_bytes(entries)


def test_the_longest_entry_fits() -> None:
    """65 535 bytes, and an empty entry beside it."""
    entries = (bytes(65_535), b"")
    assert parse_bundle(bundle_bytes(entries), 2) == entries
