"""Opens the house of one data folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from fairgate.bootstrap.house import House
from fairgate.bootstrap.parts import Parts, utc_now
from fairgate.bootstrap.sweeping import sweep
from fairgate.config import Settings
from fairgate.services.ports import Clock, Entropy, Timer


@contextmanager
def open_house(
    settings: Settings,
    *,
    for_people: bool = True,
    clock: Clock = utc_now,
    timer: Timer = time.perf_counter,
    entropy: Entropy = os.urandom,
) -> Iterator[House]:
    """Open the house of one data folder, erase what has expired there, and close what it opened.

    Args:
        settings: as loaded.
        for_people: travellers will be staged, compared or recorded: refused unless a rulebook was adopted here.
        clock: the present.
        timer: seconds since an arbitrary start.
        entropy: salts, keys and identifiers.

    Raises:
        RulebookNotAdopted: no rulebook was adopted in this data folder, nor is it a demonstration.
        ConfigurationRefused: the data folder, the database, the rulebook or the pack cannot be used.
    """
    with ExitStack() as closing:
        parts = Parts(settings, closing, clock=clock, timer=timer, entropy=entropy)
        sweep(parts)
        if for_people:
            parts.rules.require_allowed()
        yield House(parts)
