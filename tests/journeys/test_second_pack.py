"""A second pack drops in: added, boarded with, kept while it is needed, and refused at start where it is not right."""

from __future__ import annotations

from pathlib import Path

import pytest
from journey import Flight, Run, last_object

from fairgate.face.pack import read_pack
from fairgate.outside.pack_catalogue import recipe

pytestmark = [pytest.mark.slow, pytest.mark.needs_portraits]

PACK = "omz-0095"
SAME_WITHIN = 0.002
"""Another processor rounds differently; the thresholds of a pack lie further apart than this."""


@pytest.fixture(scope="module")
def config(run: Run, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with a folder of packs of its own, and the second pack in it."""
    folder = tmp_path_factory.mktemp("second")
    file = folder / "house.toml"
    file.write_text('packs_dir = "packs"\n', encoding="utf-8")
    run("--config", file, "packs", "add", PACK, "--models", shared_data / "models")
    return file


@pytest.fixture(scope="module")
def flight(config: Path, run: Run, few_portraits: Path) -> Flight:
    """The demo, boarded with the second pack."""
    folder = config.parent / "demo"
    told = run("--config", config, "--pack", PACK, "demo", "--data", few_portraits, "--out", folder, "--json").stdout
    return Flight(folder, last_object(told))


def test_a_flight_is_boarded_with_it_without_a_change_of_code(flight: Flight) -> None:
    """Ten people ten years apart are matched, and no stranger is."""
    assert flight.summary["matched"] >= 10
    assert flight.summary["strangers_offered"] > 0
    assert flight.summary["strangers_matched"] == 0


def test_it_stays_while_a_flight_is_staged_with_it(flight: Flight, config: Path, run: Run) -> None:
    """And another pack does not board that flight."""
    kept = run("--config", config, "packs", "remove", PACK, "--json", data_dir=flight.data, expect=4)
    assert last_object(kept.stdout)["error"]["code"] == "config.pack_conflict"
    other = run("--config", config, "board", flight.captures, "--json", data_dir=flight.data, expect=5)
    assert last_object(other.stdout)["error"]["code"] == "internal.pack_mismatch"


def test_a_pack_that_is_not_right_is_refused_at_start(
    flight: Flight, config: Path, run: Run, shared_data: Path, tmp_path: Path
) -> None:
    """Without calibration records, and with one bit flipped; measuring is what the first is for."""
    bare = tmp_path / "bare.toml"
    bare.write_text(recipe(PACK).split("[[calibration]]")[0].replace(f'id = "{PACK}"', 'id = "bare"'), "utf-8")
    run("--config", config, "packs", "add", bare, "--models", shared_data / "models")
    stage = ("stage", flight.folder / "input" / "passengers.edi", "--references")
    photos = flight.folder / "input" / "references.csv"

    def refused() -> str:
        ended = run(
            "--config", config, "--pack", "bare", *stage, photos, "--json", data_dir=tmp_path / "data", expect=4
        )
        return str(last_object(ended.stdout)["error"]["code"])

    assert refused() == "config.calibration_missing"
    model = config.parent / "packs" / "bare" / "yunet_n_dynamic.onnx"
    content = bytearray(model.read_bytes())
    content[1000] ^= 1
    model.write_bytes(content)
    assert refused() == "config.pack_digest"
    run("--config", config, "packs", "remove", "bare")


@pytest.mark.parametrize("name", [PACK, "fused"])
def test_calibrating_again_gives_the_records_of_the_recipe(
    name: str, config: Path, run: Run, shared_data: Path
) -> None:
    """On the same portraits: the same thresholds, counts, and misses on people left out."""
    run("--config", config, "packs", "add", name, "--models", shared_data / "models")
    printed = run("--config", config, "--pack", name, "packs", "calibrate", shared_data / "portraits").stdout
    again = read_pack(recipe(name).split("[[calibration]]")[0] + printed).calibration
    shipped = read_pack(recipe(name)).calibration
    assert [one.id for one in again] == [one.id for one in shipped]
    for new, old in zip(again, shipped, strict=True):
        assert new.threshold == pytest.approx(old.threshold, abs=SAME_WITHIN)
        assert (new.subjects, new.mated, new.non_mated) == (old.subjects, old.mated, old.non_mated)
        assert abs(new.held_out_misses.errors - old.held_out_misses.errors) <= 1
