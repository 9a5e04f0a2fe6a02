"""How long each class of record may live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_never

from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.deadlines import RetentionRule
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass, Status


def erase_by(
    rulebook: Rulebook, record_class: RecordClass, status: Status, captured_at: datetime, *, exempt: bool = False
) -> datetime:
    """Return the moment by which a record must be gone.

    Where the status is unknown, the soonest moment of all statuses holds: an unmatched capture is never kept longer
    than a citizen's.

    Args:
        rulebook: as loaded.
        record_class: which class of record.
        status: of the person whom the record is about.
        captured_at: aware; when the record came to be.
        exempt: the rules of that day did not ask this person (:func:`fairgate.rules.permission.is_exempt`); a record of
            them lives no longer than the rulebook's ``exempt_as`` says.

    Returns:
        An aware time in UTC.

    Raises:
        ValueError: ``captured_at`` has no zone, or the deadline lies beyond the calendar.
    """
    if captured_at.tzinfo is None:
        raise ValueError("a time without a zone names no moment")
    since = captured_at.astimezone(UTC)
    rules = [rulebook.retention[record_class, one] for one in _possible(status)]
    if exempt:
        rules += [rulebook.retention[record_class, rule.exempt_as] for rule in rules if rule.exempt_as is not None]
    return min(_deadline(rule, since) for rule in rules)


def corrected_erase_by(
    rulebook: Rulebook,
    record_class: RecordClass,
    before: Status,
    after: Status,
    captured_at: datetime,
    *,
    exempt: bool = False,
) -> datetime:
    """Return the moment by which a record must be gone once its person's status was corrected.

    The sooner of the two holds, counted from the capture and not from the correction: a correction in the traveller's
    favour takes effect at once, and one against them never lengthens what they were told. A moment that has passed
    already means: destroy the record's key now.

    Args:
        rulebook: as loaded.
        record_class: which class of record.
        before: the status under which the record was kept.
        after: the status that is known now.
        captured_at: aware; when the record came to be.
        exempt: as for :func:`erase_by`.

    Raises:
        ValueError: as for :func:`erase_by`.
    """
    return min(erase_by(rulebook, record_class, status, captured_at, exempt=exempt) for status in (before, after))


def _possible(status: Status) -> tuple[Status, ...]:
    match status:
        case Status.CITIZEN | Status.NATIONAL | Status.PERMANENT_RESIDENT | Status.ALIEN:
            return (status,)
        case Status.UNKNOWN:
            return KNOWN_STATUSES
        case _ as unreachable:
            assert_never(unreachable)


def _deadline(rule: RetentionRule, since: datetime) -> datetime:
    moved = since
    if rule.years:
        year = since.year + rule.years
        try:
            moved = since.replace(year=year)
        except ValueError:
            # 29 February in a year without one: the day before, so that nothing is kept a day too long.
            moved = since.replace(year=year, day=28)
    try:
        return moved + timedelta(hours=rule.hours)
    except OverflowError as error:
        raise ValueError("the deadline lies beyond the calendar") from error
