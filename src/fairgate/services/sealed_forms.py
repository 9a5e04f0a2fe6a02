"""The plaintext forms of what the vault seals: a listed traveller as JSON, a template as little-endian float32."""

from __future__ import annotations

import json
from datetime import date

import numpy as np

from fairgate.errors import VaultFault
from fairgate.vocabulary import Features, Template, TravelDocument, Traveller


def traveller_to_bytes(traveller: Traveller) -> bytes:
    """Return a traveller's listed facts as JSON."""
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
        )
    except (ValueError, KeyError, TypeError) as fault:
        raise VaultFault("A sealed traveller is not of the form expected.") from fault


def template_to_bytes(features: Features) -> bytes:
    """Return the feature vector's bytes: float32, little-endian."""
    return features.vector.astype("<f4").tobytes()


def template_from_bytes(content: bytes, *, passenger_ref: str, pack_digest: str) -> Template:
    """Return the template whose vector :func:`template_to_bytes` wrote.

    Raises:
        VaultFault: the content is no whole number of float32 values, or not finite.
    """
    if not content or len(content) % 4:
        raise VaultFault("A sealed template is not of the form expected.")
    vector = np.frombuffer(content, dtype="<f4").astype(np.float32)
    if not np.isfinite(vector).all():
        raise VaultFault("A sealed template is not of the form expected.")
    return Template(passenger_ref, Features(pack_digest, vector))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
