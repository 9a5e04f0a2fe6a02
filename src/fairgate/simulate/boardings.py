"""The simulated boardings: hundreds of flights across the day of the change, judged by a second opinion."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fairgate.bootstrap.places import BOARDING_PURPOSE
from fairgate.config import Settings
from fairgate.errors import InputRefused
from fairgate.outside.rulebook_files import rulebook_text
from fairgate.services.check_ledger import check_ledger
from fairgate.services.ports import Progress
from fairgate.simulate import rules_by_the_text_changed
from fairgate.simulate.boardings_adoption import ADOPTED_AT, PROPOSED_AT, changed_text
from fairgate.simulate.boardings_expected import Text
from fairgate.simulate.boardings_house import SimulatedHouse
from fairgate.simulate.boardings_judge import Disagreement, judge
from fairgate.simulate.boardings_people import HOMES
from fairgate.simulate.boardings_plans import Declines
from fairgate.simulate.boardings_run import Happened, Run
from fairgate.simulate.boardings_wanted import Fault, Wanted, broken_text
from fairgate.simulate.boardings_watch import Watch
from fairgate.simulate.boardings_world import draw_voyages
from fairgate.simulate.rules_by_the_text import Asked

TEXTS: Mapping[str, Text] = {
    "us-cbp": rules_by_the_text_changed.UnitedStates(),
    "example-eu-ees": rules_by_the_text_changed.ExampleUnion(),
}
"""The rules as sentences, by rulebook."""


@dataclass(frozen=True, slots=True)
class SimulatedBoardings:
    """What was simulated, and where service and text differ.

    Args:
        seed: of everything.
        rulebook: by which.
        broken: what was broken on purpose, or ``None``.
        galleries: how many.
        flights: in them, the ship not counted.
        ship: passengers of the ship.
        travellers: listed.
        visits: before a camera.
        asked: travellers who were asked at a visit, required or free to decline.
        compared: travellers who were matched.
        opted_out: travellers who declined.
        mistaken: travellers who were taken for another, which was undone.
        outcomes: crossings by outcome and reason.
        looks: attempts to open something at its deadline, or to find it in the store.
        copies_of_withdrawn: copies, as in a backup, that still opened when their record had left the store.
        disagreements: by voyage and traveller.
        ledger_entries: in the ledger.
        ledger_holds: it verifies with independent code.
    """

    seed: int
    rulebook: str
    broken: Fault | None
    galleries: int
    flights: int
    ship: int
    travellers: int
    visits: int
    asked: int
    compared: int
    opted_out: int
    mistaken: int
    outcomes: Mapping[str, int]
    looks: int
    copies_of_withdrawn: int
    disagreements: tuple[Disagreement, ...]
    ledger_entries: int
    ledger_holds: bool


def simulate_boardings(settings: Settings, wanted: Wanted, progress: Progress) -> SimulatedBoardings:
    """Run the boardings in a folder of their own and judge them.

    Args:
        settings: the rulebook's name is used; the data folder is the simulation's own.
        wanted: how much, and what is broken on purpose.
        progress: told after each visit.

    Raises:
        InputRefused: the folder to keep is not empty, or nobody has written the rulebook's text as sentences.
    """
    if wanted.keep is None:
        with tempfile.TemporaryDirectory(prefix="fairgate-simulate-") as folder:
            return _simulate(settings, wanted, Path(folder) / "data", progress)
    if wanted.keep.exists() and any(wanted.keep.iterdir()):
        raise InputRefused(f"The folder {wanted.keep} is not empty.", way_out="Name another with --keep.")
    return _simulate(settings, wanted, wanted.keep, progress)


def _simulate(settings: Settings, wanted: Wanted, folder: Path, progress: Progress) -> SimulatedBoardings:
    seed, broken = wanted.seed, wanted.broken
    text = TEXTS.get(settings.rulebook)
    if text is None:
        raise InputRefused(
            f"The rulebook {settings.rulebook} has no second opinion to be compared with.",
            way_out=f"Use one of: {', '.join(TEXTS)}.",
        )
    voyages = tuple(draw_voyages(seed, HOMES[settings.rulebook], flights=wanted.flights, ship=wanted.ship))
    begins = min(PROPOSED_AT, *(voyage.staged_at for voyage in voyages)) - timedelta(days=1)
    book = broken_text(rulebook_text(settings.rulebook), broken)
    with SimulatedHouse(
        settings.model_copy(update={"data_dir": folder, "demo_mode": False}),
        book,
        seed=seed,
        now=begins,
        zone_is_ignored=broken is Fault.MIDNIGHT,
    ) as house:
        watch = Watch(house.parts, BOARDING_PURPOSE)
        run = Run(house, watch, text, progress, heeds_opt_outs=broken is not Fault.OPT_OUT)
        _plan_adoption(run, house, changed_text(settings.rulebook, book))
        run(voyages)
        parts = house.parts
        report = check_ledger(parts.store, parts.anchor, parts.signing_key.verifier_key)
    visited = [visited for one in run.happened for visited in one.visits]
    outcomes = Counter(
        f"{one.crossing.outcome}: {one.crossing.reason}" if one.crossing else "lane closed" for one in visited
    )
    return SimulatedBoardings(
        seed=seed,
        rulebook=settings.rulebook,
        broken=broken,
        galleries=len(voyages),
        flights=wanted.flights,
        ship=wanted.ship,
        travellers=len(run.happened),
        visits=len(visited),
        asked=sum(map(_was_asked, run.happened)),
        compared=sum(any(visit.compared for visit in one.expected.visits) for one in run.happened),
        opted_out=sum(one.plan.declines is not Declines.NEVER for one in run.happened),
        mistaken=sum(any(visit.taken_for for visit in one.expected.visits) for one in run.happened),
        outcomes=dict(outcomes.most_common()),
        looks=watch.looks,
        copies_of_withdrawn=watch.copies_of_withdrawn,
        disagreements=judge(run.happened, watch.wrong),
        ledger_entries=report.entries,
        ledger_holds=report.ok,
    )


def _was_asked(one: Happened) -> bool:
    return any(visit.asked is not Asked.NOT_ASKED for visit in one.visits)


def _plan_adoption(run: Run, house: SimulatedHouse, text: str) -> None:
    """Let a changed rulebook be proposed, commented on, and adopted in the middle of the run."""
    proposed: list[str] = []

    def propose() -> None:
        proposed.append(house.adoptions.propose(text, effective_from=rules_by_the_text_changed.FIRST_DAY))
        house.adoptions.comment(proposed[0])

    run.at(PROPOSED_AT, propose)
    run.at(ADOPTED_AT, lambda: house.adoptions.adopt(proposed[0]))
