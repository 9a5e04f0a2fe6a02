"""The study of quality: discards by component, choices tried on people held out, and who is discarded by brightness."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairgate.bench.drawn_face import drawn_face
from fairgate.bench.quality import quality_study
from fairgate.bench.quality_curves import curves
from fairgate.bench.quality_light import Verdict, followings, one_a_person, ranks_within_year
from fairgate.bench.quality_limits import Choice, choose, held_out
from fairgate.bench.quality_photos import (
    EVERYTHING_PASSES,
    LOWEST_GATED,
    MEASURES,
    UNIFIED,
    Looked,
    Measures,
    Photo,
    Portrait,
    Probe,
    chosen_photos,
    measures_of,
)
from fairgate.errors import InputRefused
from fairgate.face.quality import assess
from fairgate.face.quality.assess import COMPONENT_NAMES
from fairgate.outside.portrait_files import PortraitFile, PortraitFolder

THRESHOLD = 0.9


def measured(luma: float = 100.0, **mapped: int) -> Measures:
    """Everything at its best but what is named."""
    every = {name: mapped.get(name, 100) for name in MEASURES}
    return Measures(every, {name: float(value) for name, value in every.items()}, luma)


def probes(count: int, missed: int) -> list[Probe]:
    """Probes of as many people; those missed are blurred, and every fourth is flat."""
    return [
        Probe(
            f"p{at:03}",
            measured(sharpness=10 if at < missed else 90, contrast=20 if at % 4 == 3 else 95),
            0.5 if at < missed else 0.95,
        )
        for at in range(count)
    ]


def portraits(count: int, **mapped: int) -> list[Portrait]:
    """Untouched portraits of the same people."""
    return [Portrait(f"p{at:03}", older=False, seen=measured(**mapped)) for at in range(count)]


def test_a_component_that_knows_the_misses_meets_the_targets() -> None:
    """Five blurred probes of a hundred are the misses; no portrait is blurred."""
    by = {one.name: one for one in curves(probes(100, 5), portraits(40), THRESHOLD, 3)}
    sharp = by["sharpness"]
    assert (sharp.limit, sharp.discarded.count, sharp.removed.count, sharp.removed.of) == (90, 5, 5, 5)
    assert sharp.untouched.count == 0
    assert sharp.met
    assert sharp.quality.without_quality == 3
    assert not by["contrast"].met


def test_a_limit_never_discards_more_than_a_tenth() -> None:
    """Where a quarter are equally poor they are all kept, and nothing is removed."""
    contrast = next(one for one in curves(probes(100, 5), portraits(40), THRESHOLD, 0) if one.name == "contrast")
    assert (contrast.limit, contrast.discarded.count, contrast.removed.count) == (20, 0, 0)


def test_discarding_untouched_portraits_misses_the_target() -> None:
    """However many misses it removes."""
    some = [*portraits(39), Portrait("q", older=True, seen=measured(sharpness=50))]
    sharp = next(one for one in curves(probes(100, 5), some, THRESHOLD, 0) if one.name == "sharpness")
    assert (sharp.untouched.count, sharp.untouched.of, sharp.met) == (1, 40, False)
    assert (sharp.untouched_newer.count, sharp.untouched_newer.of) == (0, 39)


def test_without_a_miss_no_target_is_met_or_missed() -> None:
    """Nothing can be said."""
    assert {one.met for one in curves(probes(20, 0), portraits(4), THRESHOLD, 0)} == {None}


def test_choosing_takes_in_what_removes_misses_within_both_budgets() -> None:
    """Sharpness alone; not where the portraits are as blurred."""
    assert choose(probes(100, 5), portraits(40), THRESHOLD) == Choice(("sharpness",), 90)
    assert choose(probes(100, 5), portraits(40, sharpness=5), THRESHOLD) == Choice((), 0)
    assert choose([], portraits(40), THRESHOLD) == Choice((), 0)


def test_everybody_is_held_out_once() -> None:
    """The counts of the two halves add up to all people."""
    held = held_out(probes(100, 6), portraits(100), THRESHOLD)
    assert len(held.by_half) == 2
    assert (held.discarded.of, held.removed.of, held.untouched.of) == (100, 6, 100)
    assert held.removed.count == 6


def lit(count: int, name: str) -> list[Portrait]:
    """People whose component is their luma, and falls by 60 when the light is dimmed."""
    return [
        Portrait(
            f"p{at}",
            older=at % 2 == 0,
            seen=measured(luma=at, **{name: 100 * at // count}),
            relit={"dim": measured(luma=at / 4, **{name: max(0, 100 * at // count - 60)})},
        )
        for at in range(count)
    ]


def test_a_component_that_is_brightness_hits_darker_faces() -> None:
    """Its rank is luma's, and the darkest quarter alone is discarded."""
    row = next(one for one in followings(lit(80, "contrast"), {}, {"contrast": 20}) if one.name == "contrast")
    assert row.rank_correlation == pytest.approx(1.0)
    assert row.moved["dim"] < -30
    untouched = row.at_worst[0]
    assert (untouched.light, untouched.darkest.count, untouched.lightest.count) == ("untouched", 16, 0)
    assert row.verdict is Verdict.HITS_DARKER


