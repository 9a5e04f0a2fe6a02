"""Frozen types that more than one part speaks of.

Words follow ISO/IEC 2382-37 (biometrics) and ICAO Doc 9303 (travel documents). Nothing here does I/O, reads a clock or
draws randomness.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, NoReturn

from fairgate.errors import PhotoIsSealed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# --- Who and where ------------------------------------------------------------------------------------------------


class ActorKind(StrEnum):
    """The kinds of party that can cause something to happen."""

    SYSTEM = "system"
    LANE = "lane"
    OFFICER = "officer"
    OPERATOR = "operator"
    PARTNER = "partner"
    TRAVELLER = "traveller"
    OVERSEER = "overseer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is answerable for an action; written into every ledger entry.

    Args:
        kind: what sort of party it is.
        id: its opaque identifier, never a person's name, e.g. ``"gate-b22"``.
    """

    kind: ActorKind
    id: str

    def __str__(self) -> str:
        """Return ``kind:id``, the form the ledger uses."""
        return f"{self.kind}:{self.id}"


class Direction(StrEnum):
    """Which way a border is crossed."""

    ENTRY = "entry"
    EXIT = "exit"


class LaneKind(StrEnum):
    """The kinds of place where a face may be compared."""

    BOARDING = "boarding"
    ARRIVAL = "arrival"
    PEDESTRIAN = "pedestrian"
    VEHICLE = "vehicle"
    OFFICER_PHONE = "officer_phone"
    TRAVELLER_PHONE = "traveller_phone"
    SEA = "sea"


class Modality(StrEnum):
    """The biometric modalities a rule may speak of."""

    PHOTOGRAPH = "photograph"
    FINGERPRINTS = "fingerprints"


class Status(StrEnum):
    """A traveller's standing towards the state whose rulebook applies.

    ``NATIONAL`` owes allegiance without being a citizen, ``ALIEN`` is any alien who is not known to be a permanent
    resident, and ``UNKNOWN`` gets the protective reading of all others.
    """

    CITIZEN = "citizen"
    NATIONAL = "national"
    PERMANENT_RESIDENT = "permanent_resident"
    ALIEN = "alien"
    UNKNOWN = "unknown"


class Guardian(StrEnum):
    """Whether somebody answerable for a child stands beside it; ``UNKNOWN`` where nobody has looked, as at staging."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class AgeBand(StrEnum):
    """The bands of age that a lane tells apart; a rulebook says where they end."""

    CHILD = "child"
    ADULT = "adult"
    OLDER = "older"


class RecordClass(StrEnum):
    """Classes of records; each has a deadline, which the rulebook sets."""

    PHOTO = "photo"
    TEMPLATE = "template"
    REFERENCE = "reference"
    PASSENGER_LIST = "passenger_list"
    CHIP_DATA = "chip_data"
    CROSSING = "crossing"
    CASE = "case"


# --- Travellers and claims ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """A travel document as a passenger list names it.

    Args:
        kind: document code of ICAO Doc 9303 or UN/EDIFACT 1001, e.g. ``"P"``.
        number: as printed.
        issuer: three-letter code of the issuing state or organisation.
        expires_on: last day of validity, where given.
    """

    kind: str
    number: str
    issuer: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Traveller:
    """A person expected on a flight, as the passenger list describes them.

    Args:
        passenger_ref: opaque, unique within one flight; the only thing about a person that leaves the service.
        family_name: as listed.
        given_names: as listed, separated by spaces.
        born_on: date of birth, where given.
        sex: ``"F"``, ``"M"``, ``"X"`` or ``""`` where not given.
        nationality: three-letter code, or ``""`` where not given.
        documents: in the list's order.
        further_nationalities: three-letter codes beside the first; a citizen by any of them is a citizen.
        visa_class: class of the visa held or admitted on, e.g. ``"A-1"``; ``""`` where none is known.
        on_waiver: known to travel under a waiver of the visa.
        trusted_traveller: known to be a member of a programme of trusted travellers.
    """

    passenger_ref: str
    family_name: str
    given_names: str
    born_on: date | None = None
    sex: str = ""
    nationality: str = ""
    documents: tuple[TravelDocument, ...] = ()
    further_nationalities: tuple[str, ...] = ()
    visa_class: str = ""
    on_waiver: bool = False
    trusted_traveller: bool = False


@dataclass(frozen=True, slots=True)
class BiometricClaim:
    """What a capture subject declares before capture, or a person at the lane for them.

    Args:
        opted_out: the subject declines the comparison.
        passenger_ref: the passenger they say they are; ``None`` for identification among the flight's gallery.
        guardian: whether somebody answerable for a child stands beside it.
        age_band: the band said aloud at the lane; ``None`` where nobody said one. No machine guesses an age.
    """

    opted_out: bool = False
    passenger_ref: str | None = None
    guardian: Guardian = Guardian.UNKNOWN
    age_band: AgeBand | None = None


# --- Images and features ------------------------------------------------------------------------------------------


class Photo:
    """Encoded image bytes of a person, which nothing may print, copy, pickle or serialise.

    The bytes live in one mutable buffer that :meth:`erase` overwrites. :meth:`open` is the one way to them.

    Args:
        content: the encoded image (JPEG, PNG or JPEG 2000); copied once.
    """

    __slots__ = ("_content",)

    def __init__(self, content: bytes | bytearray | memoryview) -> None:
        self._content = bytearray(content)

    @contextmanager
    def open(self) -> Iterator[memoryview]:
        """Lend the encoded bytes, read-only, for the length of a ``with`` block.

        Raises:
            PhotoIsSealed: the photo was erased.
        """
        if not self._content:
            raise PhotoIsSealed("This photo was erased.")
        view = memoryview(self._content).toreadonly()
        try:
            yield view
        finally:
            view.release()

    def erase(self) -> None:
        """Overwrite the bytes with zeros and let them go; a second call does nothing."""
        for start in range(0, len(self._content), 65536):
            end = min(start + 65536, len(self._content))
            self._content[start:end] = bytes(end - start)
        self._content.clear()

    @property
    def size_bytes(self) -> int:
        """Length of the encoded image in bytes; 0 once erased."""
        return len(self._content)

    def _refuse(self, *_: object) -> NoReturn:
        raise PhotoIsSealed("A photo is not printed, copied or serialised.", way_out="Seal it in the vault.")

    __repr__ = __str__ = __format__ = __bytes__ = _refuse
    __reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = _refuse
    __eq__ = __hash__ = __iter__ = _refuse


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What the recogniser makes of one face.

    Args:
        pack_digest: hex SHA-256 of the pack that made it; features of different packs are never compared.
        vector: float32, shape (d,), unit norm; shorter only for the mean of several frames of one capture, whose
            product with a reference is the mean of the frames' cosines.
    """

    pack_digest: str
    vector: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """Stored features of a reference, with the passenger they belong to.

    Args:
        passenger_ref: whose reference it is.
        features: as extracted from the reference photo.
    """

    passenger_ref: str
    features: Features


