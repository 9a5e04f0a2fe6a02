"""``fairgate rules check``, ``explain`` and ``diff``, on the rulebooks that ship and on broken ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import pytest

from fairgate.outside.rulebook_files import rulebook_text

FACTS = {
    "status": "alien",
    "nationality": "CAN",
    "direction": "exit",
    "lane": "boarding",
    "port": "ORD",
    "born_on": "1980-01-01",
}


class Ended(Protocol):
    """How a run of the command line ended."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Runs the command line."""

    def __call__(self, *argv: str) -> Ended: ...


def written(folder: Path, name: str, value: object) -> str:
    """Write a value as JSON and return the file's path."""
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def answer(ended: Ended) -> dict[str, Any]:
    """Return the one object that was printed."""
    value: dict[str, Any] = json.loads(ended.out)
    return value


def test_check_says_what_a_rulebook_holds(run: Run) -> None:
    """By name: its days, rules and what was not verified, with the reason."""
    ended = run("rules", "check", "us-cbp", "--json")
    told = answer(ended)
    assert ended.code == 0
    assert told["rulebook"] == "us-cbp"
    assert told["languages"] == ["en", "es"]
    assert [period["from"] for period in told["periods"]] == ["2018-11-14", "2025-12-26"]
    assert told["rules"]["dropped"] == 1
    assert all(one["note"] and one["citation"] for one in told["unchecked"])
    shown = run("rules", "check", "us-cbp")
    assert "exactly one rule for everybody" in shown.out
    assert "2018-11-14" in shown.out


def test_check_takes_the_rulebook_of_the_settings(run: Run) -> None:
    """Where none is named."""
    assert answer(run("rules", "check", "--json"))["rulebook"] == "us-cbp"
    assert answer(run("rules", "check", "--json", "--rulebook", "example-eu-ees"))["rulebook"] == "example-eu-ees"


def test_check_refuses_a_broken_file_with_code_and_line(run: Run, tmp_path: Path) -> None:
    """Exit code 3, and the line that an editor can jump to."""
    text = rulebook_text("us-cbp").replace("age_to = 13", "age_to = 12", 1)
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    ended = run("rules", "check", str(path))
    assert ended.code == 3
    assert ended.err.startswith("error [config.rulebook_gap]: Line ")
    told = answer(run("rules", "check", str(path), "--json"))["error"]
    assert told["code"] == "config.rulebook_gap"
    assert text.split("\n")[told["line"]] == f'id = "{told["rule"]}"'


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_check_refuses_what_cannot_be_read(run: Run, tmp_path: Path, content: bytes | None) -> None:
    """Neither a name nor a file, or a file that is no text."""
    path = tmp_path / "rules.toml"
    if content is not None:
        path.write_bytes(content)
    ended = run("rules", "check", str(path))
    assert (ended.code, ended.err[:22]) == (3, "error [input.refused]:")


def test_explain_answers_with_permission_rule_citation_and_sentence(run: Run, tmp_path: Path) -> None:
    """Four keys, on the day before the change and on its first day, in both languages."""
    facts = written(tmp_path, "facts.json", FACTS)
    before = answer(run("rules", "explain", "--facts", facts, "--on", "2025-12-25", "--json"))
    after = answer(run("rules", "explain", "--facts", facts, "--on", "2025-12-26", "--language", "es", "--json"))
    assert list(before) == list(after) == ["permission", "rule", "citation", "sentence"]
    assert (before["permission"], before["rule"]) == ("exempt", "us-alien-exit-pilot-2018")
    assert before["citation"].startswith("8 CFR 215.8")
    assert (after["permission"], after["rule"]) == ("required", "us-alien-exit-2025")
    assert after["sentence"].startswith("Se le pidió una fotografía al salir el 2025-12-26")
    shown = run("rules", "explain", "--facts", facts, "--on", "2025-12-25")
    assert (shown.code, shown.out) == (0, before["sentence"] + "\n")


