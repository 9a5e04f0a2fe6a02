"""What officers corrected stays corrected, whatever later messages say of the same person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fairgate.services.correction_records import Standing, standing_of
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.ports import Store
from fairgate.services.records import PassengerRecord
from fairgate.services.who_is_listed import Expected
from fairgate.vocabulary import Traveller


class KeepCorrected:
    """Puts corrected facts in place of those that a list repeats.

    Args:
        store: knows what was corrected.
        open_gallery: opens the corrected facts, the read entered first; only where something was corrected.
    """

    def __init__(self, store: Store, open_gallery: OpenGallery) -> None:
        self._store = store
        self._open_gallery = open_gallery

    def standing(self, flight_key: str) -> Mapping[str, Standing]:
        """Return what the corrections of a flight hold to, by passenger reference."""
        with self._store.reading() as transaction:
            return standing_of(transaction.corrections(flight_key))

    def __call__(
        self, flight_key: str, expected: Sequence[Expected], rows: Sequence[PassengerRecord]
    ) -> Sequence[Expected]:
        """Return everybody listed, as corrected where what the list said of them has not expired."""
        standing = self.standing(flight_key)
        if not standing:
            return expected
        corrected = [row for row in rows if row.passenger_ref in standing and row.sealed_traveller is not None]
        known = self._open_gallery.travellers(corrected)
        return [
            replace(one, traveller=_as_corrected(one.traveller, known[one.passenger_ref], standing[one.passenger_ref]))
            if one.passenger_ref in known
            else one
            for one in expected
        ]


def _as_corrected(listed: Traveller, known: Traveller, standing: Standing) -> Traveller:
    facts: dict[str, Any] = {name: getattr(known, name) for name in standing.facts}
    return replace(listed, **facts)
