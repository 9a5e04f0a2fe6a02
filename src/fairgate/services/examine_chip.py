"""Examine the papers of one person: the chip's files, passive authentication, recorded exchanges, the printed zone.

Nothing here looks at a face, so no permission is needed for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from fairgate.errors import PapersError
from fairgate.papers.chip import ChipRead, PassiveAuthentication, passive_authentication, read_chip
from fairgate.papers.chip.exchange_file import NOTHING_RECORDED, RecordedExchanges
from fairgate.papers.chip.key_proof import ProofResult, not_shown, prove_keys
from fairgate.papers.chip.verdicts import Genuine, NoCsca, NotGenuine, PassiveReason, StepOutcome, Undecided
from fairgate.papers.consistency import SignalCode, differences
from fairgate.papers.document_facts import DocumentFacts, Source
from fairgate.papers.mrz import MrzRead, read_mrz
from fairgate.papers.trust.countries import is_imaginary
from fairgate.papers.trust.store import TrustStore
from fairgate.vocabulary import OfficerReason, SeeOfficer

IMAGINARY_STATE = "imaginary_state"
"""Why there is no CSCA for a minted passport under a rulebook in production."""
NO_DATE = "no_date"
_NEEDED = (1, 2)
"""The data groups that are relied on: the zone and the portrait."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two papers say differently, without what they say.

    Args:
        code: what differs.
        between: the two papers.
        text: one sentence without personal data.
    """

    code: SignalCode
    between: tuple[Source, Source]
    text: str


@dataclass(frozen=True, slots=True)
class Demands:
    """What is demanded of a chip beyond that nothing speaks against it.

    Args:
        believes_imaginary_state: minted passports are believed.
        revocation: a whole and current revocation list was at hand.
    """

    believes_imaginary_state: bool = False
    revocation: bool = False


@dataclass(frozen=True, slots=True)
class ReaderRecord:
    """What a reader recorded of talking to a chip.

    Args:
        exchanges: of active and chip authentication.
        sent: challenges and ephemeral public keys that it sent in this very session; empty where it does not say.
    """

    exchanges: RecordedExchanges = NOTHING_RECORDED
    sent: tuple[bytes, ...] = ()


NO_RECORD = ReaderRecord()


@dataclass(frozen=True, slots=True)
class ExaminedPapers:
    """What the papers say.

    Args:
        chip: what was read of it.
        zone: what DG1 says; ``None`` where it could not be read.
        authentication: whether what the chip holds is genuine.
        proofs: whether the chip is the one that it was written to.
        differences: between the printed zone, where it was given, and the chip.
        findings: deviations of all of them, counted.
    """

    chip: ChipRead = field(repr=False)
    zone: DocumentFacts | None = field(repr=False)
    authentication: PassiveAuthentication
    proofs: tuple[ProofResult, ...]
    differences: tuple[Difference, ...]
    findings: int

    def doubt(self, day: date, demands: Demands) -> SeeOfficer | None:
        """Return what goes against relying on these papers, the chip first; ``None`` where nothing does.

        Args:
            day: the port's own.
            demands: what is demanded of the chip.
        """
        return (
            _doubt_about_data(self.authentication, demands)
            or _doubt_about_chip(self.proofs)
            or _doubt_about_revocation(self.authentication, demands)
            or _doubt_about_document(self, day)
        )


def examine(
    files: Mapping[str, bytes],
    printed: str | None,
    trust: TrustStore,
    *,
    at: datetime,
    day: date,
    record: ReaderRecord = NO_RECORD,
) -> ExaminedPapers:
    """Read a chip, authenticate it, judge its exchanges, and compare it with the zone as printed.

    Args:
        files: what was read of the chip, by name.
        printed: the machine-readable zone; ``None`` where it was not read.
        trust: whom to believe.
        at: now; aware.
        day: the port's own.
        record: what the reader recorded.

    Raises:
        PapersError: no file is a chip's, or the printed zone is none.
    """
    on_page = read_mrz(printed, on=day) if printed is not None else None
    chip = read_chip(files)
    zone = _zone_of(chip, day)
    authentication = passive_authentication(chip, trust, at=at)
    proofs = prove_keys(chip, authentication, record.exchanges, record.sent)
    found = (chip.findings, authentication.findings, *(read.findings for read in (on_page, zone) if read))
    return ExaminedPapers(
        chip,
        zone.facts if zone is not None else None,
        authentication,
        proofs,
        _differences(on_page.facts, zone.facts) if on_page is not None and zone is not None else (),
        sum(map(len, found)) + len(not_shown(proofs)),
    )


def _zone_of(chip: ChipRead, day: date) -> MrzRead | None:
    """Return what DG1 says; what a chip holds is not misread, so nothing is corrected."""
    if chip.mrz is None:
        return None
    try:
        return read_mrz(chip.mrz.text, on=day, correct_misreadings=False)
    except PapersError:
        return None


def _differences(printed: DocumentFacts, on_chip: DocumentFacts) -> tuple[Difference, ...]:
    # Both are machine-readable zones to their reader; which is the chip's is known here.
    found = differences(printed, replace(on_chip, source=Source.CHIP))
    return tuple(Difference(one.code, (one.first, one.second), one.text) for one in found)


def _doubt_about_data(authentication: PassiveAuthentication, demands: Demands) -> SeeOfficer | None:
    believes_imaginary_state = demands.believes_imaginary_state
    match authentication.verdict:
        case NotGenuine(reasons=reasons):
            return SeeOfficer(OfficerReason.CHIP_NOT_GENUINE, reasons[0].value)
        case NoCsca(reason=reason, country=country):
            not_believed = is_imaginary(country) and not believes_imaginary_state
            return SeeOfficer(OfficerReason.NO_CSCA, IMAGINARY_STATE if not_believed else reason.value)
        case Undecided(reasons=reasons):
            return SeeOfficer(OfficerReason.CHIP_UNDECIDED, reasons[0].value)
        case Genuine(imaginary=imaginary):
            if imaginary and not believes_imaginary_state:
                return SeeOfficer(OfficerReason.NO_CSCA, IMAGINARY_STATE)
        case _ as unreachable:
            assert_never(unreachable)
    if not set(_NEEDED) <= set(authentication.covered):
        return SeeOfficer(OfficerReason.CHIP_NOT_GENUINE, PassiveReason.DATA_GROUP_NOT_SIGNED.value)
    return None


def _doubt_about_chip(proofs: Sequence[ProofResult]) -> SeeOfficer | None:
    """Return what an exchange says against the chip, or that it cannot be judged."""
    for one in proofs:
        if one.outcome is StepOutcome.FAILED:
            return SeeOfficer(OfficerReason.CHIP_COPIED, one.code)
    return next((SeeOfficer(OfficerReason.CHIP_UNDECIDED, one.code) for one in proofs if one.undecided), None)


def _doubt_about_revocation(authentication: PassiveAuthentication, demands: Demands) -> SeeOfficer | None:
    why = authentication.revocation_open
    return SeeOfficer(OfficerReason.CHIP_UNDECIDED, why.value) if demands.revocation and why is not None else None


def _doubt_about_document(papers: ExaminedPapers, day: date) -> SeeOfficer | None:
    if papers.zone is None:
        return SeeOfficer(OfficerReason.CHIP_UNDECIDED, PassiveReason.MRZ_UNREADABLE.value)
    if papers.differences:
        return SeeOfficer(OfficerReason.PAPERS_DIFFER, papers.differences[0].code.value)
    if papers.zone.expires_on is None:
        return SeeOfficer(OfficerReason.DOCUMENT_EXPIRED, NO_DATE)
    return SeeOfficer(OfficerReason.DOCUMENT_EXPIRED) if papers.zone.expires_on < day else None
