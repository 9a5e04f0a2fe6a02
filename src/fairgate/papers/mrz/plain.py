"""What a machine-readable zone says, in plain values that JSON can hold: facts, fields as printed, check digits."""

from __future__ import annotations

from fairgate.papers.document_facts import DocumentFacts
from fairgate.papers.mrz.alphabet import check_digit
from fairgate.papers.mrz.facts import MrzRead
from fairgate.papers.mrz.formats import CODE, FORMATS, ISSUER, Place
from fairgate.papers.mrz.protected import Protected, Standing, composite_field, protected_fields
from fairgate.papers.plain_values import Plain


def plain_zone(read: MrzRead) -> Plain:
    """Return a zone's kind, facts, fields as they stand, and each check digit with what it should be."""
    layout, lines = FORMATS[read.kind], read.lines
    places: dict[str, Place | None] = {
        "document code": CODE,
        "issuer": ISSUER,
        "name": layout.name,
        "document number": layout.number,
        "nationality": layout.nationality,
        "date of birth": layout.born,
        "sex": layout.sex,
        "date of expiry": layout.expires,
        "optional data": layout.optional,
        "further optional data": layout.further_optional,
    }
    composite = composite_field(layout)
    under_check = (*protected_fields(layout, lines), *((composite,) if composite is not None else ()))
    return {
        "format": read.kind.value,
        "check_digits_hold": read.check_digits_hold,
        **plain_document(read.facts),
        "lines": list(lines),
        "fields": [
            {"field": name, "as_printed": place.of(lines), "where": place.where}
            for name, place in places.items()
            if place is not None
        ],
        "check_digits": [_check_digit(field, lines) for field in under_check],
    }


def plain_document(facts: DocumentFacts) -> Plain:
    """Return a document's facts; what is not given is left out."""
    told: dict[str, object] = {
        "document_code": facts.document_code,
        "issuer": facts.issuer,
        "number": facts.number,
        "family_name": facts.family_name,
        "given_names": facts.given_names,
        "nationality": facts.nationality,
        "born": str(facts.born) if facts.born is not None else "",
        "sex": facts.sex,
        "expires_on": facts.expires_on.isoformat() if facts.expires_on is not None else "",
        "optional": facts.optional,
        "further_optional": facts.further_optional,
    }
    kept = {name: value for name, value in told.items() if value}
    if facts.name_may_be_truncated:
        kept["name_may_be_truncated"] = True
    return kept


def _check_digit(field: Protected, lines: tuple[str, ...]) -> Plain:
    data = "".join(place.of(lines) for place in field.data)
    return {
        "field": field.name,
        "given": field.check.of(lines),
        "computed": check_digit(data),
        "holds": field.standing(lines) is Standing.HOLDS,
        "where": field.check.where,
    }
