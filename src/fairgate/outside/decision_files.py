"""What officers decided about the people of a passenger list, row by row: ``decisions.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fairgate.errors import TableRefused
from fairgate.outside.rows import RowRefused, read_document, read_rows
from fairgate.papers.cusres.facts import VERDICT_CODES, Verdict
from fairgate.papers.cusres.writer import REASON_CHARACTERS
from fairgate.services.answer_list import Decision

DECISION_COLUMNS = ("document", "carrier_ref", "place", "verdict", "reason")
_PLACE_DIGITS = 6


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Return every decision.

    Unlike other tables this one is used whole or not at all: a refusal set aside would be an acceptance.

    Raises:
        TableRefused: the file or its header cannot be used, or one row; the text names the line.
    """
    found: list[Decision] = []
    deviations = read_rows(
        path, DECISION_COLUMNS, lambda line, values: found.append(_decision(f"{path.name} line {line}", values))
    )
    if deviations:
        first = deviations[0]
        more = f", and {len(deviations) - 1} more" if len(deviations) > 1 else ""
        raise TableRefused(f"{first.place}: {first.text}{more}.", way_out="Nothing was answered: mend the table.")
    return tuple(found)


def _decision(line: str, values: Mapping[str, str]) -> Decision:
    given = values["verdict"].lower()
    verdict = next((one for one in VERDICT_CODES if one.value == given), None)
    if verdict is None:
        words = ", ".join(one.value for one in VERDICT_CODES)
        raise RowRefused("row_verdict", f"the verdict is not one of {words}")
    if not (values["document"] or values["carrier_ref"] or values["place"]):
        raise RowRefused("row_passenger", "no passenger is named")
    return Decision(
        line=line,
        verdict=verdict,
        reason=_reason(values["reason"], verdict),
        document=read_document(values["document"]) if values["document"] else "",
        carrier_ref=values["carrier_ref"],
        place=_place(values["place"]),
    )


def _reason(text: str, verdict: Verdict) -> str:
    if not text and verdict is not Verdict.ACCEPTED:
        raise RowRefused("row_reason", "there is no reason; only an acceptance needs none")
    if len(text) > REASON_CHARACTERS or not text.isprintable():
        raise RowRefused("row_reason", f"the reason is longer than {REASON_CHARACTERS} characters or not printable")
    return text


def _place(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _PLACE_DIGITS and int(text) > 0):
        raise RowRefused("row_place", "the place is not a number from 1")
    return int(text)
