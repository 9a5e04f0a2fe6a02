"""The study of several frames and references: what is compared with what, by which rules, and its intervals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fairgate.bench.frames import FRAMES, REFERENCES, study_clips, study_mixing, study_portraits
from fairgate.bench.frames_figures import Redrawn, Scores, at_equal_fmr, figures
from fairgate.bench.frames_rules import FRAME_RULES, REFERENCE_RULES, unit
from fairgate.bench.frames_shots import PortraitShots, Shot, Shots, clip_frames
from fairgate.errors import InputRefused

THRESHOLDS = {"0.001": 0.6}


def noisy(person: int, seed: int, noise: float = 0.6) -> NDArray[np.float32]:
    """A unit vector near the person's own."""
    own = np.random.default_rng(person).standard_normal(32)
    vector = own + noise * np.random.default_rng([person, seed]).standard_normal(32)
    return unit(vector.astype(np.float32))


def shot(person: int, source: int, seed: int, *, refused: bool = False) -> Shot:
    """A photo of a person."""
    return Shot(person, source, noisy(person, 1000 * source + seed), seed % 101, refused)


def row(told: Any, count: int, rule: str) -> Any:
    """One line of a table."""
    return next(line for line in told if (line["count"], line["rule"]) == (count, rule))


def test_every_rule_gives_a_score_of_one_photo_its_own() -> None:
    """With a single frame, or a single reference, all rules agree on the cosine."""
    probes, references = (np.stack([noisy(person, seed) for person in range(4)]) for seed in (1, 2))
    cosines = probes @ references.T
    for frame_rule in FRAME_RULES.values():
        assert frame_rule(probes[:, None], np.ones((4, 1)), references) == pytest.approx(cosines, abs=1e-5)
    for reference_rule in REFERENCE_RULES.values():
        assert reference_rule(probes, references[:, None]) == pytest.approx(cosines, abs=1e-5)


def test_rules_order_as_they_must() -> None:
    """The mean lies below the soft maximum, that below the highest; the mean feature is never below the mean score."""
    probes = np.stack([noisy(person, 1) for person in range(5)])
    references = np.stack([[noisy(person, seed) for seed in range(2, 5)] for person in range(5)])
    mean, soft, highest, feature = (
        REFERENCE_RULES[name](probes, references)
        for name in ("mean score", "soft maximum", "highest score", "mean feature")
    )
    assert (mean <= soft + 1e-6).all()
    assert (soft <= highest + 1e-6).all()
    assert (np.abs(feature) >= np.abs(mean) - 1e-6).all()


def test_clips_never_meet_themselves() -> None:
    """Frames of a clip are compared with those of other clips alone, and each rule has as many lines as counts."""
    rows = tuple(tuple(shot(clip // 2, clip, seed) for seed in range(18)) for clip in range(6))
    told: Any = study_clips(Shots(rows, 1.0), THRESHOLDS, seed=1)
    single = told["frames"][0]
    # 108 probes, 3 references of each of 6 clips: those of the other clip of the person, and of the other people's.
    assert (single["mated"], single["non_mated"]) == (108 * 3, 108 * 12)
    assert len(told["frames"]) == 1 + len(FRAMES) * len(FRAME_RULES)
    assert len(told["references"]) == 1 + len(REFERENCES) * len(REFERENCE_RULES)
    assert row(told["frames"], 9, "mean feature")["d_prime"]["value"] > single["d_prime"]["value"]
    assert json.dumps(told)


def test_portraits_tell_gain_gate_and_false_matches() -> None:
    """Renderings gain; a capture is missed at the gate only where every frame fails it; two real photos give an FMR."""
    untouched = tuple(shot(person, 100 + person, seed) for person in range(12) for seed in (1, 2))
    older = tuple(place % 2 == 0 for place in range(24))
    rows = tuple(tuple(shot(person, 200 + person, seed, refused=seed < 2) for seed in range(10)) for person in range(6))
    told: Any = study_portraits(PortraitShots(untouched, older, Shots(rows, 1.0)), THRESHOLDS, seed=1)
    assert (told["people"], told["references"]) == (6, 12)
    assert [line["not_acquired"] for line in told["at_gate"]] == [12, 6, 0, 0, 0]
    less = row(told["frames"], 5, "mean score")["fnmr_less_by"]["0.001"]
    assert less["low"] <= less["value"] <= less["high"]
    assert row(told["two_real_references"], 2, "highest score")["non_mated"] == 6 * 22
    assert json.dumps(told)


def test_mixed_captures_are_found_and_others_let_be() -> None:
    """With vectors far apart between people and close within, the bound parts none and finds all."""
    rows = [[Shot(person, person, noisy(person, seed, 0.1), 50, False) for seed in range(10)] for person in range(4)]
    for line in study_mixing(rows, 0.8, seed=1):
        assert (line["parted"], line["mixed_found"]) == (0, line["captures"])


def test_figures_count_and_their_intervals_hold_the_value() -> None:
    """Errors are counted on the pairs that count; the interval, drawn over people, lies around the rate."""
    rng = np.random.default_rng(3)
    people = np.arange(20)
    mated = people[:, None] == people[None]
    values = np.where(mated, 0.7, 0.2) + 0.15 * rng.standard_normal((20, 20))
    scores = Scores(values.astype(np.float32), mated, np.ones((20, 20), np.bool_), people, people, people)
    redrawn = Redrawn(dict(zip(range(20), range(20), strict=True)), range(20), seed=1)
    told: Any = figures(scores, THRESHOLDS, redrawn)
    missed = told["at"]["0.001"]["fnmr"]
    assert missed["errors"] == int((scores.own < 0.6).sum())
    assert missed["low"] <= missed["value"] <= missed["high"]
    assert told["d_prime"]["low"] < told["d_prime"]["value"] < told["d_prime"]["high"]
    none: Any = figures(scores, {"0.001": 2.0}, redrawn)
    assert none["at"]["0.001"]["fmr"]["errors"] == 0
    assert none["at"]["0.001"]["fmr"]["high"] == pytest.approx(0.168, abs=1e-3)  # of 20 people
    same: Any = at_equal_fmr(scores, scores, 0.4, redrawn)
    assert same is not None
    assert int((scores.others >= same["threshold"]).sum()) == int((scores.others >= 0.4).sum())


@pytest.mark.parametrize("table", [None, "file,who\na.mkv,P1\n", "file,identity\na.mkv,P1\nb.mkv,P1\n"])
def test_a_folder_without_people_is_refused(tmp_path: Path, table: str | None) -> None:
    """No table, another table, one person."""
    if table is not None:
        (tmp_path / "identities.csv").write_text(table)
    with pytest.raises(InputRefused):
        clip_frames(tmp_path)
