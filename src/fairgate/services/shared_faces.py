"""What is said of two passengers whose references look like one person: which facts agree, and what that may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fairgate.papers.consistency import SignalCode, differences, plain_number, state
from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.names import NameAgreement, WrittenName, compare_names
from fairgate.vocabulary import OfficerReason, SeeOfficer, TravelDocument, Traveller


class PairKind(StrEnum):
    """What a pair of entries may be, by face and list alone; an officer finds out."""

    LISTED_TWICE = "listed_twice"
    SAME_PHOTO = "same_photo"
    POSSIBLE_RELATIVES = "possible_relatives"
    ONE_PERSON_TWO_IDENTITIES = "one_person_two_identities"


class Fact(StrEnum):
    """Facts of a list in which two entries may agree."""

    NAME = "name"
    FAMILY_NAME = "family_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    NATIONALITY = "nationality"
    ISSUER = "issuer"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class SharedFace:
    """Two passengers of one list whose references look like one person; both see an officer.

    Args:
        first: passenger reference, the smaller of the two as text.
        second: the other's.
        kind: what the pair may be.
        agree: facts in which both entries agree.
        differ: what they say differently; a fact that one of them does not give is in neither.
    """

    first: str
    second: str
    kind: PairKind
    agree: tuple[Fact, ...]
    differ: tuple[SignalCode, ...]

    @property
    def outcomes(self) -> tuple[SeeOfficer, SeeOfficer]:
        """Return the outcome of each of the two; never a refusal."""
        return self.outcome_for(self.first), self.outcome_for(self.second)

    def outcome_for(self, passenger_ref: str) -> SeeOfficer:
        """Return the outcome of one of the two."""
        return SeeOfficer(OfficerReason.SHARED_FACE, self.kind.value, passenger_ref)


def shared_face(one: Traveller, other: Traveller, *, one_photo: bool) -> SharedFace:
    """Compare two entries of a list whose faces are alike.

    A face does not tell twins apart, and siblings hardly: entries of one family name with one date of birth or one
    issuer are called possible relatives. That clears nobody; it says what an officer may find.

    Args:
        one: an entry.
        other: another.
        one_photo: their references are alike enough to be one photo.
    """
    first, second = sorted((one, other), key=lambda entry: entry.passenger_ref)
    agree, differ = compare_entries(first, second)
    return SharedFace(first.passenger_ref, second.passenger_ref, _kind(agree, one_photo=one_photo), agree, differ)


def compare_entries(one: Traveller, other: Traveller) -> tuple[tuple[Fact, ...], tuple[SignalCode, ...]]:
    """Return in what two entries agree, and what they say differently.

    Of several documents those are compared that differ least; a nationality that both have is an agreement.
    """
    ours, theirs = min(
        ((mine, yours) for mine in _documents(one) for yours in _documents(other)),
        key=lambda pair: len(differences(_facts(one, other, pair[0]), _facts(other, one, pair[1]))),
    )
    facts = _facts(one, other, ours), _facts(other, one, theirs)
    differ = tuple(dict.fromkeys(signal.code for signal in differences(*facts)))
    return _agreements(*facts), differ


def _kind(agree: Sequence[Fact], *, one_photo: bool) -> PairKind:
    if Fact.ISSUER in agree and Fact.NUMBER in agree:
        return PairKind.LISTED_TWICE
    if one_photo:
        return PairKind.SAME_PHOTO
    if Fact.FAMILY_NAME in agree and (Fact.BIRTH_DATE in agree or Fact.ISSUER in agree):
        return PairKind.POSSIBLE_RELATIVES
    return PairKind.ONE_PERSON_TWO_IDENTITIES


def _documents(entry: Traveller) -> tuple[TravelDocument | None, ...]:
    return entry.documents or (None,)


def _facts(entry: Traveller, other: Traveller, document: TravelDocument | None) -> DocumentFacts:
    theirs = {other.nationality, *other.further_nationalities}
    ours = [code for code in (entry.nationality, *entry.further_nationalities) if code]
    return DocumentFacts(
        Source.LIST,
        document_code=document.kind if document else "",
        issuer=document.issuer if document else "",
        number=document.number if document else "",
        family_name=entry.family_name,
        given_names=entry.given_names,
        nationality=min((code for code in ours if code in theirs), default=entry.nationality),
        born=PartialDate.of(entry.born_on) if entry.born_on else None,
        sex=entry.sex,
        expires_on=document.expires_on if document else None,
    )


def _agreements(one: DocumentFacts, other: DocumentFacts) -> tuple[Fact, ...]:
    names = WrittenName(one.family_name, one.given_names), WrittenName(other.family_name, other.given_names)
    holds = {
        Fact.NAME: _same_name(*names),
        Fact.FAMILY_NAME: _same_name(WrittenName(one.family_name), WrittenName(other.family_name)),
        Fact.BIRTH_DATE: one.born is not None and one.born == other.born,
        Fact.SEX: one.sex == other.sex and one.sex in {"F", "M"},
        Fact.NATIONALITY: _same(state(one.nationality), state(other.nationality)),
        Fact.ISSUER: _same(state(one.issuer), state(other.issuer)),
        Fact.NUMBER: _same(plain_number(one.number), plain_number(other.number)),
    }
    return tuple(fact for fact in Fact if holds[fact])


def _same(ours: str, theirs: str) -> bool:
    return bool(ours) and ours == theirs


def _same_name(one: WrittenName, other: WrittenName) -> bool:
    agreement = compare_names(one, other).agreement
    return not agreement.differs and agreement is not NameAgreement.NOT_COMPARABLE