# --- Outcomes -----------------------------------------------------------------------------------------------------


class MatchReason(StrEnum):
    """Why the answer was *match*."""

    MATCHED = "matched"


class OfficerReason(StrEnum):
    """Why the answer was *see officer*."""

    NO_MATCH = "no_match"
    POOR_IMAGE = "poor_image"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    ALREADY_BOARDED = "already_boarded"
    UNREADABLE_IMAGE = "unreadable_image"
    CAPTURE_MISSING = "capture_missing"
    NO_REFERENCE = "no_reference"
    ENGINE_FAULT = "engine_fault"
    CHIP_NOT_GENUINE = "chip_not_genuine"
    CHIP_COPIED = "chip_copied"
    NO_CSCA = "no_csca"
    CHIP_UNDECIDED = "chip_undecided"
    PAPERS_DIFFER = "papers_differ"
    DOCUMENT_EXPIRED = "document_expired"
    SHARED_FACE = "shared_face"
    NO_NOTICE = "no_notice"
    MANUAL_CHECK = "manual_check"
    REFERENCE_TOO_OLD = "reference_too_old"


class NotAttemptedReason(StrEnum):
    """Why no comparison was attempted, or why a comparison was undone."""

    OPTED_OUT = "opted_out"
    RULE_FORBIDS = "rule_forbids"
    UNACCOMPANIED_CHILD = "unaccompanied_child"


@dataclass(frozen=True, slots=True)
class Matched:
    """The capture subject is this passenger.

    Args:
        passenger_ref: opaque reference on the flight's list.
        reason: always ``matched``.
    """

    passenger_ref: str
    reason: MatchReason = MatchReason.MATCHED

    kind: ClassVar[str] = "match"


@dataclass(frozen=True, slots=True)
class SeeOfficer:
    """The machine has no answer to give; a person decides, equally fast.

    Args:
        reason: stable code.
        component: for ``poor_image`` the quality component that failed, for ``unreadable_image`` the decoder's reason,
            for a passport's chip the code of the first step that failed, for ``papers_differ`` what differs, for
            ``shared_face`` what the pair may be.
        passenger_ref: for ``already_boarded`` the passenger whose earlier match is reopened; for ``shared_face`` the
            passenger of the pair who is meant.
    """

    reason: OfficerReason
    component: str | None = None
    passenger_ref: str | None = None

    kind: ClassVar[str] = "see_officer"


@dataclass(frozen=True, slots=True)
class NotAttempted:
    """No face was compared, by the traveller's choice or by the rulebook.

    Args:
        reason: stable code.
        rule_id: the rule that forbade it, where one did.
    """

    reason: NotAttemptedReason
    rule_id: str | None = None

    kind: ClassVar[str] = "not_attempted"


Outcome = Matched | SeeOfficer | NotAttempted


@dataclass(frozen=True, slots=True)
class Capture:
    """One line of what a lane saw: the photo's place, never an identity.

    Args:
        capture_key: stable within the flight, so that a delivery repeated is recognised.
        file: path of the image relative to the captures file.
        lane: identifier of the lane.
        taken_at: aware time of capture.
        claim: what the subject declared.
    """

    capture_key: str
    file: str
    lane: str
    taken_at: datetime
    claim: BiometricClaim = BiometricClaim()