def test_following_without_discarding_is_told_as_such() -> None:
    """With a limit that nobody is below; a component that is always the same shows no sign."""
    rows = {one.name: one for one in followings(lit(80, "contrast"), {"contrast": 0, "sharpness": 50}, {})}
    assert rows["contrast"].verdict is Verdict.FOLLOWS_LUMA
    assert rows["sharpness"].verdict is Verdict.NO_SIGN
    assert rows["sharpness"].rank_correlation is None
    assert rows["yaw"].widest is None


def test_the_lighter_and_either_are_told_apart() -> None:
    """What discards light faces untouched, and dark ones in dim light, hits either."""
    people = [
        Portrait("p" + str(at), False, measured(at, crop=100 - at), {"dim": measured(at, crop=at)}) for at in range(100)
    ]
    rows = {one.name: one for one in followings(people, {"crop": 25}, {})}
    assert rows["crop"].verdict is Verdict.HITS_EITHER
    plain = [Portrait(one.subject, False, one.seen) for one in people]
    assert followings(plain, {"crop": 25}, {})[MEASURES.index("crop")].verdict is Verdict.HITS_LIGHTER


def test_ranks_leave_the_year_out() -> None:
    """A darker year ranks like a lighter one; equal values share a place."""
    ranks = ranks_within_year([1, 2, 101, 102, 102], [True, True, False, False, False])
    assert ranks == pytest.approx([0.25, 0.75, 1 / 6, 2 / 3, 2 / 3])


def test_one_portrait_a_person_is_the_newer() -> None:
    """Where there are two."""
    two = [Portrait("a", older, measured(1.0 + older)) for older in (True, False)]
    assert [(one.subject, one.older) for one in one_a_person([*two, Portrait("b", True, measured())])] == [
        ("a", False),
        ("b", True),
    ]


def test_half_of_a_choice_of_photos_are_pairs() -> None:
    """And all of them where as many are asked for."""
    files = tuple(
        PortraitFile(f"{year}/{at}.jpg", f"s{at:02}", year == "2014", Path(f"{at}.jpg"))
        for year, people in (("2014", range(20)), ("2024", range(10, 30)))
        for at in people
    )
    folder = PortraitFolder(files, frozenset({"s10"}))
    some = chosen_photos(folder, 12)
    subjects = [photo.subject for photo in some]
    assert len(some) == 12
    assert sum(subjects.count(subject) == 2 for subject in set(subjects)) >= 3
    assert len(chosen_photos(folder, None)) == len(chosen_photos(folder, 40)) == 40


def test_the_scores_leave_the_size_out() -> None:
    """A small face lowers neither the unified score nor the lowest gated one; the drawn face passes everything."""
    rgb = drawn_face(96)
    points = np.array([[213, 147], [177, 147], [107, 147], [143, 147], [160, 207]], np.float64) * 96 / 320
    report = assess(rgb, points, (15, 15, 80, 80), EVERYTHING_PASSES, thorough=True)
    seen = measures_of(report, 120.0)
    assert set(seen.mapped) == set(MEASURES)
    assert seen.mapped["inter_eye_distance"] < 40
    assert seen.mapped[UNIFIED] == report.unified > seen.mapped["inter_eye_distance"]
    assert seen.mapped[LOWEST_GATED] > seen.mapped["inter_eye_distance"]
    assert not report.failed
    assert set(report.components) == set(COMPONENT_NAMES)


def test_the_whole_study_is_plain_values() -> None:
    """Every measure has a curve and a row; a script can read it."""
    told: Any = quality_study(Looked(tuple(portraits(50)), tuple(probes(100, 5)), 2), THRESHOLD)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert [row["component"] for row in told["curves"]] == [row["component"] for row in told["light"]] == list(MEASURES)
    assert (told["missed"]["errors"], told["people_missed"], told["probes_without_features"]) == (5, 5, 2)
    assert told["at_gate"]["misses"] == {**told["at_gate"]["misses"], "refused": 5, "of": 5}


def test_a_study_of_nobody_is_refused() -> None:
    """There is nothing to say."""
    with pytest.raises(InputRefused):
        quality_study(Looked((), (), 0), THRESHOLD)


def test_the_drawn_face_needs_no_file() -> None:
    """It is read like a portrait."""
    assert Photo("drawn", "drawn", False, None).rgb().shape == (500, 500, 3)
