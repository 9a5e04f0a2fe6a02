"""Where the demo's real photographs come from: the project's shared portraits, or a pinned package of the registry.

The people are real public officials, photographed for the public. Their names play no part: a photo is known here by
the subject's key in its source, and everything else about a demo passenger is invented.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from fairgate.errors import InputRefused
from fairgate.outside.portrait_files import read_portraits

DATA_VARIABLE = "FAIRGATE_DATA"

# Source: the source distribution of face_recognition 1.3.0 (MIT licence); its tests/test_images hold official portraits
# of two United States public officials. Checked 2026-11-22.
_PACKAGE = "face_recognition"
_VERSION = "1.3.0"
_SHA256 = "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec"
_FOLDER = f"{_PACKAGE}-{_VERSION}/tests/test_images/"
_PACKAGED_REFERENCE = "obama.jpg"
_PACKAGED_MATED = ("obama2.jpg", "obama3.jpg", "32bit.png", "obama_partial_face.jpg", "obama_partial_face2.jpg")
_PACKAGED_STRANGER = "biden.jpg"


@dataclass(frozen=True, slots=True)
class DemoPhotos:
    """The photographs of one demo.

    Args:
        source: one sentence saying where they come from.
        references: subject key to reference photo.
        mated: (subject key, photo) of people who have a reference, another photo each.
        same_photo: (subject key, photo) whose photo is the reference's own, reported apart.
        strangers: photos of people without a reference.
    """

    source: str
    references: dict[str, Path]
    mated: tuple[tuple[str, Path], ...]
    same_photo: tuple[tuple[str, Path], ...]
    strangers: tuple[Path, ...]


def find_photos(data: Path | None, download_to: Path) -> DemoPhotos:
    """Return the shared portraits where they exist, else the packaged photographs.

    Args:
        data: folder that holds ``portraits/``; ``None`` to look at ``FAIRGATE_DATA`` and beside the project.
        download_to: where the package is put if it must be downloaded.

    Raises:
        InputRefused: a folder was named and holds no portraits, or the package cannot be had.
    """
    named = data or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    if named is not None:
        if not (named / "portraits" / "pairs.csv").is_file():
            raise InputRefused(
                f"No portraits/pairs.csv in {named}.", way_out=f"Name another folder with --data or {DATA_VARIABLE}."
            )
        return _portraits(named / "portraits")
    beside = Path.cwd().parent / "shared" / "data"
    if (beside / "portraits" / "pairs.csv").is_file():
        return _portraits(beside / "portraits")
    return _packaged(download_to)


def _portraits(folder: Path) -> DemoPhotos:
    found = read_portraits(folder)
    references = {one.subject: one.path for one in found.files if one.older}
    probes = {one.subject: one.path for one in found.files if not one.older}
    return DemoPhotos(
        source=(
            f"{len(references)} official portraits of 2014 as references and {len(probes)} of 2024 as captures, "
            "public domain (US Government works)"
        ),
        references=references,
        mated=tuple((key, probes[key]) for key in sorted(references.keys() & probes.keys() - found.same_photo)),
        same_photo=tuple((key, probes[key]) for key in sorted(found.same_photo)),
        strangers=tuple(path for key, path in probes.items() if key not in references),
    )


def _packaged(download_to: Path) -> DemoPhotos:
    archive = download_to / f"{_PACKAGE}-{_VERSION}.tar.gz"
    if not _is_the_pinned_one(archive):
        _download(archive)
    folder = download_to / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    names = (_PACKAGED_REFERENCE, *_PACKAGED_MATED, _PACKAGED_STRANGER)
    with tarfile.open(archive, "r:gz") as package:
        for name in names:
            member = package.extractfile(_FOLDER + name)
            if member is None:
                raise InputRefused(f"The package {_PACKAGE} {_VERSION} holds no {name}.")
            with (folder / name).open("wb") as target:
                shutil.copyfileobj(member, target)
    return DemoPhotos(
        source=f"the photographs inside the source distribution of {_PACKAGE} {_VERSION} (MIT licence): two people",
        references={"official": folder / _PACKAGED_REFERENCE},
        mated=tuple(("official", folder / name) for name in _PACKAGED_MATED),
        same_photo=(),
        strangers=(folder / _PACKAGED_STRANGER,),
    )


def _is_the_pinned_one(archive: Path) -> bool:
    return archive.is_file() and hashlib.sha256(archive.read_bytes()).hexdigest() == _SHA256


def _download(archive: Path) -> None:
    """Fetch the pinned source distribution with pip, from whichever registry pip is configured to use."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    wanted = archive.parent / "photos-requirement.txt"
    wanted.write_text(f"{_PACKAGE}=={_VERSION} --hash=sha256:{_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-binary", ":all:", "--require-hashes", "--dest", str(archive.parent), "--requirement", str(wanted)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0 or not _is_the_pinned_one(archive):
        raise InputRefused(
            f"The photographs of {_PACKAGE} {_VERSION} could not be downloaded with pip.",
            way_out=f"Check the package registry, install pip here, or set {DATA_VARIABLE} to a folder of portraits.",
        )
