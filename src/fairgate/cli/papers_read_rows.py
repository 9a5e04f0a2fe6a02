"""One row of a table for a person of a list, for a certificate, and the words of any value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Row = dict[str, object]
_NAMES = ("family_name", "given_names", "born_on", "sex", "nationality", "further_nationalities")
_IN_COLUMNS = {"place", "role", *_NAMES, "documents", "visas", "flags", "embarks_at", "disembarks_at"}


def person_row(person: Mapping[str, object]) -> Row:
    """Return the row of one person of a passenger list; what has no column is told by :func:`person_more`."""
    nationalities = [person.get("nationality", ""), *_items(person.get("further_nationalities"))]
    names = [words(person.get("family_name")), words(person.get("given_names"))]
    journey = [str(person.get(end, "")) for end in ("embarks_at", "disembarks_at")]
    return {
        "#": person.get("place"),
        "role": words(person.get("role")).replace("_", " "),
        "name": ", ".join(one for one in names if one),
        "born": words(person.get("born_on")),
        "sex": words(person.get("sex")),
        "nation": " ".join(str(one) for one in nationalities if one),
        "documents": "; ".join(_document(one) for one in _items(person.get("documents"))),
        "visas": "; ".join(_document(one) for one in _items(person.get("visas"))),
        "journey": "-".join(journey) if any(journey) else "",
        "flags": words(person.get("flags")).replace("_", " "),
    }


def person_more(person: Mapping[str, object]) -> Row:
    """Return the row of what else a list says of a person; empty where that is nothing."""
    more = {name: value for name, value in person.items() if name not in _IN_COLUMNS}
    return {"#": person.get("place"), "facts": words(more)} if more else {}


def leg_row(leg: Mapping[str, object]) -> Row:
    """Return the row of one leg of a flight."""
    return {
        "flight": leg.get("flight"),
        "from": leg.get("departs_from"),
        "departs": _minute(leg.get("departure")),
        "to": leg.get("arrives_at"),
        "arrives": _minute(leg.get("arrival")),
        "crosses border": words(leg.get("crosses_border")),
    }


def certificate_row(certificate: Mapping[str, object]) -> Row:
    """Return the row of one certificate."""
    return {
        "country": certificate.get("country"),
        "kind": words(certificate.get("kind")).replace("_", " "),
        "subject": certificate.get("subject"),
        "valid from": words(certificate.get("valid_from"))[:10],
        "valid until": words(certificate.get("valid_until"))[:10],
        "key": certificate.get("key"),
        "signed with": certificate.get("signed_with"),
        "sha256": certificate.get("sha256"),
    }


def words(value: object) -> str:
    """Return a value in words; nothing for what is not given."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        told = ((str(name).replace("_", " "), words(one)) for name, one in value.items())
        return ", ".join(f"{name} {one}" for name, one in told if one)
    if isinstance(value, Sequence) and not isinstance(value, str):
        simple = all(not isinstance(one, Mapping) for one in value)
        return (", " if simple else "; ").join(words(one) for one in value)
    return str(value)


def _minute(moment: object) -> str:
    return words(moment).replace("T", " ")[: len("2026-11-22 09:00")]


def _document(document: object) -> str:
    if not isinstance(document, Mapping):
        return words(document)
    said = " ".join(str(document[name]) for name in ("kind", "number", "issuer") if document.get(name))
    return f"{said} until {document['expires_on']}" if document.get("expires_on") else said


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
