"""Say what a staged gallery holds, and how far a change of its pack has come; nothing sealed is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fairgate.errors import NothingStaged
from fairgate.measure.endings import Endings
from fairgate.services.manual_counts import endings_of
from fairgate.services.ports import Store
from fairgate.services.records import ReferenceState
from fairgate.vocabulary import Direction, LaneKind


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A change of pack that has not been switched to.

    Args:
        pack_digest: of the new pack.
        generation: being made.
        done: enrolled passengers who have a result.
        lost: templates that would have no successor, by what was found so far.
    """

    pack_digest: str
    generation: int
    done: int
    lost: int


@dataclass(frozen=True, slots=True)
class GalleryFacts:
    """One gallery.

    Args:
        flight_key: names it.
        lane: the kind of lane that it is for.
        direction: which way the border is crossed there.
        port: where the lane stands.
        flights: in it; none of a gallery staged before these were noted.
        lists: files that it was staged from.
        complete: whether anybody may board with it.
        pack_digest: of the pack of the templates in force.
        generation: of those.
        listed: passengers on the list.
        enrolled: of them, with a template in force.
        templates: theirs; envelopes past their deadline are among them until somebody tries to open them.
        distractors: synthetic rows.
        under_way: the change of pack, if one is.
        endings: what became of everybody who walked up, as every report counts it.
    """

    flight_key: str
    lane: LaneKind
    direction: Direction
    port: str
    flights: tuple[str, ...]
    lists: int
    complete: bool
    pack_digest: str
    generation: int
    listed: int
    enrolled: int
    templates: int
    distractors: int
    under_way: UnderWay | None
    endings: Endings


def describe_gallery(store: Store, flight_key: str, now: datetime) -> GalleryFacts:
    """Return what there is to say of a gallery.

    Args:
        store: holds it.
        flight_key: names it.
        now: until when those wait who wait for an officer.

    Raises:
        NothingStaged: there is no such flight.
    """
    with store.reading() as transaction:
        flight = transaction.flight(flight_key)
        rows = transaction.passengers(flight_key)
        under_way = transaction.reextraction(flight_key)
        results = transaction.reextracted(flight_key)
        endings = endings_of(transaction, flight_key, now)
    if flight is None:
        raise NothingStaged(f"The flight {flight_key} is not staged.", way_out="Run `fairgate stage` for it first.")
    listed = [row for row in rows if row.is_listed]
    return GalleryFacts(
        flight_key=flight_key,
        lane=flight.lane,
        direction=flight.direction,
        port=flight.port,
        flights=flight.flights,
        lists=len(flight.files),
        complete=flight.complete,
        pack_digest=flight.pack_digest,
        generation=flight.generation,
        listed=len(listed),
        enrolled=sum(row.state is ReferenceState.ENROLLED for row in listed),
        templates=sum(len(row.sealed_templates) for row in listed),
        distractors=sum(row.synthetic for row in rows),
        under_way=None
        if under_way is None
        else UnderWay(
            under_way.pack_digest, under_way.generation, len(results), sum(result.lost for result in results)
        ),
        endings=endings,
    )
