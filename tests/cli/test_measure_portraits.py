"""``fairgate measure portraits``: every installed pack in turn, and what a script reads of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import PackRefused
from fairgate.measure.identification import mean_rate
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.portrait_figures import PortraitComparisons, PortraitFigures, PortraitSearches
from fairgate.measure.portraits import Portraits, portraits
from fairgate.services.measure_portraits import MeasuredPortraits

if TYPE_CHECKING:
    from tests.cli.conftest import Run

    from fairgate.cli.progress import Progress
    from fairgate.config import Settings

FOUND = (clopper_pearson(2, 78), clopper_pearson(7, 85_750))


def _figures(name: str) -> PortraitFigures:
    rate = mean_rate(1.5, 78)
    return PortraitFigures(
        pack_id=name,
        pack_digest="ab" * 32,
        portraits=602,
        people=512,
        mated=78,
        non_mated=180_811,
        left_out=(("2014/x.jpg", "no_face"),),
        folds="each person left out in turn",
        data_sha256="cd" * 32,
        comparisons=tuple(PortraitComparisons(target, True, 0.9, FOUND[1], FOUND[0]) for target in (1e-3, 1e-4)),
        searches=(
            PortraitSearches(420, 0.003, False, 0.9, 420, rate, rate, ""),
            PortraitSearches(42_000, 0.003, False, 0.9, 511, rate, rate, "the tail keeps its shape"),
        ),
    )


def _faces(seed: int) -> Portraits:
    """Return two noisy portraits of each of 45 people."""
    rng = np.random.default_rng(seed)
    people, names = rng.normal(size=(45, 24)), [f"s{person:02}" for person in range(45)]
    table = np.concatenate([people + 0.6 * rng.normal(size=people.shape) for _ in range(2)])
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    return portraits(names * 2, [True] * 45 + [False] * 45, table @ table.T)


class _Door:
    """Measures what it is told to, and refuses a pack called broken."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Path | None, int]] = []

    def __call__(self, settings: Settings, folder: Path | None, seed: int, progress: Progress) -> MeasuredPortraits:
        self.asked.append((settings.pack, folder, seed))
        if settings.pack == "broken":
            raise PackRefused("A model is not there.")
        progress(1, 1)
        return MeasuredPortraits(_figures(settings.pack), _faces(len(settings.pack)))


def test_one_pack_is_one_object(run: Run) -> None:
    """With one pack installed the whole output is one line with the issue's keys."""
    door = _Door()
    ended = run("measure", "portraits", "--json", measure_portraits=door, pack_names=lambda folder: ("one",))
    assert ended.code == 0
    told = json.loads(ended.out)
    assert (told["pack"], told["mated"], told["non_mated"]) == ("one", 78, 180_811)
    assert told["fnmr_at_fmr"]["1e-3"]["errors"] == 2
    assert told["fnir_at_fpir_0.003"]["420"]["errors"] == 1.5
    assert told["fnir_at_fpir_0.003"]["42000"]["extrapolated"] is True
    assert door.asked == [("one", None, 20261122)]


def test_a_pack_that_cannot_be_used_is_named_and_stops_nobody(run: Run) -> None:
    """The other packs are measured all the same."""
    packs = {"pack_names": lambda folder: ("broken", "two"), "measure_portraits": _Door()}
    ended = run("measure", "portraits", "folder", "--seed", "5", **packs)
    assert ended.code == 0
    assert "broken cannot be used" in ended.err
    assert "two: " in ended.out
    broken, two = (json.loads(line) for line in run("measure", "portraits", "--json", **packs).out.splitlines())
    assert broken == {"pack": "broken", "problem": "A model is not there."}
    assert two["pack"] == "two"


def test_it_ends_with_4_where_no_pack_can_be_used(run: Run) -> None:
    """Whether one was named or all failed."""
    door = _Door()
    assert run("measure", "portraits", "--pack", "broken", measure_portraits=door).code == 4
    assert run("measure", "portraits", measure_portraits=door, pack_names=lambda folder: ("broken", "broken")).code == 4
    assert run("measure", "portraits", measure_portraits=door, pack_names=lambda folder: ()).code == 4


def test_the_pack_that_is_named_is_measured_alone(run: Run) -> None:
    """The global option counts, before or after the command; the folder and the seed reach the measurement."""
    door = _Door()
    run("measure", "portraits", "here", "--pack", "two", "--seed", "5", measure_portraits=door)
    assert door.asked == [("two", Path("here"), 5)]


def test_people_see_counts_intervals_and_what_is_extrapolated(run: Run) -> None:
    """The assumption stands beside the figure that rests on it."""
    ended = run("measure", "portraits", measure_portraits=_Door(), pack_names=lambda folder: ("one",))
    plain = ended.out.replace("\N{NARROW NO-BREAK SPACE}", " ")
    for wanted in ("2 of 78", "7 of 85 750", "1.50 of 78", "extrapolated", "The tail keeps its shape.", "no_face 1"):
        assert wanted in plain


def test_a_report_puts_all_packs_side_by_side(run: Run, tmp_path: Path) -> None:
    """One page for all of them, and a line that says where it is."""
    page = tmp_path / "page.html"
    packs = {"pack_names": lambda folder: ("one", "two"), "measure_portraits": _Door()}
    ended = run("measure", "portraits", "--report", str(page), **packs)
    assert ended.code == 0, ended.err
    assert f"Report: {page}" in ended.out
    text = page.read_text(encoding="utf-8")
    assert "one: 1 in" in text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "two: 1 in" in text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_every_further_pack_is_compared_with_the_default_one(run: Run, tmp_path: Path) -> None:
    """Pair by pair, in the object, the table and the report; the default pack is measured first wherever it stands."""
    page = tmp_path / "page.html"
    packs = {"pack_names": lambda folder: ("another", "dlib-cc0"), "measure_portraits": _Door()}
    first, second = (json.loads(line) for line in run("measure", "portraits", "--json", **packs).out.splitlines())
    assert (first["pack"], second["pack"], second["paired"]["first"]) == ("dlib-cc0", "another", "dlib-cc0")
    assert "paired" not in first
    at = second["paired"]["fnmr_at_fmr"]["1e-4"]
    assert at["first"]["count"] == at["only_first"] + at["both"]
    assert at["second"]["count"] == at["only_second"] + at["both"]
    assert at["low"] <= at["difference"] <= at["high"]
    assert set(second["paired"]["fnir_at_fpir_0.003"]) == {"420", "42000"}
    ended = run("measure", "portraits", "--report", str(page), **packs)
    assert "Pairs missed by another beside dlib-cc0" in ended.out
    assert "another beside dlib-cc0" in page.read_text(encoding="utf-8")


def test_a_pack_without_pairs_in_common_is_measured_all_the_same(run: Run) -> None:
    """That it cannot be compared is said beside its figures."""

    class _Alone(_Door):
        def __call__(self, settings: Settings, folder: Path | None, seed: int, progress: Progress) -> MeasuredPortraits:
            found = super().__call__(settings, folder, seed, progress)
            only = found.faces.only([f"s{person:02}" for person in range(5 * len(settings.pack))][-5:])
            return MeasuredPortraits(found.figures, only)

    packs = {"pack_names": lambda folder: ("dlib-cc0", "two"), "measure_portraits": _Alone()}
    ended = run("measure", "portraits", **packs)
    assert ended.code == 0
    assert "two is not compared with dlib-cc0" in ended.err
    assert "two: " in ended.out
