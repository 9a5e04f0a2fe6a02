"""The reference of passenger lists is complete: every finding and every field of the forms is documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from fairgate.papers.boarding_pass.facts import PassFinding
from fairgate.papers.findings import FindingCode
from fairgate.papers.paxlst.details import (
    Address,
    BagTag,
    ContactNumber,
    DocumentIssue,
    Indicator,
    PersonDetails,
    Reference,
    Remark,
)
from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, Role
from fairgate.papers.paxlst.form import FORM
from fairgate.vocabulary import TravelDocument, Traveller

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "passenger-lists.md").read_text(encoding="utf-8")


def test_every_finding_is_documented() -> None:
    """Each code of lists, answers and boarding passes stands in a table."""
    for code in (*FindingCode, *PassFinding):
        assert f"`{code.value}`" in TEXT, code


def test_every_field_of_the_forms_is_documented() -> None:
    """Each field of each object, the roles and the form's name."""
    kinds = (MessageFacts, FlightLeg, ListedPerson, Traveller, TravelDocument, PersonDetails, Address, BagTag)
    for kind in (*kinds, ContactNumber, DocumentIssue, Indicator, Reference, Remark):
        for field in fields(kind):
            if field.name not in ("traveller", "passenger_ref"):
                assert f"`{field.name}`" in TEXT, f"{kind.__name__}.{field.name}"
    assert all(f"`{role.value}`" in TEXT for role in Role)
    assert FORM in TEXT
