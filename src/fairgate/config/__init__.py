"""What can be set, and where each value came from. A name that nobody knows is refused in every source."""

from fairgate.config.settings import Settings, usable_cores
from fairgate.config.sources import (
    NOT_SETTINGS,
    Configured,
    Origin,
    OriginKind,
    Problem,
    load_settings,
    settings_problems,
)

__all__ = [
    "NOT_SETTINGS",
    "Configured",
    "Origin",
    "OriginKind",
    "Problem",
    "Settings",
    "load_settings",
    "settings_problems",
    "usable_cores",
]
