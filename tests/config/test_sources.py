"""Sources of settings: precedence, origins and refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.config import NOT_SETTINGS, OriginKind, Settings, load_settings, settings_problems
from fairgate.errors import ConfigurationRefused

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a configuration file and return its path."""

    def _write(text: str) -> Path:
        path = tmp_path / "house.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))


def test_each_source_overrides_the_one_before(write: Write) -> None:
    """Defaults give way to the file, the file to the environment, the environment to flags; origins say which won."""
    file = write('pack = "from-file"\nrulebook = "from-file"\nport = "BOS"\n')
    environ = {"FAIRGATE_PACK": "from-environment", "FAIRGATE_RULEBOOK": "from-environment", "HOME": "/x"}
    configured = load_settings({"pack": "from-flag", "data_dir": None}, environ, file)
    assert configured.settings.pack == "from-flag"
    assert configured.settings.rulebook == "from-environment"
    assert configured.settings.port == "BOS"
    kinds = {name: origin.kind for name, origin in configured.origins.items()}
    assert kinds["pack"] is OriginKind.FLAG
    assert kinds["rulebook"] is OriginKind.ENVIRONMENT
    assert kinds["port"] is OriginKind.FILE
    assert kinds["data_dir"] is OriginKind.DEFAULT
    assert str(configured.origins["rulebook"]) == "environment FAIRGATE_RULEBOOK"
    assert str(configured.origins["port"]) == f"file {file}"
    assert set(configured.origins) == set(Settings.model_fields)


def test_the_file_is_found_by_flag_then_variable_then_home(tmp_path: Path, write: Write) -> None:
    """``--config`` beats ``FAIRGATE_CONFIG``, which beats the user's own file, which need not exist."""
    assert load_settings({}, {}, None).settings.pack == "dlib-cc0"
    own = tmp_path / "xdg" / "fairgate"
    own.mkdir(parents=True)
    (own / "fairgate.toml").write_text('pack = "own"\n', encoding="utf-8")
    assert load_settings({}, {}, None).settings.pack == "own"
    named = tmp_path / "named.toml"
    named.write_text('pack = "named"\n', encoding="utf-8")
    assert load_settings({}, {"FAIRGATE_CONFIG": str(named)}, None).settings.pack == "named"
    assert load_settings({}, {"FAIRGATE_CONFIG": str(named)}, write('pack = "flag"\n')).settings.pack == "flag"


def test_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    """A mistyped file name is refused instead of running with defaults."""
    with pytest.raises(ConfigurationRefused, match="There is no configuration file"):
        load_settings({}, {}, tmp_path / "absent.toml")
    with pytest.raises(ConfigurationRefused, match="There is no configuration file"):
        load_settings({}, {"FAIRGATE_CONFIG": str(tmp_path / "absent.toml")}, None)


def test_an_unknown_name_is_refused_with_the_near_miss(write: Write) -> None:
    """The nearest known name is offered, in the file and in the environment."""
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings({}, {}, write("thread = 1\n"))
    assert refused.value.way_out == "Did you mean threads?"
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings({}, {"FAIRGATE_RULEBOK": "us-cbp"}, None)
    assert refused.value.public_text == "FAIRGATE_RULEBOK in the environment is not a setting."
    assert refused.value.way_out == "Did you mean FAIRGATE_RULEBOOK?"
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings({}, {"FAIRGATE_QQQ": ""}, None)
    assert "config show" in refused.value.way_out
    assert settings_problems({}, {"fairgate_pack": "x"}, None)


def test_variables_that_are_no_settings_are_left_alone() -> None:
    """The folder of test data and CI's strictness are nobody's mistake."""
    environ = dict.fromkeys(NOT_SETTINGS - {"FAIRGATE_CONFIG"}, "something")
    assert settings_problems({}, environ, None) == ()


def test_every_problem_is_listed(write: Write) -> None:
    """``settings_problems`` gives all of them, with the origin of each; ``load_settings`` the first and the count."""
    file = write('pack = "../x"\nlog_levle = "info"\nphoto_max_mb = 0\n[store]\nurl = "x"\n')
    environ = {"FAIRGATE_PORT": "8080", "FAIRGATE_LOG_LEVEL": "loud"}
    problems = settings_problems({"threads": 100_000}, environ, file)
    text = "\n".join(problem.text for problem in problems)
    assert len(problems) == 7
    for wanted in (
        f"log_levle in file {file} is not a setting.",
        f"store in file {file} is not a setting.",
        f"pack (file {file})",
        f"photo_max_mb (file {file})",
        "port (environment FAIRGATE_PORT)",
        "log_level (environment FAIRGATE_LOG_LEVEL)",
        "threads (flag)",
    ):
        assert wanted in text
    with pytest.raises(ConfigurationRefused, match=r"\(6 more: fairgate config check\)"):
        load_settings({"threads": 100_000}, environ, file)


@pytest.mark.parametrize(
    "content",
    [b"pack = \n", b"\xff\xfe", b"pack = 'a'\npack = 'b'\n", b"[", b"x" * 1_100_000],
    ids=["half", "utf-16", "twice", "bracket", "large"],
)
def test_a_file_that_is_not_toml_is_one_line(tmp_path: Path, content: bytes) -> None:
    """Whatever the file holds, the refusal is a single line."""
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings({}, {}, path)
    assert "\n" not in str(refused.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Naming a folder as the file is refused in plain words."""
    with pytest.raises(ConfigurationRefused, match="cannot be read"):
        load_settings({}, {}, tmp_path)


def test_a_folder_in_a_file_holds_from_that_file(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder in a file means the same wherever the command runs."""
    monkeypatch.chdir("/")
    assert load_settings({}, {}, write('data_dir = "data"\n')).settings.data_dir == tmp_path / "data"


@given(st.dictionaries(st.sampled_from(sorted(Settings.model_fields)), st.text(max_size=20), max_size=4))
def test_any_text_in_the_environment_is_a_setting_or_a_problem(values: dict[str, str]) -> None:
    """No text in a known variable escapes as anything but a one-line refusal."""
    environ = {f"FAIRGATE_{name.upper()}": value for name, value in values.items()}
    problems = settings_problems({}, environ, None)
    assert all("\n" not in problem.text for problem in problems)
    if not problems:
        configured = load_settings({}, environ, None)
        assert all(configured.origins[name].kind is OriginKind.ENVIRONMENT for name in values)


def test_somebody_elses_home_is_known_or_refused(write: Write) -> None:
    """``~nobody-here`` names no folder of this machine, in a file as in the environment."""
    file = write('trust_dir = "~nobody-here/trust"\n')
    for problems in (
        settings_problems({}, {}, file),
        settings_problems({}, {"FAIRGATE_TRUST_DIR": "~nobody-here"}, None),
    ):
        assert ["trust_dir" in problem.text and "home folder" in problem.text for problem in problems] == [True]
    own = load_settings({}, {}, write('trust_dir = "~/trust"\n')).settings.trust_dir
    assert own == Path.home() / "trust"
    assert load_settings({}, {}, write('trust_dir = "trust"\n')).settings.trust_dir == file.parent / "trust"
