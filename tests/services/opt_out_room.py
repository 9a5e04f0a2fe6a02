"""The service of opting out over a room of tests."""

from __future__ import annotations

from boarding_room import Room

from fairgate.services.opt_out import OptOut
from fairgate.vocabulary import Actor, ActorKind, Traveller

SELF = Actor(ActorKind.TRAVELLER, "self")


def opt_out_service(room: Room) -> OptOut:
    def traveller_of(flight_key: str, passenger_ref: str) -> Traveller | None:
        with room.store.reading() as transaction:
            rows = [row for row in transaction.passengers(flight_key) if row.passenger_ref == passenger_ref]
        return room.open_gallery().travellers(rows).get(passenger_ref)

    return OptOut(
        store=room.store,
        enter=room.opt_outs(),
        registrar=room.registrar,
        rules=room.rules,
        clock=room.clock,
        traveller_of=traveller_of,
    )
