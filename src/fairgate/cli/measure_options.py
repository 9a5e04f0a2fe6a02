"""What can be asked of a measurement: one set of options for every command that makes one."""

from __future__ import annotations

import functools
import inspect
import math
import os
import typing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.models import OptionInfo

if TYPE_CHECKING:
    from fairgate.measure.evaluate import Plan

SEED = 20261122
"""Of every draw unless another is asked for, so that a measurement can be repeated to the digit."""
NO_CROSSING = "none"


def _rate(value: float) -> float:
    if not 0.0 < value < 1.0:
        raise typer.BadParameter("a rate lies between 0 and 1, e.g. 1e-3.")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise typer.BadParameter("the number must be finite.")
    return value


def _folds(value: int) -> int:
    if value == 1:
        raise typer.BadParameter("there are 0 folds, or 2 and more.")
    return value


def _crossing(value: str) -> str:
    if value != NO_CROSSING:
        names = [name.strip() for name in value.split(",")]
        if len(names) != 2 or not all(names) or names[0] == names[1]:
            raise typer.BadParameter("name two attributes, e.g. sex,age_band, or none.")
    return value


def _writable(value: Path) -> Path:
    if value.is_dir() or not value.absolute().parent.is_dir():
        raise typer.BadParameter("it is a folder, or lies in none that exists.")
    return value


def _if_given(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Check a value, or each of several, where there is one at all."""

    def checked(value: object) -> object:
        if value is None:
            return None
        return [check(one) for one in value] if isinstance(value, list | tuple) else check(value)

    return checked


def _option(
    name: str,
    metavar: str,
    text: str,
    *,
    check: Callable[[Any], Any] | None = None,
    default: str = "",
    least: int | None = None,
) -> OptionInfo:
    """Return an option whose value is checked, and whose default is told in words: the plan decides it."""
    callback = _if_given(check) if check is not None else None
    told = f"{text} Default: {default}." if default else text
    option: OptionInfo = typer.Option(
        name, metavar=metavar, help=told, callback=callback, show_default=False, min=least
    )
    return option


Report = Annotated[
    Path | None,
    _option("--report", "HTML", "Write the report to this file: one page, no network needed.", check=_writable),
]
Out = Annotated[
    Path, _option("--out", "HTML", "Where the report goes.", check=_writable, default="fairgate-measuring-report.html")
]
Seed = Annotated[int, _option("--seed", "N", "Of every draw.", default=str(SEED), least=0)]
Resamples = Annotated[int | None, _option("--resamples", "N", "Rounds of each bootstrap.", default="1000", least=100)]
Confidence = Annotated[
    float | None, _option("--confidence", "SHARE", "Of every interval.", check=_rate, default="0.95")
]
Fmr = Annotated[
    list[float] | None,
    _option(
        "--fmr",
        "RATE",
        "False match rate to give the FNMR at; may be repeated.",
        check=_rate,
        default="1e-2 to 1e-6",
    ),
]
Title = Annotated[str, _option("--title", "TEXT", "What was measured, for the report's heading.")]
Threads = Annotated[int | None, _option("--threads", "N", "Threads to use.", default="every core", least=1)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a measurement, as given; what was not given is for the plan to decide."""

    fmr: Fmr = None
    at_fmr: Annotated[
        float | None,
        _option(
            "--at-fmr",
            "RATE",
            "FMR whose threshold serves groups, quality, attempts and attacks.",
            check=_rate,
            default="the lowest of 1e-4, 1e-3, 1e-2 and 0.1 that the data resolve",
        ),
    ] = None
    threshold: Annotated[
        float | None, _option("--threshold", "SCORE", "A fixed threshold for them instead of --at-fmr.", check=_finite)
    ] = None
    fpir: Annotated[
        float | None,
        _option("--fpir", "RATE", "FPIR to give the FNIR of searches at.", check=_rate, default="0.003"),
    ] = None
    gallery_size: Annotated[
        list[int] | None,
        _option("--gallery-size", "N", "References in a gallery; may be repeated.", default="420", least=1),
    ] = None
    extrapolate_to: Annotated[
        list[int] | None,
        _option(
            "--extrapolate-to",
            "N",
            "Gallery size to extrapolate to; may be repeated.",
            default="1000, 4200, 42000",
            least=1,
        ),
    ] = None
    attempts: Annotated[
        int | None,
        _option("--attempts", "N", "Most attempts that a transaction may take.", default="3", least=1),
    ] = None
    pad_threshold: Annotated[
        float | None,
        _option("--pad-threshold", "SCORE", "A PAD score at or above it is taken for an attack.", check=_finite),
    ] = None
    cross: Annotated[
        list[str] | None,
        _option(
            "--cross",
            "A,B",
            "Two attributes of groups to cross; may be repeated; none for no crossing.",
            check=_crossing,
            default="every two",
        ),
    ] = None
    folds: Annotated[
        int | None,
        _option(
            "--folds",
            "N",
            "Parts that people are dealt into for held-out rates; 0 for none.",
            check=_folds,
            default="10",
            least=0,
        ),
    ] = None
    resamples: Resamples = None
    confidence: Confidence = None
    seed: Seed = SEED
    title: Title = ""
    threads: Threads = None

    def plan(self) -> Plan:
        """Return what to measure.

        Raises:
            typer.BadParameter: two options exclude each other.
        """
        from fairgate.measure.evaluate import Plan

        if self.at_fmr is not None and self.threshold is not None:
            raise typer.BadParameter("--at-fmr and --threshold exclude each other.", param_hint="--threshold")
        crossings = None
        if self.cross:
            named = [tuple(name.strip() for name in pair.split(",")) for pair in self.cross if pair != NO_CROSSING]
            crossings = tuple((first, second) for first, second in named)
        given: dict[str, Any] = {
            "fmr_targets": tuple(dict.fromkeys(self.fmr or ())) or None,
            "at_fmr": self.at_fmr,
            "threshold": self.threshold,
            "fpir": self.fpir,
            "gallery_sizes": tuple(sorted(set(self.gallery_size or ()))) or None,
            "extrapolate_to": tuple(sorted(set(self.extrapolate_to or ()))) or None,
            "attempts": self.attempts,
            "pad_threshold": self.pad_threshold,
            "crossings": crossings,
            "folds": self.folds,
            "resamples": self.resamples,
            "confidence": self.confidence,
        }
        return Plan(**{name: value for name, value in given.items() if value is not None})

    def cores(self) -> int:
        """Return how many threads to use."""
        return self.threads or len(os.sched_getaffinity(0))


def takes_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every option of :class:`Asked`, handed to it as its argument ``asked``."""
    own = typing.get_type_hints(command, include_extras=True)
    asked = typing.get_type_hints(Asked, include_extras=True)
    declared = inspect.signature(command)
    defaults = Asked()
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=getattr(defaults, name), annotation=hint)
        for name, hint in asked.items()
    ]
    parameters: list[inspect.Parameter] = []
    for name, one in declared.parameters.items():
        parameters += added if name == "asked" else [one.replace(annotation=own[name])]

    @functools.wraps(command)
    def run(*positional: object, **options: object) -> None:
        given: dict[str, Any] = {name: options.pop(name) for name in asked}
        command(*positional, asked=Asked(**given), **options)

    run.__dict__["__signature__"] = declared.replace(parameters=parameters)
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run
