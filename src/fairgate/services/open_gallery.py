"""Open a flight's sealed templates and list for a stated purpose, the read entered in the ledger before it happens."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from fairgate.errors import NothingStaged, PackMismatch, RecordExpired
from fairgate.gallery.flight_gallery import FlightGallery
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.services.append_entry import Registrar
from fairgate.services.bookings import Booking, Listed
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Store
from fairgate.services.ports_deadlines import DeadlineVault
from fairgate.services.records import FlightRecord, PassengerRecord
from fairgate.services.sealed_forms import bookings_from_bytes, template_from_bytes, traveller_from_bytes
from fairgate.vocabulary import Actor, Template, Traveller


@dataclass(frozen=True, slots=True)
class OpenedFlight:
    """A flight ready for boarding; it lives in memory only.

    Args:
        flight: as staged.
        gallery: enrolled references and synthetic distractors; each template counts towards its bound and size.
        references: passenger reference to a gallery of that passenger's templates alone, for those enrolled.
        travellers: passenger reference to listed facts, for everybody listed whose entry has not expired.
        expired: how many enrolled passengers' references are past their deadline and therefore not in the gallery.
        left_out: passenger reference to the stable reason why somebody listed has no reference, where one is noted.
        bookings: passenger reference to what they are booked on, for those of ``travellers``.
        expires: moment and passenger reference, the soonest first: from then on nobody is compared with that reference.
        ledger_size: entries in the ledger when all this was read; a correction entered since then is not in it.
    """

    flight: FlightRecord
    gallery: FlightGallery
    references: Mapping[str, FlightGallery]
    travellers: Mapping[str, Traveller]
    expired: int = 0
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bookings: Mapping[str, tuple[Booking, ...]] = field(default_factory=lambda: MappingProxyType({}))
    expires: tuple[tuple[datetime, str], ...] = ()
    ledger_size: int = 0


class OpenGallery:
    """Opens what staging sealed.

    Args:
        store: holds the envelopes.
        vault: opens them.
        rules: names the purpose.
        registrar: enters the read in the ledger first.
        clock: the present.
        actor: who reads.
    """

    def __init__(
        self, *, store: Store, vault: DeadlineVault, rules: LaneRules, registrar: Registrar, clock: Clock, actor: Actor
    ) -> None:
        self._store = store
        self._vault = vault
        self._rules = rules
        self._registrar = registrar
        self._clock = clock
        self._actor = actor

    def __call__(self, flight_key: str, *, pack_digest: str) -> OpenedFlight:
        """Return a staged flight, opened.

        Raises:
            NothingStaged: the flight is not staged, or its staging is not complete.
            PackMismatch: it was staged with another pack.
            RecordExpired: every one of its references is past its deadline; single ones are left out.
        """
        with self._store.reading() as transaction:
            flight = transaction.flight(flight_key)
            rows = transaction.passengers(flight_key)
            ledger_size = transaction.ledger_size()
        if flight is None or not flight.complete:
            raise NothingStaged(
                f"The flight {flight_key} has no complete gallery.", way_out="Run `fairgate stage` for it first."
            )
        if flight.pack_digest != pack_digest:
            raise PackMismatch(
                f"The flight {flight_key} has a gallery of another pack.",
                way_out=f"Board with that pack, or run `fairgate gallery reextract {flight_key} --references PATH`.",
            )
        templates = self.templates(flight, rows)
        listed = self.listed(rows)
        travellers = {passenger_ref: one.traveller for passenger_ref, one in listed.items()}
        synthetic = {row.passenger_ref for row in rows if row.synthetic}
        enrolled: dict[str, list[Template]] = {}
        for one in templates:
            if one.passenger_ref in travellers:
                enrolled.setdefault(one.passenger_ref, []).append(one)
        staged = sum(bool(row.sealed_templates) and not row.synthetic for row in rows)
        if staged and not enrolled:
            raise RecordExpired(
                f"Every reference of the flight {flight_key} is past its deadline.",
                way_out="Stage it in a new data folder.",
            )
        return OpenedFlight(
            flight=flight,
            gallery=FlightGallery(
                name=flight_key,
                bound=max(1, sum(len(row.sealed_templates) for row in rows)),
                pack_digest=pack_digest,
                templates=(one for own in enrolled.values() for one in own),
                distractors=(one.features for one in templates if one.passenger_ref in synthetic),
            ),
            references=MappingProxyType(
                {
                    passenger_ref: FlightGallery(
                        name=flight_key, bound=len(own), pack_digest=pack_digest, templates=own
                    )
                    for passenger_ref, own in enrolled.items()
                }
            ),
            travellers=MappingProxyType(travellers),
            expired=staged - len(enrolled),
            left_out=MappingProxyType(
                {row.passenger_ref: row.reason for row in rows if row.reason is not None and not row.synthetic}
            ),
            bookings=MappingProxyType({passenger_ref: one.bookings for passenger_ref, one in listed.items()}),
            expires=self._expiries(rows, enrolled),
            ledger_size=ledger_size,
        )

    def _expiries(self, rows: Sequence[PassengerRecord], enrolled: Container[str]) -> tuple[tuple[datetime, str], ...]:
        """Return when the first template of each enrolled passenger goes; all of theirs leave the memory with it."""
        return tuple(
            sorted(
                (min(map(self._vault.deadline, row.sealed_templates)), row.passenger_ref)
                for row in rows
                if row.passenger_ref in enrolled and row.sealed_templates
            )
        )

    def templates(self, flight: FlightRecord, rows: Sequence[PassengerRecord]) -> tuple[Template, ...]:
        """Return the templates in force that are not past their deadline."""
        sealed = [(row.passenger_ref, envelope) for row in rows for envelope in row.sealed_templates]
        return tuple(
            template_from_bytes(content, passenger_ref=passenger_ref, pack_digest=flight.pack_digest)
            for passenger_ref, content in self.contents(sealed, flight.pack_digest)
        )

    def contents(self, sealed: Sequence[tuple[str, bytes]], pack_digest: str) -> Iterator[tuple[str, bytes]]:
        """Yield the plaintext of sealed templates, each with its passenger; those past their deadline are left out.

        Args:
            sealed: passenger reference and envelope.
            pack_digest: of the pack that made them, for the ledger.
        """
        return self._open_all(sealed, self._enter_read("templates", len(sealed), pack_digest))

    def travellers(self, rows: Sequence[PassengerRecord]) -> dict[str, Traveller]:
        """Return the listed facts of whoever has some that are not past their deadline."""
        return {passenger_ref: one.traveller for passenger_ref, one in self.listed(rows).items()}

    def listed(self, rows: Sequence[PassengerRecord]) -> dict[str, Listed]:
        """Return the same, with what everybody is booked on."""
        sealed = [(row.passenger_ref, row.sealed_traveller) for row in rows if row.sealed_traveller is not None]
        opened = self._open_all(sealed, self._enter_read("list_entries", len(sealed), None))
        return {
            passenger_ref: Listed(traveller_from_bytes(content), bookings_from_bytes(content))
            for passenger_ref, content in opened
        }

    def _open_all(self, sealed: Sequence[tuple[str, bytes]], ledger_index: int) -> Iterator[tuple[str, bytes]]:
        """Yield what still opens; what has expired is gone, and takes nothing else with it."""
        for passenger_ref, envelope in sealed:
            try:
                yield passenger_ref, self._open(envelope, ledger_index)
            except RecordExpired:
                continue

    def _enter_read(self, what: str, count: int, pack_digest: str | None) -> int:
        entry = Entry(
            kind=EntryKind.READ,
            at=self._clock(),
            actor=self._actor,
            purpose=self._rules.purpose,
            rulebook_sha256=self._rules.rulebook_sha256,
            pack_sha256=pack_digest,
            counts=((what, count),),
        )
        with self._store.writing() as transaction:
            row = self._registrar.append(transaction, entry)
        self._registrar.committed(row)
        return row.index

    def _open(self, envelope: bytes, ledger_index: int) -> bytes:
        return self._vault.open(
            envelope, actor=self._actor, purpose=self._rules.purpose, ledger_index=ledger_index, now=self._clock()
        )
