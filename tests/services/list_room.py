"""A room in which galleries are staged from passenger-list messages, with a photo of each passport."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from boarding_fakes import PACK_DIGEST
from boarding_parts import OPERATOR, PURPOSE
from boarding_room import Room

from fairgate.services.enrol_reference import ReferencePhoto
from fairgate.services.gallery_from_lists import Place, gallery_from_lists
from fairgate.services.merge_lists import ListFile, merged_lists
from fairgate.services.permissions import LaneRules
from fairgate.services.records import PassengerRecord
from fairgate.services.stage_flight import FlightToStage, StageFlight
from fairgate.services.staging_report import StagingReport

LETTERS = "ABCDEFGH"


@dataclass
class ListRoom(Room):
    """Stages what lists say.

    Args:
        place: what the gallery is for.
        pictured: passports of whom there are photos; the person of X1 is whoever has the letter.
    """

    place: Place = field(default_factory=Place)
    pictured: Sequence[str] = tuple(f"X{letter}{more}" for letter in LETTERS for more in ("", "2"))

    def to_stage(self, *files: bytes) -> FlightToStage:
        lists = merged_lists(
            [ListFile(f"{place}.edi", content) for place, content in enumerate(files)], on=self.clock().date()
        )
        return gallery_from_lists(
            lists, self.place, pack_digest=PACK_DIGEST, rulebook_sha256=self.rulebook.sha256, now=self.clock()
        )

    def photos(self) -> list[ReferencePhoto]:
        """Return photos of passports of both nationalities; a passport's person is told by its letter."""
        return [
            ReferencePhoto(
                f"photo of {number}", issuer, number, self.camera(f"person={LETTERS.index(number[1]) + 1} sample=0")
            )
            for number in self.pictured
            for issuer in ("GBR", "USA")
        ]

    def stage_lists(self, *files: bytes) -> StagingReport:
        rules = LaneRules(self.rulebook, lane=self.place.lane, purpose=PURPOSE, port_zone=self.port_zone)
        stage = StageFlight(
            store=self.store,
            vault=self.vault,
            faces=self.faces,
            rules=rules,
            registrar=self.registrar,
            open_gallery=self.open_gallery(),
            clock=self.clock,
            entropy=self.entropy,
            actor=OPERATOR,
        )
        return stage(self.to_stage(*files), self.photos())

    def rows(self) -> list[PassengerRecord]:
        with self.store.reading() as transaction:
            return [row for flight in transaction.flights() for row in transaction.passengers(flight.flight_key)]

    def states(self) -> dict[str, str]:
        """Return what became of everybody listed, by reference."""
        return {row.passenger_ref: row.state.value for row in self.rows() if row.is_listed}

    def people(self) -> list[tuple[object, ...]]:
        """Return everybody listed without their references: facts, bookings, state, reason, and how many templates."""
        rows = [row for row in self.rows() if row.is_listed]
        facts = self.open_gallery().listed(rows)
        return sorted(
            (
                repr(facts[row.passenger_ref]).replace(row.passenger_ref, ""),
                row.state.value,
                row.reason,
                len(row.sealed_templates),
            )
            for row in rows
        )
