"""What services need from the world, as Protocols. ``bootstrap`` hands in the concrete things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from fairgate.services.ports_corrections import CorrectionReads, CorrectionWrites
from fairgate.services.ports_lists import WriteListChanges
from fairgate.services.ports_manual import ManualReads, ManualWrites
from fairgate.services.ports_opting_out import OptingOutReads, OptingOutWrites
from fairgate.services.ports_rules import ReadRulebookChanges, WriteRulebookChanges
from fairgate.services.records import (
    CrossingRecord,
    FlightRecord,
    LedgerRow,
    PassengerRecord,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)
from fairgate.vocabulary import Actor, Photo, RecordClass

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Clock(Protocol):
    """The present moment, aware, in UTC."""

    def __call__(self) -> datetime:
        """Return now."""
        ...


class Timer(Protocol):
    """A monotonic clock for measuring stages."""

    def __call__(self) -> float:
        """Return seconds since an arbitrary start."""
        ...


class Entropy(Protocol):
    """Unpredictable bytes for salts, identifiers and keys."""

    def __call__(self, size: int, /) -> bytes:
        """Return ``size`` random bytes."""
        ...


class DecodedPhoto(Protocol):
    """Pixels that a worker process made of untrusted bytes."""

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """Return uint8, shape (height, width, 3), colour order RGB, origin top left, orientation applied."""
        ...


class Decoder(Protocol):
    """Decodes untrusted images outside this process."""

    def decode(self, content: memoryview | bytes, /) -> DecodedPhoto:
        """Return the pixels.

        Raises:
            ImageRefused: with a stable reason; the decoder remains usable.
        """
        ...


class LedgerSigner(Protocol):
    """Signs checkpoints."""

    @property
    def name(self) -> str:
        """Return the log's origin, which is also the key's name."""
        ...

    @property
    def public_key(self) -> bytes:
        """Return the 32 bytes of the Ed25519 public key."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Return the Ed25519 signature of a message."""
        ...


class Vault(Protocol):
    """The one door to image bytes and keys."""

    def seal(
        self, content: Photo | bytes, *, record_class: RecordClass, record_id: str, crossing_id: str, erase_by: datetime
    ) -> bytes:
        """Return an envelope that can be opened until its deadline, and only while its key exists."""
        ...

    def open(self, envelope: bytes, *, actor: Actor, purpose: str, ledger_index: int, now: datetime) -> bytes:
        """Return what was sealed.

        Args:
            envelope: as :meth:`seal` returned it.
            actor: who reads.
            purpose: one that the rulebook names.
            ledger_index: the entry in which this read was recorded, before it happened.
            now: the present moment; a clock set back does not revive anything.

        Raises:
            RecordExpired: the deadline has passed or the key is gone.
            VaultFault: the envelope was altered.
            PurposeRefused: no purpose was named.
        """
        ...

    def destroy_expired(self, now: datetime) -> Sequence[str]:
        """Destroy every key whose deadline has passed and return the keys' identifiers."""
        ...


class ReadTransaction(ManualReads, OptingOutReads, ReadRulebookChanges, CorrectionReads, Protocol):
    """What can be asked of a store; one consistent snapshot."""

    def flight(self, flight_key: str) -> FlightRecord | None:
        """Return a staged flight, or ``None``."""
        ...

    def flights(self) -> Sequence[FlightRecord]:
        """Return every staged flight, oldest first."""
        ...

    def passengers(self, flight_key: str) -> Sequence[PassengerRecord]:
        """Return a flight's gallery rows, by passenger reference, with the templates in force."""
        ...

    def reextraction(self, flight_key: str) -> Reextraction | None:
        """Return the change of pack that is under way, or ``None``."""
        ...

    def reextracted(self, flight_key: str) -> Sequence[ReextractedPassenger]:
        """Return what the change of pack under way has made so far, by passenger reference; withdrawn ones left out."""
        ...

    def reference_state(self, flight_key: str, passenger_ref: str) -> ReferenceState | None:
        """Return what became of one passenger's reference, or ``None`` for nobody listed."""
        ...

    def crossings(self, flight_key: str | None = None) -> Iterator[CrossingRecord]:
        """Yield crossings of one flight or of all, in the ledger's order."""
        ...

    def crossing_for(self, flight_key: str, capture_key: str) -> CrossingRecord | None:
        """Return the crossing of one capture, or ``None``."""
        ...

    def captures_recorded(self, flight_key: str) -> frozenset[str]:
        """Return the capture keys that already have a crossing."""
        ...

    def match_of(self, flight_key: str, passenger_ref: str) -> CrossingRecord | None:
        """Return the first crossing that matched this passenger and was not undone, or ``None``."""
        ...

    def stage_times(self, flight_key: str) -> Mapping[str, Sequence[float]]:
        """Return milliseconds by stage name, over the flight's crossings."""
        ...

    def ledger_size(self) -> int:
        """Return how many entries the ledger has."""
        ...

    def ledger_frontier(self) -> Sequence[bytes]:
        """Return the hashes of the tree's complete right-edge subtrees, largest first: all that an append needs."""
        ...

    def ledger_rows(self) -> Iterator[LedgerRow]:
        """Yield every ledger row, in order."""
        ...

    def ledger_row(self, index: int) -> LedgerRow | None:
        """Return one ledger row, or ``None`` where the ledger is not that long."""
        ...


