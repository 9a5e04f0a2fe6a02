"""The parts of a rulebook, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fairgate.vocabulary import Direction, LaneKind, Modality, Status


class RuleStatus(StrEnum):
    """How far a rule has come; only one in force, on its dates, ever applies."""

    PLANNED = "planned"
    PROPOSED = "proposed"
    IN_FORCE = "in force"
    DROPPED = "dropped"
    REPEALED = "repealed"


class Ask(StrEnum):
    """What a rule asks of those it is about."""

    REQUIRED = "required"
    VOLUNTARY = "voluntary"
    NOT_ASKED = "not asked"


PROTECTION = {Ask.NOT_ASKED: 0, Ask.VOLUNTARY: 1, Ask.REQUIRED: 2}
"""Lower protects more: where it is open who somebody is, the lowest reading applies."""

ANY_PORT = "any"
ELSEWHERE = "elsewhere"
"""In a rule's ports: every port that the rulebook names nowhere."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Where something in a rulebook comes from.

    Args:
        citation: the text it rests on; never empty.
        text_checked: somebody compared it with the cited text itself.
        note: what was compared with what, or why it could not be; never empty where ``text_checked`` is false.
    """

    citation: str
    text_checked: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a rule is about.

    Args:
        statuses: of citizens, nationals, permanent residents and aliens; the unknown have the most protective reading.
        age_from: youngest age in whole years, inclusive.
        age_to: oldest age in whole years, inclusive; ``None`` for no limit.
        exempt: identifiers of exemptions whose holders are not asked.
    """

    statuses: tuple[Status, ...]
    age_from: int = 0
    age_to: int | None = None
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated rule.

    Args:
        id: stable identifier, recorded with everything that the rule decides.
        status: how far it has come.
        directions: which ways of crossing it is about.
        lanes: which kinds of place.
        ports: location codes, or ``"any"``, or ``"elsewhere"``.
        modalities: which biometrics.
        who: which people.
        ask: what is asked of them.
        basis: what it rests on.
        effective_from: first day; ``None`` only for a rule that is not in force.
        effective_to: last day; ``None`` for no end.
        line: where in the text it begins.
    """

    id: str
    status: RuleStatus
    directions: tuple[Direction, ...]
    lanes: tuple[LaneKind, ...]
    ports: frozenset[str]
    modalities: tuple[Modality, ...]
    who: Who
    ask: Ask
    basis: Basis
    effective_from: date | None = None
    effective_to: date | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Whose citizens the rulebook protects as its own.

    Args:
        codes: nationality and issuer codes that stand for the state.
        citizen_document_kinds: beginnings of document codes; such a document, issued by the state, is only given to its
            citizens.
        national_codes: nationality codes of those who are its nationals and not its citizens.
        resident_document_kinds: beginnings of document codes; such a document, issued by the state, is only given to
            its permanent residents, and goes before the citizens' where both begin alike.
        basis: what it rests on.
        member_document_kinds: beginnings of document codes that only members of a programme of trusted travellers hold.
    """

    codes: frozenset[str]
    citizen_document_kinds: tuple[str, ...]
    basis: Basis
    national_codes: frozenset[str] = frozenset()
    resident_document_kinds: tuple[str, ...] = ()
    member_document_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PortSet:
    """Ports that rules name together.

    Args:
        id: stable identifier.
        ports: location codes.
        basis: what it rests on.
    """

    id: str
    ports: frozenset[str]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Exemption:
    """A class of people whom rules may leave out.

    An exemption holds for whoever is known to hold it, and for everybody of whom all that is stated here is true. Where
    nothing is stated it has to be known.

    Args:
        id: stable identifier.
        words: who they are, by language.
        basis: what it rests on.
        nationalities: codes, one of which must be the person's; empty for any.
        visa_classes: classes, one of which must be the person's, ``""`` among them for no class known; empty for any.
        statuses: one of which may be the person's; empty for any.
        on_waiver: the person must, or must not, be known to travel under a waiver of the visa; ``None`` for either.
        trusted_traveller: the person must, or must not, be known as a member; ``None`` for either.
    """

    id: str
    words: Mapping[str, str]
    basis: Basis
    nationalities: frozenset[str] = frozenset()
    visa_classes: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    on_waiver: bool | None = None
    trusted_traveller: bool | None = None

    @property
    def states_something(self) -> bool:
        """Whether the exemption can be recognised without being claimed."""
        return bool(
            self.nationalities
            or self.visa_classes
            or self.statuses
            or self.on_waiver is not None
            or self.trusted_traveller is not None
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """For whom and when a rulebook promises an answer: there, gaps and overlaps are refused.

    Args:
        first_day: from when.
        last_day: until when; ``None`` for no end.
        directions: which ways of crossing.
        lanes: which kinds of place.
        modalities: which biometrics.
        line: where in the text it begins.
    """

    first_day: date
    last_day: date | None
    directions: tuple[Direction, ...]
    lanes: tuple[LaneKind, ...]
    modalities: tuple[Modality, ...]
    line: int | None = None
