"""Machine-readable zones: TD1, TD2, TD3, MRV-A and MRV-B, read and built.

``read_mrz`` is lenient and reports every deviation; ``build.build_mrz`` is strict. Source: ICAO Doc 9303, parts 3 to 7.
"""

from fairgate.papers.mrz.facts import MrzFindingCode, MrzRead
from fairgate.papers.mrz.formats import MrzKind
from fairgate.papers.mrz.reader import read_mrz

__all__ = ["MrzFindingCode", "MrzKind", "MrzRead", "read_mrz"]
