"""Where rulebooks lie: inside Fairgate, as package data."""

from __future__ import annotations

import importlib.resources

from fairgate.errors import RulebookRefused
from fairgate.rules.rulebook import Rulebook, read_rulebook


def rulebook_names() -> tuple[str, ...]:
    """Return the names of all rulebooks, sorted."""
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in _folder().iterdir() if entry.name.endswith(".toml"))
    )


def open_rulebook(name: str) -> Rulebook:
    """Read and check one rulebook.

    Raises:
        RulebookRefused: there is none of that name, or it is not sound.
    """
    return read_rulebook(rulebook_text(name))


def rulebook_text(name: str) -> str:
    """Return one rulebook as TOML, unread.

    Raises:
        RulebookRefused: there is none of that name.
    """
    if name not in rulebook_names():
        raise RulebookRefused(f"There is no rulebook {name!r}.", way_out=f"Use one of: {', '.join(rulebook_names())}.")
    return _folder().joinpath(f"{name}.toml").read_text("utf-8")


def _folder() -> importlib.resources.abc.Traversable:
    return importlib.resources.files("fairgate.rules").joinpath("rulebooks")
