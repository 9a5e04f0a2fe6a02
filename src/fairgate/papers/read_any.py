"""Read a paper of any kind: one table from kind to reader, each giving facts in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.reader import read_boarding_pass
from fairgate.papers.chip.face_group import FaceGroup
from fairgate.papers.chip.mrz_group import MrzGroup
from fairgate.papers.chip.read import ChipRead, read_chip, read_chip_file
from fairgate.papers.cusres.reader import read_answer
from fairgate.papers.document_facts import DocumentFacts
from fairgate.papers.findings import Finding
from fairgate.papers.mrz import MrzRead, read_mrz
from fairgate.papers.nist_itl.reader import read_transaction
from fairgate.papers.paxlst.forms import read_list, recognised_form
from fairgate.papers.recognise import PaperKind, recognise
from fairgate.papers.trust.directory import read_directory
from fairgate.papers.trust.master_list import read_master_list

Facts = Mapping[str, object]
"""Names to texts, numbers, truth values, ``None``, and lists or mappings of these: what JSON can hold."""


@dataclass(frozen=True, slots=True)
class PaperRead:
    """A paper as read.

    Args:
        kind: what it is.
        facts: what it says.
        findings: every deviation.
    """

    kind: PaperKind
    facts: Facts = field(repr=False)
    findings: tuple[Finding, ...]


def read_paper(content: bytes, *, name: str, on: date) -> PaperRead:
    """Recognise a paper and read it.

    Args:
        content: the whole file; not a picture, which needs a reader of characters.
        name: what the file is called.
        on: the day of reading.

    Raises:
        PapersError: the kind is not known, or it cannot be read.
    """
    kind = recognise(content, name=name)
    reader = None if kind is None else READERS.get(kind)
    if kind is None or reader is None:
        raise PapersError(
            "The file is no travel paper of a known kind.",
            position=0,
            way_out="See docs/how-to/read-papers.md for the kinds that are read.",
        )
    facts, findings = reader(content, name, on)
    return PaperRead(kind, facts, findings)


def document_facts(facts: DocumentFacts) -> Facts:
    """Return a document's facts in plain words; what is not given is left out."""
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


def zone_facts(read: MrzRead) -> Facts:
    """Return what a zone says, with its kind and whether its check digits hold."""
    return {"format": read.kind.value, "check_digits_hold": read.check_digits_hold, **document_facts(read.facts)}


def read_chip_folder(files: Mapping[str, bytes], *, on: date) -> PaperRead:
    """Read the files of one chip; whether they are genuine is another question.

    Args:
        files: name → content.
        on: the day of reading.

    Raises:
        PapersError: none of them is a chip's.
    """
    read: ChipRead = read_chip(files)
    facts: dict[str, object] = {
        "groups": [f"DG{number}" for number in read.present],
        "unreadable": list(read.unreadable),
        "faces": _faces(read.faces),
    }
    zone, findings = _group_zone(read.mrz, on)
    return PaperRead(PaperKind.CHIP, facts | dict(zone), (*read.findings, *findings))


Reader = Callable[[bytes, str, date], tuple[Facts, tuple[Finding, ...]]]


def _list(content: bytes, _name: str, on: date) -> tuple[Facts, tuple[Finding, ...]]:
    form = recognised_form(content)
    read = read_list(content, form, on=on)
    return {
        "form": form.value,
        "function": read.message.function,
        "legs": [f"{leg.designator} {leg.departs_from}-{leg.arrives_at}" for leg in read.legs],
        "passengers": len(read.passengers),
        "crew": len(read.crew),
    }, read.findings


def _answer(content: bytes, _name: str, on: date) -> tuple[Facts, tuple[Finding, ...]]:
    read = read_answer(content, on=on)
    return {
        "flight": read.flight,
        "transaction_reference": read.transaction_reference,
        "verdicts": [one.verdict.value for one in read.answers],
        "people": len(read.people),
        "people_by_verdict": _counted(one.verdict.value for person in read.people for one in person.answers),
    }, read.findings


def _zone(content: bytes, _name: str, on: date) -> tuple[Facts, tuple[Finding, ...]]:
    read = read_mrz(content, on=on)
    return zone_facts(read), read.findings


def _pass(content: bytes, _name: str, _on: date) -> tuple[Facts, tuple[Finding, ...]]:
    read = read_boarding_pass(content)
    legs = [
        f"{leg.carrier.strip()}{leg.flight_number.strip()} {leg.departs_from}-{leg.arrives_at} seat {leg.seat}"
        for leg in read.legs
    ]
    return {"name": read.name, "legs": legs, "is_electronic": read.is_electronic}, read.findings


def _chip_file(content: bytes, name: str, on: date) -> tuple[Facts, tuple[Finding, ...]]:
    called, part, findings = read_chip_file(content, name=name)
    facts: dict[str, object] = {"file": called, "octets": len(content)}
    if isinstance(part, MrzGroup):
        zone, more = _group_zone(part, on)
        facts |= zone
        findings = (*findings, *more)
    if isinstance(part, FaceGroup):
        facts["faces"] = _faces(part)
    return facts, findings


def _master_list(content: bytes, _name: str, _on: date) -> tuple[Facts, tuple[Finding, ...]]:
    read = read_master_list(content)
    return {
        "trust": read.trust.value,
        "signed_at": read.signed_at.isoformat() if read.signed_at is not None else "",
        "certificates": read.total,
        "anchors": len(read.accounting.anchors),
        "set_aside": len(read.accounting.set_aside),
        "set_aside_by_reason": _counted(one.reason.value for one in read.accounting.set_aside),
    }, read.findings


def _directory(content: bytes, _name: str, _on: date) -> tuple[Facts, tuple[Finding, ...]]:
    read = read_directory(content)
    return {
        "signers": len(read.signers),
        "revocation_lists": len(read.revocation_lists),
        "master_lists": len(read.master_lists),
    }, read.findings


def _transaction(content: bytes, _name: str, _on: date) -> tuple[Facts, tuple[Finding, ...]]:
    read = read_transaction(content)
    return {
        "version": read.version,
        "transaction": read.kind,
        "made_on": read.made_on.isoformat() if read.made_on is not None else "",
        "origin": read.origin,
        "destination": read.destination,
        "control_number": read.control_number,
        "faces": [f"{face.width_px}x{face.height_px} {face.compression or 'unknown'}" for face in read.faces],
    }, read.findings


READERS: Mapping[PaperKind, Reader] = {
    PaperKind.PASSENGER_LIST: _list,
    PaperKind.LIST_ANSWER: _answer,
    PaperKind.MRZ: _zone,
    PaperKind.BOARDING: _pass,
    PaperKind.CHIP_FILE: _chip_file,
    PaperKind.MASTER_LIST: _master_list,
    PaperKind.DIRECTORY: _directory,
    PaperKind.NIST_ITL: _transaction,
}
"""One reader a kind. Pictures and folders are not here: they need more than bytes."""


def _group_zone(group: MrzGroup | None, on: date) -> tuple[Facts, tuple[Finding, ...]]:
    """Return what DG1's zone says; a zone that is none was reported with the file."""
    if group is None:
        return {}, ()
    try:
        read = read_mrz(group.text, on=on, correct_misreadings=False)
    except PapersError:
        return {}, ()
    return zone_facts(read), tuple(replace(finding, where=f"DG1, {finding.where}") for finding in read.findings)


def _faces(group: FaceGroup | None) -> int:
    return 0 if group is None else len(group.images)


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))
