"""Settings: bounds, types and independence from the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from fairgate.config import Settings, usable_cores


def test_settings_read_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Constructing settings takes only what is handed in, whatever the environment says."""
    monkeypatch.setenv("PACK", "another")
    monkeypatch.setenv("FAIRGATE_PACK", "another")
    assert Settings().pack == "dlib-cc0"


def test_settings_are_frozen() -> None:
    """Nobody changes a setting after the start."""
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.pack = "another"


def test_every_setting_says_what_it_is() -> None:
    """Each setting has a description that ends in a full stop, and a unit."""
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.rstrip(")").endswith("."), name
        assert isinstance(field.json_schema_extra, dict), name
        assert field.json_schema_extra["unit"], name


def test_threads_are_bounded_by_the_cores() -> None:
    """One thread and every core are fine; none and one too many are not."""
    assert Settings.model_validate({"threads": "1"}).threads == 1
    assert Settings.model_validate({"threads": usable_cores()}).threads == usable_cores()
    for wrong in (0, usable_cores() + 1, -1, True, "two", 1.5):
        with pytest.raises(ValidationError):
            Settings.model_validate({"threads": wrong})


def test_the_design_limits_are_the_defaults() -> None:
    """Untrusted images are decoded within 25 MP, 600 MB and 3 s unless someone says otherwise."""
    settings = Settings()
    limits = (settings.decode_max_megapixels, settings.decode_max_memory_mb, settings.decode_max_cpu_seconds)
    assert limits == (25, 600, 3)


@pytest.mark.parametrize("name", ["", "../secret", "/etc/passwd", "UPPER", "a b", ".hidden", "-dash", "naïve"])
def test_a_pack_name_cannot_be_a_path(name: str) -> None:
    """Names of packs and rulebooks hold no separators, so they never lead out of the folder they are looked up in."""
    for setting in ("pack", "rulebook"):
        with pytest.raises(ValidationError):
            Settings.model_validate({setting: name})


@pytest.mark.parametrize("code", ["8080", "bos", "BO", "BOST", "BOS\n", "BÖS", ""])
def test_a_port_is_a_location_code(code: str) -> None:
    """A TCP port number, which the word may suggest, is refused."""
    with pytest.raises(ValidationError):
        Settings.model_validate({"port": code})


@pytest.mark.parametrize("zone", ["", "Mars/Phobos", "../../etc/passwd", "/etc/localtime", "America", "A\0", "utc/"])
def test_a_time_zone_is_one_that_the_machine_knows(zone: str) -> None:
    """A name that no zone has is refused at the start, not at the first traveller."""
    assert Settings.model_validate({"port_time_zone": "America/New_York"}).port_time_zone == "America/New_York"
    with pytest.raises(ValidationError):
        Settings.model_validate({"port_time_zone": zone})


def test_folders_become_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """``~`` is expanded, relative folders hold from where the command runs, and an empty name is refused."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert Settings.model_validate({"data_dir": "here"}).data_dir == tmp_path / "here"
    assert Settings.model_validate({"data_dir": "~/there"}).data_dir == tmp_path / "home" / "there"
    for wrong in ("", "a\0b"):
        with pytest.raises(ValidationError):
            Settings.model_validate({"data_dir": wrong})
