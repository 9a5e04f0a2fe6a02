"""Opting out: receipts, waiting times, notices at each location, reports of travellers."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
