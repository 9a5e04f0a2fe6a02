"""Says which rulebook is in force in one data folder."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fairgate.config import Settings
from fairgate.errors import DemoModeRefused
from fairgate.outside.rulebook_files import open_rulebook
from fairgate.services.ports import Clock, Store, Timer
from fairgate.services.rulebook_line import AdoptedLine, OneRulebook, RulebookLine, adopted


def line_for(settings: Settings, *, store: Store, clock: Clock, timer: Timer) -> RulebookLine:
    """Return what answers by day which rulebook holds: those that were adopted; in demo mode the one that is shipped.

    Raises:
        RulebookNotAdopted: none was adopted here, none is in force yet, or the proof of it was altered.
        DemoModeRefused: demo mode, where one was adopted.
        RulebookRefused: the rulebook cannot be read.
    """
    if not settings.demo_mode:
        zone = ZoneInfo(settings.port_time_zone)
        return AdoptedLine(settings.rulebook, store=store, clock=clock, timer=timer, port_zone=zone)
    if adopted(store):
        raise DemoModeRefused(
            "This data folder has adopted a rulebook, so it is no demonstration.",
            way_out="Set demo_mode to false, or name another data folder.",
        )
    return OneRulebook(open_rulebook(settings.rulebook))
