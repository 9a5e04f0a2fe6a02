"""What is staged for a gallery, and what the last staging changed in it."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.errors import StagingConflict
from fairgate.services.ports import Store
from fairgate.services.records import ReferenceState
from fairgate.vocabulary import LaneKind


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """A listed passenger without a reference in the gallery.

    Args:
        passenger_ref: who, opaquely.
        state: why.
        reason: stable reason or rule id.
    """

    passenger_ref: str
    state: ReferenceState
    reason: str | None


@dataclass(frozen=True, slots=True)
class ListChange:
    """What later messages changed in a gallery that was staged before.

    Args:
        added: people named who had no row, or were cancelled before.
        cancelled: people taken off, whose templates and list entries are erased.
        changed: people whose facts are others now, with the reference they had.
        not_asked: of those enrolled, whom no rule lets ask any more; their templates are erased.
        enrolled_anew: of those enrolled, whose documents or standing are others now; their templates are erased, and
            made again from the photos given.
        boarded: people taken off who had boarded already; they stay as they are, for an officer.
    """

    added: int
    cancelled: int
    changed: int
    not_asked: int
    enrolled_anew: int
    boarded: int

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return the counts by name, as the ledger has them."""
        return tuple((name, getattr(self, name)) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class StagingReport:
    """What staging did.

    Args:
        flight_key: names the gallery.
        listed: passengers on the list.
        enrolled: of them, with a reference in the gallery.
        not_enrolled: all the others.
        unlisted_photos: reference photos that belong to nobody on the list; none of them was opened.
        distractors: synthetic rows.
        templates: reference templates of those enrolled; a passenger may have several.
        findings: deviations in the lists or the photos, without names.
        lane: the kind of lane that the gallery is for.
        flights: in it, where its name does not say so.
        change: what later messages changed, where this run took them over.
    """

    flight_key: str
    listed: int
    enrolled: int
    not_enrolled: tuple[NotEnrolled, ...]
    unlisted_photos: int
    distractors: int
    templates: int
    findings: tuple[str, ...]
    lane: LaneKind = LaneKind.BOARDING
    flights: tuple[str, ...] = ()
    change: ListChange | None = None


def report_staging(
    store: Store, flight_key: str, *, unlisted_photos: int = 0, change: ListChange | None = None
) -> StagingReport:
    """Return what is staged for a gallery.

    Raises:
        StagingConflict: nothing is.
    """
    with store.reading() as transaction:
        flight = transaction.flight(flight_key)
        rows = transaction.passengers(flight_key)
    if flight is None:
        raise StagingConflict(f"The flight {flight_key} is not staged.")
    listed = [row for row in rows if row.is_listed]
    return StagingReport(
        flight_key=flight_key,
        listed=len(listed),
        enrolled=sum(row.state is ReferenceState.ENROLLED for row in listed),
        not_enrolled=tuple(
            NotEnrolled(row.passenger_ref, row.state, row.reason)
            for row in listed
            if row.state is not ReferenceState.ENROLLED
        ),
        unlisted_photos=unlisted_photos,
        distractors=sum(row.synthetic for row in rows),
        templates=sum(len(row.sealed_templates) for row in listed),
        findings=flight.findings,
        lane=flight.lane,
        flights=flight.flights,
        change=change,
    )
