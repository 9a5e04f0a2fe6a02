"""``fairgate papers history``: passenger-list messages one upon another, flight by flight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairgate.cli.list_files import read_list_file
from fairgate.cli.output import Json, print_json, print_line, print_table
from fairgate.cli.session import Session

if TYPE_CHECKING:
    from fairgate.papers.findings import Finding
    from fairgate.papers.paxlst.trail import FlightState, KnownPerson, Step

EXAMPLES = """Examples:

  fairgate papers history list.edi update.edi cancellations.edi

  fairgate papers history messages/*.edi --json
"""


def history(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="PAXLST, one message or several a file.")],
    *,
    as_json: Json = False,
) -> None:
    """Say for each flight who is expected, cancelled, on board or left behind, and which messages made it so.

    Files may come in any order and more than once. Where one cannot be read nothing is said of any flight, for its
    message might have changed anybody. Names are printed and nothing is kept.
    """
    from fairgate.papers.paxlst.history import apply_messages
    from fairgate.services.merge_lists import ListFile, read_interchanges

    given = {path: ListFile(path.name, read_list_file(path)) for path in dict.fromkeys(files)}
    read = read_interchanges(list(given.values()), on=context.ensure_object(Session).doors.now().date())
    states = apply_messages(message for one in read for message in one.messages)
    found = [(path, finding) for path, one in zip(given, read, strict=True) for finding in one.findings]
    messages = sum(len(one.messages) for one in read)
    if as_json:
        for state in states:
            print_json(as_object(state))
        findings = [{"file": str(path), **_finding(one)} for path, one in found]
        summary = {"files": len(given), "messages": messages, "flights": len(states), "findings": findings}
        print_json({"summary": summary})
        return
    for state in states:
        _say(state)
    if found:
        counted = Counter((path.name, str(one.code)) for path, one in found)
        print_table("Findings in the files", ("file", "code", "times"), [(*key, n) for key, n in counted.items()])
        print_line("`fairgate papers read` tells each finding.")
    print_line(f"Messages: {messages}, files: {len(given)}, flights: {len(states)}.")


def as_object(state: FlightState) -> dict[str, object]:
    """Return a flight's state for a script."""
    designator, departs_from, day = state.flight
    return {
        "flight": {"designator": designator, "departs_from": departs_from, "day": day},
        "legs": [f"{leg.designator} {leg.departs_from}-{leg.arrives_at}" for leg in state.legs],
        "state": _stands(state),
        "passengers": _counted(known for known in state.people if not known.person.role.is_crew),
        "crew": _counted(known for known in state.people if known.person.role.is_crew),
        "people": [_person(known) for known in state.people],
        "findings": [_finding(finding) for finding in state.findings],
    }


def _person(known: KnownPerson) -> dict[str, object]:
    traveller = known.person.traveller
    return {
        "passenger_ref": traveller.passenger_ref,
        "role": known.person.role.value,
        "family_name": traveller.family_name,
        "given_names": traveller.given_names,
        "documents": [f"{document.issuer}-{document.number}" for document in traveller.documents],
        "carrier_ref": known.person.carrier_ref,
        "presence": known.presence.value,
        "trail": [_step(step) for step in known.trail],
    }


def _step(step: Step) -> dict[str, object]:
    key = step.message
    return {
        "message_reference": key.message_reference,
        "control_reference": key.control_reference,
        "transaction_reference": key.transaction_reference,
        "revision": key.revision,
        "sender": key.sender,
        "prepared_at": key.stamp,
        "action": step.action.value,
        "presence": step.presence.value,
        "changed": list(step.changed),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {"code": str(finding.code), "where": finding.where, "text": finding.text}


def _counted(people: Iterable[KnownPerson]) -> dict[str, int]:
    from fairgate.papers.paxlst.trail import Presence

    counts = Counter(known.presence for known in people)
    return {presence.value: counts[presence] for presence in Presence}


def _stands(state: FlightState) -> str:
    if state.cancelled:
        return "cancelled"
    return "open" if state.closed_by is None else "closed"


def _say(state: FlightState) -> None:
    from fairgate.services.merge_lists import flight_words

    print_line(f"{flight_words(state.flight)}: {_stands(state)}.")
    for word, is_crew in (("Passengers", False), ("Crew", True)):
        counts = _counted(known for known in state.people if known.person.role.is_crew is is_crew)
        told = ", ".join(f"{count} {presence.replace('_', ' ')}" for presence, count in counts.items() if count)
        print_line(f"{word}: {told or 'nobody'}.")
    rows = [
        (
            known.person.traveller.passenger_ref,
            f"{known.person.traveller.family_name}, {known.person.traveller.given_names}",
            known.person.role.replace("_", " "),
            known.presence.replace("_", " "),
            "\n".join(_words(step) for step in known.trail),
        )
        for known in state.people
    ]
    if rows:
        print_table("", ("passenger", "name", "role", "stands", "made so by"), rows)
    if state.findings:
        told_of = [(finding.code, finding.where, finding.text) for finding in state.findings]
        print_table("Findings between the messages", ("code", "where", "text"), told_of)


def _words(step: Step) -> str:
    key = step.message
    told = f"{key.stamp.replace('T', ' ') or 'no time'} {key.message_reference or 'no reference'}: "
    told += f"{step.action.replace('_', ' ')}, {step.presence.replace('_', ' ')}"
    changed = ", ".join(name.replace("_", " ") for name in step.changed)
    return f"{told}; changed {changed}" if changed else told
