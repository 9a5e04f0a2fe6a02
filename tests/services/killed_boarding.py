"""A process that stages or boards a flight and kills itself at a named step, for ``test_board_killed.py``.

Steps are counted; those of boarding within the capture that ``STEP@CAPTURE`` names. Store, vault, ledger, anchor and
rules are the real ones; engine and decoder are fakes.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boarding_fakes import vanished
from boarding_parts import Camera, capture, never, real_vault
from boarding_room import Room
from reextraction_room import reextract

from fairgate.lanes.boarding import Arrival
from fairgate.outside.anchor_file import AnchorFile
from fairgate.services.ports import Anchor, Store
from fairgate.services.ports_deadlines import DeadlineVault
from fairgate.store.sqlite import SqliteStore

PASSENGERS = 20


@dataclass
class Steps:
    """Counts what happens and kills the process when the step comes."""

    fatal: str = ""
    at: str = ""
    count: int = 1
    capture_key: str = ""
    seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, name: str) -> None:
        if self.at != self.capture_key:
            return
        self.seen[name] += 1
        if (name, self.seen[name]) == (self.fatal, self.count):
            os.kill(os.getpid(), signal.SIGKILL)


class Stepping:
    """Anything, with a step before and one after each call: ``name`` and ``name done``."""

    def __init__(self, inner: Any, steps: Callable[[str], None]) -> None:
        self._inner = inner
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)

        def call(*given: Any, **named: Any) -> Any:
            self._steps(name)
            answer = found(*given, **named)
            self._steps(f"{name} done")
            return answer

        return call


class SteppingStore:
    """A store with steps within its write transactions, before the commit and after it."""

    def __init__(self, store: Store, steps: Callable[[str], None]) -> None:
        self.reading = store.reading
        self._store = store
        self._steps = steps

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self._store.writing() as transaction:
            yield Stepping(transaction, self._steps)
            self._steps("commit")
        self._steps("commit done")


@contextmanager
def opened_room(folder: Path, steps: Steps | None = None) -> Iterator[Room]:
    """Open store, vault and anchor in a folder; with steps, whatever they do can be fatal."""
    with SqliteStore.open(folder / "data" / "fairgate.db") as file:
        store: Store = file
        vault: DeadlineVault = real_vault(folder / "keys", file)
        anchor: Anchor = AnchorFile(folder / "data" / "ledger.anchor")
        if steps is not None:
            store, vault, anchor = SteppingStore(file, steps), Stepping(vault, steps), Stepping(anchor, steps)
        yield Room(store=store, vault=vault, anchor=anchor, passengers=PASSENGERS, entropy=os.urandom)


def arrivals() -> list[Arrival]:
    """Return who walks up: every kind of crossing that writes something of its own."""
    camera = Camera()
    return [
        Arrival(capture("match"), camera("person=1 sample=1")),
        Arrival(capture("poor"), camera("poor=sharpness")),
        Arrival(capture("again"), camera("person=1 sample=2")),
        Arrival(capture("declines", opted_out=True, claims="P0002"), never),
        Arrival(capture("missing"), vanished),
        Arrival(capture("claims", claims="P0003"), camera("person=3 sample=1")),
        Arrival(capture("stranger"), camera("person=77 sample=1")),
    ]


def main(folder: Path, what: str, step: str, count: int) -> None:
    """Stage, board or change the pack until the step comes."""
    fatal, _, at = step.partition("@")
    steps = Steps(fatal, at, count)
    with opened_room(folder, steps) as room:
        if what == "stage":
            room.stage(top_up_to=PASSENGERS + 5)
            return
        if what == "reextract":
            reextract(room)
            return
        lane = room.lane()
        for arrival in arrivals():
            steps.capture_key = arrival.capture.capture_key
            lane(arrival.capture, arrival.read_photo)
