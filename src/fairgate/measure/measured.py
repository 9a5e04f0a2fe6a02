"""Everything that one measurement says, as one frozen tree; a page, a table or a script only has to print it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fairgate.measure.discard import Quality
from fairgate.measure.groups.figures import GroupFigures
from fairgate.measure.presentations import Presentations
from fairgate.measure.search_figures import Identification
from fairgate.measure.transactions import Transactions
from fairgate.measure.verification import Verification


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file.

    Args:
        name: as the command line named it, without folders.
        sha256: hex digest of its bytes.
        rows: comparisons in it.
    """

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Source:
    """What was measured.

    Args:
        files: in the order read.
        mated: comparisons of one person with themself.
        non_mated: comparisons of two people.
        failures: rows without a score.
        attacks: attack presentations.
        subjects: different people; ``None`` where the files do not say.
        columns: that the files have.
    """

    files: tuple[SourceFile, ...]
    mated: int
    non_mated: int
    failures: int
    attacks: int
    subjects: int | None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """Everything needed to repeat a measurement.

    Args:
        command: the command line.
        seed: of every draw.
        resamples: rounds of each bootstrap.
        folds: parts that people were dealt into for held-out rates; 0 without.
        confidence: of intervals, unless an attribute's simultaneous ones say otherwise.
        made_at: aware time.
        made_by: program and version.
        pack: id and digest of the pack that made the scores; ``None`` where the files came from elsewhere.
        notes: what was left out or bounded, in whole sentences.
    """

    command: str
    seed: int
    resamples: int
    folds: int
    confidence: float
    made_at: datetime
    made_by: str
    pack: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement.

    Args:
        title: a line for people, e.g. the name of the data set.
        source: what was measured.
        method: how.
        verification: ``None`` where the files hold no mated or no non-mated comparison.
        identification: ``None`` where there are no searches.
        transactions: ``None`` where the files tell neither attempts nor failures.
        groups: one for each attribute and crossing.
        quality: ``None`` without a quality column.
        presentations: ``None`` without a column of attacks.
    """

    title: str
    source: Source
    method: Method
    verification: Verification | None
    identification: Identification | None
    transactions: Transactions | None
    groups: tuple[GroupFigures, ...]
    quality: Quality | None
    presentations: Presentations | None
