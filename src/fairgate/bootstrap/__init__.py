"""The only wiring: settings in, a house whose services have their stores, keys, clocks and engines handed in.

Nothing else names a concrete store, vault or worker.
"""

from fairgate.bootstrap.calibration import calibrate
from fairgate.bootstrap.house import House
from fairgate.bootstrap.opening import open_house
from fairgate.bootstrap.results import BoardingSummary, Check
from fairgate.services.ports import Progress
from fairgate.services.staging_report import StagingReport

__all__ = ["BoardingSummary", "Check", "House", "Progress", "StagingReport", "calibrate", "open_house"]
