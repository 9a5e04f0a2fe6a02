"""Anybody comments on what is proposed; the ledger counts, and holds nothing of what was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rulebook_room import FIRST, READ, RulebookRoom

from fairgate.errors import RulebookChangeRefused
from fairgate.rules.retention import erase_by
from fairgate.services.comment_on_rulebook import LONGEST_COMMENT, comment_on_rulebook, erase_old_comments
from fairgate.services.rulebook_history import comments_on, rulebook_history
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import RecordClass, Status

SAID = "Fourteen days are too long for a photo of my daughter."
PERSON = "A. N. Traveller"


@pytest.fixture(params=["memory", "sqlite"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RulebookRoom]:
    if request.param == "memory":
        yield RulebookRoom()
        return
    with SqliteStore.open(tmp_path / "data" / "fairgate.db") as store:
        yield RulebookRoom(store=store)


def test_comments_are_kept_listed_and_counted(room: RulebookRoom) -> None:
    """With a name or without; the adoption's entry says how many there were."""
    proposal = room.propose()
    one = comment_on_rulebook(room.desk, proposal.proposal_id[:8], f"  {SAID} ", person=PERSON)
    other = comment_on_rulebook(room.desk, proposal.proposal_id, "Against.", person="  ")
    assert [(kept.number, kept.text, kept.person) for kept in comments_on(room.desk, proposal.proposal_id)] == [
        (1, SAID, PERSON),
        (2, "Against.", None),
    ]
    assert other.ledger_index == one.ledger_index + 1
    assert [history.comments for history in rulebook_history(room.desk)] == [2]
    with room.store.reading() as transaction:
        leaves = b"".join(row.leaf for row in transaction.ledger_rows())
    assert SAID.encode() not in leaves
    assert PERSON.encode() not in leaves
    assert room.ledger().ok


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST_COMMENT + 1)])
def test_nothing_and_too_much_are_refused(room: RulebookRoom, text: str) -> None:
    """A comment says something, and does not fill the disk."""
    proposal = room.propose()
    with pytest.raises(RulebookChangeRefused) as caught:
        comment_on_rulebook(room.desk, proposal.proposal_id, text)
    assert caught.value.reason == "empty"


def test_comments_end_with_their_period(room: RulebookRoom) -> None:
    """To the millisecond, so that what is adopted is what was commented on."""
    proposal = room.propose()
    room.clock.now = proposal.terms.comments_until - timedelta(milliseconds=1)
    comment_on_rulebook(room.desk, proposal.proposal_id, SAID)
    room.clock.now = proposal.terms.comments_until
    with pytest.raises(RulebookChangeRefused) as caught:
        comment_on_rulebook(room.desk, proposal.proposal_id, SAID)
    assert caught.value.reason == "comments_over"


def test_a_comment_goes_at_the_deadline_of_cases(room: RulebookRoom) -> None:
    """Text and name; that there was one stays, and the ledger still holds."""
    proposal = room.propose()
    kept = comment_on_rulebook(room.desk, proposal.proposal_id, SAID, person=PERSON)
    assert kept.erase_by == erase_by(READ(FIRST), RecordClass.CASE, Status.UNKNOWN, kept.at)
    room.clock.now = kept.erase_by - timedelta(seconds=1)
    assert erase_old_comments(room.desk) == 0
    room.clock.now = kept.erase_by
    assert erase_old_comments(room.desk) == 1
    (erased,) = comments_on(room.desk, proposal.proposal_id)
    assert (erased.number, erased.text, erased.person, erased.salt) == (1, None, None, b"")
    assert erase_old_comments(room.desk) == 0
    assert room.ledger().ok


def test_an_erased_comment_is_in_no_file(tmp_path: Path) -> None:
    """Neither in the database nor in its log; a scan that finds nothing finds it before."""
    folder = tmp_path / "data"
    with SqliteStore.open(folder / "fairgate.db") as store:
        room = RulebookRoom(store=store)
        proposal = room.propose()
        kept = comment_on_rulebook(room.desk, proposal.proposal_id, SAID, person=PERSON)

        def found() -> bool:
            return any(SAID.encode() in path.read_bytes() for path in folder.iterdir())

        assert found()
        room.clock.now = kept.erase_by
        erase_old_comments(room.desk)
        assert not found()
