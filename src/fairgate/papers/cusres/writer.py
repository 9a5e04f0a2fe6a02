"""Writes an answer to a passenger list: strict on output, and read back before it is handed out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fairgate.errors import PapersError
from fairgate.papers.cusres.facts import Answer, ListAnswer
from fairgate.papers.cusres.reader import (
    MESSAGE_POINT,
    PERSON_POINT,
    PLACE_REFERENCE,
    SOLICITED,
    UNSOLICITED,
    read_answer,
)
from fairgate.papers.edifact.characters import smallest_level
from fairgate.papers.edifact.writing import encode, write_segment
from fairgate.papers.findings import FindingCode

REASON_CHARACTERS = 512
"""Source: UN/EDIFACT D.02B data element 4440 (an..512)."""
ERROR_TEXT = "AAO"
"""Subject of a reason: error description in words. Source: UN/EDIFACT code list 4451."""
_ABOUT_CONTENT = frozenset({FindingCode.BAD_CODE, FindingCode.MISSING_FACT})


def write_answer(answer: ListAnswer) -> bytes:
    """Return an answer as one interchange with one message.

    A verdict without a code is written with the code that follows from it, and read back with that code.

    Args:
        answer: its findings are not written.

    Raises:
        PapersError: something is missing that the envelope needs, or would not be read back exactly as it is.
    """
    for name in ("sender", "recipient", "control_reference", "message_reference", "prepared_at"):
        if not getattr(answer, name):
            raise PapersError(f"The answer cannot be written without its {name.replace('_', ' ')}.")
    if answer.prepared_at is None:
        raise PapersError("The answer cannot be written without its time of preparation.")
    directory = answer.directory.split(":")
    unh = write_segment("UNH", answer.message_reference, ["CUSRES", *directory], answer.access_reference)
    inside = [unh, *_body(answer)]
    inside.append(write_segment("UNT", str(len(inside) + 1), answer.message_reference))
    stamp = [f"{answer.prepared_at:%y%m%d}", f"{answer.prepared_at:%H%M}"]
    reference = answer.control_reference
    level = smallest_level("".join([*inside, answer.sender, answer.recipient, reference]))
    unb = write_segment("UNB", [level, "4"], answer.sender, answer.recipient, stamp, reference, "", "APIS")
    content = encode([unb, *inside, write_segment("UNZ", "1", reference)], level)
    _read_back(content, answer)
    return content


def _body(answer: ListAnswer) -> Iterator[str]:
    yield write_segment("BGM", UNSOLICITED if answer.is_unsolicited else SOLICITED)
    if answer.transaction_reference:
        yield write_segment("RFF", ["TN", answer.transaction_reference, "", "", answer.revision])
    if answer.flight:
        yield write_segment("RFF", ["AF", answer.flight])
    leg = answer.leg
    if leg is not None:
        for qualifier, moment in (("189", leg.departure), ("232", leg.arrival)):
            if moment is not None:
                yield write_segment("DTM", [qualifier, f"{moment:%y%m%d%H%M}", "201"])
        for qualifier, place in (("125", leg.departs_from), ("87", leg.arrives_at)):
            if place:
                yield write_segment("LOC", qualifier, place)
    if answer.answers:
        yield write_segment("ERP", MESSAGE_POINT)
        yield from _answers(answer.answers)
    for person in answer.people:
        yield write_segment("ERP", PERSON_POINT)
        place = "" if person.place is None else str(person.place)
        for kind, number in (("AVF", person.reservation), ("ABO", person.carrier_ref), (PLACE_REFERENCE, place)):
            if number:
                yield write_segment("RFF", [kind, number])
        yield from _answers(person.answers)


def _answers(answers: tuple[Answer, ...]) -> Iterator[str]:
    for answer in answers:
        if not answer.written_code:
            raise PapersError("An unknown verdict cannot be written without its code.")
        yield write_segment("ERC", answer.written_code)
        for reason in answer.reasons:
            if not 0 < len(reason) <= REASON_CHARACTERS:
                raise PapersError(f"A reason is empty or has more than {REASON_CHARACTERS} characters.")
            yield write_segment("FTX", ERROR_TEXT, "", "", reason)


def with_codes(answer: ListAnswer) -> ListAnswer:
    """Return an answer with each verdict's code as it is written."""

    def coded(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        return tuple(replace(one, code=one.written_code) for one in answers)

    people = tuple(replace(person, answers=coded(person.answers)) for person in answer.people)
    return replace(answer, answers=coded(answer.answers), people=people)


def _read_back(content: bytes, answer: ListAnswer) -> None:
    """Refuse what a reader would understand otherwise than it was meant.

    Raises:
        PapersError: saying what deviates.
    """
    if answer.prepared_at is None:
        return
    again = read_answer(content, on=answer.prepared_at.date())
    for finding in again.findings:
        if finding.code not in _ABOUT_CONTENT:
            raise PapersError(f"The answer cannot be written strictly: {finding.text}", position=finding.position)
    if replace(again, findings=()) != replace(with_codes(answer), findings=()):
        raise PapersError("The answer would not be read back as given.")
