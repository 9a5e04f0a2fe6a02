"""The three forms of a passenger list, recognised by how they begin: PAXLST, CSV, JSON."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from fairgate.papers.paxlst.csv_form import read_csv, write_csv
from fairgate.papers.paxlst.facts import PassengerList
from fairgate.papers.paxlst.json_form import read_json, write_json
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.papers.paxlst.writer import write_passenger_list

_BOM = b"\xef\xbb\xbf"


class ListForm(StrEnum):
    """Forms of a passenger list."""

    PAXLST = "paxlst"
    CSV = "csv"
    JSON = "json"


def recognised_form(content: bytes) -> ListForm:
    """Return the form that a list seems to be in; what is neither JSON nor our CSV is taken as PAXLST."""
    beginning = content[:4096].removeprefix(_BOM).lstrip()
    if beginning.startswith((b"{", b"[")):
        return ListForm.JSON
    header = beginning.partition(b"\n")[0].replace(b'"', b"")
    return ListForm.CSV if header.startswith(b"form,") or header.strip() == b"form" else ListForm.PAXLST


def read_list(content: bytes, form: ListForm, *, on: date) -> PassengerList:
    """Return the list that a text holds.

    Args:
        content: at most 8 MiB.
        form: which it is in.
        on: the day of reading, for PAXLST's two-digit years.

    Raises:
        PapersError: it cannot be read.
    """
    if form is ListForm.PAXLST:
        return read_passenger_list(content, on=on)
    return read_json(content) if form is ListForm.JSON else read_csv(content)


def write_list(listed: PassengerList, form: ListForm) -> bytes:
    """Return a list in a form.

    Raises:
        PapersError: the form cannot hold it.
    """
    if form is ListForm.PAXLST:
        return write_passenger_list(listed)
    return write_json(listed) if form is ListForm.JSON else write_csv(listed)
