"""What an answer to a passenger list says, in plain values that JSON can hold."""

from __future__ import annotations

from fairgate.papers.cusres.facts import ListAnswer, PersonAnswer
from fairgate.papers.plain_values import Plain, counted, plain, plain_fields


def plain_answer(answer: ListAnswer) -> Plain:
    """Return an answer: to which list, what is said of it, and of each person."""
    return {
        **plain_fields(answer, without=("answers", "people", "leg")),
        **({"leg": plain_fields(answer.leg)} if answer.leg is not None else {}),
        "verdicts": [one.verdict.value for one in answer.answers],
        "answers": plain(answer.answers),
        "people_by_verdict": counted(person.verdict.value for person in answer.people),
        "people": [_person(person) for person in answer.people],
    }


def _person(person: PersonAnswer) -> Plain:
    return {"verdict": person.verdict.value, **plain_fields(person)}
