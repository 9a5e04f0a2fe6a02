"""How a command line names whoever is answerable: ``KIND:ID``."""

from __future__ import annotations

import typer

from fairgate.vocabulary import Actor, ActorKind


def read_actor(text: str, *kinds: ActorKind) -> Actor:
    """Return the actor of ``KIND:ID``.

    Args:
        text: e.g. ``officer:o-17``.
        kinds: those that may act here; all where none is named.

    Raises:
        typer.BadParameter: the kind is none of them, or the identifier is missing.
    """
    kind, _, identifier = text.partition(":")
    allowed = kinds or tuple(ActorKind)
    if kind not in {one.value for one in allowed} or not identifier:
        words = ", ".join(one.value for one in allowed)
        raise typer.BadParameter(f"KIND:ID is wanted, the kind being one of {words}.")
    return Actor(ActorKind(kind), identifier)
