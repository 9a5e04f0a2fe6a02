"""Another process that lets two passengers decline, when told to; a test boards them meanwhile."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from boarding_parts import FLIGHT, real_vault
from boarding_room import Room
from opt_out_room import SELF, opt_out_service

from fairgate.services.enter_opt_out import Declared
from fairgate.store.sqlite import SqliteStore


def main(folder: Path, seed: int) -> None:
    """Decline by name and by capture, in an order that the seed draws."""
    drawn = random.Random(seed)
    with SqliteStore.open(folder / "data" / "fairgate.db") as store:
        vault = real_vault(folder / "keys", store)
        room = Room(store=store, vault=vault, entropy=os.urandom, timer=time.perf_counter)
        decline = opt_out_service(room)
        wanted = [(f"P000{number}", key) for number in (1, 2) for key in (None, f"c{number}")]
        drawn.shuffle(wanted)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for passenger, key in wanted:
            decline(Declared("B22", room.clock(), FLIGHT, passenger, key), SELF)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
