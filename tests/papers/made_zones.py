"""Zones that tests make up, by hypothesis."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from fairgate.papers.document_facts import DocumentFacts
from fairgate.papers.mrz.formats import MrzKind
from fairgate.simulate.made_zones import LETTERS, ON
from fairgate.simulate.made_zones import made_facts as made

__all__ = ["LETTERS", "ON", "kinds_and_facts", "made"]


def kinds_and_facts() -> st.SearchStrategy[tuple[MrzKind, DocumentFacts]]:
    """Return a strategy for a kind and facts that fit it."""
    seeded = st.integers(min_value=0, max_value=2**32)
    return st.tuples(st.sampled_from(MrzKind), seeded).map(lambda drawn: (drawn[0], made(drawn[0], Random(drawn[1]))))
