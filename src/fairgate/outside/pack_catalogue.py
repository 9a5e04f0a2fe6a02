"""What ships with Fairgate beside its pack: recipes of packs whose models lie elsewhere, and where models are found."""

from __future__ import annotations

import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from fairgate.errors import PackFormRefused
from fairgate.face.pack_table import Table

CATALOGUE = "catalogue"
"""Name, without its suffix, of the one file among the packaged packs that is none."""

_LARGEST_FILE_BYTES = 2**32


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """A model that can be downloaded.

    Args:
        name: short name.
        file: name of the file.
        location: https address.
        sha256: of the file's bytes, hex.
        size_bytes: of the file.
        licence: SPDX identifier.
        established: how the others are known, in words.
    """

    name: str
    file: str
    location: str
    sha256: str
    size_bytes: int
    licence: str
    established: str


def recipe_names() -> tuple[str, ...]:
    """Return the names of the packs that `packs add` knows how to put together, sorted."""
    names = (entry.name for entry in _face("recipes").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def recipe(name: str) -> str:
    """Return the text of a recipe's pack file; the name is one of :func:`recipe_names`."""
    return _face("recipes").joinpath(f"{name}.toml").read_text("utf-8")


def catalogue() -> Mapping[str, CatalogueModel]:
    """Return the models that can be downloaded, by SHA-256."""
    return read_catalogue(_face("packs").joinpath(f"{CATALOGUE}.toml").read_text("utf-8"))


def read_catalogue(text: str) -> Mapping[str, CatalogueModel]:
    """Read a catalogue.

    Returns:
        By SHA-256.

    Raises:
        PackFormRefused: it is not TOML, a key is missing or wrong, or a location is not an https address.
    """
    try:
        top = Table(tomllib.loads(text), "")
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        raise PackFormRefused("The catalogue is not a TOML file.", way_out="Install Fairgate again.") from cause
    top.integer("schema", 1, 1)
    found: dict[str, CatalogueModel] = {}
    for table in top.tables("model"):
        model = CatalogueModel(
            name=table.text("name"),
            file=table.relative_path("file"),
            location=table.text("location"),
            sha256=table.sha256("sha256"),
            size_bytes=table.integer("size_bytes", 1, _LARGEST_FILE_BYTES),
            licence=table.text("licence"),
            established=table.text("established"),
        )
        table.end()
        if not model.location.startswith("https://"):
            raise table.refuse("location", "must be an https address")
        if model.sha256 in found:
            raise table.refuse("sha256", "occurs twice")
        found[model.sha256] = model
    top.end()
    return found


def _face(folder: str) -> importlib.resources.abc.Traversable:
    return importlib.resources.files("fairgate.face").joinpath(folder)
