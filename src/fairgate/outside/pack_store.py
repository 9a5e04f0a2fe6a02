"""Put packs into the user's folder and take them out again: checked first, and there whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fairgate.errors import PackConflict, PackFormRefused, PackRefused
from fairgate.face.pack import ModelFile, Pack, read_pack
from fairgate.face.pack_trial import try_pack
from fairgate.face.pipeline import Pipeline
from fairgate.outside.model_cache import Convert
from fairgate.outside.pack_files import InstalledPack, is_packaged, load_models, open_pack, read_model
from fairgate.outside.pack_supply import Supply
from fairgate.outside.private_folder import one_at_a_time, write_whole

PACK_FILE = "pack.toml"

Try = Callable[[InstalledPack], None]

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_ADDING, _REMOVING = ".adding-", ".removing-"


class AddedState(StrEnum):
    """What adding did."""

    ADDED = "added"
    THERE = "already there"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class AddedPack:
    """A pack after it was added.

    Args:
        installed: as it can be opened now.
        state: what adding did.
        files: names of the model files that were written.
    """

    installed: InstalledPack
    state: AddedState
    files: tuple[str, ...]


def add_pack(text: str, supply: Supply, packs_dir: Path, cache_dir: Path, convert: Convert | None = None) -> AddedPack:
    """Add a pack: check every model, run it once, and only then let it be seen.

    Adding what is there already changes nothing, or mends model files that are missing or damaged.

    Args:
        text: of the pack's TOML file.
        supply: where model files come from; those of an installed distribution stay there.
        packs_dir: where added packs lie.
        cache_dir: Fairgate's cache.
        convert: for tests; see :func:`fairgate.outside.pack_files.load_models`.

    Raises:
        PackFormRefused, CalibrationOfAnotherPack: the pack's file is not as it must be.
        PackConflict: another pack of that name is there.
        PackModelMissing, PackDigestMismatch, PackDownload: a model file is not to be had, or is another.
        PackModelFormat, PackModelExternal, PackModelOperators: a model cannot be used.
        PackModelShape, PackFeatureLength: a model takes or gives other than the pack says.
        PackRefused: the folder cannot be written.
    """
    pack = read_pack(text)
    if not _NAME.fullmatch(pack.id):
        raise PackFormRefused(f"The name {pack.id} is not made of small letters, digits, dots and dashes.")
    if is_packaged(pack.id):
        raise PackConflict(f"A pack {pack.id} is part of Fairgate.", way_out="Give yours another id.")
    target = packs_dir / pack.id

    def tried(installed: InstalledPack) -> None:
        try_pack(Pipeline(installed.pack, load_models(installed, cache_dir, convert)))

    try:
        with _alone(packs_dir):
            if target.exists():
                return _mend(pack, text, supply, target, tried)
            return _put(pack, text, supply, target, tried)
    except OSError as cause:
        raise PackRefused(f"The folder {packs_dir} cannot be written.", way_out="Set packs_dir to another.") from cause


def remove_pack(name: str, packs_dir: Path) -> Path:
    """Remove a pack that was added, models and all.

    Returns:
        The folder it was in.

    Raises:
        PackConflict: it is part of Fairgate.
        PackRefused: there is no such pack, or its folder cannot be changed.
    """
    if is_packaged(name):
        raise PackConflict(f"The pack {name} is part of Fairgate and stays.", way_out="Choose another with --pack.")
    target = packs_dir / name
    if not _NAME.fullmatch(name) or not (target / PACK_FILE).is_file():
        raise PackRefused(f"There is no pack {name!r}.", way_out="`fairgate packs list` names those there are.")
    try:
        with _alone(packs_dir):
            gone = Path(tempfile.mkdtemp(prefix=_REMOVING, dir=packs_dir))
            target.rename(gone / name)
            shutil.rmtree(gone)
    except OSError as cause:
        raise PackRefused(f"The folder {target} cannot be removed.", way_out="Look at who owns it.") from cause
    return target


def _put(pack: Pack, text: str, supply: Supply, target: Path, tried: Try) -> AddedPack:
    staging = Path(tempfile.mkdtemp(prefix=_ADDING, dir=target.parent))
    try:
        files = tuple(_write(model, supply, staging) for model in _beside(pack))
        write_whole(staging / PACK_FILE, text.encode())
        tried(InstalledPack(pack, staging))
        staging.rename(target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return AddedPack(open_pack(pack.id, target.parent), AddedState.ADDED, files)


def _mend(pack: Pack, text: str, supply: Supply, target: Path, tried: Try) -> AddedPack:
    try:
        same = (target / PACK_FILE).read_bytes() == text.encode()
    except OSError:
        same = False
    if not same:
        raise PackConflict(
            f"Another pack is in {target}; its file differs from the one to be added.",
            way_out=f"`fairgate packs remove {pack.id}` first, or give yours another id.",
        )
    files = []
    for model in _beside(pack):
        try:
            read_model(model, target)
        except PackRefused:
            files.append(_write(model, supply, target))
    installed = InstalledPack(pack, target)
    tried(installed)
    return AddedPack(installed, AddedState.REPAIRED if files else AddedState.THERE, tuple(files))


def _beside(pack: Pack) -> list[ModelFile]:
    """Return the models that lie beside the pack's file, each once."""
    by_file = {model.file: model for model in pack.models().values() if not model.distribution}
    for model in pack.models().values():
        if not model.distribution and by_file[model.file].sha256 != model.sha256:
            raise PackFormRefused(f"Two stages name {model.file} with different digests.")
        if model.file == PACK_FILE:
            raise PackFormRefused(f"A model file may not be called {PACK_FILE}.")
    return list(by_file.values())


def _write(model: ModelFile, supply: Supply, folder: Path) -> str:
    """Write one model file; the supply has checked it, and trying the pack reads it back and checks it again."""
    place = folder / model.file
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, supply(model))
    return model.file


@contextmanager
def _alone(packs_dir: Path) -> Iterator[None]:
    """Keep others from adding and removing, and clear away what a process that died left behind."""
    packs_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with one_at_a_time(packs_dir / ".lock"):
        for prefix in (_ADDING, _REMOVING):
            for left in packs_dir.glob(f"{prefix}*"):
                shutil.rmtree(left)
        yield
