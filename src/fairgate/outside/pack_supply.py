"""Where the parts of a pack come from when it is added: its file, and the model files that the file names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fairgate.errors import PackFormRefused, PackModelMissing, PackRefused
from fairgate.face.pack import ModelFile
from fairgate.outside.pack_catalogue import CatalogueModel, recipe, recipe_names
from fairgate.outside.pack_download import Progress, download
from fairgate.outside.pack_files import read_model
from fairgate.outside.private_folder import make_private_folder

Supply = Callable[[ModelFile], bytes]
"""From what a pack says of a model file to its bytes, whose size and digest agree with it."""

_LARGEST_PACK_FILE_BYTES = 4_000_000


def pack_text(what: str) -> str:
    """Return the text of a pack file that ships with Fairgate as a recipe, or lies anywhere.

    Args:
        what: a recipe's name, or the path of a pack file.

    Raises:
        PackRefused: it is neither.
        PackFormRefused: the file is not text, or far too large to be a pack's.
    """
    if what in recipe_names():
        return recipe(what)
    path = Path(what)
    if not path.is_file():
        raise PackRefused(
            f"{what} is neither a pack that Fairgate knows how to add nor a file.",
            way_out=f"Known: {', '.join(recipe_names())}.",
        )
    try:
        if path.stat().st_size > _LARGEST_PACK_FILE_BYTES:
            raise PackFormRefused(f"{path.name} is too large for a pack's file.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise PackFormRefused(f"{path.name} cannot be read as text.") from cause


def from_folder(folder: Path) -> Supply:
    """Return a supply of the model files in a folder, at the place that the pack names or directly in it."""

    def supply(model: ModelFile) -> bytes:
        for path in (folder / model.file, folder / Path(model.file).name):
            if path.is_file():
                return read_model(model, path.parent, name=path.name)
        raise PackModelMissing(
            f"The model file {Path(model.file).name} is not in {folder}.",
            way_out="Put it there, or leave --models out where it can be downloaded.",
        )

    return supply


def from_catalogue(known: Mapping[str, CatalogueModel], kept: Path, progress: Progress) -> Supply:
    """Return a supply that downloads what a catalogue knows by digest.

    Args:
        known: the catalogue, by SHA-256.
        kept: folder of what has arrived so far; made with mode 700.
        progress: told how far each file is.
    """

    def supply(model: ModelFile) -> bytes:
        entry = known.get(model.sha256)
        if entry is None:
            raise PackModelMissing(
                f"Where to download {Path(model.file).name} from is not known.",
                way_out="Name a folder that holds it with --models.",
            )
        part = make_private_folder(kept) / f"{model.sha256}.part"
        return download(entry.location, part, size_bytes=model.size_bytes, sha256=model.sha256, progress=progress)

    return supply


def first_of(*supplies: Supply) -> Supply:
    """Return a supply that asks one after the other until one has the file."""

    def supply(model: ModelFile) -> bytes:
        for one in supplies[:-1]:
            try:
                return one(model)
            except PackModelMissing:
                continue
        return supplies[-1](model)

    return supply
