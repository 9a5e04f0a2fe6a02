"""One face under two identities, on real portraits and through the command line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from journey import Run, hang_sign, last_object, objects

from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList
from fairgate.papers.paxlst.writer import write_passenger_list
from fairgate.simulate.demo_people import invent_travellers
from fairgate.vocabulary import Traveller

pytestmark = [pytest.mark.slow, pytest.mark.needs_portraits]

MATED = 10
"""People whose portraits of two years stand under two names."""


@dataclass(frozen=True)
class Staged:
    """A staged list of portraits.

    Args:
        data: the data folder.
        photos: by passenger reference.
        told: what ``gallery shared-faces`` said.
    """

    data: Path
    photos: dict[str, Path]
    told: dict[str, Any]

    def pairs(self, kind: str) -> set[tuple[str, str]]:
        """Return the subjects of the pairs of one kind, as their portraits are named."""
        return {
            (self.photos[first].stem, self.photos[second].stem)
            for first, second in (pair["passengers"] for pair in self.told["pairs"] if pair["kind"] == kind)
        }


def stage(photos: Sequence[Path], folder: Path, run: Run, at: datetime) -> Staged:
    """Stage a flight on which every portrait stands under a name of its own."""
    travellers = invent_travellers(len(photos), on=at.date(), seed=5)
    listed, references, data = folder / "list.edi", folder / "references.csv", folder / "data"
    listed.write_bytes(write_passenger_list(passenger_list(travellers, at)))
    with references.open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(("file", "issuer", "number"))
        for place, (one, photo) in enumerate(zip(travellers, photos, strict=True)):
            (folder / f"{place}.jpg").write_bytes(photo.read_bytes())
            rows.writerow((f"{place}.jpg", one.documents[0].issuer, one.documents[0].number))
    report = last_object(run("stage", listed, "--references", references, "--json", data_dir=data).stdout)
    assert report["enrolled"] == len(photos)
    told = last_object(run("gallery", "shared-faces", "--json", data_dir=data).stdout)
    return Staged(data, {f"P{place:04d}": photo for place, photo in enumerate(photos, start=1)}, told)


def passenger_list(travellers: Sequence[Traveller], at: datetime) -> PassengerList:
    """Return a flight that leaves in an hour."""
    departure = at.replace(tzinfo=None, second=0, microsecond=0) + timedelta(hours=1)
    return PassengerList(
        message=MessageFacts(
            sender="TEST",
            recipient="FAIRGATE",
            prepared_at=departure - timedelta(hours=2),
            control_reference="1",
            message_reference="1",
        ),
        legs=(FlightLeg("ZZ", "0421", "BOS", "LHR", departure, departure + timedelta(hours=6)),),
        people=tuple(ListedPerson(one, embarks_at="BOS", disembarks_at="LHR") for one in travellers),
    )


def portraits_of(shared_data: Path, *, same_photo: str) -> list[Path]:
    """Return the older and the newer portrait of each subject in both years."""
    folder = shared_data / "portraits"
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["same_portrait"] == same_photo]
    return [folder / row[column] for row in rows for column in ("reference_2014", "probe_2024")]


@pytest.fixture(scope="module")
def doubled(shared_data: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """44 entries: 12 photos used twice, and ten people who stand on the list twice with photos ten years apart."""
    photos = portraits_of(shared_data, same_photo="1") + portraits_of(shared_data, same_photo="0")[: 2 * MATED]
    return stage(photos, tmp_path_factory.mktemp("doubled"), run, datetime.now(UTC))


def test_every_photo_used_twice_is_found_and_said_to_be_one(doubled: Staged, shared_data: Path) -> None:
    """All twelve, whatever names they stand under."""
    subjects = {photo.stem for photo in portraits_of(shared_data, same_photo="1")}
    assert {(subject, subject) for subject in subjects} <= doubled.pairs("same_photo")
    assert len(subjects) == 12


def test_one_person_under_two_names_is_found_in_most_cases_and_nobody_else(doubled: Staged) -> None:
    """More than half of ten, ten years apart; every pair is one person, and both entries see an officer."""
    assert all(pair["outcome"] == "see_officer" for pair in doubled.told["pairs"])
    found = (
        doubled.pairs("one_person_two_identities") | doubled.pairs("same_photo") | doubled.pairs("possible_relatives")
    )
    assert all(first == second for first, second in found)
    assert len(doubled.told["pairs"]) - 12 > MATED / 2
    assert doubled.told["comparisons"] == 44 * 43 // 2


def test_at_the_gate_both_see_an_officer(doubled: Staged, run: Run, tmp_path: Path) -> None:
    """With the reason, the passenger and what the pair may be; a passenger of no pair boards."""
    paired = {ref for pair in doubled.told["pairs"] for ref in pair["passengers"]}
    alone = next(ref for ref in doubled.photos if ref not in paired)
    first, second = next(pair["passengers"] for pair in doubled.told["pairs"] if pair["kind"] == "same_photo")
    with (tmp_path / "captures.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(("file", "lane", "time", "opted_out", "claim"))
        for ref in (first, second, alone):
            (tmp_path / f"{ref}.jpg").write_bytes(doubled.photos[ref].read_bytes())
            rows.writerow((f"{ref}.jpg", "B22", datetime.now(UTC).isoformat(), "", ""))
    hang_sign(run, doubled.data, tmp_path / "sign", "B22")
    lines = objects(run("board", tmp_path / "captures.csv", "--json", data_dir=doubled.data).stdout)
    met = {line["capture_key"]: line for line in lines[:-1]}
    assert len(met) == 3
    reasons = sorted((line["outcome"], line["reason"]) for line in met.values())
    assert reasons == [("match", "matched"), ("see_officer", "shared_face"), ("see_officer", "shared_face")]
    assert {line["component"] for line in met.values()} == {None, "same_photo"}
    assert lines[-1]["deviations"] == []


def test_a_list_of_strangers_raises_no_alarm(shared_data: Path, run: Run, tmp_path: Path) -> None:
    """The 370 older portraits, one a person: 68 265 comparisons."""
    photos = sorted((shared_data / "portraits" / "2014").glob("*.jpg"))
    told = stage(photos, tmp_path, run, datetime.now(UTC)).told
    assert (told["passengers"], told["comparisons"]) == (370, 370 * 369 // 2)
    assert told["pairs"] == []
    assert told["threshold_id"] == "among-themselves-alarms-0.01-n-420"
