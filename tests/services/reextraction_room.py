"""A staged flight whose gallery changes its pack: an engine of another pack, and the photos of the staging again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from boarding_fakes import FakeDecoder, FakeEngine, vector_of
from boarding_parts import FLIGHT, OPERATOR, reference
from boarding_room import Room

from fairgate.face.pipeline import Extracted, Extraction
from fairgate.services.enrol_reference import ReferencePhoto
from fairgate.services.faces import FaceReader
from fairgate.services.records import PassengerRecord, ReextractedPassenger
from fairgate.services.reextract_gallery import ReextractGallery
from fairgate.services.reextraction_report import ReextractionReport
from fairgate.vocabulary import Features

NEW_PACK = hashlib.sha256(b"a second pack").hexdigest()


class SecondEngine(FakeEngine):
    """Another pack: features of another length, and nobody is found in what the text calls old-fashioned."""

    def extract(self, *given: Any, **named: Any) -> Extraction:
        found = super().extract(*given, **named)
        if not isinstance(found, Extracted):
            return found
        person, sample = (int(word.partition("=")[2]) for word in self.seen[-1].split()[:2])
        return replace(found, features=Features(NEW_PACK, vector_of(person + 5000, sample)))


def photos(room: Room, *persons: int, sample: int = 0) -> list[ReferencePhoto]:
    """Return the photos of some passengers as they were staged."""
    return [reference(person, room.camera(f"person={person} sample={sample}")) for person in persons]


def reextract(room: Room, given: Sequence[ReferencePhoto] | None = None, **otherwise: Any) -> ReextractionReport:
    """Change the gallery to the second pack; everybody's photo is given unless told otherwise."""
    engine = SecondEngine()
    change = ReextractGallery(
        store=room.store,
        vault=room.vault,
        faces=FaceReader(
            decoder=FakeDecoder(), engine=engine, timer=room.timer, smallest_probe_px=80, smallest_reference_px=80
        ),
        rules=room.rules,
        registrar=room.registrar,
        open_gallery=room.open_gallery(),
        clock=room.clock,
        entropy=room.entropy,
        actor=OPERATOR,
    )
    asked: dict[str, Any] = {"pack_digest": NEW_PACK} | otherwise
    try:
        return change(FLIGHT, photos(room, *range(1, room.passengers + 1)) if given is None else given, **asked)
    finally:
        room.engine.seen.extend(f"second: {text}" for text in engine.seen)


def rows_of(room: Room) -> Sequence[PassengerRecord]:
    """Return the gallery in force."""
    with room.store.reading() as transaction:
        return transaction.passengers(FLIGHT)


def results_of(room: Room) -> Sequence[ReextractedPassenger]:
    """Return what a change of pack has made so far."""
    with room.store.reading() as transaction:
        return transaction.reextracted(FLIGHT)
