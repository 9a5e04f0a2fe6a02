"""The settings: names, types, units, bounds and defaults."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

_NAME_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")


def usable_cores() -> int:
    """Return how many cores this process may use; at least 1."""
    return len(os.sched_getaffinity(0)) or 1


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("number", "a number is wanted, not yes or no")
    return value


def _within_cores(value: int) -> int:
    if value > usable_cores():
        raise PydanticCustomError("cores", "this machine lets Fairgate use {cores} cores", {"cores": usable_cores()})
    return value


def _named_folder(value: object) -> object:
    if not str(value) or "\0" in str(value):
        raise PydanticCustomError("folder", "the name of a folder is wanted")
    return value


def _absolute(value: Path) -> Path:
    try:
        return value.expanduser().absolute()
    except RuntimeError as error:  # "~somebody" whom this machine does not know
        raise PydanticCustomError("folder", "the home folder in that name is not known") from error


def _a_name(value: str) -> str:
    if not value or not set(value) <= _NAME_LETTERS or not value[0].isalnum():
        raise PydanticCustomError("name", "a name of small letters, digits, dots and dashes is wanted")
    return value


def _a_location(value: str) -> str:
    if len(value) not in {3, 5} or not value.isascii() or not value.isalnum() or value != value.upper():
        raise PydanticCustomError("location", "a code like BOS or USBOS is wanted")
    return value


def _a_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise PydanticCustomError("zone", "the name of a time zone that this machine knows is wanted") from error
    return value


def _a_lane(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", value):
        raise PydanticCustomError("lane", "a name of letters, digits, dots, dashes and underscores is wanted")
    return value


_Whole = Annotated[int, BeforeValidator(_no_boolean)]
_Folder = Annotated[Path, BeforeValidator(_named_folder), AfterValidator(_absolute)]
_Name = Annotated[str, AfterValidator(_a_name)]
_Zone = Annotated[str, AfterValidator(_a_zone)]
_Location = Annotated[str, AfterValidator(_a_location)]
_Lane = Annotated[str, AfterValidator(_a_lane)]


class Settings(BaseSettings):
    """Every setting, validated; unknown names are refused.

    Constructing it reads nothing but what is handed in: :func:`load_settings` is the one place that reads sources.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    data_dir: _Folder = Field(
        default_factory=lambda: platformdirs.user_data_path("fairgate"),
        description="Folder of the database, the key slots, the checkpoints and the log; made with mode 700.",
        json_schema_extra={"unit": "folder"},
    )
    cache_dir: _Folder = Field(
        default_factory=lambda: platformdirs.user_cache_path("fairgate"),
        description="Folder of what can be made again: the models converted from a pack's source files.",
        json_schema_extra={"unit": "folder"},
    )
    packs_dir: _Folder = Field(
        default_factory=lambda: platformdirs.user_data_path("fairgate") / "packs",
        description="Folder of the packs that `fairgate packs add` put there, one folder each.",
        json_schema_extra={"unit": "folder"},
    )
    pack: _Name = Field(
        default="dlib-cc0",
        description="Name of the pack whose models detect, align and compare faces (`fairgate packs list`).",
        json_schema_extra={"unit": "name"},
    )
    rulebook: _Name = Field(
        default="us-cbp",
        description="Name of the rulebook that says who may be asked, on what basis, and how long records are kept.",
        json_schema_extra={"unit": "name"},
    )
    demo_mode: bool = Field(
        default=False,
        description=(
            "Work by a rulebook that nobody adopted, and say so on every output. For demonstrations; nobody may be "
            "boarded by it, and a data folder that has adopted a rulebook refuses it."
        ),
        json_schema_extra={"unit": "true or false"},
    )
    trust_dir: _Folder | None = Field(
        default=None,
        description=(
            "Folder of whom to believe about passports: master lists, PKD exports, CSCA certificates and revocation "
            "lists. Unset: `--trust` names them."
        ),
        json_schema_extra={"unit": "folder"},
    )
    port: _Location | None = Field(
        default=None,
        description="Where the lanes stand: IATA code (BOS) or UN/LOCODE (USBOS). Unset: as the passenger list says.",
        json_schema_extra={"unit": "location code"},
    )
    lane: _Lane = Field(
        default="lane-1",
        description="Name of the lane at this place where no list names one: the place whose notices must hang.",
        json_schema_extra={"unit": "name"},
    )
    port_time_zone: _Zone = Field(
        default="UTC",
        description="Time zone of that port, by its IANA name (America/New_York): a dated rule begins with its day.",
        json_schema_extra={"unit": "zone name"},
    )
    ledger_name: _Name = Field(
        default="fairgate.local",
        description="Name of the ledger, which its checkpoints are signed under; fixed once the first entry is made.",
        json_schema_extra={"unit": "name"},
    )
    threads: Annotated[_Whole, AfterValidator(_within_cores)] = Field(
        default_factory=usable_cores,
        ge=1,
        description="Threads of the face engine in this process. Unset: every core that this process may use.",
        json_schema_extra={"unit": "threads"},
    )
    execution_provider: Literal["cpu", "cuda"] = Field(
        default="cpu",
        description=(
            "Where networks run. cuda needs ONNX Runtime's package for it; its features are compared with the CPU's "
            "at each start, and refused where they differ by more than 1e-3."
        ),
        json_schema_extra={"unit": "name"},
    )
    smallest_reference_face_px: _Whole = Field(
        default=80,
        ge=40,
        le=2000,
        description=(
            "Width of the smallest face looked for in a reference photo, after a small photo was enlarged. "
            "Larger is quicker and misses more."
        ),
        json_schema_extra={"unit": "px"},
    )
    smallest_probe_face_px: _Whole = Field(
        default=80,
        ge=40,
        le=2000,
        description="The same for a captured photo: the smallest face that this place cares about.",
        json_schema_extra={"unit": "px"},
    )
    photo_max_mb: _Whole = Field(
        default=20,
        ge=1,
        le=200,
        description="Largest image file that is read at all.",
        json_schema_extra={"unit": "MB"},
    )
    decode_max_megapixels: _Whole = Field(
        default=25,
        ge=1,
        le=200,
        description="Largest image that a decode worker opens.",
        json_schema_extra={"unit": "MP"},
    )
    decode_max_memory_mb: _Whole = Field(
        default=600,
        ge=256,
        le=8192,
        description="Memory that one decode worker may use.",
        json_schema_extra={"unit": "MB"},
    )
    decode_max_cpu_seconds: _Whole = Field(
        default=3,
        ge=1,
        le=60,
        description="Processor time that decoding one image may take.",
        json_schema_extra={"unit": "s"},
    )
    decode_images_per_worker: _Whole = Field(
        default=200,
        ge=1,
        le=100_000,
        description="Images after which a decode worker is replaced by a fresh one.",
        json_schema_extra={"unit": "images"},
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="What the log file in the data folder takes down; `--debug` sets it to debug.",
        json_schema_extra={"unit": "level"},
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return only what is handed in, so that a test never depends on the machine it runs on."""
        return (init_settings,)
