"""From reference photos to sealed templates: whose photo is whose, what the engine makes of it, how it is sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from fairgate.errors import EngineFault, ImageRefused
from fairgate.face.pipeline import Extracted, NoFace, PoorImage, SeveralFaces
from fairgate.services.bookings import Listed
from fairgate.services.faces import FaceReader
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Vault
from fairgate.services.records import FlightRecord
from fairgate.services.sealed_forms import PhotoProof, template_to_bytes, traveller_to_bytes
from fairgate.vocabulary import Features, Photo, RecordClass, Status, Traveller

MOST_PHOTOS = 5
"""Reference photos that one passenger may have.

A search compares with every template, and a threshold is calibrated for how many there are: with 5 a flight of 200
stays within a gallery of 1000, the largest that the shipped packs have records for. More of one face adds little.
"""


@dataclass(frozen=True, slots=True)
class ReferencePhoto:
    """A reference photo and the passenger it is said to show.

    Args:
        label: how a finding names it, e.g. the table's line; no personal data.
        issuer: state that issued the passenger's document.
        number: the document's number.
        read: lends the photo when its turn comes; raises ``ImageRefused``.
        taken_on: day on which it was taken, or its document was issued, where that is known.
    """

    label: str
    issuer: str
    number: str
    read: Callable[[], Photo] = field(repr=False)
    taken_on: date | None = None


@dataclass(frozen=True, slots=True)
class Usable:
    """What a template is made of."""

    features: Features
    proof: PhotoProof


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a photo gave no template: a stable reason."""

    reason: str


def match_photos(
    travellers: Sequence[Traveller], photos: Sequence[ReferencePhoto]
) -> tuple[Mapping[str, Sequence[ReferencePhoto]], list[str]]:
    """Join photos to passengers by document, in the order given; photos of nobody listed become findings.

    A document that several passengers share, as an infant does a parent's, does not say whose face its photo shows:
    enrolling it would board one of them under the other's name.
    """
    holders: dict[tuple[str, str], set[str]] = {}
    for traveller in travellers:
        for document in traveller.documents:
            holders.setdefault((document.issuer, document.number), set()).add(traveller.passenger_ref)
    photos_of: dict[str, list[ReferencePhoto]] = {}
    findings = []
    for photo in photos:
        holding = holders.get((photo.issuer, photo.number), set())
        if not holding:
            findings.append(f"photo_not_listed: {photo.label} belongs to nobody on the list")
        elif len(holding) > 1:
            findings.append(f"photo_of_shared_document: {photo.label} could show any of {len(holding)} passengers")
        else:
            photos_of.setdefault(next(iter(holding)), []).append(photo)
    return photos_of, findings


def within_bound(
    photos_of: Mapping[str, Sequence[ReferencePhoto]],
) -> tuple[Mapping[str, Sequence[ReferencePhoto]], list[str]]:
    """Return the first :data:`MOST_PHOTOS` of everybody; those beyond become findings and stay closed."""
    findings = [
        f"photo_beyond_bound: {photo.label} is one more than the {MOST_PHOTOS} photos that a passenger may have"
        for photos in photos_of.values()
        for photo in photos[MOST_PHOTOS:]
    ]
    return {passenger_ref: photos[:MOST_PHOTOS] for passenger_ref, photos in photos_of.items()}, findings


def read_reference(
    faces: FaceReader, photo: ReferencePhoto, prove: Callable[[Photo], PhotoProof | Unusable]
) -> Usable | Unusable:
    """Return what the engine makes of a photo; one bad photo keeps nobody else from being enrolled.

    Args:
        faces: decodes and extracts.
        photo: read and erased here.
        prove: looks at the photo's bytes first; where it answers why not, the photo is not decoded.
    """
    try:
        content = photo.read()
        try:
            proof = prove(content)
            if isinstance(proof, Unusable):
                return proof
            extraction = faces.read_reference(content)
        finally:
            content.erase()
    except ImageRefused as refused:
        return Unusable(f"image_{refused.reason}")
    except EngineFault:
        return Unusable("engine_fault")
    return Usable(extraction.features, proof) if isinstance(extraction, Extracted) else _unusable(extraction)


def _unusable(extraction: NoFace | SeveralFaces | PoorImage) -> Unusable:
    match extraction:
        case NoFace():
            return Unusable("no_face")
        case SeveralFaces():
            return Unusable("several_faces")
        case PoorImage(component=component):
            return Unusable(f"poor_image_{component}")


class SealReferences:
    """Seals what staging and a change of pack keep of a passenger.

    Args:
        vault: seals.
        rules: says how long a record lives.
    """

    def __init__(self, vault: Vault, rules: LaneRules) -> None:
        self._vault = vault
        self._rules = rules

    def templates(
        self,
        flight: FlightRecord,
        passenger_ref: str,
        made: Sequence[tuple[Features, PhotoProof | None]],
        *,
        generation: int,
        status: Status,
        since: datetime,
        exempt: bool = False,
        no_later_than: datetime | None = None,
    ) -> tuple[bytes, ...]:
        """Return one envelope for each template.

        Args:
            flight: whose gallery.
            passenger_ref: whose templates.
            made: features, with the proof of their photo unless they are a distractor's.
            generation: of the gallery.
            status: decides the deadline.
            since: from when the deadline counts.
            exempt: the rules of the day do not ask this person at all.
            no_later_than: a deadline that stands already, as after a correction.

        Raises:
            RecordExpired: the deadline has passed already.
        """
        erase_by = self._rules.erase_by(RecordClass.TEMPLATE, status, since, exempt=exempt)
        if no_later_than is not None:
            erase_by = min(erase_by, no_later_than)
        return tuple(
            self._record(
                flight,
                f"{passenger_ref}/{generation}.{number}",
                template_to_bytes(features, proof),
                RecordClass.TEMPLATE,
                erase_by,
            )
            for number, (features, proof) in enumerate(made, start=1)
        )

    def template_until(
        self, flight: FlightRecord, passenger_ref: str, number: int, content: bytes, erase_by: datetime
    ) -> bytes:
        """Return a new envelope around the bytes of a template in force, until another deadline.

        Raises:
            RecordExpired: the deadline has passed already.
        """
        name = f"{passenger_ref}/{flight.generation}.{number}"
        return self._record(flight, name, content, RecordClass.TEMPLATE, erase_by)

    def listed(
        self,
        flight: FlightRecord,
        listed: Listed,
        *,
        status: Status,
        since: datetime,
        exempt: bool = False,
        no_later_than: datetime | None = None,
    ) -> bytes:
        """Return the envelope around somebody's listed facts.

        Raises:
            RecordExpired: the deadline has passed already.
        """
        erase_by = self._rules.erase_by(RecordClass.PASSENGER_LIST, status, since, exempt=exempt)
        return self.listed_until(flight, listed, erase_by if no_later_than is None else min(erase_by, no_later_than))

    def listed_until(self, flight: FlightRecord, listed: Listed, erase_by: datetime) -> bytes:
        """Return the same until a given deadline.

        Raises:
            RecordExpired: the deadline has passed already.
        """
        content = traveller_to_bytes(listed.traveller, listed.bookings)
        return self._record(flight, listed.traveller.passenger_ref, content, RecordClass.PASSENGER_LIST, erase_by)

    def _record(
        self, flight: FlightRecord, name: str, content: bytes, record_class: RecordClass, erase_by: datetime
    ) -> bytes:
        return self._vault.seal(
            content,
            record_class=record_class,
            record_id=f"{flight.flight_key}/{name}",
            crossing_id=flight.flight_key,
            erase_by=erase_by,
        )
