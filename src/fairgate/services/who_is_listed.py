"""Who on a list has which row of a gallery that is staged already, and which reference whoever is new gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fairgate.errors import StagingConflict
from fairgate.papers.paxlst.facts import passenger_ref
from fairgate.services.bookings import NOT_SAID, Booking, Listed, ListedAs
from fairgate.services.records import PassengerRecord, ReferenceState
from fairgate.vocabulary import Traveller

OPTED_OUT = ReferenceState.OPTED_OUT.value
"""The reason of a cancelled row whose passenger had opted out before; named again, they have opted out still."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody whom the list names.

    Args:
        traveller: the facts, with the reference that is theirs in the gallery.
        mention: by which they are known again; ``None`` where no place in a message is theirs alone.
        bookings: what they are booked on.
    """

    traveller: Traveller
    mention: str | None
    bookings: tuple[Booking, ...]

    @property
    def passenger_ref(self) -> str:
        """Return the reference."""
        return self.traveller.passenger_ref

    @property
    def listed(self) -> Listed:
        """Return what a gallery keeps of them."""
        return Listed(self.traveller, self.bookings)


def who_is_listed(
    travellers: Sequence[Traveller], listed_as: Mapping[str, ListedAs], rows: Sequence[PassengerRecord]
) -> list[Expected]:
    """Return everybody listed, each with the reference of their row, or with one that nobody has.

    A row is theirs whose mention is one of theirs: messages that come late may name somebody earlier than before, but
    never take a mention away. Of several such rows – a later message says that two people were one – the one that
    opted out counts, then one that is on the list, then the lowest.

    Args:
        travellers: everybody listed, references unique.
        listed_as: by those references, how the lists name them; one without is known by the reference.
        rows: of the gallery.
    """
    of_mention = {row.mention: row for row in rows if row.mention is not None}
    unmentioned = {row.passenger_ref: row for row in rows if row.mention is None and not row.synthetic}
    found: list[tuple[Traveller, ListedAs, PassengerRecord | None]] = []
    for traveller in travellers:
        listed = listed_as.get(traveller.passenger_ref, NOT_SAID)
        if traveller.passenger_ref not in listed_as:
            listed = ListedAs((traveller.passenger_ref,))
        own = [of_mention[mention] for mention in listed.mentions if mention in of_mention]
        row = min(own, key=_strength) if own else unmentioned.get(traveller.passenger_ref)
        found.append((traveller, listed, row))
    taken = {row.passenger_ref for row in rows}
    expected: list[Expected] = []
    number = 0
    for traveller, listed, row in found:
        reference = row.passenger_ref if row is not None else traveller.passenger_ref
        while row is None and reference in taken:
            number += 1
            reference = passenger_ref(number)
        taken.add(reference)
        mention = next(iter(listed.mentions), None) if row is None else row.mention
        expected.append(Expected(replace(traveller, passenger_ref=reference), mention, listed.bookings))
    return expected


def require_knowable(rows: Sequence[PassengerRecord]) -> None:
    """Refuse to change a gallery in which it cannot be said who is whom.

    Raises:
        StagingConflict: somebody listed has no mention.
    """
    unknown = sum(row.mention is None for row in rows if row.is_listed)
    if unknown:
        raise StagingConflict(
            f"Who is who cannot be told for {unknown} people listed, so the list cannot be changed: their messages "
            "have the same references, or an earlier Fairgate staged them.",
            way_out="Stage all messages in a new data folder.",
        )


def _strength(row: PassengerRecord) -> tuple[bool, bool, str]:
    opted_out = row.state is ReferenceState.OPTED_OUT or row.reason == OPTED_OUT
    return (not opted_out, not row.is_listed, row.passenger_ref)
