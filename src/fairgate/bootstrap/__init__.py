"""The only wiring: settings in, a house whose services have their stores, keys, clocks and engines handed in.

Nothing else names a concrete store, vault or worker. What is named here is imported when it is first used: an officer's
desk (:mod:`fairgate.bootstrap.officer`) opens without any engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairgate.bootstrap.calibration import calibrate
    from fairgate.bootstrap.house import House
    from fairgate.bootstrap.opening import open_house
    from fairgate.bootstrap.results import BoardingSummary, Check
    from fairgate.services.ports import Progress
    from fairgate.services.staging_report import StagingReport

__all__ = ["BoardingSummary", "Check", "House", "Progress", "StagingReport", "calibrate", "open_house"]

_LIES_IN = {
    "BoardingSummary": "fairgate.bootstrap.results",
    "Check": "fairgate.bootstrap.results",
    "House": "fairgate.bootstrap.house",
    "Progress": "fairgate.services.ports",
    "StagingReport": "fairgate.services.staging_report",
    "calibrate": "fairgate.bootstrap.calibration",
    "open_house": "fairgate.bootstrap.opening",
}


def __getattr__(name: str) -> object:
    if name not in _LIES_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LIES_IN[name]), name)
