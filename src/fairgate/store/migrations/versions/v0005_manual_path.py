"""The manual path: the officer's queue, manual results, matches undone."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