def test_explain_reads_another_rulebook(run: Run, tmp_path: Path) -> None:
    """By name beside the facts; a day outside what it covers has no rule and no citation."""
    facts = written(tmp_path, "facts.json", FACTS)
    told = answer(run("rules", "explain", "example-eu-ees", "--facts", facts, "--on", "2031-01-01", "--json"))
    assert (told["permission"], told["rule"], told["citation"]) == ("no_rule", None, "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"status": "alien"}', "'direction' is missing"),
        ('{"status": "alien", "status": "citizen"}', "'status' is stated twice"),
        ("[1]", "not a JSON object"),
        ("{", "not JSON"),
        ('{"status":"alien","direction":"exit","lane":"boarding","port":"ORD","colour":1}', "Unknown key 'colour'"),
    ],
)
def test_explain_names_the_key_that_is_wrong(run: Run, tmp_path: Path, content: str, words: str) -> None:
    """One sentence, exit code 3."""
    path = tmp_path / "facts.json"
    path.write_text(content, encoding="utf-8")
    ended = run("rules", "explain", "--facts", str(path), "--on", "2026-01-01")
    assert ended.code == 3
    assert ended.err.startswith("error [input.facts]: ")
    assert words in ended.err


def test_explain_refuses_other_languages_and_days(run: Run, tmp_path: Path) -> None:
    """A language that nothing is written in, and a day that is none."""
    facts = written(tmp_path, "facts.json", FACTS)
    other = run("rules", "explain", "--facts", facts, "--on", "2026-01-01", "--language", "fr")
    assert (other.code, "Use one of: en, es." in other.err) == (3, True)
    assert run("rules", "explain", "--facts", facts, "--on", "2026-02-30").code == 2


def test_diff_counts_on_a_population_of_ones_own(run: Run, tmp_path: Path) -> None:
    """Line by line, with counts; the sentences before and after stand under each kind of change."""
    lines = [{**FACTS, "count": 30}, {**FACTS, "nationality": "SWE", "count": 7}, {**FACTS, "status": "citizen"}]
    people = tmp_path / "people.jsonl"
    people.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    command = (
        "rules",
        "diff",
        "us-cbp",
        "us-cbp",
        "--on",
        "2025-12-25",
        "--new-on",
        "2025-12-26",
        "--people",
        str(people),
    )
    told = answer(run(*command, "--json"))
    assert (told["people"], told["treated_differently"], told["by_another_rule"]) == (38, 30, 7)
    assert told["changes"][0]["count"] == 30
    assert told["changes"][0]["before"]["permission"] == "exempt"
    assert told["changes"][0]["after"]["sentence"].startswith("You were asked for a photograph")
    assert told["changes"][0]["example"]["nationality"] == "CAN"
    shown = run(*command)
    assert "30 of 38 people (78.9 %) are treated differently, and 7 alike by another rule (the file)." in shown.out
    assert "30 people: exempt → required" in shown.out


def test_diff_invents_the_same_people_for_the_same_seed(run: Run) -> None:
    """And other people for another one."""
    command = ("rules", "diff", "us-cbp", "example-eu-ees", "--on", "2026-03-01", "--population", "300", "--json")
    first = run(*command, "--seed", "5")
    assert first.out == run(*command, "--seed", "5").out
    assert first.out != run(*command, "--seed", "6").out
    told = answer(first)
    assert told["people"] == 300
    assert {one["record_class"] for one in told["deadlines"]} >= {"photo", "crossing"}
    assert "opting_out" in told["other_parts"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"status": "alien"}', "Line 1: 'direction' is missing"),
        ("\n[]", "Line 2: The facts are not a JSON object"),
        ('{"count": 0}', "Line 1: 'count' must be a whole number from 1"),
        ('{"count": true}', "Line 1: 'count' must be a whole number from 1"),
        ("\n\n", "names nobody"),
    ],
)
def test_diff_names_the_line_of_a_population_that_is_wrong(run: Run, tmp_path: Path, content: str, words: str) -> None:
    """A population is read as strictly as one person's facts."""
    people = tmp_path / "people.jsonl"
    people.write_text(content, encoding="utf-8")
    ended = run("rules", "diff", "us-cbp", "us-cbp", "--people", str(people))
    assert ended.code == 3
    assert words in ended.err


def test_bench_rules_agrees_with_its_rival(run: Run) -> None:
    """Both read the same rules, and neither finds another one."""
    ended = run("bench", "rules", "--asked", "400", "--rounds", "1", "--json")
    told = answer(ended)
    assert (told["asked"], told["rival_disagrees"]) == (400, 0)
    assert set(told["rows"]) == {"may_ask", "rule_by_rule", "explain", "load"}
    assert (
        "rule by rule, which chose another rule 0 times" in run("bench", "rules", "--asked", "50", "--rounds", "1").out
    )
