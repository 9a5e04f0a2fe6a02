"""Where values come from: defaults, a TOML file, the environment, flags; each overrides the one before."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from pydantic import ValidationError

from fairgate.config.settings import Settings
from fairgate.errors import ConfigurationRefused

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ENVIRONMENT_PREFIX = "FAIRGATE_"
CONFIG_VARIABLE = "FAIRGATE_CONFIG"
FILE_NAME = "fairgate.toml"

# Variables with our prefix that are not settings: the file's own place, the folder of test data, and CI's strictness.
NOT_SETTINGS = frozenset({CONFIG_VARIABLE, "FAIRGATE_DATA", "FAIRGATE_CI_STRICT"})

_FILE_LIMIT_BYTES = 1_000_000
_FOLDERS = frozenset({"data_dir", "cache_dir", "packs_dir", "trust_dir"})


class OriginKind(StrEnum):
    """The four sources, weakest first."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value came from.

    Args:
        kind: which of the four sources.
        name: the file's path or the variable's name; empty for defaults and flags.
    """

    kind: OriginKind
    name: str = ""

    def __str__(self) -> str:
        """Return e.g. ``environment FAIRGATE_THREADS``."""
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Configured:
    """The settings in force and the origin of each, by setting name."""

    settings: Settings
    origins: Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the configuration.

    Args:
        text: what is wrong and where it was said.
        way_out: what to do about it.
    """

    text: str
    way_out: str = ""


def load_settings(flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None) -> Configured:
    """Return the settings in force.

    Args:
        flags: values by setting name, as given; ``None`` counts as not given.
        environ: the process environment.
        file: TOML file named on the command line; ``None`` for ``FAIRGATE_CONFIG``, else the user's own, if any.

    Raises:
        ConfigurationRefused: the first problem, and how many more there are.
    """
    values, origins, problems = _gather(flags, environ, file)
    settings, more = _validate(values, origins)
    problems += more
    if settings is None or problems:
        first, others = problems[0], len(problems) - 1
        more_text = f" ({others} more: fairgate config check)" if others else ""
        raise ConfigurationRefused(f"{first.text}{more_text}", way_out=first.way_out)
    return Configured(settings, {name: origins.get(name, Origin(OriginKind.DEFAULT)) for name in Settings.model_fields})


def settings_problems(
    flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None
) -> tuple[Problem, ...]:
    """Return every problem that :func:`load_settings` would refuse; empty where there is none."""
    values, origins, problems = _gather(flags, environ, file)
    return (*problems, *_validate(values, origins)[1])


def _gather(
    flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None
) -> tuple[dict[str, object], dict[str, Origin], list[Problem]]:
    """Merge the sources, later over earlier, keeping only known names."""
    problems: list[Problem] = []
    values: dict[str, object] = {}
    origins: dict[str, Origin] = {}
    layers = (
        _from_file(environ, file, problems),
        _from_environment(environ, problems),
        ((name, value, Origin(OriginKind.FLAG)) for name, value in flags.items() if value is not None),
    )
    for layer in layers:
        for name, value, origin in layer:
            values[name] = value
            origins[name] = origin
    return values, origins, problems


def _from_file(
    environ: Mapping[str, str], named: Path | None, problems: list[Problem]
) -> Iterator[tuple[str, object, Origin]]:
    path, must_exist = named, True
    if path is None and environ.get(CONFIG_VARIABLE):
        path = Path(environ[CONFIG_VARIABLE])
    if path is None:
        path, must_exist = platformdirs.user_config_path("fairgate") / FILE_NAME, False
    path = path.expanduser().absolute()
    try:
        with path.open("rb") as stream:
            content = stream.read(_FILE_LIMIT_BYTES + 1)
        if len(content) > _FILE_LIMIT_BYTES:
            problems.append(Problem(f"The configuration file {path} is larger than {_FILE_LIMIT_BYTES} bytes."))
            return
        table = tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError:
        if must_exist:
            problems.append(Problem(f"There is no configuration file {path}.", "Name one that exists, or none."))
        return
    except OSError as error:
        problems.append(Problem(f"The configuration file {path} cannot be read: {error.strerror}."))
        return
    except ValueError as error:  # covers UnicodeDecodeError and TOMLDecodeError
        problems.append(Problem(f"The configuration file {path} is not TOML: {_one_line(str(error))}."))
        return
    origin = Origin(OriginKind.FILE, str(path))
    for name, value in table.items():
        if name not in Settings.model_fields:
            problems.append(_unknown(name, str(origin)))
        elif name in _FOLDERS and isinstance(value, str):
            # A folder in a file means the same whatever folder the command is run in.
            yield name, value if value.startswith("~") else path.parent / value, origin
        else:
            yield name, value, origin


def _from_environment(environ: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, object, Origin]]:
    for variable in sorted(environ):
        if not variable.upper().startswith(ENVIRONMENT_PREFIX) or variable in NOT_SETTINGS:
            continue
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        if variable != f"{ENVIRONMENT_PREFIX}{name.upper()}" or name not in Settings.model_fields:
            problems.append(_unknown(variable, "the environment", ENVIRONMENT_PREFIX))
        else:
            yield name, environ[variable], Origin(OriginKind.ENVIRONMENT, variable)


def _validate(values: Mapping[str, object], origins: Mapping[str, Origin]) -> tuple[Settings | None, list[Problem]]:
    try:
        return Settings.model_validate(dict(values)), []
    except ValidationError as error:
        return None, [_explain(detail, origins) for detail in error.errors(include_url=False, include_context=False)]


def _explain(detail: ErrorDetails, origins: Mapping[str, Origin]) -> Problem:
    name = str(detail["loc"][0]) if detail["loc"] else "settings"
    origin = origins.get(name, Origin(OriginKind.DEFAULT))
    if detail["type"] == "extra_forbidden":
        return _unknown(name, str(origin))
    message = _one_line(detail["msg"])
    description = Settings.model_fields[name].description if name in Settings.model_fields else None
    return Problem(
        f"{name} ({origin}): {message[:1].lower()}{message[1:]}.", f"Meaning: {description}" if description else ""
    )


def _unknown(name: str, where: str, prefix: str = "") -> Problem:
    known = sorted(Settings.model_fields)
    near = difflib.get_close_matches(name.removeprefix(prefix).lower(), known, n=1, cutoff=0.6)
    spelled = near[0].upper() if prefix and near else "".join(near)
    way_out = (
        f"Did you mean {prefix}{spelled}?" if near else "Remove it; fairgate config show then lists every setting."
    )
    return Problem(f"{_one_line(name)} in {where} is not a setting.", way_out)


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
