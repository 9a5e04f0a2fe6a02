"""Whether lists belong to a gallery that is staged already, though they may call it by another name now."""

from __future__ import annotations

from dataclasses import replace

from fairgate.services.ports import Store
from fairgate.services.stage_flight import FlightToStage


def is_staged(store: Store, flight_key: str) -> bool:
    """Tell whether there is a gallery of that name, complete or not."""
    with store.reading() as transaction:
        return transaction.flight(flight_key) is not None


def under_its_first_name(store: Store, to_stage: FlightToStage) -> FlightToStage:
    """Return what is to be staged under the name that its gallery has had from the beginning.

    A gallery that takes its name from the flight would have another one after a delay past midnight. It keeps the
    first: that of the gallery for the same lane, direction and port whose lists these contain.
    """
    flight = to_stage.flight
    with store.reading() as transaction:
        if transaction.flight(flight.flight_key) is not None:
            return to_stage
        before = [
            kept
            for kept in transaction.flights()
            if (kept.lane, kept.direction, kept.port, kept.flights)
            == (flight.lane, flight.direction, flight.port, flight.flights)
            and kept.files <= flight.files
        ]
    if not before:
        return to_stage
    first = before[0].flight_key
    finding = f"flight_moved: its day is another now; the gallery stays {first}"
    return replace(to_stage, flight=replace(flight, flight_key=first), findings=(*to_stage.findings, finding))
