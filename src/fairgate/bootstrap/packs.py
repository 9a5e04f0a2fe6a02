"""Wires what is asked of packs beyond their files: adding one, and which flights were staged with one."""

from __future__ import annotations

from pathlib import Path

from fairgate.bootstrap.places import DATABASE
from fairgate.config import Settings
from fairgate.outside.pack_catalogue import catalogue
from fairgate.outside.pack_store import AddedPack, add_pack
from fairgate.outside.pack_supply import Supply, first_of, from_catalogue, from_folder, pack_text
from fairgate.services.ports import Progress
from fairgate.services.records import Reextraction
from fairgate.store.sqlite import SqliteStore

DOWNLOADS = "downloads"


def add(settings: Settings, what: str, models: Path | None, *, download: bool, progress: Progress) -> AddedPack:
    """Add a pack to the folder in the settings.

    Args:
        settings: name the folder and the cache.
        what: a recipe's name, or the path of a pack's TOML file.
        models: folder that holds the model files.
        download: whether those that are not in it, or all where none is named, may be downloaded.
        progress: told in bytes while a file is downloaded.

    Raises:
        PackRefused: as :func:`fairgate.outside.pack_store.add_pack`.
    """
    supplies: list[Supply] = [from_folder(models)] if models is not None else []
    if download or not supplies:
        supplies.append(from_catalogue(catalogue(), settings.cache_dir / DOWNLOADS, progress))
    return add_pack(pack_text(what), first_of(*supplies), settings.packs_dir, settings.cache_dir)


def _on_its_way_to(under_way: Reextraction | None) -> str | None:
    return under_way.pack_digest if under_way is not None else None


def flights_staged_with(settings: Settings, pack_digest: str) -> tuple[str, ...]:
    """Return the keys of the flights whose gallery is made with a pack, or on its way to it; none without a database.

    Raises:
        StoreRefused, StoreFault: the database cannot be read.
    """
    path = settings.data_dir / DATABASE
    if not path.is_file():
        return ()
    store = SqliteStore.open(path)
    try:
        with store.reading() as transaction:
            return tuple(
                one.flight_key
                for one in transaction.flights()
                if pack_digest in {one.pack_digest, _on_its_way_to(transaction.reextraction(one.flight_key))}
            )
    finally:
        store.close()
