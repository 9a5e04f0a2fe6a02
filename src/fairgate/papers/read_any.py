"""Read a paper of any kind: one table from kind to reader, each giving facts in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.forms import read_pass
from fairgate.papers.boarding_pass.plain import plain_pass
from fairgate.papers.chip.mrz_group import MrzGroup
from fairgate.papers.chip.passive import passive_authentication
from fairgate.papers.chip.plain import plain_authentication, plain_part
from fairgate.papers.chip.read import ChipRead, read_chip, read_chip_file
from fairgate.papers.cusres.plain import plain_answer
from fairgate.papers.cusres.reader import read_answer
from fairgate.papers.findings import Finding
from fairgate.papers.mrz import read_mrz
from fairgate.papers.mrz.plain import plain_zone
from fairgate.papers.nist_itl.plain import plain_transaction
from fairgate.papers.nist_itl.reader import read_transaction
from fairgate.papers.paxlst.forms import ListForm, read_list, recognised_form
from fairgate.papers.paxlst.plain import plain_list, plain_messages
from fairgate.papers.paxlst.reader import read_messages
from fairgate.papers.plain_values import Plain
from fairgate.papers.recognise import PaperKind, recognise
from fairgate.papers.trust.directory import read_directory
from fairgate.papers.trust.lone import tell_certificates, tell_deviation_list, tell_revocation_lists
from fairgate.papers.trust.master_list import read_master_list
from fairgate.papers.trust.plain import plain_directory, plain_master_list
from fairgate.papers.trust.store import TrustStore

_LOOKED_AT = 4096
WAY_OUT = "See docs/how-to/read-papers.md for the kinds that are read."


@dataclass(frozen=True, slots=True)
class PaperRead:
    """A paper as read.

    Args:
        kind: what it is.
        facts: what it says.
        findings: every deviation.
    """

    kind: PaperKind
    facts: Plain = field(repr=False)
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
    if not content[:_LOOKED_AT].strip() and len(content) <= _LOOKED_AT:
        raise PapersError("The file is empty.", position=0)
    kind = recognise(content, name=name)
    reader = None if kind is None else READERS.get(kind)
    if kind is None or reader is None:
        raise PapersError("The file is no travel paper of a known kind.", position=0, way_out=WAY_OUT)
    facts, findings = reader(content, name, on)
    return PaperRead(kind, facts, findings)


def read_chip_folder(files: Mapping[str, bytes], *, trust: TrustStore, named: bool, at: datetime) -> PaperRead:
    """Read the files of one chip, and say whether they are genuine.

    Args:
        files: name → content.
        trust: whom to believe; may be nobody.
        named: somebody is named whom to believe, so that a missing CSCA means something.
        at: now; aware.

    Raises:
        PapersError: none of them is a chip's.
    """
    read = read_chip(files)
    found = passive_authentication(read, trust, at=at)
    zone, findings = _group_zone(read.mrz, at.date())
    facts: dict[str, object] = {
        "groups": [f"DG{number}" for number in read.present],
        "unreadable": list(read.unreadable),
        "trust": {"named": named, "countries": len(trust.countries)},
        "authentication": plain_authentication(found),
        **_parts(read, zone),
    }
    return PaperRead(PaperKind.CHIP, facts, (*read.findings, *findings, *found.findings))


Reader = Callable[[bytes, str, date], tuple[Plain, tuple[Finding, ...]]]


def _list(content: bytes, _name: str, on: date) -> tuple[Plain, tuple[Finding, ...]]:
    form = recognised_form(content)
    try:
        read = read_list(content, form, on=on)
    except PapersError:
        if form is not ListForm.PAXLST:
            raise
        interchange = read_messages(content, on=on)
        messages = interchange.messages
        several = len({one.legs for one in messages}) > 1
        if not several and not any(one.action.takes_away for one in messages):
            raise
        return {"form": form.value, **plain_messages(interchange)}, interchange.findings
    return {"form": form.value, **plain_list(read)}, read.findings


def _answer(content: bytes, _name: str, on: date) -> tuple[Plain, tuple[Finding, ...]]:
    read = read_answer(content, on=on)
    return plain_answer(read), read.findings


def _zone(content: bytes, _name: str, on: date) -> tuple[Plain, tuple[Finding, ...]]:
    read = read_mrz(content, on=on)
    return plain_zone(read), read.findings


def _pass(content: bytes, _name: str, on: date) -> tuple[Plain, tuple[Finding, ...]]:
    read = read_pass(content)
    return plain_pass(read, on=on), read.findings


def _chip_file(content: bytes, name: str, on: date) -> tuple[Plain, tuple[Finding, ...]]:
    called, part, findings = read_chip_file(content, name=name)
    zone, more = _group_zone(part if isinstance(part, MrzGroup) else None, on)
    facts: dict[str, object] = {"file": called, "size_bytes": len(content), **(zone or plain_part(part))}
    if part is None:
        facts["contents"] = "not read"
    return facts, (*findings, *more)


def _master_list(content: bytes, _name: str, _on: date) -> tuple[Plain, tuple[Finding, ...]]:
    read = read_master_list(content)
    return plain_master_list(read), read.findings


def _directory(content: bytes, _name: str, _on: date) -> tuple[Plain, tuple[Finding, ...]]:
    read = read_directory(content)
    return plain_directory(read), read.findings


def _transaction(content: bytes, _name: str, _on: date) -> tuple[Plain, tuple[Finding, ...]]:
    read = read_transaction(content)
    return plain_transaction(read), read.findings


READERS: Mapping[PaperKind, Reader] = {
    PaperKind.PASSENGER_LIST: _list,
    PaperKind.LIST_ANSWER: _answer,
    PaperKind.MRZ: _zone,
    PaperKind.BOARDING: _pass,
    PaperKind.CHIP_FILE: _chip_file,
    PaperKind.MASTER_LIST: _master_list,
    PaperKind.DIRECTORY: _directory,
    PaperKind.NIST_ITL: _transaction,
    PaperKind.CERTIFICATE: lambda content, _name, _on: tell_certificates(content),
    PaperKind.REVOCATION_LIST: lambda content, _name, on: tell_revocation_lists(content, on),
    PaperKind.DEVIATION_LIST: lambda content, _name, _on: tell_deviation_list(content),
}
"""One reader a kind. Pictures and folders are not here: they need more than bytes."""


def _group_zone(group: MrzGroup | None, on: date) -> tuple[Plain, tuple[Finding, ...]]:
    """Return what DG1's zone says; a zone that is none was reported with the file."""
    if group is None:
        return {}, ()
    try:
        read = read_mrz(group.text, on=on, correct_misreadings=False)
    except PapersError:
        return {}, ()
    return plain_zone(read), tuple(replace(finding, where=f"DG1, {finding.where}") for finding in read.findings)


def _parts(read: ChipRead, zone: Plain) -> dict[str, Plain]:
    """Return what each file says that was there and could be read; DG1 as its zone."""
    told = {
        "zone": zone or plain_part(read.mrz),
        "portrait": plain_part(read.faces),
        "com": plain_part(read.com),
        "security_object": plain_part(read.security_object),
        "security_infos": plain_part(read.security_infos),
        "active_key": plain_part(read.active_key),
    }
    return {name: one for name, one in told.items() if one}
