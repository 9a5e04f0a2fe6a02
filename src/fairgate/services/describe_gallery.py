"""Say what a staged gallery holds, and how far a change of its pack has come; nothing sealed is opened."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.errors import NothingStaged
from fairgate.services.ports import Store
from fairgate.services.records import ReferenceState


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
        complete: whether anybody may board with it.
        pack_digest: of the pack of the templates in force.
        generation: of those.
        listed: passengers on the list.
        enrolled: of them, with a template in force.
        templates: theirs; envelopes past their deadline are among them until somebody tries to open them.
        distractors: synthetic rows.
        under_way: the change of pack, if one is.
    """

    flight_key: str
    complete: bool
    pack_digest: str
    generation: int
    listed: int
    enrolled: int
    templates: int
    distractors: int
    under_way: UnderWay | None


def describe_gallery(store: Store, flight_key: str) -> GalleryFacts:
    """Return what there is to say of a gallery.

    Raises:
        NothingStaged: there is no such flight.
    """
    with store.reading() as transaction:
        flight = transaction.flight(flight_key)
        rows = transaction.passengers(flight_key)
        under_way = transaction.reextraction(flight_key)
        results = transaction.reextracted(flight_key)
    if flight is None:
        raise NothingStaged(f"The flight {flight_key} is not staged.", way_out="Run `fairgate stage` for it first.")
    listed = [row for row in rows if not row.synthetic]
    return GalleryFacts(
        flight_key=flight_key,
        complete=flight.complete,
        pack_digest=flight.pack_digest,
        generation=flight.generation,
        listed=len(listed),
        enrolled=sum(row.state is ReferenceState.ENROLLED for row in listed),
        templates=sum(len(row.sealed_templates) for row in listed),
        distractors=len(rows) - len(listed),
        under_way=None
        if under_way is None
        else UnderWay(
            under_way.pack_digest, under_way.generation, len(results), sum(result.lost for result in results)
        ),
    )
