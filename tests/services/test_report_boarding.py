"""The report says what the store holds, counted by hand here; the truth adds to it and is not needed for it."""

from __future__ import annotations

import pytest
from boarding_fakes import vanished
from boarding_parts import FLIGHT, capture, never, record, reference, traveller
from boarding_room import Room

from fairgate.measure.boarding import CrossingTruth
from fairgate.measure.boarding_report import BoardingReport, ReferenceLeftOut
from fairgate.outside.pack_files import open_pack
from fairgate.services.board_traveller import Thresholds
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.report_boarding import InForce, ReportBoarding, Truth
from fairgate.vocabulary import Features

SHOWN = ("one", "same", "one again", "stranger", "nobody", "blurred", "no reference")
TEXTS = (
    "person=1 sample=1",
    "person=2 sample=0",
    "person=1 sample=2",
    "person=77 sample=1",
    "no_face",
    "poor=sharpness",
    "person=4 sample=1",
)
TRUTH = {
    "one": CrossingTruth("P0001"),
    "same": CrossingTruth("P0002", same_photo=True),
    "one again": CrossingTruth("P0001"),
    "stranger": CrossingTruth(None),
    "nobody": CrossingTruth(None, nobody=True),
    "blurred": CrossingTruth("P0003"),
    "no reference": CrossingTruth("P0004"),
    "declines": CrossingTruth("P0005"),
    "gone": CrossingTruth("P0003"),
}


class Boarded:
    """A flight of five, one without a photo, after nine arrivals."""

    def __init__(self) -> None:
        self.room = Room()
        photos = [reference(number, self.room.camera(f"person={number} sample=0")) for number in (1, 2, 3, 5)]
        self.room.stage([traveller(number) for number in range(1, 6)], photos, top_up_to=6)
        self.opened: OpenedFlight = self.room.opened()
        self.lane = self.room.lane(self.opened)
        self.features: dict[str, Features] = {}
        for key, text in zip(SHOWN, TEXTS, strict=True):
            found = self.room.walks_up(self.lane, text, key=key).features
            if found is not None:
                self.features[key] = found
        self.lane(capture("declines", opted_out=True, claims="P0005"), never)
        self.lane(capture("gone"), vanished)
        self.lane.finish()

    def report(self, truth: Truth | None = None) -> BoardingReport:
        rulebook = self.room.rulebook
        in_force = InForce(
            pack=open_pack("dlib-cc0").pack,
            thresholds=Thresholds(record("identification", 0.8), record("verification", 0.7)),
            rulebook_id=rulebook.id,
            rulebook_sha256=rulebook.sha256,
            match_floor=rulebook.operating_point.match_floor,
            origin="fairgate.test/log",
        )
        service = ReportBoarding(store=self.room.store, clock=self.room.clock, made_by="test")
        return service(self.opened, in_force, truth=truth)


@pytest.fixture(scope="module")
def boarded() -> Boarded:
    """One boarding, which no test here changes."""
    return Boarded()


def test_counts_are_those_of_the_table(boarded: Boarded) -> None:
    """Nine arrivals: seven photographed, five usable, three of them with a reference, two matched."""
    report = boarded.report(Truth("Made up.", TRUTH, boarded.features))
    assert report.figures.for_scripts() == {
        "offered": 9,
        "captured": 7,
        "usable": 5,
        "with_reference": 3,
        "matched": 2,
        "see_officer": 6,
        "not_attempted": 1,
        "strangers_offered": 1,
        "strangers_matched": 0,
    }
    assert sorted((one.outcome, one.reason, one.component, one.share.count) for one in report.figures.reasons) == [
        ("match", "matched", None, 2),
        ("not_attempted", "opted_out", None, 1),
        ("see_officer", "already_boarded", None, 1),
        ("see_officer", "capture_missing", None, 1),
        ("see_officer", "no_face", None, 1),
        ("see_officer", "no_match", None, 2),
        ("see_officer", "poor_image", "sharpness", 1),
    ]
    assert report.demonstration == "Made up."


def test_the_report_needs_no_truth(boarded: Boarded) -> None:
    """Then whoever was compared is taken to have a reference, nobody is called a stranger, and no scores are drawn."""
    report = boarded.report()
    counts = report.figures.for_scripts()
    assert (counts["offered"], counts["with_reference"], counts["matched"], counts["strangers_offered"]) == (9, 5, 2, 0)
    assert (report.figures.truth, report.scores, report.demonstration) == (None, None, "")


def test_the_histogram_leaves_out_what_proves_nothing(boarded: Boarded) -> None:
    """Same photo and second presentation are in neither curve, and nobody is compared with who opted out meanwhile."""
    scores = boarded.report(Truth("Made up.", TRUTH, boarded.features)).scores
    assert scores is not None
    # "one" with P0001; "one" with P0002 and P0003, "stranger" and "no reference" with all three.
    assert (sum(scores.mated), sum(scores.non_mated)) == (1, 8)


def test_features_of_which_nothing_is_known_are_in_no_curve(boarded: Boarded) -> None:
    """Without a single rated comparison there is no histogram at all."""
    assert boarded.report(Truth("Made up.", {}, boarded.features)).scores is None
    assert boarded.report(Truth("Made up.", TRUTH, {})).scores is None


def test_gallery_rulebook_and_ledger_are_named(boarded: Boarded) -> None:
    """Who is left out and why, which rules spoke how often, and the root of the ledger as it stands."""
    report = boarded.report()
    assert (report.gallery.listed, report.gallery.enrolled, report.gallery.synthetic) == (5, 3, 2)
    assert report.gallery.left_out == (
        ReferenceLeftOut("P0004", "no_photo", None),
        ReferenceLeftOut("P0005", "opted_out", None),
    )
    assert report.rulebook.rules == (("us-alien-exit-2025", 4),)
    assert report.ledger.size == len(boarded.room.leaves())
    assert report.flight.flight_key == FLIGHT
    assert [one.id for one in report.thresholds] == ["identification-test"]
    assert [one.stage for one in report.figures.stages] == [
        "decode",
        "detect",
        "embed",
        "search",
        "seal",
        "record",
        "total",
    ]


def test_the_threshold_of_claims_is_named_once_a_claim_was_compared() -> None:
    """Beside the one for searches."""
    boarded = Boarded()
    boarded.room.walks_up(boarded.lane, "person=3 sample=1", claims="P0003")
    assert [one.id for one in boarded.report().thresholds] == ["identification-test", "verification-test"]
