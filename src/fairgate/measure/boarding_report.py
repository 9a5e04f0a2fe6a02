"""Everything that the report of one boarding says, as one frozen tree; a page or a script only has to print it.

It holds no photo, no person's name and no score of a single comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from fairgate.measure.boarding import BoardingFigures
from fairgate.measure.endings import BandRow, Endings, count_endings
from fairgate.measure.evidence import CalibrationEvidence, HeldOutEvidence
from fairgate.measure.histogram import ScoreHistogram
from fairgate.measure.waiting import WaitingComparison

__all__ = [
    "BoardingReport",
    "CalibrationEvidence",
    "FlightFacts",
    "GalleryFacts",
    "HeldOutEvidence",
    "LedgerFacts",
    "PackFacts",
    "ReferenceLeftOut",
    "RulebookFacts",
]


@dataclass(frozen=True, slots=True)
class FlightFacts:
    """Which boarding it was.

    Args:
        flight_key: e.g. ``"FG420-2026-11-22-BOS"``.
        direction: ``entry`` or ``exit``.
        port: location code where the lane stands.
        staged_at: aware time when the gallery was built.
        list_findings: deviations found in the passenger list or among the reference photos, without names.
    """

    flight_key: str
    direction: str
    port: str
    staged_at: datetime
    list_findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceLeftOut:
    """A listed passenger without a reference in the gallery.

    Args:
        passenger_ref: opaque; never a name.
        state: ``no_photo``, ``not_enrollable``, ``not_asked`` or ``opted_out``.
        reason: stable reason or rule id, where there is one.
    """

    passenger_ref: str
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GalleryFacts:
    """The flight's gallery.

    Args:
        listed: passengers on the list.
        enrolled: of them, with a reference in the gallery.
        synthetic: distractors on top, made of numbers and not of faces; in no rate.
        left_out: everyone listed and not enrolled.
    """

    listed: int
    enrolled: int
    synthetic: int
    left_out: tuple[ReferenceLeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class PackFacts:
    """The models that compared the faces.

    Args:
        id: short name.
        title: one line for people.
        digest: hex SHA-256.
        licences: by stage, e.g. ``("embedder", "CC0-1.0")``.
    """

    id: str
    title: str
    digest: str
    licences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RulebookFacts:
    """The law as it was applied.

    Args:
        id: e.g. ``"us-cbp"``.
        sha256: hex digest of the rulebook.
        rules: rules consulted and how often, e.g. ``("air-exit-2025", 231)``.
        adopted: it was adopted; ``False`` in demo mode, which the page says.
    """

    id: str
    sha256: str
    rules: tuple[tuple[str, int], ...] = ()
    adopted: bool = True


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """The state of the append-only log when the report was made.

    Args:
        origin: the log's name.
        size: entries.
        root: root hash of the newest checkpoint, base64 as the checkpoint prints it.
    """

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class BoardingReport:
    """One boarding, told completely.

    Args:
        flight: which boarding.
        figures: every count and rate.
        gallery: who could be recognised at all.
        pack: the models.
        thresholds: the calibration records in use.
        rulebook: the rules applied.
        ledger: the proof that nothing was changed since.
        made_at: aware time.
        made_by: program and version, e.g. ``"fairgate 0.1.0"``.
        command: what to run to make it again; empty where there is no such thing.
        demonstration: the people, or some of them, were arranged; says where they are from. Empty at a gate.
        scores: only where the truth is known; bins, since a score of one comparison never leaves the service.
        endings: what became of everybody, as the queue and the gallery print it.
        bands: the list by band of age.
        waiting: how long people waited whom the machine let go on, and who declined.
    """

    flight: FlightFacts
    figures: BoardingFigures
    gallery: GalleryFacts
    pack: PackFacts
    thresholds: tuple[CalibrationEvidence, ...]
    rulebook: RulebookFacts
    ledger: LedgerFacts
    made_at: datetime
    made_by: str
    command: str = ""
    demonstration: str = ""
    scores: ScoreHistogram | None = None
    endings: Endings = field(default_factory=lambda: count_endings(()))
    bands: tuple[BandRow, ...] = ()
    waiting: WaitingComparison | None = None
