"""``fairgate papers answer``: decisions about a list's people become one CUSRES message, or nothing does."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate.papers.cusres.facts import ListAnswer, Verdict
from fairgate.papers.cusres.reader import read_answer

if TYPE_CHECKING:
    from tests.cli.conftest import Ended, Run

HEAD = "UNA:+.? 'UNB+UNOA:4+FGAIR+TVS+261122:0900+I1++APIS'"
FLIGHT = "TDT+20+FG0420'LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'"
PEOPLE = (
    "NAD+FL+++DOE:JO'DTM+329:800229'RFF+ABO:A1'DOC+P:110:111+X123'LOC+91+GBR'"
    "NAD+FL+++DOE:BABY'DTM+329:260101'DOC+P:110:111+X123'LOC+91+GBR'"
    "NAD+FL+++ROE:JO'DTM+329:810101'RFF+ABO:A3'DOC+P:110:111+Y9'LOC+91+GBR'"
    "NAD+FM+++POE:PILOT'DTM+329:700101'"
)
COLUMNS = "document,carrier_ref,place,verdict,reason\n"


def listed(bgm: str = "BGM+745", people: str = PEOPLE) -> str:
    return f"{HEAD}UNH+M1+PAXLST:D:02B:UN:IATA+ACCESS'{bgm}'RFF+TN:T7'{FLIGHT}{people}UNT+9+M1'UNZ+1+I1'"


@pytest.fixture
def answer(run: Run, tmp_path: Path) -> Callable[..., Ended]:
    """Answer a list with rows of decisions."""

    def _answer(rows: str, *more: str, content: str = listed()) -> Ended:
        (tmp_path / "list.edi").write_text(content, encoding="ascii")
        (tmp_path / "d.csv").write_text(COLUMNS + rows, encoding="utf-8")
        paths = ("list.edi", "--decisions", "d.csv", "-o", "answer.edi")
        asked = [one if one.startswith("-") else str(tmp_path / one) for one in paths]
        return run("papers", "answer", *asked, *more)

    return _answer


def read(tmp_path: Path) -> ListAnswer:
    return read_answer((tmp_path / "answer.edi").read_bytes(), on=date(2026, 11, 22))


def test_whom_no_row_names_is_accepted(answer: Callable[..., Ended], tmp_path: Path) -> None:
    """Passengers by document, carrier's reference or place; the answer goes back to the sender."""
    ended = answer("gbr-y9,A3,3,refused,Document expired\n,,2,to_be_seen,Travels on a parent's passport\n")
    assert ended.code == 0
    assert "FG0420: 2 accepted, 1 refused, 1 to be seen; answer 261122100000 from TVS to FGAIR." in ended.out
    found = read(tmp_path)
    assert [person.verdict for person in found.people] == [
        Verdict.ACCEPTED,
        Verdict.TO_BE_SEEN,
        Verdict.REFUSED,
        Verdict.ACCEPTED,
    ]
    assert found.people[2].answers[0].reasons == ("Document expired",)
    assert (found.transaction_reference, found.access_reference, found.recipient) == ("T7", "ACCESS", "FGAIR")
    assert stat.S_IMODE((tmp_path / "answer.edi").stat().st_mode) == 0o600


def test_scripts_read_one_object(answer: Callable[..., Ended], tmp_path: Path) -> None:
    """Who is not accepted, by place, and the reference that was asked for."""
    told = json.loads(answer(",A3,,refused,No visa\n", "--reference", "R77", "--json").out)
    assert told["people_by_verdict"] == {"accepted": 3, "refused": 1}
    assert told["not_accepted"] == [{"place": 3, "verdict": "refused", "reasons": ["No visa"]}]
    assert told["control_reference"] == read(tmp_path).control_reference == "R77"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("GBR-Y9,,,accepted,\nGBR-NONE,,,refused,x\n", "d.csv line 3: nobody on the list"),
        ("GBR-Y9,A1,,refused,x\n", "d.csv line 2: nobody on the list"),
        ("GBR-X123,,,refused,x\n", "d.csv line 2: 2 people on the list are meant"),
        ("GBR-Y9,,,refused,x\n,A3,,accepted,\n", "d.csv line 3: the passenger of d.csv line 2 is named again"),
        ("GBR-Y9,,,refused,\n", "d.csv line 2: there is no reason"),
        ("GBR-Y9,,,perhaps,x\n", "d.csv line 2: the verdict is not one of accepted, refused"),
        (",,,refused,x\n", "d.csv line 2: no passenger is named"),
        (",,0,refused,x\n", "d.csv line 2: the place"),
        (f",A3,,refused,{'x' * 513}\n,,,,\n", "d.csv line 2: the reason is longer"),
        ("GBR-Y9,refused\n", "d.csv line 2: 2 fields"),
    ],
)
def test_a_row_that_cannot_be_used_answers_nobody(
    answer: Callable[..., Ended], tmp_path: Path, rows: str, words: str
) -> None:
    """The line is named, and there is no file: a refusal left out would be an acceptance."""
    ended = answer(rows)
    assert ended.code == 3
    assert words in ended.err
    assert not (tmp_path / "answer.edi").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (listed("BGM+745+XR"), "only a list of who is expected"),
        (listed(people=""), "Nobody is on this list"),
        (listed().replace("UNZ+1", "UNH+M2+PAXLST:D:02B:UN'BGM+745'UNT+3+M2'UNZ+2"), "several messages"),
        (listed().replace("FGAIR+TVS", "+"), "nobody to answer"),
        ("hello", "error [input.papers]"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    answer: Callable[..., Ended], tmp_path: Path, content: str, words: str
) -> None:
    """A cancellation, an empty list, several messages, a list from nobody, no list."""
    ended = answer("", content=content)
    assert ended.code == 3
    assert words in ended.err
    assert not (tmp_path / "answer.edi").exists()


def test_nothing_is_written_over_and_references_are_short(answer: Callable[..., Ended]) -> None:
    """A second answer needs a file of its own; a reference that no interchange can carry is a usage error."""
    assert answer("").code == 0
    assert "already there" in answer("").err
    assert answer("", "--reference", "much-too-long-a-reference").code == 2


def test_every_carriers_list_can_be_answered(run: Run, shared_data: Path, tmp_path: Path) -> None:
    """Acceptance of everybody, read back by ``papers read``."""
    (tmp_path / "d.csv").write_text(COLUMNS, encoding="utf-8")
    for path in sorted((shared_data / "paxlst").iterdir()):
        out = tmp_path / f"{path.name}.answer"
        assert run("papers", "answer", str(path), "--decisions", str(tmp_path / "d.csv"), "-o", str(out)).code == 0
        told = json.loads(run("papers", "read", str(out), "--json").out)
        assert (told["kind"], told["findings"]) == ("list_answer", [])