class WriteTransaction(
    ReadTransaction, ManualWrites, OptingOutWrites, WriteRulebookChanges, WriteListChanges, CorrectionWrites, Protocol
):
    """One writer at a time; everything commits together when the block ends, or nothing does.

    ``AlreadyRecorded`` and ``StagingConflict`` are answers, after which the transaction goes on. After any other error
    nothing of the block is kept, even if the error is swallowed.
    """

    def add_flight(self, flight: FlightRecord) -> None:
        """Add a flight.

        Raises:
            StagingConflict: the flight exists with another list, pack or rulebook.
        """
        ...

    def mark_complete(self, flight_key: str, findings: Iterable[str]) -> None:
        """Note that every listed passenger has a row, and add those findings that are not noted yet."""
        ...

    def note_findings(self, flight_key: str, findings: Iterable[str]) -> None:
        """Add those findings that are not noted yet."""
        ...

    def put_passenger(self, passenger: PassengerRecord) -> None:
        """Add a gallery row with its templates; a row that exists is left as it is."""
        ...

    def withdraw_reference(self, flight_key: str, passenger_ref: str, state: ReferenceState) -> int:
        """Erase every template of one passenger, of any generation, note why, and return how many there were.

        Those of a generation that is being made are erased and not counted: they were never in force.
        """
        ...

    def begin_reextraction(self, flight_key: str, pack_digest: str, begun_at: datetime) -> Reextraction:
        """Begin a change of pack and return it; the one under way where it is to the same pack.

        Raises:
            StagingConflict: the gallery is not complete, is of that pack already, or is on its way to another.
        """
        ...

    def put_reextracted(self, passenger: ReextractedPassenger) -> bool:
        """Keep what became of one passenger, and say whether it was kept.

        It is not where the passenger is not enrolled any more, or has a result already in which no more is lost.

        Raises:
            StagingConflict: that generation is not being made any more.
        """
        ...

    def abandon_reextraction(self, flight_key: str) -> int:
        """Erase what a change of pack under way has made, and return how many templates that were."""
        ...

    def switch_generation(self, flight_key: str, generation: int) -> int:
        """Put the generation being made in force, erase all templates before it, and return how many those were.

        Gallery rows take over state and reason of what became of them; a distractor without a successor goes.

        Raises:
            StagingConflict: that generation is not being made any more, or somebody enrolled has no result in it.
        """
        ...

    def add_crossing(self, crossing: CrossingRecord) -> None:
        """Add a crossing; the ledger entry that commits to it is appended before the block ends.

        Raises:
            AlreadyRecorded: the capture has one.
            LedgerFault: the entry already stands for another crossing; or, on leaving the block, it is not there.
        """
        ...

    def add_stage_times(self, crossing_id: str, stage_ms: Mapping[str, float]) -> None:
        """Add how long each stage of a crossing took, in milliseconds."""
        ...

    def append_ledger(self, row: LedgerRow, frontier: Sequence[bytes]) -> None:
        """Append one entry with the frontier that holds after it.

        Raises:
            LedgerFault: the index is not the ledger's size, or the frontier is not one of ``index + 1`` entries.
        """
        ...

    def erase_photos(self, recorded_before: datetime) -> int:
        """Drop the envelopes of photos taken before a moment, whose keys are gone, and return how many."""
        ...


class Store(Protocol):
    """The one door to the database. Nothing read may be used after its block, iterators included."""

    def reading(self) -> AbstractContextManager[ReadTransaction]:
        """Open a snapshot."""
        ...

    def writing(self) -> AbstractContextManager[WriteTransaction]:
        """Open the one write transaction; waits for another writer, commits on leaving, rolls back on an exception."""
        ...


class Anchor(Protocol):
    """The newest checkpoint, kept outside the database, so that a ledger cut short with its database is seen."""

    def newest(self) -> bytes | None:
        """Return the newest signed note, or ``None`` before the first entry."""
        ...

    def advance(self, note: bytes, size: int) -> None:
        """Keep a note if it is of a larger log than the one kept."""
        ...


Progress = Callable[[int, int], None]
"""Called with (done, total) while long work goes on."""
