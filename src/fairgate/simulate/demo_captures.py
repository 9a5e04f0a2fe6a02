"""Lays out the demo's captures folder: photographs under names that carry no identity, and the special cases."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from fairgate.simulate.demo_photos import DemoPhotos
from fairgate.vocabulary import Traveller

LANE = "gate-1"
_SECONDS_BETWEEN_CAPTURES = 5


@dataclass(frozen=True, slots=True)
class _Walker:
    """Someone who walks up: what the camera saw, and what only the report may know."""

    case: str
    put_photo: Callable[[Path], object]
    document: str = ""
    claim: str = ""
    opted_out: bool = False


def document_key(traveller: Traveller) -> str:
    """Return ``ISSUER-NUMBER`` of a traveller's first document, as the tables name a passenger."""
    document = traveller.documents[0]
    return f"{document.issuer}-{document.number}"


def lay_out_captures(
    photos: DemoPhotos, passengers: dict[str, Traveller], folder: Path, *, first_at: datetime, seed: int
) -> tuple[Path, Path]:
    """Write the photographs, ``captures.csv`` and ``truth.csv``.

    Args:
        photos: the real photographs.
        passengers: subject key to the invented passenger who has that subject's face.
        folder: created; receives everything.
        first_at: aware time of the first capture; the others follow every few seconds.
        seed: of the order in which people walk up.

    Returns:
        The paths of ``captures.csv`` and ``truth.csv``.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    walkers = _ordinary(photos, passengers)
    random.Random(seed).shuffle(walkers)
    walkers += _special(photos, passengers)
    captures, truth = folder / "captures.csv", folder / "truth.csv"
    with (
        captures.open("w", newline="", encoding="utf-8") as seen,
        truth.open("w", newline="", encoding="utf-8") as known,
    ):
        seen_rows, known_rows = csv.writer(seen), csv.writer(known)
        seen_rows.writerow(("file", "lane", "time", "opted_out", "claim"))
        known_rows.writerow(("file", "document", "case"))
        for number, walker in enumerate(walkers, start=1):
            name = f"capture-{number:04d}.jpg"
            walker.put_photo(folder / name)
            moment = first_at + timedelta(seconds=_SECONDS_BETWEEN_CAPTURES * number)
            seen_rows.writerow(
                (name, LANE, moment.isoformat(timespec="seconds"), "yes" if walker.opted_out else "", walker.claim)
            )
            known_rows.writerow((name, walker.document, walker.case))
    return captures, truth


def _copy_of(photo: Path) -> Callable[[Path], object]:
    return lambda target: shutil.copyfile(photo, target)


def _ordinary(photos: DemoPhotos, passengers: dict[str, Traveller]) -> list[_Walker]:
    """Return everyone who walks up once: people with a reference, the same-photo pairs, and the strangers."""
    first_photo = dict(reversed(photos.mated))
    walkers = [_Walker("mated", _copy_of(photo), document_key(passengers[key])) for key, photo in first_photo.items()]
    walkers += [
        _Walker("same_photo", _copy_of(photo), document_key(passengers[key])) for key, photo in photos.same_photo
    ]
    return walkers + [_Walker("stranger", _copy_of(photo)) for photo in photos.strangers]


def _special(photos: DemoPhotos, passengers: dict[str, Traveller]) -> list[_Walker]:
    """Return the cases that a gate must get right; the last of them are people who board a second time."""
    key, photo = photos.mated[0]
    citizen_key = _citizen_without_capture(photos, passengers)
    citizen = document_key(passengers[citizen_key])
    own_photo = photos.references.get(citizen_key, photo)
    again = [pair for pair in photos.mated if pair[1] != dict(reversed(photos.mated))[pair[0]]] or [(key, photo)]
    return [
        _Walker("opted_out", _copy_of(own_photo), citizen, claim=citizen, opted_out=True),
        _Walker("no_face", _empty_wall),
        _Walker("several_faces", lambda target: _two_people(photos.strangers[0], target)),
        _Walker("blurred", lambda target: _blurred(photo, target), document_key(passengers[key])),
        *(_Walker("twice", _copy_of(other), document_key(passengers[subject])) for subject, other in again),
    ]


def _citizen_without_capture(photos: DemoPhotos, passengers: dict[str, Traveller]) -> str:
    """Return a citizen who does not walk up otherwise: with a reference where there is one, else without."""
    busy = {key for key, _ in photos.mated} | {key for key, _ in photos.same_photo}
    citizens = [key for key, traveller in passengers.items() if traveller.nationality == "USA" and key not in busy]
    return min(citizens, key=lambda key: key not in photos.references)


def _empty_wall(target: Path) -> None:
    shades = Image.linear_gradient("L").resize((480, 640))
    Image.merge("RGB", (shades, shades, shades)).save(target, quality=90)


def _two_people(photo: Path, target: Path) -> None:
    """Show one photo and its mirror image side by side: two faces of one size, whatever the photo's crop."""
    with Image.open(photo) as one:
        person = one.convert("RGB")
    scene = Image.new("RGB", (2 * person.width, person.height))
    scene.paste(person, (0, 0))
    scene.paste(ImageOps.mirror(person), (person.width, 0))
    scene.save(target, quality=90)


def _blurred(photo: Path, target: Path) -> None:
    with Image.open(photo) as sharp:
        soft = sharp.convert("RGB").filter(ImageFilter.GaussianBlur(max(sharp.size) / 60))
        soft.save(target, quality=90)
