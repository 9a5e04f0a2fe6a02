"""Find one face under two identities: the references of one opened flight compared among themselves.

Whatever is found, both passengers see an officer; nobody is denied anything. Scores stay here. The check is entered in
the ledger with counts and the threshold's identifier before anybody learns of it, and who was found is kept nowhere:
asking again gives the same answer for as long as the references live.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from fairgate.face.pack import CalibrationRecord
from fairgate.gallery.alike import AlikePairs, find_alike
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.services.append_entry import Registrar
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Store
from fairgate.services.shared_faces import PairKind, SharedFace, shared_face
from fairgate.vocabulary import Actor

ThresholdFor = Callable[[int], CalibrationRecord]
"""Called with how many references a list has; raises CalibrationMissing where no record holds for so many."""


@dataclass(frozen=True, slots=True)
class SharedFaces:
    """What comparing a list among itself found.

    Args:
        flight_key: whose list.
        passengers: of the list, those with a reference.
        templates: references compared; a passenger may have several, and any of them counts.
        comparisons: references of different passengers compared.
        expired: passengers whose references are past their deadline and were not compared.
        threshold_id: calibration record of the threshold.
        resolvable: the threshold was counted; else it is extrapolated.
        same_photo_id: calibration record by which one photo is told; ``None`` where the pack has none, so that no pair
            is called one photo.
        pairs: both passengers of each see an officer; by passenger reference, since a rank would tell of scores.
        left_out: further pairs, which are too many to list.
    """

    flight_key: str
    passengers: int
    templates: int
    comparisons: int
    expired: int
    threshold_id: str
    resolvable: bool
    same_photo_id: str | None
    pairs: tuple[SharedFace, ...]
    left_out: int

    def of_passenger(self) -> dict[str, SharedFace]:
        """Return the first pair of every passenger who is in one."""
        found: dict[str, SharedFace] = {}
        for pair in self.pairs:
            found.setdefault(pair.first, pair)
            found.setdefault(pair.second, pair)
        return found


class FindSharedFaces:
    """Compares the lists of opened flights among themselves.

    Args:
        threshold_for: by the number of references.
        same_photo: tells one photo used twice, where the pack can.
        store: keeps the ledger.
        rules: names the purpose.
        registrar: appends to the ledger.
        clock: the present.
        actor: who asks.
    """

    def __init__(
        self,
        threshold_for: ThresholdFor,
        same_photo: CalibrationRecord | None,
        *,
        store: Store,
        rules: LaneRules,
        registrar: Registrar,
        clock: Clock,
        actor: Actor,
    ) -> None:
        self._threshold_for = threshold_for
        self._same_photo = same_photo
        self._store = store
        self._rules = rules
        self._registrar = registrar
        self._clock = clock
        self._actor = actor

    def __call__(self, opened: OpenedFlight) -> SharedFaces:
        """Compare every two passengers, and return the pairs once the check is in the ledger.

        Raises:
            CalibrationMissing: no threshold holds for so many references, so the list cannot be checked.
            LedgerFault: the check could not be entered, so there is no answer.
        """
        templates = opened.gallery.templates()
        threshold = self._threshold_for(len(templates))
        alike = find_alike(
            templates,
            threshold.threshold,
            pack_digest=opened.flight.pack_digest,
            bound=threshold.gallery_size or max(1, len(templates)),
        )
        pairs = tuple(
            shared_face(
                opened.travellers[pair.first],
                opened.travellers[pair.second],
                one_photo=self._same_photo is not None and pair.score >= self._same_photo.threshold,
            )
            for pair in alike.pairs
        )
        self._enter(opened, alike, threshold, pairs)
        return SharedFaces(
            flight_key=opened.flight.flight_key,
            passengers=alike.passengers,
            templates=alike.templates,
            comparisons=alike.comparisons,
            expired=opened.expired,
            threshold_id=threshold.id,
            resolvable=threshold.resolvable,
            same_photo_id=self._same_photo.id if self._same_photo else None,
            pairs=tuple(sorted(pairs, key=lambda pair: (pair.first, pair.second))),
            left_out=alike.left_out,
        )

    def _enter(
        self, opened: OpenedFlight, alike: AlikePairs, threshold: CalibrationRecord, pairs: tuple[SharedFace, ...]
    ) -> None:
        kinds = Counter(pair.kind for pair in pairs)
        entry = Entry(
            kind=EntryKind.SHARED_FACES,
            at=self._clock(),
            actor=self._actor,
            purpose=self._rules.purpose,
            rulebook_sha256=self._rules.rulebook_sha256,
            pack_sha256=opened.flight.pack_digest,
            threshold_id=threshold.id,
            counts=(
                ("passengers", alike.passengers),
                ("templates", alike.templates),
                ("comparisons", alike.comparisons),
                ("left_out", alike.left_out),
                *((kind.value, kinds[kind]) for kind in PairKind),
            ),
        )
        with self._store.writing() as transaction:
            row = self._registrar.append(transaction, entry)
        self._registrar.committed(row)
