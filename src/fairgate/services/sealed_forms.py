"""The plaintext forms of what the vault seals: a listed traveller as JSON, a template as bytes.

A template is ``FGTPL2``, the pack's digest (32 bytes), a random key (32) and the HMAC-SHA-256 of its reference photo's
bytes under that key (32), then the features as little-endian float32. A distractor, which has no photo, has zeros for
both. Templates sealed before there were generations are the features alone; their length tells the two apart.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from fairgate.errors import PackMismatch, VaultFault
from fairgate.services.bookings import Booking, ListedLeg
from fairgate.vocabulary import Features, Photo, Template, TravelDocument, Traveller

PROOF_KEY_BYTES = 32
_DIGEST_BYTES = 32
_MAGIC = b"FGTPL2"
_FEATURES_AT = len(_MAGIC) + _DIGEST_BYTES + PROOF_KEY_BYTES + _DIGEST_BYTES


@dataclass(frozen=True, slots=True)
class PhotoProof:
    """Says of a photo whether it is, byte for byte, the one that a template was made of; it says nothing else.

    The key is random for each template, so that two sealed templates of one photo have nothing in common.

    Args:
        key: 32 random bytes.
        mac: HMAC-SHA-256 of the photo's encoded bytes.
    """

    key: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    @classmethod
    def of(cls, photo: Photo, key: bytes) -> PhotoProof:
        """Return the proof of a photo under a key."""
        with photo.open() as content:
            return cls(key, hmac.digest(key, content, "sha256"))

    def proves(self, photo: Photo) -> bool:
        """Say whether this is the photo."""
        return hmac.compare_digest(PhotoProof.of(photo, self.key).mac, self.mac)


def traveller_to_bytes(traveller: Traveller, bookings: Sequence[Booking] = ()) -> bytes:
    """Return a traveller's listed facts, and what they are booked on, as JSON."""
    value = {
        "passenger_ref": traveller.passenger_ref,
        "family_name": traveller.family_name,
        "given_names": traveller.given_names,
        "born_on": traveller.born_on.isoformat() if traveller.born_on else None,
        "sex": traveller.sex,
        "nationality": traveller.nationality,
        "documents": [
            [document.kind, document.number, document.issuer, document.expires_on and document.expires_on.isoformat()]
            for document in traveller.documents
        ],
        "further_nationalities": list(traveller.further_nationalities),
        "visa_class": traveller.visa_class,
        "on_waiver": traveller.on_waiver,
        "trusted_traveller": traveller.trusted_traveller,
        "bookings": [
            [
                one.flight,
                [[*leg[:3], leg.departs_on and leg.departs_on.isoformat()] for leg in one.legs],
                one.reservation,
                one.seat,
            ]
            for one in bookings
        ],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def traveller_from_bytes(content: bytes) -> Traveller:
    """Return the traveller that :func:`traveller_to_bytes` wrote.

    Raises:
        VaultFault: the content is of another form.
    """
    try:
        value = json.loads(content)
        return Traveller(
            passenger_ref=value["passenger_ref"],
            family_name=value["family_name"],
            given_names=value["given_names"],
            born_on=_date(value["born_on"]),
            sex=value["sex"],
            nationality=value["nationality"],
            documents=tuple(
                TravelDocument(kind, number, issuer, _date(expires_on))
                for kind, number, issuer, expires_on in value["documents"]
            ),
            further_nationalities=tuple(value["further_nationalities"]),
            # Travellers sealed before these were known have none of them.
            visa_class=value.get("visa_class", ""),
            on_waiver=value.get("on_waiver", False),
            trusted_traveller=value.get("trusted_traveller", False),
        )
    except (ValueError, KeyError, TypeError) as fault:
        raise VaultFault("A sealed traveller is not of the form expected.") from fault


def bookings_from_bytes(content: bytes) -> tuple[Booking, ...]:
    """Return the bookings that :func:`traveller_to_bytes` wrote; none of travellers sealed before these were kept.

    Raises:
        VaultFault: the content is of another form.
    """
    try:
        return tuple(
            Booking(flight, tuple(_leg(*leg) for leg in legs), reservation, seat)
            for flight, legs, reservation, seat in json.loads(content).get("bookings", [])
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as fault:
        raise VaultFault("A sealed traveller is not of the form expected.") from fault


def template_to_bytes(features: Features, proof: PhotoProof | None = None) -> bytes:
    """Return the bytes of a template: its pack, the proof of its photo unless it has none, and its features."""
    nothing = bytes(PROOF_KEY_BYTES), bytes(_DIGEST_BYTES)
    key, mac = (proof.key, proof.mac) if proof is not None else nothing
    return b"".join((_MAGIC, bytes.fromhex(features.pack_digest), key, mac, features.vector.astype("<f4").tobytes()))


def template_from_bytes(content: bytes, *, passenger_ref: str, pack_digest: str) -> Template:
    """Return the template that :func:`template_to_bytes` wrote.

    Raises:
        VaultFault: the content is of another form, or the features are not finite.
        PackMismatch: it was made with another pack.
    """
    vector_bytes = content
    if content.startswith(_MAGIC) and len(content) % 4 == _FEATURES_AT % 4:
        if content[len(_MAGIC) :][:_DIGEST_BYTES] != bytes.fromhex(pack_digest):
            raise PackMismatch("A sealed template was made with another pack than its gallery.")
        vector_bytes = content[_FEATURES_AT:]
    if not vector_bytes or len(vector_bytes) % 4:
        raise VaultFault("A sealed template is not of the form expected.")
    vector = np.frombuffer(vector_bytes, dtype="<f4").astype(np.float32)
    if not np.isfinite(vector).all():
        raise VaultFault("A sealed template is not of the form expected.")
    return Template(passenger_ref, Features(pack_digest, vector))


def proof_from_bytes(content: bytes) -> PhotoProof | None:
    """Return the proof of the photo that a template was made of, or ``None`` where it was sealed without one."""
    if not content.startswith(_MAGIC) or len(content) % 4 != _FEATURES_AT % 4:
        return None
    key_at = len(_MAGIC) + _DIGEST_BYTES
    key, mac = content[key_at : key_at + PROOF_KEY_BYTES], content[key_at + PROOF_KEY_BYTES : _FEATURES_AT]
    return PhotoProof(key, mac) if any(key) else None


def _leg(carrier: str, flight_number: str, departs_from: str, departs_on: str | None) -> ListedLeg:
    return ListedLeg(carrier, flight_number, departs_from, _date(departs_on))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
