"""Quality of a capture, one component a file; modelled on ISO/IEC 29794-5:2025 and not claiming conformance to it."""

from fairgate.face.quality.assess import QualityReport, assess
from fairgate.face.quality.component import Component
from fairgate.face.quality.gate import QualityGate

__all__ = ["Component", "QualityGate", "QualityReport", "assess"]
