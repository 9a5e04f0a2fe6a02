"""Builds everything that the demo boards: a passenger list, reference photos, captures and the truth about them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList
from fairgate.papers.paxlst.writer import write_passenger_list
from fairgate.simulate.demo_captures import lay_out_captures
from fairgate.simulate.demo_people import invent_travellers
from fairgate.simulate.demo_photos import DemoPhotos
from fairgate.vocabulary import Traveller

PORT = "BOS"
_SEED = 20261122
_CARRIER, _FLIGHT_NUMBER = "ZZ", "0420"
_WITHOUT_PHOTO = "without a photo"
"""Key of one invented citizen whom no photograph shows: somebody on the list must have no reference."""


@dataclass(frozen=True, slots=True)
class DemoInput:
    """Where the demo's input lies.

    Args:
        passenger_list: a PAXLST message.
        references: ``references.csv``.
        captures: ``captures.csv``.
        truth: ``truth.csv``; only the report reads it.
    """

    passenger_list: Path
    references: Path
    captures: Path
    truth: Path


def build_demo_input(photos: DemoPhotos, folder: Path, *, now: datetime) -> DemoInput:
    """Write the demo's input.

    Args:
        photos: the real photographs.
        folder: created with mode 700.
        now: aware; boarding has just ended then, and the flight leaves an hour later.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    subjects = [*photos.references, _WITHOUT_PHOTO]
    travellers = invent_travellers(len(subjects), on=now.date(), seed=_SEED)
    passengers = dict(zip(subjects, travellers, strict=True))
    listed = folder / "passengers.edi"
    listed.write_bytes(write_passenger_list(_passenger_list(travellers, now)))
    references = folder / "references.csv"
    _write_references(references, photos, passengers)
    captures, truth = lay_out_captures(
        photos, passengers, folder / "captures", first_at=now - timedelta(minutes=30), seed=_SEED
    )
    return DemoInput(listed, references, captures, truth)


def _passenger_list(travellers: tuple[Traveller, ...], now: datetime) -> PassengerList:
    departure = now.replace(tzinfo=None, second=0, microsecond=0) + timedelta(hours=1)
    leg = FlightLeg(_CARRIER, _FLIGHT_NUMBER, PORT, "LHR", departure, departure + timedelta(hours=6))
    message = MessageFacts(
        sender="FAIRGATE DEMO",
        recipient="FAIRGATE",
        prepared_at=departure - timedelta(hours=2),
        control_reference="1",
        message_reference="1",
    )
    people = tuple(ListedPerson(traveller, embarks_at=PORT, disembarks_at="LHR") for traveller in travellers)
    return PassengerList(message=message, legs=(leg,), people=people)


def _write_references(path: Path, photos: DemoPhotos, passengers: dict[str, Traveller]) -> None:
    """Write the table, with a copy of each photo beside it: a reference may not lie outside its table's folder."""
    folder = path.parent / "references"
    folder.mkdir(exist_ok=True, mode=0o700)
    with path.open("w", newline="", encoding="utf-8") as table:
        rows = csv.writer(table)
        rows.writerow(("file", "issuer", "number"))
        for number, (subject, photo) in enumerate(photos.references.items(), start=1):
            name = f"reference-{number:04d}{photo.suffix}"
            (folder / name).write_bytes(photo.read_bytes())
            document = passengers[subject].documents[0]
            rows.writerow((f"references/{name}", document.issuer, document.number))
