"""How long each class of record may live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_never

from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.deadlines import RetentionRule
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass, Status


def erase_by(rulebook: Rulebook, record_class: RecordClass, status: Status, captured_at: datetime) -> datetime:
    """Return the moment by which a record must be gone.

    Where the status is unknown, the sooner of citizens' and aliens' moments holds: an unmatched capture is never kept
    longer than a citizen's.

    Args:
        rulebook: as loaded.
        record_class: which class of record.
        status: of the person whom the record is about.
        captured_at: aware; when the record came to be.

    Returns:
        An aware time in UTC.

    Raises:
        ValueError: ``captured_at`` has no zone, or the deadline lies beyond the calendar.
    """
    if captured_at.tzinfo is None:
        raise ValueError("a time without a zone names no moment")
    match status:
        case Status.CITIZEN | Status.ALIEN:
            statuses: tuple[Status, ...] = (status,)
        case Status.UNKNOWN:
            statuses = KNOWN_STATUSES
        case _ as unreachable:
            assert_never(unreachable)
    since = captured_at.astimezone(UTC)
    return min(_deadline(rulebook.retention[record_class, one], since) for one in statuses)


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
