"""Examine the papers of one person: the chip's files, passive authentication, and the zone as printed.

Nothing here looks at a face, so no permission is needed for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from fairgate.errors import PapersError
from fairgate.papers.chip import ChipRead, PassiveAuthentication, passive_authentication, read_chip
from fairgate.papers.chip.verdicts import Genuine, NoCsca, NotGenuine, PassiveReason, Undecided
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
class ExaminedPapers:
    """What the papers say.

    Args:
        chip: what was read of it.
        zone: what DG1 says; ``None`` where it could not be read.
        authentication: whether the chip is genuine.
        differences: between the printed zone, where it was given, and the chip.
        findings: deviations of all of them, counted.
    """

    chip: ChipRead = field(repr=False)
    zone: DocumentFacts | None = field(repr=False)
    authentication: PassiveAuthentication
    differences: tuple[Difference, ...]
    findings: int

    def doubt(self, day: date, *, believes_imaginary_state: bool) -> SeeOfficer | None:
        """Return what goes against relying on these papers, the chip first; ``None`` where nothing does.

        Args:
            day: the port's own.
            believes_imaginary_state: minted passports are believed.
        """
        chip = _doubt_about_chip(self.authentication, believes_imaginary_state=believes_imaginary_state)
        return chip or _doubt_about_document(self, day)


def examine(
    files: Mapping[str, bytes], printed: str | None, trust: TrustStore, *, at: datetime, day: date
) -> ExaminedPapers:
    """Read a chip, authenticate it, and compare it with the zone as printed.

    Args:
        files: what was read of the chip, by name.
        printed: the machine-readable zone; ``None`` where it was not read.
        trust: whom to believe.
        at: now; aware.
        day: the port's own.

    Raises:
        PapersError: no file is a chip's, or the printed zone is none.
    """
    on_page = read_mrz(printed, on=day) if printed is not None else None
    chip = read_chip(files)
    zone = _zone_of(chip, day)
    authentication = passive_authentication(chip, trust, at=at)
    found = (chip.findings, authentication.findings, *(read.findings for read in (on_page, zone) if read))
    return ExaminedPapers(
        chip,
        zone.facts if zone is not None else None,
        authentication,
        _differences(on_page.facts, zone.facts) if on_page is not None and zone is not None else (),
        sum(map(len, found)),
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


def _doubt_about_chip(authentication: PassiveAuthentication, *, believes_imaginary_state: bool) -> SeeOfficer | None:
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


def _doubt_about_document(papers: ExaminedPapers, day: date) -> SeeOfficer | None:
    if papers.zone is None:
        return SeeOfficer(OfficerReason.CHIP_UNDECIDED, PassiveReason.MRZ_UNREADABLE.value)
    if papers.differences:
        return SeeOfficer(OfficerReason.PAPERS_DIFFER, papers.differences[0].code.value)
    if papers.zone.expires_on is None:
        return SeeOfficer(OfficerReason.DOCUMENT_EXPIRED, NO_DATE)
    return SeeOfficer(OfficerReason.DOCUMENT_EXPIRED) if papers.zone.expires_on < day else None
